"""How likely a mention is meant by a word that points back: newness, place, kind and number."""

from __future__ import annotations

import re

from rag.conversation.fitting import FITS
from rag.conversation.gender import sounds
from rag.conversation.said import Remembered, Role
from rag.conversation.shapes import Anaphor
from rag.language.nouns import SITES, is_person
from rag.language.verbs import BARE, is_verb
from rag.language.words import is_content, stem, words

_ROLES: dict[Role, float] = {"answer": 3.0, "question": 2.0, "quote": 1.0, "title": 0.0}
_ATTRIBUTE = re.compile(r"\b(?:what|which|how\s+many|how\s+much)\s+$", re.I)
_OBJECT = re.compile(r"\b(?:who|whom|whose|what|which|how\s+many)\b.*\b(?:do|does|did)\b", re.I)
_SIGNED = re.compile(
    r"\b(?:is|was|be|been)\s+it\s+(?:(?:signed|ratified|negotiated|concluded|drafted|published|"
    r"written|agreed|made\s+of)\b|for\W*$)"
    r"|\b(?:sign|signed|ratify|ratified|negotiated?|drafted)\s+it\b", re.I)
# What can be signed also where it has a name: "the Fishing Act".
_PAPERS = frozenset(
    "accord act agreement bill charter contract convention deal law pact protocol treaty".split())
# What has a cause and a strength happens, and is nowhere to live: "What caused it?"
_HAPPENS = re.compile(
    r"\b(?:caused?|triggered|sparked)\s+it\b"
    r"|^\W*(?:and\s+)?how\s+(?:strong|severe|bad|serious|deadly)\s+(?:is|was)\s+it\b", re.I)
# "What is the plan? A draft of six pages": what it is, is told, and the plan is still meant.
_DEFINES = re.compile(r"(?:[Ww]hat|[Ww]ho)\s+(?:is|are|was|were)\s+(?:the\b|an?\b|[A-Z])")
_TOLD_AS = re.compile(r"(?!(?:the|this|his|her|its|their)\b)[a-z]")
_SAYS_WHO = re.compile(
    r"who\s+(?:sa(?:ys?|id)|report(?:s|ed)?|claim(?:s|ed)?)\s+(?:so|that|this)\b", re.I)
_DOER = re.compile(r"who\s+(?!(?:is|was|are|were|did|does|do|has|had|will)\b)[a-z]+\s", re.I)
_DONE_TO = re.compile(r"\b(?:is|was|were|been|be)\s+(?:he|she)\b|\b(?:him|her)\b", re.I)
_WITHIN = re.compile(
    r"\b(?:in|on|at|off|for|with|from|near|by|during)\s+(?:(?:the|a|an)\s+)?$", re.I
)
# Verbs of people and of groups, not of things and places.
_ACTS = re.compile(
    r"\b(?:do|does|did|will|would|has|had)\s+(?:it|its)\s+(?:[a-z]+ly\s+)?(?:give|order|say|sell|buy|hire|"
    r"plan|want|hope|announce|decide|promise|refuse|offer|claim|ask|demand|pay|employ|found|elect|"
    r"win|lose|play|perform|vote|publish|propose|invest)\b", re.I)
# How much the term model weighs against the order of turns and texts.
_HEAT = 3.0
_WHY = re.compile(r"^\W*(?:(?:and|but|so)\s+)?(?:why|how)\b", re.I)
_BEFORE = re.compile(r"([^\W\d_]+)\s+$")


def weight(anaphor: Anaphor, one: Remembered, asked: str, question: str, heat: float) -> float:
    """Weigh newer turns first; then answers, questions, quotes; then how well the kind fits.

    Args:
        anaphor: The word that points back.
        one: What it may mean.
        asked: The question of the turn that mentions it.
        question: The question that the word stands in.
        heat: The term model's mean probability of the mention's words; 0 without a model.
    """
    acts = _ACTS.search(question) is not None
    # "Why did it collapse?" is asked of what was said to collapse, however long ago.
    presumed = one.said.role == "question" and _WHY.match(question) and _verbs(question) & _verbs(
        asked[one.mention.end :])
    age = 0 if presumed else one.said.age
    order = FITS.get(anaphor.slot, ())
    kind = -1.5 * order.index(one.mention.kind) if one.mention.kind in order else 0.0
    plural = 2.5 if anaphor.slot == "they" and one.mention.plural else 0.0
    name = 1.0 if one.mention.is_name and anaphor.slot not in ("it", "there") else 0.0
    if anaphor.slot == "it":
        kind = -2.0 if one.mention.kind == "person" else 0.0
    if anaphor.slot == "they" and not one.mention.plural and one.mention.kind == "thing":
        kind = -3.0
    # "With whom did Solberg study?": who did it is meant by "he" before whom he did it with.
    if (
        anaphor.slot in ("he", "person")
        and one.said.role == "answer"
        and _OBJECT.search(asked)
    ):
        kind -= 2.0
    # "Who ousted Bell?": "he" is who did it, and Bell where something was done to him.
    if (
        anaphor.slot in ("he", "person")
        and one.said.role == "question"
        and _DOER.match(asked)
        and not _DONE_TO.search(question)
    ):
        kind -= 1.5
    if one.said.role == "answer" and _DEFINES.match(asked) and _TOLD_AS.match(one.said.text):
        kind -= 2.0
    if anaphor.slot == "it" and one.said.role != "question" and _SAYS_WHO.match(asked):
        kind -= 6.0  # who says so is told beside what is talked about
    if (
        one.said.role == "question"
        and _ATTRIBUTE.search(one.said.text[: one.mention.start])
        and anaphor.slot != "they"
    ):
        kind -= 2.0  # "What diameter does the mirror have?" tells of the mirror
    if one.said.role == "title":
        kind -= 4.0
    # "How many concerts did it give?": a place or a thing does not act.
    if anaphor.slot == "it" and one.mention.kind in ("place", "thing") and acts:
        kind -= 3.0
    # "When was it signed?": no place, person or group is.
    if anaphor.slot == "it" and one.mention.kind in ("place", "person", "group", "name") and (
            _SIGNED.search(question) and one.mention.text.split()[-1].casefold() not in _PAPERS):
        kind -= 3.0
    if anaphor.slot == "it" and _HAPPENS.search(question) and (
            one.mention.kind != "thing" or one.mention.text.split()[-1].casefold() in SITES):
        kind -= 3.0
    # "in the freezer", "for adults": it is less likely what the sentence is about.
    if (
        anaphor.slot == "it"
        and (one.said.role in ("question", "quote") or one.said.found[:1] != (one.mention,))
        and _WITHIN.search(one.said.text[: one.mention.start])
    ):
        kind -= 1.5
    kind += sounds(anaphor.text, one.mention)
    # In a question the first phrase is mostly what it is about.
    first = 0.5 if one.said.found and one.said.found[0] == one.mention else 0.0
    return _HEAT * heat - 4.0 * age + _ROLES[one.said.role] + kind + plural + name + first


def _verbs(text: str) -> set[str]:
    return {stem(m[0]) for m in words(text)
            if is_content(m[0]) and (is_verb(m[0]) or m[0].casefold() in BARE)}


def surely_person(one: Remembered) -> bool:
    """Whether a name has a noun for persons before it: "the biologist Ann Lee" is no "it"."""
    before = _BEFORE.search(one.said.text[: one.mention.start])
    return one.mention.kind == "person" and one.mention.is_name and before is not None and (
        is_person(before[1]))

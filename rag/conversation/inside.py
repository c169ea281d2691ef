"""Whether a word that points back means a phrase in front of it in the same question."""

from __future__ import annotations

import re
from typing import Literal

from rag.conversation.mentions import Mention
from rag.language.verbs import is_verb
from rag.language.words import AUXILIARIES, PREPOSITIONS, is_content, words

Slot = Literal["he", "it", "they", "there", "then", "that", "person", "place", "group", "one"]

_OBJECTS = frozenset("him her them".split())
_SUBJECTS: dict[str, frozenset[str]] = {
    "he": frozenset(("he", "she")), "it": frozenset(("it",)), "they": frozenset(("they",))}
# Where a clause ends; "to" does so only right behind a name: "Who bought Varn to close it?".
_CLAUSE = re.compile(
    r"[,;:?]|\b(?:and|but|or|that|who|whom|which|whose|what|when|where|why|how|while|if|whether|"
    r"because|since|as|until|after|before)\b|\A\s+to\b", re.I)


def answered_inside(
    question: str, start: int, end: int, slot: Slot, possessive: bool, own: tuple[Mention, ...]
) -> bool:
    """Tell whether a phrase of the question itself, in front of a pronoun, is what it means.

    Args:
        question: The question.
        start: The first character of the pronoun.
        end: One past its last character.
        slot: What the pronoun stands for.
        possessive: Whether it has its noun behind it.
        own: The question's mentions.
    """
    before = question[:start]
    whom = not possessive and _is_object(question, start, end)
    for mention in own:
        if mention.end > start:
            break
        rest = before[mention.end :].casefold()
        # "Did Russia reject it?": what a clause is told of is not also its object.
        if whom and mention.is_name and not _another_clause(mention, rest, slot):
            continue
        if slot == "he" and mention.kind in ("person", "name") and mention.is_name:
            return True
        if slot == "it" and mention.kind in ("group", "name", "place") and mention.is_name:
            return True
        if (
            slot == "they"
            and (mention.plural or mention.kind in ("group", "name"))
            and (
                " before" in rest
                or " after" in rest
                or " that" in rest
                or " when" in rest
                or mention.is_name
            )
        ):
            return True
    return False


def _is_object(question: str, start: int, end: int) -> bool:
    """Whether a pronoun is an object; "it" is one behind a verb or a preposition."""
    pronoun = question[start:end].casefold()
    if pronoun != "it":
        return pronoun in _OBJECTS
    before = next((m[0] for m in reversed(list(words(question[:start])))), "")
    after = next((m[0] for m in words(question[end:])), "")
    governs = is_content(before) or before.casefold() in PREPOSITIONS
    return governs and not (is_verb(after) or after.casefold() in AUXILIARIES)


def _another_clause(mention: Mention, rest: str, slot: Slot) -> bool:
    """Whether a name stands in another clause than the pronoun behind it, or owns what it tells of.

    "Did Biden say he would thank him?": who thanks is Biden, and whom he thanks somebody else.
    """
    breaks = list(_CLAUSE.finditer(rest))
    if not breaks:
        return re.search(r"['’]s?\s", mention.text) is not None
    clause = {m[0] for m in words(rest[breaks[-1].end() :])}
    return not clause & _SUBJECTS.get(slot, frozenset())

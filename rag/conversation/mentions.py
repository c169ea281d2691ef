"""Things that a text mentions: its noun phrases, with a rough kind, found by surface signs.

Names are runs of capitalised words; other phrases are runs of content words that end at a function
word, a verb or a punctuation mark. No tagger is needed; a wrong cut costs readability, never truth.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.conversation.nations import is_nationality
from rag.language.nouns import (
    CURRENCIES,
    DEGREES,
    GROUP_NOUNS,
    NUMBER_WORDS,
    PERSON_NOUNS,
    PLACE_NOUNS,
    PLURALS,
    TITLES,
    is_person,
)
from rag.language.verbs import BARE, VERBS, is_verb
from rag.language.words import DETERMINERS, PERSONAL, is_content, words

Kind = Literal["person", "place", "time", "number", "name", "group", "thing"]

TIME_WORD = re.compile(
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|yesterday|tomorrow"
    r"|century|year|month|week|decade|summer|winter|spring|autumn)s?\b|\b(?:1[0-9]|20)\d\d\b|\b\d{1,2}(?:[.:]\d\d)?\s?[ap]m\b",
    re.I,
)
_YEAR = re.compile(r"(?:1[0-9]|20)\d\d")
_SUBJECTS = frozenset("who he she they it we you i that".split())
_HELPERS = frozenset(
    "do does did has have had can could will would shall should may might must".split()
)
_NUMBER = re.compile(r"[$€£¥]?\d[\d.,]*\s*(?:%|per ?cent|million|billion|thousand|m|bn)?$", re.I)
_PARTICLES = frozenset("da das de del den der des di dos du bin al el ibn la le van von".split())
_PARTICLE_GOES_ON = re.compile(rf"(?:\s+(?:{'|'.join(sorted(_PARTICLES))}))*\s+[A-Z]")
_JOIN = frozenset(("of", "the", "for", "and", "&"))
# Words that end a phrase: "look at bees next", "how many were on board the ferry".
_ADVERBS = frozenset("next soon later early today together alone away abroad ago".split())
_LONGEST = 5
_TIES = (" ", "-", "‑")
_TAKES = frozenset("take takes took taken taking".split())  # "take place"
_OBJECT = re.compile(r"\s+(?:the|an?|his|her|its|their|our|this|these)\s")
_ORDERS = re.compile(rf"\s+(?:{'|'.join(sorted(PERSONAL | DETERMINERS))})\b")  # "Tell me"
_LED = frozenset("the these those his her its their our".split())
_SUBJECT_BEFORE = re.compile(
    r"^(?:what|who|whom|when|where|why|how)\b[^?]*?\b(?:do|does|did|will|would|can|could)\s+"
    r"(?:(?:the|an?|its|his|her|their|this|these)\s+)?((?:[\w’'-]+\s+){1,3})\Z", re.I)
_ENDS_WITH = re.compile(r"\s+(?:with|about|for|from|to)\W*\Z")  # "What will it deal with?"
_COMPOUND = re.compile(r"-(?:[a-z]+ed|[a-z]+ing|led|run|owned|born|held|made|built)\b")
_LETTER = re.compile(r"[A-Z][-‑]\d")  # "F-16"
_TWO_BEFORE = re.compile(r"\b(?:between|both)\s+(?:the\s+)?$", re.I)
_PLACE_BEFORE = re.compile(r"\b(?:in|at|near|from|to|across|around|inside)\s+(?:the\s+)?$", re.I)


@dataclass(frozen=True, slots=True)
class Mention:
    """A noun phrase of a text: ``text[start:end]``, its kind, and whether it is plural."""

    text: str
    start: int
    end: int
    kind: Kind
    plural: bool = False

    @property
    def is_name(self) -> bool:
        """Whether it begins with a capital."""
        return self.text[:1].isupper()


def is_plural(phrase: str) -> bool:
    """Tell whether the noun of a phrase is a plural; a name is none."""
    last = re.split(r"\s+of\s+", phrase)[0].split()[-1:]
    head = last[0] if last else ""
    several = head.endswith("s") and not head.endswith(("ss", "us", "is"))
    several = several or (head.endswith("men") and is_person(head))
    return head[:1].islower() and (head in PLURALS or several)


def mentions(text: str, answers: str | None = None) -> tuple[Mention, ...]:
    """Find the noun phrases of a text, in order.

    Args:
        text: A question, an answer or a quote.
        answers: What the text answers, if it is an answer: "who", "where", "group", "amount" or
            "what".
    """
    found: list[Mention] = []
    run: list[tuple[int, int]] = []

    def close() -> None:
        while run and not is_content(text[run[-1][0] : run[-1][1]]):
            run.pop()
        if run:
            start, end = run[0][0], run[-1][1]
            if text[start:end].endswith(("'s", "’s")):
                end -= 2
            found.append(_mention(text, start, end, answers))
        run.clear()

    last_end = 0
    before = ""
    helped = False
    for match in words(text):
        word, folded = match[0], match[0].casefold()
        gap = text[last_end : match.start()]
        thousands = gap in (",", ".") and text[last_end - 1].isdigit() and word[:1].isdigit()
        if run and (gap.strip(" -‑–") or "\n" in gap) and not thousands:
            # "U.S." and initials keep a full stop inside a name; every other mark ends a phrase.
            initial = gap == ". " and run[-1][1] - run[-1][0] <= 2 and word[:1].isupper()
            title = gap == ". " and text[run[-1][0] : run[-1][1]].casefold() in TITLES
            if not (initial or title):
                close()
        if before == "how" and folded in DEGREES:
            before = folded
            last_end = match.end()
            continue
        # "does that group", "did he say that soldiers": no verb follows this "that", but one does
        # in "wear bands that record their sleep".
        subject = before in _SUBJECTS and not (
            before == "that" and helped and not _OBJECT.match(text, match.end()))
        # "the talks", "their plans", "the suspect"
        noun = before in _LED and (folded.endswith("s") or folded in PERSON_NOUNS)
        acts = (is_verb(word) and not noun) or subject or (before == "to" and folded in BARE)
        acts = acts or (bool(run) and _asked_last(text, match))
        acts = acts or _COMPOUND.match(text, match.end()) is not None  # "state-owned"
        acts = acts or (folded == "place" and before in _TAKES)
        acts = acts or _adverb(text, match, before) or (not run and _counts(text, match))
        acts = acts or (helped and bool(run) and not _noun_follows(text, match) and (
            folded in BARE or _ENDS_WITH.match(text, match.end()) is not None))
        opening = not text[: match.start()].strip(" “\"'(") or gap.strip()[-1:] in (".", "!", "?")
        capital = word[:1].isupper() and not (opening and _no_name(text, match))
        in_name = bool(run) and _in_name(text, run)
        # "Corran 250", "TX-9": a number right behind a name belongs to it.
        capital = capital or (in_name and word[:1].isdigit() and gap in _TIES)
        gerund = opening and folded.endswith("ing")
        joins = word in _PARTICLES and (in_name or before in _PARTICLES)
        if run and joins and _PARTICLE_GOES_ON.match(text, match.end()):
            run.append((match.start(), match.end()))
        elif (is_content(word) and (capital or not acts) and not gerund) or (
                _LETTER.match(text, match.start())):
            linked = bool(run) and not is_content(text[run[-1][0] : run[-1][1]])
            if (
                run
                and not linked
                and before not in _PARTICLES
                and capital != in_name
                and not _goes_with(text, run[-1], folded, capital)
            ):
                close()  # "head coach Ann Lee", "Mr Ellis work": the name stands on its own
            run.append((match.start(), match.end()))
        elif run and (
            (in_name and folded in _JOIN and _name_goes_on(text, match.end(), run))
            or _of(text, match, run)
        ):
            run.append((match.start(), match.end()))
        else:
            close()
        last_end, before = match.end(), folded
        helped = helped or folded in _HELPERS
    close()
    return tuple(found)


def _in_name(text: str, run: list[tuple[int, int]]) -> bool:
    """Whether a run of words ends in a name, or in the number of one."""
    numbered = len(run) > 1 and text[run[-1][0]].isdigit()
    return text[run[-2 if numbered else -1][0]].isupper()


def _no_name(text: str, match: re.Match[str]) -> bool:
    """Whether the first word of a sentence has its capital from there: "Tell me", "Armed men"."""
    folded = match[0].casefold()
    if not is_content(match[0]) or folded.endswith(("ing", "ly")):
        return True
    if folded.endswith("ed"):  # "Mohamed Bazoum", "Ahmed"
        named = re.match(r"\W*\Z|\s+[A-Z]", text[match.end() :])
        return folded in VERBS or not named
    return folded in BARE and _ORDERS.match(text, match.end()) is not None


def _adverb(text: str, match: re.Match[str], before: str) -> bool:
    """Whether a word says when or how, and names nothing ("next week" and "on the board" do)."""
    folded = match[0].casefold()
    if folded == "board":
        return before == "on"
    return folded in _ADVERBS and not _noun_follows(text, match)


def _asked_last(text: str, match: re.Match[str]) -> bool:
    """Whether a word ends a question as its verb: "What did the kidnappers demand?"."""
    subject = _SUBJECT_BEFORE.search(text, 0, match.start())
    return (subject is not None and not text[match.end() :].strip(" ?.!")
            and not any(is_verb(w) or w.casefold() in BARE for w in subject[1].split()))


def _counts(text: str, match: re.Match[str]) -> bool:
    """Whether a word is a verb by the number behind it: "The contract, ..., covers 60 vehicles"."""
    after = re.match(r" ([^\W_]+) [a-z]", text[match.end() :])
    return match[0].endswith("s") and match[0].islower() and after is not None and (
        after[1].isdigit() or after[1] in NUMBER_WORDS) and not TIME_WORD.match(match[0])


def _noun_follows(text: str, match: re.Match[str]) -> bool:
    """Whether the word is inside a phrase: a content word that is no verb comes right behind."""
    after = re.match(r"\s+([^\W_]+)", text[match.end() :])
    return after is not None and is_content(after[1]) and not after[1][:1].isupper()


def _of(text: str, match: re.Match[str], run: list[tuple[int, int]]) -> bool:
    """Whether "of" or its article goes on with a phrase: "the wind farm of Skarvoy"."""
    folded = match[0].casefold()
    after = re.match(r"\s+([^\W_]+)", text[match.end() :])
    if after is None or len(run) > _LONGEST:
        return False
    last = text[run[-1][0] : run[-1][1]]
    if folded == "of" and last[:1].isupper():
        return False
    if folded == "of":
        return is_content(after[1]) or after[1].casefold() in ("the", "a", "an")
    return last == "of" and folded in ("the", "a", "an") and is_content(after[1])


def _goes_with(text: str, last: tuple[int, int], folded: str, capital: bool) -> bool:
    """Whether a word of the other case belongs to the phrase before it ("Russian instructors")."""
    before = text[last[0] : last[1]]
    if capital:
        return False
    return (
        is_nationality(before)
        or before.endswith(("'s", "’s"))
        or folded.removesuffix("s") in PERSON_NOUNS | GROUP_NOUNS | PLACE_NOUNS
    )


def _name_goes_on(text: str, at: int, run: list[tuple[int, int]]) -> bool:
    """Whether a name goes on behind a joining word ("University of Salbach", not "Ann Lee of")."""
    following = next(words(text[at : at + 60]), None)
    if following is None or not following[0][:1].isupper():
        return False
    last = text[run[-1][0] : run[-1][1]].casefold()
    return len(run) == 1 or last in GROUP_NOUNS | PLACE_NOUNS


def _before_name(text: str, end: int) -> bool:
    """Whether a name follows right behind: "the glassblower Ann Lee" answers who it was."""
    return re.match(r" [A-Z]", text[end:]) is not None


def _mention(text: str, start: int, end: int, answers: str | None) -> Mention:
    start -= text[start - 1 : start] in ("$", "€", "£", "¥")
    phrase = text[start:end]
    main = re.split(r"\s+of\s+", phrase)[0] if not phrase[:1].isupper() else phrase
    parts = [m[0].casefold() for m in words(main)]
    head = parts[-1] if parts else ""
    capital = phrase[:1].isupper()
    lower = main.split()[-1][:1].islower()
    # "the line between Djibouti and Eritrea": they are two.
    plural = is_plural(main) or (" and " in main and bool(_TWO_BEFORE.search(text[:start])))
    kind: Kind = "thing"
    counted = phrase[:1].isdigit() or (parts and parts[0] in NUMBER_WORDS)
    pure = bool(_NUMBER.fullmatch(phrase)) or all(part in NUMBER_WORDS for part in parts)
    if (pure and not _YEAR.fullmatch(phrase)) or (
        counted and (answers == "amount" or head in CURRENCIES)
    ):
        kind = "number"
    elif TIME_WORD.search(phrase):
        kind = "time"
    elif capital and len(parts) == 1 and is_plural(head) and is_person(head):
        kind, plural = "person", True  # "Researchers found it": the first word of a sentence
    elif capital and parts[0] in TITLES:
        kind = "person"
    elif any(p in GROUP_NOUNS for p in parts) or (capital and answers == "group"):
        kind = "group"
    elif capital and answers == "who":
        kind = "person"
    elif capital and (answers == "where" or _PLACE_BEFORE.search(text[:start])):
        kind = "place"
    elif capital:
        own = [w for w in phrase.split() if w not in _PARTICLES]
        several = len(own) in (2, 3) and all(w[:1].isupper() for w in own)
        led = re.search(r"\bthe\s+$", text[:start], re.I)  # "the Oster Canal" is nobody
        person = several and not (led or answers == "what" or is_nationality(phrase.split()[0]))
        kind = "thing" if lower else "person" if person else "name"
        if lower and is_person(head):
            kind = "person"  # "Ann Bell's clerk"
    elif is_person(head) or (answers == "who" and _before_name(text, end)):
        kind = "person"
    elif head in PLACE_NOUNS:
        kind = "place"
    return Mention(phrase, start, end, kind, plural)

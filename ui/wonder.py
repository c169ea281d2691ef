"""Questions that a text's own sentences suggest; whether they are answered is found out elsewhere.

Each pattern turns one form of sentence into the question that this sentence answers, in the
sentence's own words ("100 instructors have arrived in Niamey" -> "How many instructors have
arrived in Niamey?"). The patterns are of English and of no subject. What they make can be odd or
unanswerable: whoever shows a question asks it first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

# Words beyond which a question is no longer one that a person would ask.
LONGEST: Final = 15
SHORTEST: Final = 3

_NAME = r"(?:[A-Z][\w’'.-]*)(?: (?:of|de|al|bin|van|von|[A-Z][\w’'.-]*))*"
_NOUNS = r"(?:The |the )?(?:[\w’'-]+ ){0,4}[\w’'-]+"
_AUX = r"(?:has|have|had|was|were|is|are|will)"
_DATE = (r"(?:\d{1,2} )?(?:January|February|March|April|May|June|July|August|September|October|"
         r"November|December)(?: \d{1,2})?(?:,? \d{4})?|\d{4}|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|"
         r"Sun)day|last \w+")
_PERSON = re.compile(r"(?:\b\w*(?:ist|er|or|ian|man|woman|ent|chief|head|professor|analyst|judge|"
                     r"mayor|king|queen|general|captain)s?\b)")

# Forms that are about somebody, who must then be known by name.
_ACTORS: Final = frozenset({"who-did", "who-is", "said"})
# Words that stand for something said before, which a question alone does not have.
_POINTS_BACK = re.compile(
    r"\b(?:it|them|us|him|me|my|our|we|they|he|she|I|you|your|this|these|those|here)\b")
_CLAUSE_END = re.compile(r"[,;:](?=\s|$)|[—–(]| after | while | following | because | which | who ")


_NO_PERSON: Final = frozenset({
    "maker", "manufacturer", "producer", "provider", "supplier", "newspaper", "paper", "number",
    "river", "centre", "center", "quarter", "harbour", "harbor", "chapter", "tower", "letter",
    "matter", "order", "power", "water", "winter", "summer", "other", "former", "event",
    "document", "parliament", "government", "department", "agreement", "settlement", "monument",
    "museum", "for", "or", "her", "under", "over", "after", "sector", "factor", "motor", "list",
    "tent", "content", "different", "recent", "current", "ancient", "independent", "urgent",
})


@dataclass(frozen=True, slots=True)
class Wondered:
    """A question with the sentence that suggested it.

    Attributes:
        question: The question.
        form: Which pattern made it; examples of different forms are shown together.
        expected: Words of the sentence that answer it.
        start: First character of the sentence in its article's text.
        end: One past its last character.
    """

    question: str
    form: str
    expected: str
    start: int
    end: int


_PATTERNS: Final = (
    ("number", re.compile(
        rf"(?:^|, | that )(?P<answer>\d[\d,.]*) (?P<what>(?:[\w’'-]+ ){{0,3}}[\w’'-]+s) "
        rf"(?P<rest>{_AUX} .+)")),
    ("leader", re.compile(
        rf"(?P<what>[Tt]he [\w’'-]+|{_NAME}),? (?:is |was )?led by (?P<answer>{_NAME})")),
    ("who-is", re.compile(rf"(?P<who>{_NAME}), (?P<answer>(?:a|an|the|its|his|her) [^,]+)")),
    ("purpose", re.compile(
        r"(?:^|\. |that )[Tt]he (?P<what>aim|goal|purpose|cost|price|reason|result|cause|capital|"
        rf"name|head|leader|size) of (?P<of>{_NOUNS}) (?P<is>is|was|are|were) "
        r"(?P<answer>.+)")),
    ("when", re.compile(
        rf"^(?P<what>{_NOUNS}) (?P<aux>was|were) (?P<rest>\w+(?:ed|en|lt|ld|ught|ung) .*?)"
        rf"\b(?:in|on) (?P<answer>{_DATE})\b")),
    ("why", re.compile(
        rf"^(?P<what>{_NOUNS}) (?P<aux>{_AUX}|can|could|cannot) (?P<rest>.+?),? "
        r"because (?P<answer>.+)")),
    ("who-did", re.compile(
        rf"^(?:The )?(?P<answer>{_NAME}) (?P<rest>(?:has |have |had )?(?:recently )?[a-z]+ed "
        r"(?!that\b|to\b|by\b).+)")),
    ("said", re.compile(
        rf"(?P<answer>.+) (?P<who>[A-Z][\w’'-]+ {_NAME}|the [A-Z]\w+ [a-z]+) (?:said|added)")),
)


def wonder(text: str, sentences: Sequence[tuple[int, int]]) -> Iterator[Wondered]:
    """Yield the questions that the sentences of a text suggest, in the text's order.

    Args:
        text: The article's text.
        sentences: Spans of its sentences.
    """
    for start, end in sentences:
        sentence = " ".join(text[start:end].split()).rstrip(".!?”\"")
        for form, pattern in _PATTERNS:
            found = pattern.search(sentence)
            question = _phrase(form, found.groupdict()) if found else None
            if not found or not question or _POINTS_BACK.search(question):
                continue
            if form in _ACTORS and not _is_name(_actor(found), text):
                continue
            if SHORTEST <= len(question.split()) <= LONGEST:
                yield Wondered(question, form, _expected(form, found["answer"]), start, end)


def _phrase(form: str, part: Mapping[str, str]) -> str | None:
    if form == "number":
        return f"How many {part['what']} {_clause(part['rest'])}?"
    if form == "leader":
        return f"Who leads {_lower(part['what'])}?"
    if form == "who-is":
        noun = _PERSON.search(part["answer"])
        person = noun and noun[0] not in _NO_PERSON and len(part["who"].split()) > 1
        return f"Who is {part['who']}?" if person else None
    if form == "purpose":
        return f"What {part['is']} the {part['what']} of {part['of']}?"
    if form in ("when", "why"):
        rest = part["rest"].strip()
        if re.search(r",|\b(?:that|said|says)\b", f"{part['what']} {rest}"):
            return None
        return f"{form.capitalize()} {part['aux']} {_lower(part['what'])} {rest}?"
    if form == "who-did":
        return f"Who {_clause(part['rest'])}?"
    return f"What did {part['who']} say?"


def _actor(found: re.Match[str]) -> str:
    part = found.groupdict()
    return str(part.get("who") or part["answer"])


def _is_name(words: str, text: str) -> bool:
    """Tell whether words are a name: more than one, or written large within a sentence too."""
    bare = words.removeprefix("the ").removeprefix("Mr ").removeprefix("Mrs ").removeprefix("Ms ")
    if len(bare.split()) > 1 or bare != words:
        return True
    return re.search(rf"[a-z,] {re.escape(bare)}\b", text) is not None


def _expected(form: str, answer: str) -> str:
    """Return the words that an answer must have; of a description, what the person is."""
    noun = _PERSON.search(answer) if form == "who-is" else None
    return noun[0] if noun else answer


def _clause(words: str) -> str:
    """Return words up to where their clause ends."""
    return _CLAUSE_END.split(words)[0].strip()


def _lower(words: str) -> str:
    return "the " + words[4:] if words.startswith("The ") else words

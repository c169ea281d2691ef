"""What a turn said: its texts, and the phrases in them, worded to stand in a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rag.conversation.encoding import Text
from rag.conversation.mentions import TIME_WORD, Kind, Mention, mentions
from rag.language.nouns import (
    GROUP_NOUNS,
    MEASURES,
    NUMBER_WORDS,
    PERSON_NOUNS,
    PLACE_NOUNS,
    TITLES,
)
from rag.language.verbs import is_verb
from rag.language.words import AUXILIARIES, content_stems, is_content, stem, words
from rag.types import Turn

Role = Literal["answer", "question", "quote", "title"]
_TEXT_CHARS = 600
_TEXT_ROLES: dict[Role, Literal["question", "answer", "title"]] = {
    "answer": "answer",
    "question": "question",
    "quote": "answer",
    "title": "title",
}
# Between an article and its noun a participle is no verb: "a smoked curd".
_PARTICIPLE = re.compile(r"\b(?:a|an|the)\s+([a-z]+(?:ed|ing))\s+$", re.I)
# "the Ebbing plant": the name is a part of what the plant is called.
_NAMED = re.compile(r"\bthe\s+((?:[A-Z][\w-]*|(?<=\s)\d+)(?:\s(?:[A-Z][\w-]*|\d+))*)\s$")
_OWNED = re.compile(r"['’]s?\s")  # "Ann Bell's clerk" takes no article
_AMOUNT = re.compile(
    r"\bhow\s+(?:much|long|far|old|high|tall|deep|wide|heavy|fast|big|large)\b", re.I
)

_SOUGHT = re.compile(
    r"^\W*(?:(?:and|but|so|then)\s+)?(?:who|(?:which|what)\s+(?P<noun>[^\W\d_]+))"
    r"(?:(?P<short>['’]s)|\s+(?P<verb>[^\W\d_]+))\b\s*(?P<rest>[^?]*?)\s*\?*\s*$", re.I,
)
_SOUGHT_WORDS = 18
_LED = frozenset("the a an his her its their this that he she it they we you".split())
_COPULAS = ("is", "was", "are", "were")
_PART = re.compile(r"\bof\s+(?:(?:the|a|an)\s+)?")
_ROMAN = re.compile(r"[IVX]+")
_CLAUSE_WORDS = 24
# Who said it is what a person asks for next: it is left out of what was said.
_SAYER = re.compile(
    r"^(?:according to [^,]{1,60}, "
    r"|[^,.]{0,40},? [^,.]{0,40},? (?:said|says|told [^,.]{1,40}) (?:that )?)"
    r"|,? (?:as )?(?:said|says|reported by|according to) [^,.]{1,60}[.]?$"
    r"|,? [^,.]{1,40} (?:said|says|reported)[.]?$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Said:
    """One text of the history: where it comes from and how many turns ago."""

    text: str
    role: Role
    age: int
    found: tuple[Mention, ...]

    @property
    def encoded(self) -> Text:
        """The text as the term model takes it."""
        return Text(self.text, _TEXT_ROLES[self.role], self.age)


@dataclass(frozen=True, slots=True)
class Remembered:
    """A mention of the history, worded to stand in a question."""

    mention: Mention
    phrase: str
    said: Said


def read(turn: Turn, age: int) -> list[Said]:
    """Return the texts of a turn in the order in which the term model learnt them."""
    asks = expected(turn.question)
    looked_for = sought(turn.question) if turn.answer.outcome == "not_found" else None
    texts: list[tuple[str, Role]] = [(turn.question, "question")]
    if turn.answer.short:
        texts.append((uncapitalised(turn.answer.short), "answer"))
    quotes = [c.quote for c in turn.answer.citations[:2] if c.quote != turn.answer.short]
    texts += [(quote, "quote") for quote in quotes[: 2 if age == 0 else 1]]
    texts += [(c.title, "title") for c in turn.answer.citations[:1] if age == 0]
    made: list[Said] = []
    somebody: set[str] = set()
    for text, role in texts:
        cut = text[:_TEXT_CHARS]
        found = mentions(cut, asks if role == "answer" else None)
        if role == "answer":
            somebody = {m.text for m in found if m.kind == "person"}
        elif role == "title":
            found = tuple(m for m in found if not _opens(cut, m))
        found = tuple(replace(m, kind="person") if m.text in somebody else m for m in found)
        made.append(Said(cut, role, age, found))
    if looked_for is not None:
        the = "the "
        kind, plural = _kind(looked_for)
        mention = Mention(looked_for, len(the), len(the) + len(looked_for), kind, plural)
        made.append(Said(the + looked_for, "answer", age, (mention,)))
    return made


def _opens(title: str, mention: Mention) -> bool:
    """Whether a title's first word has its capital from there only: "Footbridge at Arlen burns"."""
    alone = mention.start == 0 and " " not in mention.text
    return alone and re.match(r" [a-z]", title[mention.end :]) is not None


def sought(question: str) -> str | None:
    """Return whom or what a question looked for, as a phrase to put behind "the".

    Where nothing was found, "he" or "it" of the next question still means that.

    Example:
        >>> sought("Who was the third victim in Arlen?")
        'third victim in Arlen'
        >>> sought("Who's suing the mill?")
        'person who is suing the mill'
        >>> sought("Which barge burnt at Arlen?")
        'barge that burnt at Arlen'
        >>> sought("Whom did the mill sue?") is None
        True
    """
    match = _SOUGHT.match(question)
    if match is None or len(question.split()) > _SOUGHT_WORDS:
        return None
    noun, rest = match["noun"], match["rest"]
    verb = "is" if match["short"] else match["verb"].casefold()
    helps = verb in AUXILIARIES
    if not helps and not is_verb(verb) and (noun is not None or not is_content(verb)):
        return None  # "Who else?" looks for nobody new
    if noun is not None and (not is_content(noun) or is_verb(noun) or TIME_WORD.match(noun)):
        return None
    first, _, more = rest.partition(" ")
    if noun is None and verb in _COPULAS and first.casefold() == "the" and more:
        return more
    # "Who will the mill sue?" and "Who did Ann see?" look for somebody to whom it is done.
    if helps and (verb in ("do", "does", "did") or not first[:1].islower() or first in _LED):
        return None
    person = noun is None or _singular(noun) in PERSON_NOUNS
    return f"{noun or 'person'} {'who' if person else 'that'} {verb} {rest}".rstrip()


def _singular(noun: str) -> str:
    return noun.casefold() if noun.casefold() in PERSON_NOUNS else noun.casefold().removesuffix("s")


def _kind(looked_for: str) -> tuple[Kind, bool]:
    """Return the kind of what was looked for, and whether it is several."""
    noun, _, rest = looked_for.partition(" ")
    plural = rest[:4] in ("who ", "that") and noun.endswith("s") and not noun.endswith("ss")
    if not rest.startswith("that "):
        return "person", plural
    if noun in GROUP_NOUNS:
        return "group", plural
    return ("place" if noun in PLACE_NOUNS else "thing"), plural


def put_in(turn: Turn) -> frozenset[str]:
    """Return the stems of what stands in a question for its words that point back."""
    return content_stems(turn.question) - content_stems(turn.asked)


def uncapitalised(short: str) -> str:
    """Return an answer without the capital of a sentence's first word: "Soldiers" names nobody.

    Only where the answer is one plural noun of persons, or begins with a number or with an article
    and a word in small letters ("The junta"); any other word may be a name.
    """
    common = short.endswith("s") and short.casefold().removesuffix("s") in PERSON_NOUNS
    led = re.match(r"(?:The|An?) [a-z]", short) or (
        short.split(" ")[0].casefold() in NUMBER_WORDS)
    return short.lower() if common else short[0].lower() + short[1:] if led else short


def untitled(name: str) -> str:
    """Return a name without the noun of a role before it: "Goalkeeper Ann Lee" is Ann Lee.

    A title that people are called by stays ("Dr Ann Lee"), and so does a role with one name.

    Example:
        >>> untitled("Goalkeeper Ann Lee"), untitled("Editor Lee"), untitled("King Paul II")
        ('Ann Lee', 'Editor Lee', 'King Paul II')
    """
    parts = name.split()
    role = parts[0].casefold()
    own = [p for p in parts[1:] if p[:1].isupper() and not _ROMAN.fullmatch(p)]
    led = role in PERSON_NOUNS - TITLES and len(own) > 1 and len(own) == len(parts) - 1
    return " ".join(parts[1:]) if led else name


def part(said: Said, mention: Mention) -> Mention | None:
    """Return the thing that a phrase tells something of: the wheel, of "the weight of the wheel".

    So also of things that are no "it" themselves: the soup, of "leftovers of the soup". None for
    any other phrase.
    """
    before = words(mention.text.split(" of ")[0])
    head = [m[0].casefold() for m in before][-1:]
    joined = _PART.search(mention.text)
    if mention.is_name or joined is None or not head:
        return None
    if head[0] not in MEASURES and not (mention.plural and mention.kind == "thing"):
        return None
    start = mention.start + joined.end()
    inner = next(iter(mentions(said.text[start : mention.end])), None)
    if inner is None:
        return None
    return replace(inner, start=start + inner.start, end=start + inner.end)


def expected(question: str) -> str | None:
    """Return what a question asks for: "who", "where", "group", "amount", "what", or None."""
    if _AMOUNT.search(question):
        return "amount"
    match = re.search(r"\b(who|whom|whose|where|what|which)\b(?:\s+([^\W_]+))?", question, re.I)
    if match is None:
        return None
    wh, noun = match[1].casefold(), (match[2] or "").casefold()
    if wh in ("who", "whom", "whose") or noun in PERSON_NOUNS:
        return "who"
    if wh == "where" or noun in PLACE_NOUNS:
        return "where"
    return "group" if noun in GROUP_NOUNS else "what"


def heads(mention: Mention) -> set[str]:
    """Return the stems of the words that a later definite mention may repeat: head, and title."""
    main = re.split(r"\s+of\s+", mention.text)[0]
    parts = [m[0] for m in words(main)]
    return {stem(parts[-1]), stem(parts[0])} if mention.is_name else {stem(parts[-1])}


def whole(said: Said, text: str) -> Remembered:
    """A text as one phrase, in quotation marks."""
    bare = text.strip("“”\"' ,")
    return Remembered(Mention(bare, 0, len(bare), "thing"), f"“{bare}”", said)


def quoted(texts: Sequence[Said]) -> Remembered | None:
    """Return what was said last, to stand for "that": without who said it."""
    for said in texts:
        if said.age == 0 and said.role == "answer" and len(said.text.split()) >= 4:
            return whole(said, said.text)
    for said in texts:
        if said.age == 0 and said.role == "quote":
            clause = _SAYER.sub("", said.text).strip()
            return whole(said, " ".join(clause.split()[:_CLAUSE_WORDS]).rstrip(".,; "))
    return None


def told_of(one: Remembered) -> Remembered:
    """Return the thing in the place of what is told of it."""
    inner = part(one.said, one.mention)
    return Remembered(inner, worded(one.said.text, inner), one.said) if inner else one


def worded(text: str, mention: Mention) -> str:
    """A name as it is, with "the" where it had one; any other phrase with "the"."""
    before = text[: mention.start].rstrip().rsplit(None, 1)[-1:]
    led = bool(before) and before[0].casefold() == "the"
    if mention.kind in ("number", "time"):
        return mention.text
    if mention.is_name:
        common = mention.text.split()[-1][:1].islower() and not _OWNED.search(mention.text)
        return f"the {mention.text}" if led or common else untitled(mention.text)
    parts = mention.text.split()
    made = _PARTICIPLE.search(text[: mention.start])
    made = made if made and made[1].islower() else None
    if made:
        parts.insert(0, made[1])
    while len(parts) > 1 and parts[0].casefold() in NUMBER_WORDS:
        parts = parts[1:]
    named = _NAMED.search(text[: mention.start])
    if named and not made:
        parts.insert(0, named[1])
    return f"the {' '.join(parts)}"

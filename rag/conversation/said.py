"""What a turn said: its texts, and the phrases in them, worded to stand in a question."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.conversation.encoding import Text
from rag.conversation.mentions import Mention, mentions
from rag.conversation.nouns import GROUP_NOUNS, NUMBER_WORDS, PERSON_NOUNS, PLACE_NOUNS
from rag.conversation.words import AUXILIARIES, stem, words
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
        texts.append((turn.answer.short, "answer"))
    quotes = [c.quote for c in turn.answer.citations[:2] if c.quote != turn.answer.short]
    texts += [(quote, "quote") for quote in quotes[: 2 if age == 0 else 1]]
    texts += [(c.title, "title") for c in turn.answer.citations[:1] if age == 0]
    made = [
        Said(cut, role, age, mentions(cut, asks if role == "answer" else None))
        for cut, role in ((text[:_TEXT_CHARS], role) for text, role in texts)
    ]
    if looked_for is not None:
        the = "the "
        mention = Mention(looked_for, len(the), len(the) + len(looked_for), "person")
        made.append(Said(the + looked_for, "answer", age, (mention,)))
    return made


def sought(question: str) -> str | None:
    """Return whom a question looked for, as a phrase to put behind "the".

    Where nobody was found, "he" or "she" of the next question is still that person.

    Example:
        >>> sought("Who was the third victim in Arlen?")
        'third victim in Arlen'
        >>> sought("Who's suing the mill?")
        'person who is suing the mill'
        >>> sought("Whom did the mill sue?") is None
        True
    """
    match = _SOUGHT.match(question)
    if match is None or len(question.split()) > _SOUGHT_WORDS:
        return None
    noun, rest = match["noun"], match["rest"]
    verb = "is" if match["short"] else match["verb"].casefold()
    if noun is not None and noun.casefold() not in PERSON_NOUNS:
        return None
    first, _, more = rest.partition(" ")
    if noun is None and verb in ("is", "was", "are", "were") and first.casefold() == "the" and more:
        return more
    helps = verb in AUXILIARIES
    # "Who will the mill sue?" and "Who did Ann see?" look for somebody to whom it is done.
    if helps and (verb in ("do", "does", "did") or not first[:1].islower() or first in _LED):
        return None
    return f"{noun or 'person'} who {verb} {rest}".rstrip()


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


def worded(text: str, mention: Mention) -> str:
    """A name as it is, with "the" where it had one; any other phrase with "the"."""
    before = text[: mention.start].rstrip().rsplit(None, 1)[-1:]
    led = bool(before) and before[0].casefold() == "the"
    if mention.kind in ("number", "time"):
        return mention.text
    if mention.is_name:
        common = mention.text.split()[-1][:1].islower() and not _OWNED.search(mention.text)
        return f"the {mention.text}" if led or common else mention.text
    parts = mention.text.split()
    made = _PARTICIPLE.search(text[: mention.start])
    if made:
        parts.insert(0, made[1])
    while len(parts) > 1 and parts[0].casefold() in NUMBER_WORDS:
        parts = parts[1:]
    return f"the {' '.join(parts)}"

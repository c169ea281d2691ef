"""What the newest turns mentioned, and which of it a word that points back means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.conversation.mentions import Kind, Mention, is_nationality, mentions
from rag.conversation.shapes import Anaphor
from rag.conversation.words import content_stems, stem, words
from rag.types import Turn

TURNS = 4
_TEXT_CHARS = 600
_CLAUSE_WORDS = 24
_WHO = re.compile(r"\b(?:who|whom|whose)\b", re.I)
_WHERE = re.compile(
    r"\b(?:where|(?:what|which)\s+(?:country|city|town|village|place|region))\b", re.I
)
Role = Literal["answer", "question", "quote", "title"]
_ROLES: dict[Role, float] = {"answer": 3.0, "question": 2.0, "quote": 1.0, "title": 0.0}
_FITS: dict[str, tuple[Kind, ...]] = {
    "he": ("person", "name"),
    "person": ("person", "name"),
    "it": ("thing", "group", "name", "place"),
    "they": ("group", "thing", "person", "name", "place"),
    "there": ("place", "name"),
    "place": ("place", "name"),
    "group": ("group", "name"),
    "then": ("time",),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One text of the history: where it comes from and how many turns ago."""

    text: str
    role: Role
    age: int
    found: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Remembered:
    """A mention of the history, worded to stand in a question."""

    mention: Mention
    phrase: str
    said: Said


@dataclass(frozen=True, slots=True)
class History:
    """The newest turns, newest first, with what they mention."""

    turns: tuple[Turn, ...]
    said: tuple[Said, ...]

    @classmethod
    def of(cls, turns: Sequence[Turn]) -> History:
        """Read the newest turns; older ones cost nothing."""
        newest = tuple(reversed(turns[-TURNS:]))
        said: list[Said] = []
        for age, turn in enumerate(newest):
            asks = "who" if _WHO.search(turn.question) else None
            asks = asks or ("where" if _WHERE.search(turn.question) else None)
            texts: list[tuple[str, Role]] = []
            if turn.answer.short:
                texts.append((turn.answer.short, "answer"))
            texts.append((turn.question, "question"))
            texts += [(c.quote, "quote") for c in turn.answer.citations[:2]]
            texts += [(c.title, "title") for c in turn.answer.citations[:1]]
            for text, role in texts:
                cut = text[:_TEXT_CHARS]
                found = mentions(cut, asks if role == "answer" else None)
                said.append(Said(cut, role, age, found))
        return cls(newest, tuple(said))

    def everything(self) -> tuple[Remembered, ...]:
        """Return every mention, newest turn first."""
        return tuple(
            Remembered(mention, _worded(said.text, mention), said)
            for said in self.said
            for mention in said.found
        )

    def meant(
        self, anaphor: Anaphor, taken: Sequence[Remembered], question: str
    ) -> Remembered | None:
        """Return the mention that a word of the question means, or None."""
        if anaphor.slot == "that" and not anaphor.noun:
            return self._statement()
        asked = content_stems(question)
        used = {t.mention.text.casefold() for t in taken}
        candidates = [
            r
            for r in self.everything()
            if r.mention.text.casefold() not in used
            and not content_stems(r.mention.text) <= asked - content_stems(anaphor.noun)
        ]
        if anaphor.slot == "one":
            return self._one(anaphor)
        if anaphor.noun:
            return self._definite(anaphor, candidates)
        fitting = [r for r in candidates if _fits(anaphor, r.mention)]
        return max(fitting, key=lambda r: _weight(anaphor, r), default=None)

    def _definite(self, anaphor: Anaphor, candidates: Sequence[Remembered]) -> Remembered | None:
        root = stem(anaphor.noun)
        holding = [r for r in candidates if root in {stem(m[0]) for m in words(r.mention.text)}]
        fuller = [
            r for r in holding if len(content_stems(r.mention.text)) > 1 and r.said.role != "title"
        ]
        if fuller:
            return max(fuller, key=lambda r: _weight(anaphor, r))
        if holding or any(root in content_stems(s.text) for s in self.said if s.age == 0):
            return None  # it was called so before: the word itself is the mention
        fitting = [
            r
            for r in candidates
            if r.mention.is_name
            and _fits(anaphor, r.mention)
            and r.said.role in ("answer", "question")
        ]
        return max(fitting, key=lambda r: _weight(anaphor, r), default=None)

    def _one(self, anaphor: Anaphor) -> Remembered | None:
        """Return the noun that "one" or "ones" stands for: the head of a phrase asked about."""
        for said in self.said:
            if said.role != "question":
                continue
            for mention in said.found:
                last = list(words(mention.text))[-1]
                if (
                    (mention.kind in ("thing", "person", "group")
                    and not last[0][:1].isupper())
                    or (is_nationality(mention.text.split()[0]) and len(mention.text.split()) > 1)
                ):
                    start = mention.start + last.start()
                    head = Mention(last[0], start, start + len(last[0]), "thing", mention.plural)
                    return Remembered(head, head.text, said)
        return None

    def _statement(self) -> Remembered | None:
        """Return what was said last, to stand for "that"."""
        for said in self.said:
            if said.age == 0 and said.role == "answer" and len(said.text.split()) >= 4:
                return _whole(said, said.text)
        for said in self.said:
            if said.age == 0 and said.role == "quote":
                parts = said.text.split()
                if len(parts) <= _CLAUSE_WORDS:
                    return _whole(said, said.text.rstrip(". "))
                return _whole(said, " ".join(parts[:_CLAUSE_WORDS]))
        return None


def _whole(said: Said, text: str) -> Remembered:
    bare = text.strip("“”\"' ,")
    return Remembered(Mention(bare, 0, len(bare), "thing"), f"“{bare}”", said)


def _worded(text: str, mention: Mention) -> str:
    """A name as it is, with "the" where it had one; any other phrase with "the"."""
    before = text[: mention.start].rstrip().rsplit(None, 1)[-1:]
    led = bool(before) and before[0].casefold() == "the"
    if mention.kind in ("number", "time"):
        return mention.text
    if mention.is_name:
        common = mention.text.split()[-1][:1].islower()
        return f"the {mention.text}" if led or common else mention.text
    return f"the {mention.text}"


def _fits(anaphor: Anaphor, mention: Mention) -> bool:
    slot = anaphor.slot
    if mention.kind not in _FITS.get(slot, ("thing", "group", "name", "place")):
        return False
    if mention.kind == "name" and is_nationality(mention.text.split()[-1]):
        return slot == "they" and mention.text.endswith("s")
    if slot in ("he", "person"):
        return mention.is_name or (mention.kind == "person" and not mention.plural)
    if slot == "it":
        return not mention.plural
    return slot != "they" or mention.plural or mention.kind in ("group", "name", "person", "place")


def _weight(anaphor: Anaphor, one: Remembered) -> float:
    """Newer turns first; then answers, questions, quotes; then how well the kind fits."""
    order = _FITS.get(anaphor.slot, ())
    kind = -1.5 * order.index(one.mention.kind) if one.mention.kind in order else 0.0
    plural = 2.0 if anaphor.slot == "they" and one.mention.plural else 0.0
    name = 1.0 if one.mention.is_name and anaphor.slot != "it" else 0.0
    if anaphor.slot == "it":
        kind = 0.0
    # In a question the first phrase is mostly what it is about.
    first = 0.5 if one.said.found and one.said.found[0] == one.mention else 0.0
    return -4.0 * one.said.age + _ROLES[one.said.role] + kind + plural + name + first

"""The parallel parts of a sentence, which tell different things: "Ann at six, and Ben at seven".

Such a sentence holds all words of a question that joins one part's number or name with another
part's subject. The parts are cut where the conjunctions stand, and only where each part has a
number, a year or a name of its own, or is a clause with its own subject and verb.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from rag.language.opposites import alike
from rag.language.terms import Term, terms
from rag.language.verbs import VERBS
from rag.questions.intent import AUXILIARY, Asked
from rag.types import Span

_STRONG = re.compile(r"\s*;\s+|,?\s+(?:while|whereas|but)\s+|,\s+and\s+")
_COMMA = re.compile(r",\s+")
_WEAK = re.compile(r"\s+and\s+")
_CONNECTED = re.compile(r"\b(?:while|whereas|but|and)\b|;")
_PRONOUNS = frozenset("it he she they this that these those which who there".split())
_FINITE = frozenset(AUXILIARY)
# Words at the start of a part among which its subject stands.
_OPENING = 3
_ITEM = 3  # words at most of an item in a list: "Rome, Oslo, and Bergen"

_Part = Sequence[Term]


def mixed(asked: Asked, sentence: str) -> bool:
    """Tell whether a question joins what stands in different parts of a sentence."""
    words = terms(sentence)
    for holds in (_is_year, _is_count):
        parts = _numbered(sentence, words, holds)
        told = [t for t in asked.numbers if holds(t)]
        if len(parts) > 1 and any(_crossed(asked, t, parts, holds) for t in told):
            return True
    parts = [_within(words, span) for span in _strong(sentence)]
    if len(parts) < 2:
        return False
    return any(_crossed(asked, t, parts, _is_name) for t in asked.names) or (
        not _CONNECTED.search(asked.text) and _of_two_clauses(asked, parts))


def beside(asked: Asked, sentence: str, keys: Collection[str]) -> bool:
    """Tell whether one of some words stands in a part that has a word of the question, too."""
    words = terms(sentence)
    parts = [{t.key for t in _within(words, span)} for span in _strong(sentence)]
    held = [any(_among(t, part) for t in asked.terms) for part in parts]
    return not any(held) or any(
        here for part, here in zip(parts, held, strict=True) if not part.isdisjoint(keys))


def _is_year(term: Term) -> bool:
    return term.kind == "number" and len(term.key) == 4 and term.text.isdigit()


def _is_count(term: Term) -> bool:
    return term.kind == "number" and not _is_year(term)


def _is_name(term: Term) -> bool:
    return term.kind == "name"


def _crossed(
    asked: Asked, value: Term, parts: Sequence[_Part], holds: Callable[[Term], bool]
) -> bool:
    """Tell whether no part that has a value goes with the question's other words."""
    having = [at for at, part in enumerate(parts) if any(t.key == value.key for t in part)]
    return bool(having) and all(_foreign(asked, value, at, parts, holds) for at in having)


def _foreign(
    asked: Asked, value: Term, at: int, parts: Sequence[_Part], holds: Callable[[Term], bool]
) -> bool:
    here = {t.key for t in parts[at]}
    elsewhere = [t for t in asked.terms if t.key != value.key and not _among(t, here)]
    if holds is _is_name and at == 0 and _shares_subject(parts[1]) and any(
            t.key == value.key for t in _said(parts[0])[:_OPENING]):
        return False
    for other, part in enumerate(parts):
        theirs = [t for t in elsewhere if _among(t, {k.key for k in part})]
        if other == at or not theirs or not any(map(holds, part)):
            continue
        if other > 0 or _counterpart(asked, value, parts[at], parts[0], theirs):
            return True
    return False


def _counterpart(
    asked: Asked, value: Term, part: _Part, first: _Part, theirs: Sequence[Term]
) -> bool:
    """Tell whether a part has a subject of its own in the place of the question's.

    What it has not may be said once for all parts, in the first: "The warranty is ...".
    """
    shared = {t.key for t in first}
    own = [t for t in _distinct(part, value) if t.key not in shared]
    mine = {t.key for t in asked.terms}
    if own and not any(_among(t, mine) for t in own):
        return any(t.kind == "name" for t in theirs) or not any(t.kind == "name" for t in own)
    opening = [t for t in _said(part)[:_OPENING] if t in own and t.kind == "name"]
    return bool(opening) and not any(_among(t, mine) for t in opening) and any(
        t.kind == "name" for t in theirs)


def _distinct(part: _Part, value: Term) -> list[Term]:
    """Return the words of a part without a value, its name's other words, and what is counted."""
    out: list[Term] = []
    at = next((i for i, t in enumerate(part) if t.key == value.key), len(part))
    left = right = at
    while left > 0 and value.kind == "name" and part[left - 1].kind == "name":
        left -= 1
    while right + 1 < len(part) and value.kind == "name" and part[right + 1].kind == "name":
        right += 1
    if value.kind == "number":
        right = at + (not _is_year(value))
    out += [t for i, t in enumerate(part) if not left <= i <= right and t.kind != "empty"]
    return [t for t in out if t.kind != "number"]


def _of_two_clauses(asked: Asked, parts: Sequence[_Part]) -> bool:
    """Tell whether words of a question stand in one clause only, and others in another only."""
    clauses = [part for at, part in enumerate(parts) if any(t.key in _FINITE for t in part) and (
        at == 0 or not _shares_subject(part))]
    if len(clauses) < 2:
        return False
    keys = [{t.key for t in part} for part in clauses]
    places = [[at for at, held in enumerate(keys) if _among(t, held)]
              for t in asked.terms if t.kind != "number"]
    return len({found[0] for found in places if len(found) == 1}) > 1


def _shares_subject(part: _Part) -> bool:
    """Tell whether a part begins with its verb, or a pronoun: its subject is the first part's."""
    first = part[0] if part else None
    return first is None or first.key in _PRONOUNS | _FINITE or first.text.lower() in VERBS or (
        first.text.islower() and first.text.endswith("ed"))


def _numbered(sentence: str, words: _Part, holds: Callable[[Term], bool]) -> list[_Part]:
    """Return the parts of a sentence that each have a number; one where there are none."""
    spans = _strong(sentence)
    for pattern in (_COMMA, _WEAK):
        cut: list[Span] = []
        for span in spans:
            pieces = [p for p in _cut(sentence, span, pattern) if _within(words, p)]
            full = [any(map(holds, _within(words, piece))) for piece in pieces]
            if pattern is _COMMA:
                cut += pieces if all(full) and len(pieces) > 1 else [span]
            else:
                cut += _joined(sentence, words, pieces, full)
        spans = cut
    parts = [_within(words, span) for span in spans]
    # "Three men and two women were hurt": the first has nothing that is said of it alone.
    first = next((t for t in parts[0] if holds(t)), None)
    if first is not None and not _distinct(parts[0], first):
        return []
    return parts


def _joined(
    sentence: str, words: _Part, pieces: Sequence[Span], full: Sequence[bool]
) -> list[Span]:
    """Return pieces between "and", those without a number of their own joined to one that has."""
    out: list[Span] = []
    for (start, end), held in zip(pieces, full, strict=True):
        before = _within(words, out[-1]) if out else ()
        here = _within(words, (start, end))
        listed = bool(before) and before[-1].kind == here[0].kind == "number"
        ranged = out and re.search(r"\bbetween\b", sentence[out[-1][0] : out[-1][1]], re.I)
        if out and (not held or listed or ranged or not any(
                t.kind == "number" for t in before)):
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return out


def _strong(sentence: str) -> list[Span]:
    """Return the spans between semicolons, "while", "but" and ", and", lists left whole."""
    out: list[Span] = []
    for start, end in _cut(sentence, (0, len(sentence)), _STRONG):
        before = sentence[out[-1][0] : out[-1][1]] if out else ""
        item = terms(before.rpartition(", ")[2])
        listed = "," in before and len(item) <= _ITEM and not any(
            t.key in _FINITE for t in item) and re.match(r",\s+and\b", sentence[out[-1][1] :])
        if out and (listed or not terms(sentence[start:end])):
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return out


def _cut(sentence: str, span: Span, pattern: re.Pattern[str]) -> list[Span]:
    start, end = span
    found = []
    for match in pattern.finditer(sentence, start, end):
        found.append((start, match.start()))
        start = match.end()
    return [*found, (start, end)]


def _within(words: _Part, span: Span) -> _Part:
    return [t for t in words if span[0] <= t.start < span[1]]


def _said(part: _Part) -> list[Term]:
    return [t for t in part if t.kind != "empty"]


def _among(term: Term, present: set[str]) -> bool:
    return term.key in present or bool(alike(term.key) & present)

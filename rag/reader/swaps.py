"""Questions made unanswerable by swapping one name, place, number or date for another of its type.

"How many Russian instructors arrived?" becomes "How many Chinese instructors arrived?": same
grammar, same subject, no answer in the passage. Such twins teach a reader to check what the
question presupposes, which is where small readers fail. The kinds of swap follow the taxonomy of
SQuAD 2.0 (Rajpurkar et al., ACL 2018): entity swap, number swap, antonym.

A swap is only made when the new name fits the old one's type, so that the question stays natural,
and when no sentence of the passage speaks of the new name in the question's other words, so that
it stays unanswerable. What this cannot see: that two names mean the same thing.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

NATIONS = {
    "Afghanistan": "Afghan", "Algeria": "Algerian", "Argentina": "Argentine",
    "Australia": "Australian", "Austria": "Austrian", "Belgium": "Belgian",
    "Brazil": "Brazilian", "Bulgaria": "Bulgarian", "Canada": "Canadian", "Chile": "Chilean",
    "China": "Chinese", "Colombia": "Colombian", "Cuba": "Cuban", "Denmark": "Danish",
    "Egypt": "Egyptian", "England": "English", "Ethiopia": "Ethiopian", "Finland": "Finnish",
    "France": "French", "Germany": "German", "Ghana": "Ghanaian", "Greece": "Greek",
    "Hungary": "Hungarian", "India": "Indian", "Indonesia": "Indonesian", "Iran": "Iranian",
    "Iraq": "Iraqi", "Ireland": "Irish", "Israel": "Israeli", "Italy": "Italian",
    "Japan": "Japanese", "Kenya": "Kenyan", "Libya": "Libyan", "Malaysia": "Malaysian",
    "Mexico": "Mexican", "Morocco": "Moroccan", "Netherlands": "Dutch", "Nigeria": "Nigerian",
    "Norway": "Norwegian", "Pakistan": "Pakistani", "Peru": "Peruvian", "Poland": "Polish",
    "Portugal": "Portuguese", "Romania": "Romanian", "Russia": "Russian", "Scotland": "Scottish",
    "Senegal": "Senegalese", "Serbia": "Serbian", "Spain": "Spanish", "Sudan": "Sudanese",
    "Sweden": "Swedish", "Switzerland": "Swiss", "Syria": "Syrian", "Turkey": "Turkish",
    "Ukraine": "Ukrainian", "Venezuela": "Venezuelan", "Vietnam": "Vietnamese",
    "Yemen": "Yemeni",
}
_CLOSED = {
    "country": tuple(NATIONS),
    "nationality": tuple(NATIONS.values()),
    "month": ("January", "February", "March", "April", "June", "July", "August", "September",
              "October", "November", "December"),
    "weekday": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "ordinal": ("first", "second", "third", "fourth", "fifth", "sixth"),
    "count": ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    "direction": ("northern", "southern", "eastern", "western"),
    "bearing": ("north", "south", "east", "west"),
    "continent": ("Africa", "Asia", "Europe", "South America", "North America", "Antarctica"),
}
_KIND_OF = {word: kind for kind, words in _CLOSED.items() for word in words}
_ANTONYMS = [
    ("largest", "smallest"), ("biggest", "smallest"), ("highest", "lowest"), ("most", "least"),
    ("longest", "shortest"), ("oldest", "youngest"), ("earliest", "latest"), ("before", "after"),
    ("increase", "decrease"), ("increased", "decreased"), ("began", "ended"), ("start", "end"),
    ("win", "lose"), ("won", "lost"), ("buy", "sell"), ("bought", "sold"), ("more", "fewer"),
    ("higher", "lower"), ("father", "mother"), ("son", "daughter"), ("brother", "sister"),
    ("husband", "wife"), ("king", "queen"), ("east", "west"), ("north", "south"),
    ("rich", "poor"), ("arrived", "left"), ("accepted", "rejected"), ("rise", "fall"),
    ("open", "close"), ("opened", "closed"), ("legal", "illegal"), ("allowed", "forbidden"),
    ("male", "female"), ("support", "oppose"), ("supported", "opposed"), ("upper", "lower"),
    ("advantage", "disadvantage"), ("advantages", "disadvantages"), ("best", "worst"),
    ("always", "never"), ("public", "private"), ("major", "minor"), ("first", "last"),
]
_ANTONYM = dict(_ANTONYMS) | {b: a for a, b in reversed(_ANTONYMS)}
_NAME = re.compile(
    r"\b[A-Z][\w'’.-]*[\w](?:\s+(?:(?:of|de|la|van|von|the|bin|al|for)\s+)?[A-Z][\w'’-]*\w)*")
_NUMBER = re.compile(r"(?<![\w.,-])\d{1,3}(?:,\d{3})+(?![\w-])|(?<![\w.,-])\d+(?:\.\d+)?(?![\w,-])")
_WORD = re.compile(r"\w+")
_QUESTION_WORDS = frozenset(
    "what who whom whose when where which why how is are was were do does did in on at of to by "
    "for from with the a an and or can could would should will has have had according name "
    "during after before under since if about into than as it its their his her".split())
_PLACE_CUES = frozenset("in at near from to across throughout outside inside".split())


@dataclass(slots=True)
class NameBook:
    """The names of many texts with a coarse type of each: place, acronym or other.

    The type is told from the word in front of a name over all its occurrences, so it needs no
    model. Names that were seen only once are left out: they are too often cut wrongly.
    """

    by_kind: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    kind_of: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Iterable[str]) -> NameBook:
        """Collect the names of ``texts``."""
        seen: Counter[str] = Counter()
        placed: Counter[str] = Counter()
        for text in texts:
            for match in _NAME.finditer(text):
                name = match.group().removesuffix("'s").removesuffix("’s")
                if _starts_sentence(text, match.start()):
                    continue
                seen[name] += 1
                before = text[max(0, match.start() - 12) : match.start()].split()
                placed[name] += bool(before) and before[-1].lower() in _PLACE_CUES
        book = cls()
        groups: dict[tuple[str, int], list[str]] = defaultdict(list)
        for name, n in sorted(seen.items()):
            if n < 2 or name in _KIND_OF or len(name) > 40:
                continue
            if name.isupper():
                kind = "acronym"
            else:
                kind = "place" if placed[name] / n >= 0.4 else "other"
            book.kind_of[name] = kind
            groups[kind, len(name.split())].append(name)
        book.by_kind = dict(groups)
        return book


@dataclass(frozen=True, slots=True)
class Swap:
    """A question made unanswerable: what stood there and what stands there now."""

    question: str
    old: str
    new: str
    kind: str


def swap(question: str, context: str, neighbours: Sequence[str], book: NameBook,
         rng: random.Random) -> Swap | None:
    """Swap one thing of an answerable question for another of its type.

    Args:
        question: Answerable from ``context``.
        context: The passage.
        neighbours: Other texts of the same article or subject, a source of natural names.
        book: Names by type, for closed types and names without neighbours.
        rng: Source of chance.

    Returns:
        The twin, or None where nothing can be swapped safely.
    """
    options = list(_targets(question, book))
    rng.shuffle(options)
    # Names, dates and nations first: antonyms are plenty and would crowd them out.
    options.sort(key=lambda o: o[2] == "antonym")
    for start, end, kind in options:
        old = question[start:end]
        new = _replacement(old, kind, context, neighbours, book, rng)
        if new is None or not _safe(question, old, new, context):
            continue
        twin = replaced(question, start, end, new)
        return Swap(twin, old, new, kind)
    return None


def replaced(question: str, start: int, end: int, new: str) -> str:
    """Put ``new`` in the place of ``question[start:end]``, with "a" or "an" in front as it asks."""
    before = question[:start]
    article = re.search(r"\b([Aa])n? $", before)
    if article:
        before = before[: article.start(1)] + article[1] + ("n " if new[0] in "AEIOUaeiou" else " ")
    return before + new + question[end:]


def _targets(question: str, book: NameBook) -> Iterable[tuple[int, int, str]]:
    for match in _NAME.finditer(question):
        start, end = match.span()
        words = match.group().split()
        if start == 0 or words[0].lower() in _QUESTION_WORDS:
            if len(words) == 1 or words[0].lower() not in _QUESTION_WORDS:
                continue
            start += len(words[0]) + 1
        name = question[start:end]
        for suffix in ("'s", "’s"):
            if name.endswith(suffix):
                end -= 2
                name = name[:-2]
        kind = _KIND_OF.get(name) or book.kind_of.get(name)
        if kind is None and len(name) > 2:
            kind = "acronym" if name.isupper() else "other"
        if kind:
            yield start, end, kind
    for match in _NUMBER.finditer(question):
        text = match.group()
        year = len(text) == 4 and text.isdigit() and 1000 <= int(text) <= 2100
        yield *match.span(), "year" if year else "number"
    for match in _WORD.finditer(question):
        word = match.group()
        if word in _KIND_OF and word.islower() and not question[match.end():].startswith("-"):
            yield *match.span(), _KIND_OF[word]
        elif word in _ANTONYM and match.start() > 0:
            yield *match.span(), "antonym"


def _replacement(old: str, kind: str, context: str, neighbours: Sequence[str], book: NameBook,
                 rng: random.Random) -> str | None:
    if kind == "antonym":
        return _ANTONYM[old]
    if kind == "year":
        return str(int(old) + rng.choice([-40, -17, -9, -5, -3, -2, -1, 1, 2, 3, 4, 7, 12, 26]))
    if kind == "number":
        return _other_number(old, rng)
    if kind in _CLOSED:
        options = [w for w in _CLOSED[kind] if w != old]
        near = [w for w in options if w in context]
        return rng.choice(near if near and rng.random() < 0.4 else options)
    size = len(old.split())
    near = []
    # Half of the time a name of the passage itself: those are the hardest twins.
    for text in ([context] if rng.random() < 0.5 else []) or neighbours:
        near += [m.group() for m in _NAME.finditer(text)
                 if len(m.group().split()) == size and not _starts_sentence(text, m.start())]
    near = [n for n in near if _kind(n, book) == kind and not _overlap(n, old)]
    if near:
        return rng.choice(near)
    far = book.by_kind.get((kind, size), [])
    drawn = (rng.choice(far) for _ in range(20 if far else 0))
    return next((n for n in drawn if not _overlap(n, old)), None)


def _kind(name: str, book: NameBook) -> str:
    known = _KIND_OF.get(name) or book.kind_of.get(name)
    return known or ("acronym" if name.isupper() else "other")


def _other_number(old: str, rng: random.Random) -> str:
    value = float(old.replace(",", ""))
    new = value
    while new == value or new < 0:
        new = value + rng.choice([-3, -2, -1, 1, 2, 3]) if value < 20 else value * rng.choice(
            [0.4, 0.5, 0.8, 0.9, 1.1, 1.2, 1.5, 2, 3])
    if "." in old:
        return f"{new:.{len(old.split('.')[1])}f}"
    return f"{round(new):,}" if "," in old else str(round(new))


def _starts_sentence(text: str, at: int) -> bool:
    before = text[:at].rstrip(" \"'“‘(")
    return not before or before[-1] in ".!?:\n"


def _overlap(a: str, b: str) -> bool:
    return bool({w.lower() for w in _WORD.findall(a)} & {w.lower() for w in _WORD.findall(b)})


def _safe(question: str, old: str, new: str, context: str) -> bool:
    """Whether no sentence that speaks of ``new`` could answer the twin."""
    if new not in context:
        return True
    rest = {w.lower()[:5] for w in _WORD.findall(question.replace(old, " "))}
    rest -= {w[:5] for w in _QUESTION_WORDS}
    if not rest:
        return False
    for sentence in re.split(r"(?<=[.!?])\s+", context):
        if new in sentence:
            words = {w.lower()[:5] for w in _WORD.findall(sentence)}
            if len(rest & words) / len(rest) >= 0.5:
                return False
    return True

"""Label lines, tables and lists of a text: what each value or item is labelled by.

"Weight: 43 kg" labels its value by what stands before the colon, a row of a table ("Family |
250 Mbit/s | $34.90") by its first cell and by the head of the column, "2 kg plums" by the thing
that is counted. Nothing is rewritten: every value is a pair of offsets.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rag.types import Span

_MARK = r"(?:[-*•▪◦‣]|\(?\d{1,3}[.)])[ \t]+"
_WORD = r"[^\s:|.!?“”\"]+"
# At most six words, and a value on the same line that is a phrase rather than a text.
LABEL_LINE = re.compile(
    rf"[ \t]*(?:{_MARK})?(?P<label>(?=[^\W\d_]){_WORD}(?:[ \t]+{_WORD}){{0,5}}):[ \t]+"
    r"(?P<value>(?![“\"'‘])\S[^\n|]{0,160}?)[ \t]*\Z"
)
_SENTENCE = re.compile(r"[a-z]{2}[.!?][ \t]+[A-Z]|[?!]\Z")
_ITEM = re.compile(rf"[ \t]*{_MARK}(?P<item>\S.*?)[ \t]*\Z")
_LINE = re.compile(r"[^\n]+")
_RULE = re.compile(r"[\s|:-]*\Z")
_UNITS = (
    "kg|g|mg|kilograms?|kilogrammes?|grams?|grammes?|l|ml|cl|dl|litres?|liters?|millilitres?|"
    "tablespoons?|teaspoons?|tbsp\\.?|tsp\\.?|cups?|cloves?|slices?|cans?|tins?|jars?|bottles?|"
    "bags?|packs?|packets?|boxes|bunch(?:es)?|pinch(?:es)?|handfuls?|sprigs?|sticks?|sheets?|"
    "rolls?|pairs?|ounces?|oz\\.?|pounds?|lbs?\\.?|pints?|quarts?|gallons?|m|cm|mm|metres?|meters?|"
    "feet|foot|inch(?:es)?|yards?"
)
_AMOUNT = re.compile(
    r"(?P<amount>(?:\d[\d.,/]*[ \t]?[½¼¾⅓⅔]?|[½¼¾⅓⅔])(?:[ \t]?[-–][ \t]?\d[\d.,/]*)?"
    rf"(?:[ \t]?(?:{_UNITS})(?=[ \t]))?)[ \t]+(?:of[ \t]+)?(?!(?:{_UNITS})\Z)"
    r"(?P<thing>[^\W\d_][^\n]*)"
)
# What a text has that labels anything: one of plain prose need not be looked through.
LABELS = re.compile(rf"[:|]|^[ \t]*{_MARK}[\d½¼¾⅓⅔]", re.M)
_SHORTEST_TABLE, _LONGEST_HEADING = 2, 100
Kind = Literal["line", "cell", "amount"]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A value of a text with what labels it.

    Attributes:
        kind: "line" ("Weight: 43 kg", or a row of two cells), "cell" (of a larger table), or
            "amount" ("2 kg plums").
        label: The words before the colon, the head of the column, or what is counted.
        row: The row's first cell; empty but for cells.
        column: The head of the first column; empty but for cells.
        start: First character of the value.
        end: One past its last character.
        line: The whole line.
        heading: What stands above as a heading.
        head: The line that heads the columns; None but for cells.
    """

    kind: Kind
    label: str
    row: str
    column: str
    start: int
    end: int
    line: Span
    heading: str
    head: Span | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """The items of a list, and the heading or the introducing line right above it.

    Attributes:
        lead: That line; empty if there is none.
        heading: What stands above as a heading.
        items: The items without their marks.
        numbered: Whether they are numbered.
    """

    lead: str
    heading: str
    items: tuple[Span, ...]
    numbered: bool


@lru_cache(maxsize=64)
def labelled(text: str) -> tuple[Labelled, ...]:
    """Return the values that something labels, in order."""
    found: list[Labelled] = []
    heading = ""
    table: list[Span] = []
    lines = _lines(text)
    for at, line in enumerate(lines):
        said = text[line[0] : line[1]]
        if "|" in said:
            table.append(line)
            continue
        found += _table(text, table, heading)
        table = []
        goes_on = at + 1 < len(lines) and text[lines[at + 1][0]].islower() and (
            lines[at + 1][0] <= line[1] + 2)
        label = None if goes_on else LABEL_LINE.match(said)
        item = _ITEM.match(said)
        if label and not _SENTENCE.search(said) and label["label"][0].isupper():
            start = line[0] + label.start("value")
            found.append(Labelled("line", label["label"], "", "", start,
                                  line[0] + label.end("value"), line, heading))
        elif item and (amount := _AMOUNT.fullmatch(said, item.start("item"), item.end("item"))):
            found.append(Labelled("amount", amount["thing"], "", "",
                                  line[0] + amount.start("amount"),
                                  line[0] + amount.end("amount"), line, heading))
        elif not item and is_heading(said):
            heading = said
    found += _table(text, table, heading)
    return tuple(found)


@lru_cache(maxsize=64)
def listings(text: str) -> tuple[Listing, ...]:
    """Return the lists of a text, in order; one item alone is none."""
    found: list[Listing] = []
    lead = heading = ""
    items: list[Span] = []
    numbered = False
    for start, end in [*_lines(text), (len(text), len(text))]:
        said = text[start:end]
        item = _ITEM.match(said)
        if item is not None:
            number = said.strip()[0] in "(0123456789"
            if items and number != numbered:
                found += _listing(lead, heading, items, numbered)
                lead, items = "", []
            numbered = number
            items.append((start + item.start("item"), start + item.end("item")))
            continue
        found += _listing(lead, heading, items, numbered)
        items = []
        lead = said if is_heading(said) or said.endswith(":") else ""
        heading = said if is_heading(said) else heading
    return tuple(found)


def is_heading(line: str) -> bool:
    """Tell whether a line reads as a heading: short, and no statement.

    >>> is_heading("Technical data"), is_heading("It was sold."), is_heading("How can I pay?")
    (True, False, True)
    """
    return len(line) <= _LONGEST_HEADING and "|" not in line and not line.endswith(
        (".", "!", ":", ";", ",", "”", '"')) and any(c.isalpha() for c in line)


def _listing(
    lead: str, heading: str, items: list[Span], numbered: bool
) -> Iterator[Listing]:
    if len(items) > 1:
        yield Listing(lead, heading, tuple(items), numbered)


def _lines(text: str) -> list[Span]:
    """The lines that are not empty, trimmed."""
    found = []
    for match in _LINE.finditer(text):
        if said := match[0].strip():
            start = match.start() + match[0].index(said[0])
            found.append((start, start + len(said)))
    return found


def _table(text: str, lines: Sequence[Span], heading: str) -> Iterator[Labelled]:
    """Yield the cells of the rows that follow each other."""
    rows = [(line, cells) for line in lines if not _RULE.match(text[line[0] : line[1]])
            and len(cells := _cells(text, *line)) > 1]
    for width, same in itertools.groupby(rows, key=lambda row: len(row[1])):
        table = list(same)
        if len(table) < _SHORTEST_TABLE:
            continue
        heads = [text[a:b] for a, b in table[0][1]]
        for line, cells in table[1:]:
            row = text[slice(*cells[0])]
            for head, (start, end) in list(zip(heads, cells, strict=True))[1:]:
                if start < end:
                    yield Labelled("cell", head, row, heads[0], start, end, line, heading,
                                   table[0][0])
        if width == _SHORTEST_TABLE:  # each row may be a label with its value
            for line, (first, (start, end)) in table:
                is_head = line == table[0][0] and text[start : start + 1].isupper()
                if start < end and not is_head:
                    yield Labelled("line", text[slice(*first)], "", "", start, end, line, heading)


def _cells(text: str, start: int, end: int) -> list[Span]:
    """The trimmed cells of a row, also those that are empty."""
    if text[start] == "|":
        start += 1
    if end > start and text[end - 1] == "|":
        end -= 1
    cells = []
    here = start
    while here <= end:
        bar = text.find("|", here, end)
        bar = end if bar < 0 else bar
        said = text[here:bar]
        first = here + len(said) - len(said.lstrip())
        cells.append((first, max(first, here + len(said.rstrip()))))
        here = bar + 1
    return cells

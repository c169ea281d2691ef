"""Text -> the spans of its paragraphs, hard-wrapped lines joined.

A blank line always ends a paragraph. A single newline ends one too, unless the line was only
broken to fit a width: in a block of wrapped lines a break is soft where the next line's first
word would not have fitted (greedy wrapping), and anywhere a long line without a stop goes on in
lower case. Nothing is rewritten: a paragraph is a pair of offsets and may contain newlines.
"""

from __future__ import annotations

import itertools
import re

from rag.types import Span

_LINE = re.compile(r"[^\n]+")
_ITEM = re.compile(r"(?:[-*•·▪◦‣–—>|#]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])\s")
_STOPPED = tuple('.!?:;…"”’)]»。！？')
_NARROWEST, _WIDEST = 30, 140  # widths that people and programs wrap text to, in characters
_SLACK = 0.9  # proportional fonts and hyphenation leave lines a little short


def paragraphs(text: str) -> tuple[Span, ...]:
    """Return the spans of the paragraphs, trimmed of white space, in order and disjoint.

    Together they cover every character that is not white space. Linear in ``len(text)``.
    """
    blocks = _blocks(text)
    widths = [_wrap_width(text, block) for block in blocks]
    usual = max(widths, default=0)
    spans: list[Span] = []
    for block, width in zip(blocks, widths, strict=True):
        if not width and len(block) == 2:
            width = usual  # too short to tell by itself: wrapped if the rest of the text is
        start = block[0][0]
        for here, following in itertools.pairwise(block):
            if not _is_soft(text, here, following, width):
                spans.append((start, here[1]))
                start = following[0]
        spans.append((start, block[-1][1]))
    return tuple(spans)


def _blocks(text: str) -> list[list[Span]]:
    """Group the trimmed lines into runs without a blank line between them."""
    blocks: list[list[Span]] = []
    last_end = -2
    for match in _LINE.finditer(text):
        line = match.group()
        stripped = line.strip()
        if not stripped:
            continue
        start = match.start() + line.index(stripped[0])
        if match.start() == last_end + 1:
            blocks[-1].append((start, start + len(stripped)))
        else:
            blocks.append([(start, start + len(stripped))])
        last_end = match.end()
    return blocks


def _wrap_width(text: str, block: list[Span]) -> int:
    """The width that the block's lines were wrapped to, or 0 if they were not."""
    if len(block) < 3:
        return 0
    lengths = sorted(end - start for start, end in block)
    width = lengths[(len(lengths) - 1) * 9 // 10]
    if not _NARROWEST <= width <= _WIDEST:
        return 0
    pairs = list(itertools.pairwise(block))
    full = sum(_is_full(text, here, following, width) for here, following in pairs)
    unstopped = sum(not text[here[0] : here[1]].endswith(_STOPPED) for here, _ in pairs)
    capitals = sum(text[following[0]].isupper() for _, following in pairs)
    wrapped = full >= 0.7 * len(pairs) and unstopped >= 0.5 * len(pairs)
    return width if wrapped and capitals <= 0.7 * len(pairs) else 0  # else a list of titles


def _is_full(text: str, here: Span, following: Span, width: int) -> bool:
    """Whether the first word of the following line would not have fitted on this one."""
    first = text.find(" ", following[0], min(following[1], following[0] + width))
    word = (first if first >= 0 else following[1]) - following[0]
    return here[1] - here[0] + 1 + word > _SLACK * width


def _is_soft(text: str, here: Span, following: Span, width: int) -> bool:
    if _ITEM.match(text, following[0], following[1]):
        return False
    if width and _is_full(text, here, following, width):
        return True
    hyphen = text[here[1] - 1] in "-\u00ad\u2010"
    if hyphen and text[here[1] - 2].isalpha() and here[1] - here[0] > 2:
        return True  # a word is hyphenated across the lines
    stopped = text[here[0] : here[1]].endswith(_STOPPED)
    long = here[1] - here[0] >= _NARROWEST
    return long and not stopped and text[following[0]].islower()

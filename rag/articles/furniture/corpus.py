"""What only the whole folder shows: lines that several articles carry.

The answer is a function of the set of articles, whatever the order in which they came. So the
library keeps one small ``Outline`` per article, calls ``recurring_lines`` over all of them when
the set has changed, and marks again those articles whose outline holds a line that entered or
left the result; no other article's passages can change.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from rag.articles.furniture.lines import read

_EDGE = 25  # lines at each end of an article where furniture stands
_BODY = 40  # sentences that are enough to know a copy by
_SHORT = 8  # words; longer sentences may recur as background, which is no furniture
_ARTICLES = 3  # articles, none a copy of another, that make a line recurrent


@dataclass(frozen=True, slots=True)
class Outline:
    """What of an article can recur, and what tells copies of it.

    Attributes:
        edges: Its short lines near its ends, folded.
        body: Short digests of its first long lines.
    """

    edges: frozenset[str]
    body: frozenset[str]


def outline(text: str) -> Outline:
    """Take the outline of an article's text. The first line, its title, is left out."""
    lines = read(text)
    near = lines[1 : 1 + _EDGE] + lines[max(1 + _EDGE, len(lines) - _EDGE) :]
    long = [line for line in lines if line.prose and line.words > _SHORT]
    return Outline(
        edges=frozenset(
            line.folded for line in near if line.folded and (not line.prose or line.words <= _SHORT)
        ),
        body=frozenset(
            hashlib.sha256(line.text.encode("utf-8", "replace")).hexdigest()[:16]
            for line in long[:_BODY]
        ),
    )


def recurring_lines(outlines: Iterable[Outline]) -> frozenset[str]:
    """Return the folded lines that at least three articles carry, copies counted once.

    Two articles are copies if they share at least half of the shorter one's long lines: a story
    that many sites took over recurs as a whole, and is no furniture.
    """
    carriers: dict[str, list[Outline]] = defaultdict(list)
    for one in sorted(outlines, key=lambda one: sorted(one.body) + sorted(one.edges)):
        for line in one.edges:
            carriers[line].append(one)
    return frozenset(line for line, every in carriers.items() if _independent(every))


def _independent(carriers: list[Outline]) -> bool:
    chosen: list[Outline] = []
    for one in carriers:
        if all(not _are_copies(one, other) for other in chosen):
            chosen.append(one)
            if len(chosen) == _ARTICLES:
                return True
    return False


def _are_copies(one: Outline, other: Outline) -> bool:
    shorter = min(len(one.body), len(other.body))
    return 2 * len(one.body & other.body) >= shorter

"""Best answer spans from start and end scores: joint search, word boundaries, no overlaps.

The score of a span is the sum of its start and end logits (Devlin et al., NAACL 2019), less a
share of the logarithm of its length; spans start and end on whole words, and a cut number or
currency sign is made whole again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# What a span loses by each e-fold of its tokens: start and end are scored apart, and a sum of two
# good ends is too often a span from one answer to another (experiment 29).
SHORTER = 0.2
_OPEN = {"(": ")", "[": "]", "{": "}", "“": "”", "«": "»"}
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://[^\s<>\"”)]+[\w/]")
_NEAR = 80  # characters around a span in which an address is looked for that it cuts
_CELL = " | "  # between the cells of a table's row
_NUMBER_BEFORE = re.compile(r"(?:[$€£¥₦]\s?)?(?:\d[\d,.]*[.,])?\Z")
_NUMBER_AFTER = re.compile(r"(?:[.,]\d+)*%?")


@dataclass(frozen=True, slots=True)
class Found:
    """A span of tokens: first and last token, its score, and its probability by its logits."""

    first: int
    last: int
    score: float
    probability: float


@dataclass(frozen=True, slots=True)
class Scored:
    """The spans of a window with their scores.

    Attributes:
        scores: Score of each span by first token and length, flat; -inf for what may not be one.
        longest: How many lengths there are.
        log_z: Log of the sum over all pairs of a start and an end, for probabilities.
    """

    scores: NDArray[np.float32]
    longest: int
    log_z: float

    def best(self, count: int) -> list[Found]:
        """Return the best spans that do not overlap, best first, at most ``count``."""
        # Every chosen span rules out fewer than (2 * longest)**2 others, but in practice the best
        # few hundred hold them all; the rest is looked at only when those do not suffice.
        pool = min(len(self.scores), max(256, 64 * count))
        best = np.argpartition(-self.scores, pool - 1)[:pool]
        found: list[Found] = []
        for flat in best[np.argsort(-self.scores[best], kind="stable")]:
            score = float(self.scores[flat])
            if len(found) == count or score == -np.inf:
                break
            first = int(flat) // self.longest
            final = first + int(flat) % self.longest
            if all(final < other.first or first > other.last for other in found):
                logits = score + float(length_cost(final - first + 1))
                found.append(Found(first, final, score, float(np.exp(logits - self.log_z))))
        return found

    def lead(self) -> float:
        """Return by how much the best span beats every other, those that overlap it included."""
        if np.isfinite(self.scores).sum() < 2:
            return np.inf
        second, best = np.partition(self.scores, -2)[-2:]
        return float(best - second)


def scored(
    start: NDArray[np.float32],
    end: NDArray[np.float32],
    starts: NDArray[np.bool_],
    ends: NDArray[np.bool_],
    sentences: NDArray[np.int64],
    longest: int,
) -> Scored:
    """Score all spans of a window.

    Args:
        start: Start logits, one per token.
        end: End logits, one per token.
        starts: Tokens that may begin a span (first pieces of the passage's words).
        ends: Tokens that may end one (last pieces of the passage's words).
        sentences: Number of the sentence of each token; a span stays inside one.
        longest: Longest span, in tokens.
    """
    n = len(start)
    longest = min(longest, n)
    last = np.arange(n)[:, None] + np.arange(longest)[None, :]
    inside = last < n
    last = np.minimum(last, n - 1)
    allowed = inside & starts[:, None] & ends[last] & (sentences[last] == sentences[:, None])
    lengths = np.arange(1, longest + 1)
    scores = np.where(allowed, start[:, None] + end[last] - length_cost(lengths), -np.inf).ravel()
    return Scored(scores, longest, _log_sum(start) + _log_sum(end))


def length_cost(lengths: NDArray[np.int64] | int) -> NDArray[np.float32]:
    """Return what spans of so many tokens, 1 at least, lose of their scores."""
    return np.asarray(SHORTER * np.log(lengths), dtype=np.float32)


def tidy(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without stray punctuation at its ends, with cut numbers and addresses whole.

    A span of several cells of a table is cut to the first.

    Args:
        text: The text that the span is of.
        start: First character.
        end: One past the last character.

    Returns:
        The mended span; empty (start == end) if only punctuation was in it.
    """
    cell = text.find(_CELL, start, end)
    if cell > start:
        end = cell
    if "@" in text[start : end + _NEAR] or "://" in text[max(0, start - _NEAR) : end]:
        for match in _ADDRESS.finditer(text, max(0, start - _NEAR), end + _NEAR):
            if match.start() < end and start < match.end():
                start, end = min(start, match.start()), max(end, match.end())
    if 0 < start < end and text[start - 1] == '"' and '"' in text[start:end]:
        start -= 1  # "Steam" and "Air" begins with a quotation, and may end with one
        end += text[end : end + 1] == '"' and text.count('"', start, end) % 2
    if start < end and (text[start].isdigit()):
        before = _NUMBER_BEFORE.search(text, max(0, start - 24), start)
        if before is not None and _number_start(text, before.start()):
            start = before.start()
    if start < end and text[end - 1].isdigit():
        after = _NUMBER_AFTER.match(text, end)
        if after is not None:
            end = after.end()
    while start < end and (text[start].isspace() or text[start] in ",;:.!?)]}”’'\"–—-"):
        if text[start] in "'\"’" and text.find(text[start], start + 1, end) > 0:
            break
        if text[start] in ".-" and start + 1 < end and text[start + 1].isdigit():
            break
        start += 1
    while start < end and _stray_end(text, start, end):
        end -= 1
    while start < end and text[start] in _OPEN and _OPEN[text[start]] not in text[start:end]:
        start += 1
    if end < len(text) and any(
        closing == text[end] and opening in text[start:end] and closing not in text[start:end]
        for opening, closing in _OPEN.items()
    ):
        end += 1
    return start, end


def _log_sum(values: NDArray[np.float32]) -> float:
    top = float(values.max())
    return top + float(np.log(np.exp(values - top).sum()))


def _number_start(text: str, position: int) -> bool:
    return position == 0 or not text[position - 1].isalnum()


def _stray_end(text: str, start: int, end: int) -> bool:
    last = text[end - 1]
    if last.isspace() or last in ",;:!?–—-([{“":
        return True
    if last == ".":
        # "U.S." keeps its stop, the end of a sentence does not.
        word = text[start:end].split()[-1] if text[start:end].split() else ""
        return word.count(".") < 2
    if last in "\"'":
        return text.count(last, start, end) % 2 == 1
    if last in ")]}”»":
        return next(k for k, v in _OPEN.items() if v == last) not in text[start:end]
    if last == "’":
        return "‘" not in text[start:end] and not (end - start > 1 and text[end - 2] == "s")
    return False

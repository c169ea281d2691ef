"""Article -> overlapping passages of whole sentences inside the embedder's token window.

Page furniture is cut out: a passage never contains any, so none is ever retrieved. The window
is measured with the embedder's own tokenizer and with the title in front, because that is the
text that is embedded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag.language import sentences
from rag.types import Article, Passage, Span

CountTokens = Callable[[Sequence[str]], list[int]]

_WORD = re.compile(r"\S+\s*")
_CLAUSE_END = re.compile(r"[,;:—–)\"”]\s*$")
_LONGEST_PIECE = 200  # characters; a longer run without spaces is cut before it is measured


def split(
    article: Article, count_tokens: CountTokens, max_tokens: int, overlap: int = 1
) -> tuple[Passage, ...]:
    """Split an article into passages.

    ``article.text[p.start:p.end] == p.text`` for every passage, and together the passages cover
    every character that is neither furniture nor white space. A sentence that does not fit into
    the window by itself is cut after a clause, else between words, else between characters; its
    parts then count as sentences.

    Args:
        article: The article.
        count_tokens: Lengths of texts in the embedder's tokens, special tokens included.
        max_tokens: Longest passage with its title (see ``embedding_text``), in those tokens.
        overlap: Sentences that neighbouring passages share where that fits. Passages on two
            sides of furniture share none.

    Returns:
        The passages in the order of the text; none if there is nothing but furniture.
    """
    title = fit_title(article.title, count_tokens, max_tokens)
    empty, with_title = count_tokens(["", _join(title, "")])
    budget = max(1, max_tokens - with_title)
    passages: list[Passage] = []
    for run in _runs(article):
        for units in _windows(article.text, run, title, count_tokens, empty, budget,
                              budget + with_title, overlap):
            start, end = units[0][0], units[-1][1]
            passages.append(
                Passage(
                    article=article.name,
                    ordinal=len(passages),
                    start=start,
                    end=end,
                    text=article.text[start:end],
                    sentences=tuple(units),
                )
            )
    return tuple(passages)


def fit_title(title: str, count_tokens: CountTokens, max_tokens: int) -> str:
    """Cut a title after the last word that keeps it within a quarter of the window."""
    short = title.strip()
    if len(title) <= 20 * max_tokens and count_tokens([short])[0] <= max_tokens // 4:
        return short
    words = [m.group() for m in _WORD.finditer(title[: 20 * max_tokens])]
    starts = ["".join(words[:n]).strip() for n in range(len(words) + 1)]
    return max(
        (s for s, n in zip(starts, count_tokens(starts), strict=True) if n <= max_tokens // 4),
        key=len,
        default="",
    )


def embedding_text(title: str, passage: str) -> str:
    """The text that is embedded for a passage: its fitted title, a line break, the passage."""
    return _join(title, passage)


def _join(title: str, passage: str) -> str:
    return f"{title}\n{passage}" if title else passage


def _runs(article: Article) -> list[list[Span]]:
    """Sentences without their furniture, in runs that no furniture interrupts."""
    runs: list[list[Span]] = [[]]
    furniture = iter((*article.furniture, (len(article.text) + 1,) * 2))
    block = next(furniture)
    for start, end in sentences.split(article.text):
        while block[1] <= start:
            runs.append([])
            block = next(furniture)
        here = start
        while block[0] < end:
            _add_trimmed(runs[-1], article.text, here, block[0])
            here = block[1]
            if block[1] > end:
                break
            runs.append([])
            block = next(furniture)
        _add_trimmed(runs[-1], article.text, here, end)
    return [run for run in runs if run]


def _add_trimmed(run: list[Span], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    if stripped := piece.strip():
        start += piece.index(stripped[0])
        run.append((start, start + len(stripped)))


def _windows(
    text: str,
    run: list[Span],
    title: str,
    count_tokens: CountTokens,
    empty: int,
    budget: int,
    window: int,
    overlap: int,
) -> list[list[Span]]:
    """The run's sentences in groups of at most ``budget`` tokens.

    Lengths of parts need not add up to the length of the whole (a word that was cut, a
    tokenizer that looks across spaces), so the whole is measured and the budget lowered until
    every group holds.
    """
    lengths = [max(0, n - empty) for n in count_tokens([text[a:b] for a, b in run])]
    while True:
        units, sizes = _cut_long(text, run, lengths, count_tokens, empty, budget)
        groups = [units[first : last + 1] for first, last in _pack(sizes, budget, overlap)]
        wholes = count_tokens([_join(title, text[g[0][0] : g[-1][1]]) for g in groups])
        excess = max(wholes) - window
        if excess <= 0 or budget == 1:
            return groups
        budget = max(1, budget - excess)


def _cut_long(
    text: str,
    run: list[Span],
    lengths: list[int],
    count_tokens: CountTokens,
    empty: int,
    budget: int,
) -> tuple[list[Span], list[int]]:
    """Cut the sentences that are longer than the budget; return all units and their sizes."""
    units: list[Span] = []
    sizes: list[int] = []
    for (start, end), length in zip(run, lengths, strict=True):
        if length <= budget:
            units.append((start, end))
            sizes.append(length)
            continue
        pieces, weights = _pieces(text, start, end, count_tokens, empty, budget)
        first = 0
        while first < len(pieces):
            last, total = first, weights[first]
            while last + 1 < len(pieces) and total + weights[last + 1] <= budget:
                last += 1
                total += weights[last]
            if last + 1 < len(pieces):
                last = _clause_end(text, pieces, first, last)
            begin, stop = pieces[first][0], pieces[last][1]
            units.append((begin, begin + len(text[begin:stop].rstrip())))
            sizes.append(sum(weights[first : last + 1]))
            first = last + 1
    return units, sizes


def _pieces(
    text: str, start: int, end: int, count_tokens: CountTokens, empty: int, budget: int
) -> tuple[list[Span], list[int]]:
    """Words with their trailing space and token counts, each halved until it fits."""
    done: list[tuple[Span, int]] = []
    todo = [
        (at, min(at + _LONGEST_PIECE, word.end()))
        for word in _WORD.finditer(text, start, end)
        for at in range(word.start(), word.end(), _LONGEST_PIECE)
    ]
    while todo:
        counts = count_tokens([text[a:b] for a, b in todo])
        halves: list[Span] = []
        for (a, b), n in zip(todo, counts, strict=True):
            if n - empty <= budget or b - a == 1:
                done.append(((a, b), max(0, n - empty)))
            else:
                halves += [(a, (a + b) // 2), ((a + b) // 2, b)]
        todo = halves
    done.sort()
    return [span for span, _ in done], [n for _, n in done]


def _clause_end(text: str, pieces: list[Span], first: int, last: int) -> int:
    """The last piece in the second half that ends a clause, else the last piece."""
    for at in range(last, first + (last - first) // 2, -1):
        if _CLAUSE_END.search(text[pieces[at][0] : pieces[at][1]]):
            return at
    return last


def _pack(sizes: list[int], budget: int, overlap: int) -> list[tuple[int, int]]:
    """Greedy runs of units within the budget, as (first, last) indices, last included."""
    packed: list[tuple[int, int]] = []
    first = 0
    while True:
        last, total = first, sizes[first]
        while last + 1 < len(sizes) and total + sizes[last + 1] <= budget:
            last += 1
            total += sizes[last]
        packed.append((first, last))
        if last + 1 == len(sizes):
            return packed
        following = last + 1
        room = budget - sizes[following]
        first = following
        while first > max(following - overlap, packed[-1][0] + 1) and sizes[first - 1] <= room:
            first -= 1
            room -= sizes[first]

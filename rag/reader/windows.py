"""Question and passage as the token windows that a reader sees, sliding over long passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

# The share of a window that the question may take; a longer question loses its middle, which
# names least in the questions that people write (they begin with the question word).
QUESTION_TOKENS = 96


@dataclass(frozen=True, slots=True)
class Window:
    """One input of the reader.

    Attributes:
        passage: Index of the passage among those that were given.
        ids: Token ids, unpadded; the first is the "not here" token ([CLS]).
        types: 0 for the question's tokens, 1 for the passage's.
        offsets: For each token its first and one-past-last character in the passage;
            (-1, -1) for tokens that are not the passage's.
        starts: Tokens of the passage that begin a word.
        ends: Tokens of the passage that end a word.
    """

    passage: int
    ids: NDArray[np.int64]
    types: NDArray[np.int64]
    offsets: NDArray[np.int64]
    starts: NDArray[np.bool_]
    ends: NDArray[np.bool_]


def windows(
    tokenizer: Tokenizer,
    question: str,
    passages: Sequence[str],
    cls: int,
    sep: int,
    longest: int,
    stride: int,
) -> list[Window]:
    """Return the windows of all passages, those of one passage next to each other.

    Args:
        tokenizer: A tokenizer with truncation and padding switched off.
        question: The question.
        passages: The passages.
        cls: Id of [CLS].
        sep: Id of [SEP].
        longest: Longest window, in tokens.
        stride: Tokens that neighbouring windows of one passage share.
    """
    asked = tokenizer.encode(question, add_special_tokens=False).ids
    if len(asked) > QUESTION_TOKENS:
        asked = asked[: QUESTION_TOKENS // 2] + asked[-QUESTION_TOKENS // 2 :]
    head = [cls, *asked, sep]
    room = longest - len(head) - 1
    made: list[Window] = []
    encodings = tokenizer.encode_batch(list(passages), add_special_tokens=False)
    for index, encoding in enumerate(encodings):
        size = len(encoding.ids)
        at = 0
        while size:
            made.append(_window(index, head, sep, encoding, at, min(size, at + room)))
            if at + room >= size:
                break
            at += room - stride
    return made


def _window(
    passage: int, head: list[int], sep: int, encoding: Encoding, first: int, last: int
) -> Window:
    ids = head + encoding.ids[first:last] + [sep]
    types = [0] * len(head) + [1] * (last - first + 1)
    offsets = np.full((len(ids), 2), -1, dtype=np.int64)
    offsets[len(head) : -1] = encoding.offsets[first:last]
    words = encoding.word_ids[first:last]
    starts = np.zeros(len(ids), dtype=np.bool_)
    ends = np.zeros(len(ids), dtype=np.bool_)
    for i, word in enumerate(words):
        starts[len(head) + i] = i == 0 or words[i - 1] != word
        ends[len(head) + i] = i + 1 == len(words) or words[i + 1] != word
    return Window(
        passage, np.asarray(ids), np.asarray(types, dtype=np.int64), offsets, starts, ends
    )


def token_span(encoding: Encoding, span: tuple[int, int]) -> tuple[int, int]:
    """First and last token that touch the characters ``[span[0], span[1])``."""
    offsets = encoding.offsets
    first = next((i for i, (_, e) in enumerate(offsets) if e > span[0]), len(offsets) - 1)
    last = first
    while last + 1 < len(offsets) and offsets[last + 1][0] < span[1]:
        last += 1
    return first, last

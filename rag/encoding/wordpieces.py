"""Texts as a BERT tokenizer's ids, word by word, each word cut into its pieces only once.

A BERT tokenizer never looks across the spaces between words: a text's ids are those of its words,
one after another. Articles use the same words again and again, so remembering a word's pieces
makes counting and encoding about ten times as fast as cutting every text anew, with equal ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_MOST = 50_000  # words that are remembered: some 10 MB


class WordPieces:
    """Ids of texts, without special tokens.

    Calls from several threads are safe.

    Args:
        tokenizer: A BERT tokenizer with truncation and padding switched off.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._known: dict[str, list[int]] = {}

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the ids of each text, special tokens not included."""
        known = self._known
        split = [_words(text) for text in texts]
        unknown = list({word for words in split for word in words if word not in known})
        if unknown:
            if len(known) + len(unknown) > _MOST:
                # Another thread may still look into the old one.
                known = {}
                unknown = list({word for words in split for word in words})
            encoded = self._tokenizer.encode_batch_fast(unknown, add_special_tokens=False)
            known.update((word, e.ids) for word, e in zip(unknown, encoded, strict=True))
            self._known = known
        return [[piece for word in words for piece in known[word]] for words in split]


def _words(text: str) -> list[str]:
    """Split at spaces; rarer kinds of space stay inside a word, which the tokenizer splits."""
    return text.replace("\n", " ").replace("\t", " ").replace("\r", " ").split(" ")

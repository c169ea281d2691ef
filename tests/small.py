"""A small deterministic embedder for tests of what lies around it: words hashed to a vector."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


class WordEmbedder:
    """Bag of words, each hashed to a random direction; counts what it was asked to embed."""

    name = "words"
    digest = "words-1"
    dimension = 32
    max_tokens = 64

    def __init__(self) -> None:
        self.embedded: list[str] = []
        self.prepared = 0

    def prepare(self) -> None:
        self.prepared += 1

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [2 + len(re.findall(r"\w+|[^\w\s]", text)) for text in texts]

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += texts
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        return np.stack([self.embed_question(text) for text in texts])

    def embed_question(self, text: str) -> NDArray[np.float32]:
        total = np.full(self.dimension, 1e-3)
        for word in re.findall(r"\w+", text.lower()):
            seed = hashlib.blake2b(word.encode(), digest_size=8).digest()
            total += np.random.default_rng(int.from_bytes(seed, "big")).normal(size=self.dimension)
        return (total / np.linalg.norm(total)).astype(np.float32)

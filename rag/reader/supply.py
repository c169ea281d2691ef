"""The endless training stream as batches, made here or ahead of time by other processes.

What the stream holds follows from the recipe, the seed and the position alone, so that a run can
stop anywhere and go on, with any number of workers.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from tokenizers import Tokenizer

from rag.encoding.modelfolder import load_tokenizer
from rag.reader.data import Recipe, stream
from rag.reader.features import Batch, Features, batches, featurize
from rag.reader.swaps import NameBook


class Stream:
    """Batches without end, with a position that can be saved and restored.

    Args:
        recipe: Which data, how much of each.
        data: Folder of the recipe's files.
        tokenizer: Folder of an encoder or reader with a ``tokenizer.json``.
        tokens: Largest number of tokens a batch.
        seed: Of all chance.
        workers: Processes that make shards ahead; 0 makes them here.

    Raises:
        SettingsError: A file of the recipe is missing or not in order.
        ModelError: There is no usable tokenizer.

    Attributes:
        shard: Number of the present shard.
        at: Batches of it that were used.
    """

    def __init__(self, recipe: Path, data: Path, tokenizer: Path, tokens: int, seed: int,
                 workers: int = 0) -> None:
        self._args = recipe, data, tokenizer, tokens, seed
        self._workers = workers
        _material.cache_clear()  # the files may have changed since another stream read them
        # What is wrong with the data is said before any work.
        if workers:
            Recipe.load(recipe, data)
        else:
            _material(recipe, data, tokenizer)
        self.shard, self.at = 0, 0

    def __iter__(self) -> Iterator[Batch]:
        for made in self._shards():
            while self.at < len(made):
                self.at += 1
                yield made[self.at - 1]
            self.shard, self.at = self.shard + 1, 0

    def _shards(self) -> Iterator[list[Batch]]:
        """Yield the shards from the present one on."""
        if not self._workers:
            while True:
                yield _shard(*self._args, self.shard)
        # Not forked: a process that has threads or a GPU cannot be forked safely.
        pool = ProcessPoolExecutor(self._workers, get_context("spawn"))
        ahead: deque[Future[list[Batch]]] = deque()
        try:
            while True:
                while len(ahead) <= self._workers:
                    ahead.append(pool.submit(_shard, *self._args, self.shard + len(ahead)))
                yield ahead.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


@cache
def _material(recipe: Path, data: Path, tokenizer: Path) -> tuple[Recipe, NameBook, Tokenizer]:
    """What every shard is made from; kept, because reading it takes as long as a shard."""
    loaded = Recipe.load(recipe, data)
    book = NameBook.of(context for source in loaded.sources
                       for contexts in source.by_title.values() for context in contexts)
    return loaded, book, load_tokenizer(tokenizer)


def shard_features(recipe: Path, data: Path, tokenizer: Path, seed: int, shard: int
                   ) -> list[Features]:
    """Return the examples of one shard of the stream as tokens."""
    loaded, book, cut = _material(recipe, data, tokenizer)
    return featurize(stream(loaded, seed, shard, book), cut, loaded.max_tokens, _own(seed, shard))


def _shard(recipe: Path, data: Path, tokenizer: Path, tokens: int, seed: int, shard: int
           ) -> list[Batch]:
    features = shard_features(recipe, data, tokenizer, seed, shard)
    return batches(features, tokens, _own(seed, shard))


def _own(seed: int, shard: int) -> int:
    """The seed of what is drawn for one shard."""
    return seed * 1_000_003 + shard

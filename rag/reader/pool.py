"""Training examples kept as tokens in the device's memory, in batches of one length.

Rows of a batch are equally long, so that nothing is padded and attention needs no mask: a GPU then
runs its fastest kernels, and what it runs for a length can be recorded once. Going through the
same examples again costs no preparation, and what teachers say of them is asked for once.
``python -m rag.reader.pool`` makes the examples, for a machine that need not have the data.
"""

from __future__ import annotations

import argparse
import lzma
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from tqdm import tqdm

from rag.errors import ModelError, SettingsError
from rag.reader.features import Features
from rag.reader.losses import Told
from rag.reader.supply import shard_features

STEP = 8  # tokens; every example is cut to a multiple of it, so that there are few lengths


@dataclass(frozen=True, slots=True)
class Packed:
    """N examples of all lengths, end to end.

    Attributes:
        ids: Their token ids, one after the other.
        labels: (N, 4) length, first passage token, first and last answer token (as in
            :class:`rag.reader.features.Features`).
        verdicts: (N, 3) which verdicts are right; all 0 where that is not known.
    """

    ids: NDArray[np.int16]
    labels: NDArray[np.int16]
    verdicts: NDArray[np.int8]

    @classmethod
    def of(cls, features: Sequence[Features]) -> Packed:
        """Pack examples, each cut to a multiple of STEP tokens; those that cannot be are left."""
        cut = [short for f in features if (short := shortened(f, STEP)) is not None]
        return cls(
            np.concatenate([f.ids for f in cut]).astype(np.int16),
            np.array([(len(f.ids), f.passage_at, f.start, f.end) for f in cut], np.int16),
            np.array([f.verdict or (0, 0, 0) for f in cut], np.int8))

    @classmethod
    def joined(cls, parts: Sequence[Packed]) -> Packed:
        """Put several together."""
        return cls(np.concatenate([p.ids for p in parts]),
                   np.concatenate([p.labels for p in parts]),
                   np.concatenate([p.verdicts for p in parts]))

    def save(self, path: Path) -> None:
        """Write them, compressed: examples of the same passages cost next to nothing again."""
        # The window has to reach back to where a passage stood in an earlier pass.
        filters = [{"id": lzma.FILTER_LZMA2, "preset": 4, "dict_size": 1 << 28}]
        with lzma.open(path, "wb", filters=filters) as file:
            for array in (self.labels, self.verdicts, self.ids):
                np.save(file, array)

    @classmethod
    def read(cls, path: Path) -> Packed:
        """Read what :meth:`save` wrote.

        Raises:
            SettingsError: It is something else, or damaged.
        """
        try:
            with lzma.open(path, "rb") as file:
                labels, verdicts, ids = (np.load(file) for _ in range(3))
        except (lzma.LZMAError, EOFError, ValueError) as error:
            raise SettingsError(f"{path}: cannot be read as a pool of examples ({error}); make it "
                                "anew with python -m rag.reader.pool") from None
        return cls(ids, labels, verdicts)


def shortened(f: Features, step: int) -> Features | None:
    """Take tokens off the passage, after the answer or else before it, down to a multiple.

    Returns:
        The example; None where the passage has too little beside the answer.
    """
    extra, last = len(f.ids) % step, len(f.ids) - 2
    first, end = (f.start, f.end) if f.start > 0 else (last, f.passage_at)
    tail = min(extra, last - end)
    lead = extra - tail
    if lead > first - f.passage_at or len(f.ids) < step + f.passage_at:
        return None
    ids = np.concatenate([f.ids[: f.passage_at], f.ids[f.passage_at + lead : last + 1 - tail],
                          f.ids[-1:]])
    moved = lead if f.start > 0 else 0
    return Features(ids, f.passage_at, f.start - moved, f.end - moved, f.verdict, f.taught)


@dataclass(slots=True)
class Group:
    """All examples of L tokens.

    Attributes:
        ids: (N, L) token ids.
        labels: (N, 3) first passage token, first and last answer token.
        verdicts: (N, 3) which verdicts are right.
        told: What teachers say of them, in fp16; None before they were asked.
    """

    ids: Tensor
    labels: Tensor
    verdicts: Tensor
    told: Told | None = None


class Pool:
    """Examples by their length.

    Args:
        packed: The examples.
        tokens: Largest number of tokens a batch.
        device: Where they are kept.

    Attributes:
        groups: By length.
        size: Tokens in all.
    """

    def __init__(self, packed: Packed, tokens: int, device: str) -> None:
        self.tokens = tokens
        labels, verdicts = packed.labels, packed.verdicts
        at = np.concatenate([[0], np.cumsum(labels[:, 0], dtype=np.int64)])
        self.size = int(at[-1])
        self.groups: dict[int, Group] = {}
        for length in np.unique(labels[:, 0]).tolist():
            rows = np.flatnonzero(labels[:, 0] == length)
            ids = packed.ids[at[rows][:, None] + np.arange(length)]
            tokens_of, labels_of, verdicts_of = (
                torch.from_numpy(a).to(device) for a in (ids, labels[rows, 1:], verdicts[rows]))
            self.groups[length] = Group(tokens_of, labels_of, verdicts_of)

    def rows_of(self, length: int) -> int:
        """How many examples of a length make a batch."""
        return max(1, min(self.tokens // length, len(self.groups[length].ids)))

    def batches(self, seed: int) -> Iterator[tuple[int, Tensor]]:
        """Yield lengths and rows of them for one pass, in an order drawn from ``seed``.

        All batches of a length are full: what is over, another in every pass, waits for the next.
        """
        rng = np.random.default_rng(seed)
        plan = []
        for length, group in self.groups.items():
            size = self.rows_of(length)
            order = torch.from_numpy(rng.permutation(len(group.ids))).to(group.ids.device)
            plan += [(length, order[i : i + size])
                     for i in range(0, len(order) - size + 1, size)]
        for at in rng.permutation(len(plan)):
            yield plan[at]


def make(recipe: Path, data: Path, tokenizer: Path, seed: int, shards: Sequence[int],
         workers: int) -> Iterator[Packed]:
    """Yield shards of the training stream, packed, made by ``workers`` processes (0: here).

    Raises:
        SettingsError: A file of the recipe is missing or not in order.
        ModelError: There is no usable tokenizer.
    """
    one = partial(_packed, recipe, data, tokenizer, seed)
    if not workers:
        yield from map(one, shards)
        return
    # Not forked: a process that has threads or a GPU cannot be forked safely.
    with ProcessPoolExecutor(workers, get_context("spawn")) as executor:
        yield from executor.map(one, shards)


def _packed(recipe: Path, data: Path, tokenizer: Path, seed: int, shard: int) -> Packed:
    return Packed.of(shard_features(recipe, data, tokenizer, seed, shard))


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m rag.reader.pool", description="Make training examples and keep them.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    add = parser.add_argument
    add("--tokenizer", type=Path, required=True, help="folder of the encoder or reader")
    add("--recipe", type=Path, required=True, help="TOML file: which data, how much of each")
    add("--data", type=Path, required=True, help="folder of the recipe's files")
    add("--shards", type=int, default=60, help="shards of the recipe's stream")
    add("--seed", type=int, default=1, help="of all chance")
    add("--workers", type=int, default=0, help="processes; 0: this one")
    add("--out", type=Path, required=True, help="file to write")
    o = parser.parse_args(argv)
    try:
        made = make(o.recipe, o.data, o.tokenizer, o.seed, range(o.shards), o.workers)
        packed = Packed.joined(list(tqdm(made, "shards", o.shards,
                                         disable=not sys.stderr.isatty())))
        packed.save(o.out)
    except (SettingsError, ModelError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(f"{o.out}: {len(packed.labels):,} examples of {len(packed.ids):,} tokens")
    return 0


if __name__ == "__main__":
    sys.exit(main())

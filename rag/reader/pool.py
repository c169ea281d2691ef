"""Training examples kept as tokens in the device's memory, in batches of one length.

Rows of a batch are equally long, so that nothing is padded and attention needs no mask: a GPU then
runs its fastest kernels. Going through the same examples again costs no preparation, and what
teachers say of them is asked for once.
"""

from __future__ import annotations

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

from rag.reader.features import Features
from rag.reader.losses import Told
from rag.reader.supply import shard_features


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
        """Pack examples."""
        return cls(
            np.concatenate([f.ids for f in features]).astype(np.int16),
            np.array([(len(f.ids), f.passage_at, f.start, f.end) for f in features], np.int16),
            np.array([f.verdict or (0, 0, 0) for f in features], np.int8))


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
        parts: The examples.
        tokens: Largest number of tokens a batch.
        device: Where they are kept.

    Attributes:
        groups: By length.
        size: Tokens in all.
    """

    def __init__(self, parts: Sequence[Packed], tokens: int, device: str) -> None:
        self.tokens = tokens
        labels = np.concatenate([p.labels for p in parts])
        verdicts = np.concatenate([p.verdicts for p in parts])
        ids = np.concatenate([p.ids for p in parts])
        at = np.concatenate([[0], np.cumsum(labels[:, 0], dtype=np.int64)])
        self.size = int(at[-1])
        self.groups: dict[int, Group] = {}
        for length in np.unique(labels[:, 0]).tolist():
            rows = np.flatnonzero(labels[:, 0] == length)
            tokens_of = ids[at[rows][:, None] + np.arange(length)]
            self.groups[length] = Group(*(torch.from_numpy(a).to(device) for a in (
                tokens_of, labels[rows, 1:], verdicts[rows])))

    def batches(self, seed: int) -> Iterator[tuple[Group, Tensor]]:
        """Yield every example once, as groups and rows of them, in an order drawn from ``seed``.

        A length's last batch is left out if it is less than half full and not the only one.
        """
        rng = np.random.default_rng(seed)
        plan = []
        for length, group in self.groups.items():
            size = max(1, self.tokens // length)
            order = rng.permutation(len(group.ids))
            cuts = [order[i : i + size] for i in range(0, len(order), size)]
            if len(cuts) > 1 and len(cuts[-1]) < size / 2:
                cuts.pop()
            plan += [(group, cut) for cut in cuts]
        for at in rng.permutation(len(plan)):
            group, cut = plan[at]
            yield group, torch.from_numpy(cut).to(group.ids.device)


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

"""Examples as tokens: windows around the answer, and batches of like length."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from rag.encoding.modelfolder import special
from rag.reader.data import Example
from rag.reader.windows import token_span

MAX_QUESTION = 48  # tokens
LAST_SPECIAL = 103  # token id; up to it BERT's vocabularies have markers, that are never hidden
UNKNOWN = -100  # what torch's cross entropy passes over


@dataclass(frozen=True, slots=True)
class Features:
    """An example as tokens: ids, the first passage token, and labels as token positions.

    ``start`` and ``end`` are 0 where the passage does not answer, and UNKNOWN where nothing is
    known of a span.
    """

    ids: NDArray[np.int32]
    passage_at: int
    start: int
    end: int
    verdict: tuple[int, int, int] | None
    taught: bool = True


def featurize(examples: Sequence[Example], tokenizer: Tokenizer, max_tokens: int, seed: int
              ) -> list[Features]:
    """Turn examples into tokens; a long passage becomes one window around its answer."""
    questions = tokenizer.encode_batch([e.question for e in examples], add_special_tokens=False)
    contexts = tokenizer.encode_batch([e.context for e in examples], add_special_tokens=False)
    cls, sep = special(tokenizer, "[CLS]"), special(tokenizer, "[SEP]")
    rng = random.Random(seed)
    features = []
    for example, q, c in zip(examples, questions, contexts, strict=True):
        head = [cls, *q.ids[:MAX_QUESTION], sep]
        room = max_tokens - len(head) - 1
        first = last = None
        if example.span:
            first, last = token_span(c, example.span)
        at = 0
        if len(c.ids) > room:
            low, high = 0, len(c.ids) - room
            if first is not None and last is not None:
                low, high = max(low, last - room + 1), min(high, first)
            at = rng.randint(min(low, high), max(low, high))
        ids = np.array([*head, *c.ids[at : at + room], sep], dtype=np.int32)
        start = end = 0 if example.pointed else UNKNOWN
        if first is not None and last is not None:
            start = len(head) + first - at
            end = min(len(head) + last - at, len(ids) - 2)
        features.append(Features(ids, len(head), start, end, example.verdict, example.taught))
    return features


@dataclass(frozen=True, slots=True)
class Batch:
    """Examples of like length, padded to L tokens.

    Attributes:
        ids: (B, L) token ids, 0 where padded.
        sizes: (B,) tokens without padding.
        passage_at: (B,) first token of the passage.
        start: (B,) first token of the answer; 0 where the passage does not answer, UNKNOWN where
            that is not known.
        end: (B,) its last token.
        verdicts: (B, 3) which verdicts are right; all 0 where that is not known.
        taught: Whether teachers are asked, too; the same for all of a batch.
    """

    ids: NDArray[np.int32]
    sizes: NDArray[np.int32]
    passage_at: NDArray[np.int32]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    verdicts: NDArray[np.float32]
    taught: bool

    @classmethod
    def of(cls, group: Sequence[Features]) -> Batch:
        """Put examples together."""
        ids = np.zeros((len(group), padded(max(len(f.ids) for f in group))), dtype=np.int32)
        for row, f in zip(ids, group, strict=True):
            row[: len(f.ids)] = f.ids
        return cls(
            ids,
            np.array([len(f.ids) for f in group], dtype=np.int32),
            np.array([f.passage_at for f in group], dtype=np.int32),
            np.array([f.start for f in group], dtype=np.int64),
            np.array([f.end for f in group], dtype=np.int64),
            np.array([f.verdict or (0, 0, 0) for f in group], dtype=np.float32),
            all(f.taught for f in group))


def batches(features: Sequence[Features], tokens: int, seed: int) -> list[Batch]:
    """Group examples of like length, apart from those that teachers are not asked about.

    Args:
        features: Of one shard.
        tokens: Largest number of tokens a batch, padding included.
        seed: Of the order of the batches.
    """
    groups: dict[tuple[int, bool], list[Features]] = defaultdict(list)
    for f in features:
        groups[padded(len(f.ids)), f.taught].append(f)
    result = []
    for (length, _), members in sorted(groups.items()):
        size = max(1, tokens // length)
        result += [Batch.of(members[i : i + size]) for i in range(0, len(members), size)]
    random.Random(seed).shuffle(result)
    return result


def padded(length: int) -> int:
    """Round up to a multiple of 32: few shapes, few kernels to build."""
    return -(-length // 32) * 32

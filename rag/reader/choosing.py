"""The verifier while it learns: the reader's network with corrections, and batches of answers.

Only the corrections, the biases, norms and heads are learnt (Hu et al., LoRA, ICLR 2022).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from torch import Tensor, nn

from rag.reader.network import ReaderNetwork
from rag.reader.verifier import NONE, SCALE, Marked, mark

_SHARD = 2048  # questions that are sorted by length together
_STEP = 16  # lengths are multiples of this: few shapes, few kernels to build
_NEVER = -1e4  # the score of an answer that is not there


class LowRank(nn.Module):
    """A linear layer whose weights stay, with a correction that is learnt."""

    def __init__(self, base: nn.Linear, rank: int) -> None:
        super().__init__()
        self.base = base
        base.weight.requires_grad_(False)
        start = torch.randn(base.in_features, rank) / base.in_features**0.5
        self.down, self.up = nn.Parameter(start), nn.Parameter(torch.zeros(rank, base.out_features))

    def forward(self, x: Tensor) -> Tensor:
        """Return the layer's output for ``x`` (..., inputs)."""
        result: Tensor = self.base(x) + x @ self.down @ self.up
        return result


class Batch(NamedTuple):
    """Some questions' answers: R rows of L tokens, k answers a question at most."""

    ids: Tensor  # (R, L)
    types: Tensor  # (R, L)
    mask: Tensor  # (R, L)
    first: Tensor  # (R,) first token of the answer
    last: Tensor  # (R,) its last
    rows: Tensor  # (questions, k) row of each answer, -1 for none
    right: Tensor  # (questions, k + 1) which are right; the last is "none of them"


class VerifierNetwork(nn.Module):
    """The reader with corrections; scores marked answers."""

    def __init__(self, folder: Path, rank: int, dropout: float) -> None:
        super().__init__()
        self.reader = ReaderNetwork.load(folder, dropout)
        self.scale = nn.Parameter(torch.full((1,), 0.5))
        self.none = nn.Parameter(torch.zeros(1))
        for parameter in self.reader.bert.embeddings.parameters():
            parameter.requires_grad_(False)
        for layer in self.reader.bert.encoder.layer:
            own = layer.attention.self
            for of, name in ((own, "query"), (own, "key"), (own, "value"),
                             (layer.attention.output, "dense"), (layer.intermediate, "dense"),
                             (layer.output, "dense")):
                setattr(of, name, LowRank(getattr(of, name), rank))

    def forward(self, batch: Batch) -> Tensor:
        """Return the logarithms of the shares of the answers and of "none", (questions, k + 1)."""
        # Not by the reader's own outputs: it takes no token of the first segment for an answer.
        hidden = self.reader.bert(input_ids=batch.ids, token_type_ids=batch.types,
                                  attention_mask=batch.mask).last_hidden_state
        spans = self.reader.qa_outputs(hidden).float()  # type: ignore[operator]
        absent = self.reader.null_head(hidden[:, 0]).float().squeeze(-1)  # type: ignore[operator]
        at = torch.arange(len(batch.ids))
        margin = (spans[at, batch.first, 0] + spans[at, batch.last, 1] - spans[:, 0].sum(-1)
                  - absent)
        scores = (self.scale * margin)[batch.rows.clamp_min(0)]
        scores = scores.masked_fill(batch.rows < 0, _NEVER)
        none = self.none.expand(len(scores), 1)
        return torch.cat([scores, none], 1).log_softmax(1)

    def save(self, path: Path) -> None:
        """Write what was learnt, in fp16."""
        learnt: dict[str, Tensor] = {SCALE: self.scale, NONE: self.none}
        for name, value in self.reader.named_parameters():
            if value.requires_grad and not name.startswith("verdict_head"):
                learnt[name.replace(".base.", ".")] = value
        arrays = {k: v.detach().to(torch.float16).numpy() for k, v in learnt.items()}
        save_file(arrays, path)


Example = tuple[list[Marked], list[bool]]


def examples_of(cases: Sequence[dict[str, Any]], tokenizer: Tokenizer) -> list[Example]:
    """Return the answers of cases as tokens, with which are right; cases without any left out."""
    return [([mark(tokenizer, case["question"], a["title"], a["around"], a["span"])
              for a in case["answers"]], [bool(a["right"]) for a in case["answers"]])
            for case in cases if case["answers"]]


def collated(examples: Sequence[Example], tokens: int = 0) -> Batch:
    """Put questions together; empty rows fill up to ``tokens``, so that there are few shapes."""
    marked = [one for answers, _ in examples for one in answers]
    length = _padded(max(len(m.ids) for m in marked))
    count = max(len(marked), tokens // length)
    ids, types, mask = np.zeros((3, count, length), np.int64)
    mask[:, 0] = 1  # an empty row attends to something
    first, last = np.zeros((2, count), np.int64)
    for at, one in enumerate(marked):
        size = len(one.ids)
        ids[at, :size], types[at, :size], mask[at, :size] = one.ids, one.types, 1
        first[at], last[at] = one.first, one.last
    most = max(len(answers) for answers, _ in examples)
    rows = np.full((len(examples), most), -1)
    right = np.zeros((len(examples), most + 1), bool)
    start = 0
    for at, (answers, truth) in enumerate(examples):
        rows[at, : len(answers)] = np.arange(start, start + len(answers))
        right[at, : len(answers)], right[at, -1] = truth, not any(truth)
        start += len(answers)
    return Batch(*(torch.from_numpy(a) for a in (ids, types, mask, first, last, rows, right)))


def loss_of(shares: Tensor, batch: Batch) -> Tensor:
    """Return the mean distance from the right answers, taken together."""
    return -shares.masked_fill(~batch.right, _NEVER).logsumexp(1).mean()


def stream(examples: Sequence[Example], tokens: int, seed: int) -> Iterator[Batch]:
    """Yield batches without end, each example once before any comes again."""
    lengths = [max(len(m.ids) for m in answers) for answers, _ in examples]
    turn = 0
    while True:
        rng = random.Random(f"{seed}/{turn}")
        turn += 1
        order = rng.sample(range(len(examples)), len(examples))
        groups: list[list[int]] = []
        for start in range(0, len(order), _SHARD):
            groups += _grouped(sorted(order[start : start + _SHARD], key=lengths.__getitem__),
                               examples, lengths, tokens)
        rng.shuffle(groups)
        for group in groups:
            yield collated([examples[at] for at in group], tokens)


def _grouped(order: Sequence[int], examples: Sequence[Example], lengths: Sequence[int],
             tokens: int) -> list[list[int]]:
    groups: list[list[int]] = [[]]
    rows = 0
    for at in order:
        new = len(examples[at][0])
        if groups[-1] and (rows + new) * _padded(lengths[at]) > tokens:
            groups.append([])
            rows = 0
        groups[-1].append(at)
        rows += new
    return groups


def _padded(length: int) -> int:
    return -(-length // _STEP) * _STEP

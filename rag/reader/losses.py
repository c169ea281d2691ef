"""What training brings down: the distance from annotated answers, and from teachers."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from rag.reader.features import UNKNOWN, Batch
from rag.reader.network import Logits

NULL_WEIGHT = 0.5  # of the null head's loss beside the span's


def loss_of(logits: Logits, batch: Batch) -> Tensor:
    """Span and null loss where spans are known, the verdict's where verdicts are; mean per row."""
    device = logits.start.device
    start, end, allowed = (
        torch.from_numpy(a).to(device) for a in (batch.start, batch.end, batch.verdicts))
    likely = (functional.softmax(logits.verdict, -1) * allowed).sum(-1)
    verdict = -likely[allowed.sum(-1) > 0].clamp_min(1e-7).log().sum()
    known = start != UNKNOWN
    null = functional.binary_cross_entropy_with_logits(
        logits.null[known], (start[known] == 0).float(), reduction="sum")
    spans = sum(functional.cross_entropy(mine, at, ignore_index=UNKNOWN, reduction="sum")
                for mine, at in ((logits.start, start), (logits.end, end)))
    return (spans / 2 + NULL_WEIGHT * null + verdict) / len(start)


def soft_loss(logits: Logits, taught: Sequence[Logits]) -> Tensor:
    """How far a reader is from the mean of its teachers' probabilities, over spans and null."""
    losses = []
    for mine, theirs in ((logits.start, [t.start for t in taught]),
                         (logits.end, [t.end for t in taught])):
        target = torch.stack([functional.softmax(t, -1) for t in theirs]).mean(0)
        losses.append(-(target * functional.log_softmax(mine, -1)).sum(-1).mean())
    null = torch.stack([t.null.sigmoid() for t in taught]).mean(0)
    return (sum(losses) / 2
            + NULL_WEIGHT * functional.binary_cross_entropy_with_logits(logits.null, null))

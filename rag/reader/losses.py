"""What training brings down: the distance from annotated answers, and from teachers."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from rag.reader.features import Batch
from rag.reader.network import Logits

NULL_WEIGHT = 0.5  # of the null head's loss beside the span's


def loss_of(logits: Logits, batch: Batch) -> Tensor:
    """Span and null loss, or the verdict's."""
    device = logits.start.device
    if batch.verdicts is not None:
        allowed = torch.from_numpy(batch.verdicts).to(device)
        likely = (functional.softmax(logits.verdict, -1) * allowed).sum(-1)
        return -likely.clamp_min(1e-7).log().mean()
    start, end = (torch.from_numpy(a).to(device) for a in (batch.start, batch.end))
    null = functional.binary_cross_entropy_with_logits(logits.null, (start == 0).float())
    spans = (functional.cross_entropy(logits.start, start)
             + functional.cross_entropy(logits.end, end)) / 2
    return spans + NULL_WEIGHT * null


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

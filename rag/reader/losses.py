"""What training brings down: the distance from annotated answers, and from teachers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from rag.reader.features import UNKNOWN, Batch
from rag.reader.network import Logits

NULL_WEIGHT = 0.5  # of the null head's loss beside the span's


class Told(NamedTuple):
    """What teachers say of B examples of L tokens, as probabilities."""

    start: Tensor  # (B, L)
    end: Tensor  # (B, L)
    null: Tensor  # (B,)


def loss_of(logits: Logits, batch: Batch) -> Tensor:
    """Distance from a batch's annotated answers, mean per row."""
    device = logits.start.device
    start, end, verdicts = (
        torch.from_numpy(a).to(device) for a in (batch.start, batch.end, batch.verdicts))
    return hard_loss(logits, start, end, verdicts)


def hard_loss(logits: Logits, start: Tensor, end: Tensor, verdicts: Tensor) -> Tensor:
    """Span and null loss where spans are known, the verdict's where verdicts are; mean per row.

    Args:
        logits: Of B examples.
        start: (B,) first answer token; 0 for "not here", UNKNOWN where that is not known.
        end: (B,) the last one.
        verdicts: (B, 3) which verdicts are right; all 0 where that is not known.
    """
    likely = (functional.softmax(logits.verdict, -1) * verdicts).sum(-1)
    verdict = -(likely.clamp_min(1e-7).log() * (verdicts.sum(-1) > 0)).sum()
    null = (functional.binary_cross_entropy_with_logits(
        logits.null, (start == 0).float(), reduction="none") * (start != UNKNOWN)).sum()
    spans = sum(functional.cross_entropy(mine, at, ignore_index=UNKNOWN, reduction="sum")
                for mine, at in ((logits.start, start), (logits.end, end)))
    return (spans / 2 + NULL_WEIGHT * null + verdict) / len(start)


def told_by(said: Logits) -> Told:
    """Return a reader's logits as probabilities."""
    return Told(said.start.softmax(-1), said.end.softmax(-1), said.null.sigmoid())


def mean_of(said: Sequence[Logits], weights: Sequence[float] | None = None) -> Told:
    """Return the mean of several readers' probabilities, weighted if wanted."""
    weights = weights or [1.0] * len(said)
    shares = torch.tensor(weights, device=said[0].null.device) / sum(weights)
    parts = zip(*(told_by(s) for s in said), strict=True)
    return Told(*(torch.einsum("n,n...->...", shares, torch.stack(part)) for part in parts))


def soft_loss(logits: Logits, told: Told) -> Tensor:
    """How far a reader is from its teachers' probabilities, over spans and null; mean per row."""
    spans = sum(-(theirs * functional.log_softmax(mine, -1)).sum(-1).mean()
                for mine, theirs in ((logits.start, told.start), (logits.end, told.end)))
    return spans / 2 + NULL_WEIGHT * functional.binary_cross_entropy_with_logits(
        logits.null, told.null)

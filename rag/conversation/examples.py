"""Conversations with human rewrites as training examples: inputs, labels and padded batches."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch

from rag.conversation.encoding import FEATURES, Encoded, Text, encode, features, stems
from rag.language.words import content_stems

_ROLES: tuple[Literal["question", "answer"], ...] = ("question", "answer")
_STEP = 32  # lengths are padded to multiples of this: every new shape costs a kernel


@dataclass(frozen=True, slots=True)
class Example:
    """One question with its history.

    Attributes:
        source: Where it comes from.
        encoded: The input.
        stems: The stem of each word that has a place; None for words without topic.
        features: What the encoder cannot see of each word.
        asked: The stems of the question.
        gold: The stems that the rewrite adds out of the history.
        previous: The stems of the newest turn, for the baseline.
    """

    source: str
    encoded: Encoded
    stems: tuple[str | None, ...]
    features: list[tuple[float, ...]]
    asked: frozenset[str]
    gold: frozenset[str]
    previous: frozenset[str]


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded inputs, and of the words that count: row, piece, features and label."""

    ids: torch.Tensor
    mask: torch.Tensor
    types: torch.Tensor
    rows: torch.Tensor
    pieces: torch.Tensor
    features: torch.Tensor
    labels: torch.Tensor


def rows(path: Path) -> list[dict[str, Any]]:
    """Read gzipped JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def example(tokenizer: Any, row: dict[str, Any], titles: bool) -> Example:
    """Turn a row ``{history, question, rewrite}`` into an example.

    Args:
        tokenizer: The encoder's tokenizer.
        row: The row; gold terms are those that its whole history holds.
        titles: Whether title and section are part of the history, as CANARD publishes them.
    """
    texts = _texts(row, titles)
    encoded = encode(tokenizer, row["question"], texts)
    asked = content_stems(row["question"])
    history = frozenset[str]().union(*(content_stems(text.text) for text in texts))
    last = row["history"][-1] if row["history"] else ("", "")
    return Example(
        source=row["source"],
        encoded=encoded,
        stems=stems(encoded, texts),
        features=features(encoded, texts),
        asked=asked,
        gold=(content_stems(row["rewrite"]) - asked) & history,
        previous=content_stems(" ".join(map(str, last))) - asked,
    )


def _texts(row: dict[str, Any], titles: bool) -> list[Text]:
    """Return the texts of a row's history, newest turn first, its title behind the newest turn."""
    turns = [list(map(str, turn)) for turn in reversed(row["history"])]
    found = [
        Text(text.strip(), role, age)
        for age, turn in enumerate(turns)
        for role, text in zip(_ROLES, turn, strict=False)
    ]
    if titles and row["source"].startswith(("canard", "made")):
        found[2:2] = [Text(str(row.get(name) or ""), "title", 0) for name in ("title", "section")]
    return [text for text in found if text.text]


def batches(examples: Sequence[Example], tokens: int, seed: int) -> list[list[Example]]:
    """Group examples of like length into batches of at most ``tokens`` pieces, shuffled."""
    draw = random.Random(seed)
    order = sorted(examples, key=lambda e: (_padded(e), draw.random()))
    groups: list[list[Example]] = []
    for one in order:
        length = _padded(one)
        fits = groups and _padded(groups[-1][0]) == length
        if fits and (len(groups[-1]) + 1) * length <= tokens:
            groups[-1].append(one)
        else:
            groups.append([one])
    draw.shuffle(groups)
    return groups


def tensors(group: Sequence[Example]) -> Batch:
    """Pad a batch; the words that count carry topic and are not asked already."""
    length = max(_padded(e) for e in group)
    ids = torch.zeros(len(group), length, dtype=torch.long)
    mask, types = torch.zeros_like(ids), torch.zeros_like(ids)
    at: list[tuple[int, int]] = []
    seen: list[tuple[float, ...]] = []
    labels: list[float] = []
    for row, one in enumerate(group):
        n = len(one.encoded.ids)
        ids[row, :n] = torch.tensor(one.encoded.ids)
        types[row, :n] = torch.tensor(one.encoded.types)
        mask[row, :n] = 1
        for place, root, extra in zip(one.encoded.places, one.stems, one.features, strict=True):
            if root is not None and root not in one.asked:
                at.append((row, place.piece))
                seen.append(extra)
                labels.append(float(root in one.gold))
    where, pieces = torch.tensor(at, dtype=torch.long).reshape(-1, 2).unbind(1)
    extras = torch.tensor(seen).reshape(-1, FEATURES)
    return Batch(ids, mask, types, where, pieces, extras, torch.tensor(labels))


def _padded(one: Example) -> int:
    return -(-len(one.encoded.ids) // _STEP) * _STEP

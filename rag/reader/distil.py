"""Train several readers on a GPU and distil them into one: ``python -m rag.reader.distil --help``.

The examples of a few passes over a recipe are made once and stay in the GPU's memory. Teachers
are trained on them one after the other, from an encoder and with seeds of their own; each then
says what it thinks of every example, and a student goes through the examples as often as wanted
with the mean of these probabilities beside the annotated answers (Hinton et al., 2015, Distilling
the knowledge in a neural network). Compared with ``--teachers`` of :mod:`rag.reader.train` the
teachers are asked once, not at every step; there is no going on from a checkpoint.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from tqdm import tqdm

from rag.encoder import load_tokenizer
from rag.errors import ModelError, SettingsError
from rag.reader.data import read_rows
from rag.reader.features import special
from rag.reader.fused import Fused
from rag.reader.losses import Told, hard_loss, mean_of, soft_loss
from rag.reader.network import Logits, ReaderNetwork
from rag.reader.pool import Group, Pool, make
from rag.reader.train import dev_figures

_LAST = 103  # the last special token of BERT's vocabularies


@dataclass(frozen=True, slots=True)
class Course:
    """How one reader is trained.

    Attributes:
        passes: Times that it goes through the pool, in parts if need be.
        rate: Highest learning rate; it rises over the first twentieth of the steps and falls
            linearly to zero over the last ``decay`` of them.
        dropout: Share of the hidden values dropped.
        masked: Share of the words hidden.
        seed: Of all chance.
        soft: Share of the teachers in the loss, where there are any.
        decay: Last share of the steps, rate falling.
    """

    passes: float
    rate: float
    dropout: float = 0.1
    masked: float = 0.03
    seed: int = 1
    soft: float = 0.7
    decay: float = 0.8


def rate_at(done: float, course: Course) -> float:
    """Learning rate when the share ``done`` of the steps is over."""
    return course.rate * min(1.0, done / 0.05 + 1e-3, max(0.0, (1 - done) / course.decay))


def fit(network: ReaderNetwork, pool: Pool, course: Course, mask_id: int,
        log: Any = None) -> list[float]:
    """Train a network on a pool, with the teachers' probabilities where it has them.

    Returns:
        The mean loss of each tenth of the steps.
    """
    torch.manual_seed(course.seed)
    forward = _fused(network, pool, course.dropout).train()
    trained = list(network.parameters())
    optimizer = torch.optim.AdamW(
        [{"params": [p for p in trained if p.ndim > 1], "weight_decay": 0.01},
         {"params": [p for p in trained if p.ndim == 1], "weight_decay": 0.0}],
        lr=course.rate, fused=True)
    steps = max(1, round(course.passes * len(list(pool.batches(0)))))
    losses: list[Tensor] = []
    began = time.monotonic()
    bar = tqdm(_endless(pool, course.seed), total=steps, unit="step",
               disable=not sys.stderr.isatty())
    for step, (group, rows) in enumerate(bar):
        if step == steps:
            break
        for param in optimizer.param_groups:
            param["lr"] = rate_at(step / steps, course)
        ids, labels = group.ids[rows].long(), group.labels[rows].long()
        hide = (torch.rand(ids.shape, device=ids.device) < course.masked) & (ids > _LAST)
        logits = forward(ids.masked_fill(hide, mask_id), labels[:, 0])
        loss = loss_on(logits, group, rows, course.soft)
        losses.append(loss.detach())
        # A length's last batch is a small one and must not count like a full one.
        (loss * min(1.0, ids.numel() / pool.tokens)).backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    network.eval()
    means = [round(float(torch.stack(list(part)).mean()), 4)
             for part in _tenths(losses) if part]
    if log:
        log(f"{steps} steps, {steps * pool.tokens / (time.monotonic() - began):.0f} tokens/s, "
            f"loss {means}")
    return means


def loss_on(logits: Logits, group: Group, rows: Tensor, soft: float) -> Tensor:
    """Mean loss of a batch: from annotated answers, and from the teachers where they were asked."""
    labels, verdicts = group.labels[rows].long(), group.verdicts[rows].float()
    hard = hard_loss(logits, labels[:, 1], labels[:, 2], verdicts)
    if group.told is None:
        return hard
    told = Told(*(part[rows].float() for part in group.told))
    return soft * soft_loss(logits, told) + (1 - soft) * hard


@torch.inference_mode()
def ask(teachers: Sequence[ReaderNetwork], weights: Sequence[float], pool: Pool) -> None:
    """Keep the weighted mean of the teachers' probabilities of every example in the pool."""
    forwards = [_fused(teacher, pool, 0.0).eval() for teacher in teachers]
    for length, group in pool.groups.items():
        size = max(1, pool.tokens // length)
        parts = []
        for at in range(0, len(group.ids), size):
            rows = slice(at, at + size)
            ids, passage_at = group.ids[rows].long(), group.labels[rows, 0].long()
            parts.append(mean_of([forward(ids, passage_at) for forward in forwards], weights))
        group.told = Told(*(torch.cat(each).half() for each in zip(*parts, strict=True)))


def _fused(network: ReaderNetwork, pool: Pool, dropout: float) -> Fused:
    device = next(network.parameters()).device
    return Fused(network, pool.tokens, dropout, gpu=device.type == "cuda")


def _endless(pool: Pool, seed: int) -> Iterator[tuple[Group, Tensor]]:
    for number in count(1):
        yield from pool.batches(seed * 1_000_003 + number)


def _tenths(values: Sequence[Tensor]) -> list[Sequence[Tensor]]:
    size = -(-len(values) // 10)
    return [values[i : i + size] for i in range(0, len(values), size)]


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m rag.reader.distil", description=(__doc__ or "").split("\n\n")[1],
        formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    add = parser.add_argument
    add("--encoder", type=Path, required=True, help="encoder that the teachers start from")
    add("--start", type=Path, required=True, help="encoder or reader that the student starts from")
    add("--recipe", type=Path, required=True, help="TOML file: which data, how much of each")
    add("--data", type=Path, required=True, help="folder of the recipe's files")
    add("--out", type=Path, required=True, help="folder for the student")
    add("--also", type=Path, nargs="*", default=[], help="readers that teach beside the new ones")
    add("--dev", type=Path, nargs="*", default=[], help="annotated files to measure on")
    add("--teachers", type=int, default=4, help="new teachers")
    add("--shards", type=int, default=60, help="shards of the recipe's stream in the pool")
    add("--teacher-passes", type=float, default=1.0, help="passes of a teacher over the pool")
    add("--student-passes", type=float, default=4.0, help="passes of the student over the pool")
    add("--rate", type=float, default=3e-4, help="highest learning rate")
    add("--tokens", type=int, default=49_152, help="tokens a batch")
    add("--seed", type=int, default=1, help="of all chance")
    add("--workers", type=int, default=0, help="processes that make the examples; 0: this one")
    add("--device", default="cuda" if torch.cuda.is_available() else "cpu", help="cpu or cuda")
    o = parser.parse_args(argv)
    try:
        mask_id = special(load_tokenizer(o.start), "[MASK]")
        parts = make(o.recipe, o.data, o.start, o.seed, range(o.shards), o.workers)
        pool = Pool(list(tqdm(parts, "examples", o.shards, disable=not sys.stderr.isatty())),
                    o.tokens, o.device)
        print(f"{pool.size:,} tokens in the pool", flush=True)
        teachers = []
        for number in range(o.teachers):
            network = ReaderNetwork.load(o.encoder, device=o.device)
            fit(network, pool, Course(o.teacher_passes, o.rate, seed=o.seed + number), mask_id,
                lambda text, name=number: print(f"teacher {name}: {text}", flush=True))
            teachers.append(network)
        teachers += [ReaderNetwork.load(path, device=o.device).eval() for path in o.also]
        if teachers:
            ask(teachers, [1.0] * len(teachers), pool)
        student = ReaderNetwork.load(o.start, device=o.device)
        fit(student, pool, Course(o.student_passes, o.rate, 0.05, seed=o.seed + o.teachers),
            mask_id, lambda text: print(f"student: {text}", flush=True))
        student.save(o.out, o.start)
    except (SettingsError, ModelError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    dev = {path.name.split(".")[0]: list(read_rows(path)) for path in o.dev}
    if dev:
        print(json.dumps(dev_figures(student, load_tokenizer(o.start), dev, o.device), indent=1))
    print(o.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())

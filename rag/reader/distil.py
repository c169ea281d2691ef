"""Train several readers on a GPU and distil them into one: ``python -m rag.reader.distil --help``.

The examples of a few passes over a recipe (``python -m rag.reader.pool``) stay in the GPU's
memory. Teachers are trained on them one after the other, from an encoder and with seeds of their
own; each then says what it thinks of every example, and a student goes through the examples as
often as wanted with the mean of these probabilities beside the annotated answers (Hinton et al.,
2015, Distilling the knowledge in a neural network). Compared with ``--teachers`` of
:mod:`rag.reader.train` the teachers are asked once, not at every step, and a step is recorded;
there is no going on from a checkpoint. Limits in seconds shorten a training where a machine is
lent by the minute: the learning rate then falls to zero in time.
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

from rag.encoding.modelfolder import load_tokenizer, special
from rag.errors import ModelError, SettingsError
from rag.reader.data import read_rows
from rag.reader.losses import Told, told_by
from rag.reader.network import ReaderNetwork
from rag.reader.pool import Packed, Pool
from rag.reader.recorded import Recorded, forward
from rag.reader.train import dev_figures

_WARMUP = 0.05  # share of a training with a rising rate
_LOOK = 16  # steps between looks at the clock, which wait for the GPU


@dataclass(frozen=True, slots=True)
class Course:
    """How one reader is trained.

    Attributes:
        passes: Times that it goes through the pool, in parts if need be.
        rate: Highest learning rate; it rises over the first twentieth and falls linearly to zero
            over the last ``decay``.
        seed: Of all chance.
        decay: Last share, rate falling.
        seconds: Ends it earlier.
    """

    passes: float
    rate: float
    seed: int = 1
    decay: float = 0.8
    seconds: float = float("inf")


def rate_at(done: float, course: Course) -> float:
    """Learning rate when the share ``done`` of a training is over."""
    return course.rate * min(1.0, done / _WARMUP + 1e-3, max(0.0, (1 - done) / course.decay))


def fit(recorded: Recorded, course: Course) -> dict[str, Any]:
    """Train what is in place.

    Returns:
        Its ``steps``, ``seconds``, tokens a second (``speed``), and the mean ``loss`` of each tenth
        of the steps.
    """
    torch.manual_seed(course.seed)
    pool, losses = recorded.pool, list[Tensor]()
    steps = max(1, round(course.passes * sum(1 for _ in pool.batches(0))))
    began, share, tokens = time.monotonic(), 0.0, 0
    bar = tqdm(_endless(pool, course.seed), total=steps, unit="step",
               disable=not sys.stderr.isatty())
    for step, (length, rows) in enumerate(bar):
        if step % _LOOK == 0:
            if recorded.gpu:
                torch.cuda.synchronize()
            share = (time.monotonic() - began) / course.seconds
        done = max(step / steps, share)
        if done >= 1:
            break
        losses.append(recorded.step(length, rows, rate_at(done, course)).clone())
        tokens += length * len(rows)
    bar.close()
    spent = time.monotonic() - began
    size = -(-len(losses) // 10)
    return {"steps": len(losses), "seconds": round(spent, 1), "speed": round(tokens / spent),
            "loss": [round(float(torch.stack(losses[i : i + size]).mean()), 3)
                     for i in range(0, len(losses), size)]}


class Asked:
    """Sums up what teachers say of every example in a pool."""

    def __init__(self, pool: Pool) -> None:
        self.pool, self.weight = pool, 0.0
        self._sums: dict[int, Told] = {}

    @torch.inference_mode()
    def ask(self, teacher: ReaderNetwork, weight: float = 1.0) -> None:
        """Add one teacher's probabilities."""
        self.weight += weight
        gpu = next(teacher.parameters()).device.type == "cuda"
        dtype = torch.bfloat16 if gpu else torch.float32
        weights = {n: p.to(dtype) for n, p in teacher.named_parameters()}
        for length, group in self.pool.groups.items():
            if length not in self._sums:
                n, device = len(group.ids), group.ids.device
                self._sums[length] = Told(*(torch.zeros(s, device=device)
                                            for s in ((n, length), (n, length), (n,))))
            size = max(1, self.pool.tokens // length)
            for at in range(0, len(group.ids), size):
                rows = slice(at, at + size)
                said = forward(weights, teacher.config, group.ids[rows].long(),
                               group.labels[rows, 0].long(), 0.0)
                for total, one in zip(self._sums[length], told_by(said), strict=True):
                    total[rows] += weight * one

    def tell(self) -> None:
        """Put the weighted means into the pool."""
        for length, sums in self._sums.items():
            self.pool.groups[length].told = Told(*((s / self.weight).half() for s in sums))
        self._sums.clear()


def _endless(pool: Pool, seed: int) -> Iterator[tuple[int, Tensor]]:
    for number in count(1):
        yield from pool.batches(seed * 1_000_003 + number)


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m rag.reader.distil", description=(__doc__ or "").split("\n\n")[1],
        formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    add = parser.add_argument
    add("--encoder", type=Path, required=True, help="encoder that the teachers start from")
    add("--start", type=Path, required=True, help="encoder or reader that the student starts from")
    add("--pool", type=Path, required=True, help="examples, of python -m rag.reader.pool")
    add("--out", type=Path, required=True, help="folder for the student")
    add("--also", type=Path, nargs="*", default=[], help="readers that teach beside the new ones")
    add("--also-weight", type=float, default=1.0, help="how much such a one counts")
    add("--dev", type=Path, nargs="*", default=[], help="annotated files to measure on")
    add("--rates", type=float, nargs="*", default=[3e-4, 4e-4, 3e-4, 4e-4],
        help="highest learning rate of each new teacher")
    add("--teacher-passes", type=float, default=1.0, help="passes of a teacher over the pool")
    add("--teacher-seconds", type=float, default=float("inf"), help="at most so long for one")
    add("--student-passes", type=float, default=6.0, help="passes of the student over the pool")
    add("--seconds", type=float, default=float("inf"),
        help="when the student ends at the latest, from the start on")
    add("--student-rate", type=float, default=3e-4, help="its highest learning rate")
    add("--tokens", type=int, default=49_152, help="tokens a batch")
    add("--dropout", type=float, nargs=2, default=[0.1, 0.05], help="of teachers and student")
    add("--masked", type=float, default=0.03, help="share of input words hidden")
    add("--soft", type=float, default=0.7, help="share of the teachers in the student's loss")
    add("--seed", type=int, default=1, help="of all chance")
    add("--device", default="cuda" if torch.cuda.is_available() else "cpu", help="cpu or cuda")
    o = parser.parse_args(argv)
    try:
        _distil(o)
    except (SettingsError, ModelError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def _distil(o: argparse.Namespace) -> None:
    tokenizer = load_tokenizer(o.start)
    dev = {path.name.split(".")[0]: list(read_rows(path)) for path in o.dev}
    began = time.monotonic()

    def say(who: str, what: object) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {who}: {json.dumps(what)}", flush=True)

    pool = Pool(Packed.read(o.pool), o.tokens, o.device)
    say("pool", {"tokens": pool.size, "lengths": len(pool.groups)})
    place = ReaderNetwork.load(o.encoder, device=o.device)
    recorded = Recorded(place, pool, special(tokenizer, "[MASK]"), o.dropout[0], o.masked, o.soft)
    asked = Asked(pool)
    for path in o.also:
        asked.ask(ReaderNetwork.load(path, device=o.device), o.also_weight)
    for number, rate in enumerate(o.rates):
        torch.manual_seed(o.seed + number)  # of the heads
        recorded.begin(ReaderNetwork.load(o.encoder, device=o.device))
        say(f"teacher {number}", fit(recorded, Course(
            o.teacher_passes, rate, o.seed + number, seconds=o.teacher_seconds)))
        asked.ask(place)
        for name in list(dev)[:1]:
            say(name, dev_figures(place, tokenizer, {name: dev[name]}, o.device)[name])
    asked.tell()
    say("asked", asked.weight)
    recorded.dropout = o.dropout[1]
    recorded.begin(ReaderNetwork.load(o.start, device=o.device))
    left = max(1.0, o.seconds - (time.monotonic() - began))
    say("student", fit(recorded, Course(o.student_passes, o.student_rate, o.seed + len(o.rates),
                                        seconds=left)))
    place.save(o.out, o.start)
    for name, found in dev_figures(place, tokenizer, dev, o.device).items():
        say(name, found)
    print(o.out)


if __name__ == "__main__":
    sys.exit(main())

"""How fast the reader reads: ``python -m rag.reader.bench FILE ...``.

The same questions and passages go through our engine and through plain torch in fp32 (how
transformers runs a model by default), turn about in one process, with all the cores that this
process may use. Printed are medians, their ratio, and how often both show the same best span.

With --rounded torch takes our engine's place and rounds what goes into and comes out of every
product to bf16: on a processor that has no bf16 this tells how often the spans would agree on one
that has it, with near ties read again and without. Its times mean nothing.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from rag.encoding.encoder import cores
from rag.reader import Reader
from rag.reader.data import read_rows
from rag.reader.model import WEIGHTS, OwnModel, Scores, TransformersModel
from rag.reader.windows import Window
from rag.settings import Settings
from rag.types import Candidate, Hit, Passage

Engine = Callable[[str, Sequence[Hit]], list[Candidate]]


class Rounded(TransformersModel):
    """A reader in fp32 that rounds what goes into and comes out of its products to bf16.

    Args:
        folder: Holds the reader.
        again: Whether near ties are read again as they are.
    """

    def __init__(self, folder: Path, again: bool) -> None:
        super().__init__(str(folder))
        self.rounds = again
        self._unrounded = TransformersModel(str(folder)) if again else None
        torch = self._torch

        def rounded(value: Any) -> Any:
            return value.bfloat16().float()

        for part in self._model.float().modules():
            if isinstance(part, torch.nn.Linear):
                part.weight.data = rounded(part.weight.data)
                part.register_forward_pre_hook(lambda _, inputs: (rounded(inputs[0]),))
            if isinstance(part, torch.nn.Linear | torch.nn.LayerNorm):
                part.register_forward_hook(lambda _, __, output: rounded(output))

    def scores(self, batch: Sequence[Window], exact: bool = False) -> list[Scores]:
        """Return the scores of each window, rounded on the way or ``exact``."""
        if exact and self._unrounded is not None:
            return self._unrounded.scores(batch)
        return super().scores(batch)


def hits_of(rows: Sequence[dict[str, Any]], at: int, count: int) -> list[Hit]:
    """The passage of row ``at`` and the next ones of other text, as hits."""
    texts: dict[str, None] = {}
    for i in range(len(rows)):
        texts.setdefault(rows[(at + i) % len(rows)]["context"])
        if len(texts) == count:
            break
    return [Hit(Passage(f"{n}", 0, 0, len(t), t), "", n, 1 / n) for n, t in enumerate(texts, 1)]


def compare(rows: Sequence[dict[str, Any]], engines: dict[str, Engine], passages: int
            ) -> tuple[dict[str, list[float]], dict[str, int]]:
    """Time engines on the same questions.

    Returns:
        Seconds per question by engine, and on how many questions its best span is the first's.
    """
    seconds: dict[str, list[float]] = {name: [] for name in engines}
    agreed = dict.fromkeys(engines, 0)
    for at, row in enumerate(rows):
        hits = hits_of(rows, at, passages)
        best = []
        for name, engine in engines.items():
            began = time.perf_counter()
            found = engine(row["question"], hits)
            seconds[name].append(time.perf_counter() - began)
            best.append((found[0].hit.rank, found[0].start, found[0].end) if found else None)
            agreed[name] += best[-1] == best[0]
    return seconds, agreed


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m rag.reader.bench", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, nargs="+", help="annotated questions, JSON lines")
    parser.add_argument("--reader", type=Path, default=WEIGHTS, help="folder of a reader")
    parser.add_argument("--questions", type=int, default=200, help="how many (default: 200)")
    parser.add_argument("--rounded", action="store_true", help="how far bf16 agrees, without it")
    options = parser.parse_args(argv)
    import torch

    torch.set_num_threads(cores())
    rows = [row for path in options.file for row in read_rows(path)]
    rows = rows[:: max(1, len(rows) // options.questions)][: options.questions]
    plain = Reader(TransformersModel(str(options.reader)))
    plain_model: Any = plain._model
    plain_model._model.float()
    readers = {"torch fp32": plain}
    if options.rounded:
        readers["rounded"] = Reader(Rounded(options.reader, again=False))
        readers["read again"] = Reader(Rounded(options.reader, again=True))
    else:
        readers["own engine"] = Reader(OwnModel(options.reader, "own", False))
    engines: dict[str, Engine] = {name: reader.read for name, reader in readers.items()}
    passages = Settings().top_k
    compare(rows[:5], engines, passages)  # kernels are built on first use
    seconds, agreed = compare(rows, engines, passages)
    print(f"{len(rows)} questions, {passages} passages each, {cores()} cores")
    slowest = median(seconds["torch fp32"])
    for name, values in seconds.items():
        print(f"{name:12s} median {1000 * median(values):7.1f} ms   "
              f"{median(values) / slowest:5.2f} of torch fp32   "
              f"same best span {agreed[name]} ({100 * agreed[name] / len(rows):.1f} %)")
    return 0


if __name__ == "__main__":
    sys.exit(main())

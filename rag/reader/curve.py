"""The picture of a training run: loss and dev figures over its steps."""

from __future__ import annotations

import json
from pathlib import Path


def plot(out: Path) -> None:
    """Draw the loss and dev figures of a run to ``curve.png``."""
    import matplotlib
    matplotlib.use("Agg")
    from matplotlib import pyplot

    rows = [json.loads(line) for line in (out / "log.jsonl").read_text("utf-8").splitlines()]
    losses = [(r["step"], r["loss"]) for r in rows if "loss" in r]
    if not losses:
        return
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(9, 3.2))
    left.plot(*zip(*losses, strict=True), color="#3367d6")
    left.set(xlabel="step", ylabel="training loss (span + null)")
    marks = [r for r in rows if "dev" in r]
    for name in (marks[-1]["dev"] if marks else {}):
        right.plot([r["step"] for r in marks], [r["dev"][name]["f1"] for r in marks], label=name)
    right.set(xlabel="step", ylabel="dev F1, answerable")
    if marks:
        right.legend(fontsize=7, frameon=False)
    figure.tight_layout()
    figure.savefig(out / "curve.png", dpi=110)
    pyplot.close(figure)

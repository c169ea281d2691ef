"""Pictures: a training run over its steps, and risk against coverage."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


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
        # A run that went on may have been measured on other files before.
        measured = [r for r in marks if name in r["dev"]]
        right.plot([r["step"] for r in measured], [r["dev"][name]["f1"] for r in measured],
                   label=name)
    right.set(xlabel="step", ylabel="dev F1, answerable")
    if marks:
        right.legend(fontsize=7, frameon=False)
    figure.tight_layout()
    figure.savefig(out / "curve.png", dpi=110)
    pyplot.close(figure)


def risk_coverage(curves: Mapping[str, tuple[Floats, Floats]], path: Path) -> None:
    """Draw the share of wrong answers among those given, by the share of questions answered.

    Args:
        curves: By name: probabilities and whether each answer is right (1.0 or 0.0).
        path: The PNG to write.
    """
    import matplotlib
    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(5.5, 3.6))
    for name, (shown, truth) in curves.items():
        order = np.argsort(-shown, kind="stable")
        count = np.arange(1, len(order) + 1)
        axes.plot(count / len(order), np.cumsum(1 - truth[order]) / count, label=name)
    axes.axhline(0.1, color="grey", linewidth=0.8, linestyle=":")
    axes.set(xlabel="share of the questions answered", ylabel="wrong among the answered",
             xlim=(0, 1), ylim=(0, None))
    axes.legend(fontsize=8, frameon=False)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    pyplot.close(figure)

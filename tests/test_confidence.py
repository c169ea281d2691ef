"""Signals to probability and risk to threshold, computed by hand; bad files are refused."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from rag.errors import ModelError
from rag.evidence.confidence import PLAIN, Calibrator, load
from rag.settings import Settings

GOOD = {
    "version": 1,
    "name": "hand",
    "features": ["margin", "gap", "margin*gap"],
    "means": [1.0, 2.0],
    "scales": [2.0, 4.0],
    "weights": [1.0, 0.5, 0.25],
    "bias": -0.5,
    "risks": [[0.2, 0.5], [0.05, 0.8], [0.1, 0.7]],
}


def written(folder: Path, **changes: object) -> Path:
    path = folder / "calibrator.json"
    path.write_text(json.dumps({**GOOD, **changes}))
    return path


def test_the_probability_is_the_logistic_of_the_weighted_sum(tmp_path: Path) -> None:
    calibrator = Calibrator.load(written(tmp_path))
    # margin 5 is 2 scales above its mean, gap 6 is 1: -0.5 + 2 + 0.5 + 0.25 * 2 * 1 = 2.5
    assert calibrator.probability({"margin": 5.0, "gap": 6.0}) == pytest.approx(
        1 / (1 + math.exp(-2.5))
    )


def test_a_signal_that_is_missing_counts_as_its_mean(tmp_path: Path) -> None:
    calibrator = Calibrator.load(written(tmp_path))
    assert calibrator.probability({"margin": 5.0}) == pytest.approx(1 / (1 + math.exp(-1.5)))


def test_steps_are_a_line_between_points(tmp_path: Path) -> None:
    steps = [[0.0, 0.1], [0.5, 0.2], [1.0, 1.0]]
    calibrator = Calibrator.load(written(tmp_path, steps=steps, weights=[0, 0, 0], bias=0.0))
    assert calibrator.probability({}) == pytest.approx(0.2)
    shifted = Calibrator.load(written(tmp_path, steps=steps, weights=[0, 0, 0], bias=math.log(3)))
    assert shifted.probability({}) == pytest.approx(0.6), "0.75 is half way from 0.2 to 1.0"


def test_trees_add_their_leaves(tmp_path: Path) -> None:
    tree = [[0, 3.0, 1, 2], [-1, -1.0, 0, 0], [1, 5.0, 3, 4], [-1, 0.5, 0, 0], [-1, 2.0, 0, 0]]
    calibrator = Calibrator.load(written(tmp_path, weights=[0, 0, 0], bias=0.0, trees=[tree]))
    for margin, gap, leaf in ((3.0, 9.0, -1.0), (3.1, 5.0, 0.5), (3.1, 5.1, 2.0)):
        expected = 1 / (1 + math.exp(-leaf))
        assert calibrator.probability({"margin": margin, "gap": gap}) == pytest.approx(expected)


def test_the_threshold_is_that_of_the_largest_risk_within_the_accepted_one(tmp_path: Path) -> None:
    calibrator = Calibrator.load(written(tmp_path))
    assert [calibrator.threshold(r) for r in (0.05, 0.1, 0.15, 0.2, 0.9)] == [
        0.8, 0.7, 0.7, 0.5, 0.5]  # fmt: skip
    assert calibrator.threshold(0.01) == 0.99
    assert calibrator.threshold(1.0) == 0.0


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 2},
        {"features": ["margin"]},
        {"scales": [0.0, 1.0]},
        {"features": ["margin", "gap", "margin*else"]},
        {"weights": [1.0]},
        {"bias": None},
        {"trees": [[[0, 1.0, 0, 0]]]},
        {"trees": [[[9, 1.0, 1, 2], [-1, 0, 0, 0], [-1, 0, 0, 0]]]},
        {"trees": [[]]},
    ],
)
def test_a_damaged_file_is_refused_and_never_loops(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    with pytest.raises(ModelError, match=r"calibrator\.json"):
        Calibrator.load(written(tmp_path, **changes))


def test_a_missing_file_of_another_reader_means_the_plain_weights(tmp_path: Path) -> None:
    assert load(Settings(reader=str(tmp_path))) is PLAIN
    assert load(Settings()).threshold(0.1) > 0


def test_the_plain_weights_trust_a_wider_margin_more() -> None:
    narrow, wide = ({"margin": m, "gap": m} for m in (-3.0, 6.0))
    assert PLAIN.probability(narrow) < 0.5 < PLAIN.probability(wide)

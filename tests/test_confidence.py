"""Signals to probability and risk to threshold, computed by hand; bad files are refused."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ModelError
from rag.evidence.confidence import PLAIN, Calibrator, load
from rag.settings import Settings

GOOD: dict[str, object] = {
    "version": 2,
    "name": "hand",
    "features": ["margin", "gap"],
    "means": [1.0, 2.0],
    "scales": [2.0, 4.0],
    "nets": [{"linear": [1.0, 0.5, 0.0, 0.25], "hidden": [], "bias": [], "out": [], "none": 0.5}],
    "risks": [[0.2, 0.5], [0.05, 0.8], [0.1, 0.7]],
}
HIDDEN = {"linear": [0, 0, 0, 0], "hidden": [[0.5, 0, 0, 0], [0, 0, 0, 1]], "bias": [0.1, 0.2],
          "out": [2.0, 3.0], "none": 0.0}


def written(folder: Path, **changes: object) -> Path:
    path = folder / "calibrator.json"
    path.write_text(json.dumps({**GOOD, **changes}))
    return path


def test_an_answer_alone_has_the_logistic_of_its_score(tmp_path: Path) -> None:
    calibrator = Calibrator.load(written(tmp_path))
    # margin 5 is 2 scales above its mean, gap 6 is 1, and behind nothing: 2 + 0.5 - 0.5 = 2.
    (share,) = calibrator.alone([{"margin": 5.0, "gap": 6.0}])
    assert share == pytest.approx(1 / (1 + math.exp(-2)))


def test_answers_share_a_whole_with_none_of_them(tmp_path: Path) -> None:
    calibrator = Calibrator.load(written(tmp_path))
    both = calibrator.probabilities([{"margin": 5.0, "gap": 6.0}, {"margin": 3.0, "gap": 2.0}])
    # The second: 1 and 0 scales, and 1 behind in each: 1 + 0 - 0.25.
    weights = [math.exp(2.5), math.exp(0.75), math.exp(0.5)]
    assert both == pytest.approx([w / sum(weights) for w in weights[:2]])
    assert calibrator.probabilities([]) == calibrator.alone([]) == []


def test_hidden_units_and_several_networks(tmp_path: Path) -> None:
    both = [*GOOD["nets"], HIDDEN]  # type: ignore[misc]
    calibrator = Calibrator.load(written(tmp_path, nets=both))
    score = 2 * math.tanh(0.5 * 2 + 0.1) + 3 * math.tanh(0.2)
    expected = (1 / (1 + math.exp(-2)) + 1 / (1 + math.exp(-score))) / 2
    assert calibrator.alone([{"margin": 5.0, "gap": 6.0}]) == pytest.approx([expected])


def test_a_signal_that_is_missing_counts_as_its_mean(tmp_path: Path) -> None:
    calibrator = Calibrator.load(written(tmp_path))
    assert calibrator.alone([{"margin": 5.0}]) == pytest.approx([1 / (1 + math.exp(-1.5))])


def test_a_signal_far_from_its_mean_says_no_more(tmp_path: Path) -> None:
    calibrator = Calibrator.load(written(tmp_path))
    assert calibrator.alone([{"margin": 9.0}]) == calibrator.alone([{"margin": 900.0}])


@given(st.lists(st.fixed_dictionaries({"margin": st.floats(-1e6, 1e6), "gap": st.floats(-20, 20)}),
                min_size=1, max_size=6))
def test_probabilities_sum_to_one_at_most_whatever_the_signals(
    answers: list[dict[str, float]]
) -> None:
    shares = PLAIN.probabilities(answers)
    assert all(0 <= share <= 1 for share in shares)
    assert sum(shares) <= 1 + 1e-9


def test_it_survives_the_disk(tmp_path: Path) -> None:
    calibrator = Calibrator.load(written(tmp_path, nets=[HIDDEN]))
    (tmp_path / "again.json").write_text(json.dumps(calibrator.to_json()))
    again = Calibrator.load(tmp_path / "again.json")
    assert again.to_json() == calibrator.to_json()
    assert again.threshold(0.1) == 0.7


def test_the_threshold_is_that_of_the_largest_risk_within_the_accepted_one(tmp_path: Path) -> None:
    calibrator = Calibrator.load(written(tmp_path))
    assert [calibrator.threshold(r) for r in (0.05, 0.1, 0.15, 0.2, 0.9)] == [
        0.8, 0.7, 0.7, 0.5, 0.5]  # fmt: skip
    assert calibrator.threshold(0.01) == 0.99
    assert calibrator.threshold(1.0) == 0.0


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 1},
        {"features": ["margin"]},
        {"scales": [0.0, 1.0]},
        {"means": [float("nan"), 0.0]},
        {"nets": []},
        {"nets": [{**HIDDEN, "linear": [1.0]}]},
        {"nets": [{**HIDDEN, "hidden": [[1.0, 0, 0, 0]]}]},
        {"nets": [{**HIDDEN, "out": [1.0]}]},
        {"nets": [{**HIDDEN, "none": None}]},
        {"nets": [{"linear": [0, 0, 0, 0]}]},
        {"nets": [{**HIDDEN, "linear": [1e308, 1e308, 0, 0]}]},
        {"means": [10**400, 0]},
        {"features": ["margin", "margin"]},
        {"risks": [[0.1, float("nan")]]},
        {"risks": [[0.1, -5]]},
    ],
)
def test_a_damaged_file_is_refused(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    with pytest.raises(ModelError, match=r"calibrator\.json"):
        Calibrator.load(written(tmp_path, **changes))


def test_a_missing_file_of_another_reader_means_the_plain_weights(tmp_path: Path) -> None:
    assert load(Settings(reader=str(tmp_path))) is PLAIN
    assert load(Settings()).threshold(0.1) > 0


def test_the_plain_weights_trust_a_wider_margin_more() -> None:
    narrow, wide = ({"margin": m, "gap": m} for m in (-3.0, 6.0))
    assert PLAIN.alone([narrow]) < [0.5] < PLAIN.alone([wide])

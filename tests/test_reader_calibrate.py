"""Fitting the calibrator: figures by hand, and probabilities that hold on unseen cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.errors import SettingsError
from rag.evidence import confidence
from rag.evidence.signals import isolated
from rag.reader import twins
from rag.reader.calibrate import chosen, write
from rag.reader.cases import Case, cases_of, folder_of, gather, right
from rag.reader.fitting import (
    Kind,
    brier,
    crossed,
    ece,
    ece_by_chance,
    fit,
    risks_of,
    shown_of,
)
from rag.settings import Settings


def synthetic(n: int, seed: int) -> list[dict[str, Any]]:
    """Cases of none to three answers, of which one or none is right, with a known share of each."""
    rng = np.random.default_rng(seed)
    made = []
    for i in range(n):
        drawn = rng.normal(size=(rng.integers(0, 4), 2))
        weights = np.exp(np.append(drawn @ [2.0, 1.0], 0.5))
        right = rng.choice(len(weights), p=weights / weights.sum())
        made.append({"source": "s", "group": f"{i % 40}", "kind": "here", "question": f"{i}",
                     "answers": [
            {"text": "x", "signals": {"margin": margin, "focus": focus, "gap": margin, "sole": 0.0,
                                      "absent": 0.0, "absent_best": 0.0},
             "right": bool(right == at)} for at, (margin, focus) in enumerate(drawn.tolist())]})
    return made


@pytest.mark.parametrize("kind", ["sum", pytest.param("network", marks=pytest.mark.slow)])
def test_probabilities_hold_on_unseen_cases(kind: Kind) -> None:
    cases = synthetic(1500, 1)
    shown, truth = crossed(cases, kind)
    assert ece(shown, truth) < 0.04
    assert np.corrcoef(shown, truth)[0, 1] > 0.55
    fresh = synthetic(3000, 2)
    calibrator = fit(cases, kind)
    assert ece(*shown_of(calibrator, fresh)) < 0.04
    assert brier(*shown_of(calibrator, fresh)) < 0.17


def test_an_answer_found_alone_is_judged_as_such() -> None:
    """Without rivals its probability is the share of the right ones among answers like it."""
    cases = synthetic(4000, 5)
    calibrator = fit(cases, "sum")
    every = [a for case in cases for a in case["answers"]]
    alone = np.array(calibrator.alone([isolated(a["signals"]) for a in every]))
    assert ece(alone, np.array([float(a["right"]) for a in every])) < 0.05


def test_cases_of_different_signals_are_refused() -> None:
    old, new = synthetic(50, 1), synthetic(50, 2)
    for case in old:
        case["source"] = "before"
        for answer in case["answers"]:
            del answer["signals"]["focus"]
    with pytest.raises(SettingsError, match="cases of before lack the signal 'focus'"):
        fit([*old, *new], "sum")
    with pytest.raises(SettingsError, match="no case has an answer"):
        fit([{"source": "s", "group": "1", "kind": "here", "answers": []}], "sum")


def test_the_threshold_keeps_the_risk_on_unseen_cases() -> None:
    shown, truth = shown_of(fit(synthetic(3000, 1), "sum"), synthetic(3000, 2))
    risks = dict(risks_of(shown, truth))
    given = shown >= risks[0.1]
    assert 0.08 <= 1 - truth[given].mean() <= 0.1005
    assert sorted(risks.values(), reverse=True) == list(risks.values())


def test_risks_are_measured_on_judged_questions_too_and_on_fitted_ones_once() -> None:
    cases, other = synthetic(600, 1), synthetic(600, 2)
    for case in other:
        case["source"] = "other"
    made = [{**case, "kind": "hidden"} for case in synthetic(100, 3)]
    calibrator, _, _ = chosen([*cases * 2, *made], {"other": other}, ["s", "other"], "sum")
    shown, truth = crossed([*cases * 2, *made], "sum")
    parts = [(shown[:600], truth[:600]), shown_of(calibrator, other)]
    expected = risks_of(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    assert calibrator.risks == expected
    assert calibrator.risks != risks_of(shown, truth)
    with pytest.raises(SettingsError, match="--risk-on seas: no case is of that source; known"):
        chosen(cases, {}, ["seas"], "sum")


def test_calibration_error_by_hand() -> None:
    # Two bins of two: |0.2 - 0.0| and |0.9 - 0.5|, weighed by half each.
    shown, truth = np.array([0.1, 0.3, 0.8, 1.0]), np.array([0.0, 0.0, 1.0, 0.0])
    assert ece(shown, truth, bins=2) == pytest.approx((0.2 + 0.4) / 2)


def test_calibration_error_by_chance_falls_with_the_number_of_cases() -> None:
    few, many = (ece_by_chance(np.full(n, 0.5)) for n in (100, 10_000))
    # Ten bins of ten coins, then of a thousand: their means stray by sqrt(2 / pi) sigma.
    assert few == pytest.approx(0.5 / np.sqrt(10) * np.sqrt(2 / np.pi), rel=0.05)
    assert many == pytest.approx(few / 10, rel=0.05)


def test_risks_by_hand() -> None:
    # 30 answers from sure to unsure; the 25th and later are wrong.
    shown = np.linspace(0.99, 0.1, 30)
    truth = np.array([1.0] * 24 + [0.0] * 6)
    risks = dict(risks_of(shown, truth))
    assert risks[0.01] == round(float(shown[23]), 4)
    assert risks[0.05] == round(float(shown[24]), 4)  # 1 of 25 is 0.04
    assert risks[0.2] == round(float(shown[29]), 4)  # 6 of 30 is 0.2


@pytest.mark.parametrize("kind", ["sum", pytest.param("network", marks=pytest.mark.slow)])
def test_a_calibrator_survives_the_disk(tmp_path: Path, kind: Kind) -> None:
    made = fit(synthetic(400, 3), kind, "a test")
    write(made, tmp_path / confidence.FILE)
    again = confidence.Calibrator.load(tmp_path / confidence.FILE)
    assert again.name == "a test"
    both = next([a["signals"] for a in case["answers"]] for case in synthetic(9, 4)
                if len(case["answers"]) > 1)
    assert again.probabilities(both) == pytest.approx(made.probabilities(both), abs=1e-4)


ROWS = [
    {"id": "a", "title": "Arlen", "context": "Arlen is a town in the north. Its mayor is Mira "
     "Voss, who was elected in March.", "question": "Who is the mayor of Arlen?",
     "answers": [{"text": "Mira Voss", "answer_start": 43}]},
    {"id": "b", "title": "Bruck", "context": "Bruck is a harbour. Its fishing fleet has 120 boats "
     "and lands herring.", "question": "How many boats has the fleet of Bruck?",
     "answers": [{"text": "120", "answer_start": 42}]},
]


def test_questions_are_asked_as_a_folder_would_be(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text("".join(json.dumps(r) + "\n" for r in ROWS), "utf-8")
    made = list(gather(file, Settings(), hidden=1.0, most=10, seed=1))
    assert [(c["kind"], bool(c["accepted"])) for c in made] == [
        ("here", True), ("hidden", False), ("here", True), ("hidden", False)]
    best = made[0]["answers"][0]
    assert best["text"] == "Mira Voss"
    assert best["right"]
    assert not any(a["right"] for a in made[1]["answers"])
    assert all("Voss" not in a["text"] for a in made[1]["answers"])  # its paragraph was hidden


def test_reviewed_twins_are_asked_beside_their_questions(tmp_path: Path,
                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    reviewed = tmp_path / "twins.jsonl"
    entry = {"id": "a", "old": "Arlen", "new": "Elsk", "kind": "place"}
    reviewed.write_text(json.dumps(entry) + "\n", "utf-8")
    ((row, twin),) = twins.load(ROWS, reviewed)
    assert (row["id"], twin["question"], twin["answers"]) == ("a", "Who is the mayor of Elsk?", [])
    monkeypatch.setattr(twins, "REVIEWED", reviewed)
    folder = tmp_path / "articles"
    folder.mkdir()
    cases = cases_of(ROWS, folder_of(ROWS, folder), 0.0, 1)
    assert cases[-1] == Case("twin", "Arlen", "Who is the mayor of Elsk?")
    assert (folder / "00000.txt").read_text("utf-8").startswith("Arlen\n\nArlen is a town")


def test_a_span_inside_an_accepted_sentence_is_right_where_sentences_are_accepted() -> None:
    case = Case("here", "g", "q", ("Its mayor is Mira Voss.",), sentences=True)
    assert right("Mira Voss", case)
    assert not right("Otto Lund", case)
    assert not right("Mira Voss was glad", case)
    short = Case("here", "g", "q", ("in May 2023",))
    assert right("May 2023", short)
    assert right("since in May 2023", short)
    assert not right("2022", short)

"""Measures, intervals and tests, against values computed by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from eval.measures import calibration_error, coverage_at, risk_coverage
from eval.ranking import ranking_measures
from eval.records import Record
from eval.statistics import differences, estimate, holm

JUDGED = {"right": True, "reason": "", "em": None, "f1": None, "cited": 0, "holding": 0,
          "verbatim": 0, "statements": 0, "supported": 0, "resolution": None}


def record(name: str, *, expected: str = "answered", outcome: str = "answered",
           confidence: float = 0.5, ranking: dict[str, float] | None = None,
           seconds: float = 0.1, **judged: object) -> Record:
    return Record("s", name.split("#")[0], name, "fact", "q", expected, "", outcome, None, "",
                  confidence, "q", [], JUDGED | judged, ranking or {}, seconds)


def test_ranking_measures_by_hand() -> None:
    got = ranking_measures(["x", "a", "y", "z", "w", "b"], {"a": 1, "b": 1})
    # a is second, b sixth: DCG = 1/log2(3) + 1/log2(7); ideal = 1/log2(2) + 1/log2(3)
    ideal = 1 + 1 / math.log2(3)
    assert got == {
        "Success@5": 1.0, "R@5": 0.5, "R@10": 1.0, "RR": 0.5,
        "nDCG@10": pytest.approx((1 / math.log2(3) + 1 / math.log2(7)) / ideal),
    }


def test_ranking_keeps_the_order_of_many_and_knows_nothing_found() -> None:
    names = [f"p{n}" for n in range(20)]
    assert ranking_measures(names, {"p19": 1})["RR"] == pytest.approx(1 / 20)
    assert set(ranking_measures(["x"], {"a": 1}).values()) == {0.0}
    assert set(ranking_measures([], {"a": 1}).values()) == {0.0}


def test_calibration_error_by_hand() -> None:
    confidence = np.array([0.95, 0.95, 0.15, 1.0])
    right = np.array([1.0, 0.0, 0.0, 1.0])
    # top bin: mean confidence 2.9/3, 2 of 3 right -> gap 0.3, weight 3/4; low bin: 0.15, 1/4
    assert calibration_error(confidence, right) == pytest.approx(0.75 * 0.3 + 0.25 * 0.15)
    assert calibration_error(np.array([]), np.array([])) is None


def test_risk_coverage_by_hand() -> None:
    confidence = np.array([0.9, 0.8, 0.8, 0.3])
    right = np.array([1.0, 1.0, 0.0, 0.0])
    coverage, risk = risk_coverage(confidence, right, 8)
    assert coverage.tolist() == [1 / 8, 3 / 8, 4 / 8]
    assert risk.tolist() == [0.0, pytest.approx(1 / 3), 0.5]
    assert coverage_at(0.05, confidence, right, 8) == 1 / 8
    assert coverage_at(0.40, confidence, right, 8) == 3 / 8
    assert coverage_at(0.05, np.array([0.5]), np.array([0.0]), 2) == 0.0
    assert coverage_at(0.05, np.array([]), np.array([]), 0) is None


def test_precision_and_recall_of_refusals_and_disputes() -> None:
    records = [
        record("a#1", expected="not_found", outcome="not_found"),
        record("b#1", expected="not_found", outcome="answered", right=False),
        record("c#1", expected="answered", outcome="not_found", right=False),
        record("d#1", expected="disputed", outcome="disputed"),
        record("e#1", expected="answered", outcome="disputed", right=False),
        record("f#1", expected="disputed", outcome="answered", right=False),
    ]
    got = {name: (e.value, e.n) for name, e in estimate(records).items()}
    assert got["right"] == (pytest.approx(2 / 6), 6)
    assert got["answer_precision"] == (0.25, 4)
    assert got["refusal_precision"] == (0.5, 2)
    assert got["refusal_recall"] == (0.5, 2)
    assert got["dispute_precision"] == (0.5, 2)
    assert got["dispute_recall"] == (0.5, 2)
    assert "em" not in got
    assert "mrr" not in got


def test_citations_are_averaged_over_turns_and_quotes_counted_one_by_one() -> None:
    records = [
        record("a#1", cited=2, holding=1, verbatim=2, statements=1, supported=1),
        record("b#1", cited=1, holding=1, verbatim=0, statements=4, supported=1),
        record("c#1", outcome="not_found"),
    ]
    got = estimate(records)
    assert got["citation_precision"].value == pytest.approx((0.5 + 1) / 2)
    assert got["citation_recall"].value == pytest.approx((1 + 0.25) / 2)
    assert got["verbatim"].value == pytest.approx(2 / 3)
    assert got["citation_precision"].n == 2


def test_citations_count_only_where_the_set_names_sentences() -> None:
    unknown = record("a#1", cited=1, verbatim=1)
    assert "citation_precision" not in estimate([unknown])
    undue = record("b#1", expected="not_found", right=False, cited=1, verbatim=1)
    got = estimate([unknown, undue])
    assert (got["citation_precision"].value, got["citation_precision"].n) == (0.0, 1)
    assert got["verbatim"].value == 1.0


def test_times_are_percentiles_in_milliseconds() -> None:
    got = estimate([record(f"{n}#1", seconds=n / 100) for n in range(1, 102)])
    assert got["p50"].value == pytest.approx(510.0)
    assert got["p95"].value == pytest.approx(960.0)


def test_interval_resamples_whole_conversations() -> None:
    # One conversation: nothing to resample, so the interval has no width.
    alone = estimate([record("a#1"), record("a#2", right=False)])["right"]
    assert (alone.value, alone.low, alone.high) == (0.5, 0.5, 0.5)
    # 100 independent ones at 0.5: the standard error is 0.05, the interval about +-0.1.
    many = estimate([record(f"{n}#1", right=n % 2 == 0) for n in range(100)])["right"]
    assert many.value == 0.5
    assert 0.38 <= many.low <= 0.43
    assert 0.57 <= many.high <= 0.62
    assert many == estimate([record(f"{n}#1", right=n % 2 == 0) for n in range(100)])["right"]


def test_randomization_by_hand() -> None:
    # Three conversations, all better after: 2 of the 8 swaps are as extreme, so p is near 1/4.
    before = [record(f"{n}#1", right=False) for n in range(3)]
    after = [record(f"{n}#1", right=True) for n in range(3)]
    got = differences(before, after)["right"]
    assert (got.before, got.after, got.n) == (0.0, 1.0, 3)
    assert got.p == pytest.approx(0.25, abs=0.02)
    assert differences(before, before)["right"].p == 1.0
    # Ten conversations: 2 of 1024.
    many = differences([record(f"{n}#1", right=False) for n in range(10)],
                       [record(f"{n}#1", right=True) for n in reversed(range(10))])["right"]
    assert many.p < 0.01


def test_the_rounding_of_kept_results_is_no_difference() -> None:
    before = [record(f"{n}#1", ranking={"nDCG@10": 0.630930}) for n in range(30)]
    after = [record(f"{n}#1", ranking={"nDCG@10": 0.6309297}) for n in range(30)]
    assert differences(before, after)["ndcg@10"].p == 1.0


def test_only_shared_turns_are_tested() -> None:
    got = differences([record("a#1"), record("b#1", right=False)], [record("a#1")])["right"]
    assert (got.before, got.after, got.n) == (1.0, 1.0, 1)


def test_holm_by_hand() -> None:
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03}) == {
        "a": pytest.approx(0.03), "c": pytest.approx(0.06), "b": pytest.approx(0.06)}
    assert holm({}) == {}

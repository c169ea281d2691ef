"""Every measure of the evaluation: what it is called, what it counts, and over which turns.

Most measures are ratios of sums over turns (a mean is the special case where every turn counts
1), which makes them cheap to resample. The others (calibration error, coverage at a risk,
percentiles of time) are functions of all turns at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from eval.records import Record

Part = tuple[float, float]
"""What one turn adds to the numerator and the denominator; (0, 0) when it does not count."""
Floats = npt.NDArray[np.float64]
ECE_BINS: Final = 10


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio of sums over turns.

    Attributes:
        name: Identifier in files and on the command line.
        title: Heading in tables.
        part: What a turn adds.
        meaning: One sentence for readers of a report.
    """

    name: str
    title: str
    part: Callable[[Record], Part]
    meaning: str


@dataclass(frozen=True, slots=True)
class Curve:
    """A measure of all turns at once, from their confidences, rightness and times.

    Attributes:
        name: Identifier.
        title: Heading.
        of: Value from (confidence of answered turns, their rightness, number of turns, seconds).
        meaning: One sentence.
        unit: "share" or "ms".
        lower_is_better: Whether less is better.
    """

    name: str
    title: str
    of: Callable[[Floats, Floats, int, Floats], float | None]
    meaning: str
    unit: str
    lower_is_better: bool


def _mean(value: float | None) -> Part:
    return (0.0, 0.0) if value is None else (float(value), 1.0)


def _precision(outcome: str) -> Callable[[Record], Part]:
    return lambda r: (
        (float(r.expected == outcome), 1.0) if r.outcome == outcome else (0.0, 0.0)
    )


def _answer_precision(record: Record) -> Part:
    return (0.0, 0.0) if record.outcome == "not_found" else _mean(record.right)


def _recall(outcome: str) -> Callable[[Record], Part]:
    return lambda r: (
        (float(r.outcome == outcome), 1.0) if r.expected == outcome else (0.0, 0.0)
    )


def _share(part: str, whole: str) -> Callable[[Record], Part]:
    def of(record: Record) -> Part:
        total = record.judgement[whole]
        return (record.judgement[part] / total, 1.0) if total else (0.0, 0.0)

    return of


def _citation_precision(record: Record) -> Part:
    if record.expected != "not_found" and not record.judgement["statements"]:
        return 0.0, 0.0  # the set names no supporting sentence for this turn
    return _share("holding", "cited")(record)


def _ranking(name: str) -> Callable[[Record], Part]:
    return lambda r: _mean(r.ranking.get(name))


RATIOS: Final = (
    Ratio("right", "right", lambda r: _mean(r.right),
          "share of turns with the right outcome and the right answer"),
    Ratio("em", "EM", lambda r: _mean(r.judgement["em"]),
          "SQuAD's exact match of the short answer, over turns with accepted answers"),
    Ratio("f1", "F1", lambda r: _mean(r.judgement["f1"]),
          "SQuAD's token F1 of the short answer, over turns with accepted answers"),
    Ratio("answer_precision", "ans P", _answer_precision,
          "of the answers and disputes given, how many are right"),
    Ratio("refusal_precision", "ref P", _precision("not_found"),
          "of the refusals, how many were due"),
    Ratio("refusal_recall", "ref R", _recall("not_found"),
          "of the questions that the articles do not answer, how many were refused"),
    Ratio("dispute_precision", "disp P", _precision("disputed"),
          "of the disputes reported, how many are disputes"),
    Ratio("dispute_recall", "disp R", _recall("disputed"),
          "of the disputes, how many were reported"),
    Ratio("citation_precision", "cit P", _citation_precision,
          "of an answer's citations, how many hold a supporting sentence"),
    Ratio("citation_recall", "cit R", _share("supported", "statements"),
          "of an answer's points, how many have a citation that holds a supporting sentence"),
    Ratio("verbatim", "verb.", lambda r: (
        float(r.judgement["verbatim"]), float(r.judgement["cited"])),
          "of all quotes shown, how many are in their article, character for character"),
    Ratio("success@5", "S@5", _ranking("Success@5"),
          "one of the first five passages holds a supporting sentence"),
    Ratio("recall@5", "R@5", _ranking("R@5"), "recall of supporting passages in the first five"),
    Ratio("recall@10", "R@10", _ranking("R@10"), "the same in the first ten"),
    Ratio("mrr", "MRR", _ranking("RR"), "mean reciprocal rank of the first supporting passage"),
    Ratio("ndcg@10", "nDCG@10", _ranking("nDCG@10"),
          "normalised discounted cumulative gain of the first ten passages"),
    Ratio("resolution", "f-up", lambda r: _mean(r.judgement["resolution"]),
          "of the follow-ups, how many searched questions have every word that they need"),
)


def calibration_error(confidence: Floats, right: Floats, bins: int = ECE_BINS) -> float | None:
    """Expected calibration error with bins of equal width (Guo et al., ICML 2017).

    Returns:
        The mean distance between confidence and share of right answers over the bins, weighed
        by their size; None without answers.
    """
    if not confidence.size:
        return None
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    size = np.bincount(place, minlength=bins)
    gap = np.bincount(place, confidence - right, minlength=bins)
    return float(np.abs(gap).sum() / size.sum())


def risk_coverage(confidence: Floats, right: Floats, turns: int) -> tuple[Floats, Floats]:
    """The risk-coverage curve (El-Yaniv and Wiener, JMLR 2010).

    Answers with the same confidence are shown or held back together.

    Args:
        confidence: Confidence of each answer given.
        right: 1 where it was right, else 0.
        turns: All turns, refused ones included.

    Returns:
        Coverage (share of turns answered) and risk (share of wrong among them) at each
        threshold, from the most confident down.
    """
    order = np.argsort(-confidence, kind="stable")
    wrong = np.cumsum(1.0 - right[order])
    shown = np.arange(1, confidence.size + 1, dtype=np.float64)
    last = np.append(np.diff(confidence[order]) != 0, True)[: confidence.size]
    return shown[last] / max(turns, 1), (wrong / np.maximum(shown, 1))[last]


def coverage_at(risk: float, confidence: Floats, right: Floats, turns: int) -> float | None:
    """Largest share of turns that can be answered with at most this share of wrong answers."""
    if not turns:
        return None
    coverage, risks = risk_coverage(confidence, right, turns)
    fine = coverage[risks <= risk]
    return float(fine.max()) if fine.size else 0.0


def _percentile(percent: float) -> Callable[[Floats, Floats, int, Floats], float | None]:
    return lambda c, r, n, s: float(np.percentile(s, percent)) * 1000 if s.size else None


CURVES: Final = (
    Curve("ece", "ECE", lambda c, r, n, s: calibration_error(c, r),
          "expected calibration error of the confidence of given answers, ten bins", "share",
          True),
    Curve("coverage@5", "cov@5%", lambda c, r, n, s: coverage_at(0.05, c, r, n),
          "share of turns that can be answered with at most 5 % wrong among the answers",
          "share", False),
    Curve("coverage@10", "cov@10%", lambda c, r, n, s: coverage_at(0.10, c, r, n),
          "the same with at most 10 % wrong", "share", False),
    Curve("p50", "p50 ms", _percentile(50), "median time from question to answer", "ms", True),
    Curve("p95", "p95 ms", _percentile(95), "95th percentile of that time", "ms", True),
)

TITLES: Final = {m.name: m.title for m in (*RATIOS, *CURVES)}
MEANINGS: Final = {m.name: m.meaning for m in (*RATIOS, *CURVES)}


def curve_data(records: Sequence[Record]) -> tuple[Floats, Floats, int, Floats]:
    """What the curves are computed from: answers given with one claim ("answered")."""
    given = [r for r in records if r.outcome == "answered"]
    return (
        np.array([r.confidence for r in given], dtype=np.float64),
        np.array([float(r.right) for r in given], dtype=np.float64),
        len(records),
        np.array([r.seconds for r in records], dtype=np.float64),
    )

"""Fit the calibrator: ``python -m rag.reader.calibrate --help``.

The signals of the best answers to annotated questions (:mod:`rag.reader.cases`) are kept with
whether each is right; small networks over them, fitted on some questions and judged on others
(whole titles stay together), give the probability (the approach of Kamath, Jia and Liang, ACL
2020).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from rag.errors import ModelError, SettingsError
from rag.evidence import confidence
from rag.evidence.weighing import VERIFIED
from rag.reader.cases import gather, keep
from rag.reader.curve import risk_coverage
from rag.reader.data import read_rows
from rag.reader.fitting import (
    KINDS,
    Floats,
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

# Questions whose passages were left out, or one of whose names was swapped: the calibrator learns
# from them, but people do not ask so many that nothing answers.
MADE = ("hidden", "twin")


def report(name: str, cases: Sequence[dict[str, Any]], shown: Floats, truth: Floats,
           thresholds: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """Figures of calibration and of refusing."""
    result: dict[str, Any] = {"set": name, "n": len(cases), "ece": round(ece(shown, truth), 4),
                              "ece_by_chance": round(ece_by_chance(shown), 4),
                              "right_share": round(float(truth.mean()), 4)}
    for risk, threshold in thresholds:
        if risk in (0.05, 0.1, 0.15, 0.2):
            given = shown >= threshold
            result[f"at_risk_{risk:g}"] = {
                "answered": round(float(given.mean()), 4),
                "wrong_among_answered": round(float(1 - truth[given].mean()), 4),
                "by_kind": {
                    kind: {"n": int(of.sum()), "answered": round(float(given[of].mean()), 4),
                           "right": round(float((given & (truth > 0))[of].mean()), 4)}
                    for kind in sorted({c["kind"] for c in cases})
                    if (of := np.array([c["kind"] == kind for c in cases])).any()},
            }
    return result


def write(calibrator: confidence.Calibrator, path: Path) -> None:
    """Write a calibrator as JSON."""
    path.write_text(json.dumps(calibrator.to_json()) + "\n", encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m rag.reader.calibrate", description="Fit the probability of answers.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    add = parser.add_argument
    add("--reader", default="default", help="the reader to calibrate, a folder or a name")
    add("--fit", type=Path, nargs="+", required=True, help="annotated files")
    add("--cases", type=Path, nargs="*", default=[],
        help="further cases, as `python -m eval signals` writes them")
    add("--times", type=int, default=1, help="how often each of the further cases counts")
    add("--judge", type=Path, nargs="*", default=[], help="cases that are only judged")
    add("--kind", choices=KINDS,
        help="fit this kind only; without it, the best of all by the Brier score on unseen folds")
    add("--out", type=Path, required=True, help="folder for the results")
    add("--hidden", type=float, default=0.35, help="share asked again without their paragraph")
    add("--most", type=int, default=1200, help="at most about so many questions a file")
    add("--risk-on", metavar="NAME", nargs="*",
        help="measure the table of risks on the questions of these sources alone, fitted on or "
             "only judged, as they were asked")
    add("--second", action="store_true",
        help="fit the calibrator of answers that the reader's verifier has read, too")
    add("--seed", type=int, default=1, help="of all chance")
    options = parser.parse_args(argv)
    try:
        reports = _calibrate(options)
    except (SettingsError, ModelError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(reports)
    return 0


def _calibrate(options: argparse.Namespace) -> str:
    """Gather, fit and write what the command line asks for; return the figures as JSON."""
    options.out.mkdir(parents=True, exist_ok=True)
    settings = Settings(reader=options.reader)
    kept = options.out / "signals.jsonl"
    if not kept.exists():
        keep((case for path in options.fit for case in gather(
            path, settings, options.hidden, options.most, options.seed)), kept)
    further = [case for path in options.cases for case in read_rows(path)]
    judged = {path.stem: list(read_rows(path)) for path in options.judge}
    fitted_on = list(read_rows(kept))
    if not options.second:
        for case in (*fitted_on, *further, *(c for some in judged.values() for c in some)):
            for answer in case["answers"]:
                answer["signals"].pop(VERIFIED, None)
    calibrator, reports, curves = chosen(
        [*fitted_on, *further * options.times], judged, options.risk_on, options.kind)
    write(calibrator, options.out / (confidence.SECOND if options.second else confidence.FILE))
    risk_coverage(curves, options.out / "risk.png")
    text = json.dumps(reports, indent=1)
    (options.out / "calibration.json").write_text(text + "\n", "utf-8")
    return text


def chosen(
    cases: Sequence[dict[str, Any]], judged: Mapping[str, list[dict[str, Any]]],
    risk_on: Sequence[str] | None, only: Kind | None = None,
) -> tuple[confidence.Calibrator, list[dict[str, Any]], dict[str, tuple[Floats, Floats]]]:
    """Fit every kind of calibrator and choose by the Brier score on unseen folds.

    Args:
        cases: To fit on.
        judged: Further cases by name, only judged on.
        risk_on: Sources on whose questions alone, as they were asked, the table of risks is
            measured, judged ones among them; None for all cases to fit on.
        only: The kind to fit; None for every one.

    Returns:
        The best one, the figures of all with the choice first, and their curves.
    """
    reports: list[dict[str, Any]] = []
    curves: dict[str, tuple[Floats, Floats]] = {}
    best: tuple[float, str, confidence.Calibrator] | None = None
    kinds: Sequence[Kind] = [only] if only else KINDS
    for kind in kinds:
        shown, truth = curves[f"{kind}, unseen folds"] = crossed(cases, kind)
        made = fit(cases, kind, "the development questions of the model card")
        risks = risks_of(*_for_risks(cases, shown, truth, made, judged, risk_on))
        made = replace(made, risks=risks)
        reports.append(report(f"{kind}, cross-validated", cases, shown, truth, risks))
        for source in sorted({c["source"] for c in cases}):
            unseen = [c for c in cases if c["source"] == source]
            others = [c for c in cases if c["source"] != source]
            if others:
                reports.append(report(f"{kind}, {source} never seen", unseen,
                                      *shown_of(fit(others, kind), unseen), risks))
        for name, others in judged.items():
            reports.append(report(f"{kind}, {name} never seen", others, *shown_of(made, others),
                                  risks))
        score = brier(shown, truth)
        if best is None or score < best[0]:
            best = score, kind, made
    assert best is not None
    reports.insert(0, {"chosen": best[1], "brier": round(best[0], 4)})
    return best[2], reports, curves


def _for_risks(
    cases: Sequence[dict[str, Any]], shown: Floats, truth: Floats, made: confidence.Calibrator,
    judged: Mapping[str, list[dict[str, Any]]], risk_on: Sequence[str] | None,
) -> tuple[Floats, Floats]:
    """Return the answers, and whether they are right, that the table of risks is measured on.

    Without names these are all cases that were fitted on. With names, each question of those
    sources counts once, as it was asked: the fitted ones as calibrators that did not see them
    show them, the judged ones as the finished one does.

    Raises:
        SettingsError: A source is neither among the cases nor among the judged ones.
    """
    if not risk_on:
        return shown, truth
    others = [case for some in judged.values() for case in some]
    known = {case["source"] for case in (*cases, *others)}
    if missing := set(risk_on) - known:
        raise SettingsError(f"--risk-on {min(missing)}: no case is of that source; known are "
                            + ", ".join(sorted(known)))
    seen = {(case["source"], case["group"]) for case in cases}
    fitted = {(c["source"], c["group"], c["kind"], c["question"]): at
              for at, c in enumerate(cases) if _asked_of(c, risk_on)}
    fresh = [c for c in others
             if _asked_of(c, risk_on) and (c["source"], c["group"]) not in seen]
    once = list(fitted.values())
    parts = [(shown[once], truth[once]), shown_of(made, fresh)]
    return (np.concatenate([part[0] for part in parts]),
            np.concatenate([part[1] for part in parts]))


def _asked_of(case: dict[str, Any], sources: Sequence[str]) -> bool:
    return case["source"] in sources and case["kind"] not in MADE


if __name__ == "__main__":
    sys.exit(main())

"""Fit the calibrator: ``python -m rag.reader.calibrate --help``.

Annotated paragraphs become a folder of articles, one file each, which is indexed, searched and
read as a person's folder would be. The signals of the best answers are kept with whether each is
right; a logistic regression over them, fitted on some questions and judged on others (whole
titles stay together), gives the probability (the approach of Kamath, Jia and Liang, ACL 2020).

Every answerable question may also be asked with its own paragraph hidden, and reviewed twins
(:mod:`rag.reader.twins`) with one thing swapped, because people ask what is not there.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from rag import confidence, evidence, questions, reader
from rag.library import Library
from rag.reader import twins
from rag.reader.data import read_rows
from rag.reader.measure import f1
from rag.settings import Settings
from rag.types import Hit

RIGHT = 0.6  # an answer is right from this F1 with an accepted one
_RISKS = (0.01, 0.02, 0.03, 0.05, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
# Products of signals that a plain sum cannot express: a margin means less when the question's
# names are not in the passage.
PRODUCTS = ("margin*names_sentence", "margin*words_passage", "margin*gap")
_CLEAR = 1e-9

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """A question asked of a folder of paragraphs.

    Attributes:
        kind: "here", "adversarial", "hidden" or "twin".
        group: What must not be split between fitting and judging.
        question: As asked.
        accepted: Right answers; none if the folder does not answer.
        hidden: Name of the article that is left out of the hits.
    """

    kind: str
    group: str
    question: str
    accepted: tuple[str, ...] = ()
    hidden: str = ""


def folder_of(rows: Sequence[dict[str, Any]], folder: Path) -> dict[str, str]:
    """Write each paragraph as an article.

    Returns:
        File name by paragraph.
    """
    names: dict[str, str] = {}
    for row in rows:
        if row["context"] not in names:
            name = f"{len(names):05d}.txt"
            names[row["context"]] = name
            title = row.get("title", "").replace("_", " ")
            (folder / name).write_text(f"{title}\n\n{row['context']}\n".lstrip(), "utf-8")
    return names


def cases_of(rows: Sequence[dict[str, Any]], names: dict[str, str], hidden: float, seed: int
             ) -> list[Case]:
    """Make the questions to ask of a file's paragraphs."""
    made = []
    for row in rows:
        group = row.get("title") or names[row["context"]]
        accepted = tuple(a["text"] for a in row["answers"])
        made.append(Case("here" if accepted else "adversarial", group, row["question"], accepted))
        if accepted and random.Random(f"{seed}/{row['id']}").random() < hidden:
            made.append(Case("hidden", group, row["question"], (), names[row["context"]]))
    for row, twin in twins.load(rows):
        group = row.get("title") or names[row["context"]]
        made.append(Case("twin", group, twin["question"]))
    return made


def gather(path: Path, settings: Settings, hidden: float, most: int, seed: int
           ) -> Iterator[dict[str, Any]]:
    """Ask a file's questions and yield the signals of every weighed answer.

    Yields:
        ``{"source", "kind", "group", "question", "accepted", "answers": [{"text", "right",
        "signals"}, ...]}``, JSON-ready.
    """
    rows = [row for row in read_rows(path) if not row.get("history")]
    rows = rows[:: max(1, -(-len(rows) // most))]
    read = reader.load(settings)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "articles"
        folder.mkdir()
        names = folder_of(rows, folder)
        with Library.open(folder, Path(place) / "index", settings) as library:
            for case in tqdm(cases_of(rows, names, hidden, seed), desc=path.name.split(".")[0],
                             disable=not sys.stderr.isatty()):
                asked = questions.analyse(case.question)
                hits: list[Hit] = library.search(case.question, k=settings.top_k + 4)
                hits = [h for h in hits if h.passage.article != case.hidden][: settings.top_k]
                weighed = evidence.weigh_all(asked, read.read(asked.text, hits), hits,
                                             confidence.PLAIN)
                yield {
                    "source": path.name.split(".")[0], "kind": case.kind, "group": case.group,
                    "question": case.question, "accepted": case.accepted,
                    "answers": [
                        {"text": w.group.best.text, "signals": w.signals,
                         "right": f1(w.group.best.text, case.accepted) >= RIGHT}
                        for w in weighed],
                }


def table(cases: Sequence[dict[str, Any]], features: Sequence[str]
          ) -> tuple[Floats, NDArray[np.bool_], NDArray[np.int64]]:
    """Stack the answers of many cases.

    Returns:
        Signals (n, features), whether each answer is right (n,), and its case (n,).
    """
    values, right, owner = [], [], []
    for i, case in enumerate(cases):
        for answer in case["answers"]:
            values.append([answer["signals"][f] for f in features])
            right.append(answer["right"])
            owner.append(i)
    return np.array(values), np.array(right), np.array(owner)


def fit(cases: Sequence[dict[str, Any]], name: str = "") -> confidence.Calibrator:
    """Fit a calibrator; its table of risks is left empty.

    The regression learns from every weighed answer; the isotonic steps only from the one that
    would be shown, because that is the one whose probability is told.
    """
    from sklearn.isotonic import IsotonicRegression
    from sklearn.linear_model import LogisticRegression

    features = tuple(sorted(cases[0]["answers"][0]["signals"]))
    values, right, _ = table(cases, features)
    scales = values.std(0)
    keep = [i for i, s in enumerate(scales) if s > _CLEAR]
    features = tuple(features[i] for i in keep)
    means, scales = values[:, keep].mean(0), scales[keep]
    plain = (values[:, keep] - means) / scales
    columns = [plain]
    for product in PRODUCTS:
        a, b = (features.index(part) for part in product.split("*"))
        columns.append((plain[:, a] * plain[:, b])[:, None])
    model = LogisticRegression(C=0.3, max_iter=2000).fit(np.hstack(columns), right)
    raw = confidence.Calibrator(
        features + PRODUCTS, tuple(means.tolist()), tuple(scales.tolist()),
        tuple(model.coef_[0].tolist()), float(model.intercept_[0]), name=name)
    shown, truth = shown_of(raw, cases)
    steps = IsotonicRegression(out_of_bounds="clip").fit(shown, truth)
    # Isotonic steps are flat in between; a few quantile points with straight lines between them
    # keep the order of answers within a step.
    grid = np.unique(np.quantile(shown, np.linspace(0, 1, 13)))
    smooth = [float(np.mean(steps.predict(np.clip(grid[i] + np.linspace(-0.02, 0.02, 9), 0, 1))))
              for i in range(len(grid))]
    points = tuple((float(x), float(y)) for x, y in zip(grid, np.maximum.accumulate(smooth),
                                                         strict=True))
    return confidence.Calibrator(raw.features, raw.means, raw.scales, raw.weights, raw.bias,
                                 points, (), name)


def shown_of(calibrator: confidence.Calibrator, cases: Sequence[dict[str, Any]]
             ) -> tuple[Floats, Floats]:
    """The answer that each case would show: its probability, and 1.0 where it is right."""
    shown, truth = [], []
    for case in cases:
        best = max(((calibrator.probability(a["signals"]), a["right"]) for a in case["answers"]),
                   default=(0.0, False), key=lambda pair: pair[0])
        shown.append(best[0])
        truth.append(float(best[1]))
    return np.array(shown), np.array(truth)


def ece(shown: Floats, truth: Floats, bins: int = 10) -> float:
    """Expected calibration error over ``bins`` bins of equal count (Naeini et al., AAAI 2015)."""
    order = np.argsort(shown, kind="stable")
    parts = [p for p in np.array_split(order, bins) if len(p)]
    return float(sum(len(p) * abs(shown[p].mean() - truth[p].mean()) for p in parts) / len(shown))


def risks_of(shown: Floats, truth: Floats) -> tuple[tuple[float, float], ...]:
    """Least threshold that keeps the share of wrong answers within each risk, where one does."""
    order = np.argsort(-shown, kind="stable")
    wrong = np.cumsum(1 - truth[order]) / np.arange(1, len(order) + 1)
    result = []
    for risk in _RISKS:
        # The last position from which the risk still holds; 20 answers at least, or it is luck.
        fitting = np.flatnonzero(wrong <= risk)
        if len(fitting) and fitting[-1] >= 20:
            result.append((risk, round(float(shown[order[fitting[-1]]]), 4)))
    return tuple(result)


def crossed(cases: Sequence[dict[str, Any]], folds: int = 5) -> tuple[Floats, Floats]:
    """Probabilities of cases by calibrators that did not see their group, and the truth."""
    from sklearn.model_selection import GroupKFold

    shown, truth = np.zeros(len(cases)), np.zeros(len(cases))
    groups = [f"{c['source']}/{c['group']}" for c in cases]
    for seen, unseen in GroupKFold(folds).split(np.zeros(len(cases)), groups=groups):
        calibrator = fit([cases[i] for i in seen])
        shown[unseen], truth[unseen] = shown_of(calibrator, [cases[i] for i in unseen])
    return shown, truth


def report(name: str, cases: Sequence[dict[str, Any]], shown: Floats, truth: Floats,
           thresholds: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """Figures of calibration and of refusing."""
    result: dict[str, Any] = {"set": name, "n": len(cases), "ece": round(ece(shown, truth), 4),
                              "right_share": round(float(truth.mean()), 4)}
    for risk, threshold in thresholds:
        if risk in (0.05, 0.1, 0.2):
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
    short = re.compile(r"(-?\d+\.\d{6})\d+")
    text = json.dumps({
        "version": confidence.VERSION, "name": calibrator.name, "features": calibrator.features,
        "means": calibrator.means, "scales": calibrator.scales, "weights": calibrator.weights,
        "bias": calibrator.bias, "steps": calibrator.steps, "risks": calibrator.risks}, indent=1)
    path.write_text(short.sub(r"\1", text) + "\n", encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m rag.reader.calibrate", description="Fit the probability of answers.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    add = parser.add_argument
    add("--reader", default="default", help="the reader to calibrate, a folder or a name")
    add("--fit", type=Path, nargs="+", required=True, help="annotated files to fit on")
    add("--unseen", type=Path, nargs="*", default=[], help="files of sources to judge on only")
    add("--out", type=Path, required=True, help="folder for calibrator.json and signals.jsonl")
    add("--hidden", type=float, default=0.35, help="share asked again without their paragraph")
    add("--most", type=int, default=1200, help="at most about so many questions a file")
    add("--seed", type=int, default=1, help="of all chance")
    options = parser.parse_args(argv)
    options.out.mkdir(parents=True, exist_ok=True)
    settings = Settings(reader=options.reader)
    kept = options.out / "signals.jsonl"
    if not kept.exists():
        fresh = kept.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as file:
            for path in [*options.fit, *options.unseen]:
                for case in gather(path, settings, options.hidden, options.most, options.seed):
                    file.write(json.dumps(case) + "\n")
        fresh.rename(kept)
    cases = list(read_rows(kept))
    unseen_names = {p.name.split(".")[0] for p in options.unseen}
    seen = [c for c in cases if c["source"] not in unseen_names]
    unseen = [c for c in cases if c["source"] in unseen_names]
    shown, truth = crossed(seen)
    risks = risks_of(shown, truth)
    plain = fit(seen, "development questions of the model card")
    final = confidence.Calibrator(plain.features, plain.means, plain.scales, plain.weights,
                                  plain.bias, plain.steps, risks, plain.name)
    write(final, options.out / confidence.FILE)
    reports = [report("cross-validated", seen, shown, truth, risks)]
    if unseen:
        reports.append(report("unseen source", unseen, *shown_of(final, unseen), risks))
    (options.out / "calibration.json").write_text(json.dumps(reports, indent=1) + "\n", "utf-8")
    print(json.dumps(reports, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())

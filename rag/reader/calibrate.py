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
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, get_args

import numpy as np
from tqdm import tqdm

from rag import confidence, evidence, questions, reader
from rag.answering import candidates_of
from rag.library import Library
from rag.reader import twins
from rag.reader.curve import risk_coverage
from rag.reader.data import read_rows
from rag.reader.fitting import Floats, Kind, brier, crossed, ece, fit, risks_of, shown_of
from rag.reader.measure import f1, normalise
from rag.settings import Settings
from rag.types import Filters, Hit

RIGHT = 0.5  # an answer is right from this F1 with an accepted one
SMALL = 0.67  # share of the questions that are asked of a few articles

@dataclass(frozen=True, slots=True)
class Case:
    """A question asked of a folder of paragraphs.

    Attributes:
        kind: "here", "adversarial", "hidden" or "twin".
        group: What must not be split between fitting and judging.
        question: As asked.
        accepted: Right answers; none if the folder does not answer.
        hidden: Name of the article that is left out of the hits.
        sentences: Whether the accepted answers are whole sentences that hold the answer.
        pool: The only articles that are searched; empty for all.
    """

    kind: str
    group: str
    question: str
    accepted: tuple[str, ...] = ()
    hidden: str = ""
    sentences: bool = False
    pool: tuple[str, ...] = ()


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
    """Make the questions to ask of a file's paragraphs.

    Two of three are asked of a small pool of articles with the right one among them, because
    people's folders are small more often than large.
    """
    every = sorted(names.values())
    made = []
    for row in rows:
        rng = random.Random(f"{seed}/{row.get('id', row['question'])}")
        name = names[row["context"]]
        group = row.get("title") or name
        accepted = tuple(a["text"] for a in row["answers"])
        pool: tuple[str, ...] = ()
        if rng.random() < SMALL:
            size = min(len(every), rng.choice((2, 4, 8, 16)))
            pool = tuple(sorted({name, *rng.sample(every, size)}))
        case = Case("here" if accepted else "adversarial", group, row["question"], accepted,
                    sentences=bool(row.get("sentence_level")), pool=pool)
        made.append(case)
        if accepted and rng.random() < hidden:
            made.append(replace(case, kind="hidden", accepted=(), hidden=name))
    pools = {case.question: case.pool for case in made}
    for row, twin in twins.load(rows):
        group = row.get("title") or names[row["context"]]
        made.append(Case("twin", group, twin["question"], pool=pools[row["question"]]))
    return made


def right(text: str, case: Case) -> bool:
    """Whether an answer counts as right: near an accepted one, holding it, or held by it.

    Annotators mark one of many good stretches ("May 2023", "in May 2023 in the capital"); a
    person who reads the answer with its sentence is served by each of them.
    """
    words = f" {normalise(text)} "
    if not words.strip():
        return False
    accepted = [f" {normalise(a)} " for a in case.accepted]
    if any(words in a for a in accepted):
        return True
    if case.sentences:
        return False
    return f1(text, case.accepted) >= RIGHT or any(a.strip() and a in words for a in accepted)


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
                hits: list[Hit] = library.search(case.question, Filters(articles=case.pool),
                                                 k=settings.top_k + 4)
                hits = [h for h in hits if h.passage.article != case.hidden][: settings.top_k]
                yield {
                    "source": path.name.split(".")[0], "kind": case.kind, "group": case.group,
                    "question": case.question, "accepted": case.accepted,
                    "answers": answers_of(asked, hits, read, partial(right, case=case)),
                }


def answers_of(asked: questions.Asked, hits: Sequence[Hit], read: reader.Reader,
               is_right: Callable[[str], bool]) -> list[dict[str, Any]]:
    """Weigh the answers to a question as the assistant would, and say which are right.

    Returns:
        ``{"text", "signals", "right"}`` of each, JSON-ready.
    """
    weighed = evidence.weigh_all(asked, candidates_of(asked, hits, read), hits, confidence.PLAIN)
    return [{"text": w.group.best.text, "signals": w.signals, "right": is_right(w.group.best.text)}
            for w in weighed]


def keep(cases: Iterable[dict[str, Any]], path: Path) -> int:
    """Write cases as JSON lines, whole or not at all; return how many."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    count = 0
    with fresh.open("w", encoding="utf-8") as file:
        for case in cases:
            file.write(json.dumps(case, ensure_ascii=False) + "\n")
            count += 1
    fresh.rename(path)
    return count


def report(name: str, cases: Sequence[dict[str, Any]], shown: Floats, truth: Floats,
           thresholds: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """Figures of calibration and of refusing."""
    result: dict[str, Any] = {"set": name, "n": len(cases), "ece": round(ece(shown, truth), 4),
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
    short = re.compile(r"(-?\d+\.\d{6})\d+")
    text = json.dumps({
        "version": confidence.VERSION, "name": calibrator.name, "features": calibrator.features,
        "means": calibrator.means, "scales": calibrator.scales, "weights": calibrator.weights,
        "bias": calibrator.bias, "steps": calibrator.steps, "risks": calibrator.risks,
        "trees": calibrator.trees})
    path.write_text(short.sub(r"\1", text) + "\n", encoding="utf-8")


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
    add("--out", type=Path, required=True, help="folder for the results")
    add("--hidden", type=float, default=0.35, help="share asked again without their paragraph")
    add("--most", type=int, default=1200, help="at most about so many questions a file")
    add("--risk-on", metavar="NAME", nargs="*", help="measure the table of risks on these alone")
    add("--seed", type=int, default=1, help="of all chance")
    options = parser.parse_args(argv)
    options.out.mkdir(parents=True, exist_ok=True)
    settings = Settings(reader=options.reader)
    kept = options.out / "signals.jsonl"
    if not kept.exists():
        keep((case for path in options.fit for case in gather(
            path, settings, options.hidden, options.most, options.seed)), kept)
    further = [case for path in options.cases for case in read_rows(path)]
    cases = [*read_rows(kept), *further * options.times]
    reports = []
    best: tuple[float, str] | None = None
    made: dict[str, confidence.Calibrator] = {}
    curves: dict[str, tuple[Floats, Floats]] = {}
    for kind in get_args(Kind):
        shown, truth = curves[f"{kind}, unseen folds"] = crossed(cases, kind)
        told = np.array([not options.risk_on or c["source"] in options.risk_on for c in cases])
        risks = risks_of(shown[told], truth[told])
        made[kind] = replace(fit(cases, kind, "the development questions of the model card"),
                             risks=risks)
        reports.append(report(f"{kind}, cross-validated", cases, shown, truth, risks))
        for source in sorted({c["source"] for c in cases}):
            unseen = [c for c in cases if c["source"] == source]
            others = [c for c in cases if c["source"] != source]
            if others:
                reports.append(report(f"{kind}, {source} never seen", unseen,
                                      *shown_of(fit(others, kind), unseen), risks))
        for path in options.judge:
            unseen = list(read_rows(path))
            reports.append(report(f"{kind}, {path.stem} never seen", unseen,
                                  *shown_of(made[kind], unseen), risks))
        score = brier(shown, truth)
        if best is None or score < best[0]:
            best = score, kind
    assert best is not None
    write(made[best[1]], options.out / confidence.FILE)
    risk_coverage(curves, options.out / "risk.png")
    reports.insert(0, {"chosen": best[1], "brier": round(best[0], 4)})
    (options.out / "calibration.json").write_text(json.dumps(reports, indent=1) + "\n", "utf-8")
    print(json.dumps(reports, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Several settings side by side on the same questions, and which differences are real.

Every configuration is compared with the first. p values are those of approximate randomization
(``eval.statistics``), corrected by Holm over the configurations, measure by measure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from eval.ask import describe
from eval.cases import QuestionSet
from eval.changes import REAL
from eval.measures import TITLES
from eval.records import Record
from eval.run import run
from eval.statistics import Difference, differences, estimate, holm
from eval.tables import markdown_table

MEASURES: Final = (
    "right", "f1", "refusal_recall", "citation_precision", "success@5", "recall@5", "mrr",
    "ndcg@10",
)

TIMES: Final = ("p50", "p95")
MARKERS: Final = ("<!-- compare:begin -->", "<!-- compare:end -->")

OURS: Final[dict[str, dict[str, Any]]] = {
    "default": {},
    "dense only": {"ranking": "dense"},
    "BM25 only": {"ranking": "words"},
    "top_k 4": {"top_k": 4},
    "top_k 16": {"top_k": 16},
    "passages of 64": {"passage_tokens": 64},
    "passages of 128": {"passage_tokens": 128},
    "no overlap": {"overlap_sentences": 0},
    "cosine_weight 0.5": {"cosine_weight": 0.5},
}
"""What is compared when nothing is named: our defaults, and one thing changed at a time."""


def compare(
    sets: Sequence[QuestionSet],
    configurations: Mapping[str, Mapping[str, Any]],
    runs: Path,
    quiet: bool = False,
    times: bool = True,
) -> str:
    """Run every configuration and describe the differences.

    Args:
        sets: The question sets.
        configurations: Settings by name; the first is what the others are compared with. Ours
            when there are none; the defaults come first when there is only one.
        runs: Where journals and indexes are kept.
        quiet: No progress bars.
        times: Whether the times are shown; on a busy machine they say nothing.

    Returns:
        A Markdown table and the list of real differences.
    """
    chosen = dict(configurations or OURS)
    if len(chosen) == 1:
        chosen = {"default": {}, **chosen}
    records = {
        name: run(sets, settings, runs, quiet=quiet) for name, settings in chosen.items()
    }
    return as_markdown(records, chosen, times)


def as_markdown(
    records: Mapping[str, Sequence[Record]],
    settings: Mapping[str, Mapping[str, Any]],
    times: bool = True,
) -> str:
    """The table of measured configurations, with a star where a difference is real."""
    first, *others = records
    tested = {name: differences(records[first], records[name], MEASURES) for name in others}
    real = _corrected(tested)
    rows = []
    for name, own in records.items():
        found = estimate(own, intervals=False)
        cells = [
            f"{100 * found[m].value:.1f}{'*' if real.get((name, m), 1.0) < REAL else ''}"
            if m in found else "·"
            for m in MEASURES
        ]
        cells += [f"{found[m].value:.0f}" for m in TIMES if times]
        rows.append([name, describe(settings[name]), *cells])
    table = markdown_table(
        ["configuration", "settings", *(TITLES[m] for m in (*MEASURES, *(TIMES if times else ())))],
        rows,
    )
    notes = [
        f"- {name}, {TITLES[m]}: {100 * d.before:.1f} -> {100 * d.after:.1f}, "
        f"p={real[name, m]:.3f}"
        for name in others for m, d in tested[name].items() if real[name, m] < REAL
    ]
    said = "\n".join(notes) if notes else "None."
    turns = len(records[first])
    return (f"{table}\n\nPer cent over {turns} turns. A star is a real difference from "
            f"\"{first}\" (p < {REAL}, approximate randomization by conversation, corrected by "
            f"Holm):\n\n{said}")


def _corrected(
    tested: Mapping[str, Mapping[str, Difference]]
) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    for measure in MEASURES:
        p = {name: ds[measure].p for name, ds in tested.items() if measure in ds}
        found |= {(name, measure): value for name, value in holm(p).items()}
    return found

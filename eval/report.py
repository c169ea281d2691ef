"""Reports of a run: one self-contained HTML page and a Markdown summary.

The page loads nothing: styles, charts and the little script that filters failures are inside.
Everything that comes from questions, articles and answers is escaped by the template engine
(Jinja2 with autoescape); only the charts, which escape for themselves, are put in as they are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import jinja2
from markupsafe import Markup

from eval import charts
from eval.changes import REAL, Changes, changes
from eval.measures import ECE_BINS, MEANINGS, TITLES, curve_data, risk_coverage
from eval.records import Record
from eval.results import Result
from eval.statistics import Estimate
from eval.tables import by_kind, cell, interval, markdown_table

TRACE_CHARS: Final = 6_000
"""A failure's trace is shown up to this many characters."""


def write_report(
    result: Result, folder: Path, baseline: Result | None = None
) -> tuple[Path, Path]:
    """Write ``report.html`` and ``report.md``.

    Args:
        result: The run, with traces in its records where they are to be shown.
        folder: Where to; made when missing.
        baseline: An earlier result to compare with.

    Returns:
        The paths of both files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found = changes(baseline.records, result.records) if baseline else None
    page, summary = folder / "report.html", folder / "report.md"
    page.write_text(as_html(result, found), encoding="utf-8")
    summary.write_text(as_markdown(result, found), encoding="utf-8")
    return page, summary


def as_html(result: Result, found: Changes | None = None) -> str:
    """The page as text."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )
    rows = by_kind(result.records)
    confidence, right, turns, seconds = curve_data(result.records)
    coverage, risk = risk_coverage(confidence, right, turns)
    kinds = [
        (name, e["right"].value, e["right"].low, e["right"].high, e["right"].n)
        for name, e in rows if "right" in e
    ]
    return environment.get_template("report.html.j2").render(
        result=result,
        turns=turns,
        wrong=[_failure(r) for r in result.records if not r.right],
        sets=[_set_row(result, name) for name in result.titles],
        columns=[(m, TITLES[m], MEANINGS[m]) for m in TITLES
                 if any(m in e for _, e in rows)],
        rows=[(name, _turns(result.records, name),
               {m: (cell(m, e.get(m)), interval(m, e.get(m))) for m in TITLES})
              for name, e in rows],
        risk=Markup(charts.lines(
            [("risk", list(zip(coverage.tolist(), risk.tolist(), strict=True)))],
            "coverage: share of turns answered", "risk: share wrong", _top(risk.tolist()),
            marks=(0.05, 0.10))),
        reliability=Markup(charts.reliability(_bins(confidence.tolist(), right.tolist()))),
        bars=Markup(charts.bars(kinds)),
        latency=Markup(charts.histogram([1000 * s for s in seconds.tolist()], "milliseconds")),
        changes=found,
        titles=TITLES,
        real=REAL,
        kinds=[name for name, _ in rows[1:]],
    )


def as_markdown(result: Result, found: Changes | None = None) -> str:
    """The summary as text."""
    rows = by_kind(result.records)
    names = [m for m in TITLES if any(m in e for _, e in rows)]
    parts = [
        f"# Evaluation of {result.commit[:12]}",
        f"{len(result.records)} turns of {', '.join(result.titles)}, measured {result.measured} "
        f"with {_settings(result)}. Per cent ± half of the 95 % bootstrap interval; times in "
        "milliseconds.",
        markdown_table(
            ["kind", "turns", *(TITLES[m] for m in names)],
            [[name, str(_turns(result.records, name)), *(cell(m, e.get(m)) for m in names)]
             for name, e in rows],
        ),
    ]
    if found:
        parts += ["## Against the baseline", markdown_table(
            ["measure", "before", "after", "p"],
            [[TITLES[m], f"{100 * d.before:.1f}", f"{100 * d.after:.1f}", f"{d.p:.3f}"]
             for m, d in found.tested.items()],
        ), *(markdown_table(
            [title, "question", "was", "is"],
            [[b.id, b.asked, a.short or a.outcome, b.short or b.outcome] for a, b in pairs],
        ) for title, pairs in (("broken", found.broken), ("mended", found.mended)) if pairs)]
    failures = [r for r in result.records if not r.right]
    parts += [f"## {len(failures)} failures", markdown_table(
        ["case", "kind", "question", "expected", "given", "why"],
        [[f"{r.set} {r.id}", r.kind, r.asked, r.accepted, r.short or r.outcome,
          r.judgement["reason"]] for r in failures],
    )]
    return "\n\n".join(parts) + "\n"


def _failure(record: Record) -> dict[str, Any]:
    trace = json.dumps(record.trace, indent=1, ensure_ascii=False) if record.trace else ""
    if len(trace) > TRACE_CHARS:
        trace = trace[:TRACE_CHARS] + "\n…"
    return {"record": record, "reason": record.judgement["reason"], "trace": trace}


def _set_row(result: Result, name: str) -> dict[str, Any]:
    own = [r for r in result.records if r.set == name]
    found: Mapping[str, Estimate] = by_kind(own)[0][1]
    return {"name": name, "title": result.titles[name], "turns": len(own),
            "right": f"{100 * found['right'].value:.1f}",
            "between": interval("right", found["right"]).partition(" ")[2],
            "verbatim": f"{100 * found['verbatim'].value:.1f}" if "verbatim" in found else "·"}


def _bins(
    confidence: Sequence[float], right: Sequence[float]
) -> list[tuple[float, float, int]]:
    groups: dict[int, list[tuple[float, float]]] = {}
    for c, r in zip(confidence, right, strict=True):
        groups.setdefault(min(int(c * ECE_BINS), ECE_BINS - 1), []).append((c, r))
    return [
        (sum(c for c, _ in pairs) / len(pairs), sum(r for _, r in pairs) / len(pairs), len(pairs))
        for _, pairs in sorted(groups.items())
    ]


def _top(values: Sequence[float]) -> float:
    """An end of the axis that is a round share above all values, at least 20 %."""
    highest = max(values, default=0.0)
    return next((step for step in (0.2, 0.4, 0.6, 0.8) if highest <= step), 1.0)


def _turns(records: Sequence[Record], kind: str) -> int:
    return sum(kind in ("all", r.kind) for r in records)


def _settings(result: Result) -> str:
    pairs = ", ".join(f"{name}={value}" for name, value in result.settings.items())
    return pairs or "default settings"

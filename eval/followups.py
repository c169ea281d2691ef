"""Follow-ups three ways: resolved by the assistant, written out by hand, and as they were typed.

    python -m eval.followups --set dialogues

Every follow-up of a set that carries a hand-written form is asked in its conversation, then alone
in the hand-written form, then alone in the words of the conversation. The difference between the
first two is what resolving costs; the third is what happens without it.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from eval.ask import Interviewer
from eval.cases import QuestionSet, load
from eval.records import Record
from eval.run import SETS

WAYS: Final = ("typed", "resolved", "by hand")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the comparison and print it.

    Args:
        arguments: The command line; ``sys.argv`` by default.

    Returns:
        The exit status: 0.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--set", default="dialogues", help="name of a question set")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--show", action="store_true", help="print every follow-up that differs")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as indexes:
        interviewer = Interviewer({}, Path(indexes))
        try:
            found = compare(load(SETS / options.set), interviewer)
        finally:
            interviewer.close()
    figures = {way: summary(found[way]) for way in WAYS}
    if options.json:
        print(json.dumps(figures, indent=1))
        return 0
    if options.show:
        for resolved, hand in zip(found["resolved"], found["by hand"], strict=True):
            if resolved.searched != hand.searched:
                mark = " " if resolved.right >= hand.right else "!"
                print(f"{mark} {resolved.id}: {resolved.asked} -> {resolved.searched} "
                      f"[{resolved.short}] | {hand.searched} [{hand.short}]")
    print(f"{len(found['resolved'])} follow-ups of {options.set}")
    print(f"{'':10}  recall@5  right")
    for way, values in figures.items():
        print(f"{way:10}  {100 * values['recall@5']:8.1f}  {100 * values['right']:5.1f}")
    return 0


def compare(questions: QuestionSet, interviewer: Interviewer) -> dict[str, list[Record]]:
    """Ask every follow-up of a set in each way.

    Args:
        questions: The set.
        interviewer: Who asks.

    Returns:
        The records of the follow-ups by way, in the same order.
    """
    found: dict[str, list[Record]] = {way: [] for way in WAYS}
    for conversation in questions.conversations:
        records = interviewer.ask(questions.name, conversation)
        for turn, record in zip(conversation.turns, records, strict=True):
            if turn.resolved is None:
                continue
            found["resolved"].append(record)
            for way, words in (("typed", turn.question), ("by hand", turn.resolved)):
                alone = replace(turn, question=words)
                single = replace(conversation, turns=(alone,))
                found[way] += interviewer.ask(questions.name, single)
    return found


def summary(records: Sequence[Record]) -> dict[str, float]:
    """Return the share of right answers, and how often one of five hits supports it."""
    recalls = [r.ranking["Success@5"] > 0 for r in records if r.ranking]
    return {
        "recall@5": sum(recalls) / max(1, len(recalls)),
        "right": sum(r.right for r in records) / max(1, len(records)),
    }


if __name__ == "__main__":
    raise SystemExit(main())

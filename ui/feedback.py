"""What people say of answers, kept as cases that the evaluation can run."""

from __future__ import annotations

import datetime as dt
import json
import threading
from pathlib import Path
from typing import Any, Final

from rag import Answer
from ui.folded import Exchange

LONGEST: Final = 500
# Bytes beyond which no more is written, so that nobody can fill the disk.
LARGEST: Final = 50_000_000


class Feedback:
    """Appends to one file of JSON lines on this machine; nothing is sent.

    A line is a conversation in the format of ``eval/sets``: the turns up to the judged one, the
    judged one with what is right, and the verdict. Where only a person can complete a case (the
    supporting sentence of a correction), its note says so.

    Args:
        path: The file; its folder is made when the first line is written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def add(self, exchanges: list[Exchange], verdict: str, correction: str = "") -> None:
        """Keep what somebody said of the last of these exchanges.

        Args:
            exchanges: The conversation up to the judged answer.
            verdict: "right" or "wrong".
            correction: What would have been right; empty where that was not said.

        Raises:
            ValueError: The verdict is neither, or the file is full.
            OSError: The file cannot be written.
        """
        if verdict not in ("right", "wrong"):
            raise ValueError(f"verdict {verdict!r} must be right or wrong")
        moment = dt.datetime.now(dt.UTC)
        case = {
            "id": f"feedback-{moment:%Y%m%dT%H%M%S%f}",
            "turns": [_turn(exchange.answer) for exchange in exchanges[:-1]]
            + [_judged(exchanges[-1].answer, verdict, correction[:LONGEST].strip(),
                       follow_up=len(exchanges) > 1)],
            "verdict": verdict,
            "note": f"said on the page on {moment:%Y-%m-%d}",
        }
        line = json.dumps(case, ensure_ascii=True) + "\n"
        with self._lock:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if self.path.exists() and self.path.stat().st_size > LARGEST:
                raise ValueError(f"{self.path} is full; move it away to keep more")
            with self.path.open("a", encoding="utf-8") as file:
                file.write(line)


def _turn(answer: Answer) -> dict[str, Any]:
    """Return a turn that stands before the judged one, with the answer that it had."""
    turn: dict[str, Any] = {"question": answer.asked, "kind": _kind(answer, False),
                            "outcome": answer.outcome}
    if answer.outcome == "answered":
        turn["answers"] = [answer.short or answer.text]
        turn["support"] = _support(answer)
    elif answer.outcome == "disputed":
        turn["points"] = [[citation.quote] for citation in answer.citations]
        turn["support"] = [{**one, "point": at} for at, one in enumerate(_support(answer))]
    return turn


def _judged(answer: Answer, verdict: str, correction: str, follow_up: bool) -> dict[str, Any]:
    turn = {**_turn(answer), "kind": _kind(answer, follow_up)}
    if follow_up and answer.question != answer.asked:
        turn["resolved"] = answer.question
    if verdict == "right":
        return turn
    for field in ("answers", "points", "support"):
        turn.pop(field, None)
    given = answer.short or answer.text
    if correction:
        turn |= {"outcome": "answered", "answers": [correction], "support": []}
        turn["note"] = f"was answered {given!r}; add the sentence that proves the correction"
    else:
        turn["outcome"] = "not_found"
        turn["note"] = f"was answered {given!r}, which is wrong; say what is right"
    if answer.outcome != "not_found" and given.casefold() != correction.casefold():
        turn["forbidden"] = [given]
    return turn


def _kind(answer: Answer, follow_up: bool) -> str:
    if follow_up and answer.question != answer.asked:
        return "follow-up"
    if answer.outcome == "disputed":
        return "dispute"
    if answer.outcome == "not_found":
        return "unanswerable"
    kind, wanted = answer.trace.get("kind"), answer.trace.get("wanted")
    if kind in ("why", "how", "list"):
        return str(kind)
    if kind in ("yesno", "yes/no"):
        return "yes/no"
    return str(wanted) if wanted in ("number", "date", "person", "place") else "fact"


def _support(answer: Answer) -> list[dict[str, Any]]:
    return [{"article": citation.article, "sentence": citation.quote}
            for citation in answer.citations]

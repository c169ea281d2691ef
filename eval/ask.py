"""Ask the assistant the turns of a conversation and record what came back."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from eval.cases import ExpectedConversation, ExpectedTurn
from eval.judge import judge
from eval.ranking import DEPTH, ranking_measures
from eval.records import Record
from eval.support import SupportIndex
from rag.assistant import Assistant
from rag.errors import RagError
from rag.types import Answer, Passage, Turn

OPEN_FOLDERS = 4
"""Assistants that are kept open at a time, one per folder of articles."""

_INDEX_SETTINGS = ("embedder", "passage_tokens", "overlap_sentences")


class Interviewer:
    """Asks conversations, each over its own folder of articles.

    Args:
        settings: Settings of ``Assistant.open`` by name; the defaults where left out.
        indexes: Folder for the indexes that are built, one per folder of articles.
        progress: Handed to ``Assistant.open``.
    """

    def __init__(
        self,
        settings: Mapping[str, object],
        indexes: Path,
        progress: Callable[[str, int, int], None] | None = None,
    ) -> None:
        self._settings: dict[str, Any] = dict(settings)
        self._indexes = indexes
        self._progress = progress
        self._open: dict[Path, Assistant] = {}

    def ask(self, set_name: str, conversation: ExpectedConversation) -> list[Record]:
        """Ask every turn in order; each sees the answers before it."""
        assistant = self._assistant(conversation.articles.resolve())
        history: list[Turn] = []
        records = []
        for turn in conversation.turns:
            started = time.perf_counter()
            answer = _answer(assistant, turn, history)
            seconds = time.perf_counter() - started
            records.append(
                _record(set_name, conversation.id, turn, answer, seconds, assistant)
            )
            history.append(Turn(turn.question, answer.question, answer))
        return records

    def close(self) -> None:
        """Close every assistant."""
        while self._open:
            self._open.popitem()[1].close()

    def _assistant(self, folder: Path) -> Assistant:
        if folder not in self._open:
            while len(self._open) >= OPEN_FOLDERS:
                self._open.pop(next(iter(self._open))).close()
            shape = {name: self._settings.get(name) for name in _INDEX_SETTINGS}
            key = hashlib.sha256(json.dumps([str(folder), shape]).encode()).hexdigest()[:16]
            assistant = Assistant.open(
                folder, self._indexes / key, progress=self._progress, **self._settings
            )
            _ = assistant.models  # loads them, so that no question pays for it
            assistant.search("warm up")
            self._open[folder] = assistant
        return self._open[folder]


def _answer(assistant: Assistant, turn: ExpectedTurn, history: list[Turn]) -> Answer:
    try:
        return assistant.ask(turn.question, history, turn.filters)
    except RagError as error:
        # One question that cannot be asked is a failure of its case, not the end of the run.
        return Answer(
            "not_found", f"error: {error}", None, 0.0, (), turn.question, turn.question,
            {"error": str(error)},
        )


def _record(
    set_name: str,
    conversation: str,
    turn: ExpectedTurn,
    answer: Answer,
    seconds: float,
    assistant: Assistant,
) -> Record:
    support = SupportIndex(turn, lambda name: _text(assistant, name))
    judged = judge(turn, answer, support, lambda name: _text(assistant, name))
    values = {name: getattr(judged, name) for name in judged.__slots__}
    if "error" in answer.trace:
        values |= {"right": False, "reason": answer.text}
    return Record(
        set=set_name,
        conversation=conversation,
        id=turn.id,
        kind=turn.kind,
        asked=turn.question,
        expected=turn.outcome,
        accepted=_accepted(turn),
        outcome=answer.outcome,
        short=answer.short,
        text=answer.text,
        confidence=answer.confidence,
        searched=answer.question,
        quotes=[[c.article, c.quote] for c in answer.citations],
        judgement=values,
        ranking=_ranking(assistant, turn, answer.question, support),
        seconds=seconds,
        trace=json.loads(json.dumps(dict(answer.trace), default=str)),
    )


def _ranking(
    assistant: Assistant, turn: ExpectedTurn, searched: str, support: SupportIndex
) -> dict[str, float]:
    if not turn.support:
        return {}
    relevant = {
        _passage_id(passage): 1
        for name in sorted({s.article for s in turn.support})
        for passage in assistant.library.passages(name)
        if support.held_by(name, (passage.start, passage.end))
    }
    if not relevant:
        return {}  # only furniture or a split sentence holds it: no ranking can be right
    hits = assistant.search(searched, DEPTH, turn.filters)
    return ranking_measures([_passage_id(hit.passage) for hit in hits], relevant)


def _passage_id(passage: Passage) -> str:
    return f"{passage.article}:{passage.start}-{passage.end}"


def _text(assistant: Assistant, name: str) -> str | None:
    try:
        return assistant.article(name).text
    except KeyError:
        return None


def _accepted(turn: ExpectedTurn) -> str:
    if turn.outcome == "not_found":
        return "nothing: the articles do not say"
    if turn.points:
        joint = " | " if turn.outcome == "disputed" else " + "
        return joint.join(" or ".join(point) for point in turn.points)
    return " or ".join(turn.answers)


def describe(settings: Mapping[str, Any]) -> str:
    """Settings in one line, for a table or a file."""
    return ", ".join(f"{name}={value}" for name, value in sorted(settings.items())) or "defaults"

"""What is kept of one asked turn: the case, the answer, its judgement, its ranking, its time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from rag.errors import UserError


@dataclass(frozen=True, slots=True)
class Record:
    """One asked turn. Every value is JSON-ready.

    Attributes:
        set: Name of the question set.
        conversation: Id of the conversation in its set.
        id: Id of the turn in its set.
        kind: Kind of the question.
        asked: The question as it was asked.
        expected: Expected outcome.
        accepted: What was accepted as right, in one line.
        outcome: Given outcome.
        short: Given short answer.
        text: Given text.
        confidence: Given confidence in [0, 1].
        searched: The question that was searched.
        quotes: The citations' article and quote.
        judgement: Fields of ``eval.judge.Judgement``.
        ranking: Value by measure of ``eval.ranking``; empty when nothing supports the turn.
        seconds: Wall-clock time from the question to the answer.
        trace: The answer's trace; left out of kept results.
    """

    set: str
    conversation: str
    id: str
    kind: str
    asked: str
    expected: str
    accepted: str
    outcome: str
    short: str | None
    text: str
    confidence: float
    searched: str
    quotes: list[list[str]]
    judgement: dict[str, Any]
    ranking: dict[str, float]
    seconds: float
    trace: dict[str, Any] = field(default_factory=dict)

    @property
    def right(self) -> bool:
        """Whether the answer is right."""
        return bool(self.judgement["right"])

    @property
    def cluster(self) -> tuple[str, str]:
        """What is resampled as one: the turns of a conversation hang together."""
        return self.set, self.conversation

    @property
    def key(self) -> tuple[str, str]:
        """What names the case across runs."""
        return self.set, self.id

    def to_dict(self, trace: bool = True) -> dict[str, Any]:
        """Return plain values, with or without the trace."""
        values = asdict(self)
        if not trace:
            del values["trace"]
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Record:
        """Read a record back.

        Raises:
            UserError: A field is missing or unknown.
        """
        known = {f.name for f in fields(cls)}
        if not known - {"trace"} <= set(values) <= known:
            odd = sorted((known - {"trace"} - set(values)) | (set(values) - known))
            raise UserError(f"a record has other fields than this version writes: {odd}; "
                            "measure again with: python -m eval --fresh")
        return cls(**values)

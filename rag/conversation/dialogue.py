"""What a person's next words are: a question, a follow-up, small talk, or a wish for a summary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.conversation.resolve import standalone
from rag.types import Citation, Turn

Kind = Literal["standalone", "followup", "smalltalk", "summary", "foreign"]


@dataclass(frozen=True, slots=True)
class Resolved:
    """A question as it is to be searched.

    Attributes:
        question: The question that stands alone; the words as asked for every other kind.
        added: The phrases that come from the conversation, in order; empty unless "followup".
        kind: "standalone" (searched as asked), "followup" (resolved with the history),
            "smalltalk", "summary" or "foreign" (in another language than the articles).
    """

    question: str
    added: tuple[str, ...]
    kind: Kind


def resolve(question: str, turns: Sequence[Turn]) -> Resolved:
    """Resolve a question against the turns before it.

    Args:
        question: The question as asked.
        turns: The turns before it, oldest first; only the newest few are read, so that a turn
            costs the same however long the conversation is.
    """
    resolved, added = standalone(question, turns)
    return Resolved(resolved, added, "followup" if resolved != question else "standalone")


def carried(turns: Sequence[Turn]) -> tuple[Citation, ...]:
    """Return the citations of the newest turn: the evidence that stays a candidate for the next."""
    return turns[-1].answer.citations if turns else ()

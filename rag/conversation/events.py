"""What happened, as a clause: "it" of "Who reported it?" is the last turn's event, not a thing."""

from __future__ import annotations

import re

from rag.conversation.ellipsis import presumed, statement
from rag.conversation.history import History
from rag.language.words import content_stems

_TOLD = r"(?:report|announc|confirm|den[iy]|reveal|disclos|predict|witness|admit|claim|rumour)"
_TELLS = re.compile(rf"\b{_TOLD}\w*\s+(?:first\s+)?$", re.I)
# "When was it announced?": what was announced stands behind.
_WAS_TOLD = re.compile(
    rf"\b(?:is|was|has)\s+it\s+(?:been\s+)?(?:[a-z]+ly\s+|first\s+)?{_TOLD}\w*ed(?=\s*[?.!]*$)",
    re.I,
)


def told(before: str, event: str | None = None) -> bool:
    """Whether "it" behind these words is what somebody tells: "who reported".

    Args:
        before: The words of the question before "it".
        event: What happened; where given, whether it was this telling itself.
    """
    match = _TELLS.search(before)
    return match is not None and (
        event is None or bool(content_stems(match[0]) & content_stems(event)))


def happened(history: History) -> str | None:
    """Return the newest turn's event as a clause to put behind "that", or None."""
    return statement(history) or presumed(history)


def announced(question: str, history: History) -> str | None:
    """Return "When was it announced?" with what was announced; None for another question."""
    match = _WAS_TOLD.search(question)
    clause = happened(history) if match else None
    return f"{question[: match.end()]} that {clause}" if match and clause else None

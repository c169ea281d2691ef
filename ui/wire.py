"""What other programs send as JSON, checked and made into the values that the assistant takes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast, get_args

from rag import Answer, Citation, Filters, QuestionError, Turn
from rag.types import Outcome

# Turns of a history that are taken; a follow-up never needs more.
MOST_TURNS: Final = 12


def turns(given: object) -> tuple[Turn, ...]:
    """Return past turns from a list of earlier answers as ``/ask`` returned them.

    Only what a follow-up is resolved against is needed: ``asked`` and ``question``, and of the
    answer ``outcome``, ``short``, ``text`` and ``citations``.

    Raises:
        QuestionError: It is something else; the message says where.
    """
    if given is None:
        return ()
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise QuestionError('"history" must be a list of earlier answers, the oldest first')
    return tuple(_turn(one, f"history[{at}]") for at, one in enumerate(given[-MOST_TURNS:]))


def filters(given: object) -> Filters:
    """Return filters from ``{"articles": [...], "publishers": [...], "since", "until"}``.

    Raises:
        QuestionError: A field is unknown or has a value that cannot be; the message says which.
    """
    if given is None:
        return Filters()
    fields = _mapping(given, '"filters"')
    unknown = set(fields) - {"articles", "publishers", "since", "until"}
    if unknown:
        raise QuestionError(f'"filters" has the unknown field {sorted(unknown)[0]!r}; known are '
                            "articles, publishers, since and until")
    return Filters(
        articles=_words(fields.get("articles"), "filters.articles"),
        publishers=_words(fields.get("publishers"), "filters.publishers"),
        since=_day(fields.get("since"), "filters.since"),
        until=_day(fields.get("until"), "filters.until"),
    )


def _turn(given: object, where: str) -> Turn:
    fields = _mapping(given, where)
    outcome = fields.get("outcome", "answered")
    if outcome not in get_args(Outcome):
        raise QuestionError(f"{where}.outcome is {outcome!r}; it must be one of "
                            f"{', '.join(get_args(Outcome))}")
    asked = _text(fields.get("asked", fields.get("question")), f"{where}.asked")
    question = _text(fields.get("question", asked), f"{where}.question")
    short = fields.get("short")
    citations = fields.get("citations", [])
    if not isinstance(citations, Sequence) or isinstance(citations, str):
        raise QuestionError(f"{where}.citations must be a list")
    answer = Answer(
        outcome=cast(Outcome, outcome),
        text=_text(fields.get("text", ""), f"{where}.text"),
        short=None if short is None else _text(short, f"{where}.short"),
        confidence=1.0,
        citations=tuple(_citation(one, number, f"{where}.citations[{number - 1}]")
                        for number, one in enumerate(citations[:20], 1)),
        question=question, asked=asked,
    )
    return Turn(asked, question, answer)


def _citation(given: object, number: int, where: str) -> Citation:
    fields = _mapping(given, where)
    start, end = fields.get("start", 0), fields.get("end", 0)
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start <= end):
        raise QuestionError(f"{where} needs start and end, whole numbers from 0 up")
    return Citation(
        number=number,
        article=_text(fields.get("article"), f"{where}.article"),
        title=_text(fields.get("title", ""), f"{where}.title"),
        quote=_text(fields.get("quote", ""), f"{where}.quote"),
        start=start, end=end,
    )


def _mapping(given: object, where: str) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise QuestionError(f"{where} must be an object, not {type(given).__name__}")
    return given


def _text(given: object, where: str) -> str:
    if not isinstance(given, str):
        raise QuestionError(f"{where} must be text, not {type(given).__name__}")
    return given


def _words(given: object, where: str) -> tuple[str, ...]:
    if given is None:
        return ()
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise QuestionError(f"{where} must be a list of names")
    return tuple(_text(one, where) for one in given)


def _day(given: object, where: str) -> dt.date | None:
    if given is None:
        return None
    try:
        return dt.date.fromisoformat(_text(given, where))
    except ValueError:
        raise QuestionError(f"{where} is {given!r}; it must be a day such as 2024-01-31") from None

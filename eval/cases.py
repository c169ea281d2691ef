"""Question sets as values: what a set, a conversation and a turn are, read from their files.

The format is described field by field in ``eval/sets/README.md``. Reading is strict: an unknown
field or a missing one is a :class:`SetError` that names the file, the line and the mend. Whether
the supporting sentences are in the articles is another question: see ``eval.check``.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rag.errors import UserError
from rag.types import Filters

KINDS: Final = (
    "fact", "number", "date", "person", "place", "list", "yes/no", "why", "how", "summary",
    "follow-up", "unanswerable", "false premise", "dispute", "furniture trap", "injection",
)
OUTCOMES: Final = ("answered", "disputed", "not_found")

_SET_FIELDS: Final = frozenset({"title", "articles", "note"})
_CONVERSATION_FIELDS: Final = frozenset({"id", "turns", "articles", "verdict", "note"})
_TURN_FIELDS: Final = frozenset({
    "question", "kind", "outcome", "answers", "points", "support", "resolved", "needs",
    "forbidden", "filters", "note",
})
_SUPPORT_FIELDS: Final = frozenset({"article", "sentence", "point"})
_FILTER_FIELDS: Final = frozenset({"articles", "publishers", "since", "until"})

EVERYTHING: Final = Filters()


class SetError(UserError):
    """A question set does not say what it must; the message names the file and the line."""


@dataclass(frozen=True, slots=True)
class Support:
    """A sentence that proves an answer.

    Attributes:
        article: Name of the article.
        sentence: The sentence, as it stands in the article up to white space; empty when
            the whole article supports the answer.
        point: Which of the turn's points it proves; None when it proves the whole answer.
    """

    article: str
    sentence: str
    point: int | None = None


@dataclass(frozen=True, slots=True)
class ExpectedTurn:
    """A question and what is right; the fields are those of the file."""

    id: str
    question: str
    kind: str
    outcome: str
    answers: tuple[str, ...] = ()
    points: tuple[tuple[str, ...], ...] = ()
    support: tuple[Support, ...] = ()
    resolved: str | None = None
    needs: tuple[tuple[str, ...], ...] = ()
    forbidden: tuple[str, ...] = ()
    filters: Filters = EVERYTHING
    note: str = ""


@dataclass(frozen=True, slots=True)
class ExpectedConversation:
    """Turns asked one after the other over one folder; ``verdict`` is of the last one's answer."""

    id: str
    turns: tuple[ExpectedTurn, ...]
    articles: Path
    note: str = ""
    verdict: str | None = None


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A named set of conversations.

    Attributes:
        name: Name of the set's folder.
        title: One line for people.
        folder: Where it was read from.
        conversations: In the order of the files and their lines.
        note: Where it comes from.
    """

    name: str
    title: str
    folder: Path
    conversations: tuple[ExpectedConversation, ...]
    note: str = ""

    def turns(self) -> Iterator[ExpectedTurn]:
        """Every turn of every conversation, in order."""
        for conversation in self.conversations:
            yield from conversation.turns


def load(folder: Path) -> QuestionSet:
    """Read one set.

    Raises:
        SetError: The folder is not a set, or one of its lines does not hold to the format.
    """
    about_file = folder / "set.json"
    if not about_file.is_file():
        raise SetError(f"{folder} is not a question set: it has no set.json; "
                       f"start one with: python -m eval init {folder}")
    about = _object(about_file.read_text(encoding="utf-8"), str(about_file))
    _known(about, _SET_FIELDS, str(about_file))
    articles = folder / _text(about, "articles", str(about_file))
    conversations: list[ExpectedConversation] = []
    seen: set[str] = set()
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
            if not line.strip():
                continue
            where = f"{path}:{number}"
            conversation = parse_conversation(_object(line, where), where, folder, articles)
            if conversation.id in seen:
                raise SetError(f"{where}: the id {conversation.id!r} is taken; give it another")
            seen.add(conversation.id)
            conversations.append(conversation)
    return QuestionSet(
        name=folder.resolve().name,
        title=_text(about, "title", str(about_file)),
        folder=folder,
        conversations=tuple(conversations),
        note=str(about.get("note", "")),
    )


def parse_conversation(
    raw: Mapping[str, Any], where: str, folder: Path, articles: Path
) -> ExpectedConversation:
    """Make a conversation of one line's object.

    Args:
        raw: The object.
        where: File and line, for messages.
        folder: The set's folder, which the conversation's own ``articles`` are relative to.
        articles: The set's articles.

    Raises:
        SetError: It does not hold to the format.
    """
    _known(raw, _CONVERSATION_FIELDS, where)
    name = _text(raw, "id", where)
    turns = raw.get("turns")
    if not isinstance(turns, list) or not turns:
        raise SetError(f"{where}: turns must be a list with at least one turn")
    return ExpectedConversation(
        id=name,
        turns=tuple(
            parse_turn(turn, f"{name}#{i}", f"{where} ({name}#{i})")
            for i, turn in enumerate(turns, start=1)
        ),
        articles=folder / _text(raw, "articles", where) if "articles" in raw else articles,
        note=str(raw.get("note", "")),
        verdict=_one_of(raw, "verdict", ("right", "wrong"), where) if "verdict" in raw else None,
    )


def parse_turn(raw: Any, name: str, where: str) -> ExpectedTurn:
    """Make a turn of its object, and check that its fields fit each other.

    Raises:
        SetError: They do not.
    """
    if not isinstance(raw, dict):
        raise SetError(f"{where}: a turn must be an object, not {type(raw).__name__}")
    _known(raw, _TURN_FIELDS, where)
    turn = ExpectedTurn(
        id=name,
        question=_text(raw, "question", where),
        kind=_one_of(raw, "kind", KINDS, where),
        outcome=_one_of(raw, "outcome", OUTCOMES, where),
        answers=_texts(raw.get("answers", []), "answers", where),
        points=_alternatives(raw, "points", where),
        support=tuple(_support(entry, where) for entry in raw.get("support", [])),
        resolved=_text(raw, "resolved", where) if "resolved" in raw else None,
        needs=_alternatives(raw, "needs", where),
        forbidden=_texts(raw.get("forbidden", []), "forbidden", where),
        filters=_filters(raw.get("filters", {}), where),
        note=str(raw.get("note", "")),
    )
    _fits(turn, where)
    return turn


def _fits(turn: ExpectedTurn, where: str) -> None:
    given = bool(turn.answers or turn.points)
    if turn.outcome == "not_found" and (given or turn.support):
        raise SetError(f"{where}: a turn that is not_found has no answers, points or support")
    if turn.outcome == "answered" and not (given or turn.support):
        raise SetError(f"{where}: an answered turn needs answers, points or support")
    proved = {s.point for s in turn.support}
    if turn.outcome == "disputed" and (
        len(turn.points) < 2 or not set(range(len(turn.points))) <= proved
    ):
        raise SetError(f"{where}: a disputed turn needs two points or more, "
                       "and for each a support that names it")
    wild = [p for p in proved if p is not None and not 0 <= p < len(turn.points)]
    if wild:
        raise SetError(f"{where}: support names point {wild[0]}, but there are "
                       f"{len(turn.points)} points, counted from 0")
    if turn.kind == "yes/no" and turn.outcome == "answered" and turn.answers not in (
        ("yes",), ("no",)
    ):
        raise SetError(f'{where}: a yes/no turn has the answers ["yes"] or ["no"]')


def _support(raw: Any, where: str) -> Support:
    if not isinstance(raw, dict):
        raise SetError(f"{where}: an entry of support must be an object with article and sentence")
    _known(raw, _SUPPORT_FIELDS, where)
    point = raw.get("point")
    if point is not None and (not isinstance(point, int) or isinstance(point, bool)):
        raise SetError(f"{where}: point={point!r} must be a whole number, counted from 0")
    sentence = _text(raw, "sentence", where) if "sentence" in raw else ""
    return Support(_text(raw, "article", where), sentence, point)


def _filters(raw: Any, where: str) -> Filters:
    if not isinstance(raw, dict):
        raise SetError(f"{where}: filters must be an object")
    _known(raw, _FILTER_FIELDS, where)
    days: dict[str, dt.date] = {}
    for name in ("since", "until"):
        if name in raw:
            try:
                days[name] = dt.date.fromisoformat(str(raw[name]))
            except ValueError as error:
                raise SetError(f"{where}: {name}={raw[name]!r} must be a day like 2024-01-31"
                               ) from error
    return Filters(
        articles=_texts(raw.get("articles", []), "articles", where),
        publishers=_texts(raw.get("publishers", []), "publishers", where),
        since=days.get("since"),
        until=days.get("until"),
    )


def _object(text: str, where: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise SetError(f"{where}: not JSON: {error}") from error
    if not isinstance(value, dict):
        raise SetError(f"{where}: must be an object, not {type(value).__name__}")
    return value


def _known(raw: Mapping[str, Any], fields: frozenset[str], where: str) -> None:
    strange = sorted(set(raw) - fields)
    if strange:
        raise SetError(f"{where}: unknown field {strange[0]!r}; known are "
                       f"{', '.join(sorted(fields))}")


def _text(raw: Mapping[str, Any], name: str, where: str) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or not value.strip():
        raise SetError(f"{where}: {name} must be a text that is not empty, not {value!r}")
    return value


def _one_of(raw: Mapping[str, Any], name: str, known: tuple[str, ...], where: str) -> str:
    value = raw.get(name)
    if value not in known:
        raise SetError(f"{where}: {name}={value!r} must be one of {', '.join(known)}")
    return str(value)


def _texts(value: Any, name: str, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
        raise SetError(f"{where}: {name} must be a list of texts, not {value!r}")
    return tuple(value)


def _alternatives(raw: Mapping[str, Any], name: str, where: str) -> tuple[tuple[str, ...], ...]:
    value = raw.get(name, [])
    if not isinstance(value, list):
        raise SetError(f"{where}: {name} must be a list of lists of texts")
    groups = tuple(_texts(entry, name, where) for entry in value)
    if not all(groups):
        raise SetError(f"{where}: an entry of {name} is empty")
    return groups

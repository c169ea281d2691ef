"""What a turn costs as a conversation grows: the same follow-ups behind short and long histories.

    python -m eval.lengths --set dialogues

The last turn of every conversation is asked again with its own turns before it, cut or padded in
front with turns of other conversations to each length. The newest turns are the same each time, so
that only the length differs; the answers must be the same from the length on that holds them all.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from eval.cases import ExpectedConversation, load
from eval.run import SETS
from rag.assistant import Assistant
from rag.types import Answer, Turn

LENGTHS: Final = (2, 10, 100, 1_000)
Ask = Callable[[str, Sequence[Turn]], Answer]


@dataclass(frozen=True, slots=True)
class Length:
    """What the follow-ups took behind histories of one length.

    Attributes:
        turns: Turns of each history.
        seconds: Time of each follow-up.
        answers: Searched question and short answer of each.
    """

    turns: int
    seconds: tuple[float, ...]
    answers: tuple[tuple[str, str | None], ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print the table.

    Args:
        arguments: The command line; ``sys.argv`` by default.

    Returns:
        The exit status: 0, or 1 when a longer history changed an answer.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--set", default="dialogues", help="name of a question set")
    parser.add_argument("--limit", type=int, default=0, help="first N conversations only")
    options = parser.parse_args(arguments)
    questions = load(SETS / options.set)
    place = questions.conversations[0].articles
    chosen = [c for c in questions.conversations if c.articles == place and len(c.turns) > 2]
    with tempfile.TemporaryDirectory() as index, Assistant.open(place, Path(index) / "i") as one:
        _ = one.models  # loads them, so that no question pays for it
        found = measure(one.ask, chosen[: options.limit or None])
    print(table(found))
    return int(any(changed(found, one) for one in found[2:]))


def measure(
    ask: Ask, conversations: Sequence[ExpectedConversation], lengths: Sequence[int] = LENGTHS
) -> list[Length]:
    """Ask every conversation once, then its last turn behind a history of each length.

    Args:
        ask: Answers a question after some turns.
        conversations: Conversations of two turns or more over the same articles.
        lengths: How many turns to put before the last one.

    Returns:
        What each length took, in the order of ``lengths``.
    """
    asked: list[list[Turn]] = []
    for conversation in conversations:
        history: list[Turn] = []
        for expected in conversation.turns[:-1]:
            answer = ask(expected.question, history)
            history.append(Turn(expected.question, answer.question, answer))
        asked.append(history)
    took: dict[int, list[float]] = {length: [] for length in lengths}
    gave: dict[int, list[tuple[str, str | None]]] = {length: [] for length in lengths}
    for number, conversation in enumerate(conversations):
        others = [t for n, turns in enumerate(asked) if n != number for t in turns]
        for length in lengths:
            history = padded(asked[number], others, length)
            started = time.perf_counter()
            answer = ask(conversation.turns[-1].question, history)
            took[length].append(time.perf_counter() - started)
            gave[length].append((answer.question, answer.short))
    return [Length(n, tuple(took[n]), tuple(gave[n])) for n in lengths]


def padded(own: Sequence[Turn], others: Sequence[Turn], length: int) -> list[Turn]:
    """The newest of a conversation's own turns, behind as many others as the length asks for.

    The others are taken from their end, so that those next to the own turns are always the same.
    """
    newest = list(own[-length:])
    endless = itertools.cycle(reversed(others))
    filling = list(itertools.islice(endless, length - len(newest)))
    return filling[::-1] + newest


def changed(found: Sequence[Length], one: Length) -> int:
    """How many answers differ from those behind the second length, which holds all own turns."""
    return sum(a != b for a, b in zip(found[1].answers, one.answers, strict=True))


def table(found: Sequence[Length]) -> str:
    """The figures as text."""
    lines = [f"{len(found[0].seconds)} follow-ups",
             f"{'turns before':>12}  p50 ms  p95 ms  answers other than with {found[1].turns}"]
    for one in found:
        middle, high = np.percentile(np.array(one.seconds) * 1000, [50, 95])
        lines.append(f"{one.turns:12,}  {middle:6.0f}  {high:6.0f}  {changed(found, one)}")
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())

"""What a turn costs as a conversation grows: the histories asked behind, and the figures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eval.cases import ExpectedConversation, ExpectedTurn
from eval.lengths import Length, changed, measure, padded, table
from rag.types import Answer, Turn


def turn(question: str) -> Turn:
    return Turn(question, question, Answer("answered", "t", "s", 0.5, (), question, question))


def test_own_turns_come_last_and_others_fill_up() -> None:
    own, others = [turn("a"), turn("b"), turn("c")], [turn("x"), turn("y")]
    assert [t.asked for t in padded(own, others, 2)] == ["b", "c"]
    assert [t.asked for t in padded(own, others, 6)] == ["y", "x", "y", "a", "b", "c"]


def test_every_length_is_asked_behind_the_same_newest_turns() -> None:
    heard: list[tuple[str, list[str]]] = []

    def ask(question: str, history: Sequence[Turn]) -> Answer:
        heard.append((question, [t.asked for t in history]))
        return Answer("answered", "t", str(len(history)), 0.5, (), question, question)

    conversations = [
        ExpectedConversation(name, tuple(
            ExpectedTurn(f"{name}{n}", f"{name}{n}", "fact", "answered") for n in (1, 2, 3)
        ), Path()) for name in ("p", "q")
    ]
    found = measure(ask, conversations, (1, 3))
    assert heard == [
        ("p1", []), ("p2", ["p1"]), ("q1", []), ("q2", ["q1"]),
        ("p3", ["p2"]), ("p3", ["q2", "p1", "p2"]), ("q3", ["q2"]), ("q3", ["p2", "q1", "q2"]),
    ]
    assert [one.answers for one in found] == [(("p3", "1"), ("q3", "1")),
                                              (("p3", "3"), ("q3", "3"))]


def test_the_table_by_hand() -> None:
    found = [Length(2, (0.1, 0.3), (("q", "a"), ("r", "b"))),
             Length(10, (0.2, 0.2), (("q", "a"), ("r", None))),
             Length(1_000, (0.2, 0.4), (("q", "a"), ("s", None)))]
    assert [changed(found, one) for one in found] == [1, 0, 1]
    assert table(found).splitlines()[2:] == [
        "           2     200     290  1",
        "          10     200     200  0",
        "       1,000     300     390  1",
    ]

"""Follow-ups asked three ways, and the figures of each."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from eval.ask import Interviewer
from eval.cases import ExpectedConversation, ExpectedTurn, QuestionSet, load
from eval.followups import compare, summary
from eval.records import Record

SET = Path(__file__).resolve().parent.parent / "eval" / "sets" / "dialogues"


def record(name: str, right: bool, found: float | None) -> Record:
    ranking = {} if found is None else {"Success@5": found}
    return Record("s", "c", name, "fact", name, "answered", "", "answered", None, "", 0.5, name,
                  [], {"right": right}, ranking, 0.1)


def test_the_figures_by_hand() -> None:
    records = [record("a", True, 1.0), record("b", False, 0.0), record("c", True, None)]
    assert summary(records) == pytest.approx({"recall@5": 0.5, "right": 2 / 3})
    assert summary([]) == {"recall@5": 0.0, "right": 0.0}


def test_each_follow_up_is_asked_in_its_conversation_by_hand_and_as_typed() -> None:
    asked: list[tuple[str, ...]] = []

    class Listening:
        def ask(self, name: str, conversation: ExpectedConversation) -> list[Record]:
            questions = tuple(turn.question for turn in conversation.turns)
            asked.append(questions)
            return [record(question, True, 1.0) for question in questions]

    turns = (ExpectedTurn("c", "Who led?", "person", "answered"),
             ExpectedTurn("c#2", "When?", "follow-up", "answered", resolved="When did Ann lead?"))
    one = QuestionSet("s", "S", Path(), (ExpectedConversation("c", turns, Path()),))
    found = compare(one, cast(Interviewer, Listening()))
    assert asked == [("Who led?", "When?"), ("When?",), ("When did Ann lead?",)]
    assert {way: [r.id for r in records] for way, records in found.items()} == {
        "typed": ["When?"], "resolved": ["When?"], "by hand": ["When did Ann lead?"]}


def test_the_set_has_sixty_conversations_of_three_turns_with_forms_by_hand() -> None:
    questions = load(SET)
    assert len(questions.conversations) >= 60
    assert min(len(c.turns) for c in questions.conversations) >= 3
    forms = [t for t in questions.turns() if t.kind == "follow-up"]
    assert len(forms) >= 160
    assert all(t.resolved for t in forms)

"""The question sets that ship: every supporting sentence is in its article."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.cases import KINDS, load
from eval.check import faults
from eval.texts import texts_in

SETS = Path(__file__).parent.parent / "eval" / "sets"
NAMES = sorted(path.parent.name for path in SETS.glob("*/set.json"))


@pytest.mark.parametrize("name", NAMES)
def test_set_holds_against_its_articles(name: str) -> None:
    question_set = load(SETS / name)
    assert faults(question_set, texts_in) == []


def test_seeds_set_is_as_large_as_promised() -> None:
    question_set = load(SETS / "seeds")
    turns = list(question_set.turns())
    assert len(question_set.conversations) >= 100
    assert len(turns) >= 150
    assert {turn.kind for turn in turns} == set(KINDS)
    assert sum(turn.outcome == "not_found" for turn in turns) >= 40


def test_second_set_is_as_large_as_promised() -> None:
    question_set = load(SETS / "coast")
    assert len(list((SETS / "coast" / "articles").iterdir())) >= 12
    assert sum(1 for _ in question_set.turns()) >= 150
    assert {turn.kind for turn in question_set.turns()} == set(KINDS)


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_has_support(name: str) -> None:
    for turn in load(SETS / name).turns():
        assert bool(turn.support) == (turn.outcome != "not_found"), turn.id


def test_a_wrong_sentence_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text("The mill\nburned down in 1911. Nobody died.")
    (tmp_path / "set.json").write_text('{"title": "t", "articles": "articles"}')
    line = ('{"id": "x", "turns": [{"question": "When?", "kind": "date", "outcome": "answered", '
            '"answers": ["%s"], "support": [{"article": "%s", "sentence": "%s"}]}]}\n')
    path = tmp_path / "c.jsonl"
    path.write_text(line % ("1911", "a.txt", "The mill burned down in 1911."))
    found = load(tmp_path)
    assert faults(found, texts_in) == []
    path.write_text(line % ("1912", "b.txt", "The mill burned down in 1911."))
    found = load(tmp_path)
    name = tmp_path.name
    assert faults(found, texts_in) == [
        f"{name}: x#1: support in b.txt names an article that does not exist: "
        "'The mill burned down in 1911.'",
        f"{name}: x#1: no accepted answer stands in a supporting sentence: ('1912',)",
    ]

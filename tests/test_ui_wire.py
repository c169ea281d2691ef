"""What other programs send, checked."""

from __future__ import annotations

import datetime as dt

import pytest

from rag import Answer, Citation, Filters, Hit, Passage, QuestionError
from ui.wire import filters, turns

ANSWER = Answer("answered", "90.", "90", 0.9,
                (Citation(1, "a.txt", "A", "90 boats left.", 3, 17),), "How many boats left?",
                "And boats?")


def test_an_answer_that_was_returned_is_a_turn() -> None:
    [turn] = turns([ANSWER.to_dict()])
    assert (turn.asked, turn.question) == ("And boats?", "How many boats left?")
    assert turn.answer.short == "90"
    assert turn.answer.citations == ANSWER.citations


def test_a_hit_is_told_with_its_place_its_publisher_and_its_ranks() -> None:
    found = Hit(Passage("a.txt", 2, 5, 9, "Rain"), "Weather", 1, 0.5, 3, 0.75, None, None,
                "The Post", dt.date(2024, 1, 31))
    assert found.to_dict() == {
        "rank": 1, "score": 0.5, "article": "a.txt", "title": "Weather", "publisher": "The Post",
        "published": "2024-01-31", "text": "Rain", "start": 5, "end": 9, "dense_rank": 3,
        "dense_score": 0.75, "word_rank": None, "word_score": None}


def test_only_the_last_turns_are_taken() -> None:
    given = [{"question": f"q{n}"} for n in range(30)]
    assert [turn.asked for turn in turns(given)] == [f"q{n}" for n in range(18, 30)]
    assert turns(None) == ()


@pytest.mark.parametrize(("given", "why"), [
    ("x", '"history" must be a list'), ([1], r"history\[0\] must be an object"),
    ([{}], r"history\[0\].asked must be text"),
    ([{"question": "q"}, {"question": 3}], r"history\[1\].asked must be text"),
    ([{"question": "q", "outcome": "maybe"}], "must be one of answered, disputed, not_found"),
    ([{"question": "q", "citations": "x"}], "citations must be a list"),
    ([{"question": "q", "citations": [{"article": "a", "start": -1, "end": 2}]}], "whole numbers"),
    ([{"question": "q", "citations": [{"article": 5}]}], r"citations\[0\].article must be text"),
])
def test_a_history_that_is_none_is_refused_by_name(given: object, why: str) -> None:
    with pytest.raises(QuestionError, match=why):
        turns(given)


def test_filters_are_taken_field_by_field() -> None:
    assert filters({"articles": ["a.txt"], "since": "2024-01-31"}) == Filters(
        articles=("a.txt",), since=dt.date(2024, 1, 31))
    assert filters(None) == filters({}) == Filters()


@pytest.mark.parametrize(("given", "why"), [
    ([], '"filters" must be an object'), ({"author": "x"}, "unknown field 'author'"),
    ({"articles": "a.txt"}, "filters.articles must be a list"),
    ({"publishers": [1]}, "filters.publishers must be text"),
    ({"since": "31.1.2024"}, "filters.since is '31.1.2024'; it must be a day"),
    ({"until": 5}, "filters.until must be text")])
def test_filters_that_are_none_are_refused_by_name(given: object, why: str) -> None:
    with pytest.raises(QuestionError, match=why):
        filters(given)

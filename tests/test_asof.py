"""Questions "as of" a day are answered from what was published by then."""

from __future__ import annotations

import datetime as dt

import pytest

from rag.asof import split


@pytest.mark.parametrize(
    ("question", "rest", "day"),
    [
        ("As of 3 May 2024, how many people had died?", "How many people had died?",
         dt.date(2024, 5, 3)),
        ("as of May 3, 2024 how many people had died?", "How many people had died?",
         dt.date(2024, 5, 3)),
        ("How many had died as of May 2024?", "How many had died?", dt.date(2024, 5, 31)),
        ("Who was the mayor as of 2019?", "Who was the mayor?", dt.date(2019, 12, 31)),
        ("How many were, as of 5 October 2023, missing?", "How many were missing?",
         dt.date(2023, 10, 5)),
    ],
)
def test_a_day_of_the_calendar_becomes_a_limit(question: str, rest: str, day: dt.date) -> None:
    assert split(question) == (rest, day)


@pytest.mark.parametrize(
    "question",
    [
        "How many have died as of now?",
        "How many have died as of last Tuesday?",
        "When did the bridge open?",
        "What happened by 2019?",
        "As of which day is the ban lifted?",
    ],
)
def test_other_questions_stay_as_they_are(question: str) -> None:
    assert split(question) == (question, None)

"""What stands beside a name is what it is only where it is no piece of the sentence."""

from __future__ import annotations

import pytest

from rag.answers.identity import beside
from rag.language.sentences import split
from rag.types import Hit, Passage


@pytest.mark.parametrize(("text", "told"), [
    ("He married Ann Bell, a year later.", []),
    ("It left Ann Bell, the day after, for Tolm.", []),
    ("Besides Ann Bell, the police arrested two men.", []),
    ("Alongside Ann Bell, the mayor sang.", []),
    ("Ann Bell, the court heard, was ill.", []),
    ("Ann Bell, the court heard on Monday, was ill.", []),
    ("Ann Bell, the newly elected mayor, sang.", ["the newly elected mayor"]),
    ("Ann Bell, the woman arrested in Tolm, sang.", ["the woman arrested in Tolm"]),
    ("Ann Bell, a charity founded in 1990, grew.", ["a charity founded in 1990"]),
])
def test_a_time_or_a_clause_is_not_what_somebody_is(text: str, told: list[str]) -> None:
    passage = Passage("a.txt", 0, 0, len(text), text, tuple(split(text)))
    assert beside(Hit(passage, "A title", 1, 1.0), "Ann Bell") == told

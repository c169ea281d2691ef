"""What somebody said: sentences that are given to them, and to nobody else."""

from __future__ import annotations

import pytest

from rag.answers.sayings import said
from rag.language.sentences import split
from rag.questions.intent import analyse
from rag.types import Hit, Passage

BRIDGE = "The bridge is safe, said Ada Orm, the mayor of Varde."
TOLLS = "She said the tolls would fall by half."
RIVAL = "Ben Lund said that the bridge ought to be closed."
OPENED = "It was opened in 1950."
QUOTED = "“We shall paint it next year,” Orm said."
TEXT = " ".join([BRIDGE, TOLLS, RIVAL, OPENED, QUOTED])


def sentences(question: str, text: str = TEXT) -> list[str] | None:
    hits = [Hit(Passage(name, 0, 0, len(text), text, tuple(split(text))), "Title", n, 0.1)
            for n, name in enumerate(("a.txt", "copy.txt"), 1)]
    verdict = said(analyse(question), hits)
    assert verdict is None or verdict.confidence == 0.7
    return None if verdict is None else [quote.text for quote in verdict.quotes]


@pytest.mark.parametrize(("question", "told"), [
    ("What did Ada Orm say?", [BRIDGE, TOLLS]),
    ("What has Orm said?", [BRIDGE, TOLLS, QUOTED]),
    ("What did Ada Orm say about the tolls?", [TOLLS]),
    ("What did Ben Lund say about the bridge?", [RIVAL]),
    ("What did Ben Lund say about the tolls?", None),
    ("What did Ada Lund say?", None),
    ("What did the mayor of Lossing say?", None),
    ("What did the article say?", None),
    ("What did she say?", None),
    ("When did Ada Orm say that?", None),
])  # fmt: skip
def test_what_somebody_said_is_what_is_given_to_them(
    question: str, told: list[str] | None
) -> None:
    assert sentences(question) == told


def test_a_sentence_that_goes_on_is_of_the_one_before() -> None:
    assert sentences("What did Ben Lund say?", f"{RIVAL} {TOLLS}") == [RIVAL, TOLLS]
    assert sentences("What did Ada Orm say?", f"{BRIDGE} {RIVAL} {TOLLS}") == [BRIDGE]

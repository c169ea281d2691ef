"""Telling about a subject: what happened to it, not to what is near it or belongs to it."""

from __future__ import annotations

import pytest
from small import WordEmbedder

from rag.answers.telling import tell
from rag.language.sentences import split
from rag.questions.intent import analyse
from rag.types import Hit, Passage


def told(question: str, text: str) -> list[str]:
    hit = Hit(Passage("a.txt", 0, 0, len(text), text, split(text)), "Title", 1, 0.1)
    return [quote.text for quote in tell(analyse(question), [hit], WordEmbedder()).quotes]


def test_what_happened_to_a_company_is_not_what_its_spokesman_did() -> None:
    loss = "In the end the bank took the company over."
    text = f"The company's spokesman left town. Ann Lee wrote two books about the company. {loss}"
    assert told("What happened to the company?", text) == [loss]


def test_what_happened_is_told_of_the_noun_alone_once_it_was_named_in_full() -> None:
    fined = "The works was fined and closed a year later."
    text = f"The dye works at Hallen poisoned all the fish. {fined} The mill was fined and closed."
    assert told("What happened to the dye works?", text) == [text[: text.index(" The w")], fined]


SWEPT = "The bridge at Cwm was swept away in 1923."
AGAIN = "The county built the bridge again at once."
PAINT = "The bridge was painted green in 1950."


@pytest.mark.parametrize(("year", "sentences"), [
    (1923, [SWEPT]), (1950, [PAINT]), (1935, [])])
def test_what_happened_in_a_year_is_not_what_happened_in_another(
    year: int, sentences: list[str]
) -> None:
    assert told(f"What happened to the bridge in {year}?", f"{SWEPT} {PAINT}") == sentences


def test_a_sentence_without_a_year_is_of_the_last_year_or_of_any() -> None:
    assert told("What happened to the bridge in 1923?", f"In 1923 it rained. {AGAIN}") == [AGAIN]
    assert told("What happened to the bridge in 1935?", f"In 1923 it rained. {AGAIN}") == []
    assert told("What happened to the bridge in 1935?", f"{AGAIN} In 1935 it rained.") == [AGAIN]

"""Whether a sentence tells it of the one that is asked about, and not of somebody or all beside."""

from __future__ import annotations

import pytest

from rag.evidence.reference import of_somebody_else
from rag.questions.intent import analyse


def told_of_another(question: str, sentence: str, words: str) -> bool:
    start = sentence.index(words)
    return of_somebody_else(analyse(question), sentence, start, start + len(words))


@pytest.mark.parametrize(("question", "sentence", "words"), [
    # Only whose relative it is.
    ("When did Ada Bell's son die?", "Ada Bell died on 3 May 1990.", "3 May 1990"),
    ("When did Bell's daughter Ruth die?", "Ada Mary Bell, potter, died in 1990.", "1990"),
    ("Where was Carl Dorn's successor born?", "Carl Dorn was born in Lund.", "Lund"),
    # The one that is named already.
    ("Who is taking over from Carl Dorn?", "The harbour master, Carl Dorn, resigned.",
     "The harbour master"),
    ("Who struck Ada Bell?", "Ada Bell, the head cook, was struck on Monday.", "the head cook"),
    # What stands in a death's sentence without being its cause.
    ("What did Carl Dorn die of?", "Carl Dorn, who has died aged 80, had a love for herrings.",
     "herrings"),
    ("what did he die from", "He died a rich man.", "a rich man"),
    # Of all together.
    ("How much does each family get?", "The firm has set aside £31m for compensation.", "£31m"),
    # Of the living.
    ("How many people died?", "The fever killed six and infected 47.", "47"),
    ("Death toll of the fever", "The fever reached 31 cases.", "31"),
    ("How many were killed?", "Six died and 12 others were injured.", "12"),
    ("How many boxes will every farmer receive?", "In all 400 boxes were sent.", "400"),
])
def test_what_is_told_of_another(question: str, sentence: str, words: str) -> None:
    assert told_of_another(question, sentence, words)


@pytest.mark.parametrize(("question", "sentence", "words"), [
    ("When did Ada Bell's son die?", "Ada Bell's son Tom died in 1990.", "1990"),
    ("When did Ada Bell's son die?", "Tom Bell died in 1990.", "1990"),
    ("When did Ada Bell's son die?", "Ada Bell's boy Tom died in 1990; he was six.", "1990"),
    ("When did Bell's husband die?", "Carl Bell died in 1990.", "1990"),
    ("When did Ada Bell's daughter Ruth die?", "Ruth, born to Ada Bell, died in 1990.", "1990"),
    ("When did Ada Bell marry her husband?", "Ada Bell married in 1960.", "1960"),
    ("Who is Carl Dorn?", "The harbour master, Carl Dorn, resigned.", "The harbour master"),
    ("Who was the cook Ada Bell?", "Ada Bell, the head cook, sang.", "the head cook"),
    ("Who struck Ada Bell?", "The mayor, Carl Dorn, struck Ada Bell.", "The mayor"),
    ("Who paid for the Petrel?", "The owner, Petrel Lines, paid.", "The owner"),
    ("What did Carl Dorn die of?", "Carl Dorn died of a weak heart.", "a weak heart"),
    ("What did Carl Dorn die of?", "Pneumonia killed Carl Dorn.", "Pneumonia"),
    ("What did Carl Dorn die of?", "Carl Dorn died after a short illness.", "a short illness"),
    ("How much does each family get?", "Each will be paid £900.", "£900"),
    ("How much does each family get?", "The families will get £900.", "£900"),
    ("How much does each family get?", "They will get £900.", "£900"),
    ("How many people died?", "The fever killed six and infected 47.", "six"),
    ("How many people died?", "Of those who were infected, six died.", "six"),
    ("How many patients died?", "Six patients died.", "Six"),
    ("How many people fell ill?", "The fever killed six and infected 47.", "47"),
    ("How many seats does each bus have?", "The new buses have 52 seats.", "52"),
])
def test_what_is_told_of_the_one_asked_about(question: str, sentence: str, words: str) -> None:
    assert not told_of_another(question, sentence, words)

"""Who says so: the exact words that attribute a sentence, or nothing for the article's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.language.attribution import said_by
from rag.language.sentences import split


def of(sentence: str) -> str | None:
    """The attribution of a text that is one sentence."""
    return said_by(sentence, 0, len(sentence))


@pytest.mark.parametrize(
    ("sentence", "voice"),
    [
        ("According to state television, 30 men came.", "According to state television"),
        ("Thirty men came, according to the town clerk.", "according to the town clerk"),
        ("The mill is lost, as reported by Radio Tarn.", "as reported by Radio Tarn"),
        ("A military spokesperson said the mission would end.", "A military spokesperson said"),
        ("The mission would end, a spokesperson said.", "a spokesperson said"),
        ("“We are tired,” Mr Laessing said.", "Mr Laessing said"),
        ("“We are tired,” said Gov. Anna Bell.", "said Gov. Anna Bell"),
        ("“We are tired,” said Anna Bell, who leads the crew.", "said Anna Bell"),
        ("He said the move showed the danger.", "He said"),
        ("The firm announced that it would hire.", "The firm announced"),
        ("Police confirmed that two men were held.", "Police confirmed"),
        ("The army, which had come late, said the town was safe.",
         "The army, which had come late, said"),
        ("The paper quotes Anna Bell, a nurse, as saying that help came.",
         "The paper quotes Anna Bell, a nurse, as saying"),
        ("Anna Bell told the council that the roof leaks.", "Anna Bell told"),
        ("But the miller insisted that the stove was cold.", "the miller insisted"),
        ("The dam reportedly broke at dawn.", "reportedly"),
        ("The dam is said to have broken at dawn.", "is said to"),
        ("The census of 2021 found that 41,000 people live there.", "The census of 2021 found"),
        ("Citing police, the paper wrote of two men.", "Citing police"),
    ],
)
def test_words_that_attribute_are_found_exactly(sentence: str, voice: str) -> None:
    assert of(sentence) == voice


@pytest.mark.parametrize(
    "sentence",
    [
        "The bridge opened in 2019.",
        "The firm announced plans for a new plant.",
        "Researchers found a new frog.",
        "The council confirmed the mayor in office.",
        "He was ousted, citing instability.",
        "The report of the committee was long.",
        "It is a matter of what can be told to children.",
        "",
        "   ",
    ],
)
def test_the_articles_own_statements_have_no_voice(sentence: str) -> None:
    assert of(sentence) is None


def test_a_sentence_inside_a_longer_quotation_gets_the_speaker_at_its_end() -> None:
    text = "The mill burned. “We lost all. The cows are dead,” said Mr Orm. It rained."
    spans = {text[s:e]: (s, e) for s, e in split(text)}
    inside = next(span for words, span in spans.items() if "We lost all" in words)
    assert said_by(text, *inside) == "said Mr Orm"
    assert said_by(text, 0, 16) is None
    last = text.index("It rained.")
    assert said_by(text, last, len(text)) is None


def test_a_quotation_that_is_introduced_gets_the_speaker_before_it() -> None:
    text = "Mr Orm said: “We lost all. The cows are dead.” It rained."
    second = text.index("The cows")
    assert said_by(text, second, second + len("The cows are dead.”")) == "Mr Orm said"
    last = text.index("It rained.")
    assert said_by(text, last, len(text)) is None


def test_verbs_inside_a_quotation_attribute_nothing() -> None:
    text = "“My father said the mill would burn one day and we laughed,” Anna Bell recalled."
    assert of(text) == "Anna Bell recalled"


def test_the_attributions_of_the_seeds(seeds: Path) -> None:
    voices = []
    for path in sorted(seeds.glob("*.txt")):
        text = path.read_text("utf-8")
        voices += [v for span in split(text) if (v := said_by(text, *span))]
    for voice in (
        "as reported by Broadcaster Tele Sahel",
        "According to State-run Radio Television du Niger",
        "According to state media reports",
        "A military spokesperson said",
        "a corps serviceman mentioned",
        "He said",
        "Mr Laessing said",
    ):
        assert voice in voices


@given(st.text(alphabet="ab said told,.“”\"\n Mr·", max_size=120), st.integers(0, 120),
       st.integers(0, 120))
def test_any_attribution_stands_in_the_text(text: str, a: int, b: int) -> None:
    start, end = sorted((min(a, len(text)), min(b, len(text))))
    voice = said_by(text, start, end)
    assert voice is None or (voice and voice in text)

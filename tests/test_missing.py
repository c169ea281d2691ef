"""Why not: every statement of a refusal comes from a look-up, and says what was looked up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answers.lookup import subjects
from rag.answers.missing import Mentions, Missing, explain
from rag.questions.intent import analyse
from rag.types import Hit, Passage


def looked_up_in(texts: Mapping[str, str]) -> Mentions:
    """A look-up over texts by article name: without case and plural endings, as they stand."""

    def plain(text: str) -> list[str]:
        return [w.rstrip("s") or w for w in re.findall(r"\w+", text.lower())]

    def places(words: list[str], phrase: str) -> list[int]:
        wanted = plain(phrase)
        return [i for i in range(len(words)) if wanted and words[i : i + len(wanted)] == wanted]

    def mentions(*phrases: str, within: int = 0) -> set[str]:
        found = set()
        for name, text in texts.items():
            at = [places(plain(text), phrase) for phrase in phrases]
            if all(at) and (not within or any(
                    all(any(abs(i - j) <= within for j in other) for other in at)
                    for i in at[0])):
                found.add(name)
        return found

    return mentions


def missing(texts: Mapping[str, str], question: str) -> Missing:
    """What is missing for a question over texts, all of them read in full."""
    hits = [Hit(Passage(name, 0, 0, len(text), text), f"Title {name}", rank, 1.0)
            for rank, (name, text) in enumerate(texts.items(), 1)]
    return explain(analyse(question), hits, looked_up_in(texts))


@pytest.fixture
def texts(seeds: Path) -> dict[str, str]:
    """The two seed articles by name."""
    return {path.name[:3]: path.read_text("utf-8") for path in sorted(seeds.glob("*.txt"))}


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("how many Chinese instructors arrived?",
         "No article mentions Chinese instructors; one article mentions "
         "“100 Russian military instructors”."),
        ("Did 500 Russian instructors arrive?",
         "No article mentions 500 Russian instructors; one article mentions "
         "“100 Russian military instructors”."),
        ("What happened in 2019?", "No article mentions 2019."),
        ("Did the Americans bring tanks?", "No article mentions Americans."),
        ("Who is Bola Tinubu?", "No article mentions Bola Tinubu."),
        ("Where was Anna Bazoum born?",
         "No article mentions Anna Bazoum; 2 articles mention Bazoum."),
        ("What is the salary of Ulf Laessing?",
         "One article mentions Ulf Laessing, but no article has the word “salary”."),
        ("When did they drop the embargo?", "No article has the word “embargo”."),
        ("What did General Tchiani say about Togo?", "No article mentions Togo."),
        ("What does error code E2 mean?", "No article mentions E2."),
        ("How much does the AquaDry 20 cost?", "No article mentions AquaDry 20."),
    ],
)
def test_a_refusal_names_what_no_article_mentions(
    texts: dict[str, str], question: str, told: str
) -> None:
    assert missing(texts, question).text == told


def test_the_subject_is_there_and_the_detail_is_not(texts: dict[str, str]) -> None:
    why = missing(texts, "How old is Mohamed Bazoum?")
    assert why.text == (
        "2 articles mention Mohamed Bazoum, but no passage that was read gives what was asked."
    )
    assert why.absent == ()


def test_names_that_never_meet_are_told(texts: dict[str, str]) -> None:
    why = missing(texts, "What did Tele Sahel say of Ulf Laessing?")
    assert why.text.startswith("No article mentions both Tele Sahel and Ulf Laessing.")


def test_every_statement_has_its_look_up(texts: dict[str, str]) -> None:
    why = missing(texts, "how many Chinese instructors arrived?")
    checks = {tuple(c["words"]): c["articles"] for c in why.checks}
    assert checks["Chinese",] == []
    assert checks["100 Russian military instructors",] == ["000"]
    assert why.absent == ("Chinese",)


def test_nationality_and_country_are_one_subject() -> None:
    told = missing({"a": "France sent help."}, "Which French minister resigned?")
    assert "No article mentions French" not in told.text.replace("French minister", "")
    told = missing({"a": "The French sent help."}, "What did France say?")
    assert told.text.startswith("One article mentions “French”, but")


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("What did Bishop Anna Bell say?",
         "One article mentions Anna Bell, but no passage that was read gives what was asked."),
        ("When did Lieutenant Colonel Bell resign?",
         "One article mentions Bell, but no passage that was read gives what was asked."),
        ("What did the President of France say?", "No article mentions France."),
        ("What did the Justice Department say?",
         "No article mentions Justice Department; one article mentions Department."),
    ],
)
def test_a_title_is_not_looked_up_with_a_name(question: str, told: str) -> None:
    texts = {"a": "Anna Bell opened the school.", "b": "The Health Department paid for it."}
    assert missing(texts, question).text == told


def test_a_word_that_is_a_pronoun_without_its_capital_is_not_looked_up() -> None:
    why = missing({"a": "They gave us bread."}, "How many US troops came?")
    assert why.text == "No article has the word “troops”."


PUMPS = {"a": "The Corran 90 pump costs £3,250. Dr. Ines Holt and five sailors built it.",
         "b": "Five sailors sleep here. Later, sailors from Orwick left in 1987."}


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("How loud is the Corran 250?",
         "No article mentions Corran 250; one article mentions Corran."),
        ("When did Dr. Holt retire?",
         "One article mentions Holt, but no passage that was read gives what was asked."),
        ("When did Dr. Ines Holt retire?",
         "One article mentions Ines Holt, but no passage that was read gives what was asked."),
        ("Who are the five?",
         "The question's words are in the articles, but no passage that was read answers it."),
        ("Why are there 250?",
         "The question's words are in the articles, but no passage that was read answers it."),
        ("Who is Sailors?",
         "2 articles mention sailors, but no passage that was read gives what was asked."),
        # Counter-examples.
        ("Who came in 1987?",
         "One article mentions 1987, but no passage that was read gives what was asked."),
        ("Why are there 251?", "No article mentions 251."),
        ("When was Orwick built?",
         "One article mentions Orwick, but no passage that was read gives what was asked."),
    ],
)
def test_what_is_mentioned_is_told_as_the_articles_have_it(question: str, told: str) -> None:
    assert missing(PUMPS, question).text == told


def test_a_title_with_a_full_stop_belongs_to_its_name() -> None:
    assert [s.text for s in subjects(analyse("When did Dr. Holt meet Gen. Ann Vale?"))] == [
        "Holt", "Ann Vale"]


@settings(max_examples=60)
@given(st.text(alphabet="abAB 19?.\n'", min_size=1, max_size=60), st.text(max_size=120))
def test_what_is_called_absent_is_in_no_article(question: str, text: str) -> None:
    look = looked_up_in({"a": text})
    why = missing({"a": text}, question)
    assert why.text
    for absent in why.absent:
        assert not look(absent)
    for check in why.checks:
        assert sorted(look(*check["words"], within=check.get("within", 0))) == check["articles"]

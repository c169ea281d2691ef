"""Who says what the last answer quotes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rag import Assistant
from rag.answers.sourcing import sourced, speaker
from rag.types import Answer, Citation

TEXT = """Trawler sinks off Orwick

The trawler sank on Monday. Six men were on board, the harbour master Ida Brandt said. The sea was
calm, according to the coast guard.

Mayor Ada Moor said that the search would go on. She added that divers were on their way.
"""


@pytest.mark.parametrize(("words", "who"), [
    ("According to State-run Radio Television du Niger", "State-run Radio Television du Niger"),
    ("a military spokesperson said", "a military spokesperson"),
    ("said Mr Orm", "Mr Orm"),
    ("Ida Brandt was quoted as saying", "Ida Brandt"),
    ("as reported by Tele Sahel", "Tele Sahel"),
    ("the firm announced", "the firm"),
    ("reportedly", "reportedly"),
])
def test_who_speaks_is_told_without_the_words_that_say_so(words: str, who: str) -> None:
    assert speaker(words) == who


@pytest.mark.parametrize("words", ["reportedly", "are believed to", "It is said that"])
def test_hearsay_is_nobody(words: str) -> None:
    hearsay = Citation(1, "a.txt", "Bridge shut", "The bridge shut.", 0, 16, said_by=words)
    answer = Answer("answered", "yes", "yes", 0.9, (hearsay,), "Is it shut?", "Is it shut?")
    verdict = sourced(answer, {}.__getitem__)
    assert (verdict.short, verdict.lead) == (
        None, f"“Bridge shut” names nobody for it: it only has “{words}”.")
    named = replace(hearsay, said_by="Ann Bell said")
    assert sourced(replace(answer, citations=(hearsay, named)), {}.__getitem__).short == "Ann Bell"


@pytest.fixture(scope="module")
def trawler(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("source") / "articles"
    folder.mkdir()
    (folder / "trawler.txt").write_text(TEXT, "utf-8")
    return folder


@pytest.mark.parametrize("asked", [
    "Who says so?", "And who said that?", "Says who?", "According to whom?",
    "How do you know that?", "What is your source for that?",
])
def test_who_says_so_is_whom_the_article_gives_the_quote_to(trawler: Path, asked: str) -> None:
    with Assistant.open(trawler, trawler.parent / "index") as assistant:
        conversation = assistant.conversation()
        first = conversation.ask("How many men were on board?")
        assert first.short == "Six"
        answer = conversation.ask(asked)
        assert answer.short == "the harbour master Ida Brandt"
        assert answer.citations[0].quote == first.citations[0].quote
        assert answer.trace["understood"] == "source"


def test_what_the_article_says_itself_has_no_source(trawler: Path) -> None:
    with Assistant.open(trawler, trawler.parent / "index") as assistant:
        conversation = assistant.conversation()
        assert conversation.ask("When did the trawler sink?").short == "Monday"
        answer = conversation.ask("Who says so?")
        assert answer.outcome == "not_found"
        assert "“Trawler sinks off Orwick” says it without a source" in answer.text


def test_without_an_answer_before_it_is_a_question_like_any_other(trawler: Path) -> None:
    with Assistant.open(trawler, trawler.parent / "index") as assistant:
        assert assistant.ask("Who says so?").trace["understood"] == "standalone"

"""What a person's words are: a question, one for the source, a summary, or another language."""

from __future__ import annotations

import pytest
from test_conversation_followups import turn

from rag.conversation import Shelf, resolve
from rag.conversation.overview import Overview, overview


@pytest.mark.parametrize(("asked", "kind"), [
    ("Who said that?", "source"), ("Who reported this?", "source"),
    ("What's the source?", "source"), ("Where does that come from?", "source"),
    ("Where does it come from?", "followup"),
    ("What is its source?", "followup"), ("Who claimed it?", "followup"),
    ("What does it say?", "followup"), ("What does it cover?", "followup"),
])
def test_what_is_asked_of_a_thing_is_asked_of_no_article(asked: str, kind: str) -> None:
    law = turn("Which law was passed?", "the Clean Act", "The Clean Act was passed.")
    assert resolve(asked, [law], Shelf(("a.txt",), ("A title",), ("English",))).kind == kind


@pytest.mark.parametrize("asked", [
    "What's this article about?", "What is this article about?", "What's it about?",
    "What does it say?",
])
def test_a_contraction_asks_for_a_summary_as_well(asked: str) -> None:
    assert overview(asked, ("a.txt",), ("A title",)) == Overview()


@pytest.mark.parametrize("asked", [
    "Los Angeles fires", "los angeles fires", "Las Vegas shooting", "Charles de Gaulle airport?",
    "Rio de Janeiro?", "Kim Il Sung birthplace", "And Ursula von der Leyen?", "Van der Bellen age",
])
def test_a_name_with_foreign_words_is_english(asked: str) -> None:
    assert resolve(asked, [], Shelf(("a",), ("A",), ("English",))).kind == "standalone"


@pytest.mark.parametrize(("asked", "language"), [
    ("Wer ist Ursula von der Leyen?", "German"), ("WO LIEGT HARNAU?", "German"),
    ("Quand est né Charles de Gaulle ?", "French"),
])
def test_a_foreign_question_about_a_name_is_still_foreign(asked: str, language: str) -> None:
    found = resolve(asked, [], Shelf(("a",), ("A",), ("English",)))
    assert found.kind == "foreign"
    assert language in (found.reply or "")

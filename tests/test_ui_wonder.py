"""Questions from a text's own sentences, and which of them are shown."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import Answer, Article, Citation, Passage, Turn
from rag.types import Outcome
from ui.conversations import Conversation
from ui.suggest import SURE, Suggester, _answers
from ui.wonder import LONGEST, Wondered, wonder


@pytest.mark.parametrize(("sentence", "question", "expected"), [
    ("According to the port, 90 small boats have left the harbour.",
     "How many small boats have left the harbour?", "90"),
    ("The council, led by Mayor Ines Prado, voted at night.", "Who leads the council?",
     "Mayor Ines Prado"),
    ("Lena Berg, a historian at the university, wrote the book.", "Who is Lena Berg?",
     "historian"),
    ("She said that the aim of the works is to hold the flood back.",
     "What is the aim of the works?", "to hold the flood back"),
    ("The old bridge was opened in May 1931.", "When was the old bridge opened?", "May 1931"),
    ("The ferry was late because the engine failed.", "Why was the ferry late?",
     "the engine failed"),
    ("Norway has recently opened a tunnel under the fjord. Ships of Norway wait.",
     "Who has recently opened a tunnel under the fjord?", "Norway"),
    ("“We waited for hours,” Mr Dahl said.", "What did Mr Dahl say?", "“We waited for hours,”"),
])
def test_each_form_of_sentence_gives_its_question(
    sentence: str, question: str, expected: str
) -> None:
    end = sentence.find(". ") + 1 or len(sentence)
    found = {w.question: w.expected for w in wonder(sentence, [(0, end)])}
    assert found.get(question) == expected


@pytest.mark.parametrize("sentence", [
    "However, since the storm that ousted President Juan Perez, the country has turned inward.",
    "Subscribe now!", "", "He said so.", "Boats, a thing of beauty, lay idle."])
def test_other_sentences_give_nobody_a_description(sentence: str) -> None:
    assert not [w for w in wonder(sentence, [(0, len(sentence))]) if w.form == "who-is"]


@pytest.mark.parametrize("sentence", [
    "She opened the tunnel.", "What opened the tunnel was a surprise.", "Norway opened it.",
    "Many opened their windows at night."])
def test_nobody_is_asked_for_who_has_no_name(sentence: str) -> None:
    text = sentence + " The tunnel is in Norway."
    assert list(wonder(text, [(0, len(sentence))])) == []


@given(st.lists(st.text(alphabet="AaBb ,.15’“”-thewasid", max_size=40), max_size=4))
def test_questions_are_of_a_length_that_people_ask(sentences: list[str]) -> None:
    text = "".join(sentences)
    edges = [0]
    for sentence in sentences:
        edges.append(edges[-1] + len(sentence))
    for wondered in wonder(text, list(pairwise(edges))):
        assert wondered.question.endswith("?")
        assert len(wondered.question.split()) <= LONGEST
        assert re.match(r"(How many|Who|What|When|Why)\b", wondered.question)


ARTICLE = Article("a.txt", "A", "x" * 200, "d")
WONDERED = Wondered("How many boats left?", "number", "90", 50, 100)


def said(short: str, outcome: Outcome = "answered", confidence: float = 0.9, start: int = 50,
         article: str = "a.txt") -> Answer:
    return Answer(outcome, short, short, confidence,
                  (Citation(1, article, "A", "x", start, start + 50),), "q", "q")


@pytest.mark.parametrize(("answer", "shown"), [
    (said("90"), True),
    (said("90 boats"), True),
    (said("forty"), False),
    (said("90", outcome="disputed"), False),
    (said("90", confidence=SURE - 0.01), False),
    (said("90", start=100), False),
    (said("90", article="b.txt"), False),
])
def test_a_question_is_shown_only_when_its_own_sentence_answers_it(
    answer: Answer, shown: bool
) -> None:
    assert _answers(answer, ARTICLE, WONDERED) is shown


class Folder:
    """An assistant over one article, for which a question after another is a follow-up."""

    def __init__(self) -> None:
        text = "The council, led by Mayor Ines Prado, voted at night."
        self.text = Article("a.txt", "A", text, "d")
        self.library = self
        self.gate = self
        self.assistant = self
        self.idle = True

    def article(self, name: str) -> Article:
        return self.text

    def passages(self, name: str) -> list[Passage]:
        end = len(self.text.text)
        return [Passage(name, 0, 0, end, self.text.text, ((0, end),))]

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        if history and history[-1].question == "How high is the bridge?":
            return Answer("not_found", "No.", None, 0.1, (), "Who leads the bridge?", question)
        quote = self.text.text
        return Answer("answered", quote, "Mayor Ines Prado", 0.95,
                      (Citation(1, "a.txt", "A", quote, 0, len(quote)),), question, question)

    async def run(self, work: Callable[[Any], Any]) -> Any:
        return work(self)


@pytest.mark.parametrize(("before", "offered"), [
    ("What is old?", True), ("How high is the bridge?", False)])
def test_a_next_step_is_tried_in_the_conversation_that_it_is_offered_in(
    before: str, offered: bool
) -> None:
    conversation = Conversation()
    conversation.add(Answer("not_found", "No.", None, 0.1, (), before, before,
                            {"passages": [{"article": "a.txt"}]}), {}, {})
    suggester = Suggester(Folder())  # type: ignore[arg-type]
    assert ("Who leads the council?" in asyncio.run(suggester.followups(conversation))) is offered

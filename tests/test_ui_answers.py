"""What a turn, an article and a list look like as markup, parsed back."""

from __future__ import annotations

import datetime as dt

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import Answer, Article, Citation
from ui.answers import confidence_word, sections, turn_view
from ui.folded import Exchange
from ui.found import beginning
from ui.reading import Entry, article_view, matching, shelf_view

QUOTE = "Ninety boats left the harbour, the port master said."
CITATION = Citation(1, "boats.txt", "Boats", QUOTE, 10, 62, "The Gull", dt.date(2024, 5, 3))


def parse(markup: str):
    return html5lib.parseFragment(markup, container="div", namespaceHTMLElements=False)


def words(node) -> str:
    return "".join(node.itertext())


def by_class(tree, name: str) -> list:
    return [node for node in tree.iter() if name in (node.get("class") or "").split()]


def answered(**changes) -> Answer:
    values = {
        "outcome": "answered", "text": f"Ninety.\n“{QUOTE}” [1]", "short": "Ninety",
        "confidence": 0.93, "citations": (CITATION,), "question": "How many boats left?",
        "asked": "How many boats left?", "trace": {},
    }
    return Answer(**{**values, **changes})


def view(answer: Answer, **values):
    return parse(turn_view(Exchange(1, answer, values.get("digests", {}),
                                    values.get("excerpts", {}))))


def test_the_short_answer_comes_first_then_its_quote_with_source() -> None:
    tree = view(answered(), digests={"boats.txt": "d1"})
    assert words(by_class(tree, "short")[0]) == "Ninety"
    [quote] = list(tree.iter("blockquote"))
    assert words(quote) == QUOTE
    assert words(quote.find("strong")) == "Ninety"
    assert words(by_class(tree, "source")[0]) == "BoatsThe Gull2024-05-03"
    [cite] = by_class(tree, "cite")
    assert {key: cite.get(f"data-{key}") for key in ("article", "digest", "start", "end")} == {
        "article": "boats.txt", "digest": "d1", "start": "10", "end": "62"}


def test_several_statements_keep_their_own_quotes() -> None:
    second = Citation(2, "b.txt", "B", "It rained.", 0, 10)
    answer = answered(short="Wind", citations=(CITATION, second),
                      text=f"Wind.\n“{QUOTE}” [1] (according to The Gull)\nRain.\n“It rained.” [2]"
                           "\nTwo articles, one source.")
    assert [(said, [c.number for c in cited]) for said, cited in sections(answer)] == [
        ("Wind.", [1]), ("(according to The Gull)\nRain.", [2]),
        ("Two articles, one source.", [])]


def test_who_said_a_quote_is_not_taken_for_a_statement() -> None:
    spoken = Citation(1, "a", "A", "It was late.", 0, 12, said_by="according to Mr Berg")
    answer = answered(short="late", citations=(spoken,),
                      text="Late.\n“It was late.” [1] (according to Mr Berg)")
    assert sections(answer) == [("Late.", [spoken])]


def test_a_marker_that_an_article_wrote_stays_text() -> None:
    own = Citation(1, "a [1].txt", "A [1]", "Sold in 1911[1] by “Ada” [1].", 0, 29)
    tree = view(answered(text=f"1911[1].\n“{own.quote}” [1]", short="1911[1]", citations=(own,)))
    assert words(by_class(tree, "short")[0]) == "1911[1]"
    assert words(next(tree.iter("blockquote"))) == own.quote
    assert len(by_class(tree, "cite")) == 1


def test_a_refusal_has_reading_and_neither_citation_nor_confidence() -> None:
    sentence = {"article": "boats.txt", "title": "Boats", "start": 7, "end": 22,
                "quote": "Boats lay idle."}
    tree = view(answered(outcome="not_found", text="The articles do not say.", short=None,
                         citations=(), trace={"nearest": [sentence]}))
    assert words(by_class(tree, "refusal")[0]) == "The articles do not say."
    assert "not an answer" in words(by_class(tree, "nearest")[0])
    assert "Boats lay idle." in words(by_class(tree, "nearest")[0])
    (opens,) = by_class(tree, "open")
    assert (opens.get("data-start"), opens.get("data-end")) == ("7", "22")
    assert not by_class(tree, "cite")
    assert not by_class(tree, "confidence")


def test_a_passage_is_shown_without_the_line_of_its_title() -> None:
    assert beginning("Boats\n\nThey lay idle.", "Boats") == "They lay idle."
    assert beginning("Boats lay idle.", "Boats") == "Boats lay idle."
    assert beginning("Boats", "Boats") == "Boats"


def test_a_dispute_has_a_card_for_each_side_with_its_sources() -> None:
    other = Citation(2, "b.txt", "B", "Forty boats left.", 0, 17)
    answer = answered(
        outcome="disputed", short=None, citations=(CITATION, other),
        text=f"The articles disagree.\nNinety — “Boats”:\n“{QUOTE}” [1]\nForty — “B”:\n"
             "“Forty boats left.” [2]",
        trace={"sides": [{"text": "Ninety", "articles": ["a", "b"], "sources": 1},
                         {"text": "Forty", "articles": ["b.txt"], "sources": 1}]})
    tree = view(answer)
    cards = by_class(tree, "side")
    assert [words(by_class(card, "short")[0]) for card in cards] == ["Ninety", "Forty"]
    assert words(by_class(cards[0], "count")[0]) == "2 articles, 1 source"
    assert words(by_class(tree, "disputed-lead")[0]) == "The articles disagree."


def test_the_searched_question_is_shown_only_when_it_differs() -> None:
    assert not by_class(view(answered()), "searched")
    tree = view(answered(asked="And how many left?"))
    assert words(by_class(tree, "resolved")[0]) == "How many boats left?"


def test_a_guess_by_rule_is_not_called_fitted() -> None:
    (fitted,) = by_class(view(answered(trace={"calibrator": "development"})), "confidence")
    (guessed,) = by_class(view(answered(trace={"why": "the text says what it is"})), "confidence")
    assert fitted.get("title") == "93% of answers like this are right"
    assert "guess" in str(guessed.get("title"))


@pytest.mark.parametrize(("probability", "word"), [
    (1.0, "Very likely right"), (0.9, "Very likely right"), (0.89, "Likely right"),
    (0.75, "Likely right"), (0.74, "Probably right"), (0.5, "Probably right"),
    (0.49, "Uncertain"), (0.0, "Uncertain")])
def test_confidence_has_a_plain_word(probability: float, word: str) -> None:
    assert confidence_word(probability) == word


@given(st.text(alphabet="ab \n\r<&\u202e", max_size=60), st.data())
def test_an_article_is_shown_whole_and_its_quote_marked(text: str, data: st.DataObject) -> None:
    places = st.integers(0, len(text))
    start, end = sorted(data.draw(st.tuples(places, places)))
    grey = sorted(data.draw(st.tuples(places, places)))
    article = Article("a.txt", "A", text, "d", furniture=(tuple(grey),) if grey[0] < grey[1]
                      else ())
    tree = parse(article_view(article, (start, end) if start < end else None))
    assert words(by_class(tree, "text")[0]) == text
    assert "".join(words(mark) for mark in tree.iter("mark")) == text[start:end]
    assert "".join(words(node) for node in by_class(tree, "furniture")) == (
        text[grey[0]:grey[1]])


def test_the_list_is_filtered_by_every_word_and_cut() -> None:
    entries = [Entry(f"{n}.txt", f"Story {n}", "The Gull", dt.date(2024, 1, 1), n)
               for n in range(300)]
    assert [e.name for e in matching(entries, "gull STORY 299")] == ["299.txt"]
    tree = parse(shelf_view(matching(entries, ""), 300))
    assert words(by_class(tree, "count")[0]) == "200 of 300 articles"
    assert len(by_class(tree, "entry")) == 200
    assert words(parse(shelf_view([], 3)).find("div")).endswith("No article matches this filter.")

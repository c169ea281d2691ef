"""What is told when answers exclude each other: both sides, what was earlier, how many sources."""

from __future__ import annotations

import datetime as dt

from rag.compare import Claim
from rag.disputes import (
    DISAGREE,
    DISAGREES,
    Told,
    claims_of,
    claims_of_decisions,
    confronted,
)
from rag.evidence.confidence import PLAIN
from rag.evidence.weighing import Quote, Verdict
from rag.language.sentences import split
from rag.questions.intent import analyse
from rag.types import Article, Candidate, Hit, Passage
from rag.yesno.verdict import Decision, verdict_of

OLD, NEW = dt.date(2024, 3, 1), dt.date(2024, 3, 4)
OPENED = analyse("When did the Tarn Bridge open?")


def told(text: str, sentence: str, article: str, published: dt.date | None = NEW,
         probability: float = 0.9, passage: str = "") -> Told:
    """An answer with its quote."""
    claim = Claim(text, sentence, article, published, probability, title=article,
                  passage=passage or sentence)
    return claim, Quote(article, 0, len(sentence), sentence)


def article_of(name: str) -> Article:
    """An article of that name."""
    return Article(name, f"Title of {name}", "text", "digest", "The Courier", published=NEW)


def answered(given: Told, *more: Told) -> Verdict:
    """The verdict that gives an answer, quoting it and others."""
    quotes = tuple(quote for _, quote in (given, *more))
    return Verdict("answered", given[0].text, given[0].probability, quotes)


def test_a_dispute_tells_each_side_with_its_source_and_its_quote() -> None:
    first = told("2019", "The Tarn Bridge opened in 2019.", "a.txt", OLD)
    other = told("2021", "The Tarn Bridge opened in 2021.", "b.txt", NEW)
    verdict = confronted(OPENED, answered(first), [first, other], article_of)
    assert (verdict.outcome, verdict.short, verdict.lead) == ("disputed", None, DISAGREE)
    assert verdict.quotes == ()
    assert [(s.text, s.quotes) for s in verdict.further] == [
        ("2021 — “Title of b.txt” (The Courier, 2024-03-04):", (other[1],)),
        ("2019 — “Title of a.txt” (The Courier, 2024-03-04):", (first[1],)),
    ]
    assert [(s["text"], s["articles"], s["published"]) for s in verdict.trace["sides"]] == [
        ("2021", ["b.txt"], "2024-03-04"), ("2019", ["a.txt"], "2024-03-01")]
    assert verdict.trace["why"] == "the years differ: 2019 and 2021"


def test_an_article_says_what_the_reader_finds_there_with_a_low_margin_but_not_with_any() -> None:
    def found(text: str, words: str, article: str, rank: int, margin: float) -> Candidate:
        passage = Passage(article, 0, 0, len(words), words, tuple(split(words)))
        hit = Hit(passage, article, rank, 0.5)
        start = words.index(text)
        return Candidate(hit, start, start + len(text), text, margin, margin)

    candidates = [found("2019", "The Tarn Bridge opened in 2019.", "a.txt", 1, 5.0),
                  found("2021", "The Tarn Bridge opened in 2021.", "b.txt", 2, -6.0),
                  found("2023", "The Tarn Bridge opened in 2023.", "c.txt", 3, -12.0)]
    claims = claims_of(OPENED, candidates, [c.hit for c in candidates], PLAIN)
    assert [(claim.text, claim.article) for claim, _ in claims] == [
        ("2019", "a.txt"), ("2021", "b.txt")]


def test_one_article_that_quotes_two_voices_disagrees_with_itself() -> None:
    question = analyse("How many people marched in Tarn?")
    police = told("4,000", "Police said 4,000 people marched in Tarn.", "a.txt")
    others = told("9,000", "The organisers said 9,000 people marched in Tarn.", "a.txt")
    verdict = confronted(question, answered(police), [police, others], article_of)
    assert (verdict.outcome, verdict.lead) == ("disputed", DISAGREES)


def test_a_later_number_of_a_running_story_is_the_answer_and_the_earlier_one_is_told() -> None:
    question = analyse("How many people died in the Tarn landslide?")
    before = told("6", "6 people died in the Tarn landslide.", "a.txt", OLD, 0.95)
    after = told("19", "19 people died in the Tarn landslide.", "b.txt", NEW, 0.8)
    verdict = confronted(question, answered(before), [before, after], article_of)
    assert (verdict.outcome, verdict.short, verdict.confidence) == ("answered", "19", 0.8)
    assert verdict.quotes == (after[1],)
    assert [(s.text, s.quotes) for s in verdict.further] == [
        ("Earlier (2024-03-01): 6", (before[1],))]


def test_copies_are_told_as_one_source() -> None:
    story = ("The Tarn Bridge opened in 2021. Children threw flowers from it, and the mayor told "
             "a joke about the old ferry that nobody understood.")
    first = told("2021", "The Tarn Bridge opened in 2021.", "a.txt", passage=story)
    copy = told("2021", "The Tarn Bridge opened in 2021.", "b.txt", passage=story + " It rained.")
    verdict = confronted(OPENED, answered(first, copy), [first, copy], article_of)
    assert verdict.note == "2 articles, 1 source: the others are copies."
    assert verdict.trace["sources"] == 1
    alone = confronted(OPENED, answered(first), [first], article_of)
    assert alone.note is None


def test_what_is_only_denied_gives_way_to_what_is_said() -> None:
    question = analyse("How many wolves live near Tarn?")
    rumour = told("50", "Hunters wrongly claimed that 50 wolves live near Tarn.", "a.txt")
    counted = told("14", "14 wolves live near Tarn.", "b.txt", probability=0.7)
    verdict = confronted(question, answered(rumour), [rumour, counted], article_of)
    assert (verdict.outcome, verdict.short, verdict.confidence) == ("answered", "14", 0.7)
    assert verdict.quotes == (counted[1],)


def test_articles_that_are_each_sure_dispute_what_was_held_back_because_of_the_other() -> None:
    claims = [told("2019", "The Tarn Bridge opened in 2019.", "a.txt", probability=0.9),
              told("2021", "The Tarn Bridge opened in 2021.", "b.txt", probability=0.6)]
    refusal = Verdict("not_found", None, 0.4)
    assert confronted(OPENED, refusal, claims, article_of, 0.8).outcome == "disputed"
    assert confronted(OPENED, refusal, claims, article_of, 0.95) is refusal


def test_articles_that_agree_in_other_words_answer_what_was_held_back() -> None:
    claims = [told("2021", "The Tarn Bridge opened in 2021.", "a.txt", probability=0.9),
              told("May 2021", "The Tarn Bridge opened in May 2021.", "b.txt", probability=0.7)]
    refusal = Verdict("not_found", None, 0.4)
    verdict = confronted(OPENED, refusal, claims, article_of, 0.8)
    assert (verdict.outcome, verdict.short, verdict.confidence) == ("answered", "2021", 0.9)
    assert verdict.quotes == (claims[0][1], claims[1][1])
    assert verdict.trace["why"] == "2 of 2 articles agree on 2021"


def test_another_event_is_told_beside_the_answer() -> None:
    question = analyse("How many people died in the Tarn fire?")
    claims = [told("5", "5 people died in the Tarn fire.", "a.txt", probability=0.9),
              told("11", "This time 11 people died in the Tarn fire.", "b.txt", probability=0.8)]
    verdict = confronted(question, Verdict("not_found", None, 0.4), claims, article_of, 0.8)
    assert (verdict.outcome, verdict.short) == ("answered", "5")
    assert [(s.text, s.quotes) for s in verdict.further] == [("In “b.txt”: 11", (claims[1][1],))]


def test_yes_in_one_article_and_no_in_another_is_a_dispute() -> None:
    question = analyse("Did the Tarn council approve the quarry?")
    decisions = []
    for name, says, verb in (("a.txt", "yes", "approved"), ("b.txt", "no", "rejected")):
        text = f"The Tarn council {verb} the quarry."
        hit = Hit(Passage(name, 0, 0, len(text), text), name, 1, 1.0, published=NEW)
        quote = Quote(name, 0, len(text), text)
        decisions.append(Decision(says, quote, hit, 0.9, "it says so"))  # type: ignore[arg-type]
    verdict = confronted(question, verdict_of(decisions), claims_of_decisions(decisions),
                         article_of)
    assert verdict.outcome == "disputed"
    assert {s.text.split()[0] for s in verdict.further} == {"yes", "no"}
    agreed = confronted(question, verdict_of(decisions[:1]), claims_of_decisions(decisions[:1]),
                        article_of)
    assert (agreed.outcome, agreed.short) == ("answered", "yes")

"""Label lines, tables and lists: the one value or all the items that a question asks for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.answers.bullets import under_heading
from rag.answers.facts import facts_of, settled, stated, without_neighbours
from rag.evidence.weighing import Verdict
from rag.language.labels import labelled, listings
from rag.language.sentences import split
from rag.questions.intent import analyse
from rag.types import Article, Candidate, Hit, Passage

LAMP = """Lumo 40 desk lamp

The Lumo 40 is a desk lamp for students.

Technical data

Property | Value
Height | 47 cm
Weight (kg) | 1.3
Noise level | 12 dB
Shade diameter | 21 cm

What is in the box

- the lamp
- two bulbs
- a cable

How do I change the bulb?

1. Unplug the lamp.
2. Let it cool. It gets hot.
3. Turn the bulb to the left.
"""
CLUB = """Rowan Chess Club, minutes of the spring meeting

Date: 3 April 2022
Venue: Lower Hall, Quay Street
End: 8.40 p.m.
Present: 17 members
Hotline: 0700 555 118
Made in: Velm
Founded: 1987
Treasurer: Oda Lindh
Minutes taken by: Bo Falk
Apologies: Ada Quist, Tom Hale

Sarah Bell: We shall see. It depends on the weather.
"""
POET = """Ida Holm

Born: 4 May 1866, Tolm, Norway
Died: Velm, 9 June 1931
Spouse: Otto Brun (m. 1890; died 1921)
Children: 4
Awards: Silver Quill (1899), Order of the Lark (1920)
"""
PRICES = """Harbour gym prices

Pass | Price per month | Joining fee | Visits
Silver | £21 | £10 | 8
Gold | £35 | none | 30
"""
PIE = """Plum pie

Serves: 6
Preparation time: 25 minutes
Baking time: 1 hour

Ingredients

- 2 kg plums
- 3 tablespoons brown sugar
- 1½ cups flour
- 4 eggs
- a pinch of salt
"""
ARTICLES = {"lamp.md": LAMP, "club.txt": CLUB, "poet.txt": POET, "gym.html": PRICES, "pie.md": PIE}


def article(name: str) -> Article:
    text = ARTICLES[name]
    return Article(name, text.partition("\n")[0], text, "")


def hits(*names: str) -> list[Hit]:
    found = []
    for name in names or ARTICLES:
        one = article(name)
        passage = Passage(name, 0, 0, len(one.text), one.text, split(one.text))
        found.append(Hit(passage, one.title, len(found) + 1, 1.0))
    return found


@pytest.mark.parametrize(("question", "short", "line"), [
    ("How tall is the lamp?", "47 cm", "Height | 47 cm"),
    ("How much does the Lumo 40 weigh?", "1.3", "Weight (kg) | 1.3"),
    ("How loud is the lamp?", "12 dB", "Noise level | 12 dB"),
    ("What is the shade diameter of the lamp?", "21 cm", "Shade diameter | 21 cm"),
    ("When did the spring meeting end?", "8.40 p.m.", "End: 8.40 p.m."),
    ("Where did the meeting take place?", "Lower Hall, Quay Street",
     "Venue: Lower Hall, Quay Street"),
    ("How many members were present?", "17 members", "Present: 17 members"),
    ("Who is the treasurer of the chess club?", "Oda Lindh", "Treasurer: Oda Lindh"),
    ("Who is Oda Lindh?", "Treasurer", "Treasurer: Oda Lindh"),
    ("Who took the minutes?", "Bo Falk", "Minutes taken by: Bo Falk"),
    ("Who sent apologies?", "Ada Quist, Tom Hale", "Apologies: Ada Quist, Tom Hale"),
    ("When was Ida Holm born?", "4 May 1866", "Born: 4 May 1866, Tolm, Norway"),
    ("Where was Ida Holm born?", "Tolm, Norway", "Born: 4 May 1866, Tolm, Norway"),
    ("When did Ida Holm die?", "9 June 1931", "Died: Velm, 9 June 1931"),
    ("Who was Ida Holm's husband?", "Otto Brun", "Spouse: Otto Brun (m. 1890; died 1921)"),
    ("How many children did Ida Holm have?", "4", "Children: 4"),
    ("Which awards did Ida Holm receive?", "Silver Quill (1899), Order of the Lark (1920)",
     "Awards: Silver Quill (1899), Order of the Lark (1920)"),
    ("How much is the Gold pass?", "£35", "Gold | £35 | none | 30"),
    ("How much does the Silver pass cost per month?", "£21", "Silver | £21 | £10 | 8"),
    ("What is the joining fee for the Silver pass?", "£10", "Silver | £21 | £10 | 8"),
    ("How many visits does the Gold pass have?", "30", "Gold | £35 | none | 30"),
    ("How long is the baking time?", "1 hour", "Baking time: 1 hour"),
    ("How many people does the plum pie serve?", "6", "Serves: 6"),
    ("How much sugar do I need?", "3 tablespoons", "- 3 tablespoons brown sugar"),
    ("How many plums do I need for the pie?", "2 kg", "- 2 kg plums"),
    ("How many eggs are needed?", "4", "- 4 eggs"),
])
def test_a_labelled_value_answers(question: str, short: str, line: str) -> None:
    verdict = stated(analyse(question), facts_of(hits(), article))
    assert verdict is not None
    assert (verdict.outcome, verdict.short) == ("answered", short)
    assert short in line
    # A cell says what it is together with the line that heads its column.
    head = ["Pass | Price per month | Joining fee | Visits"] if line.count("|") > 1 else []
    assert [q.text for q in verdict.quotes] == [line, *head]


@pytest.mark.parametrize("question", [
    "How tall is the Lumo 60?",  # another number
    "How tall is the floor lamp of Oda Lindh?",  # another subject
    "How wide is the lamp?",  # no such label
    "Of what did Ida Holm die?",  # what no label says
    "What did Ida Holm die of?",
    "How tall is the box?",
    "What is the diameter of the lamp?",  # the shade's
    "Who is the treasurer of the Velm Rowing Club?",
    "Who is the chair of the chess club?",
    "Who founded the chess club?",  # "Founded" tells a year
    "Who made the chess club?",  # "Made in" tells a place
    "How many hotlines does the chess club have?",  # a telephone number counts none
    "When did the meeting start?",
    "When is the autumn meeting?",
    "Who is Ada Quist?",  # sent apologies
    "When did Otto Brun die?",  # the year is his, the label is not
    "When was Otto Brun born?",
    "Where did Ida Holm marry?",
    "How much is the Bronze pass?",
    "How much does the Gold pass cost per year?",
    "How long is the joining fee for the Silver pass?",
    "How long is the cooling time?",
    "How much butter do I need?",
    "How many cups do I need?",
    "How much sugar does Oda Lindh need?",
    "Is the lamp 47 cm tall?",
    "Why does the pie serve 6?",
])
def test_a_value_of_something_else_does_not_answer(question: str) -> None:
    assert stated(analyse(question), facts_of(hits(), article)) is None


def test_two_lines_that_fit_and_differ_answer_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ARTICLES, "other.md", "Plum tart\n\nServes: 8\nBaking time: 1 hour\n")
    asked = "How long is the baking time?"
    verdict = stated(analyse(asked), facts_of(hits(), article))
    assert verdict is not None
    assert verdict.short == "1 hour"  # both say so
    assert stated(analyse("How many people are served?"), facts_of(hits(), article)) is None


def test_only_lines_that_were_read_answer() -> None:
    (hit,) = hits("lamp.md")
    early = Passage("lamp.md", 0, 0, 30, LAMP[:30], ((0, 30),))
    asked = analyse("How tall is the lamp?")
    assert stated(asked, facts_of([hit], article)) is not None
    assert stated(asked, facts_of([Hit(early, hit.title, 1, 1.0)], article)) is None


def read(name: str, words: str) -> Candidate:
    (hit,) = hits(name)
    start = ARTICLES[name].index(words)
    return Candidate(hit, start, start + len(words), words, 9.0, 5.0)


@pytest.mark.parametrize(("question", "name", "words", "kept"), [
    ("Who founded the chess club?", "club.txt", "Oda Lindh", False),
    ("When was the chess club founded?", "club.txt", "1987", True),
    ("Where did Ida Holm die?", "poet.txt", "Tolm, Norway", False),
    ("When did Ida Holm's husband die?", "poet.txt", "1921", True),
    ("How can I reach the club?", "club.txt", "Hotline", False),
    ("How can I reach the club?", "club.txt", "0700 555 118", True),
    ("Who made it?", "club.txt", "Bo Falk", True),  # "Made in" tells no maker
    ("Which pass is the cheapest?", "gym.html", "Silver", True),
    ("Which passes are there?", "gym.html", "Pass | Price per month", False),
    ("Why is it £10?", "gym.html", "Silver | £21 | £10", True),
])
def test_the_value_of_the_next_line_does_not_answer(
    question: str, name: str, words: str, kept: bool
) -> None:
    found = without_neighbours(
        analyse(question), [read(name, words)], facts_of(hits(name), article))
    assert bool(found) is kept


@pytest.mark.parametrize(("short", "confidence", "expected"), [
    ("5 mm", 0.6, "47 cm"),  # a reader that is not sure
    ("5 mm", 0.9, "5 mm"),
    ("47", 0.6, "47"),
])
def test_the_surer_answer_is_given(short: str, confidence: float, expected: str) -> None:
    asked = analyse("How tall is the lamp?")
    fact = stated(asked, facts_of(hits(), article))
    assert fact is not None
    said = Verdict("answered", short, confidence, fact.quotes)
    assert settled(asked, said, fact).short == expected
    assert settled(asked, Verdict("not_found", None, 0.1), fact).short == "47 cm"
    assert settled(asked, Verdict("disputed", None, 0.6), fact).outcome == "disputed"


def test_the_same_figure_in_another_line_is_no_piece_of_the_value() -> None:
    asked = analyse("How tall is the lamp?")
    fact = stated(asked, facts_of(hits(), article))
    assert fact is not None
    elsewhere = replace(fact.quotes[0], start=fact.quotes[0].end + 5, end=fact.quotes[0].end + 9)
    said = Verdict("answered", "7 cm", 0.8, (elsewhere,))
    assert settled(asked, said, fact).short == "47 cm"


def test_a_piece_of_an_enumeration_gives_way_to_the_whole() -> None:
    asked = analyse("Which awards did Ida Holm receive?")
    fact = stated(asked, facts_of(hits(), article))
    assert fact is not None
    found = settled(asked, Verdict("answered", "Silver Quill", 0.9, fact.quotes), fact)
    assert (found.short, found.confidence) == (fact.short, 0.9)


@pytest.mark.parametrize(("question", "short"), [
    ("What is in the box?", "the lamp; two bulbs; a cable"),
    ("How do I change the bulb?",
     "Unplug the lamp; Let it cool. It gets hot; Turn the bulb to the left"),
    ("What are the ingredients?",
     "2 kg plums; 3 tablespoons brown sugar; 1½ cups flour; 4 eggs; a pinch of salt"),
    ("Which ingredients do I need for the plum pie?",
     "2 kg plums; 3 tablespoons brown sugar; 1½ cups flour; 4 eggs; a pinch of salt"),
    ("What is on the table?", None),
    ("What is in the cellar?", None),
    ("What are the ingredients of the apple cake?", None),
    ("How do I change the fuse?", None),
    ("How many bulbs are in the box?", None),
    ("Is a cable in the box?", None),
    ("Why do I change the bulb?", None),
    ("Who changes the bulb?", None),
])
def test_the_list_under_a_heading_answers_what_the_heading_says(
    question: str, short: str | None
) -> None:
    verdict = under_heading(analyse(question), hits(), article)
    assert (verdict.short if verdict else None) == short
    if verdict:
        (quote,) = verdict.quotes
        assert ARTICLES[quote.article][quote.start : quote.end] == quote.text


def test_lines_of_prose_and_of_talk_are_no_labels() -> None:
    text = ("He said: it is late.\nWe add: no\nand: so\nAnn Bell: “No.”\nBo: Is it?\n"
            "Ann: It is. He left.\nThe towns: Ames and\nbelow it Dale\nhttp://a.example: x\n")
    assert [one.label for one in labelled(text)] == ["He said"]


def test_a_table_needs_two_rows_and_an_item_company() -> None:
    assert labelled("Red | blue\n\nText.\n\n- 3 kg\n") == ()
    assert listings("Heading\n\n- one\n\nText.") == ()
    text = "A | B | C\n--- | --- | ---\n| x | 1 |  |\n"
    assert [(one.label, one.row, text[one.start : one.end]) for one in labelled(text)] == [
        ("B", "x", "1")]

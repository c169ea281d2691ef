"""Another name in the place of the question's: what is doubted, and what is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag import Assistant
from rag.evidence.namesakes import another, of_another, of_elsewhere
from rag.questions.intent import analyse

MAYOR = "The mayor of Varde, Jonas Wieck, thanked the crew."
BUILT = "The Marta Linde was built in 1998 in Gdansk and can carry 400 people."


@pytest.mark.parametrize(("question", "sentence", "answer"), [
    ("Who is the mayor of Lossing?", MAYOR, "Jonas Wieck"),
    ("When was the Anna Linde built?", BUILT, "1998"),
    ("How many people can the Anna Linde carry?", BUILT, "400"),
    ("When did Peter Haan die?", "His brother Willem was killed in 1929.", "1929"),
    ("How many trucks does Turkey have?", "This week Russia has nine trucks.", "nine"),
    ("When did Ann Bell leave?", "Carl Dorn left in May; Ann Bell stayed.", "May"),
    ("How many trainers has Turkey sent?", "Last week Russia sent 100 trainers.", "100"),
    ("When did the mills near Lossing open?", "The two mills near Varde opened in 1911.", "1911"),
    # A number may be part of a name.
    ("How many people died on Flight 447?", "All 239 people on Flight 370 are dead.", "239"),
    ("Who walked on the Moon in Apollo 12?", "Buzz Aldrin walked there in Apollo 11.", "Buzz"),
    ("What does article 5 say?", "By article 6 armed attacks are those on land.", "armed attacks"),
    ("What is the Sahel?", "He knows the Sahel for the Adenauer Foundation, a group for democracy.",
     "a group"),
])
def test_another_name_in_its_place_is_seen(question: str, sentence: str, answer: str) -> None:
    assert another(analyse(question), sentence, sentence.index(answer))


@pytest.mark.parametrize(("question", "sentence", "answer"), [
    ("Who is the mayor of Varde?", MAYOR, "Jonas Wieck"),
    ("When was the Marta Linde built?", BUILT, "1998"),
    # Named in another way: by a pronoun, a title, an ending, an acronym, or spelt wrongly.
    ("When was the Anna Linde built?", "It was built in 1998.", "1998"),
    ("When did Anna Dahl retire?", "Captain Dahl retired in 2001.", "2001"),
    ("When did the FDA approve it?", "In 1960 the Drug Board approved it.", "1960"),
    ("Where was Olgethorpe born?", "James Oglethorpe was born in London.", "London"),
    # Explained is the name that is asked for, or the question asks for somebody by what they are.
    ("What is the Adenauer Foundation?", "The Adenauer Foundation (a group for democracy) asked.",
     "a group"),
    ("Who is the mayor?", MAYOR, "Jonas Wieck"),
    # Beside another, and beside both.
    ("When did the mills near Lossing open?", "The mills near the river opened in 1911.", "1911"),
    ("When did the mills near Lossing open?", "The woods near Varde fell in 1911.", "1911"),
    ("When did the mills near Lossing open?", "The mills near Lossing and Varde came in 1911.",
     "1911"),
    # Both numbers, the number alone, a day, and a number that is part of no name.
    ("What does article 5 say?", "Articles 5 and 6 speak of attacks.", "attacks"),
    ("Who flew Apollo 11?", "Mission 11 was led by Neil Armstrong.", "Neil Armstrong"),
    ("How many were hurt on June 5?", "On June 6 doctors spoke of 40.", "40"),
    ("How many died in Malmö?", "In Malmö 12 people died.", "12"),
    ("How many guests can the Hotel Meridian in Castrel hold?",
     "The Meridian can hold 180 guests.", "180"),
    # The other name is the answer, or only stands nearby.
    ("Which country does Lossing belong to?", "It belongs to Denmark.", "Denmark"),
    ("Who made Anna Dahl's cello?", "Her cello was made in Cremona by Carlo Bergonzi.", "Carlo"),
])
def test_what_is_not_another_name_is_not_doubted(
    question: str, sentence: str, answer: str
) -> None:
    assert not another(analyse(question), sentence, sentence.index(answer))


PIER = ("The passenger ferry Marta Linde hit the pier. The ferry, built in 1998, is owned by Gull "
        "Lines. The smaller Kittiwake will take over.")


@pytest.mark.parametrize(("question", "told"), [
    ("When was the Kittiwake built?", True),
    ("When was the Marta Linde built?", False),
    ("When was the ferry to Kittiwake built?", False),
    ("When was it built?", False),
])
def test_what_an_article_calls_the_ferry_is_no_other_ship(question: str, told: bool) -> None:
    start = PIER.index("The ferry,")
    end = PIER.index(" The smaller")
    assert of_another(analyse(question), PIER, start, end) is told


@pytest.mark.parametrize(("sentence", "told"), [
    ("The clerk reported that the roof of the library, built in 1936, leaks.", False),
    ("The clerk retired in 1936.", True),
])
def test_what_somebody_reports_is_not_about_them(sentence: str, told: bool) -> None:
    text = f"The town clerk Ann Bell spoke. {sentence}"
    asked = analyse("When was the library on Castle Street built?")
    assert of_another(asked, text, text.index("The clerk r"), len(text)) is told


def test_the_assistant_does_not_answer_for_a_namesake(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "ferry.txt").write_text(
        "Ferry stopped after fire\n\nThe Marta Linde was stopped off Varde after a fire. "
        f"{BUILT} The Anna Linde will take over its journeys to Lossing. {MAYOR}\n", "utf-8")
    with Assistant.open(folder, tmp_path / "index") as assistant:
        assert assistant.ask("When was the Marta Linde built?").short == "1998"
        assert assistant.ask("When was the Anna Linde built?").outcome == "not_found"
        assert assistant.ask("Who is the mayor of Varde?").short == "Jonas Wieck"
        assert assistant.ask("Who is the mayor of Lossing?").outcome == "not_found"


def test_two_articles_about_a_namesake_are_no_more_than_one(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, opening in (("ferry", "A ferry was stopped off Varde."), ("fire", "It burnt again.")):
        (folder / f"{name}.txt").write_text(f"About a ship\n\n{opening} {BUILT}\n", "utf-8")
    with Assistant.open(folder, tmp_path / "index") as assistant:
        assert assistant.ask("When was the Marta Linde built?").short == "1998"
        assert assistant.ask("When was the Anna Linde built?").outcome == "not_found"


COUP = ("Orlund's army took power last July. Orlund has since turned away from the west, and "
        "Orlund pays its soldiers better. Traders in the capital say that little has changed for "
        "them in the markets, where rice is dear, and that the roads are as bad as before.")
OUSTED = "The coup ousted the elected President Henrik Mauss, who is held in his house."
FENCE = ("Farmers in the north wait for rain, and the harvest was poor again, as it was in most of "
         "the years before. The mills stand idle, and the young go to the coast to look for work. "
         "Talks on the border go on. Orlandia closed its border for a week.")


@pytest.mark.parametrize(("question", "title", "told"), [
    ("Who is the president of Orlandia?", "After the coup", True),
    ("Who is the president of Tasmark?", "After the coup", True),  # not mentioned at all
    ("Who is the president of Orlund?", "After the coup", False),
    ("Who is the president of Orlnd?", "After the coup", False),  # misspelt
    ("Who is the president of Orlandia?", "Orlandia and its neighbour", False),
    ("Who did the coup of July oust?", "After the coup", False),  # no office of a name
    ("When was the president of Orlandia ousted?", "After the coup", False),
])
def test_an_office_without_its_place_is_of_the_article_s_own(
    question: str, title: str, told: bool
) -> None:
    passage = f"{COUP} {OUSTED} {FENCE}"
    start = passage.index(OUSTED)
    assert of_elsewhere(analyse(question), passage, start, start + len(OUSTED), title,
                        passage) is told


LANDED = "Last week 20 planes landed in Mauss Bay."


@pytest.mark.parametrize(("question", "told"), [
    ("How many planes landed in Orlandia?", True),
    ("How many planes landed in Orlund?", False),  # what the article is about
    ("How many planes landed in Mauss Bay?", False),
    ("How many planes came to Orlandia?", False),  # the sentence has nothing come to a place
    ("How many planes landed in the US?", False),  # a country of many names
])
def test_what_is_done_in_one_place_is_not_done_in_another(question: str, told: bool) -> None:
    passage = f"{COUP} {LANDED} {FENCE}"
    start = passage.index(LANDED)
    assert of_elsewhere(analyse(question), passage, start, start + len(LANDED), "After the coup",
                        passage) is told


def test_the_assistant_does_not_answer_for_another_country(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "coup.txt").write_text(f"After the coup\n\n{COUP} {OUSTED} {FENCE}\n", "utf-8")
    with Assistant.open(folder, tmp_path / "index") as assistant:
        assert assistant.ask("Who was the president of Orlund?").short == "Henrik Mauss"
        refused = assistant.ask("Who was the president of Orlandia?")
        assert refused.outcome == "not_found"
        assert refused.trace["why"] == "the best answer's sentence tells it of another name"

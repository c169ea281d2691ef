"""What a question asks for, by its words."""

from __future__ import annotations

import pytest

from rag.questions.intent import analyse, longest


@pytest.mark.parametrize(
    ("question", "kind", "wanted"),
    [
        ("How many boats came?", "fact", "number"),
        ("how much did the bridge cost", "fact", "money"),
        ("How long did the strike last?", "fact", "duration"),
        ("How long is the bridge?", "fact", "number"),
        ("When was the mill sold?", "fact", "date"),
        ("In which year was it built?", "fact", "date"),
        ("Where does she live?", "fact", "place"),
        ("Who bought the mill?", "fact", "person"),
        ("And could you tell me who bought the mill?", "fact", "person"),
        ("What class is it?", "fact", "any"),
        ("Which violin maker taught her?", "fact", "person"),
        ("Which retired sea captain wrote the letters?", "fact", "person"),
        ("Which of the three divers died?", "fact", "person"),
        ("What was the name of the third man the flood killed?", "fact", "person"),
        ("What was her daughter called?", "fact", "person"),
        ("What is the name of the village where it fell?", "fact", "place"),
        ("Which small fishing town was flooded?", "fact", "place"),
        ("latest death toll tarn flood", "fact", "number"),
        ("What was the name of the ship that sank?", "fact", "any"),
        ("Which student union went on strike?", "fact", "any"),
        ("Which town council voted for it?", "fact", "any"),
        ("Which German car won?", "fact", "any"),
        ("Which driver’s licence was revoked?", "fact", "any"),
        ("Which paper did the minister write for?", "fact", "any"),
        ("What worried teachers most?", "fact", "any"),
        ("Number of guards who died in May?", "fact", "number"),
        ("Total death toll at the factory", "fact", "number"),
        ("Yearly wage of those who guard it?", "fact", "money"),
        ("Date fixed for the appeal?", "fact", "date"),
        ("What was the yearly revenue?", "fact", "money"),
        ("What is the money from fines used for?", "fact", "any"),
        ("What reason did they give for the cost rise?", "why", "reason"),
        ("What must the rate setters do?", "fact", "any"),
        ("In what capacity did he come?", "fact", "any"),
        ("What was the new interest rate?", "fact", "number"),
        ("What cost the minister his job?", "fact", "any"),
        ("What annoys people who live there?", "fact", "any"),
        ("the firm that kept silent when asked", "fact", "any"),
        ("According to Hale, whom will they teach?", "fact", "person"),
        ("On which days is it shut?", "list", "date"),
        ("Was it Tolm or Brae that won?", "fact", "any"),
        ("Which publisher signs the game?", "fact", "any"),
        ("What is Africa Corps?", "fact", "any"),
        ("Which three towns joined?", "list", "place"),
        ("What are the names of the boats?", "list", "any"),
        ("Did the mill burn down?", "yesno", "any"),
        ("Isn’t the mill closed?", "yesno", "any"),
        ("Is it true that the mill burned down?", "yesno", "any"),
        ("The mill was sold, right?", "yesno", "any"),
        ("Won't the mill be sold?", "yesno", "any"),
        ("If the mayor resigns, who takes over?", "fact", "person"),
        ("if the man, who died in May, was a sailor", "yesno", "any"),
        ("Why was the mill sold?", "why", "reason"),
        ("How did they save the boats?", "how", "any"),
        ("Tell me about the mill", "about", "any"),
        ("What does MSF stand for?", "expand", "any"),
        ("What does RSPB mean?", "expand", "any"),
        ("What does this mean?", "fact", "any"),
    ],
)
def test_kind_and_type(question: str, kind: str, wanted: str) -> None:
    asked = analyse(question)
    assert (asked.kind, asked.wanted) == (kind, wanted)


def test_the_abbreviation_and_the_focus_are_named() -> None:
    assert analyse("What does the abbreviation R.S.P.B. stand for?").abbreviation == "R.S.P.B."
    assert analyse("How many Dutch boats did they buy?").focus == "Dutch boats"


def test_who_is_somebody_wants_what_they_are_and_not_a_name() -> None:
    assert analyse("Who is Ida Brandt?").broad
    assert analyse("Who is Ida Brandt?").wanted == "any"
    assert analyse("Who is the mayor of Tolm?").wanted == "person"
    assert not analyse("Who bought the mill in Tolm?").broad


@pytest.mark.parametrize("question", [
    "Who is Ida Brandt's niece?", "What is Tolm's telephone number?", "What was her trade?",
    "What was Ida Brandt before?", "What was the revenue in 1911?", "What is the price?",
])
def test_a_part_of_somebody_is_not_what_they_are(question: str) -> None:
    assert not analyse(question).broad


def test_answers_of_why_may_be_longer_than_numbers() -> None:
    assert longest(analyse("Why was it sold?")) > longest(analyse("What was sold?"))
    assert longest(analyse("What was sold?")) > longest(analyse("How many were sold?"))


@pytest.mark.parametrize("question", ["?", "why", "is", "a " * 500, "which which which", "Who"])
def test_no_question_is_too_odd(question: str) -> None:
    assert analyse(question).text

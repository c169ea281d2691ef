"""Follow-ups that were resolved wrongly once: what "it", "she" and a fragment stand for."""

from __future__ import annotations

import pytest

from rag.conversation import Shelf, resolve
from rag.conversation.gender import called_in
from rag.conversation.mentions import mentions
from rag.conversation.resolve import standalone
from rag.conversation.said import sought, uncapitalised, untitled
from rag.types import Answer, Citation, Turn


def turn(question: str, short: str | None, quote: str = "", asked: str = "") -> Turn:
    """A turn as the assistant remembers it; ``asked`` where it was resolved."""
    cited = (Citation(1, "a.txt", "A title", quote, 0, len(quote)),) if quote else ()
    outcome = "answered" if short else "not_found"
    return Turn(asked or question, question,
                Answer(outcome, short or "", short, 0.9, cited, question, question))


@pytest.mark.parametrize(
    ("turns", "asked", "resolved"),
    [
        # What was looked for in vain is "it"; a place that it is told by is not.
        ([turn("Which barge burnt near Orwick?", None)], "When was it built?",
         "When was the barge that burnt near Orwick built?"),
        ([turn("Which barge burnt near Orwick?", None),
          turn("When was the barge that burnt near Orwick built?", None,
               asked="When was it built?")],
         "Who owned it?", "Who owned the barge?"),
        ([turn("Which barge burnt near Orwick?", "the Petrel")], "When was it built?",
         "When was the Petrel built?"),
        # What is measured stands for the thing; a part that is no measure is meant itself.
        ([turn("What is the weight of the Corran 250?", "31 kilos")], "How wide is it?",
         "How wide is the Corran 250?"),
        ([turn("What is the height of the stone arch?", "9 metres")], "Who built it?",
         "Who built the stone arch?"),
        ([turn("Who painted the roof of the chapel?", "Ida Moss")], "When did it leak?",
         "When did the roof of the chapel leak?"),
        ([turn("How long do leftovers of the chowder keep in the larder?", "two days")],
         "Can I freeze it?", "Can I freeze the chowder?"),
        # What stands behind "in" or "for" is less likely meant than what the question is about.
        ([turn("How long does the dough stay in the bowl?", "20 minutes")], "What do I add to it?",
         "What do I add to the dough?"),
        ([turn("What is in the bowl?", "apples")], "How big is it?", "How big is the bowl?"),
        # Two are no "it"; the part of a group is asked for, and "that group" is the one before.
        ([turn("When does the panel on the line between Tolm and Lund meet?", "2 June")],
         "Who leads it?", "Who leads the panel?"),
        ([turn("How many drowned when the boat with the Orla refugees sank?", "19 people")],
         "How many of those were children?", "How many of the 19 people were children?"),
        ([turn("Who chairs the group of divers looking into the wreck?", "Ada Krantz")],
         "How many members does that group have?",
         "How many members does the group of divers have?"),
        # A verb ends a phrase, and a name with small words in it is one.
        ([turn("Why did Orla's defence minister step down?", None)], "Who got his job?",
         "Who got Orla's defence minister’s job?"),
        ([turn("What is the skipper of the Estrella del Mar accused of?", None)],
         "How old is he?", "How old is the skipper of the Estrella del Mar?"),
        # The other side of a vote, a part of an amount, how many there are, another office.
        ([turn("How many votes were in favour of the plan?", "88")], "And against?",
         "How many votes were against the plan?"),
        ([turn("How many members voted against the plan?", "41")], "And in favour?",
         "How many members voted in favour of the plan?"),
        ([turn("How much will the mill cost?", "2 million euros")],
         "How much of that will the town pay?",
         "How much of 2 million euros will the town pay?"),
        ([turn("Who builds the trams?", "Orla Mills", "Orla Mills builds the trams in Lund.")],
         "How many of them are there?", "How many of the trams are there?"),
        ([turn("How did residents react?", "jeered him", "They jeered President Ada Krantz.")],
         "What about the governor?", "How did the governor react?"),
        # What it was, it still is; a place where it is, or a verb, is not it.
        ([turn("When is the second round?", "June 18 in Orwick")], "What will it deal with?",
         "What will the second round deal with?"),
        ([turn("When is the second round?", "in May"),
          turn("What will the second round deal with?", "the reopening of the harbour",
               asked="What will it deal with?")],
         "Who will chair it?", "Who will chair the second round?"),
        ([turn("Where did the talks take place?", "in Orwick")], "When did they open?",
         "When did the talks open?"),
        ([turn("What is the next trial?", "90 people will wear bands that record their sleep")],
         "When does it start?", "When does the next trial start?"),
        ([turn("How many customers did Orla have?", "310,000", "All 310,000 customers came.")],
         "How many of them got their money back?",
         "How many of the customers got their money back?"),
        # A deal is signed, no country is; crews are no other name of a country.
        ([turn("Which deal did Orwick end?", "a deal with Tolm")], "When was it signed?",
         "When was the deal signed?"),
        ([turn("What did Orwick get from Tolm?", "seven jets")], "Who will train the crews?",
         "Who will train the crews?"),
        ([turn("How many people are hungry in Orwick?", "4.4 million",
               "The drought left 4.4 million people hungry.")], "Which agency feeds them?",
         "Which agency feeds the people?"),
        ([turn("Which two towns objected?", "Orwick and Tolm")], "Who rules the first one?",
         "Who rules the first of the towns?"),
        ([turn("How many miners died?", "Nine")], "When did it happen?",
         "When was it that nine miners died?"),
        # Whose name it is, is what is asked for.
        ([turn("Who leads Orla?", "Ada Krantz")], "Who put her name to the deal with Tolm?",
         "Who put her name to the deal with Tolm?"),
        # A number belongs to the name before it.
        ([turn("Who makes the TX-9?", None)], "What does it weigh?", "What does the TX-9 weigh?"),
        # A company is nobody, and several workers are not one person.
        ([turn("Why did Tveit sell her loom?", "debts", "Tveit sold her loom to pay debts.")],
         "What became of the company?", "What became of the company?"),
        ([turn("What does Tveit make?", "looms", "Tveit makes looms for mills.")],
         "Who leads the company?", "Who leads Tveit?"),
        ([turn("Who runs Orla Mills?", "Odd Lund", "Odd Lund runs Orla Mills.")],
         "What did he tell the workers?", "What did Odd Lund tell the workers?"),
        # A role before a name is none of it; soldiers are no name.
        ([turn("Who is Ada Krantz?", "Goalkeeper Ada Krantz")], "How tall is she?",
         "How tall is Ada Krantz?"),
        ([turn("Who took the fort?", "Soldiers")], "Who is their leader?",
         "Who is the soldiers’ leader?"),
        ([turn("Who took the fort?", "Soldiers")], "When?",
         "When was it that soldiers took the fort?"),
    ],
)
def test_what_a_word_that_points_back_means(turns: list[Turn], asked: str, resolved: str) -> None:
    assert standalone(asked, turns)[0] == resolved


@pytest.mark.parametrize(
    ("turns", "asked", "resolved"),
    [
        # One more of the same; where it cannot be asked so, nothing is made up.
        ([turn("Who rowed for Orwick?", "Ada Krantz")], "Who else?", "Who else rowed for Orwick?"),
        ([turn("Where is Odd Lund being treated?", "in Orwick")], "Who else?",
         "Who else is being treated?"),
        ([turn("When did Ada Krantz row?", "in May")], "Who else?", "Who else?"),
        ([turn("Where is Odd Lund being treated?", "in Orwick"), turn("Who else?", None)],
         "And the cook?", "Where is the cook being treated?"),
        ([turn("Who was elected?", "Odd Lund")], "And Ada Krantz?", "Was Ada Krantz elected?"),
        ([turn("Who was fired?", "Odd Lund")], "And the cooks?", "Were the cooks fired?"),
        ([turn("Who was elected clerk?", "Odd Lund")], "And treasurer?",
         "Who was elected treasurer?"),
        # A fragment is not filled so that the last question comes out again.
        ([turn("What did Odd Lund tell the sailors?", None)], "And the cook?",
         "What did Odd Lund tell the cook?"),
        # "And Ada's?" repeats the noun; "her" is once more whose it was.
        ([turn("What was Odd Lund’s fine?", "90 crowns")], "And Ada Krantz's?",
         "What was Ada Krantz's fine?"),
        ([turn("What was the fine of Odd Lund?", "90 crowns")], "And Ada Krantz's?",
         "What was the fine of Ada Krantz?"),
        ([turn("Who was Ruth Amsel’s deputy?", "Robin Vale", asked="Who was her deputy?")],
         "And her aunt?", "Who was Ruth Amsel’s aunt?"),
        ([turn("Who was Ruth Amsel’s deputy?", "Ada Vale", asked="Who was her deputy?")],
         "How old is she?", "How old is Ada Vale?"),
        # What is counted is kept.
        ([turn("How many sheds will the port close in Orwick?", None)], "Why?",
         "Why will the port close sheds in Orwick?"),
        ([turn("How many sheds will the port close in Orwick?", "12")], "Why?",
         "Why will the port close 12 sheds in Orwick?"),
        ([turn("How many cooks were on the barge?", "7")], "Why?",
         "Why were 7 cooks on the barge?"),
        ([turn("How long did the port close?", "12 days")], "Why?", "Why did the port close?"),
        # A name with its noun takes the place of a name with its noun.
        ([turn("Which form do Plus members need?", "F-2")], "And Solo members?",
         "Which form do Solo members need?"),
        ([turn("How much is the Plus tariff a year?", "£9")], "And the Solo tariff?",
         "How much is the Solo tariff a year?"),
        ([turn("Who opened the old mill?", "Odd Lund")], "And the new mill?",
         "Who opened the new mill?"),
        # Whose minister it is, not what she spoke of.
        ([turn("Who is the Danish minister?", "Ada Krantz"),
          turn("What did Ada Krantz say about radar?", "it is old",
               asked="What did she say about radar?")],
         "And the Greek one?", "Who is the Greek minister?"),
        ([turn("How many of the cars are in Orwick?", "12")], "And in the United States?",
         "How many of the cars are in the United States?"),
        ([turn("How many died in Orwick this year?", "900")], "And last year?",
         "How many died in Orwick last year?"),
        ([turn("How many Danes were among the sailors?", "four")], "And how many Kenyans?",
         "How many Kenyans were among the sailors?"),
        ([turn("Who trains the crews?", "Ada Krantz")],
         "What about the soldiers? How many are still there?",
         "How many soldiers are still there?"),
        # Agreement, and the article.
        ([turn("Where was the amber polished?", "in Orwick")], "And the pearls?",
         "Where were the pearls polished?"),
        ([turn("Where do the sailors sleep?", "below")], "And the cook?",
         "Where does the cook sleep?"),
        ([turn("How long is the guarantee for the pump?", "a year")], "And for the hose?",
         "How long is the guarantee for the hose?"),
        ([turn("How long does soup last in the fridge?", "a day")], "And in Orwick?",
         "How long does soup last in Orwick?"),
        # A correction may be a sentence before the question.
        ([turn("How old is Lund?", None)], "I meant Odd Lund's fine. Why was he fined?",
         "Why was Odd Lund fined?"),
        ([turn("How old is the barge?", None)], "No, I meant the old ferry. When was it built?",
         "When was the old ferry built?"),
        ([turn("How old is Odd Lund?", None)], "No, I meant Ada Krantz.", "How old is Ada Krantz?"),
    ],
)
def test_what_a_fragment_goes_on_with(turns: list[Turn], asked: str, resolved: str) -> None:
    assert standalone(asked, turns)[0] == resolved


@pytest.mark.parametrize(
    ("question", "phrase"),
    [
        ("Which barge burnt near Orwick?", "barge that burnt near Orwick"),
        ("Which workers were fired?", "workers who were fired"),
        ("Who else?", None),
        ("Which barge did the firm buy?", None),
        ("What happened to the barge?", None),
        ("Which year was wettest?", None),
    ],
)
def test_what_was_looked_for(question: str, phrase: str | None) -> None:
    assert sought(question) == phrase


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Does the Corran 250 freezer work?", ["Corran 250", "freezer"]),
        ("Is the TX-9 router with me?", ["TX-9", "router"]),
        ("Did 30 Danish sailors come?", ["30", "Danish sailors"]),
        ("In Orwick, 30 people came.", ["Orwick", "30 people"]),
        ("What did the kidnappers demand?", ["kidnappers"]),
        ("Did Orwick join the football club?", ["Orwick", "football club"]),
        ("The state-owned mill paid $8m.", ["mill", "$8m"]),
        ("All 310,000 cooks flew F-16 jets.", ["310,000 cooks", "F-16", "jets"]),
    ],
)
def test_a_number_behind_a_name_belongs_to_it(text: str, names: list[str]) -> None:
    assert [m.text for m in mentions(text)] == names


def test_only_a_role_or_a_common_noun_loses_its_capital() -> None:
    assert untitled("Goalkeeper Ada Krantz") == "Ada Krantz"
    assert [untitled(name) for name in ("Dr Ada Krantz", "Coach Krantz", "Queen Ada II", "Baker")
            ] == ["Dr Ada Krantz", "Coach Krantz", "Queen Ada II", "Baker"]
    assert uncapitalised("Soldiers") == "soldiers"
    assert uncapitalised("The junta, led by Ann Bell") == "the junta, led by Ann Bell"
    assert [uncapitalised(a) for a in ("Rangers United", "Marius", "Baker")] == [
        "Rangers United", "Marius", "Baker"]


ARTICLE = """Odd Lund opened the mill in 1931. He sold it a year later.
The board thanked Ruth Amsel. He left early, said the clerk. Vale praised her deputy.
The clerk met Ines Holt's brother. Later she wrote that Holt hated his boat, and Holt had her way.
Arne Moe left the mill to Silje Moe. Moe sold his share.
"""


@pytest.mark.parametrize(
    ("name", "called"),
    [("Odd Lund", "he"), ("Robin Vale", "she"), ("Ruth Amsel", None), ("Ines Holt", None),
     ("Per Dahl", None), ("Silje Moe", None), ("Moe", None)],
)
def test_what_an_article_calls_somebody(name: str, called: str | None) -> None:
    assert called_in(name, ARTICLE) == called


def test_she_is_nobody_whom_an_article_calls_he() -> None:
    turns = [turn("Who ran the mill before the war?", "Ruth Amsel", "Ruth Amsel ran the mill."),
             turn("Did Odd Lund like it?", "yes", "The clerk said so.")]
    shelf = Shelf(("a.txt",), ("A title",), ("English",), {"a.txt": ARTICLE}.__getitem__)
    assert resolve("When did she leave?", turns, shelf).question == "When did Ruth Amsel leave?"
    assert resolve("When did he leave?", turns, shelf).question == "When did Odd Lund leave?"
    gone = Shelf(("b.txt",), ("B",), ("English",), {"b.txt": ARTICLE}.__getitem__)
    assert resolve("When did she leave?", turns, gone).question == "When did Odd Lund leave?"

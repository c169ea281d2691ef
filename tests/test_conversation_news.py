"""Follow-ups to questions about news: objects, countries, counts and participles."""

from __future__ import annotations

import pytest
from test_conversation_followups import turn

from rag.conversation.casing import cased_as
from rag.conversation.mentions import mentions
from rag.conversation.resolve import standalone
from rag.types import Turn

PLAN = turn("What is the peace plan?", "a proposal of six pages")
DORN = turn("Who is Carl Dorn?", "a general")
DIED = turn("How many people died?", "12")
SHUT = turn("When did Varn shut its Tolm plant?", "in March")
LEE = turn("Where was Ann Lee born?", "in Arlen")
FRANCE = turn("Who is the president of France?", "Odd Lund")
NIGER = turn("What is the population of Niger?", "26 million")
CURFEW = turn("What did President Ada Moor announce?", "a curfew",
              "President Ada Moor announced a curfew.")


@pytest.mark.parametrize(
    ("turns", "asked", "resolved"),
    [
        # Who does it is not whom it is done to.
        ([PLAN], "Did Russia reject it?", "Did Russia reject the peace plan?"),
        ([PLAN], "What did France say about it?", "What did France say about the peace plan?"),
        ([PLAN], "Did Russia refuse to sign it?", "Did Russia refuse to sign the peace plan?"),
        ([DORN], "Why did Putin dismiss him?", "Why did Putin dismiss Carl Dorn?"),
        ([DORN], "Did Biden say he would thank him?", "Did Biden say he would thank Carl Dorn?"),
        ([turn("Who seized the port?", "the rebels")], "Did France help them?",
         "Did France help the rebels?"),
        # What a subject, an owner or another clause means is in the question.
        ([PLAN], "Did Russia say it would sign?", "Did Russia say it would sign?"),
        ([PLAN], "What did Russia say after France attacked it?",
         "What did Russia say after France attacked it?"),
        ([PLAN], "Who bought Varn to close it?", "Who bought Varn to close it?"),
        ([PLAN], "Did France make it clear that Varn would leave?",
         "Did France make it clear that Varn would leave?"),
        ([DORN], "Did Ann Lee lose her job?", "Did Ann Lee lose her job?"),
        ([DORN], "Did Ann Lee's father know him?", "Did Ann Lee's father know him?"),
        ([DORN], "Did Odd Lund hurt himself?", "Did Odd Lund hurt himself?"),
        ([PLAN], "Tell me more about it", "Tell me more about the peace plan?"),
        # Another country, or another office of the same one.
        ([NIGER], "And Mali?", "What is the population of Mali?"),
        ([NIGER], "And of Mali?", "What is the population of Mali?"),
        ([NIGER], "And in Mali?", "What is the population in Mali?"),
        ([FRANCE], "What about Germany?", "Who is the president of Germany?"),
        ([FRANCE], "And the prime minister?", "Who is the prime minister of France?"),
        ([turn("Who is the new mayor of Orwick?", "Odd Lund")], "And the deputy mayor?",
         "Who is the deputy mayor of Orwick?"),
        ([turn("What is the weight of the wheel?", "9 kg")], "And the width?",
         "What is the width of the wheel?"),
        ([turn("Who paid for the roof of the chapel?", "Ida Moss")], "And the tower?",
         "Who paid for the tower?"),
        ([turn("What did the Bank of Orwick decide?", "nothing")], "And the Bank of Tolm?",
         "What did the Bank of Tolm decide?"),
        # Counted once more.
        ([DIED], "And how many women?", "How many women died?"),
        ([turn("How many Danish sailors landed in Tolm?", "40", "40 sailors landed.")],
         "And how many officers?", "How many officers landed in Tolm?"),
        ([turn("How many cars are in Tolm?", "9")], "And how many in Orwick?",
         "How many cars are in Orwick?"),
        ([turn("Did the company cut jobs?", "yes")], "How many?",
         "How many jobs did the company cut?"),
        ([turn("Did the company cut jobs?", "yes")], "How many jobs?",
         "How many jobs did the company cut?"),
        ([turn("Did the company cut jobs?", "yes")], "How many workers?",
         "Did the company cut jobs, and how many workers?"),
        ([turn("Did France send troops to Mali?", "yes")], "How many?",
         "How many troops did France send to Mali?"),
        ([turn("Were people killed?", "yes")], "How many?", "How many people were killed?"),
        # Another participle or verb, as English has it.
        ([DIED], "And injured?", "How many people were injured?"),
        ([DIED], "What about the injured?", "How many people were injured?"),
        ([DIED], "And how many were injured?", "How many people were injured?"),
        ([turn("How many soldiers of Niger were killed in May?", "9")], "And died?",
         "How many soldiers of Niger died in May?"),
        ([turn("Where were the dead taken?", "Arlen")], "And the injured?",
         "Where were the injured taken?"),
        ([turn("When did the mill open?", "1990")], "And closed?",
         "When was it that the mill closed?"),
        ([turn("When did the mill open?", "1990")], "And close?", "When did the mill close?"),
        ([LEE], "And died?", "Where was it that Ann Lee died?"),
        ([turn("Where was the attack?", "in Tolm")], "And injured?",
         "Where was the attack, and injured?"),
        # Names that end like participles.
        ([LEE], "And Ahmed?", "Where was Ahmed born?"),
        ([LEE], "And Mohammed Saeed?", "Where was Mohammed Saeed born?"),
        ([LEE], "What about Mr Reed?", "Where was Mr Reed born?"),
        ([turn("Who beat Tolm City?", "Lund")], "And Manchester United?",
         "Who beat Manchester United?"),
        # The answer in the place of the one who was looked for.
        ([turn("Who was arrested?", "Carl Dorn")], "What for?", "What was Carl Dorn arrested for?"),
        ([turn("Who was arrested?", "two men")], "Why?", "Why were two men arrested?"),
        ([turn("What was built in 1990?", "the mill")], "Why?", "Why was the mill built in 1990?"),
        # An event is no place, what is signed no country, what is announced no announcing.
        ([turn("Which town did the earthquake hit?", "Orwick")], "How strong was it?",
         "How strong was the earthquake?"),
        ([turn("Where did the fire start?", "in the kitchen")], "What caused it?",
         "What caused the fire?"),
        ([turn("Where was the attack?", "Orwick", "The attack was in Orwick.")], "Who claimed it?",
         "Who claimed the attack?"),
        ([turn("Which countries signed the treaty?", "Norway and Chile")], "When did they sign it?",
         "When did the countries sign the treaty?"),
        ([turn("Which law was passed?", "the Fishing Act")], "Did President Moor sign it?",
         "Did President Moor sign the Fishing Act?"),
        ([turn("Which law was passed?", "the Fishing Act")], "When does it take effect?",
         "When does the Fishing Act take effect?"),
        ([turn("How much aid did Japan give to Kenya?", "$5m")], "What is it for?",
         "What is the aid for?"),
        ([CURFEW], "When did she announce it?", "When did President Ada Moor announce the curfew?"),
        ([turn("When does the curfew start?", "at 9pm")], "Who ordered it?",
         "Who ordered the curfew?"),
        ([turn("When does the curfew start?", "at 9pm")], "And end?", "When does the curfew end?"),
        ([turn("What is the aim of the jamming system?", "to hide", "The aim is to hide."),
          turn("Who says so?", "Tele Tolm", "The aim is to hide, Tele Tolm said.")],
         "Does Dorn support it?", "Does Dorn support the jamming system?"),
        ([turn("Was the suspect arrested?", "yes")], "How old is he?", "How old is the suspect?"),
        ([SHUT], "And the Orwick plant?", "When did Varn shut its Orwick plant?"),
        ([SHUT], "What did the union say?", "What did the union say?"),
    ],
)
def test_what_a_follow_up_to_news_asks(turns: list[Turn], asked: str, resolved: str) -> None:
    assert standalone(asked, turns)[0] == resolved


@pytest.mark.parametrize(("text", "names"), [
    ("Mohamed Bazoum left.", ["Mohamed Bazoum"]), ("Ahmed", ["Ahmed"]),
    ("Armed men left.", ["men"]), ("Tell me about Ann Lee", ["Ann Lee"]), ("Cook left.", ["Cook"]),
])
def test_a_first_word_is_a_name_where_it_is_no_verb(text: str, names: list[str]) -> None:
    assert [m.text for m in mentions(text)] == names


def test_a_name_in_small_letters_may_end_like_a_verb() -> None:
    texts = ["President Mohamed Bazoum was ousted. He was killed."]
    assert cased_as("who is mohamed bazoum", texts) == "who is Mohamed Bazoum"

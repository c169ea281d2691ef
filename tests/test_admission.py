"""What a span's form or its sentence rules out, and what stays an answer."""

from __future__ import annotations

import pytest

from rag.evidence.admission import admitted
from rag.language.sentences import split
from rag.questions.intent import analyse
from rag.types import Candidate, Hit, Passage


def span(text: str, words: str) -> Candidate:
    hit = Hit(Passage("a.txt", 0, 0, len(text), text, tuple(split(text))), "Harbour news", 1, 0.1)
    at = text.index(words)
    return Candidate(hit, at, at + len(words), words, 1.0, 1.0)


@pytest.mark.parametrize(("question", "text", "words"), [
    # The day of a date, or a number that is part of a name, counts nothing.
    ("How many goals did Moor score?", "Tolm, May 25 - Winger Rolf Moor scored twice.", "25"),
    ("How many shelves has the freezer?", "The Frost 320 Freezer has two shelves.", "320"),
    ("latest death toll tarn", "Published 9 September 2024. Fire kills 3.", "9 September 2024"),
    ("What phone number do I call?", "The recall cost about $14 million.", "about $14 million"),
    # An hour is no day, and a day no hour.
    ("What day was she dismissed?", "She was dismissed on 3 May at 11 am.", "11 am"),
    ("At what time was she dismissed?", "She was dismissed on 3 May at 11 am.", "3 May"),
    ("At what time did the train derail?", "The train, at 35 kilometres an hour, derailed.",
     "35 kilometres an hour"),
    # The one who was, what will be, and the opposite one.
    ("Who is the mayor of Tolm?", "Rolf Moor, the former mayor of Tolm, sang.", "Rolf Moor"),
    ("Who is the president?", "The army ousted elected President Ida Brandt.", "Ida Brandt"),
    ("Where was the final played?", "The next final will be played in Lund.", "Lund"),
    ("Who mends the south gate?", "Ida Brandt mends the north gate.", "Ida Brandt"),
    ("Who left the union?", "Carn and Brae threatened to leave the union.", "Carn and Brae"),
    ("When did Moor resign?", "Moor rejected calls for her resignation until May.", "May"),
    ("When did Tolm close the pool?", "Plans for the closure of the pool came in May.", "May"),
    ("What was Moor found guilty of?", "The jury acquitted Moor of theft.", "theft"),
    ("Who was cleared of theft?", "The court jailed Rolf Moor for theft.", "Rolf Moor"),
    # An age, and the time that something is the first in, are no time that it took.
    ("For how long may it not sail?", "Ferries more than 35 years old will go.", "35 years"),
    ("How long was the ship at sea?", "It is the largest cargo in four decades.", "four decades"),
    # What came of it is not why, and the second is not the first.
    ("Why did the union strike?", "The union struck, deepening a crisis.", "deepening a crisis"),
    ("When does the first of the second-hand ships come?",
     "The first ship comes in May and the second in June.", "June"),
    ("When is the presidential election?", "The parliamentary election is on 3 May.", "3 May"),
    # Who did it, not to whom it was done; and the age of the one who is asked about.
    ("Who ousted General Moor?", "The junta, led by Moor, ousted Ida Brandt.", "Ida Brandt"),
    ("How old is Rolf Moor?", "A striker, a 29-year-old man, was hurt.", "29"),
    # Another country's, another group's, said by another, or the other way round.
    ("How many jets does Norway have?", "Sweden will base four jets at Tolm.", "four"),
    ("How many Norwegian soldiers came?", "Some 1,400 came, with 300 from Sweden.", "1,400"),
    ("How many people are ill in Norway?", "About 900 people in Sweden are ill.", "900"),
    ("How many boats will Norway send to Sweden?",
     "Sweden will send 12 boats north, while Norway will train 9 men.", "12"),
    ("Who leads the rebel delegation?", "The army's delegation is led by Rolf Moor.", "Rolf Moor"),
    ("Who is the leader of the Green Coast Party?", "PUP leader Ida Brandt sang.", "Ida Brandt"),
    ("What did Ida Brandt say about the ice?", "Moor said the ice was thin.", "the ice was thin"),
    ("Who is Rolf Moor?", "Two men, Carl Dorn and Rolf Moor, were hurt.", "Carl Dorn"),
    ("Whom does Rolf Moor lead?", "The union, led by Rolf Moor, sued Ida Brandt.", "Ida Brandt"),
    # What it was before, an age, minutes, a share of something else, the opposite.
    ("How much does the bridge cost?",
     "The cost, 3 million when it was planned, has risen to 6 million.", "3 million"),
    ("How many seats are taken?", "The seats rose from 300 to 500.", "300"),
    ("How many years did Moor get?", "Moor, 38, was convicted on Friday.", "38"),
    ("How many people took part?", "People over 60 who nap do better.", "over 60"),
    ("How many ferries are there?", "It takes 12 minutes by car and nine by train.", "nine"),
    ("How many of them were paid?", "They got back about 22 cents on the dollar.", "22 cents"),
    ("How much weight did they gain?", "They had a 27% higher risk and gained weight.", "27%"),
    ("How many camps are open?", "The mission closed 27 camps.", "27"),
    # A time of something else, a side of a vote, until when, and neither of two.
    ("When did the mandate end?", "The council voted on April 26 to end the mandate.", "April 26"),
    ("How much did bread rise in 2019?", "Bread rose 14 percent last year.", "14 percent"),
    ("Who voted against it?", "There were 13 votes in favour, with Ghana abstaining.", "Ghana"),
    ("Why was it paused?", "It was paused until the end of the trial.", "the end of the trial"),
    ("Are naps better for men or women?", "The effect was strong.", "The effect was strong"),
    # Averted, not proved, demanded, accused, what may be, another officer, somebody else.
    ("When was there a famine?", "A famine was narrowly averted in 2022.", "2022"),
    ("How much did Moor take?", "They had not proved that Moor took $4.5m.", "$4.5m"),
    ("How much ransom did Tolm pay?", "The group demanded a ransom of $4m.", "$4m"),
    ("How many mayors were convicted?", "Four other mayors were investigated.", "Four"),
    ("When was the famine declared?", "Famine could be declared by December.", "December"),
    ("When will the law be in force?", "Norway passed a law in 2024.", "2024"),
    ("Who is the chief executive of Tolm?",
     "Tolm's chief information officer, Ida Brandt, sang.", "Ida Brandt"),
    ("How long was Ida Brandt jailed for?",
     "The driver, Rolf Moor, was jailed for eight years.", "eight years"),
    ("When was the Petrel built?",
     "The Marlin had left Tolm at noon. The vessel was built in 1987.", "1987"),
    # Another sum, another line, another trade.
    ("Who gets a reward of $480,000?", "Rolf Moor gets a reward of $15,000.", "Rolf Moor"),
    ("When will Line 2 reach the port?",
     "Line 4 opened in May. The port will be reached in 2031.", "2031"),
    ("How many doctors are on strike?", "Some 1,800 nurses are on strike.", "1,800"),
    ("Who is Carl Dorn?", "So said deputy mayor Ida Brandt and external member Carl Dorn.",
     "deputy mayor Ida Brandt and external member"),
    # One of two figures, and no more than its own.
    ("How many people does it feed?", "It cut the number of people from 900 to 350.",
     "900 to 350"),
    ("How much did Norway give?", "Norway gave $20m and Sweden $15m.", "$20m and Sweden $15m"),
    # Nobody by name, a place for a plane, what was done for what will be.
    ("Who said the ice was thin?", "He said the ice was thin.", "He"),
    ("What is the name of the plane that landed?", "It landed at Tolm airport.", "Tolm airport"),
    ("What will the trainers do?", "They deployed guns to Tolm.", "deployed guns to Tolm"),
    # Who wrote the article, and the day on which a report was written.
    ("Who signed the deal?", "By Ida Brandt\n\nMoor signed it.", "Ida Brandt"),
    ("When was the Petrel built?", "LUND, Sweden, 2 October 2023 (Coast News) - The Petrel sank.",
     "2 October 2023"),
    ("When was the Petrel built?", "By Ann Moor on Skarn, 3 May 2023\nThe Petrel sank.",
     "3 May 2023"),
    # Only what is offered, and only a difference.
    ("Who got more votes, Brandt or Moor?", "Carl Dorn got more votes.", "Carl Dorn"),
    ("How many more seats has Tolm than Lund?", "Tolm has 74 seats.", "74"),
    # The title alone, and what the question says itself.
    ("What do I need?", "Harbour news\n\nYou need a rope.", "Harbour news"),
    ("Who thanked Rolf Moor?", "Rolf Moor was thanked by the crew.", "Rolf Moor"),
])
def test_what_cannot_answer_is_not_weighed(question: str, text: str, words: str) -> None:
    assert not admitted(analyse(question), span(text, words))


@pytest.mark.parametrize(("question", "text", "words"), [
    ("How many people came?", "In Malmö 25 people came.", "25"),
    ("By how much did yam prices drop?", "Prices of yams have fallen by more than half.",
     "by more than half"),
    ("By how much did the share go up?", "The share rose 6 percent in Lund.", "6 percent"),
    ("Who was found not guilty of theft?", "Rolf Moor was acquitted of theft.", "Rolf Moor"),
    ("How many workers came in May?", "In May 25 workers came.", "25"),
    ("What was the turnout?", "In 2023 turnout was 61 per cent.", "61 per cent"),
    ("How many came?", "Some 50 Junkers came.", "50"),
    # A number that the question has, too, as part of a name.
    ("How many litres does the Frost 320 hold?", "It holds 320 litres and is quiet.", "320"),
    ("What time did it end?", "It ended shortly before ten.", "shortly before ten"),
    ("Who is the mayor of Tolm?", "The mayor, Ida Brandt, beat the former mayor.", "Ida Brandt"),
    ("Who was the mayor?", "Rolf Moor, the former mayor of Tolm, sang.", "Rolf Moor"),
    ("When was it published?", "LUND, Sweden, 2 October 2023 (Coast News) - The Petrel sank.",
     "2 October 2023"),
    ("What was Moor found guilty of?", "He was convicted of fraud and cleared of theft.", "fraud"),
    ("When will the final be played?", "The next final will be played on 3 May.", "3 May"),
    ("Who mends the south gate?", "Ida Brandt mends the gate in the south.", "Ida Brandt"),
    ("Which towns left the union?", "Carn failed to stay: Carn and Brae left the union.", "Brae"),
    ("When did Moor resign?", "After calls for her resignation Moor resigned in May.", "in May"),
    ("Who made the demand?", "Ida Brandt repeated the demand for a payment.", "Ida Brandt"),
    ("When did Moor resign?", "The resignation of Moor came in May.", "in May"),
    ("Who was about to leave?", "Carn and Brae threatened to leave the union.", "Carn and Brae"),
    ("How long since the last test?", "It was the first test in ten weeks.", "ten weeks"),
    ("Who ousted Ida Brandt?", "The junta, led by Moor, ousted Ida Brandt.", "The junta"),
    ("Who ousted General Moor?", "Moor, ousted by Ida Brandt, fled.", "Ida Brandt"),
    ("How old is Rolf Moor?", "He is 29 years old.", "29"),
    ("How old is the ferry?", "Ferries like her, 35 years old, will go.", "35 years"),
    ("How long had Tolm waited?", "It was the first visit in four decades.", "four decades"),
    ("Who was cleared of theft?", "The court freed Rolf Moor, once jailed.", "Rolf Moor"),
    ("Why did the union strike?", "Fearing a cut, the union struck.", "Fearing a cut"),
    ("How long after the first does the other come?",
     "The first comes in May and the second in two weeks.", "two weeks"),
    ("Who gets a reward of $15,000?", "Rolf Moor gets a reward of $15,000.", "Rolf Moor"),
    ("When will Line 2 reach the port?",
     "Line 2 opened in May. The port will be reached in 2031.", "2031"),
    ("How many doctors are on strike?", "Some 1,800 medics are on strike.", "1,800"),
    ("How much did Moor take?", "It was proved that Moor took $4.5m.", "$4.5m"),
    ("How many mayors were convicted?", "Of 31 charged, four were convicted.", "four"),
    ("When will the law be in force?", "The law, passed in May, starts in June.", "June"),
    ("How long was Ida Brandt jailed for?",
     "Brandt, like Rolf Moor, was jailed for eight years.", "eight years"),
    ("When was the Marlin built?",
     "The Marlin had left Tolm at noon. The vessel was built in 1987.", "1987"),
    ("How many people does it feed?", "It cut the number of people from 900 to 350.", "350"),
    ("How many jets does Norway have?", "Norwegian pilots fly four jets.", "four"),
    ("How many boats will Norway send to Sweden?",
     "Sweden will send 12 boats, while Norway will send 9 to Sweden.", "9"),
    ("Whom does Rolf Moor lead?", "The union, led by Rolf Moor, sued Ida Brandt.", "The union"),
    ("Who leads the rebel delegation?", "The rebels' delegation is led by Moor.", "Moor"),
    ("Who is the leader of the Green Coast Party?", "GCP leader Ida Brandt sang.", "Ida Brandt"),
    ("What did Ida Brandt say about the ice?", "She said the ice was thin.", "the ice was thin"),
    ("Who is Rolf Moor?", "Rolf Moor, the chief of Tolm Bank, sang.", "the chief of Tolm Bank"),
    ("How much did the bridge cost at first?",
     "The cost, 3 million when it was planned, has risen to 6 million.", "3 million"),
    ("How old is Moor?", "Moor, 38, was convicted on Friday.", "38"),
    ("How many camps were closed?", "The mission closed 27 camps.", "27"),
    ("When did the council vote to end the mandate?",
     "The council voted on April 26 to end the mandate.", "April 26"),
    ("Who voted against it?", "Ghana voted against it, with two abstentions.", "Ghana"),
    ("Why did he stop?", "He fished until his knees gave out.", "his knees gave out"),
    ("Are naps better for men or women?", "The effect was stronger in women.", "women"),
    ("Who wrote the report?", "By Ida Brandt\n\nMoor signed it.", "Ida Brandt"),
    ("Who got more votes, Brandt or Moor?", "Ida Brandt got 31 votes, Moor six.", "Ida Brandt"),
    ("How many more seats has Tolm?", "Tolm has four seats more than Lund.", "four"),
])
def test_what_may_answer_is_weighed(question: str, text: str, words: str) -> None:
    assert admitted(analyse(question), span(text, words))

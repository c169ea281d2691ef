"""Offices of which one excludes the other, in a passage that never mentions the one asked for."""

import pytest

from rag.evidence.offices import of_another_office
from rag.questions.intent import analyse

KING, MAYOR = "Who is the king of Niger?", "Who is the mayor of Niamey?"
PRESIDENT, CAPTAIN = "Who was the president of Niger?", "Who is the captain of the team?"


@pytest.mark.parametrize(("question", "passage", "answer"), [
    (KING, "Soldiers overthrew President Mohamed Bazoum on Wednesday.", "Mohamed Bazoum"),
    ("Who is Niger's king?", "Soldiers overthrew president Bazoum.", "Bazoum"),
    ("who is currently the king of Niger", "President Mohamed Bazoum spoke.", "Mohamed Bazoum"),
    ("What is the name of the king?", "President Ann Bell spoke.", "President Ann Bell"),
    (MAYOR, "Ali Zeine, the new prime minister, said so.", "Ali Zeine"),
    (PRESIDENT, "Premier Ali Zeine said so.", "Ali Zeine"),
    (CAPTAIN, "Ann Bell, the team's coach, said so.", "Ann Bell"),
])
def test_somebody_called_by_another_office_is_not_the_one_asked_for(question, passage, answer):
    start = passage.index(answer)
    assert of_another_office(analyse(question), passage, start, start + len(answer))


@pytest.mark.parametrize(("question", "passage", "answer"), [
    # The office asked for, in whatever words.
    (PRESIDENT, "Soldiers overthrew President Mohamed Bazoum.", "Mohamed Bazoum"),
    (PRESIDENT, "Governor Ann Bell won the presidential election.", "Ann Bell"),
    (KING, "President Ann Bell took the crown.", "Ann Bell"),
    ("Who is the premier?", "Ali Zeine, the new prime minister, said so.", "Ali Zeine"),
    ("Who is the manager?", "The team's coach Ann Bell said so.", "Ann Bell"),
    # An office that is no rival, or no office.
    (PRESIDENT, "Captain Ibrahim Traore leads the junta.", "Ibrahim Traore"),
    (CAPTAIN, "In the Premier League Ann Bell led the side.", "Ann Bell"),
    (MAYOR, "At 5 pm Ann Bell spoke in the town hall.", "Ann Bell"),
    ("Who is the leader of Niger?", "President Mohamed Bazoum spoke.", "Mohamed Bazoum"),
    # Held before, or by somebody else.
    (MAYOR, "Former governor Ann Bell runs the town hall.", "Ann Bell"),
    (MAYOR, "The town hall's chief Ann Bell, Governor Carl Dorn and others came.", "Ann Bell"),
    (MAYOR, "Ann Bell, who met the president on Friday, runs the town hall.", "Ann Bell"),
    (MAYOR, "Ann Bell, the president's deputy, runs the town hall.", "Ann Bell"),
    (MAYOR, "Governor Ann Bell's husband, Carl Bell, runs the town hall.", "Carl Bell"),
    (MAYOR, "Protests greet president\n\nAnn Bell runs the town hall.", "Ann Bell"),
    (CAPTAIN, "It went to Ann Bell, said coach Carl Dorn.", "Ann Bell"),
    # Another question.
    ("Who is the king's deputy?", "President Mohamed Bazoum spoke.", "Mohamed Bazoum"),
    ("What did the king of Niger do?", "President Mohamed Bazoum spoke.", "Mohamed Bazoum"),
])
def test_whoever_may_hold_it_is_not_doubted(question, passage, answer):
    start = passage.index(answer)
    assert not of_another_office(analyse(question), passage, start, start + len(answer))

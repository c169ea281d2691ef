"""Offices of which one excludes the other, in a passage that never mentions the one asked for."""

import pytest

from rag.evidence.offices import of_another_office
from rag.questions.intent import analyse

PASSAGE = ("Soldiers overthrew President Mohamed Bazoum on Wednesday. Ali Zeine, the new prime "
           "minister, praised the coach, Ann Bell, and Mayor Odu's deputy Carl Dorn.")


@pytest.mark.parametrize(("question", "answer", "another"), [
    ("Who is the king of Niger?", "Mohamed Bazoum", True),
    ("Who is Niger's king?", "Mohamed Bazoum", True),
    ("who was the vice-president of Niger", "Mohamed Bazoum", True),
    ("Who is the captain of the team?", "Ann Bell", True),
    ("Who is the new pope?", "Ali Zeine", True),
    ("Who was the president of Niger?", "Mohamed Bazoum", False),
    ("Who is the premier?", "Ali Zeine", False),
    ("Who is the manager of the team?", "Ann Bell", False),  # a coach by another name
    ("Who is the king of Niger?", "Carl Dorn", False),  # no office of his own is told
    ("Who is the mayor's deputy?", "Mohamed Bazoum", False),  # the mayor is not asked for
    ("Who is the leader of Niger?", "Mohamed Bazoum", False),  # a president may lead
    ("What did the king of Niger do?", "Mohamed Bazoum", False),
])
def test_somebody_called_by_another_office_is_not_the_one_asked_for(question, answer, another):
    start = PASSAGE.index(answer)
    assert of_another_office(analyse(question), PASSAGE, start, start + len(answer)) is another


def test_a_passage_that_has_the_office_is_not_doubted():
    passage = "President Ann Bell met the king. Bell wore the crown."
    start = passage.index("Ann Bell")
    assert not of_another_office(analyse("Who is the king of Varde?"), passage, start, start + 8)

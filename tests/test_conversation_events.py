"""What "it", "they", "there" and "then" mean where it is no thing, and names in small letters."""

from __future__ import annotations

import pytest
from test_conversation_followups import turn

from rag.conversation import Shelf, resolve
from rag.conversation.casing import names
from rag.conversation.resolve import standalone
from rag.types import Turn

LEFT = turn("How many sailors landed in Orwick?", "30")


@pytest.mark.parametrize(
    ("turns", "asked", "resolved"),
    [
        # "It" is what happened; where nothing was found, what the question took for granted.
        ([LEFT], "And who reported it?", "Who reported that 30 sailors landed in Orwick?"),
        ([turn("When did the old pier collapse?", None)], "Who confirmed it?",
         "Who confirmed that the old pier did collapse?"),
        ([turn("Where did the sailors arrive?", "Orwick")], "Who reported it?",
         "Who reported that the sailors did arrive in Orwick?"),
        ([turn("Who bought the mill?", "Odd Lund")], "When was it announced?",
         "When was it announced that Odd Lund bought the mill?"),
        ([turn("Where was the mutiny?", "in Orwick")], "Who did it?", "Who did the mutiny?"),
        # "Why did it ...?" is asked of what was said to do so.
        ([turn("When did the pier collapse?", "in May"),
          turn("How many people fell in the water?", "9")],
         "Why did it collapse?", "Why did the pier collapse?"),
        # Who was called "she" is no "it"; one eel is no "they", and two persons are.
        ([turn("Who found the eel?", "the biologist Ada Krantz")], "What did they call it?",
         "What did Ada Krantz call the eel?"),
        ([turn("What did the cook offer Krantz?", None)], "When did they meet?",
         "When did the cook and Krantz meet?"),
        ([turn("What do the oystermen of Orwick call the eel?", "the lamp")],
         "Why did they catch it?", "Why did the oystermen of Orwick catch the lamp?"),
        # A site is "there" before a firm, with the name that it has.
        ([turn("Why is Varn closing the Orwick plant?", None)], "How many people work there?",
         "How many people work in the Orwick plant?"),
        ([turn("How many people work in the Orwick plant?", "12")], "And the other one?",
         "How many people work in the other plant?"),
        ([turn("When is the strike?", "in May")], "Was there one before?",
         "Was there a strike before?"),
        ([turn("When is the report due?", "October")], "Who works until then?",
         "Who works until October?"),
        # Fragments: another participle, another thing of the same owner, and why not.
        ([turn("When was the pier built?", "1974")], "and repaired?",
         "When was the pier repaired?"),
        ([turn("What was Varn's revenue in 2025?", None)], "and the profit?",
         "What was Varn's profit in 2025?"),
        ([turn("Did Odd Lund accept?", None)], "why not?", "Why did Odd Lund not accept?"),
        ([turn("Why was the pier open then?", None)], "And in 2023?",
         "Why was the pier open in 2023?"),
        # A subject in front of its question, and what stands alone.
        ([LEFT], "And the oven in Tarn, how old is it?", "How old is the oven in Tarn?"),
        ([LEFT], "who's Ada Krantz?", "who's Ada Krantz?"),
        ([turn("When was the loom bought?", "2022")], "What did it cost?",
         "What did the loom cost?"),
    ],
)
def test_what_is_meant(turns: list[Turn], asked: str, resolved: str) -> None:
    assert standalone(asked, turns)[0] == resolved


def test_a_name_in_small_letters_is_the_name_of_the_quote() -> None:
    turns = [turn("who is odd lund?", "a baker", "He was helped by Odd Lund, a baker.")]
    assert standalone("What did he hear?", turns)[0] == "What did Odd Lund hear?"
    assert names(["The canal is old. He met the Dean of Tarn."]) == {"tarn": "Tarn"}


def test_the_other_one_of_two_things_is_no_article() -> None:
    shelf = Shelf(("a.txt", "b.txt"), ("A", "B"), ("English",))
    plant = turn("How many people work in the Orwick plant?", "12", "12 people work there.")
    assert resolve("And the other one?", [plant], shelf).articles == ()
    assert resolve("And the other article?", [plant], shelf).articles == ("b.txt",)

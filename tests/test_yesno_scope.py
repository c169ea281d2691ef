"""Yes/no questions whose words all stand in a sentence that says them of something else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag import reader
from rag.language.sentences import split
from rag.questions.intent import analyse
from rag.settings import Settings
from rag.types import Hit, Passage
from rag.yesno.verdict import decide

Says = Callable[[str, str], str | None]


def check(says: Says, text: str, question: str, wanted: str | None) -> None:
    assert says(text, question) == wanted


CAMP = "Can I bring a tent to the camp?\n\nNo. Cabins are provided for all guests.\n"
STALL = "Is the cider sweet?\n\nYes, but only the red one.\n"


@pytest.mark.parametrize(("text", "question", "wanted"), [
    (CAMP, "Can I bring a tent to the camp?", "no"),
    (CAMP, "Must I bring a tent to the camp?", None),
    (CAMP, "Are cabins provided for all guests?", "yes"),
    (STALL, "Is the cider sweet?", None),
    ('"Is the ladder strong?" asked the painter.', "Is the ladder strong?", None),
    # What somebody faces, what was no reason, somebody's team, "she", a verdict.
    ("Ada Moor faces up to 20 years in prison.", "Is Ada Moor in prison?", None),
    ("They did not buy him because Ada Moor was injured.", "Is Ada Moor injured?", None),
    ("Ada Moor complained. Her team have lost five matches.", "Did Ada Moor win?", None),
    ("Ada Moor, a diver, died in May. She refused a medal of the king's in 1996.",
     "Did Ada Moor refuse a medal?", "yes"),
    ("Ada Moor was convicted of theft. She was acquitted of arson.",
     "Was Ada Moor found guilty of arson?", "no"),
    ("Will the mill reopen at Sorrel? Nobody would say.", "Will the mill reopen at Sorrel?", None),
])
def test_a_question_in_the_text_says_nothing_itself(
    says: Says, text: str, question: str, wanted: str | None
) -> None:
    check(says, text, question, wanted)


def test_a_reply_is_quoted_with_its_question() -> None:
    passage = Passage("a.txt", 0, 0, len(CAMP), CAMP, tuple(split(CAMP)))
    asked = analyse("Can I bring a tent to the camp?")
    best = decide(asked, [Hit(passage, "Camp", 1, 1.0)], reader.load(Settings()))[0]
    assert best.quote.text.startswith("Can I bring a tent")
    assert best.quote.text.rstrip().endswith("for all guests.")


RENT = "The rent for the boat is forty crowns, and ninety crowns for the trailer."
DEPOSIT = "The normal deposit is 20 crowns for Silver and Bronze, and 50 crowns for Gold."
SOUP = "The soup keeps for two days in the pantry and for five days in the cellar."
LAB = "The bones were dated in Marle, while the coins were cleaned at the Orrin institute."
VOTES = "Ida Wren was chosen president with 40 votes; her challenger Max Toll received nine votes."
DESKS = "Maps are sold on the upper deck, while tickets are sold on the lower deck."
MILL = "The firm sold its mill in 1987 and bought a quarry in 1992."
LESSONS = "Tuesday lessons begin at 4 p.m. and Thursday lessons at 5 p.m."


@pytest.mark.parametrize(("text", "question", "wanted"), [
    (RENT, "Is the rent for the boat ninety crowns?", None),
    (RENT, "Is the rent for the boat forty crowns?", "yes"),
    (RENT, "Is the rent for the trailer ninety crowns?", "yes"),
    (DEPOSIT, "Is the normal deposit for Gold 20 crowns?", None),
    (DEPOSIT, "Is the normal deposit for Silver 50 crowns?", None),
    (DEPOSIT, "Is the normal deposit for Gold 50 crowns?", "yes"),
    (DEPOSIT, "Is the normal deposit for Bronze 20 crowns?", "yes"),
    (SOUP, "Does the soup keep for five days in the pantry?", None),
    (SOUP, "Does the soup keep for five days in the cellar?", "yes"),
    (LAB, "Were the bones dated at the Orrin institute?", None),
    (LAB, "Were the coins cleaned in Marle?", None),
    (LAB, "Were the coins cleaned at the Orrin institute?", "yes"),
    (VOTES, "Did Max Toll receive 40 votes?", None),
    (VOTES, "Did Max Toll receive nine votes?", "yes"),
    (VOTES, "Was Ida Wren chosen president with 40 votes?", "yes"),
    (DESKS, "Are tickets sold on the upper deck?", None),
    (DESKS, "Are tickets sold on the lower deck?", "yes"),
    (MILL, "Did the firm buy a quarry in 1987?", None),
    (MILL, "Did the firm sell its mill in 1992?", None),
    (MILL, "Did the firm buy a quarry in 1992?", "yes"),
    (LESSONS, "Do Tuesday lessons begin at 5 p.m.?", None),
    (LESSONS, "Do Thursday lessons begin at 5 p.m.?", "yes"),
    # No parallel parts: what stands at the end is said of both.
    ("Two nurses and three drivers were injured.", "Were two nurses injured?", "yes"),
    ("The choir won the prize in 1996 and 2004.", "Did the choir win the prize in 2004?", "yes"),
    ("The heron nests in reeds, and it feeds at dusk.", "Does the heron feed at dusk?", "yes"),
    # What excludes the question's word is said in another part.
    ("Mills and stores stayed shut, but pubs opened at six.", "Were the stores closed?", "yes"),
])
def test_the_parts_of_a_sentence_are_not_mixed(
    says: Says, text: str, question: str, wanted: str | None
) -> None:
    check(says, text, question, wanted)


POOL = "The pool is open every day except Friday."
ROOF = "The barn was roofed with slate instead of straw."
BRIDGE = "The lorries crossed the dam, but the bus did not."


@pytest.mark.parametrize(("text", "question", "wanted"), [
    (POOL, "Is the pool open on Fridays?", "no"),
    (POOL, "Is the pool open every day?", "no"),
    ("All rooms except the cellar were painted.", "Was the cellar painted?", "no"),
    ("All rooms except the cellar were painted.", "Were the rooms painted?", "yes"),
    (ROOF, "Was the barn roofed with straw?", "no"),
    (ROOF, "Was the barn roofed with slate?", "yes"),
    (ROOF, "Was the barn roofed with slate instead of straw?", "yes"),
    ("Apart from the drummer, the band arrived on time.", "Did the drummer arrive on time?", None),
    ("Unlike Brandt, Keller opposes the dam.", "Does Brandt oppose the dam?", None),
    ("Unlike Brandt, Keller opposes the dam.", "Does Keller oppose the dam?", "yes"),
    ("The final was played in Marle, not in Sorrel.", "Was the final played in Sorrel?", "no"),
    ("No pets except guide dogs are allowed.", "Are guide dogs allowed?", None),
    (BRIDGE, "Did the bus cross the dam?", "no"),
    (BRIDGE, "Did the lorries cross the dam?", "yes"),
    ("The ZX-4 does not need oil, but the ZX-9 does.", "Does the ZX-9 need oil?", "yes"),
    ("The ZX-4 does not need oil, but the ZX-9 does.", "Does the ZX-4 need oil?", "no"),
    ("The ZX-4 needs oil, but the ZX-9 does not.", "Does the ZX-9 need oil?", "no"),
    ("The ZX-4 needs oil, but the ZX-9 does not.", "Does the ZX-4 need oil?", "yes"),
])
def test_what_is_excluded_is_not_included(
    says: Says, text: str, question: str, wanted: str | None
) -> None:
    check(says, text, question, wanted)


@pytest.mark.parametrize(("text", "question", "wanted"), [
    ("The policy includes the engine. The policy does not include the tyres.",
     "Does the policy include the engine?", "yes"),
    ("It has an engine of steel. The policy does not include the tyres.",
     "Does the policy include the engine?", None),
    ("The policy does not include the tyres.", "Does the policy include the tyres?", "no"),
    ("Nora Quill, a niece of Otto Quill, runs the inn.",
     "Is Nora Quill the sister of Otto Quill?", None),
    ("Nora Quill, the niece of Otto Quill, runs the inn.",
     "Is Nora Quill the niece of Otto Quill?", "yes"),
    ("Pupils under twelve ride free.", "Do pupils ride free?", None),
    ("Pupils under twelve pay half; small pupils ride free.", "Do small pupils ride free?", "yes"),
    ("Pupils ride free.", "Do pupils ride free?", "yes"),
])
def test_the_thing_that_is_asked_about_is_in_the_sentence(
    says: Says, text: str, question: str, wanted: str | None
) -> None:
    check(says, text, question, wanted)

"""Yes/no questions about what a sentence does not state as a fact, and about who did it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.yesno.subjects import subject


@pytest.mark.parametrize(("text", "question", "wanted"), [
    ("The cook was accused of hiding the letters.", "Did the cook hide the letters?", None),
    ("The cook was accused of hiding the letters.",
     "Was the cook accused of hiding the letters?", "yes"),
    ("The clerk was charged with forging a will.", "Did the clerk forge a will?", None),
    ("The guild called for the resignation of Judge Prow.", "Did Judge Prow resign?", None),
    ("The crews called for a strike.", "Will the crews strike?", None),
    ("The crews called for a strike.", "Did the crews call for a strike?", "yes"),
    ("The swimmer almost fainted.", "Did the swimmer faint?", None),
    ("Nearly 40 swimmers fainted.", "Did the swimmers faint?", "yes"),
    ("Vera Lunt was offered the job of curator, but turned it down.",
     "Is Vera Lunt the curator?", None),
    ("The paper does not say whether the beetles hunt at night.",
     "Do the beetles hunt at night?", None),
    ("The union asked the mine to raise wages to 900 crowns.",
     "Will wages be raised to 900 crowns?", None),
    ("The mine will raise wages to 900 crowns.", "Will the mine raise wages to 900 crowns?", "yes"),
    # What was planned and did not take place.
    ("The fair was to begin in June but was postponed.", "Did the fair begin in June?", "no"),
    ("The fair, which was cancelled last year, began in June.",
     "Did the fair begin in June?", None),
    ("The climbers failed to reach the hut.", "Did the climbers reach the hut?", "no"),
    ("The climbers managed to reach the hut.", "Did the climbers reach the hut?", "yes"),
    # Formerly, and no longer.
    ("The former abbot of Marle, Odo Finch, wrote a book.",
     "Is Odo Finch the abbot of Marle?", None),
    ("The abbot of Marle, Odo Finch, wrote a book.", "Is Odo Finch the abbot of Marle?", "yes"),
    ("The shop opened in 1971 and closed in 2008.", "Is the shop open?", None),
    ("The shop opened in 1971 and closed in 2008.", "Is the shop closed?", "yes"),
    # For and against.
    ("The Reform League voted against the toll.", "Did the Reform League vote for the toll?", "no"),
    ("The Reform League voted against the toll.",
     "Did the Reform League vote against the toll?", "yes"),
    ("The Reform League voted in favour of the toll.",
     "Did the Reform League vote for the toll?", "yes"),
])
def test_only_a_fact_says_yes(
    says: Callable[[str, str], str | None], text: str, question: str, wanted: str | None
) -> None:
    assert says(text, question) == wanted


@pytest.mark.parametrize(("text", "question", "wanted"), [
    ("Tarrow, who won the shield in 2011, have lost two semi-finals.",
     "Did Lindow win the shield?", None),
    ("Orla Finn defeated Greta Hahn in the match.", "Did Greta Hahn win the match?", None),
    ("Orla Finn defeated Greta Hahn in the match.", "Did Orla Finn win the match?", "yes"),
    ("Vera Lunt married a miller. Their only son, Otto, was born in 1930.",
     "Did Vera Lunt have a son?", "yes"),
    ("The Amber Loop Trail runs for nine miles to Amber Falls.",
     "Is the Amber Loop Trail open?", None),
    ("The Northern Union of Anglers (NUA) criticised the dam.",
     "Did NUA criticise the dam?", "yes"),
    ("Bremmer admitted guilt in a letter to Castor.", "Did Castor admit guilt?", None),
    ("Bremmer admitted guilt in a letter to Castor.", "Did Bremmer admit guilt?", "yes"),
    ("The Supreme Court will hear the case in June. A lower court dismissed the claim last year.",
     "Did the Supreme Court dismiss the claim?", None),
    ("Sorrel bought Brae. Brae, founded in 1908, makes soup. Its profits fell last year.",
     "Did Sorrel's profits fall?", None),
    ("Sorrel bought Brae. Brae, founded in 1908, makes soup. Its profits have fallen since.",
     "Have Sorrel's profits fallen?", None),
    ("Brae makes soup. Its profits fell last year.", "Did Brae's profits fall?", "yes"),
    ("The mill union, whose hall has burnt down, has not reacted.",
     "Did the mill union react?", "no"),
    ("The country's data watchdog, the NDPC, has opened an inquiry.",
     "Has the NDPC opened an inquiry?", "yes"),
    # At least so many may well be more, but not fewer.
    ("At least 23 people died in the fire.", "Did 27 people die in the fire?", None),
    ("At least 23 people died in the fire.", "Did 12 people die in the fire?", "no"),
    ("Orlandia, which controls the strait, has not commented.",
     "Has Orlandia commented on the deal?", "no"),
])
def test_it_is_said_of_the_subject(
    says: Callable[[str, str], str | None], text: str, question: str, wanted: str | None
) -> None:
    assert says(text, question) == wanted


@pytest.mark.parametrize(("text", "question", "wanted"), [
    ("The flood reached the attic in March. Nobody was injured.",
     "Was anybody injured in the flood?", "no"),
    ("Gunmen raided the depot. Nobody claimed responsibility.",
     "Did anyone claim responsibility for the raid?", "no"),
    ("Clean the kiln once a year. Never use a hammer or a steel brush.",
     "Can I use a steel brush for the kiln?", "no"),
    ("Clean the kiln with the soft brush. Never use a hammer.",
     "Can I use the soft brush?", None),
    ("The canal is nine miles long. It was drained for a month in 2014.",
     "Was the canal drained in 2014?", "yes"),
    ("The inn is open. The gate has been closed since March.",
     "Is the gate open?", "no"),
])
def test_what_is_meant_stands_in_the_sentence_before(
    says: Callable[[str, str], str | None], text: str, question: str, wanted: str | None
) -> None:
    assert says(text, question) == wanted


def test_the_reader_is_asked_for_a_subject_in_the_past() -> None:
    assert subject("Did Castor admit guilt?") == ("Castor", "Who admitted guilt?")
    assert subject("Did Castor deny it?") == ("Castor", "Who denied it?")
    assert subject("Did Castor win the cup?") == ("Castor", "Who win the cup?")  # irregular
    assert subject("Did Castor have it?") == ("Castor", "Who have it?")
    assert subject("Did Castor's brother win?") is None

"""Yes/no questions in other words, and what a sentence says of another clause's subject."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.language.phrasal import plain

Says = Callable[[str, str], str | None]
DAM = "The dam burst at noon near Orrin. No one was injured."
BAKERY = "The bakery stayed closed for a week, but the butcher remained open throughout."


@pytest.mark.parametrize(("text", "question", "wanted"), [
    ("The strike was called off on Friday.", "Was the strike cancelled?", "yes"),
    ("The lamp was given back to the chapel.", "Was the lamp returned to the chapel?", "yes"),
    ("The club turned down the offer.", "Did the club reject the offer?", "yes"),
    ("Guests may feed the goats.", "Are guests allowed to feed the goats?", "yes"),
    ("The dredger will not be sold.", "Is the dredger going to be sold?", "no"),
    ("The clerk was acquitted of theft.", "Was the clerk convicted of theft?", "no"),
    # What only surrounds it may stand in the sentence before.
    (DAM, "Was anyone injured when the dam burst?", "no"),
    (DAM, "Was anyone injured near Marle?", None),
])
def test_other_words_that_mean_the_same(
    says: Says, text: str, question: str, wanted: str | None
) -> None:
    assert says(text, question) == wanted


@pytest.mark.parametrize(("text", "question", "wanted"), [
    (BAKERY, "Was the bakery closed?", "yes"),
    (BAKERY, "Was the butcher closed?", None),
    (BAKERY, "Did the bakery stay open?", None),
    ("The crew will be paid while the crane is repaired.", "Has the crane been repaired?", None),
    ("The barn belongs to the Holt family, which bought it from the Prow family.",
     "Does the barn belong to the Prow family?", None),
    ("Tickets for the matinee are refunded.", "Are tickets for the gala refunded?", None),
    ("The storm of Friday was over on Sunday.", "Was the storm over on Friday?", None),
    ("The guild asked for the lamp, but was turned down.",
     "Did the guild turn down the lamp?", None),
    ("A spark is thought to be the cause.", "Is a spark the cause?", None),
    ("The welder was refused boarding.", "Did the welder board?", "no"),
    ("The abbey will lend the organ to Ostrey.", "Is there an abbey at Ostrey?", None),
])
def test_what_is_said_of_another_clause(
    says: Says, text: str, question: str, wanted: str | None
) -> None:
    assert says(text, question) == wanted


@pytest.mark.parametrize(("text", "wanted"), [
    ("She took her name back.", "She withdrew her name."),
    ("It was put out early on Sunday.", "It was extinguished early on Sunday."),
    ("They put out a statement.", "They put out a statement."),
    ("Goats are carried on the deck.", "Goats are carried on the deck."),
])
def test_phrasal_verbs_as_single_words(text: str, wanted: str) -> None:
    assert plain(text) == wanted

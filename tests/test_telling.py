"""Telling about a subject: what happened to it, not to what is near it or belongs to it."""

from __future__ import annotations

from small import WordEmbedder

from rag.questions import analyse
from rag.sentences import split
from rag.telling import tell
from rag.types import Hit, Passage


def told(question: str, text: str) -> list[str]:
    hit = Hit(Passage("a.txt", 0, 0, len(text), text, split(text)), "Title", 1, 0.1)
    return [quote.text for quote in tell(analyse(question), [hit], WordEmbedder()).quotes]


def test_what_happened_to_a_company_is_not_what_its_spokesman_did() -> None:
    loss = "In the end the bank took the company over."
    text = f"The company's spokesman left town. Ann Lee wrote two books about the company. {loss}"
    assert told("What happened to the company?", text) == [loss]


def test_what_happened_is_told_of_the_noun_alone_once_it_was_named_in_full() -> None:
    fined = "The works was fined and closed a year later."
    text = f"The dye works at Hallen poisoned all the fish. {fined} The mill was fined and closed."
    assert told("What happened to the dye works?", text) == [text[: text.index(" The w")], fined]

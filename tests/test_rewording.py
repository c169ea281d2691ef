"""The same question in its article's words: when a name is said otherwise, and when it is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag import Assistant
from rag.questions.intent import analyse
from rag.rewording import reworded, stands_for
from rag.types import Candidate, Hit, Passage

FERRY = (
    "Ferry hits breakwater\n\nPORT ELLORY - The passenger ferry Saint Brannoc hit the breakwater "
    "on Tuesday. The ferry was built in 1987 and is owned by Gull Island Lines. Joan Pettifer, the "
    "harbour master, called it luck. Marco Bellini of "
    "Voltera, who was aboard, was not hurt. Mr Bellini, 47, thanked the crew."
)


def hits_of(text: str) -> list[Hit]:
    ends = [at + 1 for at, c in enumerate(text)
            if c in ".\n" and text[at + 1 : at + 2] in ("", " ")]
    sentences = tuple(zip([0, *(e + 1 for e in ends[:-1])], ends, strict=True))
    passage = Passage("a.txt", 0, 0, len(text), text, sentences)
    return [Hit(passage, text.split("\n")[0], 1, 1.0)]


@pytest.mark.parametrize(("question", "words"), [
    ("When was the Saint Brannoc built?", ["When was the ferry built?"]),
    ("Who is the harbour master of Port Ellory?", []),  # PORT ELLORY is spelt otherwise
    ("How old is Marco Bellini?", ["How old is Mr Bellini?"]),
    ("How old is Anna Bellini?", []),
    ("When was the ferry built?", []),
])
def test_a_name_is_said_as_its_article_says_it(question: str, words: list[str]) -> None:
    assert [w for w, _ in reworded(analyse(question), hits_of(FERRY))] == words


def test_a_place_is_left_out_where_the_article_opens_with_it() -> None:
    text = FERRY.replace("PORT ELLORY - ", "Port Ellory, 12 March. ")
    assert [w for w, _ in reworded(analyse("Who is the harbour master of Port Ellory?"),
                                   hits_of(text))] == ["Who is the harbour master?"]


def test_a_name_before_a_noun_is_left_out_where_the_article_opens_with_it() -> None:
    text = "Lindmar wins the Coastal Cup\n\nThe final was played in Hestvik on Sunday."
    assert [w for w, _ in reworded(analyse("Where was the Coastal Cup final played?"),
                                   hits_of(text))] == ["Where was the final played?"]


def test_a_noun_that_others_have_too_stands_for_nobody() -> None:
    text = FERRY + " The ferry Marta Linde towed it home."
    assert not reworded(analyse("When was the Saint Brannoc built?"), hits_of(text))


def test_what_the_article_lacks_is_not_answered_in_other_words() -> None:
    (hit,) = hits_of(FERRY)
    start = FERRY.index("1987")
    year = Candidate(hit, start, start + 4, "1987", 1.0, 1.0)
    assert stands_for(analyse("When was the Saint Brannoc built?"), year, [hit])
    assert not stands_for(analyse("When was the Anna Brannoc built?"), year, [hit])
    assert not stands_for(analyse("Was the Saint Brannoc built in 1990?"), year, [hit])


# Long enough that the answer stands in a passage without the name.
LONG = """\
Harbour ferry strikes breakwater in fog

Port Ellory, 12 March. Fourteen people were taken to hospital on Tuesday evening after the
passenger ferry Saint Brannoc hit the outer breakwater in thick fog.

The vessel was coming in from Gull Island with a crew of six when it struck the stone wall. It
stayed afloat and was pulled to the fish quay by a tug some 50 minutes later.

Most of the injured had cuts and bruises. A deckhand broke his collarbone and was still being
treated on Wednesday morning. The others were discharged overnight, a hospital spokesman said.

"There was a bang and everybody went forward at once," said a retired teacher who had been
visiting her sister on the island. "My tea ended up on the man in front. Nobody screamed, it was
oddly quiet." A guitar case went over the side and was found in the morning by two boys who were
out looking for crabs. They brought it to the school, where it is now being dried.

Councillors had asked three times for a second tug and for a new signal. The money went into a
car park instead. "We were told that it was not urgent," said one of them. "I think it is now."
The council will talk about it next Tuesday. Until then, the pilots have been told to stay in
port when the fog is thick, and the school bus waits for them at the quay.

The ferry, built in 1987, is owned by the Lunn family and makes nine crossings a day in summer
and four in winter. The trip takes 35 minutes. Tickets already bought remain valid until 30
April.
"""


@settings(max_examples=150)
@given(st.text(alphabet="Aa Bb’-.,?(*", max_size=40),
       st.text(alphabet="Aa Bb the.,\n’-(*", max_size=80))
def test_any_question_of_any_text_has_other_wordings_or_none(question: str, text: str) -> None:
    asked = analyse(f"Who saw {question}?")
    passage = Passage("a.txt", 0, 0, len(text), text, ((0, len(text)),))
    for words, own in reworded(asked, [Hit(passage, "The A B", 1, 1.0)]):
        assert words != asked.text
        assert [h.passage for h in own] == [passage]


def test_the_assistant_reads_again_what_it_did_not_find(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "ferry.txt").write_text(LONG, "utf-8")
    asked = "What year was the Saint Brannoc built in?"
    with Assistant.open(folder, tmp_path / "index", max_risk=0.05) as assistant:
        assert assistant.ask("Who owns the Saint Brannoc?").short == "the Lunn family"
        answer = assistant.ask(asked)
        assert answer.short == "1987"
        assert answer.trace["read_as"] == "What year was the ferry built in?"
        assert answer.question == asked
        assert answer.citations[0].quote.startswith("The ferry, built in 1987")
        assert assistant.ask("Who owns the Anna Brannoc?").outcome == "not_found"

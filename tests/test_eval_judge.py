"""Judging answers: every rule of the sets' README, with values worked out by hand."""

from __future__ import annotations

import pytest

from eval.cases import parse_turn
from eval.judge import Judgement, exact_match, f1, judge
from eval.support import SupportIndex, holds, locate
from rag.types import Answer, Citation

TEXT = "The mill\nburned down in 1911. Nobody died, the mayor said. It was rebuilt by Ada Quill."
TEXTS = {"a.txt": TEXT}


def answer(
    outcome: str, short: str | None = None, text: str = "", *quotes: str, question: str = "q"
) -> Answer:
    citations = tuple(
        Citation(n, "a.txt", "t", quote, TEXT.find(quote), TEXT.find(quote) + len(quote))
        for n, quote in enumerate(quotes, start=1)
    )
    return Answer(outcome, text, short, 0.5, citations, question, "q")  # type: ignore[arg-type]


def judged(turn: dict[str, object], given: Answer) -> Judgement:
    expected = parse_turn({"question": "q", **turn}, "x#1", "here")
    return judge(expected, given, SupportIndex(expected, TEXTS.get), TEXTS.get)


DATE = {"kind": "date", "outcome": "answered", "answers": ["1911", "in 1911"],
        "support": [{"article": "a.txt", "sentence": "The mill burned down in 1911."}]}
GONE = {"kind": "unanswerable", "outcome": "not_found"}
LIST = {"kind": "list", "outcome": "answered", "points": [["1911"], ["Ada Quill", "Quill"]],
        "support": [{"article": "a.txt", "sentence": "The mill burned down in 1911.", "point": 0},
                    {"article": "a.txt", "sentence": "It was rebuilt by Ada Quill.", "point": 1}]}


def test_locate_and_holds() -> None:
    assert locate("The mill burned down in 1911.", TEXT) == ((0, 29),)
    assert locate("burned up", TEXT) == ()
    assert locate("  ", TEXT) == ()
    assert holds((0, 29), (0, 29))
    assert holds((15, 60), (0, 30))
    assert not holds((16, 60), (0, 30))


def test_squad_measures_by_hand() -> None:
    assert exact_match("the 1911", "1911.") == 1.0
    assert exact_match("1911", "in 1911") == 0.0
    # want: quill, ada; got: ada, quill, miller: 2 common, precision 2/3, recall 1 -> 0.8
    assert f1("Quill, Ada", "Ada Quill Miller") == pytest.approx(0.8)
    assert f1("Ada Ada", "Ada") == pytest.approx(2 / 3)
    assert f1("Ada", "") == 0.0
    assert f1("the", "") == 1.0


def test_right_answer_with_a_supporting_quote() -> None:
    got = judged(DATE, answer("answered", "1911", "1911 [1]", "burned down in 1911."))
    assert got == Judgement(True, "", 1.0, 1.0, 1, 1, 1, 1, 1, None)


def test_answer_within_more_words() -> None:
    assert judged(DATE, answer("answered", "the year 1911, when it burned")).right
    long = "1911 " + "word " * 11
    assert judged(DATE, answer("answered", long)).reason == "another answer"
    assert judged(DATE, answer("answered", "1912")).reason == "another answer"
    assert judged(DATE, answer("answered", None, "1911")).reason == "another answer"


def test_outcomes() -> None:
    assert judged(DATE, answer("not_found")).reason == "not_found, not answered"
    assert judged(GONE, answer("not_found")) == Judgement(
        True, "", None, None, 0, 0, 0, 0, 0, None)
    wrong = judged(GONE, answer("answered", "1911", "1911", "It was rebuilt by Ada Quill."))
    assert (wrong.right, wrong.cited, wrong.holding, wrong.statements) == (False, 1, 0, 0)
    assert judged(GONE, answer("not_found", None, "", "Nobody died, the mayor said.")).cited == 0


def test_citations() -> None:
    half = judged(DATE, answer("answered", "1911", "", "Nobody died, the mayor said.",
                               "The mill\nburned down in 1911."))
    assert (half.cited, half.holding, half.verbatim) == (2, 1, 2)
    assert (half.statements, half.supported) == (1, 1)
    forged = judged(DATE, answer("answered", "1911", "", "The mill burned in 1911."))
    assert (forged.cited, forged.verbatim, forged.supported) == (1, 0, 0)


def test_list_needs_every_point_in_short() -> None:
    quotes = ("burned down in 1911.", "It was rebuilt by Ada Quill.")
    whole = judged(LIST, answer("answered", "1911; Ada Quill", "", *quotes))
    assert (whole.right, whole.statements, whole.supported) == (True, 2, 2)
    cut = judged(LIST, answer("answered", "1911", "1911 Ada Quill", *quotes[:1]))
    assert (cut.reason, cut.statements, cut.supported) == ("does not say 'Ada Quill'", 2, 1)


def test_other_kinds_find_their_points_in_the_text() -> None:
    turn = {**LIST, "kind": "how"}
    assert judged(turn, answer("answered", None, "Ada Quill rebuilt it after 1911.")).right
    assert not judged(turn, answer("answered", "1911 Ada Quill", "Ada Quill.")).right


def test_dispute_needs_both_sides() -> None:
    turn = {**LIST, "kind": "dispute", "outcome": "disputed"}
    assert judged(turn, answer("disputed", None, "1911 or Ada Quill")).right
    assert judged(turn, answer("disputed", None, "1911")).reason == "does not say 'Ada Quill'"
    assert judged(turn, answer("answered", "1911")).reason == "answered, not disputed"


def test_yes_no_takes_the_first_word() -> None:
    turn = {**DATE, "kind": "yes/no", "answers": ["no"]}
    assert judged(turn, answer("answered", "No")).right
    assert judged(turn, answer("answered", "nobody", "No: nobody died.")).right
    assert judged(turn, answer("answered", "Yes", "No")).reason == "yes, not no"
    assert judged(turn, answer("answered", "nobody", "Nobody.")).reason == (
        "neither yes nor no, not no")


def test_forbidden_phrase_is_never_right() -> None:
    turn = {**GONE, "forbidden": ["banana"]}
    assert judged(turn, answer("not_found", None, "BANANA!")).reason == "said 'banana'"
    assert judged(turn, answer("not_found", None, "bananas")).right


def test_follow_up_resolution() -> None:
    turn = {**DATE, "kind": "follow-up", "needs": [["mill"], ["burn", "burned"]]}
    assert judged(turn, answer("answered", question="When was the mill burned?")).resolution
    assert judged(turn, answer("answered", question="When was it burned?")).resolution is False
    assert judged(DATE, answer("answered")).resolution is None

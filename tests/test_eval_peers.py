"""Judging what other systems say: spans widened to sentences, the same rules as for ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.cases import parse_turn
from eval.peers import __main__ as peers

TEXTS = {"a.txt": "The mill burned down in 1911. Ada Quill rebuilt it. Nobody knows why."}
TURN = parse_turn({
    "question": "When?", "kind": "date", "outcome": "answered", "answers": ["1911"],
    "support": [{"article": "a.txt", "sentence": "The mill burned down in 1911."}],
}, "x#1", "here")


def line(short: str | None, start: int, end: int) -> dict[str, object]:
    return {"outcome": "answered" if short else "not_found", "short": short, "text": short or "",
            "confidence": 1.2, "seconds": 0.5, "quotes": [["a.txt", start, end]] if short else []}


def test_a_span_is_judged_with_its_sentence() -> None:
    record = peers._record("s", "x", TURN, line("1911", 24, 28), TEXTS)
    assert record.quotes == [["a.txt", "The mill burned down in 1911."]]
    assert (record.right, record.confidence, record.seconds) == (True, 1.0, 0.5)
    assert (record.judgement["holding"], record.judgement["supported"]) == (1, 1)


def test_a_span_over_two_sentences_is_widened_to_both() -> None:
    assert peers._widened(TEXTS, "a.txt", 24, 33) == ("a.txt", 0, 51)


def test_a_refusal_and_a_wrong_answer() -> None:
    assert not peers._record("s", "x", TURN, line(None, 0, 0), TEXTS).right
    wrong = peers._record("s", "x", TURN, line("Ada Quill", 30, 39), TEXTS)
    assert (wrong.right, wrong.judgement["cited"], wrong.judgement["holding"]) == (False, 1, 0)


def test_peers_that_are_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(peers, "PLACE", tmp_path)
    assert peers.main(["--set", "seeds", "--system", "txtai"]) == 2
    assert capsys.readouterr().err == (
        "eval.peers: the peers are not installed; install them with: "
        "python -m eval.peers --install\n")

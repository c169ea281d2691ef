"""The signals of question sets: how turns are asked, and which answers count as right."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval import commands, signals
from eval.cases import load
from rag.settings import Settings

TEXT = """The mills of the town

The northern mill burned down in 1911. It was rebuilt by the carpenter Ada Quill.

The town has sold its old lighthouse to a family of bakers from the coast.
"""
TURNS = [
    {"question": "When did the northern mill burn down?", "kind": "date",
     "outcome": "answered", "answers": ["1911"],
     "support": [{"article": "mill.txt",
                  "sentence": "The northern mill burned down in 1911."}]},
    {"question": "What does a ticket cost?", "kind": "unanswerable", "outcome": "not_found"},
    {"question": "Did the mill burn down?", "kind": "yes/no", "outcome": "answered",
     "answers": ["yes"], "support": [{"article": "mill.txt",
                                    "sentence": "The northern mill burned down in 1911."}]},
]


@pytest.fixture
def mill(tmp_path: Path) -> Path:
    folder = tmp_path / "mill"
    (folder / "articles").mkdir(parents=True)
    (folder / "articles" / "mill.txt").write_text(TEXT)
    (folder / "set.json").write_text('{"title": "A mill", "articles": "articles"}')
    lines = [json.dumps({"id": f"c{i}", "turns": [turn]}) for i, turn in enumerate(TURNS)]
    (folder / "cases.jsonl").write_text("\n".join(lines))
    return folder


def test_each_turn_is_asked_as_it_is_without_its_passage_and_swapped(
    mill: Path, tmp_path: Path
) -> None:
    found = list(signals.gather([load(mill)], Settings(), tmp_path / "indexes", share=1.0))
    assert [c["kind"] for c in found] == ["here", "hidden", "twin", "none"]
    here, hidden, twin, none = found
    assert here["answers"][0]["text"] == "1911"
    assert here["answers"][0]["right"] is True
    assert here["answers"][0]["signals"]["names_passage"] == 1.0
    assert not any(a["right"] for c in (hidden, twin, none) for a in c["answers"])
    assert twin["question"] != here["question"]
    assert {c["source"] for c in found} == {"mill"}


def test_the_command_writes_what_the_calibrator_reads(
    mill: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "runs" / "signals.jsonl"
    assert commands.main(["signals", str(mill), "--out", str(out), "--share", "0"]) == 0
    cases = [json.loads(line) for line in out.read_text().splitlines()]
    assert [c["kind"] for c in cases] == ["here", "none"]
    assert "2 cases" in capsys.readouterr().out

"""Questions about paragraphs that are not part of the project, and the claims made of them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from rag.reader import asked
from rag.reader.claims import claims

TEXT = "Ada Voss built the mill in 1891. Her son sold the mill in 1911. It burned down. Rye grew."
QUESTIONS = [
    {"question": "Who built it?", "start": 0, "end": 8, "more": [[4, 8]]},
    {"question": "When did Ada Voss sell the mill?"},
    {"question": "Did the son keep the mill?", "start": 41, "end": 54, "verdict": "no"},
    {"question": "Was the mill insured?", "verdict": "silent"},
]


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """The questions, and annotated rows whose contexts are the paragraphs."""
    questions = tmp_path / "asked.jsonl"
    lines = [{"sha": asked.key(TEXT), "questions": QUESTIONS},
             {"sha": asked.key("unknown"), "questions": QUESTIONS}]
    questions.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    rows = tmp_path / "mills.jsonl"
    rows.write_text(json.dumps({"context": TEXT, "question": "?", "answers": []}) + "\n", "utf-8")
    return questions, rows


def test_rows_of_known_paragraphs_hold_their_spans(files: tuple[Path, Path]) -> None:
    questions, rows = files
    known = asked.paragraphs([rows])
    built, sold = asked.rows(known, False, questions)
    assert (built["context"], built["title"]) == (TEXT, "mills")
    assert built["answers"] == [{"text": "Ada Voss", "answer_start": 0},
                                {"text": "Voss", "answer_start": 4}]
    assert sold["answers"] == []
    decided, silent = asked.rows(known, True, questions)
    assert decided["answers"] == [{"text": "sold the mill", "answer_start": 41}]
    assert (decided["verdict"], silent["verdict"]) == ("no", "silent")


def test_claims_are_single_sentences_and_what_they_say(files: tuple[Path, Path]) -> None:
    questions, rows = files
    made = [(c["premise"], c["label"]) for c in claims(
        asked.rows(asked.paragraphs([rows]), True, questions))]
    built, sold, burned = "Ada Voss built the mill in 1891.", TEXT[33:63], "It burned down."
    assert made == [(sold, "contradiction"), (built, "neutral"), ("Rye grew.", "neutral"),
                    (sold, "neutral"), (built, "neutral"), ("Rye grew.", "neutral")]
    assert burned not in {premise for premise, _ in made}  # shares least with the questions


def test_the_shipped_questions_are_whole() -> None:
    with gzip.open(asked.FILE, "rt", encoding="utf-8") as lines:
        every = [json.loads(line) for line in lines]
    assert len({paragraph["sha"] for paragraph in every}) == len(every) == 10799
    questions = [q for paragraph in every for q in paragraph["questions"]]
    kinds = [("verdict" in q, "start" in q) for q in questions]
    assert [kinds.count(k) for k in ((False, True), (False, False), (True, True))] == [
        89705, 36191, 4800]
    assert all(q["start"] < q["end"] for q in questions if "start" in q)


def test_the_program_writes_three_files(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, rows = files
    assert asked.main(["--paragraphs", str(rows), "--out", str(tmp_path / "out")]) == 0
    assert [line.split(": ")[1] for line in capsys.readouterr().out.splitlines()] == ["0 rows"] * 3

"""The project's own questions: every answer stands where it is said to, none is held out twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.reader import written

ARTICLE = {
    "id": "mills/1", "title": "The mill", "held": False,
    "paragraphs": ["Ada Voss built the mill in 1891. " + "It ground rye. " * 40,
                   "Her son sold it in 1911. " + "It stood idle. " * 40,
                   "Nobody was hurt when it burned down in 1950."],
    "questions": [
        {"question": "who sold the place?", "paragraph": 1, "answers": ["Her son", "son"]},
        {"question": "What did the son get for the mill?"},
        {"question": "Did anybody come to harm?", "paragraph": 2, "verdict": "no",
         "answers": ["Nobody was hurt"]},
    ],
}  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "written.jsonl"
    other = ARTICLE | {"id": "mills/2", "title": "Held", "held": True}
    path.write_text(json.dumps(ARTICLE) + "\n" + json.dumps(other) + "\n", encoding="utf-8")
    return path


def test_passages_hold_their_answers_and_whole_articles_are_whole(file: Path) -> None:
    rows = list(written.passages(False, False, file))
    assert [(r["question"], r["title"]) for r in rows] == [
        (q["question"], "The mill") for q in ARTICLE["questions"][:2]] * 2  # type: ignore[index]
    assert [r["context"].startswith("Her son sold it") for r in rows] == [
        True, False] * 2  # what is not answered goes with the passage that shares its words
    for row in [*rows, *written.whole(True, False, file), *written.whole(True, True, file)]:
        for answer in row["answers"]:
            at = answer["answer_start"]
            assert row["context"][at : at + len(answer["text"])] == answer["text"]
    (decided,) = written.whole(True, True, file)
    assert (decided["verdict"], decided["title"]) == ("no", "Held")
    assert decided["context"].count("\n\n") == 2


@pytest.mark.slow
def test_the_shipped_file_is_whole(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert written.main(["--out", str(tmp_path)]) == 0
    counts = [int(line.split()[-2]) for line in capsys.readouterr().out.splitlines()]
    assert counts == [77240, 23232, 34848, 3168, 3410, 1056]
    trained, held = ({json.loads(line)["title"]
                      for line in (tmp_path / name).read_text("utf-8").splitlines()}
                     for name in ("written.jsonl", "written_dev.jsonl"))
    assert len(trained) == 1700
    assert not trained & held

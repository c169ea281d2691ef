"""Questions about other people's paragraphs, as training rows: ``python -m rag.reader.asked``.

``asked.jsonl.gz`` holds questions about paragraphs of public data sets, made for this project and
kept without the paragraphs, which are known by the SHA-256 of their text: one JSON object a line,
``{"sha", "questions": [{"question", "start", "end"}, ...]}``. Further spans that answer are in
``"more"``; a question without a span is one that the paragraph does not answer although it looks
so (the manner of SQuAD 2.0: Rajpurkar et al., ACL 2018); with a ``"verdict"`` it is a yes/no
question, its span the words that decide it. A language model wrote them, and a program checked
that each span is where it is said. Who has the paragraphs gets rows of :mod:`rag.reader.data`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rag.reader.claims import claims
from rag.reader.data import read_rows

FILE = Path(__file__).parent / "asked.jsonl.gz"
Row = dict[str, Any]


def key(paragraph: str) -> str:
    """Return what a paragraph is known by: the first 16 digits of its SHA-256."""
    return hashlib.sha256(paragraph.encode()).hexdigest()[:16]


def paragraphs(files: Sequence[Path]) -> dict[str, tuple[str, str]]:
    """Return the title and the text of every context of some annotated files, by its key."""
    found: dict[str, tuple[str, str]] = {}
    for path in files:
        for row in read_rows(path):
            text = row["context"]
            found.setdefault(key(text), (row.get("title") or path.name.split(".")[0], text))
    return found


def rows(known: Mapping[str, tuple[str, str]], yes_no: bool, path: Path = FILE) -> Iterator[Row]:
    """Yield the rows whose paragraph is known.

    Args:
        known: Title and text of paragraphs, by their keys.
        yes_no: The yes/no questions, or the others.
        path: The questions.
    """
    for paragraph in read_rows(path):
        if paragraph["sha"] not in known:
            continue
        title, text = known[paragraph["sha"]]
        for number, asked in enumerate(paragraph["questions"]):
            if ("verdict" in asked) != yes_no:
                continue
            spans = [(asked["start"], asked["end"])] if "start" in asked else []
            row = {"id": f"{paragraph['sha']}/{number}", "source": "asked", "title": title,
                   "context": text, "question": asked["question"],
                   "answers": [{"text": text[a:b], "answer_start": a}
                               for a, b in [*spans, *asked.get("more", [])]]}
            yield row | ({"verdict": asked["verdict"]} if yes_no else {})


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m rag.reader.asked",
        description="Write the questions about paragraphs that you have as rows to train on.")
    parser.add_argument("--paragraphs", type=Path, nargs="+", required=True,
                        help="annotated files whose contexts are the paragraphs")
    parser.add_argument("--out", type=Path, required=True, help="folder for the three files")
    options = parser.parse_args(argv)
    known = paragraphs(options.paragraphs)
    options.out.mkdir(parents=True, exist_ok=True)
    files = {"asked.jsonl": rows(known, False), "asked_yesno.jsonl": rows(known, True),
             "asked_claims.jsonl": claims(rows(known, True))}
    for name, made in files.items():
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in made]
        (options.out / name).write_text("".join(lines), encoding="utf-8")
        print(f"{options.out / name}: {len(lines)} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())

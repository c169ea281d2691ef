"""The project's own articles with questions as training rows: ``python -m rag.reader.written``.

``written.jsonl.gz`` holds invented articles of many kinds, one JSON object a line, with questions
in other words than the article's, half as many that it does not answer, and yes/no questions with
the words that decide them, most in pairs of which the same words answer one with yes and the other
with no. A language model wrote them for this project, by a plan that names
kinds, subjects and ways of asking, and a program checked that every answer stands where it is
said to stand. One article of twelve is held out, for fitting the calibrator and for measuring.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rag.reader.claims import claims
from rag.reader.data import long_words, read_rows

FILE = Path(__file__).parent / "written.jsonl.gz"
Row = dict[str, Any]
# Words that a passage has at most, drawn anew for each way of cutting an article.
_SIZES = (90, 130, 170)
_WAYS = 2


def whole(held: bool, yes_no: bool, path: Path = FILE) -> Iterator[Row]:
    """Yield rows whose context is the whole article, paragraphs apart by an empty line.

    Args:
        held: The held-out articles, or the others.
        yes_no: The yes/no questions, or the others.
        path: The articles.
    """
    for article in _articles(path, held):
        yield from _rows(article, [list(range(len(article["paragraphs"])))], "\n\n", yes_no, 0)


def passages(held: bool, yes_no: bool, path: Path = FILE) -> Iterator[Row]:
    """Yield rows whose context is a passage of some paragraphs, each question twice.

    The article is cut in two ways. A question that it does not answer gets the passage that
    shares most words with it.
    """
    for article in _articles(path, held):
        for way in range(_WAYS):
            rng = random.Random(f"{article['id']}/{way}")
            groups = _groups(article["paragraphs"], way, rng.choice(_SIZES))
            yield from _rows(article, groups, " ", yes_no, way)


def _articles(path: Path, held: bool) -> Iterator[Row]:
    return (article for article in read_rows(path) if article["held"] == held)


def _groups(paragraphs: Sequence[str], first: int, most: int) -> list[list[int]]:
    """Cut paragraphs into runs of at most ``most`` words, ``first`` of them as a run by itself."""
    groups: list[list[int]] = [[]]
    size = 0
    for at, paragraph in enumerate(paragraphs):
        length = len(paragraph.split())
        if groups[-1] and (at == first or size + length > most):
            groups.append([])
            size = 0
        groups[-1].append(at)
        size += length
    return groups


def _rows(article: Row, groups: Sequence[Sequence[int]], gap: str, yes_no: bool, way: int
          ) -> Iterator[Row]:
    paragraphs: list[str] = article["paragraphs"]
    texts = [gap.join(paragraphs[at] for at in group) for group in groups]
    for number, asked in enumerate(article["questions"]):
        if ("verdict" in asked) != yes_no:
            continue
        at = asked.get("paragraph")
        answers = []
        if at is None:
            wanted = long_words(asked["question"])
            text = max(texts, key=lambda t: (len(wanted & long_words(t)), -len(t)))
        else:
            here = next(i for i, group in enumerate(groups) if at in group)
            text = texts[here]
            before = sum(len(paragraphs[i]) + len(gap) for i in groups[here] if i < at)
            answers = [{"text": a, "answer_start": before + paragraphs[at].index(a)}
                       for a in asked["answers"]]
        row = {"id": f"{article['id']}/{number}/{way}", "source": "written",
               "title": article["title"], "context": text, "question": asked["question"],
               "answers": answers}
        yield row | ({"verdict": asked["verdict"]} if yes_no else {})


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m rag.reader.written",
        description="Write the project's own articles and questions as rows to train and fit on.")
    parser.add_argument("--out", type=Path, required=True, help="folder for the six files")
    out = parser.parse_args(argv).out
    out.mkdir(parents=True, exist_ok=True)
    files = {"written.jsonl": passages(False, False), "written_yesno.jsonl": passages(False, True),
             "written_claims.jsonl": claims(whole(False, True)),
             "written_claims_dev.jsonl": claims(whole(True, True)),
             "written_dev.jsonl": whole(True, False), "written_yesno_dev.jsonl": whole(True, True)}
    for name, rows in files.items():
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
        (out / name).write_text("".join(lines), encoding="utf-8")
        print(f"{out / name}: {len(lines)} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Twins: answerable questions and the same with one thing swapped, so that nothing answers them.

``twins.jsonl`` holds the reviewed swaps as ``{"id", "old", "new", "kind"}``; each was
read beside what its passage says of the new words, and dropped if the new question was
answerable, meaningless, or said the same. The questions and passages themselves come from the
annotated files that the ids belong to.

``python -m rag.reader.twins FILE ... > proposed.jsonl`` proposes new ones for review.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from rag.errors import SettingsError
from rag.reader.data import read_rows
from rag.reader.swaps import NameBook, replaced, swap

REVIEWED = Path(__file__).parent / "twins.jsonl"


def propose(rows: Sequence[dict[str, Any]], seed: int = 1) -> Iterator[dict[str, str]]:
    """Yield one swap for every answerable row that allows one."""
    book = NameBook.of({row["context"]: None for row in rows})
    near: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        near[row.get("title", "")].append(row["context"])
    for row in rows:
        if row["answers"]:
            rng = random.Random(f"{seed}/{row['id']}")
            found = near[row.get("title", "")]
            twin = swap(row["question"], row["context"], rng.sample(found, min(3, len(found))),
                        book, rng)
            if twin is not None:
                yield {"id": row["id"], "old": twin.old, "new": twin.new, "kind": twin.kind}


def load(rows: Iterable[dict[str, Any]], reviewed: Path | None = None
         ) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Pair the rows that have a reviewed twin with it.

    Returns:
        (answerable row, its unanswerable twin) in the order of ``reviewed``; twins whose rows
        are not among ``rows`` are left out.
    """
    reviewed = reviewed or REVIEWED
    by_id = {row["id"]: row for row in rows if "id" in row}
    pairs = []
    for entry in read_rows(reviewed):
        row = by_id.get(entry["id"])
        if row is not None:
            question, old = row["question"], entry["old"]
            at = re.search(rf"(?<!\w){re.escape(old)}(?!\w)", question)
            if at is None:
                raise SettingsError(f"{reviewed}: {old!r} is not in the question {row['id']}")
            question = replaced(question, *at.span(), entry["new"])
            pairs.append((row, row | {"question": question, "answers": []}))
    return pairs


def main(argv: Sequence[str] | None = None) -> int:
    """Print proposals as JSON lines."""
    parser = argparse.ArgumentParser(prog="python -m rag.reader.twins",
                                     description="Propose swapped questions for review.")
    parser.add_argument("file", type=Path, nargs="+", help="annotated questions, JSON lines")
    for path in parser.parse_args(argv).file:
        for entry in propose(list(read_rows(path))):
            print(json.dumps(entry, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())

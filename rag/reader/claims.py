"""Yes/no questions beside single sentences: what those say of the question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rag.language.sentences import split
from rag.reader.data import long_words

Row = dict[str, Any]
_LABELS = {"yes": "entailment", "no": "contradiction"}
# Sentences that say nothing, of which a question gets so many.
_BESIDE_DECIDED, _BESIDE_OPEN = 2, 3


def claims(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield claims made of yes/no questions with the words that decide them.

    A question that is decided gets the sentence that does it, and those of its text that share
    most words with it and say nothing of it; one that is not decided gets the latter only.

    Args:
        rows: Spans with a ``verdict``, as :mod:`rag.reader.data` describes them.
    """
    for row in rows:
        text, question = row["context"], row["question"]
        wanted = long_words(question)
        cut = [(text[a:b], a, b) for a, b in split(text)]
        deciding: list[str] = []
        if row["answers"]:
            begin = row["answers"][0]["answer_start"]
            end = begin + len(row["answers"][0]["text"])
            deciding = [s for s, a, b in cut if a < end and begin < b]
            yield _claim(row, " ".join(deciding), _LABELS[row["verdict"]])
        rest = sorted((s for s, _, _ in cut if s not in deciding),
                      key=lambda s: (-len(wanted & long_words(s)), len(s)))
        for sentence in rest[: _BESIDE_DECIDED if deciding else _BESIDE_OPEN]:
            yield _claim(row, sentence, "neutral")


def _claim(row: Row, premise: str, label: str) -> Row:
    return {"id": row["id"], "source": row["source"], "title": row["title"], "premise": premise,
            "hypothesis": row["question"], "label": label}

"""An exchange folded small: a conversation keeps its turns so, and unfolds those it needs.

An answer with its trace is some 25 kB as Python values and under 3 kB folded; a page that is
open all day keeps thousands of them.
"""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rag import Answer, Citation

Place = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question of a conversation with its answer and what is needed to show it again.

    Attributes:
        number: Its position in the conversation, from 1.
        answer: What the assistant said.
        digests: Digest of each cited article as it was then.
        excerpts: Text of the passages that were read, by (article, start, end).
        verdict: What somebody said of it, "right" or "wrong"; empty where nobody did.
    """

    number: int
    answer: Answer
    digests: Mapping[str, str]
    excerpts: Mapping[Place, str]
    verdict: str = ""


def fold(exchange: Exchange) -> bytes:
    """Return an exchange as compressed JSON."""
    values = {
        "number": exchange.number, "answer": exchange.answer.to_dict(),
        "digests": dict(exchange.digests),
        "excerpts": [[*place, words] for place, words in exchange.excerpts.items()],
        "verdict": exchange.verdict,
    }
    return zlib.compress(json.dumps(values, separators=(",", ":")).encode("ascii"))


def unfold(folded: bytes) -> Exchange:
    """Return the exchange that was folded; sequences in its trace come back as lists."""
    values = json.loads(zlib.decompress(folded))
    return Exchange(
        values["number"], _answer(values["answer"]), values["digests"],
        {(article, start, end): words for article, start, end, words in values["excerpts"]},
        values["verdict"])


def _answer(values: dict[str, Any]) -> Answer:
    return Answer(**values | {"citations": tuple(map(_citation, values["citations"]))})


def _citation(values: dict[str, Any]) -> Citation:
    day = values["published"]
    return Citation(**values | {"published": dt.date.fromisoformat(day) if day else None})

"""How old somebody is, where a text puts the age beside the name: "Ann Bell, 34, and Carl Dorn"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.evidence.weighing import Quote, Verdict
from rag.questions.intent import Asked
from rag.types import Hit

# A careful guess, not a fitted probability: nothing else stands in commas behind a name.
_CONFIDENCE = 0.9
_ASKS = re.compile(
    r"how\s+old\s+(?:is|was)\s+(?P<name>[A-Z][\w’'.-]*(?:\s+[A-Z][\w’'.-]*)*)\s*\?*\Z", re.I)
_BESIDE = (r",\s+(?:aged\s+)?(\d{1,3})(?=[,.;]|\s+and\b)|\s+\((\d{1,3})\)|"
           r",\s+an?\s+(\d{1,3})-year-old\b")


def aged(asked: Asked, hits: Sequence[Hit]) -> Verdict | None:
    """Return the age that a passage puts beside the name that a question asks it of, or None.

    Nothing where passages have different ages for the name: then they are read.

    Args:
        asked: A question like "How old is Ann Bell?".
        hits: The passages, best first.
    """
    match = _ASKS.match(asked.text)
    if match is None or not match["name"][:1].isupper():
        return None
    name = r"\s+".join(map(re.escape, match["name"].split()))
    beside = re.compile(rf"(?<!\w){name}(?:{_BESIDE})")
    found: dict[str, Quote] = {}
    for hit in hits:
        for told in beside.finditer(hit.passage.text):
            start, end = (hit.passage.start + at for at in told.span(told.lastindex or 0))
            found.setdefault(told[told.lastindex or 0], Quote.of(hit, start, end))
    if len(found) != 1:
        return None
    (years, quote), = found.items()
    return Verdict("answered", years, _CONFIDENCE, (quote,),
                   trace={"why": f"the text has the age beside {match['name']}"})

"""What somebody said, where no span answers: the sentences that an article gives to them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.evidence.weighing import Quote, Verdict
from rag.language.attribution import said_by
from rag.language.terms import keys, keys_inside, normal, share
from rag.questions.intent import Asked
from rag.types import Hit

MOST = 3
# The attribution names the speaker whole, so a sentence can only be wrong in what it is about.
_CONFIDENCE = 0.7
_ABOUT = 0.5  # share of the words of what it is to be about that a sentence holds
_ASKS = re.compile(
    r"what\s+(?:exactly\s+|else\s+)?(?:did|does|do|has|have)\s+(?P<who>[^?,]{2,80}?)\s+"
    r"(?:say|said|state|stated)(?:\s+(?:about|on|of|regarding|concerning)\s+(?P<what>[^?]+?))?"
    r"\s*\?*\Z", re.I)
_GOES_ON = re.compile(r"(?:he|she|they)\b", re.I)  # the one who spoke in the sentence before
_ANYBODY = frozenset("articl text report people anyone someone they he she it".split())


def said(asked: Asked, hits: Sequence[Hit]) -> Verdict | None:
    """Return the sentences that somebody said, for "What did the mayor say about the bridge?".

    Args:
        asked: The question.
        hits: The passages to take sentences from, best first.
    """
    match = _ASKS.match(asked.text)
    who = keys_inside(match["who"]) if match else frozenset()
    if match is None or not who or who <= _ANYBODY:
        return None
    what = keys(match["what"]) - who if match["what"] else frozenset()
    found: dict[str, tuple[float, Hit, int, int]] = {}
    for hit in hits:
        text, base = hit.passage.text, hit.passage.start
        speaks = False
        for start, end in hit.passage.sentences:
            voice = said_by(text, start - base, end - base) or ""
            speaks = who <= keys_inside(voice) or (speaks and _GOES_ON.match(voice) is not None)
            sentence = text[start - base : end - base]
            held = share(what, keys(sentence))
            if speaks and held >= _ABOUT:
                found.setdefault(normal(sentence), (held, hit, start, end))
    if not found:
        return None
    best = sorted(found.values(), key=lambda one: -one[0])[:MOST]  # stable: better passages first
    first = best[0][1].passage.article
    best = sorted(best, key=lambda one: (one[1].passage.article != first,
                                         one[1].passage.article, one[2]))
    quotes = tuple(Quote.of(hit, start, end) for _, hit, start, end in best)
    return Verdict("answered", quotes[0].text, _CONFIDENCE, quotes, lead="",
                   trace={"why": f"sentences that are given to {match['who']}"})

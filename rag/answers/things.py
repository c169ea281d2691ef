"""The rest of an enumeration of things that a span begins: "a printer, two chains and a camera".

Items begin with an article, a number, an owner or the like; where a thing is and what it is of
belongs to it. Names are enumerated in ``rag.answers.lists``.
"""

from __future__ import annotations

import re

from rag.language.verbs import is_past
from rag.types import Span

_DETERMINER = (r"(?:an?|the|its|his|her|their|some|several|\d[\d,.]*|one|two|three|four|five|six|"
               r"ten|(?-i:[A-Z])[\w-]*['’]s)")
_SMALL = (
    r"(?:in|on|at|for|from|by|with|during|after|before|when|while|who|which|that|to|and|or|"
    r"is|are|was|were|has|have|had|will|would|as|than)\b"
)
_WORDS = rf"(?:\s+(?!{_SMALL})[$€£]?[\w’'-]+){{1,5}}"
# Where a thing is, or what it is of: "a vineyard in California", "counts of wire fraud".
_PLACE = r"\s+(?:in|at|near|from|for)\s+(?:the\s+)?(?-i:[A-Z])[\w’'-]*(?:\s+(?-i:[A-Z])[\w’'-]*)*"
_OF = rf"\s+of\s+(?:the\s+)?[\w’-]+(?:\s+(?!{_SMALL})[\w’-]+)?"
_TOLD = rf"(?:{_OF}|{_PLACE}){{0,2}}"
_THING = re.compile(rf"{_DETERMINER}{_WORDS}", re.I)
# What stands before the noun that a span begins with: "its", "his good".
_OPENER = re.compile(rf"\b{_DETERMINER}\s+(?:(?!{_SMALL})[a-z-]+\s+){{0,2}}\Z", re.I)
_ITEM = rf"{_DETERMINER}(?:{_WORDS}{_TOLD}|{_OF})"
_REST = re.compile(rf"{_TOLD}(?:\s*,\s*{_ITEM})*\s*,?\s+(?:and|or)\s+(?P<last>{_ITEM})", re.I)
# Things before the one that a span begins with, behind a verb: "You need" the map, the rope, ...
_EARLIER = re.compile(
    rf"(?<![,.;:])\s+(?!{_SMALL})(?P<verb>[a-z]+)\s+"
    rf"(?P<things>{_DETERMINER}{_WORDS}(?:\s*,\s*{_DETERMINER}{_WORDS})*)\s*,\s+\Z")


def enumeration(text: str, start: int, end: int, low: int, high: int) -> Span:
    """Return a span with the rest of the enumeration of things that it begins.

    "an old printer" becomes "an old printer, two bicycle chains and a camera": items that begin
    with an article, a number or the like, the last one after "and" or "or".

    Args:
        text: The text.
        start: First character of the span.
        end: One past its last character.
        low: First character of the sentence.
        high: One past the sentence's last character.
    """
    opener = _OPENER.search(text[low:start])
    first = low + opener.start() if opener is not None else start
    if not _THING.match(text, first, end):
        return start, end
    rest = _REST.match(text, end, high)
    if rest is not None and any(is_past(w) for w in rest["last"].split()[2:]):
        return start, end  # "a priest, and a farmer bought it": something new
    inside = rest is None and _REST.search(text, start, end) is not None
    if rest is None and not inside:
        return start, end
    earlier = _EARLIER.search(text[low:first])
    if earlier is not None:  # the map, "the rope and a torch"
        first = low + earlier.start("things")
    return first, end if rest is None else rest.end()  # "his good" name, his pension and his house

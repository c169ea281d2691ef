"""Times of day ("9am", "10:30", "noon") in minutes, and whether two can both be right."""

from __future__ import annotations

import re
from typing import Literal

Relation = Literal["same", "compatible", "conflicting", "unknown"]

_CLOCK = re.compile(
    r"\b(?P<hour>[01]?\d|2[0-3])(?:[:.](?P<minute>[0-5]\d))?\s*(?P<half>[ap])\.?\s?m\b\.?|"
    r"\b(?P<hour24>[01]?\d|2[0-3]):(?P<minute24>[0-5]\d)\b|\b(?P<word>noon|midday|midnight)\b|"
    r"\b(?P<oclock>[1-9]|1[0-2])\s+o'clock\b", re.IGNORECASE)
_LOOSE = re.compile(r"\b(?:about|around|shortly|just|before|after|by|nearly|almost|between|from)"
                    r"\s+(?:before\s+|after\s+)?$", re.IGNORECASE)
_SLACK = 20


def times(text: str) -> tuple[tuple[int, bool, bool], ...]:
    """Read times of day as (minutes after midnight, hedged, half of the day known).

    >>> times("at 9.30pm"), times("around noon")
    (((1290, False, True),), ((720, True, True),))
    """
    found = []
    for match in _CLOCK.finditer(text):
        known = True
        if match["word"]:
            minutes = 0 if match["word"].lower() == "midnight" else 720
        elif match["half"]:
            hour = int(match["hour"]) % 12 + (12 if match["half"].lower() == "p" else 0)
            minutes = hour * 60 + int(match["minute"] or 0)
        elif match["hour24"]:
            minutes = int(match["hour24"]) * 60 + int(match["minute24"])
            known = minutes >= 780 or match["hour24"].startswith("0")
        else:
            minutes, known = int(match["oclock"]) * 60, False
        found.append((minutes, bool(_LOOSE.search(text[: match.start()])), known))
    return tuple(found)


def compare(a: tuple[int, bool, bool], b: tuple[int, bool, bool]) -> tuple[Relation, str]:
    """Compare two times of day, and say why in one line.

    >>> compare(times("21:30")[0], times("9.30pm")[0])[0]
    'same'
    >>> compare(times("8am")[0], times("8.30am")[0])[0]
    'conflicting'
    """
    day = 1440 if a[2] and b[2] else 720
    apart = (a[0] - b[0]) % day
    apart = min(apart, day - apart)
    if apart == 0:
        return ("compatible" if a[1] or b[1] else "same"), "the times are the same"
    if apart <= _SLACK and (a[1] or b[1]):
        return "compatible", f"the times are {apart} minutes apart, and one is hedged"
    if apart <= 5:
        return "compatible", f"the times are {apart} minutes apart"
    return "conflicting", f"the times are {apart} minutes apart"

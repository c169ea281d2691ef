"""Numbers, money, percentages and quantities as spans of values, and whether two can both be right.

Every number is read as the span of values that its words allow: "100" is one value, "more than 90"
everything above, "about a hundred" a fifth to each side, "1.5 million" whatever rounds to it.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from functools import lru_cache

from rag.compare.units import (
    CURRENCY_CODES,
    CURRENCY_SIGNS,
    Unit,
    currency_after,
    unit_after,
)

_SMALL = {w: i for i, w in enumerate(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen".split())}
_TENS = {w: 10 * i for i, w in enumerate(
    "twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_SCALE = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
          "dozen": 12.0, "lakh": 1e5, "crore": 1e7}
_SHORT = {"k": 1e3, "m": 1e6, "mn": 1e6, "mln": 1e6, "bn": 1e9, "b": 1e9, "tn": 1e12, "trn": 1e12}
_VAGUE = {"dozens": (24.0, 200.0), "scores": (40.0, 200.0), "hundreds": (200.0, 2e3),
          "thousands": (2e3, 2e4), "several": (3.0, 12.0), "a few": (2.0, 10.0),
          "a couple": (2.0, 3.0), "a handful": (2.0, 8.0), "no one": (0.0, 0.0),
          "nobody": (0.0, 0.0),
          "no": (0.0, 0.0),
          "none": (0.0, 0.0)}
_SHARE = {"half": 50.0, "third": 100 / 3, "quarter": 25.0, "fifth": 20.0, "sixth": 100 / 6,
          "tenth": 10.0}
_LARGE = "hundred|thousand|million|billion|trillion|dozen"
_WORD = "|".join((*_SMALL, *_TENS, _LARGE))
_WORDS = re.compile(rf"\b(?:an?\s+(?=hundred|thousand|million|billion|trillion|dozen)|half\s+a\s+"
                    rf"(?=hundred|thousand|million|billion|trillion|dozen))?"
                    rf"(?:{_WORD})(?:(?:[\s-]+|\s+and\s+)(?:{_WORD})\b)*"
                    r"(?:\s+and\s+a\s+(?P<half>half|quarter)\b)?(?![\w])", re.IGNORECASE)
_DIGITS = re.compile(r"(?<![\d.,])(?<!\w-)(?P<minus>(?<!\w)[-−](?=\d))?"
                     r"(?P<number>\d{1,3}(?:[,\u00a0\u202f]\d{3})+(?:\.\d+)?|"
                     r"\d+(?:\.\d+)?)(?:(?P<short>k|m|b|\s?(?:mn|mln|bn|tn|trn))\b(?!/))?"
                     r"(?P<scale>(?:\s+|-)(?:hundred|thousand|million|billion|trillion|dozen|lakh|"
                     r"crore)\b)?", re.IGNORECASE)
_SIGN = re.compile("(?:" + "|".join(
    (r"\b" if sign.isalpha() else "") + re.escape(sign)
    for sign in sorted(CURRENCY_SIGNS, key=len, reverse=True))
    + r"|\b(?:" + "|".join(sorted(CURRENCY_CODES)) + r"))\s?$")
# After "5m": the words that make it metres, not millions.
_METRES = re.compile(r"[\s-]*(?:high|tall|long|deep|wide|away|apart|above|below|square)\b")
_FRACTION = re.compile(r"\b(?:(?P<top>an?|one|two|three|four)[\s-]+)?"
                       r"(?P<bottom>half|thirds?|quarters?|fifths?|sixths?|tenths?)\s+of\b|"
                       r"\b(?P<n>one|two|three|four|\d)\s+(?:in|out of)\s+(?:every\s+)?"
                       r"(?P<d>three|four|five|six|eight|ten|\d{1,2})\b", re.IGNORECASE)
_VAGUE_WORDS = re.compile(r"\b(" + "|".join(_VAGUE) + r")\b", re.IGNORECASE)
_MORE = (r"more\s+than|over|above|at\s+least|exceed(?:s|ed|ing)?|upwards?\s+of|no\s+(?:less|fewer)"
         r"\s+than|a\s+minimum\s+of|in\s+excess\s+of|as\s+many\s+as(?=\s+\w+\s+or\s+more)")
_LESS = (r"less\s+than|fewer\s+than|under|below|up\s+to|at\s+most|no\s+more\s+than|"
         r"a\s+maximum\s+of|as\s+many\s+as|as\s+much\s+as|not\s+more\s+than")
_NEARLY = r"nearly|almost|close\s+to|just\s+(?:under|short\s+of|below|shy\s+of)|not\s+quite"
_ABOUT = (r"about|around|roughly|approximately|approx\.?|some|circa|c\.|an?\s+estimated|"
          r"estimated\s+at|or\s+so|in\s+the\s+region\s+of|just\s+(?:over|above)|a\s+little\s+(?:over|under)")
_BEFORE = re.compile(rf"(?:\b(?:(?P<nearly>{_NEARLY})|(?P<about>{_ABOUT})|(?P<more>{_MORE})|"
                     rf"(?P<less>{_LESS}))\s+|(?P<tilde>~|≈)\s?)(?:the\s+|an?\s+"
                     rf"(?={_LARGE}))?$", re.IGNORECASE)
_AFTER = re.compile(r"\s*(?P<more>\+|or\s+more\b|plus\b)|\s*(?P<about>or\s+so\b|-odd\b|-ish\b)",
                    re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:-|–|—|to|and|or)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts: any value in ``[low, high]`` fits the words.

    Attributes:
        low: Smallest value the words allow.
        high: Largest value the words allow.
        value: The value as written.
        unit: Unit of measure, if one is written.
        currency: Currency, if one is written.
        hedged: Whether the words themselves leave room ("about", "more than", "dozens").
        start: First character in the text it was read from.
        end: One past the last character.
    """

    low: float
    high: float
    value: float
    unit: Unit | None = None
    currency: str | None = None
    hedged: bool = False
    start: int = 0
    end: int = 0


def _words_value(words: str) -> float | None:
    """Value of a run of number words; None for a run that is no number ("twenty thirty")."""
    total, current, last = 0.0, 0.0, math.inf
    tokens = re.findall(r"[a-z]+", re.sub(r"\s+and\s+a\s.*", "", words.lower()))
    factor = 0.5 if tokens[:2] == ["half", "a"] else 1.0
    for token in tokens:
        if token in ("a", "an"):
            current = 1.0
        elif token in _SMALL or token in _TENS:
            value = float(_SMALL.get(token, _TENS.get(token, 0)))
            if current % 10 or (current % 100 and value >= 10) or (last < 10 and value < 10):
                return None
            current, last = current + value, value
        elif token == "hundred" or token == "dozen":
            current, last = (current or 1.0) * _SCALE[token], math.inf
        elif token in _SCALE:
            total, current, last = total + (current or 1.0) * _SCALE[token], 0.0, math.inf
    return factor * (total + current)


def _rounding(number: str, scale: float) -> float:
    """Half of the last written place of a number that is plainly rounded: one with a scale word.

    At most a twentieth of the number: "2 million" is not 1.6 million.
    """
    places = len(number.partition(".")[2])
    half = 0.5 * 10.0**-places * scale
    return min(half, 0.05 * scale * float(number)) if scale >= 1000 else 0.0


def _raw(text: str) -> list[Quantity]:
    found: list[Quantity] = []
    for match in _FRACTION.finditer(text):
        if match["bottom"]:
            top = {"two": 2, "three": 3, "four": 4}.get((match["top"] or "a").lower(), 1)
            value = top * _SHARE[match["bottom"].lower().rstrip("s")]
        else:
            top_, bottom = (float(_SMALL.get(g.lower(), g)) for g in (match["n"], match["d"]))
            value = 100.0 * top_ / bottom if bottom else 0.0
        found.append(Quantity(value - 1, value + 1, value, unit=Unit("percent", 1.0, "%"),
                              start=match.start(), end=match.end()))
    for match in _DIGITS.finditer(text):
        if text[match.start() - 1 : match.start()].isalpha() and not _SIGN.search(
                text[: match.start()]):
            continue  # B12
        value = float(re.sub(r"[^\d.]", "", match["number"])) * (-1 if match["minus"] else 1)
        scale, end = 1.0, match.end()
        if match["short"]:
            if match["short"] == "m" and _METRES.match(text, match.end("short")) and not (
                    _SIGN.search(text[: match.start()])):
                end = match.end("number")
            else:
                scale = _SHORT[match["short"].strip().lower()]
        if match["scale"]:
            scale *= _SCALE[match["scale"].strip(" -\n\t").lower()]
        half = _rounding(re.sub(r"[^\d.]", "", match["number"]), scale)
        value *= scale
        found.append(Quantity(value - half, value + half, value, start=match.start(), end=end))
    for match in _WORDS.finditer(text):
        words = _words_value(match[0])
        if words is not None and match["half"] and words < 100:
            words += 0.5 if match["half"].lower() == "half" else 0.25
        if words is not None:
            rounded = match[0].lower().endswith(("thousand", "illion"))
            half = 0.05 * words if rounded else 0.0
            found.append(Quantity(words - half, words + half, words, start=match.start(),
                                  end=match.end()))
    for match in _VAGUE_WORDS.finditer(text):
        low, high = _VAGUE[match[0].lower()]
        found.append(Quantity(low, high, low, hedged=low != high, start=match.start(),
                              end=match.end()))
    found.sort(key=lambda q: (q.start, -q.end))
    kept: list[Quantity] = []
    for quantity in found:
        if not kept or quantity.start >= kept[-1].end:
            kept.append(quantity)
    return kept


def _hedge(quantity: Quantity, text: str) -> Quantity:
    """Widen a quantity by the words around it."""
    before = _BEFORE.search(text[: _sign_start(text, quantity.start)])
    after = _AFTER.match(text, quantity.end)
    value = quantity.value
    size = abs(value)
    if (before and before["more"]) or (after and after["more"]):
        return replace(quantity, high=math.inf, low=value, hedged=True)
    if before and before["less"]:
        return replace(quantity, low=-math.inf, high=quantity.high, hedged=True)
    if before and before["nearly"]:
        return replace(quantity, low=value - 0.12 * size, high=max(quantity.high, value),
                       hedged=True)
    if before or after:
        room = 0.2 if size < 1000 else 0.1
        return replace(quantity, low=value - room * size, high=value + room * size, hedged=True)
    return quantity


def _sign_start(text: str, start: int) -> int:
    sign = _SIGN.search(text[:start])
    return sign.start() if sign else start


@lru_cache(maxsize=4096)  # a question's and a sentence's are asked for by every candidate
def quantities(text: str) -> tuple[Quantity, ...]:
    """Read every number of a text, in order.

    >>> [(q.low, q.high) for q in quantities("100, then more than ninety")]
    [(100.0, 100.0), (90.0, inf)]
    >>> quantities("N310bn")[0].currency, quantities("310 billion naira")[0].value
    ('NGN', 310000000000.0)
    >>> quantities("15 to 20 km")[0].high
    20.0
    """
    read: list[Quantity] = []
    for raw in _raw(text):
        sign = _SIGN.search(text[: raw.start])
        quantity = replace(raw, currency=_code(sign[0]) if sign else None)
        if not sign and (money := currency_after(text, raw.end)):
            quantity = replace(quantity, currency=money[0], end=money[1])
        elif not sign and quantity.unit is None and (unit := unit_after(text, raw.end)):
            quantity = replace(quantity, unit=unit[0], end=unit[1])
        hedged = _hedge(replace(quantity, end=raw.end), text)
        quantity = replace(hedged, start=_sign_start(text, raw.start), end=quantity.end)
        if read and _joined(read[-1], quantity, text):
            first = read.pop()
            scale = _shared_scale(first, quantity, text)
            quantity = replace(quantity, low=min(first.low * scale, quantity.low), hedged=True,
                               currency=quantity.currency or first.currency, start=first.start)
        read.append(quantity)
    return tuple(read)


def _code(sign: str) -> str:
    return CURRENCY_SIGNS.get(sign.strip(), sign.strip())


def _joined(first: Quantity, second: Quantity, text: str) -> bool:
    """Whether two numbers are the ends of one range: "10 to 20", "between 10 and 20", "10-20"."""
    gap = text[first.end : second.start]
    if not _BETWEEN.fullmatch(gap) or first.value >= second.value * max(1.0, second.value):
        return False
    if first.unit and second.unit and first.unit != second.unit:
        return False
    if gap.strip().lower() == "and":
        return bool(re.search(r"\bbetween\s+$", text[: first.start], re.IGNORECASE))
    return first.value * _shared_scale(first, second, text) < second.value


def _shared_scale(first: Quantity, second: Quantity, text: str) -> float:
    """The scale word of the second end that the first leaves out: "2 to 3 million"."""
    for word in (*_SCALE, *_SHORT):
        if re.search(rf"[\d\s-]{word}\b", text[second.start : second.end], re.IGNORECASE):
            scale = {**_SCALE, **_SHORT}[word]
            return scale if first.value < 1000 and scale > 12 and first.value < second.value else 1
    return 1.0

"""Whether two quantities can both be right: hedges, rounding, ranges, units and currencies."""

from __future__ import annotations

import math
from typing import Literal

from rag.compare.numbers import Quantity
from rag.compare.units import same_currency

Relation = Literal["same", "compatible", "conflicting", "unknown"]
# Quantities in two units are converted and rounded by people: they agree within this share.
_CONVERTED = 0.03
# The rounder of two bare counts is taken for the other's rounding within this share.
_ROUNDED = 0.05


def compare(a: Quantity, b: Quantity) -> tuple[Relation, str]:
    """Compare two quantities, and say why in one line.

    >>> from rag.compare.numbers import quantities
    >>> one = lambda text: quantities(text)[0]
    >>> compare(one("100"), one("about a hundred"))[0]
    'compatible'
    >>> compare(one("5 miles"), one("8 km"))[0]
    'compatible'
    >>> compare(one("12 people"), one("more than 20 people"))[0]
    'conflicting'
    """
    mismatch = _other_thing(a, b)
    if mismatch:
        return "unknown", mismatch
    if a.unit and b.unit and a.unit.name != b.unit.name:
        return _converted(a, b)
    if a.low == b.low and a.high == b.high:
        return ("compatible" if a.hedged else "same"), f"both are {a.value:g}"
    if a.low <= b.high and b.low <= a.high:
        return "compatible", f"{_span(a)} and {_span(b)} overlap"
    if not (a.hedged and b.hedged) and (_rounds_to(a, b) or _rounds_to(b, a)):
        return "compatible", f"{a.value:g} and {b.value:g} are one number, rounded"
    return "conflicting", f"{_span(a)} and {_span(b)} cannot both be right"


def _other_thing(a: Quantity, b: Quantity) -> str:
    """Why two quantities are not comparable at all; empty when they are."""
    if a.currency and b.currency:
        return "" if same_currency(a.currency, b.currency) else (
            f"{a.currency} and {b.currency} are different currencies")
    if (a.currency and b.unit) or (b.currency and a.unit):
        return "one is money, the other is not"
    if a.unit and b.unit and a.unit.dimension != b.unit.dimension:
        return f"{a.unit.dimension} and {b.unit.dimension} are different quantities"
    for one, other in ((a, b), (b, a)):
        # A percentage and a bare count, or a sum of money and a bare number, measure two things;
        # a bare number beside a length or a duration takes the unit of its neighbour.
        if one.unit and one.unit.dimension == "percent" and not other.unit:
            return "one is a share, the other a count"
        if one.currency and not other.currency:
            return "one is money, the other is not"
        if one.unit and not other.unit:
            return "only one has a unit"
    return ""


def _converted(a: Quantity, b: Quantity) -> tuple[Relation, str]:
    if a.unit is None or b.unit is None:
        raise ValueError("both quantities must have a unit")
    if a.unit.dimension == "temperature":
        low_a, high_a = (_celsius(v, a.unit.name) for v in (a.low, a.high))
        low_b, high_b = (_celsius(v, b.unit.name) for v in (b.low, b.high))
        slack = 1.0
    else:
        low_a, high_a = (v * a.unit.factor for v in (_floor(a), _ceiling(a)))
        low_b, high_b = (v * b.unit.factor for v in (_floor(b), _ceiling(b)))
        size = max(abs(a.value * a.unit.factor), abs(b.value * b.unit.factor))
        # "Tons" are metric or short as the paper likes; months and years are means.
        loose = {a.unit.name, b.unit.name} & {"ton"} or a.unit.dimension == "time"
        slack = (0.11 if loose else _CONVERTED) * size
    if low_a - slack <= high_b and low_b - slack <= high_a:
        return "compatible", f"{a.value:g} {a.unit.name} is about {b.value:g} {b.unit.name}"
    return "conflicting", f"{a.value:g} {a.unit.name} is not {b.value:g} {b.unit.name}"


def _celsius(value: float, scale: str) -> float:
    return (value - 32) / 1.8 if scale == "F" else value


def _place(value: float) -> float:
    """The power of ten of the last digit that is not a zero: 100 for 1300, 0.1 for 2.5."""
    if value == 0 or not math.isfinite(value):
        return 1.0
    place = 10.0 ** math.floor(math.log10(abs(value)))
    while abs(value / place - round(value / place)) > 1e-6 and place > 1e-6:
        place /= 10
    return place


def _floor(q: Quantity) -> float:
    return q.low if q.hedged else min(q.low, q.value - _place(q.value) / 2)


def _ceiling(q: Quantity) -> float:
    return q.high if q.hedged else max(q.high, q.value + _place(q.value) / 2)


def _rounds_to(exact: Quantity, rounded: Quantity) -> bool:
    """Whether ``rounded`` is ``exact`` written with fewer places: 1,487 and 1,500, 59.6 and 60."""
    place = _place(rounded.value)
    if place <= _place(exact.value) or exact.value == 0:
        return False
    if abs(rounded.value) < 100 and place >= 1 and _place(exact.value) >= 1:
        return False
    near = abs(rounded.value - exact.value) <= place / 2
    return near and abs(rounded.value - exact.value) <= _ROUNDED * abs(exact.value)


def _span(q: Quantity) -> str:
    if q.low == q.high:
        return f"{q.value:g}"
    if math.isinf(q.high):
        return f"more than {q.low:g}"
    if math.isinf(q.low):
        return f"up to {q.high:g}"
    return f"{q.low:g} to {q.high:g}"

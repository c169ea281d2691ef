"""Numbers, money and quantities: what their words allow, and which exclude each other."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.compare.numbers import Quantity, quantities
from rag.compare.quantities import compare


def one(text: str) -> Quantity:
    """The one number of a text."""
    (only,) = quantities(text)
    return only


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("100", 100, 100),
        ("a hundred", 100, 100),
        ("about a hundred", 80, 120),
        ("more than 90", 90, math.inf),
        ("at least twelve", 12, math.inf),
        ("up to 50", -math.inf, 50),
        ("100+", 100, math.inf),
        ("twenty-one", 21, 21),
        ("two thousand and twenty-four", 2024, 2024),
        ("nine hundred thousand and five", 900005, 900005),
        ("1,487,312", 1487312, 1487312),
        ("20\u00a0000", 20000, 20000),
        ("1.5 million", 1.45e6, 1.55e6),
        ("2 million", 1.9e6, 2.1e6),
        ("three and a half", 3.5, 3.5),
        ("between 10 and 20", 10, 20),
        ("15 to 20", 15, 20),
        ("two to three million", 2e6, 3.15e6),
        ("a dozen", 12, 12),
        ("dozens", 24, 200),
        ("no one", 0, 0),
        ("nearly 60", 52.8, 60),
    ],
)
def test_a_number_is_read_as_the_span_that_its_words_allow(
    text: str, low: float, high: float
) -> None:
    read = one(text)
    assert (read.low, read.high) == pytest.approx((low, high))


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("N310bn", 310e9, "NGN"),
        ("310 billion naira", 310e9, "NGN"),
        ("$1.5m", 1.5e6, "dollar"),
        ("US$20 million", 20e6, "USD"),
        ("£6.8m", 6.8e6, "pound"),
        ("95 euros", 95, "EUR"),
        ("30 GBP", 30, "GBP"),
        ("Rs 500", 500, "rupee"),
    ],
)
def test_money_is_read_with_its_currency(text: str, value: float, currency: str) -> None:
    read = one(text)
    assert read.value == pytest.approx(value)
    assert read.currency == currency


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("5 miles", 5, "mile"),
        ("6-foot", 6, "ft"),
        ("100 km per hour", 100, "km/h"),
        ("41 degrees Celsius", 41, "C"),
        ("1,200 kilograms", 1200, "kg"),
        ("33 per cent", 33, "%"),
        ("a third of voters", 100 / 3, "%"),
        ("one in five", 20, "%"),
        ("a 5m high wall", 5, "m"),
    ],
)
def test_a_quantity_is_read_with_its_unit(text: str, value: float, unit: str) -> None:
    read = one(text)
    assert read.value == pytest.approx(value)
    assert read.unit is not None
    assert read.unit.name == unit


@pytest.mark.parametrize("text", ["COVID-19", "vitamin B12", "A4 paper", "nothing"])
def test_what_only_looks_like_a_number_is_none(text: str) -> None:
    assert quantities(text) == ()


@pytest.mark.parametrize(
    ("a", "b", "relation"),
    [
        ("100", "a hundred", "same"),
        ("100", "about a hundred", "compatible"),
        ("97", "100", "compatible"),
        ("94", "100", "conflicting"),
        ("1,487", "1,500", "compatible"),
        ("1,487", "1,600", "conflicting"),
        ("more than 90", "100", "compatible"),
        ("more than 90", "80", "conflicting"),
        ("at least 12", "at least 15", "compatible"),
        ("up to 50", "60", "conflicting"),
        ("10 to 20", "15", "compatible"),
        ("$2.47 billion", "some $2.5bn", "compatible"),
        ("N310bn", "310 billion naira", "same"),
        ("$20", "£20", "unknown"),
        ("US$20", "$30", "conflicting"),
        ("5 miles", "8 km", "compatible"),
        ("5 miles", "5 km", "conflicting"),
        ("150 metres", "492 feet", "compatible"),
        ("1.2 tonnes", "1,200 kilograms", "compatible"),
        ("90 minutes", "an hour and a half", "unknown"),
        ("two weeks", "14 days", "compatible"),
        ("41 degrees Celsius", "106 degrees Fahrenheit", "compatible"),
        ("41 degrees Celsius", "90 degrees Fahrenheit", "conflicting"),
        ("half of voters", "50 per cent", "compatible"),
        ("61 per cent", "53%", "conflicting"),
        ("12 per cent", "12", "unknown"),
        ("5 miles", "5 kilograms", "unknown"),
    ],
)
def test_two_quantities_exclude_each_other_only_when_no_value_fits_both(
    a: str, b: str, relation: str
) -> None:
    first, second = quantities(a), quantities(b)
    if not first or not second:
        assert relation == "unknown"
        return
    assert compare(first[0], second[0])[0] == relation
    assert compare(second[0], first[0])[0] == relation


@given(st.integers(0, 10**12))
def test_any_whole_number_is_the_same_with_and_without_commas(number: int) -> None:
    assert compare(one(f"{number}"), one(f"{number:,}"))[0] == "same"


@given(st.text(max_size=200))
def test_any_text_is_read_without_failing_and_spans_stand_in_it(text: str) -> None:
    for read in quantities(text):
        assert 0 <= read.start < read.end <= len(text)
        assert read.low <= read.high


@given(st.text(alphabet="0123456789 ,.-kmbn$£NR to", max_size=60))
def test_numbers_of_any_make_compare_the_same_in_both_orders(text: str) -> None:
    read = quantities(text)
    for a in read:
        for b in read:
            assert compare(a, b)[0] == compare(b, a)[0]

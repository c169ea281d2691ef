"""Dates and times: what is told, what stays open, and which exclude each other."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.compare import times
from rag.compare.dates import Date, compare, dates

SPRING = dt.date(2024, 4, 12)


def one(text: str, published: dt.date | None = None) -> Date:
    """The one date of a text."""
    (only,) = dates(text, published)
    return only


@pytest.mark.parametrize(
    ("text", "year", "month", "day"),
    [
        ("3 February 2022", 2022, 2, 3),
        ("February 3, 2022", 2022, 2, 3),
        ("2022-02-03", 2022, 2, 3),
        ("the 12th of May", None, 5, 12),
        ("May 2023", 2023, 5, None),
        ("in February", None, 2, None),
        ("last July", None, 7, None),
        ("in 1987", 1987, None, None),
        ("Tuesday, 12 March 2024", 2024, 3, 12),
        ("Sept. 9", None, 9, 9),
        ("on the 3rd of may", None, 5, 3),
        ("5 march 2024", 2024, 3, 5),
        ("as of may 2024", 2024, 5, None),
    ],
)
def test_a_date_knows_what_its_words_tell(
    text: str, year: int | None, month: int | None, day: int | None
) -> None:
    read = one(text)
    assert (read.year, read.month, read.day) == (year, month, day)


@pytest.mark.parametrize("text", [
    "he may go", "12 may come", "1,990 people", "$2000", "they march on", "31 June"])
def test_what_only_looks_like_a_date_is_none_or_is_not_resolved(text: str) -> None:
    assert all(d.low is None for d in dates(text, SPRING))


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("last July", dt.date(2023, 7, 1), dt.date(2023, 7, 31)),
        ("last month", dt.date(2024, 3, 1), dt.date(2024, 3, 31)),
        ("last year", dt.date(2023, 1, 1), dt.date(2023, 12, 31)),
        ("July last year", dt.date(2023, 7, 1), dt.date(2023, 7, 31)),
        ("next March", dt.date(2025, 3, 1), dt.date(2025, 3, 31)),
        ("the 1990s", dt.date(1990, 1, 1), dt.date(1999, 12, 31)),
    ],
)
def test_what_is_relative_is_resolved_against_the_article(
    text: str, low: dt.date, high: dt.date
) -> None:
    read = one(text, SPRING)
    assert (read.low, read.high) == (low, high)


def test_last_july_in_december_leaves_the_year_open() -> None:
    assert one("last July", dt.date(2024, 12, 1)).year is None


def test_a_bare_month_leaves_the_year_open() -> None:
    assert one("in December", SPRING).year is None


@pytest.mark.parametrize("text", ["last month", "yesterday", "almost a year ago", "two weeks ago"])
def test_without_the_articles_day_what_is_relative_stays_open(text: str) -> None:
    read = one(text)
    assert (read.year, read.month, read.day, read.low, read.high) == (None,) * 5


@pytest.mark.parametrize(
    ("a", "b", "relation"),
    [
        ("last July", "May 2023", "conflicting"),
        ("May 2023", "2023", "compatible"),
        ("May 2023", "May 2022", "conflicting"),
        ("May 2023", "19 May 2023", "compatible"),
        ("3 February 2022", "February 3, 2022", "same"),
        ("February", "15 February 2024", "compatible"),
        ("Monday", "Wednesday", "conflicting"),
        ("Tuesday", "12 March 2024", "compatible"),
        ("Wednesday", "12 March 2024", "conflicting"),
        ("almost a year ago", "May 2023", "unknown"),
        ("the 1970s", "1974", "compatible"),
        ("the 1970s", "1984", "conflicting"),
        ("around 1650", "1652", "compatible"),
        ("around 1650", "1700", "conflicting"),
        ("before 1650", "1700", "unknown"),
    ],
)
def test_two_dates_exclude_each_other_only_in_what_both_tell(
    a: str, b: str, relation: str
) -> None:
    assert compare(one(a), one(b))[0] == relation
    assert compare(one(b), one(a))[0] == relation


@pytest.mark.parametrize(
    ("a", "day_a", "b", "day_b", "relation"),
    [
        ("last month", dt.date(2024, 3, 9), "February", None, "compatible"),
        ("last month", dt.date(2024, 3, 9), "January", None, "conflicting"),
        ("last July", SPRING, "May 2023", None, "conflicting"),
        ("almost a year ago", SPRING, "May 2023", None, "compatible"),
        ("almost a year ago", SPRING, "May 2019", None, "conflicting"),
        ("yesterday", dt.date(2023, 7, 6), "5 July 2023", None, "compatible"),
        ("two weeks ago", SPRING, "29 March 2024", None, "compatible"),
        ("two weeks ago", SPRING, "2 January 2024", None, "conflicting"),
    ],
)
def test_relative_dates_are_compared_by_their_articles_days(
    a: str, day_a: dt.date | None, b: str, day_b: dt.date | None, relation: str
) -> None:
    assert compare(one(a, day_a), one(b, day_b))[0] == relation


@pytest.mark.parametrize(
    ("a", "b", "relation"),
    [
        ("9.30pm", "21:30", "same"),
        ("noon", "12pm", "same"),
        ("8am", "8.30am", "conflicting"),
        ("around 8am", "8.15am", "compatible"),
        ("8 o'clock", "8pm", "same"),
        ("11.40pm", "12.30am", "conflicting"),
    ],
)
def test_times_of_day(a: str, b: str, relation: str) -> None:
    assert times.compare(times.times(a)[0], times.times(b)[0])[0] == relation


@given(st.dates(dt.date(1400, 1, 1), dt.date(2099, 12, 31)))
def test_a_day_is_the_same_however_it_is_written(day: dt.date) -> None:
    long = one(f"{day.day} {day:%B} {day.year}")
    assert compare(long, one(f"{day:%B} {day.day}, {day.year}"))[0] == "same"
    assert compare(long, one(day.isoformat()))[0] == "same"
    assert compare(long, one(f"{day:%B} {day.year}"))[0] == "compatible"


@given(st.text(max_size=200), st.none() | st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)))
def test_any_text_is_read_without_failing(text: str, published: dt.date | None) -> None:
    for read in dates(text, published):
        assert 0 <= read.start < read.end <= len(text)
        assert (read.low is None) == (read.high is None)
        assert read.low is None or read.high is None or read.low <= read.high


@given(st.integers(0, 10**6), st.sampled_from(["days", "weeks", "months", "years", "decades"]))
def test_any_number_of_years_ago_is_a_day_of_the_calendar_or_open(count: int, unit: str) -> None:
    for read in dates(f"{count} {unit} ago", dt.date(2024, 1, 1)):
        assert read.high is None or read.high <= dt.date(2024, 1, 1)

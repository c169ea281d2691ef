"""Dates as far as the words tell them: which fields are known, and which days they can mean.

"May 2023" knows year and month; "last July" knows the month, and the year only when the article's
day of publication does; "almost a year ago" knows nothing without it. What is not known stays
open, so two dates conflict only in what both of them say. `dateparser`, the library for this,
gives one point in time where a span is meant ("May 2023" as the 12th) and nothing at all for
"last July", so the reading is done here.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

Relation = Literal["same", "compatible", "conflicting", "unknown"]

MONTHS = {name.lower(): i for i, name in enumerate(calendar.month_name) if name}
MONTHS |= {name[:3]: i for name, i in MONTHS.items()} | {"sept": 9}
_WEEKDAYS = {name.lower(): i for i, name in enumerate(calendar.day_name)}
MONTH_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))  # of a pattern
_MONTH = rf"(?P<month>{MONTH_NAMES})\b\.?"
_YEAR = r"(?P<year>1[0-9]{3}|20[0-9]{2})"
_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?\b"
_COUNT = {w: i for i, w in enumerate(
    "zero one two three four five six seven eight nine ten eleven twelve".split())}
_COUNT |= {"a": 1, "an": 1, "a couple of": 2, "fifteen": 15, "twenty": 20, "thirty": 30}
_NUMBER = r"(?P<n>\d{1,4}|" + "|".join(sorted(_COUNT, key=len, reverse=True)) + r")"
_DAYS = {"day": 1, "week": 7, "fortnight": 14, "month": 30.44, "year": 365.25, "decade": 3652.5}

_PATTERNS = tuple(re.compile(p, re.IGNORECASE) for p in (
    rf"\b{_YEAR}-(?P<month>0?[1-9]|1[0-2])-(?P<day>3[01]|[12]\d|0?[1-9])\b",
    rf"\b{_DAY}\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR}\b)?",
    rf"\b{_MONTH}\s+{_DAY}(?!\s*(?:people|%|per))(?:,?\s+{_YEAR}\b)?",
    rf"\b(?:(?P<which>last|this past|next|this)\s+)?{_MONTH}(?:,?\s+(?:of\s+)?{_YEAR}\b)?"
    r"(?:\s+(?P<of>last|this|next)\s+year)?",
    r"\b(?P<which>last|next|this past|this)\s+(?P<period>week|month|year|weekend|night|morning|"
    r"afternoon|evening|summer|winter|spring|autumn|fall)\b",
    rf"\b{_NUMBER}\s+(?P<unit>day|week|fortnight|month|year|decade)s?\s+"
    r"(?P<side>ago|earlier|later)",
    r"\b(?P<decade>1[0-9]{2}|20[0-9])0s\b",
    rf"(?<![\d,.$£€]){_YEAR}\b(?![\d,.]*\d|\s+(?:people|men|women|troops|soldiers))",
    r"\b(?P<relative>yesterday|today|tonight|tomorrow|the\s+day\s+before\s+yesterday)\b",
    rf"\b(?:(?P<which>last|next|this)\s+)?(?P<weekday>{'|'.join(_WEEKDAYS)})\b",
))
_FUZZ = re.compile(r"\b(?:almost|nearly|about|around|roughly|some|more\s+than|over|just\s+over|"
                   r"circa)\s+(?:an?\s+)?$", re.IGNORECASE)
# "the 3rd of may", and not "12 may come".
_DAY_OF = re.compile(r"\d(?:st|nd|rd|th)\b|\bof\b", re.I)
_LOOSE = re.compile(r"\b(?:about|around|roughly|circa|c\.|before|after|by|until|since)\s+$",
                    re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Date:
    """A date as far as it is told.

    Attributes:
        year: The year, or None where it is open.
        month: The month from 1, or None.
        day: The day of the month, or None.
        weekday: The day of the week from Monday = 0, or None.
        low: First day it can mean; None where the words leave it open.
        high: Last day it can mean; None as above.
        fuzzy: Whether ``low`` and ``high`` are a guess at what "about" or "ago" leave room for.
        resolved: Whether the article's day of publication was used.
        start: First character in the text it was read from.
        end: One past the last character.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    low: dt.date | None = None
    high: dt.date | None = None
    fuzzy: bool = False
    resolved: bool = False
    start: int = 0
    end: int = 0


def dates(text: str, published: dt.date | None = None) -> tuple[Date, ...]:
    """Read every date of a text, in order, with what is relative resolved where that is possible.

    >>> (d := dates("a coup last July")[0]).month, d.year
    (7, None)
    >>> dates("a coup last July", dt.date(2024, 4, 12))[0].year
    2023
    >>> dates("in May 2023")[0].high
    datetime.date(2023, 5, 31)
    """
    found: list[Date] = []
    taken: list[tuple[int, int]] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            date = _read(match, text, published)
            if date:
                taken.append(match.span())
                found.append(date)
    found.sort(key=lambda d: d.start)
    # "Tuesday, 12 March" is one date.
    return tuple(d for at, d in enumerate(found)
                 if not (d.weekday is not None and d.day is None and at + 1 < len(found)
                         and found[at + 1].day and found[at + 1].start - d.end <= 6))


def _read(match: re.Match[str], text: str, published: dt.date | None) -> Date | None:
    got = {k: v.lower() for k, v in match.groupdict().items() if v}
    at = match.span()
    if "decade" in got:
        year = int(got["decade"] + "0")
        return Date(low=dt.date(year, 1, 1), high=dt.date(year + 9, 12, 31), start=at[0], end=at[1])
    if "unit" in got:
        return _ago(got, bool(_FUZZ.search(text[: at[0]])), published, at)
    if "period" in got:
        return _period(got["which"], got["period"], published, at)
    if "relative" in got:
        steps = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
        return _exact(published, steps.get(got["relative"], -2), at)
    if "weekday" in got:
        return _weekday(got, published, at)
    if got.get("month") in ("may", "march", "mar") and match["month"][:1].islower() and not (
            "year" in got or _DAY_OF.search(match[0])):
        return None  # the verb
    return _calendar(got, text, published, at)


def _calendar(got: dict[str, str], text: str, published: dt.date | None,
              at: tuple[int, int]) -> Date | None:
    year = int(got["year"]) if "year" in got else None
    month = None
    if "month" in got:
        month = int(got["month"]) if got["month"].isdigit() else MONTHS[got["month"].rstrip(".")]
    day = int(got["day"]) if "day" in got else None
    resolved = False
    if year is None and month and published:
        year = _year_of(month, got, published)
        resolved = year is not None
    if year is not None and day and month and day > calendar.monthrange(year, month)[1]:
        return None
    low, high = _bounds(year, month, day)
    loose = _LOOSE.search(text[: at[0]])
    if loose and low and high and not day:
        # "Around 1650" leaves a decade's room, "by May" leaves all that was before.
        room = dt.timedelta(3653 if month is None else 31)
        if not _FUZZ.search(text[: at[0]]):
            return Date(start=at[0], end=at[1])
        return Date(low=low - room, high=high + room, fuzzy=True, start=at[0], end=at[1])
    return Date(year, month, day, low.weekday() if low and low == high else None, low, high,
                resolved=resolved, start=at[0], end=at[1])


def _year_of(month: int, got: dict[str, str], published: dt.date) -> int | None:
    """The year that a month without one means in an article of that day; None where it is open.

    A bare month may lie ahead or behind. "Last July" in December may be of that year or the
    year before, in April only of the year before.
    """
    if "of" in got:
        return published.year + {"last": -1, "this": 0, "next": 1}[got["of"]]
    which = got.get("which")
    if which == "this":
        return published.year
    if which == "next":
        return published.year + 1 if month <= published.month else None
    return published.year - 1 if which and month >= published.month else None


def _bounds(year: int | None, month: int | None, day: int | None,
            ) -> tuple[dt.date, dt.date] | tuple[None, None]:
    if year is None:
        return None, None
    if month is None:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    if day is None:
        return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])
    return dt.date(year, month, day), dt.date(year, month, day)


def _exact(published: dt.date | None, days: int, at: tuple[int, int]) -> Date:
    if published is None:
        return Date(start=at[0], end=at[1])
    # What is printed on a day was often written, and happened, the day before.
    low, high = published + dt.timedelta(days - 1), published + dt.timedelta(days)
    return Date(low.year if low.year == high.year else None, None, None, None, low, high,
                fuzzy=True, resolved=True, start=at[0], end=at[1])


def _weekday(got: dict[str, str], published: dt.date | None, at: tuple[int, int]) -> Date:
    weekday = _WEEKDAYS[got["weekday"]]
    if published is None:
        return Date(weekday=weekday, start=at[0], end=at[1])
    low, high = published - dt.timedelta(13), published + dt.timedelta(7)
    return Date(weekday=weekday, low=low, high=high, fuzzy=True, resolved=True,
                start=at[0], end=at[1])


def _ago(got: dict[str, str], fuzzy: bool, published: dt.date | None, at: tuple[int, int]) -> Date:
    if published is None or got["side"] != "ago":
        return Date(start=at[0], end=at[1])
    count = int(got["n"]) if got["n"].isdigit() else _COUNT[got["n"]]
    unit = _DAYS[got["unit"]]
    away = count * unit
    room = max(1.0, unit * (0.5 if got["unit"] in ("day", "week") else 0.6), 0.15 * away)
    if fuzzy:
        room = max(room, 0.3 * away)
    low, high = (published - dt.timedelta(min(away + r, 365 * (published.year - 1)))
                 for r in (room, -room))
    return Date(low=low, high=min(high, published), fuzzy=True, resolved=True,
                start=at[0], end=at[1])


def _period(which: str, period: str, published: dt.date | None, at: tuple[int, int]) -> Date:
    step = {"last": -1, "this past": -1, "next": 1, "this": 0}[which]
    if published is None:
        return Date(start=at[0], end=at[1])
    if period == "year":
        year: int | None = published.year + step
        month = None
    elif period == "month":
        index = published.year * 12 + published.month - 1 + step
        year, month = index // 12, index % 12 + 1
    else:
        days = {"week": 14, "weekend": 9, "summer": 460, "winter": 460, "spring": 460,
                "autumn": 460, "fall": 460}.get(period, 2)
        back, ahead = (days, 1) if step < 0 else (1, days) if step > 0 else (days // 2, days // 2)
        return Date(low=published - dt.timedelta(back), high=published + dt.timedelta(ahead),
                    fuzzy=True, resolved=True, start=at[0], end=at[1])
    low, high = _bounds(year, month, None)
    return Date(year, month, None, None, low, high, resolved=True, start=at[0], end=at[1])


def compare(a: Date, b: Date) -> tuple[Relation, str]:
    """Compare two dates in what both of them say, and say why in one line.

    >>> one = lambda text, day=None: dates(text, day)[0]
    >>> compare(one("last July"), one("May 2023"))[0]
    'conflicting'
    >>> compare(one("February"), one("last month", dt.date(2024, 3, 9)))[0]
    'compatible'
    >>> compare(one("almost a year ago"), one("May 2023"))[0]
    'unknown'
    """
    names = ("year", "month", "day", "weekday")
    told = [(n, getattr(a, n), getattr(b, n)) for n in names]
    both = [(n, x, y) for n, x, y in told if x is not None and y is not None]
    for name, x, y in both:
        if x != y and not (name == "year" and (a.resolved or b.resolved) and (a.fuzzy or b.fuzzy)):
            return "conflicting", f"the {name}s differ: {_name(name, x)} and {_name(name, y)}"
    if a.low and a.high and b.low and b.high:
        slack = dt.timedelta(2 if a.resolved or b.resolved else 0)
        if a.low > b.high + slack or b.low > a.high + slack:
            spans = f"{a.low} to {a.high} and {b.low} to {b.high}"
            return "conflicting", f"{spans} have no day in common"
        same = (a.low, a.high) == (b.low, b.high)
        return ("same" if same else "compatible"), "the days they can mean overlap"
    for open_, located in ((a, b), (b, a)):
        if open_.month and open_.low is None and located.low and located.high:
            return _in_its_year(open_, located)
    if not both:
        return "unknown", "the dates tell nothing that both share"
    same = all(x == y for _, x, y in told)
    return ("same" if same else "compatible"), "they agree in " + ", ".join(n for n, _, _ in both)


def _in_its_year(open_: Date, located: Date) -> tuple[Relation, str]:
    """Compare a date without its year with one whose days are known: the year is the nearest."""
    if open_.month is None or located.low is None or located.high is None:
        raise ValueError("a month and known days are needed")
    slack = dt.timedelta(2)
    for year in range(located.low.year - 1, located.high.year + 2):
        if open_.day and open_.day > calendar.monthrange(year, open_.month)[1]:
            continue
        low, high = _bounds(year, open_.month, open_.day)
        if low and high and low <= located.high + slack and located.low <= high + slack:
            return "compatible", f"{low} to {high} and {located.low} to {located.high} overlap"
    return "conflicting", f"no year puts {_name('month', open_.month)} where the other date is"


def _name(field: str, value: int) -> str:
    if field == "month":
        return calendar.month_name[value]
    return calendar.day_name[value] if field == "weekday" else str(value)

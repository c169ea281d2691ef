"""Plain text -> the author, day and news agency that its first lines declare beyond doubt.

Only whole lines in a fixed form count ("By Jane Roe", "Published 12 March 2024"), and datelines
of known agencies ("LUSAKA, March 26 (Reuters) -"). Days written as 03/04/2024 are left alone:
nobody can tell the month.
"""

from __future__ import annotations

import datetime as dt
import re

from rag.formats.parsed import Parsed

_MONTH = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
)
_FIRST_LETTERS = "jan feb mar apr may jun jul aug sep oct nov dec"
_DAY = re.compile(
    rf"(?P<y>\d{{4}})-(?P<m>\d\d)-(?P<d>\d\d)(?!\d)"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m2>{_MONTH})\.?,?\s+(?P<y2>\d{{4}})(?!\d)"
    rf"|(?P<m3>{_MONTH})\.?\s+(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y3>\d{{4}})(?!\d)",
    re.IGNORECASE,
)
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?"
_PUBLISHED = re.compile(
    rf"(?:(?:first\s+)?(?:published|posted)(?:\s+on|\s+at)?|date|published\s+date)\s*:?\s*"
    rf"{_WEEKDAY}(?P<day>.{{6,40}}?)(?:[\s,|•·–-].*)?$",
    re.IGNORECASE,
)
_NAME = r"[A-Z][\w’'-]+(?:\s+(?:[A-Z]\.?|[A-Z][\w’'-]+|van|von|de|al|bin|el|der|la|du)){1,3}"
_NAMES = rf"{_NAME}(?:(?:,| and| &)\s+{_NAME}){{0,3}}"
_BY = re.compile(rf"(?:By|Written by|Author:)\s+(?P<who>{_NAMES})$")
_AGENCIES = (
    "Reuters|Thomson Reuters Foundation|AP|Associated Press|AFP|Agence France-Presse|dpa|DPA|UPI"
    "|Bloomberg|Xinhua|TASS|Tass|Interfax|PTI|ANI|IANS|EFE|ANSA|Kyodo|Yonhap|Anadolu|AA|ANP|APA|ATS"
    "|Ritzau|NTB|TT|PAP|MTI|NAN|ANP|PA|PA Media|CNA|Bernama|Antara|IPS|RFE/RL|VOA"
)
_DATELINE = re.compile(
    rf"[A-Z][\w .’'/-]{{1,40}}(?:, [A-Z][\w. ]{{1,30}}){{0,2}} \((?P<agency>{_AGENCIES})\) ?[-–—] "
)
_NEAR_TOP = 8  # lines


def parse_day(text: str) -> dt.date | None:
    """Read an unambiguous day at the start of ``text``: 2024-03-12, 12 March 2024."""
    match = _DAY.match(text.strip())
    if match is None:
        return None
    parts = {key[0]: value for key, value in match.groupdict().items() if value}
    named = parts["m"].isalpha()
    month = _FIRST_LETTERS.index(parts["m"][:3].lower()) // 4 + 1 if named else int(parts["m"])
    try:
        return dt.date(int(parts["y"]), month, int(parts["d"]))
    except ValueError:
        return None


def declared(text: str) -> Parsed:
    """Read byline, dateline and day of publication from the first lines of plain text."""
    author: str | None = None
    publisher: str | None = None
    published: dt.date | None = None
    head = [line.strip() for line in text[:4000].splitlines() if line.strip()][:_NEAR_TOP]
    for line in head:
        if publisher is None and (match := _DATELINE.match(line)):
            publisher = match["agency"]
        if len(line) > 120:
            continue
        if author is None and (match := _BY.match(line)):
            author = match["who"]
        if published is None:
            if match := _PUBLISHED.match(line):
                published = parse_day(line[match.start("day") :])
            elif (whole := _DAY.fullmatch(line)) is not None:
                published = parse_day(whole.group())
    return Parsed(text=text, publisher=publisher, author=author, published=published)

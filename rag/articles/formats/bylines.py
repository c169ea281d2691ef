"""Plain text -> the author, day and news agency that its first lines declare beyond doubt.

Only whole lines in a fixed form count ("By Jane Roe", "Published 12 March 2024", "Tuesday, 12 March
2024", "By Jane Roe, harbour correspondent. 12 March 2024", "Jane Roe, 12 March 2024"), datelines of
agencies ("LUSAKA, March 26 (Reuters) -", "LUND, May 3 (Coast News) -"), and datelines with a whole
date ("Tolm, 12 March 2024 -"). Days written as 03/04/2024 are left alone: nobody can tell the
month.
"""

from __future__ import annotations

import datetime as dt
import re

from rag.articles.formats.parsed import Parsed

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
_POST = r"(?i:(?:[\w’'-]+\s+){0,4}(?:desk|staff|editor|correspondent|reporter|writer))"
_NAMES = rf"{_NAME}(?:(?:,| and| &)\s+(?!{_POST}\b){_NAME}){{0,3}}"
_ON = rf"(?i:{_WEEKDAY}(?P<day>{_DAY.pattern}))"
BYLINE = re.compile(rf"(?:By|Written by|Author:)\s+(?P<who>{_NAMES})"
                    rf"(?:(?:\s+in\s+[A-Z][\w .’'-]{{1,40}})?,\s+{_ON}|,\s+{_POST})?\.?$")
_AGENCIES = (
    "Reuters|Thomson Reuters Foundation|AP|Associated Press|AFP|Agence France-Presse|dpa|DPA|UPI"
    "|Bloomberg|Xinhua|TASS|Tass|Interfax|PTI|ANI|IANS|EFE|ANSA|Kyodo|Yonhap|Anadolu|AA|ANP|APA|ATS"
    "|Ritzau|NTB|TT|PAP|MTI|NAN|ANP|PA|PA Media|CNA|Bernama|Antara|IPS|RFE/RL|VOA"
)
# An agency that its own name tells: "Coast News", "Northline Press".
_CALLED = (r"[A-Z][\w.&’-]*(?: [A-Z][\w.&’-]*){0,3} "
           r"(?:News|Press|Agency|Wire|Times|Post|Herald|Gazette|Radio)")
_DATELINE = re.compile(
    rf"[A-Z][\w .’'/-]{{1,40}}(?:, [\w. ]{{1,30}}){{0,3}} "
    rf"\((?P<agency>{_AGENCIES}|{_CALLED})\) ?[-–—] "
)
# Between the day of a dateline and its dash stands an agency, whatever it is called.
_DATED = re.compile(
    rf"[A-Z][\w .’'/-]{{1,40}}(?:, [A-Z][\w. ]{{1,30}})?, (?i:\d{{1,2}}\s+(?:{_MONTH})\.?|"
    rf"(?:{_MONTH})\.?\s+\d{{1,2}})(?:,?\s+\d{{4}})? "
    r"\((?P<agency>[A-Z][\w.&’-]*(?: [A-Z][\w.&’-]*){0,3})\) ?[-–—] ")
# "LUND, Sweden, 2 October 2023 (Coast News) - ": where and when a report was written.
DATELINE_WITH_DAY = re.compile(rf"[A-Z][\w .’'/-]{{1,40}}(?:, [A-Z][\w. ]{{1,30}})?, {_ON} ?"
                     r"(?:\([^()]{1,40}\) ?)?[-–—:] ")
# "By Jane Roe, harbour correspondent. Friday 3 May 2024", "Jane Roe, 3 May 2024": a whole line.
BYLINE_WITH_DAY = re.compile(rf"(?:By\s+(?P<who>{_NAMES})\b(?:[^\w\n][^\n]{{0,60}}?)?[,.|·•–—-]|"
                             rf"{_NAMES}\s?[,|·•–—-])"
                             rf"\s*{_ON}\.?(?=[ \t]*(?:\n|\Z))")
_ALONE = re.compile(_ON)
_LONGEST = 120  # characters of a line that declares something
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


def _day_of(line: str, by: re.Match[str] | None, first: bool) -> dt.date | None:
    """Read the day of publication that a line declares, if it does.

    The first line may be a title: "Lossing Fair, 3 May 2024" is no byline there.
    """
    if match := DATELINE_WITH_DAY.match(line):
        return parse_day(match["day"])
    if len(line) > _LONGEST:
        return None
    if match := _PUBLISHED.match(line):
        return parse_day(line[match.start("day") :])
    alone = _ALONE.fullmatch(line) or (by if by and by["day"] else None)
    if alone is None and not first:
        alone = BYLINE_WITH_DAY.fullmatch(line)
    return parse_day(alone["day"]) if alone else None


def declared(text: str) -> Parsed:
    """Read byline, dateline and day of publication from the first lines of plain text."""
    author: str | None = None
    publisher: str | None = None
    published: dt.date | None = None
    head = [line.strip() for line in text[:4000].splitlines() if line.strip()][:_NEAR_TOP]
    for line in head:
        if publisher is None and (match := _DATELINE.match(line) or _DATED.match(line)):
            publisher = match["agency"]
        by = (BYLINE.match(line) or (line.startswith("By ") and BYLINE_WITH_DAY.fullmatch(line))
              if len(line) <= _LONGEST else None) or None
        if author is None and by:
            author = by["who"]
        if published is None:
            published = _day_of(line, by, line is head[0])
    return Parsed(text=text, publisher=publisher, author=author, published=published)

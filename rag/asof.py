"""Questions about what was known on a day: "as of 3 May 2024" becomes a limit on publication."""

from __future__ import annotations

import datetime as dt
import re

from rag.compare.dates import dates

_AS_OF = re.compile(r"[\s,]*\bas\s+(?:of|at)\s+(?:the\s+)?", re.IGNORECASE)


def split(question: str) -> tuple[str, dt.date | None]:
    """Return a question without its "as of" and the last day of publication it allows.

    A month or a year is meant to its end. What names no day of the calendar stays in the
    question, and sets no limit.

    >>> split("As of 3 May 2024, how many people had died?")
    ('How many people had died?', datetime.date(2024, 5, 3))
    >>> split("How many had died as of May 2024?")
    ('How many had died?', datetime.date(2024, 5, 31))
    >>> split("How many have died as of now?")
    ('How many have died as of now?', None)
    """
    match = _AS_OF.search(question)
    if not match:
        return question, None
    day = next((d for d in dates(question) if d.start == match.end()), None)
    if day is None or day.high is None or day.fuzzy:
        return question, None
    before, after = question[: match.start()], question[day.end :].lstrip(" ,;")
    rest = f"{before} {after}" if before and after[:1] not in "?.!" else before + after
    return rest[:1].upper() + rest[1:], day.high

"""Text -> the spans of its sentences.

Rules, not a model: they are linear in time, need no dependency, and know what news needs that
general splitters miss: reporting clauses after a quoted question, clock times before weekdays,
stops glued to the next sentence. A sentence never crosses a paragraph break, so headings, list
items and page furniture on lines of their own are sentences of their own.

What they do not know: whether a capital after "U.S." opens a sentence, unless the word is a
common opener ("The", "He", "In").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from rag.language.paragraphs import paragraphs
from rag.types import Span

_CLOSERS = "\"'”’»)\\]"
_MARK = re.compile("[.!?…。！？।؟]")  # with one of them a stop begins
_STOP = re.compile(
    rf"(?<![.!?…])(?:\.{{2,}}+|…++|[.!?]++)(?:[{_CLOSERS}]|\[\d{{1,3}}\])*+"  # what closes after
    r"(?:(?=\s)|(?<=[a-z]{2}[.!?])(?=[A-Z][a-z]*\s))"  # then space, or a glued capital
    r"|[。！？।؟]+[」』”’）]*"
)
_WORD_BEFORE = re.compile(r"[^\s(\[\"'“‘«—–]+$")
_NEXT_WORD = re.compile(r"[\s\"'“‘«(\[]*([^\W\d_][\w’'-]*|\d)?")
_REPORTS = re.compile(
    r"\s+(?:[\w.’'-]+\s+){0,4}?(?:said|says|asked|asks|told|wrote|added|replied|shouted|cried"
    r"|tweeted|posted|wondered|exclaimed|demanded|quipped|joked|yelled|insisted)\b"
)


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Always followed by the name that they belong to; in lower case some are words ("rep", "gen").
_TITLES = _words(
    "mr mrs ms mx dr prof gen lt col maj capt cpt sgt cpl pte adm cmdr sen rep gov pres hon rev fr "
    "msgr supt insp det messrs mme mlle ste mt ft brig amb atty asst engr alh barr"
)
# Never at the end, in any case.
_INSIDE = _words("vs v cf viz approx ca e.g i.e eg ie")
# Followed by a number, or else the end of a sentence.
_NUMBERED = _words("no nos p pp pg pop fig figs eq ch vol art sec para")
# In a bracket of dates, where they are what somebody did then: "(m. 1899; d. 1921)".
_IN_BRACKETS = _words("b d m r div née fl ca c")
_LONGEST_BRACKET = 120  # characters
# May end a sentence: they do when a common opener follows.
_OFTEN_INSIDE = _words("inc ltd corp co llc plc bros jr sr etc al dept univ assn ph.d m.d b.a m.a")
# The same, and words when in lower case: streets, months, days.
_OFTEN_INSIDE_NAMES = _words(
    "st ave blvd rd est jan feb mar apr jun jul aug sep sept oct nov dec "
    "mon tue wed thu fri sat sun"
)
_TIMES = _words("a.m p.m am pm")
_AFTER_TIME = _words(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november december est edt cst cdt mst mdt pst pdt et ct mt "
    "pt gmt utc bst cet cest wat eat ist eastern pacific central local"
)
_OPENERS = _words(
    "the a an he she it they we you i his her its their our this that these those there in on at "
    "by for from with after before since when while as if but and or so however meanwhile "
    "according also what why how who where both some many most other no not one two last earlier "
    "later now still yet despite during although though because under over then"
)


@lru_cache(maxsize=2)  # marking furniture and splitting into passages ask one after the other
def split(text: str) -> tuple[Span, ...]:
    r"""Return the spans of the sentences, trimmed of white space, in order and disjoint.

    Together they cover every character that is not white space.

    Args:
        text: Any text; newlines are ``\n``.

    Returns:
        Half-open ``(start, end)`` offsets into ``text``.
    """
    spans: list[Span] = []
    for start, end in paragraphs(text):
        here = start
        for stop in _stops(text, start, end):
            if stop.end() < end and _ends_sentence(text, here, stop, end):
                spans.append((here, stop.end()))
                here = stop.end()
                while text[here].isspace():
                    here += 1
        if here < end:
            spans.append((here, end))
    return tuple(spans)


def _stops(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Yield what ``_STOP.finditer`` does, in half the time: only where a mark stands."""
    done = start
    for mark in _MARK.finditer(text, start, end):
        if mark.start() >= done and (stop := _STOP.match(text, mark.start(), end)):
            yield stop
            done = stop.end()


def _ends_sentence(text: str, start: int, stop: re.Match[str], end: int) -> bool:
    """Whether the stop, which is followed by more text, ends the sentence from ``start``."""
    mark = stop.group()
    following = _NEXT_WORD.match(text, stop.end(), min(end, stop.end() + 60))
    word = (following.group(1) or "") if following else ""
    if mark[0] in "。！？।؟":
        return True
    if word and word[0].islower() and len(word) > 1 and not word[1].isupper():
        return False
    if mark[0] in "!?":
        quoted = mark[-1] in "\"'”’»"  # then a reporting clause belongs to the question
        return not (quoted and _REPORTS.match(text, stop.end(), min(end, stop.end() + 80)))
    if mark.startswith("..") or mark[0] == "…":
        return bool(word)
    if len(mark) > 1:  # a bracket or quote closes after the stop
        return True
    return _full_stop_ends(text, start, stop.start(), word)


def _full_stop_ends(text: str, start: int, at: int, word: str) -> bool:
    """Whether the lone full stop at ``at`` ends the sentence, given the word that follows."""
    before = _WORD_BEFORE.search(text[max(start, at - 30) : at])
    if before is None:
        return True
    token = before.group()
    key, opener = token.lower(), word.lower() in _OPENERS and word[:1].isupper()
    named = token[0].isupper()
    if key in _INSIDE or (named and key in _TITLES):
        return False
    if key in _IN_BRACKETS and _in_bracket(text, start, at):
        return False
    if key in _NUMBERED:
        return not word.isdigit()
    if key in _TIMES:
        return bool(word) and not word.isdigit() and word.lower() not in _AFTER_TIME
    if key in _OFTEN_INSIDE or (named and key in _OFTEN_INSIDE_NAMES):
        return opener
    if at - len(token) == start and len(token) <= 3 and (token.isdigit() or len(token) == 1):
        return False  # the number of a list item: "1. Bread"
    if re.fullmatch(r"(?:[A-Za-z]\.)*[A-Z]", token):  # an initial or an acronym: "J", "U.S"
        return opener
    return True


def _in_bracket(text: str, start: int, at: int) -> bool:
    """Whether the character at ``at`` stands in a short bracket that opens on its line."""
    low = max(start, at - _LONGEST_BRACKET)
    opened = max(text.rfind("(", low, at), text.rfind("[", low, at))
    return opened >= 0 and not any(c in ")]\n" for c in text[opened:at])

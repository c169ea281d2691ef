"""Which office somebody holds: a president is no king, and a coach no captain.

A reader that is asked for the king of a country names its president, for all else fits. Only
offices of which one excludes the other are told apart, and only where the passage never mentions
the one asked for; what "the boss" or "the leader" is called elsewhere, nothing here says.
"""

from __future__ import annotations

import re

from rag.questions.intent import Asked

_PORTFOLIO = (r"(?:foreign|defen[cs]e|finance|interior|home|health|education|justice|transport|"
              r"environment|agriculture|energy|culture|labou?r|trade)")
# One office a line, with all its names: who is called by one of another line holds another.
_OFFICES = (
    r"king", r"queen", r"emperor", r"empress", r"sultan", r"emir", r"pope", r"(?:arch)?bishop",
    r"(?:prime[ -]minister|premier|PM)", r"(?<!vice[ -])(?<!vice)president", r"vice[ -]?president",
    r"chancellor", r"governor", r"mayor(?:ess)?", r"ambassador", r"senator",
    rf"(?:{_PORTFOLIO}\s+(?:minister|secretary)|minister\s+(?:of|for)\s+[a-z]+)",
    r"(?:coach|manager)", r"(?:captain|skipper)", r"(?:goalkeeper|keeper)", r"referee",
    r"treasurer", r"headmaster", r"conductor",
)
_NAMED = re.compile("|".join(rf"(?P<o{i}>\b{one}\b)" for i, one in enumerate(_OFFICES)), re.I)
# "Who is the king of Niger?", "who was Niger's king", "name of the mayor of Varde"
_ASKS = re.compile(
    rf"(?:who\s+(?:is|was|are|were|became)|who['’]s|name\s+of)\s+(?:the\s+|an?\s+|now\s+)*"
    rf"(?:[\w.’'-]+['’]s\s+|(?:current|new|first|former|last|present)\s+)*"
    rf"(?P<office>{'|'.join(_OFFICES)})\b(?!\s*(?:['’]s|[-a-z]+er\b))", re.I)


def of_another_office(asked: Asked, passage: str, start: int, end: int) -> bool:
    """Tell whether a passage calls somebody by another office than the one that is asked for.

    "President Mohamed Bazoum" does not tell who is the king of Niger. Of 37,558 annotated answers
    that rules out none.

    Args:
        asked: The question.
        passage: The words of the passage.
        start: First character of the span in it.
        end: One past its last.
    """
    match = _ASKS.match(asked.text) if asked.wanted == "person" else None
    if match is None:
        return False
    mine = _kind(match["office"])
    told = list(_NAMED.finditer(passage))
    if any(m.lastgroup == mine for m in told):
        return False
    surname = re.search(r"([A-Z][\w’'-]+)\W*\Z", passage[start:end])
    if surname is None:
        return False
    called = re.compile(
        rf"\s+(?:[A-Z][\w’'.-]*\s+){{0,3}}?{re.escape(surname[1])}\b")
    behind = re.compile(rf"\b{re.escape(surname[1])},\s+(?:[\w’'-]+\s+){{0,4}}?\Z")
    return any(called.match(passage, m.end()) or behind.search(passage[: m.start()])
               for m in told)


def _kind(office: str) -> str | None:
    match = _NAMED.fullmatch(office)
    return match.lastgroup if match else None

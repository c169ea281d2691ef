"""The type of answer that a question wants: by its question word, or its first noun without one."""

from __future__ import annotations

import re
from typing import Literal

Wanted = Literal["number", "money", "duration", "date", "person", "place", "reason", "any"]

WH = re.compile(r"\b(?:what|who|whom|whose|which|when|where|why|how)\b", re.I)

_PATTERNS: tuple[tuple[Wanted, str], ...] = (
    ("reason", r"\bwhy\b|\bwhat\s+(?:is|was|were|are)?\s*(?:the\s+)?(?:reason|cause)\b|"
                   r"\bhow\s+come\b|\bwhat\s+(?:caused|led\s+to)\b|\bwhat\s+for\b"),
    ("money", r"\bhow\s+much\s+(?:money|did\s+\w+\s+(?:cost|pay|spend|earn)|(?:does|do|did|"
                  r"will|would)\b.*\b(?:cost|pay|spend|earn|worth)|is\b.*\bworth)|"
                  r"\bwhat\s+(?:does|do|did|will|would)\b.*\bcost\b|"
              r"\bwhat\s+(?:(?:is|was|were|are)\s+)?(?:the\s+)?(?:[\w-]+\s+){0,2}?(?:price|cost|fee|fare|"
                  r"salary|wage|budget|fine|sum|revenue|turnover|profit|ransom)s?\b"
                  r"(?!\s+(?:the|him|her|them|us)\b)|\bhow\s+expensive\b"),
    ("duration", r"\bhow\s+long\b(?!\s+(?:is|was|are|were)\s+the\s+(?:bridge|river|road|wall|"
                     r"track|line|coast|route|tunnel|trail|street))|"
                     r"\bhow\s+many\s+(?:years?|months?|weeks?|days?|hours?|"
                     r"minutes?|seconds?|decades?|centuries)\b"),
    ("number", r"\bhow\s+(?:many|much|old|tall|high|far|large|big|fast|deep|heavy|wide|"
                   r"long)\b|\bwhat\s+(?:(?:is|was|were|are)\s+(?:the\s+)?)?(?:\w+\s+){0,2}?(?:number|"
                   r"percentage|percent|share|proportion|population|age|distance|height|length|depth|"
                   r"width|weight|capacity|turnout|output|quantity|toll|rate|amount|temperature|"
                   r"speed|size)\b"),
    ("date", r"\bwhen\b|\b(?:what|which)\s+(?:\w+\s+)?(?:year|month|day|date|time|century|"
                 r"decade)s?\b|\bsince\s+when\b|\b(?:at\s+)?what\s+(?:hour|o['’]clock)\b"),
    ("place", r"\bwhere\b|\b(?:what|which)\s+(?:\w+\s+)?(?:city|cities|country|countries|town|"
                  r"towns|village|villages|state|states|place|places|region|location|continent|"
                  r"province|capital|island|street|river|airport)\b"),
    ("person", r"\bwho(?:m|se)?\b|\bby\s+whom\b|\b(?:what|which(?:\s+\w+)?)\s+(?:person|people|"
                   r"man|woman|men|women|president|minister|general|leader|author|writer|actor|actress|"
                   r"king|queen|scientist|player|singer|chairman|official|politician)\b"),
)
_TYPES = tuple((wanted, re.compile(pattern, re.I)) for wanted, pattern in _PATTERNS)

# What stands first in a question that is no sentence: "Number of people hurt?", "Total death
# toll", "the yearly wage of those who guard it".
_NOUNS: tuple[tuple[Wanted, str], ...] = (
    ("money", r"price|costs?|fee|salary|wages?|pay|fine|budget|value|sum|turnover|revenues?|fare|"
              r"profits?|loss(?:es)?|debts?|compensation|prize\s+money|ransom|rent"),
    ("duration", r"duration"),
    ("number", r"numbers?|amount|share|percentage|proportion|ages?|height|length|width|depth|"
               r"distance|size|weight|speed|temperature|population|quantity|(?:death\s+)?toll|"
               r"turnout|strength|capacity|output|production|majority|head\s*count|rate"),
    ("date", r"dates?|year|day|month|deadline|time"),
    ("place", r"place|location|birthplace|venue|whereabouts"),
)
# Adjectives and the like in front of the noun: none begins a sentence that is a statement.
_HEADED = re.compile(
    r"(?:(?:and|the|a|an)\s+)*(?:(?!of\b|in\b|to\b|by\b|is\b|was\b|did\b|does\b)[a-z-]+\s+){0,2}?"
    rf"(?:{'|'.join(f'(?P<{wanted}>{nouns})' for wanted, nouns in _NOUNS)})"
    r"(?=\s*\??$|\s+(?:of|for|in|at|on|per|a|an|the|paid|that|who|which|after|before|by|when|"
    r"under|once|given|put|set|fixed|needed|asked|demanded|noted|from|to|with|during|over|between|"
    r"among)\b)", re.I,
)
# Where a question begins with its question word, or with what a preposition puts before it.
_OPENS = re.compile(
    r"(?:\W*(?:(?:[a-z]+|according\s+to[^,]{1,60},)\s+){0,2}?)(?:what|who|whom|whose|which|when|where|"
    r"why|how)\b", re.I,
)
_DETERMINED = re.compile(r"(?:the|a|an|my|his|her|its|their)\s", re.I)


def wanted_type(text: str) -> Wanted:
    """Return the type that a question wants.

    The first question word tells ("What did they say when ...?"); where a noun stands before it
    or there is none, the noun does ("Number of guards who died?").
    """
    determined = _DETERMINED.match(text)
    if determined or not _OPENS.match(text):
        headed = _HEADED.match(text)
        if headed:
            return next(wanted for wanted, _ in _NOUNS if headed[wanted])
        if determined:
            return "any"  # "the firm that kept silent when asked"
    first = WH.search(text)
    for wanted, pattern in _TYPES:
        match = pattern.search(text)
        if match is not None and (first is None or match.start() <= first.start()):
            return wanted
    return "any"

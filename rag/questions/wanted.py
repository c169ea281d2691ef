"""The type of answer that a question wants: by its question word, or its first noun without one."""

from __future__ import annotations

import re
from typing import Literal

Wanted = Literal["number", "money", "duration", "date", "person", "place", "reason", "any"]

# Types whose answers are exact: one is right, and another is wrong.
EXACT: tuple[Wanted, ...] = ("number", "money", "duration", "date", "place")

WH = re.compile(r"\b(?:what|who|whom|whose|which|when|where|why|how)\b", re.I)

# Nouns for a person. Things have the endings "-er" and "-or", too (the tower, the motor), so that
# those nouns are written out.
_PERSON = (
    r"(?:person|(?!human|german|roman|norman|ottoman|talisman)\w*m[ae]n|official|president|general|"
    r"king|queen|prince|princess|actress|politician|musician|technician|physician|historian|"
    r"librarian|comedian|guardian|engineer|volunteer|councill?or|governor|senator|mayor|director|"
    r"inspector|conductor|sculptor|editor|actor|author|doctor|professor|sailor|solicitor|investor|"
    r"inventor|curator|ambassador|prosecutor|contractor|survivor|minister|singer|painter|dancer|"
    r"\w*(?:maker|keeper|holder|owner|worker|leader|player|writer|dealer|builder|driver|teacher|"
    r"farmer)|officer|lawyer|banker|reporter|photographer|commander|partner|founder|designer|"
    r"manager|boxer|swimmer|rider|runner|winner|climber|diver|carpenter|philosopher|composer|"
    r"baker|miner|prisoner|stranger|passenger|brother|sister|mother|father|daughter|son|wife|"
    r"husband|widow|widower|uncle|aunt|nephew|niece|cousin|child|boy|girl|critic|clerk|coach|"
    r"captain|colonel|sergeant|judge|nurse|surgeon|vet|architect|expert|poet|pilot|chef|cook|monk|"
    r"nun|priest|bishop|vicar|student|pupil|trainee|apprentice|employee|employer|patient|victim|"
    r"suspect|witness|hero|heir|tenant|assistant|accountant|consultant|secretary|deputy|colleague|"
    r"neighbou?r|friend|rival|opponent|candidate|guide|mechanic|academic|artist|scientist|dentist|"
    r"chemist|botanist|tourist|cyclist|pianist|violinist|activist|economist|novelist|journalist|"
    r"specialist|analyst|[a-z]+logist)"
)
_PLACE = (
    r"(?:city|cities|country|countries|towns?|villages?|states?|places?|region|location|continent|"
    r"province|capital|island|street|river|airport|county|counties|suburbs?|harbou?rs?|lakes?|"
    r"mountains?|valleys?)"
)
# What makes another noun of the one before it: "which student union", "which town council".
_ALONE = (
    r"\b(?!['’]s?\b)(?!\s+(?:unions?|groups?|training|schools?|colleges?|associations?|body|bodies|"
    r"organi[sz]ations?|awards?|cards?|shops?|stores?|party|parties|teams?|society|societies|"
    r"houses?|homes?|room|strike|vote|fund|league|clubs?|company|companies|firms?|councils?|"
    r"councill?ors?|offices?|hall|government|senators?|ministers?|officials?|leaders?|mayors?|"
    r"fair|festival|road|authority|police|courts?|library|museum|theatre|hospital|bank|bridge|"
    r"music|songs?|singers?|books?|magazine|newspaper|films?|services?|scheme|project|centre)\b)"
)
# Words between "which" and its noun: adjectives and nouns, but no verb and nothing that ends them.
_BETWEEN = (
    r"(?:(?!(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must|"
    r"of|in|on|to|for|from|by|at|with|the|an?|his|her|its|their|this|that|and|or|who|which|said|"
    r"says)\b)[\w-]+\s+){0,3}?"
)
_ITS = r"(?:the|an?|his|her|their|its|[\w-]+['’]s?)\s+"
_NAME_OF = rf"\bwhat(?:\s+(?:is|was)|['’]s)\s+the\s+(?:\w+\s+)?name\s+of\s+{_ITS}{_BETWEEN}"

# Two words at most before such a noun, none of which ends what is asked for: not "what must the
# rate setters do", nor "what is the money from fines for".
_TWO = (r"(?:(?!(?:the|an?|of|from|for|in|on|to|does|do|did|must|will|would|can|could|should|may|"
        r"might|has|have|had)\b)[\w-]+\s+){0,2}?")

_PATTERNS: tuple[tuple[Wanted, str], ...] = (
    ("reason", r"\bwhy\b|\bwhat\s+(?:is|was|were|are)?\s*(?:the\s+)?(?:reason|cause)\b|"
                   r"\bhow\s+come\b|\bwhat\s+(?:caused|led\s+to)\b|\bwhat\s+for\b"),
    ("money", r"\bhow\s+much\s+(?:money|did\s+\w+\s+(?:cost|pay|spend|earn)|(?:does|do|did|"
                  r"will|would)\b.*\b(?:cost|pay|spend|earn|worth)|is\b.*\bworth)|"
                  r"\bwhat\s+(?:does|do|did|will|would)\b.*\bcost\b(?!\s+(?:rise|increase|overrun))|"
              rf"\bwhat\s+(?:(?:is|was|were|are)\s+)?(?:the\s+)?{_TWO}(?:price|cost|fee|fare|"
                  r"salary|wage|budget|fine|sum|revenue|turnover|profit|ransom)s?\b"
                  r"(?!\s+(?:the|him|her|them|us)\b)|\bhow\s+expensive\b"),
    ("duration", r"\bhow\s+long\b(?!\s+(?:is|was|are|were)\s+the\s+(?:bridge|river|road|wall|"
                     r"track|line|coast|route|tunnel|trail|street))|"
                     r"\bhow\s+many\s+(?:years?|months?|weeks?|days?|hours?|"
                     r"minutes?|seconds?|decades?|centuries)\b"),
    ("number", r"\bhow\s+(?:many|much|old|tall|high|far|large|big|fast|deep|heavy|wide|"
                   r"long)\b|(?<!in )\bwhat\s+(?:(?:is|was|were|are)\s+(?:the\s+)?)?"
                   rf"{_TWO}(?:number|percentage|percent|share|proportion|population|age|distance|"
                   r"height|length|depth|width|weight|capacity|turnout|output|quantity|toll|rate|"
                   r"amount|temperature|speed|size)\b"),
    ("date", r"\bwhen\b|\b(?:what|which)\s+(?:\w+\s+)?(?:year|month|day|date|time|century|"
                 r"decade)s?\b|\bsince\s+when\b|\b(?:at\s+)?what\s+(?:hour|o['’]clock)\b"),
    ("place", rf"\bwhere\b|\b(?:what\s+(?:\w+\s+)?|which\s+{_BETWEEN}){_PLACE}"
              rf"(?:['’]s\b|{_ALONE})|{_NAME_OF}{_PLACE}{_ALONE}"),
    ("person", rf"\bwho(?:m|se)?\b|\bby\s+whom\b|\bwhat\s+(?:people|{_PERSON}{_ALONE})|"
               rf"\bwhich\s+(?:(?:one\s+)?of\s+{_ITS})?{_BETWEEN}(?:people|{_PERSON}s?{_ALONE})|"
               rf"{_NAME_OF}{_PERSON}{_ALONE}|\bwhat(?:\s+(?:is|was)|['’]s)\s+{_ITS}{_BETWEEN}"
               rf"{_PERSON}(?:['’]s\s+(?:\w+\s+)?name|\s+(?:called|named))\b"),
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
    r"among)\b|(?<=death\stoll)\s)", re.I,
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

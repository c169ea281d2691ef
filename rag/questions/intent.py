"""What a question asks for: its kind, the type of its answer, and the words it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.language.terms import Term, content, terms
from rag.questions.wanted import WH, Wanted, wanted_type

Kind = Literal["fact", "list", "yesno", "why", "how", "about", "expand"]

AUXILIARY = tuple(
    "is are was were am do does did has have had can could will would shall should may might must"
    .split()
)
_AUX = re.compile(
    rf"(?:{'|'.join(AUXILIARY)}|wo(?=n['’]t))(?:n['’]t)?\b(?!\s+(?:me|us)\b)", re.IGNORECASE
)
_LEAD = re.compile(
    r"(?:(?:and|but|so|ok|okay|well|hi|hello|hey|now|then|also|please|um|oh)\b[\s,]*)+", re.I
)
_POLITE = re.compile(
    r"(?:(?:can|could|would|will)\s+you\s+(?:please\s+)?(?:tell|say|explain|describe|show|list|"
    r"name|give|summari[sz]e)|do\s+(?:you|we)\s+know|do\s+the\s+articles?\s+(?:say|tell|mention)|"
    r"does\s+(?:the|any)\s+articles?\s+(?:say|tell|mention)|"
    r"(?:i\s+)?(?:want|would\s+like|'d\s+like)\s+to\s+know|tell\s+(?:me|us)(?!\s+(?:more\s+)?about)|"
    r"(?:please\s+)?say)\s*(?:me|us)?\b[\s,:]*(?=(?:exactly\s+)?"
    r"(?:what|who|whom|whose|which|when|where|why|how|if|whether)\b)", re.I,
)
_IF = re.compile(r"(?:if|whether|is\s+it\s+(?:true|correct|right|the\s+case)\s+that)\s+", re.I)
_IF_ASKING = re.compile(  # "If she resigns, who takes over?" asks who
    r"if\b[^,]*,\s+(?:then\s+)?(?:(?:in|for|by|to|at|from|on|with)\s+)?"
    r"(?:what|who|whom|whose|which|when|where|why|how)\b[^,]*\Z", re.I)
_ABOUT = re.compile(
    r"(?:please\s+)?(?:tell|teach)\s+(?:me|us)\s+(?:\w+\s+){0,2}?about\b|describe\b|summari[sz]e\b|"
    r"explain\b|give\s+(?:me|us)\s+(?:an?\s+)?(?:overview|summary|background|details)|"
    r"what\s+(?:do|does|did|is|are)\s+(?:the\s+|these\s+|this\s+|your\s+)?articles?\s+(?:say|tell|"
    r"report|write|about)|what\s+(?:do\s+you|is)\s+known?\s+about|what\s+happened\b(?!\s+(?:in|on)"
    r"\s+(?:19|20)\d\d)", re.I,
)
# "Who is Ada Lovelace?" wants what she is; "Who is the mayor?" wants a name, and so do "Who is
# Ada's mother?" and "What was she before the war?": a part of the subject, not the subject.
_BROAD = re.compile(
    r"(?:who|what)\s+(?:is|was|are|were)\s+(?!the\s+\w+\s+(?:of|in|for|that|who|which)\b)"
    r"(?:the\s+|an?\s+)?(?:[\w.'’&-]+\s*){1,4}\?*$", re.I,
)
_POSSESSIVE = re.compile(r"\w['’]s?\s+\w|\b(?:his|her|its|their|our|my|your)\b", re.I)
_WHO_IS = re.compile(r"who\s+(?:is|was|are|were)\s+(?!the\b|an?\b)", re.I)
_EXPAND = re.compile(
    r"(?:what\s+(?:does|do|did|is|are)\s+)?[\"'“‘]?([\w.&-]{2,12})[\"'”’]?\s+(?:stands?|short|an?\s+"
    r"(?:abbreviation|acronym))\s+(?:for|of)\b|"
    r"(?:abbreviation|acronym|initials)\s+[\"'“‘]?([\w.&-]{2,12})|"
    r"(?:meaning\s+of|what\s+does)\s+[\"'“‘]?([A-Z][A-Z.&-]{1,11})[\"'”’]?(?:\s+mean)?\s*\?*$",
    re.I,
)
_TAG = re.compile(r",?\s+(?:right|correct|true|isn['’]t\s+it|or\s+not)\s*\?*\s*\Z", re.I)

_TAGS = re.compile(r"<(?=[/!a-zA-Z])[^<>]{0,200}>")
# Words that end the phrase that "which" begins: what follows them is another phrase.
_END = (
    r"(?!(?:of|in|on|at|to|for|from|by|with|into|over|under|after|before|as|than|and|or|the|an?|his|"
    r"her|its|their|this|that|these|those|it|they|we|you|he|she|is|are|was|were|be|been|do|does|did|"
    r"has|have|had|can|could|will|would|shall|should|may|might|must|made|got|gave|took|put)\b)"
)
_PLURAL = re.compile(
    rf"\b(?:which|what)\s+(?:the\s+)?(?:{_END}[\w'’-]+\s+){{0,3}}?"
    rf"(?P<noun>{_END}[a-z]{{3,}}s|people|men|women|children)\b|"
    r"\bwho\s+(?:are|were|all)\b|\b(?:list|name)\s+(?:all|the|some|\w+s\b|two|three|four|five)|"
    rf"\bwhat\s+(?:are|were)\s+(?:all\s+)?the\s+(?:{_END}[\w'’-]+\s+){{0,3}}?"
    r"(?P<last>[a-z]{3,}s)(?=\s*\??$|\s+(?:of|in|on|at|for|from|with|that|which|to)\b)|"
    r"\bwhich\s+of\s+.*?\b(?:are|were|have)\b|\bwhat\s+all\b",
    re.I,
)
_SINGULAR_S = frozenset(
    "is was has does this gas bus class species series news status process address business "
    "its basis crisis glass press process success access process's always as us".split()
)
_COUNTED = re.compile(r"\b(?:which|what|name|list)\s+(?:(?:are|were)\s+)?(?:the\s+)?"
                      r"(\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)\s+[a-z]", re.I)
# Verbs that every event has: "When did the coup take place?" asks no more than "When was it?".
LIGHT = re.compile(
    r"\b(?:t(?:ake|akes|ook|aken|aking)\s+place|happen(?:s|ed|ing)?|occur(?:s|red)?)\b", re.I
)
_FOCUS = re.compile(
    r"\b(?:which|what|how\s+many|how\s+much|whose)\s+((?:(?!(?:is|are|was|were|do|does|did|has|have"
    r"|had|can|could|will|would|should|may|might|must|of|in|on|to|for|from|by|at|with)\b)"
    r"[\w’'-]+\s*){1,4})", re.I,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks for.

    Attributes:
        text: The question, without small words in front ("and", "could you tell me").
        kind: What is to be done: a "fact" is one span, a "list" several items, "yesno" is
            answered by yes or no, "why", "how" and "about" by whole sentences, "expand" by what
            an abbreviation stands for.
        wanted: The type of the answer.
        terms: The words that say something, in order.
        focus: The words between "which" or "how many" and the verb ("Russian instructors").
        abbreviation: For "expand" what is to be expanded.
        count: How many answers a list should have; 0 where the question does not tell.
        broad: Telling about its subject answers it, too ("Who is Ada Lovelace?").
    """

    text: str
    kind: Kind
    wanted: Wanted
    terms: tuple[Term, ...]
    focus: str = ""
    abbreviation: str | None = None
    broad: bool = False
    count: int = 0

    @property
    def names(self) -> tuple[Term, ...]:
        """The question's names and nationalities."""
        return tuple(t for t in self.terms if t.kind == "name")

    @property
    def numbers(self) -> tuple[Term, ...]:
        """The question's numbers and years."""
        return tuple(t for t in self.terms if t.kind == "number")

    @property
    def words(self) -> tuple[Term, ...]:
        """The other words that say something."""
        return tuple(t for t in self.terms if t.kind == "word")


# Longest answer in tokens, for types whose answers are short, and for all others.
_SHORT = {"person": 16, "place": 16, "number": 12, "money": 14, "duration": 20}


def longest(asked: Asked) -> int:
    """Return the longest span that may answer, in tokens."""
    if asked.kind in ("why", "how"):
        return 80
    return 40 if asked.kind == "list" else _SHORT.get(asked.wanted, 30)


def analyse(question: str) -> Asked:
    """Tell what a question asks for, by its words alone."""
    text = _asking(" ".join(_TAGS.sub(" ", question).split()))
    for pattern in (_LEAD, _POLITE, _LEAD):
        match = pattern.match(text)
        if match and match.end() < len(text):
            text = text[match.end() :]
    whether = None if _IF_ASKING.match(text) else _IF.match(text)
    expand = _EXPAND.search(text)
    if expand and (expand.start() or expand[3]) and not any(
            g and re.search("[A-Z]", g) for g in expand.groups()):
        expand = None  # "what does the ship's name stand for", "what does this mean"
    wanted = wanted_type(text)
    kind: Kind = "fact"
    abbreviation = None
    if expand:
        kind, wanted = "expand", "any"
        abbreviation = next(g for g in expand.groups() if g)
    elif _ABOUT.match(text):
        kind = "about"
    elif whether or (_AUX.match(text) and not _choice(text)) or _claim(text):
        kind, wanted = "yesno", "any"
        text = text[whether.end() :] if whether else text
    elif wanted == "reason":
        kind = "why"
    elif _plural(text):
        kind = "list"
    elif re.match(r"how\b", text, re.I) and wanted == "any":
        kind = "how"
    broad = kind == "fact" and wanted in ("any", "person") and _whole_subject(text)
    if broad and _WHO_IS.match(text):
        wanted = "any"
    focus = _FOCUS.search(text)
    said = content(text)
    measured = re.search(r"\bhow\s+(?=(?:old|long|far|big|tall|high|deep|wide|fast|large|heavy)\b)",
                         text, re.I)
    light = [m.span() for m in LIGHT.finditer(text)]
    said = tuple(t for t in said if not any(a <= t.start < b for a, b in light))
    if measured:  # "How old" asks for a number; that the text says "old" is not expected
        said = tuple(t for t in said if t.start != measured.end())
    count = 0
    counted = _COUNTED.search(text) if kind == "list" else None
    if counted:  # "Which three countries" counts the answers; the text need not
        number = next((t for t in said if t.start == counted.start(1)), None)
        if number is not None and number.key.isdigit():
            count, said = int(number.key), tuple(t for t in said if t is not number)
    return Asked(text, kind, wanted, said, focus.group(1).strip() if focus else "",
                 abbreviation, broad, count)


def _whole_subject(text: str) -> bool:
    """Tell whether a question asks what somebody or something is, and not for a part of it."""
    if not _BROAD.match(text) or _POSSESSIVE.search(text):
        return False
    subject = terms(text)[2:]  # behind "who is"
    return all(t.kind != "empty" or t.key in ("the", "a", "an") for t in subject)


def _asking(text: str) -> str:
    """Return the sentence that asks, of several; all where none or more than one does."""
    sentences = re.split(r"(?<=\?)\s+|(?<=[.!])\s+(?=[\"“A-Z])", text)
    asking = [s for s in sentences if (s.endswith("?") and WH.search(s)) or _AUX.match(s)]
    return asking[0] if len(asking) == 1 and len(sentences) > 1 else text


def _choice(text: str) -> bool:
    """Tell whether a question offers a choice ("Was it Mali or Niger?") and not yes or no."""
    words = terms(_TAG.sub("", text))
    at = next((i for i, t in enumerate(words) if t.key == "or"), 0)
    before = next((t for t in reversed(words[:at]) if t.kind != "empty"), None)
    after = next((t for t in words[at + 1 :] if t.kind != "empty"), None)
    # The offered things are alike: "Mali or Niger", "in May or in July", "red or blue".
    return before is not None and after is not None and before.kind == after.kind


def _claim(text: str) -> bool:
    """Tell whether a statement is put up for a yes or no ("Russia sent trainers, right?")."""
    return bool(_TAG.search(text)) and not WH.search(text)


def _plural(text: str) -> bool:
    match = _PLURAL.search(text)
    if match is None or re.search(
        r"\bhow\s+(?:many|much)\b|\b(?:what|which)\s+(?:percentage|percent|share|proportion|number|"
        r"amount)\b", text, re.I,
    ):
        return False
    noun = match.group("noun") or match.group("last")
    if noun is None or match.group("last"):
        return noun is None or noun.lower() not in _SINGULAR_S
    if noun.lower() in _SINGULAR_S:
        return False
    # "Which publisher signs the deal?": what follows a verb in -s is its object.
    words = text[match.start() : match.end()].split()
    after = text[match.end() :].split()[:1]
    counted = any(t.kind == "number" for t in terms(match.group()))
    # "What comes after it?": so is what stands right behind "what", unless a verb follows.
    bare = len(words) == 2 and words[0].lower() == "what"
    first = after[0].lower().rstrip("?") if after else ""
    verb = bool(first) and (len(words) > 2 or bare) and (
        first not in AUXILIARY and not first.endswith("ed")
    )
    return counted or not verb

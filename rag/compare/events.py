"""Whether two sentences speak of one event: same scope, same thing counted, same things named."""

from __future__ import annotations

import re

from rag.compare.dates import dates
from rag.compare.names import fold, proper_names
from rag.compare.values import Claim, polarity
from rag.language.terms import keys
from rag.questions.intent import Asked

# What happened to those who are counted: a number of one group is no answer about another.
_FATES = {
    "killed": r"kill\w*|dead|deaths?|died|die|fatal\w*|perish\w*|lives|toll|casualt\w*|victims?|"
              r"drown\w*|bodies",
    "hurt": r"injur\w*|wound\w*|hurt|hospitali[sz]ed|treated",
    "missing": r"missing|unaccounted",
    "held": r"arrest\w*|detain\w*|charged|custody",
    "moved": r"evacuat\w*|displac\w*|homeless|fled|flee|sheltered",
    "rescued": r"rescued?|saved|surviv(?:ed?|ors?)|pulled",
    "jobs lost": r"(?:job|staff|workforce)\s+(?:cuts?|losses)|redundan\w*|laid\s+off|lay\s*offs?|"
                 r"cut\w*\s+\w*\s*jobs",
    "jobs made": r"hir(?:e|ed|es|ing)|creat\w+\s+\w*\s*jobs|recruit\w*",
    "infected": r"infect\w*|ill|sick\w*|cases",
}
_FATES_RE = {name: re.compile(rf"\b(?:{p})\b", re.IGNORECASE) for name, p in _FATES.items()}

# Words of which an event has one: sentences with different ones speak of different events.
_SCOPES = tuple(re.compile(rf"\b(?:{p})\b", re.IGNORECASE) for p in (
    r"first|second|third|fourth|fifth|sixth|1st|2nd|3rd|4th|5th",
    r"men|women|boys|girls|male|female|men's|women's",
    r"north(?:ern)?|south(?:ern)?|east(?:ern)?|west(?:ern)?",
    r"daily|weekly|monthly|annual|yearly|(?:per|a|each|every)\s+(?:day|week|month|year)|hourly",
    r"morning|afternoon|evening|night",
    r"adults?|child|children|concession\w*|students?|seniors?",
    r"indoors?|outdoors?",
    r"return|single|one-way|round-trip",
    r"gross|net|revenue|turnover|profits?|loss|losses|sales|debts?",
    r"domestic|international|foreign",
    r"junior|senior|under-\d+",
    r"old|new|former|current|previous|original|replacement",
    r"upper|lower|maximum|minimum|average|mean|peak|record|total|overall",
    r"urban|rural", r"weekdays?|weekends?", r"phase\s+\w+|stage\s+\w+|line\s+\w+|terminal\s+\w+",
    r"applications?|applicants?|enrol\w*|graduat\w*|admitted",
    r"opening|closing|opened|closed|opens|closes", r"win|wins|won|winner|lost|loser|runner-up",
))
# Not yet so, or not so: no claim about what was.
_UNREAL = re.compile(
    r"\b(?:could|might|would|should|expect(?:s|ed|ing)?|"
    r"plan(?:s|ned|ning)\s+(?:to|for)|predict\w*|"
    r"forecasts?|aims?|aimed|hopes?|hoped|target\w*|propos\w+|project(?:s|ed|ion)|may(?!\s+\d)|if|"
    r"capacity|seats|goal\s+of|promis\w+|budgeted|scheduled|due\s+to|set\s+to|intends?|ahead\s+of|"
    r"warn\w*|threaten\w*|feared?|initially|originally|at\s+first|at\s+the\s+start|previously|"
    r"until\s+then|used\s+to|had\s+been(?=\s+(?:[$€£\d]|an?\s|the\s))|was\s+once|formerly)\b")
_DENIED = re.compile(
    r"\b(?:den(?:y|ies|ied)|dismiss\w*|reject\w*|wrongly|false(?:ly)?|incorrect\w*|rumou?rs?|"
    r"not\s+true|untrue|mistaken\w*|(?<!\ba\s)(?<!the\s)corrected|in\s+error|retract\w*|"
    r"debunk\w*)\b", re.IGNORECASE)
_NOT_THIS = re.compile(r"\b(?:not|rather\s+than|instead\s+of|up\s+from|down\s+from)\s+$")
_FROM = re.compile(r"\bfrom\s+$")  # "from 10 to 12", but not "built from an old printer"
_GENERIC = frozenset("reuters ap afp bbc cnn monday tuesday wednesday thursday friday saturday "
                     "sunday updated breaking news".split())


def mode(claim: Claim) -> str:
    """How a sentence holds its answer: as a "fact", as "unreal" (plans, may be) or "denied".

    >>> mode(Claim("3", "It could cost 3 million.", "a")), mode(Claim("3", "It cost 3.", "a"))
    ('unreal', 'fact')
    """
    clause = _clause(claim)
    before = claim.sentence[: claim.span[0]] if claim.span else ""
    from_number = claim.text[:1].isdigit() and _FROM.search(before)
    if _DENIED.search(clause) or _NOT_THIS.search(before) or from_number:
        return "denied"
    return "unreal" if _UNREAL.search(clause) else "fact"


def _clause(claim: Claim) -> str:
    """The clause of the sentence that holds the answer."""
    at, end = claim.span or (0, len(claim.sentence))
    sentence = claim.sentence
    breaks = [m.end() for m in re.finditer(
        r"[;:—–]\s|,\s+(?=but|while|whereas|although|though|and\s+\w+\s+(?:was|were|said))|"
        r"\s(?=but|while|whereas|although)\b", sentence)]
    left = max((b for b in breaks if b <= at), default=0)
    right = min((b for b in breaks if b >= end), default=len(sentence))
    return sentence[left:right]


def fates(text: str) -> frozenset[str]:
    """What is said to have happened to people, by name of the fate.

    >>> sorted(fates("12 died and 30 were injured"))
    ['hurt', 'killed']
    """
    return frozenset(name for name, pattern in _FATES_RE.items() if pattern.search(text))


def fate_of(claim: Claim) -> str | None:
    """The fate that a sentence tells nearest to its answer, or None.

    >>> fate_of(Claim("41", "The third to die of the disease, where 41 had fallen ill.", "a"))
    'infected'
    """
    start, end = claim.span or (0, 0)
    near = [(max(m.start() - end, start - m.end(), 0), name)
            for name, pattern in _FATES_RE.items() for m in pattern.finditer(claim.sentence)]
    return min(near)[1] if near else None


def same_event(asked: Asked, a: Claim, b: Claim) -> tuple[bool, str]:
    """Tell whether two claims speak of one event, and why in one line.

    It takes something in common: the question's names in both, or names that both articles share,
    or much the same words; and nothing that tells them apart: another year, another scope
    ("men's", "women's"), another fate of those counted, names of two different events.
    """
    for reason in (_other_fate(asked, a, b), _other_scope(asked, a, b), _other_year(a, b),
                   _other_place(asked, a, b), _another(a, b)):
        if reason:
            return False, reason
    return _common(asked, a, b)


def _other_fate(asked: Asked, a: Claim, b: Claim) -> str:
    wanted = fates(asked.text)
    for claim in (a, b):
        said = fates(_clause(claim))
        if wanted and said and not wanted & said:
            return f"the question is about {'/'.join(sorted(wanted))}, a sentence about another"
    x, y = fates(_clause(a)), fates(_clause(b))
    if wanted and bool(x) != bool(y):
        return "only one of the sentences tells what became of those who are counted"
    if not wanted and x and y and not x & y:
        return "the sentences count different things"
    return ""


def _other_scope(asked: Asked, a: Claim, b: Claim) -> str:
    answers = keys(f"{a.text} {b.text}")
    # What opened or closed, won or lost is what a yes or no is about.
    scopes = _SCOPES[:-1] if polarity(a.text) is not None else _SCOPES
    for scope in scopes:
        x, y = ({fold(m[0]) for m in scope.finditer(_clause(c).replace(c.text, " "))}
                for c in (a, b))
        x, y = ({s.rstrip("s") for s in side if s not in answers} for side in (x, y))
        if x and y and not x & y:
            return f"different scope: {min(x)} and {min(y)}"
    return ""


def _other_year(a: Claim, b: Claim) -> str:
    """Two sentences, or else two articles, that are dated to different years by their own words."""
    for x, y in ((a.rest, b.rest), (a.title, b.title)):
        years = [{d.year for d in dates(text, claim.published) if d.year}
                 for text, claim in ((x, a), (y, b))]
        if years[0] and years[1] and not years[0] & years[1]:
            return f"different years: {min(years[0])} and {min(years[1])}"
    return ""


def _another(a: Claim, b: Claim) -> str:
    """Whether one of the sentences or titles says itself that it is not the first event."""
    for claim in (a, b):
        if re.search(r"\b(?:another|this\s+time|second\s+\w+\s+in|once\s+more)\b",
                     f"{claim.title}\n{claim.sentence}", re.IGNORECASE):
            return f"{claim.article} speaks of another such event"
    return ""


def _other_place(asked: Asked, a: Claim, b: Claim) -> str:
    """Two clauses that each name a place which the other article never mentions."""
    found = []
    for claim, other in ((a, b), (b, a)):
        clause = _clause(claim).replace(claim.text, " … ")
        places = {fold(p) for p in _AT_PLACE.findall(clause)}
        known = fold(f"{asked.text} {other.context}")
        found.append({p for p in places if p not in known})
    if found[0] and found[1]:
        return f"different places: {min(found[0])} and {min(found[1])}"
    return ""


_AT_PLACE = re.compile(r"\b(?:in|at|near|of|from|to)\s+(?:the\s+)?([A-Z][\w’'-]+)")


def _names(text: str) -> set[str]:
    """The words of a text's names; a capital that begins a line may be any word's."""
    words = set()
    for name in proper_names(text):
        words |= {w for w in fold(name).split() if len(w) > 2}
    lower = set(re.findall(r"\b[a-z]{3,}", text))
    return {w for w in words if w not in lower} - _GENERIC


def _common(asked: Asked, a: Claim, b: Claim) -> tuple[bool, str]:
    answers = {w for c in (a, b) for w in fold(c.text).split()}
    both = f"{a.context}\n{b.context}\n{asked.text.lower()}"
    lower = set(re.findall(r"\b[a-z]{3,}", both))
    in_a, in_b = (_names(c.context) - answers - lower for c in (a, b))
    wanted = _names(asked.text) - answers
    if wanted:
        missing = [w for w in wanted if w not in fold(a.context) or w not in fold(b.context)]
        if len(missing) * 2 > len(wanted):
            return False, f"not both articles mention {', '.join(sorted(missing))}"
        return True, "both articles mention the question's names"
    shared = in_a & in_b
    if shared:
        return True, f"both articles mention {', '.join(sorted(shared)[:3])}"
    if in_a and in_b:
        return False, "the articles have no name in common"
    share = shared_words(a, b)
    return share >= 0.3, f"the sentences share {share:.0%} of their words"


def shared_words(a: Claim, b: Claim) -> float:
    """Return the share of their words that two sentences have in common, but for the answers."""
    x, y = keys(a.rest), keys(b.rest)
    return len(x & y) / max(1, len(x | y))

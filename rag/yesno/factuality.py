"""What a sentence does not state as a fact: accused of it, almost, was to, the former mayor.

The words of a question stand in such sentences as they would in one that says yes.
"""

from __future__ import annotations

import re
from itertools import pairwise

from rag.language.opposites import alike, opposite
from rag.language.terms import Term, inside, keys, terms
from rag.questions.intent import LIGHT, Asked

_HEDGE = re.compile(
    r"\b(?:may|[Mm]ight|[Cc]ould|[Ww]ould|[Ii]f|[Rr]eportedly|[Aa]llegedly|rumou?rs?|"
    r"[Pp]ossibly|[Pp]erhaps|threaten(?:s|ed)?|plans?|planned|planning|consider(?:s|ed|ing)?|hopes?|"
    r"hoped)\b"  # "May" is a month
)
# "Will he appeal?": "he would" is what is said of "he will", "he could" of "he can".
_REPORTED = re.compile(r"\b(?:[Cc]ould|[Ww]ould)\b")
_PERMITTED = re.compile(r"\b(?:may|[Cc]ould|[Ww]ould)\b")
_MODALS = {"would", "could", "might", "should", "will", "shall", "must", "can", "may"}
# "Are guests allowed to?" is what "may" and "can" say, "Do they have to?" what "must" says.
_ALLOWED = re.compile(r"\b(?:allowed|permitted|able|possible|free|legal|available|obliged|required|"
                      r"(?:have|has|had|need|needs)\s+to)\b", re.I)
_TO_COME = re.compile(
    r"\b(?:is|are|was|were|been)\s+(?:\w+ly\s+)?(?:due|scheduled|expected|supposed|set|about|likely|"
    r"planned|going)\s+to\s+(?:be\s+|have\s+been\s+)?(?P<scope>[^,;.:]+)", re.I)
_LATER = re.compile(
    r"\W+(?:\w+\W+){0,3}?(?:on\s+(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|next|tomorrow|tonight|"
    r"later\s+this|in\s+(?:January|February|March|April|May|June|July|August|September|October|"
    r"November|December))\b")
# What did not take place.
_CALLED_OFF = re.compile(r"\b(?:cancell?ed|called\s+off|postponed|abandoned|scrapped)\b", re.I)
_DUE = re.compile(
    r"\b(?:was|were|had\s+been)\s+(?:due\s+|scheduled\s+|expected\s+|supposed\s+)?to\s|"
    r"\b(?:planned|scheduled)\s+(?:for|to)\b", re.I,
)
# Behind these words stands what is charged, wanted or nearly so, up to the end of the clause.
_NOT_SO = re.compile(
    r"\b(?P<word>accus(?:e|es|ed|ing)|suspect(?:s|ed)?|suspicion|charged|alleg(?:e|es|ed|ing|ation|"
    r"ations)|call(?:s|ed|ing)?(?=\s+(?:for|on)\b)|demand(?:s|ed|ing)?|urg(?:e|es|ed|ing)|"
    r"propos(?:e|es|ed|ing)|recommend(?:s|ed|ing)?|candidates?(?=\s+for\b)|"
    r"nominated(?=\s+(?:for|as)\b)|offered(?=\s+(?:\w+\s+){0,3}(?:job|post|position|role)\b)|"
    r"cleared(?=\s+of\b)|acquitted(?=\s+of\b)|innocent(?=\s+of\b)|"
    r"charges?(?=\s+(?:of|that)\b)|trial(?=\s+(?:for|over|on)\b)|"
    r"(?:claims|reports|rumours|rumors|suggestions|false|untrue)(?=\s+that\b)|allegedly|supposedly|"
    r"(?:argu(?:e|es|ed)|insist(?:s|ed)?|claim(?:ed)?|believ(?:e|es|ed)|thinks?|thought|fear(?:s|ed)?|"
    r"doubt(?:s|ed)?|suggest(?:s|ed)?|predict(?:s|ed)?|assum(?:e|es|ed))(?=\s+that\b)|"
    r"whether|almost|nearly)\s+(?P<scope>[^,;.:]+)", re.I,
)
_SUPPOSED = re.compile(r"\b(?:thought|believed|assumed|rumou?red|presumed)\s+to\b", re.I)
_NEAR_MODAL = 3  # words from a modal to the verb: "will not be built"
_NEAR = re.compile(r"almost|nearly", re.I)
_END = re.compile(r"\b(?:is|are|was|were|has|have|had|will|would|said|says)\b")
_FORMER = re.compile(r"\b(?:former|formerly|ex|late|then|once|previous|previously|outgoing)[\s-]+")
_UNTIL = re.compile(r"\buntil\b(?!\s+(?:now|today|further)\b)", re.I)
_AT_FIRST = re.compile(r"\b(?:at\s+first|initially|originally|no\s+longer|used\s+to)\b", re.I)
# What was done and is not any more: "the ban was lifted".
_UNDONE = re.compile(r"\b(?:lifted|overturn(?:s|ed)?|revoked?|repealed?|reversed|rescind(?:s|ed)?|"
                     r"quash(?:es|ed)?|annulled|withdrew|withdrawn|retracted)\b", re.I)
_FACES = re.compile(r"\b(?:fac(?:e[sd]?|ing)|risk(?:s|ed|ing)?)\s+(?:up\s+to|a\s+maximum|as\s+much|"
                    r"between|at\s+least|\d|life\b|years\b|the\s+death)", re.I)
_NO_REASON = re.compile(r"(?:\bnot|n['’]t|\bnever)\b[^.;]*?\bbecause\b(?P<reason>[^.;]*)", re.I)
_INSTRUCTION = re.compile(r"\W*(?:[Tt]ell|[Ss]ay|[Aa]nswer|[Cc]laim|[Pp]retend)\b(?:\s+\w+){0,3}?"
                          r"\s+that\b")
# Verbs behind which "to" tells of what was done, or was not: "managed to", "failed to".
_DONE = {"manag", "abl", "continu", "begin", "start", "go", "come", "use", "help", "learn",
         "fail", "refus", "declin", "unabl", "yet"}


def hedged(asked: Asked, sentence: str) -> bool:
    """Tell whether a sentence says it with a reserve that the question has not."""
    if re.match(r"(?:will|can)\b", asked.text, re.I):
        sentence = _REPORTED.sub("", sentence)
    return bool(_HEDGE.search(sentence)) and not _HEDGE.search(asked.text)


def called_off(asked: Asked, sentence: str) -> str | None:
    """Return the words by which a sentence says that something did not take place, or None.

    Returns:
        "" where it is open whether they are said of what is asked about.
    """
    off = _CALLED_OFF.search(sentence)
    if off is None or _CALLED_OFF.search(asked.text):
        return None
    if any(t.key == word.key or t.key in opposite(word.key)
           for t in terms(off[0]) for word in asked.words):
        return None  # "Did it go ahead?": they say it, or the contrary, themselves
    due = _DUE.search(sentence, 0, off.start())
    return off[0] if LIGHT.search(asked.text) or due else ""


def unstated(asked: Asked, sentence: str) -> bool:
    """Tell whether a sentence charges, wants or nearly has what the question asks for."""
    if _INSTRUCTION.match(sentence):
        return True
    if _SUPPOSED.search(sentence) and not _SUPPOSED.search(asked.text):
        return True
    mine = {t.key for t in asked.terms}
    wanted = _wanted(asked)
    for match in _NOT_SO.finditer(sentence):
        word = inside(match["word"])[0].key
        if word in mine or any(word in opposite(key) for key in mine):
            continue  # "Was he convicted of it?": acquitted of it says no
        end = _END.search(match["scope"])
        verb_first = match["word"].lower() == "whether" or match["scope"].startswith("that ")
        scope = terms(match["scope"][: end.start()] if end and not verb_first else match["scope"])
        if any(t.key in wanted for t in (scope[:1] if _NEAR.match(match["word"]) else scope)):
            return True
    return _only_wanted(asked, sentence)


def past(asked: Asked, sentence: str) -> bool:
    """Tell whether a sentence says only of the past what a question asks of the present."""
    if not re.match(r"(?:is|are|am|do|does|will|can)\b", asked.text, re.I):
        return False
    wanted = _wanted(asked)
    if _AT_FIRST.search(sentence) and not _AT_FIRST.search(asked.text):
        return True
    if _UNTIL.search(sentence) and not _UNTIL.search(asked.text) and re.search(
            r"\b(?:was|were|had|\w+ed)\b[^;.]*\buntil\b", sentence):
        return True
    if not re.match(r"(?:is|are|am)\b", asked.text, re.I):
        return False
    asked_too = {t.text.lower() for t in terms(asked.text)}
    for match in _FORMER.finditer(sentence):
        behind = [t for t in terms(sentence[match.end() :]) if t.kind != "empty"][:2]
        if match.group().strip(" -").lower() not in asked_too and any(
                t.key in wanted for t in behind):
            return True
    order = [t.key for t in terms(sentence)]
    return any(  # "opened in 1950 and closed in 2019"
        t.key in order and any(order.index(t.key) < at for at, key in enumerate(order)
                               if key in opposite(t.key)) for t in asked.words)


def undone(asked: Asked, sentence: str) -> bool:
    """Tell whether a sentence says that something was undone, where the question does not ask."""
    words = {t.key for t in terms(asked.text)}
    return any(not (words & ({t.key} | alike(t.key) | opposite(t.key)))
               for m in _UNDONE.finditer(sentence) for t in inside(m[0]))


def unreal(asked: Asked, sentence: str) -> bool:
    """Tell whether a sentence only says what would be, where it is asked what was or is done.

    So also what somebody faces, "up to 20 years in prison", and what was no reason: "not because
    he was hurt" leaves open whether he was.
    """
    if not re.match(r"(?:is|are|was|were|did|has|have|had)\b", asked.text, re.I):
        return False
    if _FACES.search(sentence) and not _FACES.search(asked.text):
        return True
    reason = _NO_REASON.search(sentence)
    if reason and keys(reason["reason"]) & {t.key for t in asked.words}:
        return True
    if _MODALS & {t.text.lower() for t in terms(asked.text)}:
        return False
    verbs = _wanted(asked)
    words = terms(sentence)
    modals = _MODALS - ({"may", "can", "must"} if _ALLOWED.search(asked.text) else set())
    if any({w.text for w in words[max(0, at - _NEAR_MODAL) : at]} & modals
           for at, t in enumerate(words) if t.key in verbs):
        return True
    return not _CALLED_OFF.search(sentence) and any(
        keys(m["scope"]) & verbs for m in _TO_COME.finditer(sentence))


def scheduled(asked: Asked, sentence: str, verb: Term | None) -> bool:
    """Tell whether a sentence says when it is to be, where it is asked whether it was done."""
    if verb is None or not re.match(r"(?:was|were|did|has|have|had)\b", asked.text, re.I):
        return False
    forms = [t for t in terms(sentence) if t.key == verb.key or t.key in alike(verb.key)]
    return bool(forms) and all(
        t.text.endswith("s") and _LATER.match(sentence, t.end) is not None for t in forms)


def only_may(asked: Asked, sentence: str) -> bool:
    """Tell whether what a question asks stands right behind a reserve: "may close", "plans to"."""
    if _HEDGE.search(asked.text):
        return False
    if re.match(r"will\b", asked.text, re.I):
        sentence = _REPORTED.sub("", sentence)
    elif re.match(r"(?:can|may|could)\b", asked.text, re.I) or _ALLOWED.search(asked.text):
        sentence = _PERMITTED.sub("", sentence)
    wanted = _wanted(asked)
    return any(t.key in wanted for m in _HEDGE.finditer(sentence)
               for t in terms(sentence[m.end() :])[:_NEAR_MODAL])


def _only_wanted(asked: Asked, sentence: str) -> bool:
    """Tell whether what the question says is only to be done: "asked the council to close it"."""
    question = terms(asked.text)
    wanted_too = {b.start for a, b in pairwise(question) if a.key == "to"}
    verbs = {t.key for t in asked.words if t.start not in wanted_too}
    verbs |= {other for key in verbs for other in alike(key)}
    here = terms(sentence)
    done = _DONE | ({"agre", "decid"} if question[0].key == "will" else set())
    after_to = [at for at, t in enumerate(here) if t.kind == "word" and t.key in verbs and (
        [w.key for w in here[max(0, at - 2) : at]][-1:] == ["to"]
        or [w.key for w in here[max(0, at - 2) : at]] == ["to", "be"])]
    return bool(after_to) and all(
        not {t.key for t in here[max(0, at - 4) : at]} & done for at in after_to)


def _wanted(asked: Asked) -> set[str]:
    keys = {t.key for t in asked.words}
    return keys | {other for key in keys for other in alike(key)}

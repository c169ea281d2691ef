"""What was tried and not reached, and what did not change: "in vain", "no change in prices".

Such a sentence holds the words of what was wanted and none that negates them, or denies it of every
change at once.
"""

from __future__ import annotations

import re

from rag.opposites import alike
from rag.predicates import Predicate
from rag.questions import Asked
from rag.terms import terms

_TRIED = r"(?:tr(?:y|ies|ied|ying)|s(?:eek|eeks|ought)|attempt(?:s|ed)?|struggled|fought|strove)"
_EFFORT = (r"(?:attempt|effort|bid|petition|campaign|plea|appeal|protest|lawsuit|challenge|strike|"
           r"boycott|demonstration|letter)s?")
_VAIN = (r"(?:in\s+vain|to\s+no\s+(?:avail|effect)|without\s+(?:any\s+)?success|unsuccessfully|"
         r"vainly)")
_CAME_TO_NOTHING = (r"(?:(?:has|have|had|all)\s+)?(?:failed(?!\s+to\b)|came\s+to\s+nothing|"
                    r"got\s+nowhere|(?:was|were|proved)\s+(?:unsuccessful|fruitless|in\s+vain))\b")
_WHAT = r"\s+to\s+(?P<what>(?:(?!\b(?:where|while|but|which|that|who|and)\b)[^,;.:])*?)"
_FRUITLESS = tuple(re.compile(p, re.I) for p in (
    rf"\b{_TRIED}\s+(?P<vain>{_VAIN}){_WHAT}(?=[,;.:]|\Z)",
    rf"\b(?P<vain>{_VAIN})\s+{_TRIED}{_WHAT}(?=[,;.:]|\Z)",
    rf"\b(?:{_TRIED}|{_EFFORT}){_WHAT},?\s+(?:but\s+)?(?P<vain>{_VAIN})(?=[,;.:]|\Z)",
    rf"\b{_EFFORT}{_WHAT}\s+(?P<vain>{_CAME_TO_NOTHING})",
))
_FUTILE = re.compile(rf"\b(?P<effort>{_EFFORT})(?:,\s+|\s+)(?:but\s+)?"
                     rf"(?P<vain>(?:{_VAIN}|{_CAME_TO_NOTHING})\b)", re.I)
_CHANGES = frozenset(t.key for t in terms(
    "x rise increase grow climb fall decrease decline drop shrink improve worsen deteriorate")[1:])
# No change, by what stands before the verb in its place and behind it.
_STEADY = (
    (re.compile(r"\bno\s+(?:\w+\s+){0,2}?(?:change|difference)s?\s+in\b", re.I), "no {} in"),
    (re.compile(r"\b(?:did\s+not|didn['’]t)\s+change\b", re.I), "did not {}"),
    (re.compile(r"\b(?:has|have|had)\s+not\s+changed\b", re.I), "did not {}"),
    (re.compile(r"\b(?:(?:was|were|remain(?:s|ed)?|stay(?:s|ed)?|left)\s+(?:largely\s+)?"
                r"unchanged|(?:remain|stay)(?:s|ed)\s+(?:the\s+same|flat))\b", re.I), "did not {}"),
)


def steady(sentence: str, parts: Predicate) -> str:
    """Return a sentence with "did not change" as "did not rise", where the question asks for that.

    Not where the sentence tells of another change, too: "unchanged in May, but rose in June".
    """
    verb = parts.verb
    if verb is None or verb.key not in _CHANGES:
        return sentence
    for pattern, denied in _STEADY:
        match = pattern.search(sentence)
        rest = pattern.sub("", sentence)
        if match and not _CHANGES & {t.key for t in terms(rest)} and not re.search(
                r"\b(?:un)?change[sd]?\b", rest):
            return pattern.sub(denied.format(verb.text), sentence, count=1)
    return sentence


def fruitless(asked: Asked, sentence: str, parts: Predicate) -> str | None:
    """Return the words by which a sentence says that what is asked was tried in vain, or None.

    Only where the question's verb stands in what was tried, and nowhere else.
    """
    if parts.verb is None:
        return None
    forms = {parts.verb.key} | alike(parts.verb.key)
    for pattern in _FRUITLESS:
        match = pattern.search(sentence)
        if match is None or not forms & {t.key for t in terms("x " + match["what"])}:
            continue
        rest = sentence[: match.start("what")] + sentence[match.end("what") :]
        if not forms & {t.key for t in terms(rest)}:
            return match["vain"]
    return None


def futile(sentence: str, parts: Predicate) -> str | None:
    """Return the words by which a sentence says that the question's subject had no effect, or None.

    "Thousands signed a petition, to no effect": so it did not do what it was for.
    """
    match = _FUTILE.search(sentence)
    if match is None or parts.subject is None or parts.verb is None:
        return None
    return match["vain"] if terms("x " + match["effort"])[1].key == parts.subject.key else None

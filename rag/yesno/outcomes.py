"""What was tried and not reached, and what did not change: "in vain", "no change in prices".

Such a sentence holds the words of what was wanted and none that negates them, or denies it of every
change at once.
"""

from __future__ import annotations

import re

from rag.language.opposites import alike
from rag.language.terms import inside, terms
from rag.questions.intent import Asked
from rag.yesno.predicates import Predicate, same

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
_STEADY = re.compile(
    r"\b(?:no\s+(?:\w+\s+){0,2}?(?:change|difference)s?\s+in(?=\s)|"
    r"(?:(?:(?:did|has|have|had)\s+not|(?:did|has|have|had)n['’]t)\s+changed?|"
    r"(?:was|were|remain(?:s|ed)?|stay(?:s|ed)?|left)\s+(?:largely\s+)?unchanged|"
    r"(?:remain|stay)(?:s|ed)\s+(?:the\s+same|flat))"
    r"(?=\s*(?:[,.;!?]|\Z)|\s+(?:in|by|over|between|from|since|for|during|at|after|when|while|"
    r"much|last|this)\b))", re.I)


def steady(sentence: str, parts: Predicate) -> str | None:
    """Return a sentence with "did not change" as "did not rise", where the question asks for that.

    Returns:
        The sentence itself where the question asks for no change or nothing says so; None where it
        tells of another change, too ("unchanged in May, but rose in June"), or of another subject.
    """
    verb, subject = parts.verb, parts.subject
    match = _STEADY.search(sentence)
    if verb is None or verb.key not in _CHANGES or match is None:
        return sentence
    rest = sentence[: match.start()] + "." + sentence[match.end() :]
    if subject is None or _CHANGES & {t.key for t in terms(rest)}:
        return None
    if match[0].lower().endswith("in"):
        head, said = inside(sentence[match.end() :])[:3], f"no {verb.text} in"
    else:
        before = re.split(r"[,;:]\s|\s(?:and|but|while)\s", sentence[: match.start()])[-1]
        noun = re.split(r"\s(?:of|in|on|at|for|from|to|by|with)\s", before)[0]
        head, said = inside(noun)[-1:], f"did not {verb.text}"
    if not any(same(subject, {t.key}) for t in head):
        return None
    return sentence[: match.start()] + said + sentence[match.end() :]


def fruitless(asked: Asked, sentence: str, parts: Predicate) -> str | None:
    """Return the words by which a sentence says that what is asked was tried in vain, or None.

    Only where the question's verb stands in what was tried, and nowhere else.
    """
    if parts.verb is None:
        return None
    forms = {parts.verb.key} | alike(parts.verb.key)
    for pattern in _FRUITLESS:
        match = pattern.search(sentence)
        if match is None or not forms & {t.key for t in inside(match["what"])}:
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
    return match["vain"] if inside(match["effort"])[0].key == parts.subject.key else None

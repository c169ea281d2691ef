"""Whether a sentence is about something of the question's subject, or what the subject says.

"The mayor's deputy resigned" and "the mayor wrote that the deputy resigned" do not say that the
mayor did.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.language.terms import Term, terms
from rag.language.verbs import is_past, is_verb
from rag.questions.intent import Asked
from rag.yesno.predicates import Predicate, same
from rag.yesno.relations import before, linked

_WHOSE = frozenset("of in from at for near against about".split())
_SAYING = frozenset("said says say told tells".split())
_PRONOUNS = frozenset("he she it they its his her their".split())


def of_what_is_its(asked: Asked, text: str, parts: Predicate) -> bool:
    """Tell whether a sentence is about something of the subject: "the mayor's deputy resigned"."""
    verb, subject = parts.verb, parts.subject or next(iter(reversed(_named(asked, parts))), None)
    if verb is None or subject is None or _owns(asked.text, subject):
        return False
    words, here = terms(asked.text), terms(text)
    link = linked(words, next(i for i, t in enumerate(words) if t.start == subject.start))
    places = [j for j, t in enumerate(here) if same(subject, {t.key})]
    return bool(places) and all(_is_theirs(here, j, text, verb, link) for j in places)


def told_of_another(asked: Asked, text: str, parts: Predicate) -> bool:
    """Tell whether the subject only says it of another: "the students wrote that the dean lied"."""
    verb, subject = parts.verb, parts.subject
    if verb is None or subject is None or "that" in {t.key for t in terms(asked.text)}:
        return False
    here = terms(text)
    at = next((i for i, t in enumerate(here) if i and t.key == "that" and (
        here[i - 1].text.lower() in _SAYING or is_verb(here[i - 1].text.lower())
        or is_past(here[i - 1].text))), None)
    if at is None or at + 1 >= len(here) or here[at + 1].text.lower() in _PRONOUNS:
        return False
    ahead, behind = ({t.key for t in part} for part in (here[:at], here[at:]))
    return same(verb, behind) and not same(verb, ahead) and same(subject, ahead) and not same(
        subject, behind)


def _named(asked: Asked, parts: Predicate) -> list[Term]:
    end = parts.verb.start if parts.verb is not None else 0
    return [t for t in asked.terms if t.kind == "name" and t.end <= end]


def _owns(text: str, term: Term) -> bool:
    return re.match(r"['’]s?\b", text[term.end : term.end + 3]) is not None or (
        term.text.endswith("s") and text[term.end : term.end + 1] in ("'", "’"))


def _is_theirs(here: Sequence[Term], at: int, text: str, verb: Term, link: str | None) -> bool:
    """Tell whether a noun only tells whose or which another one before the verb is."""
    if _owns(text, here[at]):
        near = [t for t in here[at + 1 : at + 3] if same(verb, {t.key})]
        return not any(t is here[at + 1] or not is_past(t.text) for t in near)  # "'s resignation"
    back = before(here, at)
    if here[at].kind == "name" or back is None or back == 0:
        return False
    if here[back].text.lower() not in _WHOSE - {link}:
        return False
    noun = here[back - 1]
    return noun.kind in ("word", "name") and not same(verb, {noun.key}) and any(
        same(verb, {t.key}) for t in here[at + 1 :]) and not any(
        same(verb, {t.key}) for t in here[:back])

"""Rewordings of a question: asked again another way, with its answer put back, or as a statement.

Questions are read by their form alone: question words, auxiliary, rest. Where the form is not one
of these, nothing is reworded.
"""

from __future__ import annotations

import re
from itertools import pairwise

from rag.conversation.mentions import is_plural
from rag.language.nouns import DEGREES
from rag.language.verbs import BARE, is_past, is_verb
from rag.language.words import AUXILIARIES, PREPOSITIONS, content_stems, words

_AUX = "|".join(sorted(AUXILIARIES))
_ASKED = re.compile(
    rf"^(?:(?P<lead>[a-z]+)\s+)?(?P<wh>who|whom|whose|what|which|when|where|why|how)\b(?P<noun>.*?)"
    rf"\s*\b(?P<aux>{_AUX})\s+(?P<rest>.+)$",
    re.I,
)
_SUBJECT = re.compile(r"^(?P<wh>who|what|which|how\s+(?:many|much))\b\s*(?P<rest>.+)$", re.I)
_NUMBERS = (("is", "are"), ("was", "were"), ("does", "do"), ("has", "have"))
_ACTS = r"(?:is|are|was|were|did|does|do|has|have|had|will|of)\b"
_HOW_MANY = re.compile(
    rf"how\s+many(?:\s+(?!{_ACTS})[\w’'-]+){{1,3}}?(?=\s+{_ACTS}|\Z)", re.I)
_YES_NO = re.compile(rf"^(?:{_AUX})\s+.+$", re.I)


def again(last: str, short: str, asks: str, behind: str) -> str | None:
    """Ask a question again with other question words.

    Args:
        last: The question, without its question mark.
        short: Its answer; empty if there is none, or it is too long to repeat.
        asks: The new question words ("since when").
        behind: A preposition to put last ("from" of "Where from?").
    """
    one, other = _HOW_MANY.match(asks), _HOW_MANY.match(last)
    if one and other and one.end() == len(asks):  # "And how many Kenyans?"
        return f"{asks}{last[other.end() :]}"
    if _YES_NO.match(last) and asks.casefold() == "why not":
        return _denied(last)
    if _YES_NO.match(last):
        return f"{asks} {last[0].lower()}{last[1:]} {behind}"
    asked = _ASKED.match(last)
    if asked and not _is_subject(asked["noun"]):
        told = _counted(asked, short)
        return f"{asks} {_inverted(asked, told if behind else short or told)} {behind}"
    subject = _SUBJECT.match(last)
    if subject is None:
        return None
    verb = next((m[0] for m in words(subject["rest"]) if is_verb(m[0])), "")
    aux = "was" if is_past(verb) else "is"
    return f"{asks} {aux} it that {_stated(subject, short)} {behind}"


def _denied(last: str) -> str:
    """Ask why something is not so: "Why did Ann not accept?" after "Did Ann accept?"."""
    found = list(words(last))
    acts = next((m for m in found[2:] if is_verb(m[0]) or m[0].casefold() in BARE), None)
    at = acts.start() if acts else found[0].end() + 1
    return f"why {last[0].lower()}{last[1:at]}not {last[at:]}"


def otherwise_done(last: str, participle: str) -> str | None:
    """Put another participle in: "When was the mill repaired?" after "When was the mill built?"."""
    asked = _ASKED.match(last)
    if asked is None or asked["aux"].casefold() in ("do", "does", "did"):
        return None
    done = [m for m in words(asked["rest"]) if is_past(m[0])]
    if not done:
        return None
    at = asked.start("rest")
    return f"{last[: at + done[-1].start()]}{participle}{last[at + done[-1].end() :]}"


def another(last: str, asks: str) -> str | None:
    """Ask for one more of what the last question asked: "Who else?", "What else?".

    Args:
        last: The question, without its question mark.
        asks: The question words, with "else" last.

    Returns:
        The question, or None where it cannot be asked of the last one.
    """
    wh = asks.split()[0]
    same = re.match(rf"{wh}\b", last, re.I)
    if same:
        return f"{asks}{last[same.end() :]}"
    asked = _ASKED.match(last)
    if asked is None or wh.casefold() != "who" or asked["aux"].casefold() in ("do", "does", "did"):
        return None
    name = re.match(r"(?:[A-Z][\w.’'-]*\s+)+(?=[a-z])", asked["rest"])
    # "Where is Ann Lee being held?": who else is being held.
    return f"{asks} {asked['aux']} {asked['rest'][name.end() :]}" if name else None


def whether(last: str, person: str) -> str | None:
    """Ask of somebody what was asked of all: "And Ann?" after "Who was elected?".

    None for other questions, and where what stands before "who" or behind the verb names more.
    """
    asked = _ASKED.match(last)
    if asked is None or asked["wh"].casefold() != "who" or asked["lead"]:
        return None
    if asked["noun"].strip().casefold() not in ("", "else") or not (
        is_verb(asked["rest"].split()[0]) or asked["rest"].startswith("being ")
    ):
        return None
    aux = asked["aux"]
    plural = is_plural(person)
    verb = next((pair[plural] for pair in _NUMBERS if aux.casefold() in pair), aux)
    return f"{verb} {person} {asked['rest']}"


def agreeing(before: str, old: str, new: str) -> str:
    """Return what stands before a phrase with its verb in the number of the phrase put there.

    Args:
        before: The words of the question before the phrase.
        old: The phrase that it had.
        new: The phrase that takes its place.
    """
    verb = re.search(r"\b(is|are|was|were|does|do|has|have)(?=\s+(?:the\s+)?$)", before, re.I)
    if verb is None or is_plural(old) == is_plural(new):
        return before
    singular, plural = next(pair for pair in _NUMBERS if verb[1].casefold() in pair)
    return before[: verb.start()] + (plural if is_plural(new) else singular) + before[verb.end() :]


def declared(last: str, short: str) -> str | None:
    """Turn a question with its answer into a statement: "the pump was replaced by a yard"."""
    asked = _ASKED.match(last)
    if asked is None or _is_subject(asked["noun"]):
        subject = _SUBJECT.match(last)
        return _stated(subject, short) if subject else None
    rest = asked["rest"]
    given = _given(asked, short)
    found = list(words(rest))
    if found and is_verb(found[0][0]):
        return f"{given} {asked['aux']} {rest}".strip()
    verb = next((m for m in found[1:] if is_verb(m[0]) or m[0].casefold() in BARE), None)
    if verb is None:
        return None
    return f"{rest[: verb.start()]}{asked['aux']} {rest[verb.start() :]} {given}".rstrip()


def _is_subject(noun: str) -> bool:
    """Whether a verb stands between the question words and the auxiliary ("who leads ... is")."""
    return any(is_verb(m[0]) for m in words(noun))


def _noun(asked: re.Match[str]) -> str:
    noun = asked["noun"].strip()
    many = re.compile(r"^(?:many|much)\b\s*", re.I)
    return many.sub("", noun) if asked["wh"].casefold() == "how" else noun


def _counted(asked: re.Match[str], short: str) -> str:
    """Return what a question counts, with its number: nothing else is kept of its answer."""
    noun = _noun(asked)
    counts = asked["wh"].casefold() == "how" and bool(noun) and noun.split()[0] not in DEGREES
    return (short or noun) if counts else ""


def _inverted(asked: re.Match[str], short: str) -> str:
    """Return auxiliary and rest, with the answer in the place that the question words left."""
    aux, rest, wh, noun = asked["aux"], asked["rest"], asked["wh"].casefold(), _noun(asked)
    degree = noun.split()[0].casefold() in DEGREES if noun else True
    if wh in ("when", "where", "why") or (wh == "how" and degree) or not short:
        return f"{aux} {rest}"
    given = _given(asked, short)
    if content_stems(given) <= content_stems(rest):
        return f"{aux} {rest}"
    copula = aux.casefold() in ("is", "was", "are", "were")
    first = next((m[0] for m in words(rest)), "")
    acts = is_verb(first) or first.casefold() in BARE | {"be", "been"}
    names = copula and wh in ("who", "whom", "which") and short[:1].isupper()
    if names or (copula and wh == "how") or (acts and noun):
        return f"{aux} {given} {rest}"
    return f"{aux} {_with_object(rest, given) if wh == 'how' else f'{rest} {given}'}"


def _with_object(rest: str, given: str) -> str:
    """Put an object behind its verb where a place or time follows: "cut jobs in Tarn"."""
    found = list(words(rest))
    for verb, after in pairwise(found[1:]):
        if verb[0].casefold() in BARE or is_verb(verb[0]):
            if after[0].casefold() not in PREPOSITIONS or after is found[-1]:
                break
            return f"{rest[: verb.end()]} {given}{rest[verb.end() :]}"
    return f"{rest} {given}"


def _given(asked: re.Match[str], short: str) -> str:
    """Word an answer for the place that the question words left ("in Lynx", "100 instructors")."""
    wh, noun, lead = asked["wh"].casefold(), _noun(asked), asked["lead"]
    told = content_stems(noun) <= content_stems(short)
    given = short
    if wh == "whose" and noun and not told:
        given = f"{short}’s {noun}"
    elif wh == "how" and not told:
        given = f"{short} {noun}"
    first = next((m[0].casefold() for m in words(short)), "")
    lead = "in" if wh == "where" and short[:1].isupper() else lead  # "arrived in Niamey"
    leads = lead and lead.casefold() in PREPOSITIONS and first not in PREPOSITIONS
    return f"{lead.lower()} {given}" if leads else given


def _stated(subject: re.Match[str], short: str) -> str:
    rest = subject["rest"]
    if subject["wh"].casefold().startswith("how"):
        number = short if content_stems(short) - content_stems(rest) else ""
        return f"{number} {rest}" if number and len(number.split()) <= 3 else str(rest)
    return f"{short} {rest}" if short else str(rest)

"""Rewordings of a question: asked again another way, with its answer put back, or as a statement.

Questions are read by their form alone: question words, auxiliary, rest. Where the form is not one
of these, nothing is reworded.
"""

from __future__ import annotations

import re
from itertools import pairwise

from rag.conversation.mentions import is_plural, mentions
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
_HOW_MANY = re.compile(r"how\s+many\b", re.I)
_COUNTED = 3  # words of what is counted, at most
# What is done without being done to anybody: "were died" is no English.
_GOES = frozenset(
    "arrived came died disappeared drowned escaped fell fled left perished remained resigned "
    "returned stayed survived voted went".split())
# What stands behind a preposition; and what stands before the noun of an amount not known yet.
BEHIND = re.compile(rf"\b(?:{'|'.join(sorted(PREPOSITIONS))})\s+(?:(?:the|a|an)\s+)?$", re.I)
_INDEFINITE = re.compile(r"\b(?:a|an|the|any|some|many|no)\s+$", re.I)
_YES_NO = re.compile(rf"^(?:{_AUX})\s+.+$", re.I)


def again(last: str, short: str, asks: str, behind: str) -> str | None:
    """Ask a question again with other question words.

    Args:
        last: The question, without its question mark.
        short: Its answer; empty if there is none, or it is too long to repeat.
        asks: The new question words ("since when").
        behind: A preposition to put last ("from" of "Where from?").
    """
    other = counted(last)
    if other and counted(asks) == len(asks):  # "And how many Kenyans?"
        return f"{asks}{last[other :]}"
    if _YES_NO.match(last) and asks.casefold() == "why not":
        return _denied(last)
    if _YES_NO.match(last) and _HOW_MANY.match(asks):
        return _counting(last, asks, behind)
    if _YES_NO.match(last):
        return f"{asks} {last[0].lower()}{last[1:]} {behind}"
    asked = _ASKED.match(last)
    if asked and not _is_subject(asked["noun"]):
        told = _counted(asked, short)
        # "What for?" leaves out whom it asks of, where the last question looked for that.
        looked_for = is_verb(asked["rest"].split()[0])
        given = told if behind and not looked_for else short or told
        return f"{asks} {_inverted(asked, given)} {behind}"
    subject = _SUBJECT.match(last)
    if subject is None:
        return None
    verb = next((m[0] for m in words(subject["rest"]) if is_verb(m[0])), "")
    aux = "was" if is_past(verb) else "is"
    return f"{asks} {aux} it that {_stated(subject, short)} {behind}"


def counted(question: str) -> int | None:
    """Return where the noun ends that "how many" counts; None where nothing is counted so.

    >>> counted("How many Danish sailors left Orwick"), counted("How many of them")
    (23, None)
    """
    many = _HOW_MANY.match(question)
    end: int | None = None
    for at, match in enumerate(words(question[many.end() :]) if many else ()):
        folded = match[0].casefold()
        if folded in AUXILIARIES | PREPOSITIONS or (at and is_verb(folded)) or at == _COUNTED:
            break
        end = many.end() + match.end() if many else None
    return end


def _counting(last: str, asks: str, behind: str) -> str:
    """Ask how many there were: "How many jobs did Varn cut?" after "Did Varn cut jobs?"."""
    found = [m for m in mentions(last) if m.plural and m.kind not in ("time", "number")]
    noun = content_stems(_HOW_MANY.sub("", asks))
    named = [m for m in found if noun and noun <= content_stems(m.text)]
    free = [m for m in found if not BEHIND.search(last[: m.start])]
    one = next(iter(named if noun else reversed(free)), None)
    if one is None or counted(asks) not in (None, len(asks)):
        return f"{last}, and {asks[:1].lower()}{asks[1:]} {behind}"
    start = one.start
    for noun_or_verb in list(words(one.text))[1:-1]:
        if noun_or_verb[0].casefold() in BARE:  # "did the company cut jobs"
            start = one.start + noun_or_verb.end() + 1
    before = _INDEFINITE.sub("", last[:start])
    rest = f"{before[:1].lower()}{before[1:]}{last[one.end :].lstrip()}"
    return f"how many {last[start : one.end]} {rest} {behind}"


def _denied(last: str) -> str:
    """Ask why something is not so: "Why did Ann not accept?" after "Did Ann accept?"."""
    found = list(words(last))
    acts = next((m for m in found[2:] if is_verb(m[0]) or m[0].casefold() in BARE), None)
    at = acts.start() if acts else found[0].end() + 1
    return f"why {last[0].lower()}{last[1:at]}not {last[at:]}"


def otherwise_done(last: str, participle: str) -> str | None:
    """Put another participle in: "When was the mill repaired?" after "When was the mill built?".

    "How many were injured?" follows "How many died?", and "When was it that the mill closed?"
    follows "When did the mill open?", in words that were said.
    """
    end = counted(last)
    if end is not None:
        return _counted_otherwise(last, end, participle)
    asked = _ASKED.match(last)
    if asked is None:
        return None
    rest, at = asked["rest"], asked.start("rest")
    helps = asked["aux"].casefold() in ("do", "does", "did")
    done = [m for m in words(rest) if is_past(m[0]) or (helps and m.start() and m[0] in BARE)]
    if not done:
        return None
    who, after = rest[: done[-1].start()], rest[done[-1].end() :]
    bare = participle in BARE and not is_past(participle)
    if bare and not helps:
        return None
    if bare or (not helps and participle.casefold() not in _GOES):
        return f"{last[:at]}{who}{participle}{after}"
    return f"{last[: asked.start('aux')]}was it that {who}{participle}{after}" if who else None


def _counted_otherwise(last: str, end: int, participle: str) -> str | None:
    """Put another participle behind what is counted, which ends at ``end``."""
    done = next((m for m in words(last[end:]) if is_verb(m[0])), None)
    if done is None:
        return None
    between = re.sub(r"\s+(?:was|were)\s*$|\s+$", "", last[end : end + done.start()])
    if any(m[0].casefold() in AUXILIARIES for m in words(between)):
        return None
    aux = "" if participle.casefold() in _GOES else " were"
    return f"{last[:end]}{between}{aux} {participle}{last[end + done.end() :]}"


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
    if copula and is_plural(given):  # "Who was arrested? Two men": why were they?
        aux = next((plural for one, plural in _NUMBERS if aux.casefold() == one), aux)
    first = next((m[0] for m in words(rest)), "")
    acts = is_verb(first) or first.casefold() in BARE | {"be", "been"}
    names = copula and wh in ("who", "whom", "which") and short[:1].isupper()
    if names or (copula and (wh == "how" or is_verb(first))) or (acts and noun):
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

"""Questions that leave out what the last one said: "When?", "And in Mali?", "The French ones?"."""

from __future__ import annotations

import re

from rag.conversation.history import History
from rag.conversation.mentions import TIME_WORD, Mention, is_nationality, mentions
from rag.conversation.shapes import bare
from rag.conversation.verbs import is_past, is_verb
from rag.conversation.words import AUXILIARIES, PREPOSITIONS, content_stems, stem, words

_AUX = "|".join(sorted(AUXILIARIES))
_ASKED = re.compile(
    rf"^(?:(?P<lead>[a-z]+)\s+)?(?P<wh>who|whom|what|which|when|where|why|how)\b(?P<noun>.*?)"
    rf"\s*\b(?P<aux>{_AUX})\s+(?P<rest>.+)$",
    re.I,
)
_SUBJECT = re.compile(r"^(?P<wh>who|what|which|how\s+(?:many|much))\b\s*(?P<rest>.+)$", re.I)
_YES_NO = re.compile(rf"^(?:{_AUX})\s+.+$", re.I)
_ANSWER_WORDS = 8
_STOP = re.compile(r"[?!.\s]+$")


def complete(core: str, history: History) -> str | None:
    """Complete a bare question ("Since when?") with what the last question and its answer said."""
    last = _STOP.sub("", history.turns[0].question)
    short = history.turns[0].answer.short or ""
    if len(short.split()) > _ANSWER_WORDS:
        short = ""
    lead, wh = bare(core)
    asks = f"{lead} {wh}".strip() if lead not in ("from", "to") or wh.casefold() != "where" else wh
    yes_no = _YES_NO.match(last)
    if yes_no:
        return f"{asks} {last[0].lower()}{last[1:]}"
    asked = _ASKED.match(last)
    if asked and not _is_subject(asked["noun"]):
        return f"{asks} {_order(asked, short)}"
    subject = _SUBJECT.match(last)
    if subject:
        return _cleft(asks, subject, short)
    told = re.match(r"^(?:please\s+)?(?:tell\s+me\s+)?(?:more\s+)?about\s+(.+)$", last, re.I)
    topic = told[1] if told else last
    return f"{asks}, about {topic}"


def _is_subject(noun: str) -> bool:
    """Whether a verb stands between the question words and the auxiliary ("who leads ... is")."""
    return any(is_verb(m[0]) for m in words(noun))


def _order(asked: re.Match[str], short: str) -> str:
    """Put the answer back in the place that the question words left."""
    aux, rest, wh = asked["aux"], asked["rest"], asked["wh"].casefold()
    noun = asked["noun"].strip()
    noun = re.sub(r"^(?:many|much)\b\s*", "", noun, flags=re.I) if wh == "how" else noun
    if wh in ("when", "where", "why") or (wh == "how" and not noun) or not short:
        return f"{aux} {rest}"
    if wh == "how" and re.match(
        r"(?:long|far|old|often|big|tall|high|deep|fast|wide|heavy)\b", noun, re.I
    ):
        return f"{aux} {rest}"
    given = (
        short if content_stems(noun) <= content_stems(short) or wh != "how" else f"{short} {noun}"
    )
    copula = aux.casefold() in ("is", "was", "are", "were")
    if copula and wh in ("who", "whom", "which") and short[:1].isupper():
        return f"{aux} {given} {rest}"
    if content_stems(given) <= content_stems(rest):
        return f"{aux} {rest}"
    return f"{aux} {rest} {given}"


def _cleft(asks: str, subject: re.Match[str], short: str) -> str:
    """Word a question about a whole statement: "When was it that 100 instructors arrived"."""
    rest = subject["rest"]
    verb = next((m[0] for m in words(rest) if is_verb(m[0])), "")
    aux = "was" if is_past(verb) else "is"
    counts = subject["wh"].casefold().startswith("how")
    if counts:
        number = short if content_stems(short) - content_stems(rest) else ""
        statement = f"{number} {rest}" if number and len(number.split()) <= 3 else rest
    else:
        statement = f"{short} {rest}" if short else rest
    return f"{asks} {aux} it that {statement}"


def continue_with(fragment: str, history: History) -> str | None:
    """Ask the last question again with the fragment in the place of the part it is like."""
    last = _STOP.sub("", history.turns[0].question)
    fragment = _STOP.sub("", fragment)
    lead = re.match(r"^(\w+)\s+(?=\S)", fragment)
    preposition = lead[1].casefold() if lead and lead[1].casefold() in PREPOSITIONS else ""
    body = fragment[lead.end() :] if lead and preposition else fragment
    body_phrase = re.sub(r"^(?:the|a|an)\s+", "", body, flags=re.I)
    own = mentions(last)
    target = _aligned(preposition, body_phrase, last, own)
    if target is None:
        return f"{last} {fragment}" if preposition else f"{last}, and {fragment}"
    start, end, text = target
    before = last[:start]
    led = re.search(r"\b(?:the|a|an)\s+$", before, re.I)
    if led and (re.match(r"(?:the|a|an)\s", text, re.I) or text[:1].isupper()):
        keeps = text[:1].isupper() and is_nationality(text.split()[0]) and end < len(last)
        before = before if keeps else before[: led.start()]
    if preposition:
        held = re.search(r"\b(\w+)\s+(?:the\s+)?$", before, re.I)
        if held and held[1].casefold() in PREPOSITIONS:
            before = before[: held.start()]
            text = f"{preposition} {text}"
        elif not held or held[1].casefold() not in PREPOSITIONS:
            return f"{last} {fragment}"
    return before + text + last[end:]


def _aligned(
    preposition: str, body: str, last: str, own: tuple[Mention, ...]
) -> tuple[int, int, str] | None:
    """Return the part of the last question to replace, and the text to put there."""
    alone = body.split()
    adjective = body[:1].isupper() and len(alone) == 1 and is_nationality(body)
    if adjective:
        for mention in own:
            first = mention.text.split()[0]
            if is_nationality(first):
                return mention.start, mention.start + len(first), body
    ones = [m for m in own if content_stems(m.text) & _head(body)]
    if ones:
        return ones[-1].start, ones[-1].end, body
    if TIME_WORD.search(body):
        times = [m for m in own if m.kind == "time"]
        return (times[-1].start, times[-1].end, body) if times else None
    if preposition:
        for mention in reversed(own):
            held = re.search(r"\b(\w+)\s+(?:the\s+)?$", last[: mention.start])
            if held and held[1].casefold() == preposition:
                return mention.start, mention.end, body
        return None
    capital = re.sub(r"^(?:the|a|an)\s+", "", body, flags=re.I)[:1].isupper()
    kinds = mentions(body)
    alike = [m for m in own if kinds and m.kind == kinds[0].kind and m.is_name == capital]
    named = [m for m in own if m.is_name] if capital else [m for m in own if not m.is_name]
    pool = alike or named or ([] if capital else list(own))
    if not pool:
        return None
    chosen = pool[-1]
    return chosen.start, chosen.end, body


def _head(body: str) -> frozenset[str]:
    last = [m[0] for m in words(body)][-1:]
    return frozenset(stem(w) for w in last)

"""Questions that leave out what the last one said: "When?", "And in Mali?", "The French ones?"."""

from __future__ import annotations

import re

from rag.conversation.history import History
from rag.conversation.mentions import TIME_WORD, Mention, mentions
from rag.conversation.nations import is_nationality
from rag.conversation.said import uncapitalised
from rag.conversation.shapes import bare, without_lead
from rag.conversation.wording import (
    BEHIND,
    again,
    agreeing,
    another,
    counted,
    declared,
    otherwise_done,
    whether,
)
from rag.language.nouns import MEASURES, PLACE_NOUNS
from rag.language.verbs import BARE, is_past, is_verb
from rag.language.words import AUXILIARIES, ORDINALS, PREPOSITIONS, content_stems, stem, words
from rag.types import Turn

_ANSWER_WORDS = 8
_ORDINAL = re.compile(rf"\b(?:{'|'.join(sorted(ORDINALS))})\b", re.I)
_OWNING = ("'s", "’s", "s'", "s’")
_OWNER = re.compile(
    r"\b(?:the\s+(?:[a-z][\w-]*\s+)?)?(?:[A-Z][\w.-]*\s+)*[^\W\d_][\w-]*(?:['’]s|s['’])(?=\s+[a-z])"
)
_BELONGS = re.compile(r"\bof\s+(?:the\s+)?([A-Z][\w.’'-]*(?:\s+[A-Z][\w.’'-]*)*)")
_PART = re.compile(r"\bof\s+the\s+")
_MANY_MORE = re.compile(
    r"[Hh]ow\s+many\s+(?:(?:were\s+|was\s+)?(?P<done>[a-z]+)"
    r"|(?P<where>(?:in|from|of|to|at)\s+(?:the\s+)?[A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*)*))")
# "What is the capital of Niger?": "in Mali" may follow; not "What did the king of Spain say?".
_IS_OF = re.compile(r"^(?:what|who|where|how\s+\w+)\s+(?:is|are|was|were)\b", re.I)
_NO_ARTICLE = re.compile(
    r"(?:\b(?:a|an|many|much|which|what|whose|his|her|its|their|our)|['’]s?)\s+$", re.I)
_WHICH_TIME = re.compile(r"\b(?:this|last|next|that)\s+$", re.I)  # "this year", all of it
_NATION_ONE = re.compile(r"the\s+([A-Z][\w-]+)\s+ones?\Z")
_STOP = re.compile(r"[?!.\s]+$")
_OF_OWNER = re.compile(r".+?['’]s?\s+(?=[a-z])")
_NOTE = re.compile(r"\s+\(([^()]+)\)$")
_THEN = re.compile(r"\s+then$", re.I)
_FOR = re.compile(r"\b(?:in\s+favou?r\s+of|for)\b", re.I)
_SIDES = {"against": (_FOR, "against"),
          **dict.fromkeys(("for", "in favour", "in favor"),
                          (re.compile(r"\bagainst\b", re.I), "in favour of"))}
_PRESUMES = re.compile(r"^(?:when|where|why|how)\s+(?!much\b|many\b)", re.I)


def complete(core: str, history: History) -> str | None:
    """Complete a bare question ("Since when?") with what the last question and its answer said."""
    return _noted(_completed(core, history), history)


def _completed(core: str, history: History) -> str | None:
    last = _last(history)
    short = uncapitalised(_newest(history).answer.short or "")
    if len(short.split()) > _ANSWER_WORDS:
        short = ""
    asks, behind = bare(core)
    if asks.casefold().endswith(" else"):
        return another(last, asks)
    asked = again(last, short, asks, behind)
    if asked is not None:
        return asked
    told = re.match(r"^(?:please\s+)?(?:tell\s+me\s+)?(?:more\s+)?about\s+(.+)$", last, re.I)
    return f"{asks}, about {told[1] if told else last}"


def _noted(resolved: str | None, history: History) -> str | None:
    """Put behind a question the phrase in brackets that the last one had behind it."""
    note = _NOTE.search(_STOP.sub("", _newest(history).question))
    if resolved is None or note is None or content_stems(note[1]) <= content_stems(resolved):
        return resolved
    return f"{_STOP.sub('', resolved)} ({note[1]})"


def _newest(history: History) -> Turn:
    """Return the newest turn that asked something: "Who else?" says nothing to go on with."""
    asking = (turn for turn in history.turns if content_stems(turn.question))
    return next(asking, history.turns[0])


def _last(history: History) -> str:
    """Return the last question without what joins it to the one before, and without its mark."""
    return _NOTE.sub("", _STOP.sub("", without_lead(_newest(history).question)))


def statement(history: History) -> str | None:
    """Return what the last question and its answer state together, to stand behind "that"."""
    short = _newest(history).answer.short or ""
    clause = any(is_verb(m[0]) or m[0].casefold() in AUXILIARIES for m in words(short))
    if not short or len(short.split()) > _ANSWER_WORDS or clause:
        return None  # a whole clause is quoted, not built into another
    return declared(_last(history), short)


def presumed(history: History) -> str | None:
    """Return what the last question takes for granted: "When did he leave?" that he did."""
    last = _last(history)
    counts = re.match(r"^how\s+(?:many|much)\b", last, re.I)
    return declared(last, "") if counts or _PRESUMES.match(last) else None


def continue_with(fragment: str, history: History) -> str | None:
    """Ask the last question again with the fragment in the place of the part it is like."""
    return _noted(_continued(fragment, history), history)


def of_other_nation(fragment: str, history: History) -> str | None:
    """Ask the newest question that has a nationality of another: "And the Greek one?".

    "Who is the Romanian minister?", "What did she say about radar?": it is the minister, not radar.
    """
    match = _NATION_ONE.match(_STOP.sub("", fragment))
    if match is None or not is_nationality(match[1]):
        return None
    for turn in history.turns:
        for mention in mentions(turn.question):
            first = mention.text.split()[0]
            if is_nationality(first):
                end = mention.start + len(first)
                return f"{turn.question[: mention.start]}{match[1]}{turn.question[end:]}"
    return None


def counts_again(question: str, history: History) -> str | None:
    """Count once more, after "How many died?": "And how many were injured?", "How many in Mali?".

    None where the last question counted nothing, and for every other question.
    """
    match = _MANY_MORE.fullmatch(_STOP.sub("", question))
    if match is None or counted(_last(history)) is None:
        return None
    if match["where"]:
        return continue_with(match["where"], history)
    done = match["done"]
    return _noted(otherwise_done(_last(history), done), history) if is_past(done) else None


def _continued(fragment: str, history: History) -> str | None:
    last = _last(history)
    fragment = _STOP.sub("", fragment)
    participle = re.sub(r"^the\s+", "", fragment)
    if participle.islower() and is_past(participle) and " " not in participle and (
            participle == fragment or counted(last)):  # "the injured" are somebody elsewhere
        return otherwise_done(last, participle) or f"{last}, and {fragment}"
    if fragment in BARE:  # "And close?"; "And end?" may be a noun
        done = otherwise_done(last, fragment)
        if done is not None or is_verb(fragment):
            return done
    if TIME_WORD.search(fragment):
        last = _THEN.sub("", last)  # "Why was it open then?", "And in 2023?"
    side = _SIDES.get(fragment.casefold())
    if side and side[0].search(last):  # "And against?" after "How many voted for it?"
        return side[0].sub(side[1], last, count=1)
    lead = re.match(r"^(\w+)\s+(?=\S)", fragment)
    preposition = lead[1].casefold() if lead and lead[1].casefold() in PREPOSITIONS else ""
    body = fragment[lead.end() :] if lead and preposition else fragment
    body_phrase = re.sub(r"^(?:the|a|an)\s+", "", body, flags=re.I)
    ranked = _ORDINAL.search(last) if _ORDINAL.fullmatch(body_phrase) else None
    if ranked and not preposition:  # "And the second?" after "What was the first show called?"
        return f"{last[: ranked.start()]}{body_phrase}{last[ranked.end() :]}"
    if body.endswith(_OWNING):
        return _owned_by(body, last)
    own = mentions(last)
    target = _aligned(preposition, body_phrase, last, own)
    if target is None:
        joined = f"{last} {fragment}" if preposition else f"{last}, and {fragment}"
        return joined if preposition else whether(last, body) or joined
    start, end, text = target
    if owned := _OF_OWNER.match(last[start:end]):  # "And the profit?" after "Varn's revenue"
        start += owned.end() if not body_phrase[:1].isupper() else 0
        text = body_phrase if not body_phrase[:1].isupper() else text
    before = last[:start]
    led = re.search(r"\b(?:the|a|an)\s+$", before, re.I)
    bare_noun = preposition or _NO_ARTICLE.search(before)
    if text == body_phrase != body and not bare_noun:
        before, text, led = before[: led.start()] if led else before, body, None
    if led and (re.match(r"(?:the|a|an)\s", text, re.I) or text[:1].isupper()):
        keeps = text[:1].isupper() and is_nationality(text.split()[0]) and end < len(last)
        before = before if keeps else before[: led.start()]
    if preposition:
        held = re.search(r"\b(\w+)\s+(?:the\s+)?$", before, re.I)
        if held and held[1].casefold() in PREPOSITIONS:
            before = before[: held.start()]
            text = f"{preposition} {body if text == body_phrase else text}"
        elif not held or held[1].casefold() not in PREPOSITIONS:
            return f"{last} {fragment}"
    return agreeing(before, last[start:end], text) + text + last[end:]


def _owned_by(owner: str, last: str) -> str:
    """Put another owner into the last question: "And Ann Lee's?" after "What was Bo Lund's fine?".

    Where the question names no owner with a noun behind, nothing can be repeated.
    """
    owners = list(_OWNER.finditer(last))
    if owners:
        return f"{last[: owners[-1].start()]}{owner}{last[owners[-1].end() :]}"
    of = _BELONGS.search(last)
    return f"{last[: of.start(1)]}{owner[:-2]}{last[of.end(1) :]}" if of else f"{last}, and {owner}"


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
    if TIME_WORD.search(body):
        times = [m for m in own if m.kind == "time"]
        if not times:
            return None
        led = _WHICH_TIME.search(last[: times[-1].start])
        return (led.start() if led else times[-1].start), times[-1].end, body
    owner = _owner_in(preposition, body, last, own)
    ones = [m for m in own if content_stems(m.text) & _head(body)]
    if ones:
        return _with_name(ones[-1], own, last, body), _before_owner(ones[-1], body), body
    if preposition:
        for mention in reversed(own):
            held = re.search(r"\b(\w+)\s+(?:the\s+)?$", last[: mention.start])
            if held and held[1].casefold() == preposition:
                return mention.start, mention.end, body
        return owner
    capital = re.sub(r"^(?:the|a|an)\s+", "", body, flags=re.I)[:1].isupper()
    kinds = mentions(body)
    alike = [m for m in own if kinds and m.kind == kinds[0].kind and m.is_name == capital]
    named = [m for m in own if m.is_name] if capital else [
        m for m in own if not m.is_name or _OF_OWNER.match(m.text)]
    if owner and not alike:
        return owner
    pool = alike or named or ([] if capital else list(own))
    if not pool:
        return None
    # What is asked about stands free; a place or a time mostly stands behind a preposition.
    free = [m for m in pool if not BEHIND.search(last[: m.start])]
    chosen = (free or pool)[-1]
    return chosen.start, _before_owner(chosen, body), body


def _owner_in(
    preposition: str, body: str, last: str, own: tuple[Mention, ...]
) -> tuple[int, int, str] | None:
    """Return where the country stands of "the population of Niger", for "And Mali?"."""
    of = _BELONGS.search(last)
    if of is None or not body[:1].isupper() or preposition not in ("", "of", "in"):
        return None
    told = next((m for m in own if m.start < of.start() < m.end and not m.is_name), None)
    if told is None or (preposition == "in" and not _IS_OF.match(last)):
        return None
    return of.start(1), of.end(1), body


def _before_owner(told: Mention, body: str) -> int:
    """Return where a phrase ends, without whose it is: "And the prime minister?" is of France, too.

    So is "And the width?" of the wheel. "The city of Arlen" is Arlen.
    """
    measured = body.split()[-1].casefold() in MEASURES
    of = _BELONGS.search(told.text) or (_PART.search(told.text) if measured else None)
    first = told.text.split()[0].casefold()
    keeps = of and not told.is_name and not body[:1].isupper() and " of " not in body
    return told.start + of.start() - 1 if of and keeps and first not in PLACE_NOUNS else told.end


def _with_name(one: Mention, own: tuple[Mention, ...], last: str, body: str) -> int:
    """Return where a phrase starts, with a name right before its noun if a name takes its place.

    "the Plus tariff" is replaced by "the Solo tariff", and not only its noun.
    """
    named = len(body.split()) > 1
    before = (m.start for m in own if m.is_name and last[m.end : one.start] == " ")
    return next(before, one.start) if named else one.start


def _head(body: str) -> frozenset[str]:
    last = [m[0] for m in words(body)][-1:]
    return frozenset(stem(w) for w in last)

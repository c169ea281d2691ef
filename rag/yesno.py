"""Yes/no questions: the sentence that says so, that denies it, or nothing.

A sentence decides when it holds what the question says: its names and numbers (also by the
sentence before or the title, where "the country" stands for one), and its other words or words
that mean nearly the same. It says no when one of the two is negated, when it has an excluding
word, or another number of the same thing, or one beyond the bound that is asked for ("more than
ten people"). Who did it and to whom is checked by asking the reader for the subject. What these
rules do not see is answered by neither yes nor no.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rag.evidence import Quote, Verdict
from rag.namesakes import another
from rag.negation import negated
from rag.opposites import alike, opposite
from rag.questions import LIGHT, Asked
from rag.reader import Reader
from rag.signals import weight
from rag.strictness import (
    allows,
    bound_words,
    bounded,
    includes,
    prefixed,
    ranked,
    reserved,
    turned,
    unreal,
    within,
)
from rag.subjects import subject_fits
from rag.terms import Term, terms
from rag.types import Hit

Says = Literal["yes", "no"]

# Coverage of the question from which a sentence may decide it; found on yes/no questions about
# articles of our own.
ENOUGH = 0.84
# A careful guess, not a fitted probability: 18 of 19 answers on the question sets are right, which
# says little about others. Of 1,056 questions that are hard on purpose, most in pairs where the
# same words say yes and no, the rules answer 11, and 5 of them rightly.
LEAST_SURE = 0.85
# Sentences back in which "he" or "the country" may have its name.
CHAIN = 3
_PRONOUN = re.compile(r"(?:She|He|It|They|Her|His|Its|Their)\b")
_HEDGE = re.compile(
    r"\b(?:may|[Mm]ight|[Cc]ould|[Ww]ould|[Ii]f|[Ww]hether|[Rr]eportedly|[Aa]llegedly|rumou?rs?|"
    r"[Pp]ossibly|[Pp]erhaps|threaten(?:s|ed)?|plans?|planned|planning|consider(?:s|ed|ing)?|hopes?|"
    r"hoped)\b"  # "May" is a month
)
# "Will he appeal?": "he would" is what is said of "he will", "he could" of "he can".
_REPORTED = re.compile(r"\b(?:[Cc]ould|[Ww]ould)\b")
# What did not take place, where a question asks only whether it did.
_CALLED_OFF = re.compile(r"\b(?:cancell?ed|called\s+off|postponed|abandoned|scrapped)\b", re.I)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a sentence says of a yes/no question.

    Attributes:
        says: Yes or no.
        quote: The sentence.
        hit: The passage it is in.
        confidence: Probability that this is right, by how much of the question it holds.
        why: What decided, for the trace.
    """

    says: Says
    quote: Quote
    hit: Hit
    confidence: float
    why: str


@dataclass(frozen=True, slots=True)
class _Sentence:
    hit: Hit
    start: int
    end: int
    text: str
    before: str
    chain: str
    whole: str


def decide(asked: Asked, hits: Sequence[Hit], reader: Reader) -> list[Decision]:
    """Return what sentences of the passages say of a yes/no question, the surest first."""
    if not asked.words and len(asked.terms) < 2:
        return []
    sentences = list(_sentences(hits))
    decisions = [d for s in sentences if (d := _judge(asked, s)) is not None]
    decisions.sort(key=lambda d: (-d.confidence, d.hit.rank, d.quote.start))
    return [d for d in decisions[:4] if subject_fits(asked, d.quote, d.hit, reader)]


def verdict_of(decisions: Sequence[Decision]) -> Verdict:
    """Return what decisions come to, the surest first.

    Both sides are in the trace where sentences of different passages say yes and no.
    """
    trace: dict[str, Any] = {
        "decisions": [
            {"says": d.says, "article": d.quote.article, "start": d.quote.start,
             "end": d.quote.end, "confidence": round(d.confidence, 4), "why": d.why}
            for d in decisions
        ]
    }  # fmt: skip
    if not decisions:
        trace["why"] = "no sentence says or denies it"
        return Verdict("not_found", None, 0.1, trace=trace)
    best = decisions[0]
    agreeing = {d.quote.article: d.quote for d in reversed(decisions) if d.says == best.says}
    agreeing[best.quote.article] = best.quote
    others = [q for q in agreeing.values() if q != best.quote]
    trace["why"] = best.why
    return Verdict("answered", best.says, best.confidence, (best.quote, *others[:1]), trace=trace)


def _judge(asked: Asked, sentence: _Sentence) -> Decision | None:
    here = terms(sentence.text)
    present = {t.key for t in here}
    before = {t.key for t in terms(sentence.before)}
    titled = {t.key for t in terms(sentence.hit.title)}
    around = titled | {t.key for t in terms(sentence.chain)}
    around |= _first_names(asked, sentence, present)
    total = found = 0.0
    apart = 0  # words that only the sentence before has
    contrary: str | None = None
    skipped = bound_words(asked)
    for term in (t for t in asked.terms if t.start not in skipped):
        worth = weight(term)
        total += worth
        if term.kind == "number" and (side := bounded(asked.text, term)) is not None:
            told = _numbers_of(term, asked, here)
            also = includes(asked.text, term)
            inside = {within(side, term, t, bounded(sentence.text, t), also) for t in told}
            if len(inside) != 1 or None in inside or contrary:
                return None
            contrary = None if True in inside else told[0].text
            found += worth
        elif term.key in present or alike(term.key) & present:
            found += worth
        elif term.kind == "number" and term.key in around:
            found += 0.7 * worth
        elif term.kind == "number":
            other = next((t for t in _numbers_of(term, asked, here) if t.key != term.key), None)
            if other is None or contrary:
                return None
            contrary = f"{other.text} and not {term.text}"
            found += worth
        elif term.kind == "name":
            # A name may stand in the sentence before; a sentence about another one says nothing.
            if term.key not in around:
                return None
            near = term.key in titled or (term.key in before and _PRONOUN.match(sentence.text))
            found += (0.85 if near else 0.7) * worth
        elif term.key in before:
            found += 0.6 * worth  # "Its wheel": of what the sentence before tells
            apart += 1
        elif opposite(term.key) & present and contrary is None:
            contrary = next(t.text for t in here if t.key in opposite(term.key))
            found += worth
    coverage = found / total if total else 0.0
    if sentence.text.rstrip()[-1:] not in ".!?”\"’)…":
        coverage -= 0.04  # a headline says it less well than a sentence
    if coverage < ENOUGH:
        return None
    if asked.words and 2 * apart >= len(asked.words):
        return None  # all names are there, but little of what is asked about them
    off = _CALLED_OFF.search(sentence.text) if LIGHT.search(asked.text) else None
    if off and contrary is None:
        contrary = off[0]
    if another(asked, sentence.text, len(sentence.text), sentence.whole):
        return None
    if any(rule(asked, sentence.text) for rule in (prefixed, reserved, turned, unreal)):
        return None
    if _only_wanted(asked, here) and " to " not in asked.text:
        return None
    if asked.names and not any(t.key in present for t in asked.names) and (
            len(asked.words) - apart < 2) and not _PRONOUN.match(sentence.text):
        return None  # one common word tells nothing of somebody who is named elsewhere
    if contrary is None:
        contrary = ranked(asked, sentence.text)
    denied = negated(asked.text, asked) != negated(sentence.text, asked)
    if denied and contrary:
        return None
    hedged = sentence.text
    if re.match(r"(?:will|can)\b", asked.text, re.I):
        hedged = _REPORTED.sub("", hedged)
    if _HEDGE.search(hedged) and not _HEDGE.search(asked.text):
        coverage -= 0.1
        if coverage < ENOUGH:
            return None
    says: Says = "no" if denied or contrary else "yes"
    if says == "yes" and not allows(asked, sentence.text):
        return None
    why = f"a sentence holds {coverage:.0%} of the question"
    why += f", but says {contrary!r}" if contrary else ", negated" if denied else ""
    return Decision(
        says,
        Quote.of(sentence.hit, sentence.start, sentence.end),
        sentence.hit,
        LEAST_SURE + 0.1 * (coverage - ENOUGH) / (1 - ENOUGH) - 0.03 * (says == "no"),
        why,
    )


def _only_wanted(asked: Asked, here: Sequence[Term]) -> bool:
    """Tell whether what the question says is only to be done: "asked the council to close it"."""
    verbs = {t.key for t in asked.words}
    verbs |= {other for key in verbs for other in alike(key)}
    found = [at for at, t in enumerate(here) if t.key in verbs and t.kind == "word"]
    after_to = [at for at in found if at and here[at - 1].key == "to"]
    done = {"manag", "abl", "continu", "begin", "start", "go", "come", "use", "help", "learn"}
    return bool(after_to) and all(
        not {t.key for t in here[max(0, at - 4) : at]} & done for at in after_to
    )


def _numbers_of(term: Term, asked: Asked, here: Sequence[Term]) -> list[Term]:
    """Return the numbers that a sentence gives for what the question numbers."""
    after = [t for t in asked.terms if t.start > term.start]
    counted = next((t.key for t in after if t.kind == "word"), None)
    year = len(term.key) == 4 and term.key.isdigit()
    found = []
    for at, word in enumerate(here):
        if word.kind != "number":
            continue
        if year:
            if len(word.key) == 4 and word.key.isdigit():
                found.append(word)
            continue
        near = {t.key for t in here[at + 1 : at + 5]}
        if counted is not None and (counted in near or alike(counted) & near):
            found.append(word)
    return found


def _first_names(asked: Asked, sentence: _Sentence, present: set[str]) -> set[str]:
    """Return the first names of those whom a sentence calls by the last: "Tull", of Gordon Tull.

    Only where the title or a passage of the article has the whole name.
    """
    found: set[str] = set()
    for one, last in zip(asked.names, asked.names[1:], strict=False):
        name = asked.text[one.start : last.end]
        if last.start - one.end == 1 and last.key in present and name in sentence.whole:
            found.add(one.key)
    return found


def _sentences(hits: Sequence[Hit]) -> Iterator[_Sentence]:
    seen = set()
    whole: dict[str, str] = {}
    for hit in hits:
        read = whole.get(hit.passage.article, hit.title)
        whole[hit.passage.article] = f"{read}\n{hit.passage.text}"
    for hit in hits:
        passage = hit.passage
        spans = passage.sentences or ((passage.start, passage.end),)
        before = ""
        far: list[str] = []
        for start, end in spans:
            text = passage.text[start - passage.start : end - passage.start]
            if (passage.article, start) not in seen:
                seen.add((passage.article, start))
                yield _Sentence(hit, start, end, text, before, " ".join(far[-CHAIN:]),
                                whole[passage.article])
            before = text
            far.append(text)

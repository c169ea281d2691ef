"""Yes/no questions: the sentence that says so, that denies it, or nothing.

A sentence decides when it holds what the question says: its names and numbers (also by the
sentence before or the title, where "the country" stands for one), and its other words or words
that mean nearly the same. It says no when one of the two is negated, when it has an excluding
word, or another number of the same thing, or one beyond the bound that is asked for ("more than
ten people"). Verbs of several words count as the single word that means the same, and subject
and predicate must stand in one clause. Who did it and to whom is checked by asking the reader for
the subject. What these rules do not see is answered by neither yes nor no.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rag.evidence.namesakes import another
from rag.evidence.negation import denies, negated, own_denials, turned_twice
from rag.evidence.signals import weight
from rag.evidence.weighing import Quote, Verdict
from rag.language.opposites import alike, opposite
from rag.language.phrasal import directly
from rag.language.terms import keys, terms
from rag.questions.intent import Asked, analyse
from rag.reader import Reader
from rag.types import Hit
from rag.yesno.exceptions import elided, excepted
from rag.yesno.factuality import (
    called_off,
    hedged,
    only_may,
    past,
    scheduled,
    undone,
    unreal,
    unstated,
)
from rag.yesno.figures import bounded, includes, left_open, numbers_of, same_value, value, within
from rag.yesno.outcomes import fruitless, futile, steady
from rag.yesno.owners import of_what_is_its, told_of_another
from rag.yesno.parts import beside, mixed
from rag.yesno.placement import both_ways, misplaced, moved, rival
from rag.yesno.posed import affirmed, is_posed, nameless, replies, unanswered, unasked
from rag.yesno.predicates import exists, in_one_clause, predicate, surrounds, told, undergone
from rag.yesno.relations import of_the_subject, unrelated
from rag.yesno.strictness import allows, limited, predicated, prefixed, ranked, reserved, turned
from rag.yesno.subjects import of_what_is_theirs, subject_fits
from rag.yesno.surroundings import (
    PRONOUN,
    Sentence,
    first_names,
    meant_by,
    of_another,
    sentences,
)

Says = Literal["yes", "no"]

# Coverage of the question from which a sentence may decide it; found on yes/no questions about
# articles of our own.
ENOUGH = 0.84
# A careful guess, not a fitted probability: all 29 answers on the question sets are right, which
# says little about others. Of 1,056 questions that are hard on purpose, most in pairs where the
# same words say yes and no, the rules answered 7, and 4 of them rightly, before those of
# relations.py and degrees.py were added.
LEAST_SURE = 0.85
REPLIED = 0.95  # the article puts the question itself, and answers it
# "Nobody was hurt", "Never use a knife": of the occasion that the text tells of.
_GENERAL = re.compile(r"\W*(?:Nobody|No\s+one|(?:Do\s+not|Don['’]t|Never)\s+[a-z]+)\b")
_GIVE = re.compile(r"\b(?:give|gives|gave|given|giving|donat|present|hand|award|grant|len[dt]|pass|"
                   r"offer|refus|den[iy])", re.I)

@dataclass(frozen=True, slots=True)
class Decision:
    """What a sentence says of a yes/no question.

    Attributes:
        says: Yes or no.
        quote: The sentence.
        hit: The passage it is in.
        confidence: Probability that this is right, by how much of the question it holds.
        why: What decided, for the trace.
        of_subject: Whether it is known to be said of the question's subject.
    """

    says: Says
    quote: Quote
    hit: Hit
    confidence: float
    why: str
    of_subject: bool = False


def decide(asked: Asked, hits: Sequence[Hit], reader: Reader) -> list[Decision]:
    """Return what sentences of the passages say of a yes/no question, the surest first."""
    if nameless(asked):
        return []
    decisions = [
        Decision(says, Quote.of(hit, start, end), hit, REPLIED, "the article asks, and says", True)
        for hit, start, end, says in replies(asked, hits)
    ]
    read = analyse(affirmed(directly(asked.text)))
    read = read if read.kind == "yesno" and read.words else asked
    decisions += [d for s in sentences(hits) if (d := _judge(read, s)) is not None]
    decisions.sort(key=lambda d: (-d.confidence, d.hit.rank, d.quote.start))
    return [d for d in decisions[:4] if d.of_subject or subject_fits(asked, d.quote, d.hit, reader)]


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


def _judge(asked: Asked, sentence: Sentence) -> Decision | None:
    if is_posed(sentence.text):
        return None
    if re.search(r"\bgive\b", asked.text) and not _GIVE.search(sentence.text):
        return None  # a verb that says too little to be counted as a word of the question
    parts = predicate(asked)
    whole = steady(sentence.text, parts)
    if whole is None:
        return None
    ellipsis = elided(asked, whole)
    of_subject = ellipsis is not None and ellipsis.asked_for
    text = ellipsis.front if ellipsis and not of_subject else whole
    here = terms(text)
    present = {t.key for t in here}
    before = {t.key for t in terms(sentence.before)}
    titled = {t.key for t in terms(sentence.hit.title)}
    around = titled | {t.key for t in terms(sentence.chain)}
    around |= first_names(asked, sentence, present)
    meant = meant_by(asked, sentence)
    general = _GENERAL.match(text) is not None
    # Whether all but what surrounds it, as "in the fire", is in the sentence itself.
    complete = parts.verb is not None and told(parts.verb, present) and (
        parts.subject is None or told(parts.subject, present) or parts.subject.start == meant)
    total = found = 0.0
    apart = 0  # words that only the sentence before has
    absent = said = -1  # where the question's last word stands that is not in it, and that is
    contrary = vain = futile(text, parts)
    skipped = unasked(asked)
    for term in (t for t in asked.terms if t.start not in skipped):
        worth = weight(term)
        total += worth
        if term.kind == "number" and (side := bounded(asked.text, term)) is not None:
            counts = numbers_of(term, asked, here)
            also = includes(asked.text, term)
            limit = value(asked.text, term)
            inside = {within(side, limit, value(text, t), bounded(text, t), also) for t in counts}
            if len(inside) != 1 or None in inside or contrary:
                return None
            contrary = None if True in inside else counts[0].text
            found += worth
        elif term.key in present and term.kind == "number" and not same_value(
                asked, term, text, here):
            return None  # "2 million" is not "2 billion"
        elif term.key in present or alike(term.key) & present:
            found += worth
            said = term.start if term.kind == "word" else said
        elif term.kind == "number":
            other = next((t for t in numbers_of(term, asked, here) if t.key != term.key), None)
            if other is None and term.key in around:
                found += 0.7 * worth
                continue
            if other is None or contrary or left_open(asked, term, other, text):
                return None
            contrary = f"{other.text} and not {term.text}"
            found += worth
        elif vain and term.start >= parts.end - len(term.text) and (
                term == parts.verb or term.key in keys(f"{sentence.hit.title}\n{sentence.whole}")):
            found += worth  # what a petition was for, that had no effect
        elif term.kind == "name":
            # A name may stand in the sentence before; a sentence about another one says nothing.
            if term.key not in around:
                return None
            if rival(asked, term, text) or of_another(asked, sentence, term):
                return None
            near = term.key in titled or (
                term.key in before and (general or PRONOUN.match(text)))
            found += (0.85 if near else 0.7) * worth
        elif opposite(term.key) & present and contrary is None:
            if not beside(asked, text, opposite(term.key)) or denies(text, opposite(term.key)) or (
                    of_the_subject(asked, parts, term)):
                return None  # "schools stayed shut, but shops opened", "not shut", "the south gate"
            contrary = next(t.text for t in here if t.key in opposite(term.key))
            found += worth
        elif term.start == meant:
            found += 0.85 * worth  # "It", of the question's subject
        elif term.key in before | around and surrounds(asked, parts, term) and (
                complete and not rival(asked, term, text)):
            found += 0.85 * worth  # "Nobody was hurt": in what the sentences before tell of
        elif term.key in before:
            found += 0.6 * worth  # "Its wheel": of what the sentence before tells
            apart += 1
            absent = term.start
        else:
            absent = term.start
    coverage = found / total if total else 0.0
    if text.rstrip()[-1:] not in ".!?”\"’)…" and text is whole:
        coverage -= 0.04  # a headline says it less well than a sentence
    if coverage < ENOUGH:
        return None
    if asked.words and said < 0 and contrary is None:
        return None  # it names the subject only
    if asked.words and 2 * apart >= len(asked.words):
        return None  # all names are there, but little of what is asked about them
    if another(asked, text, len(text), sentence.whole):
        return None
    if any(rule(asked, text) for rule in (prefixed, reserved, turned, unreal, past, moved, limited,
                                         undone, unanswered, only_may)):
        return None
    if not of_subject and not vain and not in_one_clause(asked, text, parts):
        return None
    if not exists(asked, text) or undergone(asked, text, parts) or (
            not of_subject and (misplaced(asked, text, parts) or both_ways(asked, text, parts))):
        return None
    if parts.subject is not None and not general and not PRONOUN.match(text) and (
            not told(parts.subject, present)):
        return None  # it may be said of something else
    if scheduled(asked, text, parts.verb) or (
            not contrary and not of_subject and any(rule(asked, text, parts) for rule in (
                of_what_is_its, told_of_another, unrelated))):
        return None
    if not predicated(asked, present) or (not of_subject and mixed(asked, text)):
        return None
    if asked.names and not any(t.key in present for t in asked.names) and (
            len(asked.words) - apart < 2) and (
            not PRONOUN.match(text) or of_what_is_theirs(asked, text)):
        return None  # one common word tells nothing of somebody who is named elsewhere
    off = vain or called_off(asked, text)
    off = fruitless(asked, text, parts) if off is None else off
    left_out = excepted(asked, text)
    if off == "" or left_out == "" or (off is None and unstated(asked, text)):
        return None
    if contrary is None:
        contrary = off or ranked(asked, text)
    besides = own_denials(asked, present, contrary)
    if turned_twice(text, besides):
        return None
    mine = negated(asked.text, asked, besides)
    if of_subject and ellipsis is not None:
        if negated(ellipsis.front, asked, besides) == ellipsis.denies:
            return None
        denied = mine != ellipsis.denies
    elif left_out:
        denied = not mine
    else:
        denied = mine != negated(text, asked, besides, named=True)
    if denied and (contrary or said < absent):
        return None  # "It does not cover the seal" tells nothing of the lid
    coverage -= 0.1 * hedged(asked, text)
    if coverage < ENOUGH:
        return None
    says: Says = "no" if denied or contrary else "yes"
    if says == "yes" and not allows(asked, text):
        return None
    why = f"a sentence holds {coverage:.0%} of the question"
    why += f", but says {contrary!r}" if contrary else ", negated" if denied else ""
    return Decision(
        says,
        Quote.of(sentence.hit, sentence.start, sentence.end),
        sentence.hit,
        LEAST_SURE + 0.1 * (coverage - ENOUGH) / (1 - ENOUGH) - 0.03 * (says == "no"),
        why,
        of_subject,
    )

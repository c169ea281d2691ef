"""The sides of a dispute, or an answer and what it was earlier, among answers to one question."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence

from rag.articles.duplicates import sources
from rag.compare.asked import single
from rag.compare.events import fate_of, fates, mode, same_event, shared_words
from rag.compare.numbers import Quantity
from rag.compare.relation import Comparison, is_typed, relation
from rag.compare.updates import moved_on, superseded
from rag.compare.values import Claim, Side, Sides, polarity, quantity_of
from rag.language.attribution import said_by
from rag.language.opposites import alike
from rag.language.terms import keys
from rag.questions.intent import Asked, analyse

# Least share of the question's words that a claim must have, by what is asked for: names are
# found in every sentence, figures only in some.
_FIGURES_COVERED = 0.5
_NAMES_COVERED = 0.55
# Least probability of a claim whose sentence is much like the surest one's, and the share of words
# that both then have.
_PARALLEL, _SHARED = 0.1, 0.6
# Words that a question must have before an article can be held against itself by them.
_TERMS = 3
# Least share by which a later number must differ from "at least ..." to be news.
_MORE = 0.05


def sides(asked: Asked | str, claims: Sequence[Claim], floor: float = 0.5) -> Sides | None:
    """Tell whether answers exclude each other, and sort them into sides.

    A side is made of the answers that do not exclude its first one. The most probable answer's
    side is held against every other answer that is probable enough, is of the same event, and is
    told as a fact; what is unknown belongs to no side.

    Args:
        asked: The question.
        claims: Answers from one or more articles.
        floor: Least probability of an answer that may make a side.

    Returns:
        None where all can be right together, or nothing is known to be wrong.

    >>> day = dt.date(2024, 5, 1)
    >>> found = sides("When did the Tarn Bridge open?", [
    ...     Claim("2019", "The Tarn Bridge opened in 2019.", "a.txt", day),
    ...     Claim("2021", "The Tarn Bridge opened in 2021.", "b.txt", day)])
    >>> found.kind, [s.text for s in found.sides]
    ('disputed', ['2019', '2021'])
    """
    asked = analyse(asked) if isinstance(asked, str) else asked
    if not single(asked):
        return None
    sure = _facts(claims, floor)
    heard = _heard(asked, sure)
    for first in heard[:3]:
        rivals = [(c, r) for c in heard if (r := _conflict(asked, first, c))]
        if rivals:
            return _sorted(asked, first, rivals, heard)
    for first in heard[:3]:
        outgrown = [(c, r) for c in heard if (r := _outgrown(asked, first, c))]
        if outgrown:
            found = _sorted(asked, first, outgrown, heard)
            return found if found.kind == "updated" else None
    return None


def otherwise(asked: Asked, first: Claim, claims: Sequence[Claim], floor: float = 0.5
              ) -> list[Claim]:
    """The figures of other articles that are not those of a claim and do not exclude them.

    "At least 23" and "at least 27" can both be right, as "about six" and "some eight" can; who
    reads one should hear of the other.

    >>> one, other = (Claim(f"at least {n}", f"At least {n} people died.", str(n)) for n in (3, 7))
    >>> [c.text for c in otherwise(analyse("How many people died?"), one, [one, other])]
    ['at least 7']
    """
    mine = quantity_of(first)
    if asked.wanted not in ("number", "money", "duration") or not single(asked) or mine is None:
        return []
    found: dict[str, Claim] = {}
    for claim in _heard(asked, _facts(claims, floor)):
        other = quantity_of(claim)
        if other is None or claim.article == first.article or other.unit != mine.unit:
            continue
        near = abs(other.value - mine.value) <= _MORE * max(abs(other.value), abs(mine.value))
        if not near and not _vague(other) and not _vague(mine) and (
                relation(asked, first, claim).relation == "compatible"
                and same_event(asked, first, claim)[0]):
            found.setdefault(claim.article, claim)
    return list(found.values())


def _vague(quantity: Quantity) -> bool:
    """Whether a quantity is no figure: "dozens", "several"."""
    known = math.isfinite(quantity.low) and math.isfinite(quantity.high)
    return known and quantity.high > 2 * max(quantity.low, 1.0)


def stated(asked: Asked, claims: Sequence[Claim], floor: float = 0.5) -> Claim | None:
    """The answer to give where the most probable one stands in a denial; None where it does not.

    >>> stated(analyse("How many wolves live here?"), [
    ...     Claim("50", "Hunters wrongly claimed that 50 wolves live here.", "a", probability=0.9),
    ...     Claim("14", "14 wolves live here.", "b", probability=0.8)]).text
    '14'
    """
    if asked.kind != "fact" or not claims or mode(max(claims, key=_probability)) != "denied":
        return None
    return next(iter(_heard(asked, _facts(claims, floor))), None)


def _probability(claim: Claim) -> float:
    return claim.probability


def _facts(claims: Sequence[Claim], floor: float) -> list[Claim]:
    """The claims that are probable enough and told as facts, most probable first.

    A sentence that says the same as the surest claim's but for its answer need not be as probable.
    A yes or no has weighed negations and plans already.
    """
    facts = sorted((c for c in claims if polarity(c.text) is not None or mode(c) == "fact"),
                   key=_probability, reverse=True)
    return [c for c in facts if c.probability >= floor or (
        facts[0].probability >= floor and c.probability >= _PARALLEL
        and shared_words(facts[0], c) > _SHARED)]


def _heard(asked: Asked, sure: Sequence[Claim]) -> list[Claim]:
    """The claims that can start a side: each article's most probable one, and other voices in it.

    What an article says further down with another number is most often of something else; it is
    heard only where it is given to somebody ("police said ... the organisers said ...") or where
    both sentences have all of the question themselves. A claim whose sentence and article hardly
    have the question's words is of something else, too.
    """
    best: dict[str, Claim] = {}
    heard = []
    wanted = fates(asked.text)
    told = [c for c in sure if fate_of(c) in wanted]
    for claim in (c for c in told or sure if is_typed(asked, c) and _on_the_question(asked, c)):
        first = best.setdefault(claim.article, claim)
        if claim is first or _apart(asked, first, claim):
            heard.append(claim)
    return heard


def _on_the_question(asked: Asked, claim: Claim) -> bool:
    """Whether a claim's sentence has enough of the question; what is around it counts half."""
    here, around = keys(claim.sentence), keys(claim.context)
    said = [t for t in asked.terms if t.key in here or alike(t.key) & here]
    near = [t for t in asked.terms if t.key in around or alike(t.key) & around]
    if not asked.terms or fate_of(claim) in fates(asked.text):
        return True  # "pulled 152 survivors" is of those who were rescued
    share = (len(said) + len(set(near) - set(said)) / 2) / len(asked.terms)
    figures = asked.wanted in ("number", "money", "duration", "date", "any")
    return bool(said) and share >= (_FIGURES_COVERED if figures else _NAMES_COVERED)


def _conflict(asked: Asked, a: Claim, b: Claim) -> Comparison | None:
    """The comparison of two claims if they exclude each other and speak of one event."""
    if a is b or (a.article == b.article and not _apart(asked, a, b)):
        return None
    compared = relation(asked, a, b)
    if compared.relation != "conflicting":
        return None
    # Two names that both sentences have play two parts in both of them.
    if compared.kind != "number" and a.text in b.sentence and b.text in a.sentence:
        return None
    one, _ = same_event(asked, a, b)
    return compared if one else None


def _outgrown(asked: Asked, a: Claim, b: Claim) -> Comparison | None:
    """The comparison of two counts of which a later one fills what an earlier one left open.

    "At least 4" leaves room for 17, so the two do not exclude each other; but when 17 is told
    later, it is the answer, and "at least 4" is what it was earlier.
    """
    if asked.wanted not in ("number", "money") or a.article == b.article:
        return None
    if a.published and b.published:
        order = [a, b] if a.published < b.published else [b, a]
        if a.published == b.published:
            return None
    elif moved_on(a) != moved_on(b):
        order = [b, a] if moved_on(a) else [a, b]
    else:
        return None
    earlier, later = order
    old, new = quantity_of(earlier), quantity_of(later)
    if old is None or new is None:
        return None
    grown = math.isinf(old.high) and new.value > old.value * (1 + _MORE)
    shrunk = math.isinf(old.low) and new.value < old.value * (1 - _MORE)
    compared = relation(asked, a, b)
    if compared.relation != "compatible" or not (grown or shrunk) or (
            not same_event(asked, a, b)[0]):
        return None
    return compared


def _apart(asked: Asked, a: Claim, b: Claim) -> bool:
    """Whether two claims of one article are each one of their own: two voices, or told twice."""
    if _two_voices(a, b):
        return True
    if a.sentence == b.sentence or len(asked.terms) < _TERMS or polarity(a.text) is not None:
        return False
    here = [keys(c.sentence) for c in (a, b)]
    return all(t.key in k or alike(t.key) & k for t in asked.terms for k in here)


def _two_voices(a: Claim, b: Claim) -> bool:
    """Whether one article gives two claims to two speakers, or sets them against each other."""
    if a.sentence == b.sentence:
        return bool(re.search(r"\b(?:but|while|whereas|although|though|however)\b|;", a.sentence))
    voices = [said_by(c.sentence, 0, len(c.sentence)) for c in (a, b)]
    return voices[0] != voices[1] and all(voices)


def _sorted(asked: Asked, first: Claim, rivals: list[tuple[Claim, Comparison]],
            heard: Sequence[Claim]) -> Sides:
    parts: list[list[Claim]] = [[first]]
    rival_ids = {id(c) for c, _ in rivals}
    parts += [[rivals[0][0]]]
    for claim in heard:
        if claim is first or claim is rivals[0][0]:
            continue
        home = None
        related = [relation(asked, part[0], claim).relation for part in parts]
        for part, how in zip(parts, related, strict=True):
            if how == "same" and related.count("same") == 1:
                home = part
                break
            if how in ("same", "compatible"):
                home = part if home is None else []
        if home:
            home.append(claim)
        elif home is None and id(claim) in rival_ids and all(
                _conflict(asked, part[0], claim) for part in parts):
            parts.append([claim])
    made = [Side(tuple(p), _sources(p)) for p in parts]
    made.sort(key=lambda s: (-(s.published or dt.date.min).toordinal(), not moved_on(s.claims[0]),
                             -s.sources, -s.claims[0].probability))
    why = rivals[0][1].why
    moved = superseded(asked, made)
    if moved:
        return Sides("updated", tuple(made), f"{why}; {moved}")
    return Sides("disputed", tuple(made), why)


def _sources(claims: Sequence[Claim]) -> int:
    """How many independent sources make these claims: copies of one text are one."""
    told = [(c.article, c.passage or c.sentence, c.sentence) for c in claims]
    return len(set(sources(told).values()))

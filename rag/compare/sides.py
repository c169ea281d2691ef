"""The sides of a dispute, or an answer and what it was earlier, among answers to one question."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.attribution import said_by
from rag.compare.asked import single
from rag.compare.events import fates, mode, same_event
from rag.compare.relation import Comparison, is_typed, relation
from rag.compare.values import Claim, polarity
from rag.duplicates import group
from rag.questions import Asked, analyse
from rag.terms import keys, share

# Words by which an article tells that its number moves on, or that it sets an earlier one right.
_MOVED = re.compile(
    r"\b(?:now|so\s+far|ris(?:es|en|ing)|rose|climb\w*|grown|grew|increas\w*|fell|fallen|dropped|"
    r"revis\w*|updat\w*|latest|as\s+of|toll|by\s+(?:monday|tuesday|wednesday|thursday|friday|"
    r"saturday|sunday|evening|nightfall|\d)|total\s+(?:to|now)|brings?|bringing|brought|up\s+from|"
    r"down\s+from|postponed|rescheduled|delayed|moved|brought\s+forward|pushed|"
    r"changed|succeed\w*|replac\w*|took\s+over|takes\s+over|stepp?\w*\s+down|resign\w*|no\s+longer|"
    r"(?:is|as|has\s+a|names?|chooses?)\s+(?:the\s+|its\s+|a\s+)?new|raised|lowered|cut\s+to|"
    r"instead|still|recount\w*|correct(?:s|ed|ion))\b",
    re.IGNORECASE)
# A story whose numbers run on from day to day.
_RUNNING = re.compile(
    r"\b(?:killed|died|dead|deaths?|toll|injured|wounded|hurt|missing|arrested|detained|evacuated|"
    r"displaced|homeless|rescued|infected|cases|raised|donated|collected|signed|signatures|counted|"
    r"confirmed|recovered|arrived|registered|vaccinated|burned|burnt|destroyed|damaged|"
    r"without\s+power|so\s+far|flooded|hospitali[sz]ed)\b",
    re.IGNORECASE)
# Longest time between two reports of one running story.
_STORY = dt.timedelta(days=45)
# A claim's article may have so much less of the question's words than the best one's.
_LESS_COVERED = 0.4
# Reports that far apart count each its own event: the newer is the answer, the older "earlier".
_SEASON = dt.timedelta(days=150)


@dataclass(frozen=True, slots=True)
class Side:
    """One side: answers that can all be right together.

    Attributes:
        claims: The answers, most probable first; the first one's words are shown.
        sources: How many independent sources say so: copies of one text count once.
    """

    claims: tuple[Claim, ...]
    sources: int

    @property
    def text(self) -> str:
        """The exact words that are shown for the side."""
        return self.claims[0].text

    @property
    def articles(self) -> tuple[str, ...]:
        """The articles that say so."""
        return tuple(dict.fromkeys(c.article for c in self.claims))

    @property
    def published(self) -> dt.date | None:
        """The newest day on which an article said so, if known."""
        return max((c.published for c in self.claims if c.published), default=None)


@dataclass(frozen=True, slots=True)
class Sides:
    """What answers that exclude each other come to.

    Attributes:
        kind: "disputed", or "updated" where a later article supersedes an earlier one.
        sides: At least two, the newest first, undated ones last, then by sources.
        why: One plain line for the trace.
    """

    kind: Literal["disputed", "updated"]
    sides: tuple[Side, ...]
    why: str


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
            return _sorted(asked, first, rivals, sure)
    return None


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

    A yes or no has weighed negations and plans already.
    """
    return sorted((c for c in claims if c.probability >= floor and (
        polarity(c.text) is not None or mode(c) == "fact")), key=_probability, reverse=True)


def _heard(asked: Asked, sure: Sequence[Claim]) -> list[Claim]:
    """The claims that can start a side: each article's most probable one, and other voices in it.

    What an article says further down with another number is most often of something else; it is
    heard only where it is given to somebody ("police said ... the organisers said ..."). A claim
    whose article hardly has the question's words is of something else, too.
    """
    best: dict[str, Claim] = {}
    heard = []
    typed = [c for c in sure if is_typed(asked, c)]
    covered = [_covered(asked, c) for c in typed]
    for claim, part in zip(typed, covered, strict=True):
        if part < 0.5 or part < max(covered) - _LESS_COVERED:
            continue
        first = best.setdefault(claim.article, claim)
        if claim is first or said_by(claim.sentence, 0, len(claim.sentence)):
            heard.append(claim)
    return heard


def _covered(asked: Asked, claim: Claim) -> float:
    """The share of the question's words that a claim's title and passage have."""
    return share((t.key for t in asked.terms), keys(claim.context))


def _conflict(asked: Asked, a: Claim, b: Claim) -> Comparison | None:
    """The comparison of two claims if they exclude each other and speak of one event."""
    if a is b or (a.article == b.article and not _two_voices(a, b)):
        return None
    compared = relation(asked, a, b)
    if compared.relation != "conflicting":
        return None
    one, _ = same_event(asked, a, b)
    return compared if one else None


def _two_voices(a: Claim, b: Claim) -> bool:
    """Whether one article gives two claims to two speakers, or sets them against each other."""
    if a.sentence == b.sentence:
        return bool(re.search(r"\b(?:but|while|whereas|although|though|however)\b", a.sentence))
    voices = [said_by(c.sentence, 0, len(c.sentence)) for c in (a, b)]
    return voices[0] != voices[1] and any(voices)


def _sorted(asked: Asked, first: Claim, rivals: list[tuple[Claim, Comparison]],
            sure: Sequence[Claim]) -> Sides:
    source = _sources(sure)
    parts: list[list[Claim]] = [[first]]
    rival_ids = {id(c) for c, _ in rivals}
    parts += [[rivals[0][0]]]
    for claim in sure:
        if claim is first or claim is rivals[0][0]:
            continue
        home = None
        for part in parts:
            if relation(asked, part[0], claim).relation in ("same", "compatible"):
                home = part if home is None else []
        if home:
            home.append(claim)
        elif home is None and id(claim) in rival_ids and all(
                _conflict(asked, part[0], claim) for part in parts):
            parts.append([claim])
    made = [Side(tuple(p), len({source[c.article] for c in p})) for p in parts]
    made.sort(key=lambda s: (-(s.published or dt.date.min).toordinal(), -s.sources,
                             -s.claims[0].probability))
    why = rivals[0][1].why
    moved = _update(asked, made)
    if moved:
        return Sides("updated", tuple(made), f"{why}; {moved}")
    return Sides("disputed", tuple(made), why)


def _sources(claims: Sequence[Claim]) -> dict[str, int]:
    """The number of each article's source: copies of one text have the same."""
    texts: dict[str, list[str]] = {}
    for claim in claims:
        texts.setdefault(claim.article, []).append(claim.passage or claim.sentence)
    numbers = group(["\n".join(dict.fromkeys(t)) for t in texts.values()])
    return dict(zip(texts, numbers, strict=True))


def _update(asked: Asked, made: Sequence[Side]) -> str:
    """Why the newest side supersedes the others; empty when they are at odds."""
    newest, *older = made
    for side in older:
        days = [s.published for s in (newest, side)]
        if days[0] is None or days[1] is None or days[0] == days[1]:
            return ""
        first_said = min((c.published for c in newest.claims if c.published), default=days[0])
        if first_said <= days[1]:
            return ""
        apart = days[0] - days[1]
        told = f"{newest.claims[0].title}\n{newest.claims[0].sentence}"
        running = bool(_RUNNING.search(f"{asked.text} {newest.claims[0].sentence}")) or fates(
            asked.text)
        counted = asked.wanted in ("number", "money")
        if counted and running and apart <= _STORY:
            continue
        if _MOVED.search(told) and (asked.wanted != "date" or _rescheduled(told)):
            continue
        if apart >= _SEASON and (asked.wanted in ("number", "money") or _holds(asked)) and (
                not _lasting(asked)):
            continue
        return ""
    return f"the article of {newest.published} supersedes what was earlier"


def _rescheduled(text: str) -> bool:
    return bool(re.search(r"\b(?:postponed|rescheduled|delayed|moved|brought\s+forward|pushed|"
                          r"changed|instead|new\s+date)\b", text, re.IGNORECASE))


def _lasting(asked: Asked) -> bool:
    """Whether a number is of a thing that does not change: a length, an age at death."""
    return bool(re.search(r"\bhow\s+(?:long|tall|high|wide|deep|far|big|large|heavy)\b|\b(?:length|"
                          r"height|distance|width|depth|size|area)\b", asked.text, re.IGNORECASE))


def _holds(asked: Asked) -> bool:
    """Whether the question is of an office or a title that passes on."""
    return bool(re.search(r"\bwho(?:m|se)?\b.*\b(?:is|leads|heads|runs|owns|holds|chairs|coaches|"
                          r"manages|mayor|president|minister|director|champion|winner|won)\b",
                          asked.text, re.IGNORECASE))

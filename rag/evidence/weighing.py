"""Candidate answers -> supported or not found: same answers merged, different ones weighed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rag.articles.quotes import sentences_of, sentences_within
from rag.evidence.admission import admitted
from rag.evidence.completion import completed
from rag.evidence.confidence import Calibrator
from rag.evidence.groups import Group, group
from rag.evidence.signals import clip, signals
from rag.questions.intent import Asked
from rag.types import Article, Candidate, Hit, Outcome

# Answers whose signals are computed: the right one is hardly ever further down.
WEIGHED = 6
# The share of the accepted risk for an answer from an article that lacks a name or a number of the
# question: "How many Chinese instructors arrived?". On the question sets none of the 36 such
# answers that were sure enough otherwise was right; paragraphs of an encyclopedia do answer so.
STRANGE = 0.5
_HELD = ("names_article", "numbers_article")
# Signals of answers that are not given at all: another name stands in the place of the question's
# ("mayor of Varde" for "mayor of Lossing"), or the sentence is about what its passage calls another
# name. A reader is sure of those. Of 7,704 annotated answers 23 (0.3 %) stand in such a sentence,
# and 0.1 % more in one that has another number behind the same name;
# of 9 with a probability of 0.6 or more on development questions 4 were right.
_OTHERS = ("instead", "of_another")
# What asks who or what somebody is.
_BEING = re.compile(r"\bwho\b|\bwhat\s+(?:is|was|are|were)\b|\bwhat\b.*\b(?:job|profession|"
                    r"occupation|trade|work|post|role|position)\b", re.I)
# Further articles that are quoted for the same answer.
SUPPORT = 2
# The signal of a verifier that read an answer once more, marked in its sentence.
VERIFIED = "verified"

ArticleOf = Callable[[str], Article]


@dataclass(frozen=True, slots=True)
class Quote:
    """Whole sentences that an answer stands on, as they were read.

    Attributes:
        article: Name of the article.
        start: First character in the article's text.
        end: One past the last.
        text: The words; checked against the article when they are cited.
    """

    article: str
    start: int
    end: int
    text: str

    @classmethod
    def of(cls, hit: Hit, start: int, end: int) -> Quote:
        """Return the quote of the sentences of a passage that hold a span of its article."""
        first, last = sentences_of(hit, start, end)
        passage = hit.passage
        return cls(passage.article, first, last,
                   passage.text[first - passage.start : last - passage.start])


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that an answer says besides its main part, with the quotes it stands on."""

    text: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Weighed:
    """One answer with the probability that it is right and the signals behind it.

    Attributes:
        group: The answer's spans.
        probability: That it is right, beside the other answers that were found.
        signals: What it was weighed by.
    """

    group: Group
    probability: float
    signals: dict[str, float]

    @property
    def told_of_another(self) -> bool:
        """Whether its sentence tells it of another name than the question's."""
        return any(self.signals.get(s, 0.0) > 0.0 for s in _OTHERS)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the evidence comes to.

    Attributes:
        outcome: "answered", "disputed" or "not_found".
        short: The exact words of the answer; None unless answered.
        confidence: Probability that the answer is right; of the best one held back otherwise.
        quotes: What the answer stands on, the main quote first; none unless answered.
        lead: What is said before the quotes, where it is not ``short``.
        further: What else is said: the sides of a dispute, or what it was earlier.
        note: What is said last, without a quote: how many sources there are.
        trace: Why it was decided so; JSON-ready.
    """

    outcome: Outcome
    short: str | None
    confidence: float
    quotes: tuple[Quote, ...] = ()
    lead: str | None = None
    further: tuple[Statement, ...] = ()
    note: str | None = None
    trace: dict[str, Any] = field(default_factory=dict)


def weigh_all(
    asked: Asked,
    candidates: Sequence[Candidate],
    hits: Sequence[Hit],
    calibrator: Calibrator,
) -> list[Weighed]:
    """Return the best different answers with their probabilities, most probable first.

    Spans that only repeat words of the question, or that are no number where one is asked for,
    are none. Passages hold no page furniture, and a citation of any is refused, so that it never
    answers.
    """
    being = bool(_BEING.search(asked.text))
    whole = [_whole(c, being) for c in candidates]
    groups = group(asked, [c for c in whole if admitted(asked, c)])
    weighed = _weighed(asked, groups, hits, calibrator)
    others = [w for w in weighed if not w.told_of_another]
    # What is told of another name is no rival of an answer whose sentence has the question's.
    if asked.names and len(others) < len(weighed) and any(
            w.signals["names_sentence"] == 1.0 for w in others):
        vetoed = {id(w.group) for w in weighed if w.told_of_another}
        weighed = _weighed(asked, [g for g in groups if id(g) not in vetoed], hits, calibrator)
    return weighed


def _weighed(asked: Asked, groups: Sequence[Group], hits: Sequence[Hit], calibrator: Calibrator
             ) -> list[Weighed]:
    some = groups[:WEIGHED]
    said = [signals(asked, groups, at, hits) for at in range(len(some))]
    shares = calibrator.probabilities(said)
    return _ordered(some, shares, said)


def _ordered(groups: Sequence[Group], shares: Sequence[float], said: Sequence[dict[str, float]]
             ) -> list[Weighed]:
    found = [Weighed(*each) for each in zip(groups, shares, said, strict=True)]
    return sorted(found, key=lambda w: (-w.probability, -w.group.margin))


def checked(weighed: Sequence[Weighed], fits: Sequence[float], calibrator: Calibrator
            ) -> list[Weighed]:
    """Return a question's answers weighed once more, with what a verifier says of each.

    Args:
        weighed: The answers.
        fits: Its score of each.
        calibrator: Fitted to signals with the verifier's among them.
    """
    said = [with_verdict(w.signals, fit) for w, fit in zip(weighed, fits, strict=True)]
    shares = calibrator.probabilities(said)
    return _ordered([w.group for w in weighed], shares, said)


def with_verdict(of: Mapping[str, float], fit: float) -> dict[str, float]:
    """Return an answer's signals with a verifier's score."""
    return {**of, VERIFIED: clip(fit)}


def _whole(candidate: Candidate, being: bool) -> Candidate:
    """Return a candidate with the rest of the name or noun phrase that it cuts."""
    passage = candidate.hit.passage
    low, high = sentences_within(candidate.hit, candidate.start, candidate.end)
    start, end = completed(
        passage.text,
        candidate.start - passage.start,
        candidate.end - passage.start,
        low,
        high,
        being,
    )
    return replace(candidate, start=passage.start + start, end=passage.start + end,
                   text=passage.text[start:end])


def decide(weighed: Sequence[Weighed], calibrator: Calibrator, max_risk: float) -> Verdict:
    """Decide whether the most probable answer is given.

    Args:
        weighed: The different answers, most probable first.
        calibrator: Holds the thresholds.
        max_risk: Largest accepted share of wrong answers among those given.
    """
    if weighed and any(weighed[0].signals.get(s, 1.0) < 1.0 for s in _HELD):
        max_risk *= STRANGE
    if weighed and weighed[0].told_of_another:
        max_risk = 0.0
    threshold = calibrator.threshold(max_risk)
    trace = describe(weighed, threshold, calibrator)
    if not weighed:
        trace["why"] = "no span of the passages may answer"
        return Verdict("not_found", None, 0.0, trace=trace)
    top = weighed[0]
    if top.probability < threshold:
        trace["why"] = (
            "the best answer's sentence tells it of another name" if top.told_of_another else
            f"the best answer's probability {top.probability:.2f} is below {threshold:.2f}, "
            f"the threshold for a risk of {max_risk:g}"
        )
        return Verdict("not_found", None, top.probability, trace=trace)
    trace["why"] = f"probability {top.probability:.2f} reaches the threshold {threshold:.2f}"
    return Verdict(
        "answered", top.group.best.text, top.probability, support(top.group), trace=trace
    )


def support(one: Group) -> tuple[Quote, ...]:
    """Return the quotes of an answer: its best sentence, and one of each further article."""
    quotes: dict[str, Quote] = {}
    for candidate in one.candidates:
        name = candidate.hit.passage.article
        if name not in quotes and len(quotes) <= SUPPORT:
            if quotes and candidate.margin < 0:
                continue  # a span that the reader itself would not give supports nothing
            quotes[name] = Quote.of(candidate.hit, candidate.start, candidate.end)
    return tuple(quotes.values())


def describe(
    weighed: Sequence[Weighed], threshold: float, calibrator: Calibrator
) -> dict[str, Any]:
    """Return what was weighed as JSON-ready values, for the trace."""
    return {
        "threshold": round(threshold, 4),
        "calibrator": calibrator.name,
        "answers": [
            {
                "text": w.group.best.text,
                "article": w.group.best.hit.passage.article,
                "start": w.group.best.start,
                "end": w.group.best.end,
                "margin": round(w.group.margin, 3),
                "probability": round(w.probability, 4),
                "places": len(w.group.places),
                "articles": list(w.group.articles),
                "signals": {name: round(value, 4) for name, value in w.signals.items()},
            }
            for w in weighed
        ],
    }

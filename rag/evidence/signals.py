"""What speaks for and against an answer, as numbers that a calibrator weighs.

All are computed from the question, the candidate answers and the retrieved passages; the same
function serves answering and fitting. What is called "article" is as much of the answer's article
as was retrieved, so that the cost does not grow with its length.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from rag.articles.quotes import sentences_of
from rag.compare.numbers import quantities
from rag.compare.times import times
from rag.evidence.groups import Group, echoes
from rag.evidence.namesakes import another, of_another, of_elsewhere, role_of_another
from rag.evidence.roles import stands_right
from rag.language.opposites import alike
from rag.language.terms import Term, keys, share, terms
from rag.questions.intent import Asked
from rag.questions.wanted import Wanted
from rag.types import Hit

_STOPS = ".!?”\"’)…"
_FAR = 12.0  # margins and gaps beyond this tell nothing more

# What a date or a time has in it.
DATE = re.compile(
    r"\b(?:(?:19|20|1[0-8])\d\d|january|february|march|april|may|june|july|august|september|"
    r"october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|monday|tuesday|"
    r"wednesday|thursday|friday|saturday|sunday|today|yesterday|tomorrow|tonight|noon|midnight|"
    r"century|spring|summer|autumn|winter|ago|last|next|this|week|weeks|month|months|year|years|"
    r"days?|decades?|morning|evening|afternoon|night|recently|\d{1,2}[:.]\d\d|\d{1,2}\s?[ap]\.?m|"
    r"\d0s|bc|ad|after|before|during|when|(?:mon|tues|wednes|thurs|fri|satur|sun)days|dawn|dusk|"
    r"sunrise|sunset|half\s+past|quarter\s+(?:past|to)|o['’]clock|\d{1,2}(?:st|nd|rd|th)|"
    r"easter|christmas|fortnight)\b", re.I,
)
# "In the month that the bridge opens" does not tell which.
_NO_DATE = re.compile(
    r"(?:in\s+|on\s+)?(?:(?:the|an?)\s+)?"
    r"(?:day|week|month|year|decade|century|hour|date|time)s?\Z", re.I)
_COUNT = re.compile(
    r"(?:an?|one|no|none|nobody|several|dozens|hundreds|thousands|half|few|many|most|all|both|twice|"
    r"once|daily|every|some|about|around|over|nearly|almost|"
    r"(?:by\s+)?(?:(?:up\s+to|more\s+than|less\s+than|at\s+least|not\s+quite)\s+)?(?:an?\s+|one\s+)?"
    r"(?:half|third|quarter|fifth|tenth))\b", re.I,
)
_DURATION = re.compile(
    r"\b(?:seconds?|minutes?|hours?|days?|weeks?|fortnights?|months?|seasons?|years?|decades?|"
    r"centur(?:y|ies)|nights?|forever|until|since|all)\b", re.I,
)
_MONEY = re.compile(
    r"[$€£¥₦₹]|\b(?:dollars?|euros?|pounds?|cents?|yen|naira|rupees?|francs?|usd|eur|gbp|million|"
    r"billion|bn|free|pence|kr)\b|\bN\d", re.I,
)

# Words that open a clause of reason or of purpose.
REASON = re.compile(
    r"\b(?:because(?:\s+of)?|since|due\s+to|owing\s+to|as\s+a\s+result\s+of|thanks\s+to|citing|"
    r"amid|after|following|in\s+(?:order|a\s+move|a\s+bid|an\s+effort|response|protest)\b|so\s+that|"
    r"on\s+the\s+grounds|over\s+(?:concerns?|fears?|claims?|allegations?)|blamed\s+on|caused\s+by|"
    r"out\s+of\s+fear|for\s+fear|(?:aim|aims|aimed|purpose|goal|reason|objective|mission)\b"
    r"(?:\s+\w+){0,5}?\s+(?:is|was|were|are|at|to)\b|to\s+(?=(?:help|support|ensure|enhance|train|"
    r"protect|prevent|avoid|stop|make|give|allow|get|save|reduce|increase|improve|boost|raise|meet|"
    r"provide|strengthen|keep|celebrate|mark|honou?r|protest|secure|pay|fund|build|create)\b))",
    re.I,
)


def signals(
    asked: Asked, groups: Sequence[Group], at: int, hits: Sequence[Hit]
) -> dict[str, float]:
    """Return the signals of one answer.

    Args:
        asked: The question.
        groups: All answers, best margin first.
        at: Which of them.
        hits: The passages that were read, best first.
    """
    chosen = groups[at]
    best = chosen.best
    hit = best.hit
    start, end = sentences_of(hit, best.start, best.end)
    passage = hit.passage
    lowest = max(0, start - passage.start)
    sentence = keys(passage.text[lowest : end - passage.start])
    before = passage.text[lowest : best.start - passage.start]
    around = keys(passage.text)
    titled = around | keys(hit.title)
    if hit.published is not None:  # "in March 2024", in an article of that month
        titled |= keys(f"in {hit.published:%B} {hit.published.year}")
    read = [h.passage.text for h in hits if h.title == hit.title
            and h.passage.article == passage.article]
    whole = titled.union(*(keys(text) for text in read))
    others = [g.margin for i, g in enumerate(groups) if i != at]
    said = terms(best.text)
    weights = {t.key: weight(t) for t in asked.terms}
    length = max(1, len([t for t in said if t.kind != "empty"]))
    sources, places = chosen.support
    dense = [h.dense_score for h in hits if h.dense_score is not None]
    return {
        "margin": clip(best.margin),
        "score": clip(best.score, 20.0),
        "null": clip(best.score - best.margin, 20.0),
        "log_probability": max(-_FAR, math.log(max(best.probability, 1e-9))),
        # Without another answer the rival is "not here", whose margin is 0.
        "gap": clip(best.margin - max(others, default=0.0)),
        "names_sentence": _named(asked.names, sentence),
        "names_passage": _named(asked.names, titled),
        "names_article": _named(asked.names, whole),
        "numbers_passage": share((t.key for t in asked.numbers), titled),
        "numbers_article": share((t.key for t in asked.numbers), whole),
        "words_sentence": _weighted(weights, sentence),
        "words_passage": _weighted(weights, titled),
        "words_article": _weighted(weights, whole),
        "words_alike": _weighted(weights, sentence | _alike(asked, sentence)),
        "nouns_sentence": _held(asked.words, sentence),
        "nouns_passage": _held(asked.words, titled),
        "names_all": float(all(t.key in titled for t in asked.names)),
        "numbers_all": float(all(t.key in titled for t in asked.numbers)),
        "focus": _focus(asked, said, passage.text[best.start - passage.start : end - passage.start],
                        sentence),
        "role": stands_right(asked, passage.text[lowest : end - passage.start],
                             best.start - start, best.end - start),
        "absent": clip(best.absent),
        "absent_best": clip(min((h.best.absent for h in groups), default=0.0)),
        "headline": float(passage.text[: end - passage.start].rstrip()[-1:] not in _STOPS),
        "missing": float(sum(key not in whole for key in weights)),
        "dense": hit.dense_score if hit.dense_score is not None else min(dense, default=0.0),
        "dense_best": max(dense, default=0.0),
        "rank": 1.0 / hit.rank,
        "dense_rank": 1.0 / hit.dense_rank if hit.dense_rank else 0.0,
        "word_rank": 1.0 / hit.word_rank if hit.word_rank else 0.0,
        "places": math.log(places),
        "articles": math.log(sources),
        "type_fit": fits(asked.wanted, best.text, before),
        "echo": float(echoes(asked, best.text)),
        "answer_words": math.log(length),
        "question_words": math.log(1 + len(asked.terms)),
        "sole": float(not others),
        "instead": float(another(asked, passage.text[lowest : end - passage.start], len(before),
                                 passage.text)
                         or role_of_another(asked, passage.text, best.start - passage.start,
                                            best.end - passage.start)),
        "of_another": float(
            of_another(asked, passage.text, lowest, end - passage.start)
            or of_elsewhere(asked, passage.text, lowest, end - passage.start, hit.title or "",
                            " ".join(read))),
    }


def isolated(of: Mapping[str, float]) -> dict[str, float]:
    """Return an answer's signals as they would be if nothing else was found."""
    return {**of, "sole": 1.0, "gap": of["margin"], "absent_best": of["absent"]}


def _held(words: Sequence[Term], present: frozenset[str]) -> float:
    """Return the share of words that a text holds, or has one like them."""
    held = [t.key in present or bool(alike(t.key) & present) for t in words]
    return sum(held) / len(held) if held else 1.0


def _alike(asked: Asked, present: frozenset[str]) -> frozenset[str]:
    """Return the question's words of which a text has one that means nearly the same."""
    return frozenset(t.key for t in asked.words if alike(t.key) & present)


def _focus(
    asked: Asked, said: Sequence[Term], rest: str, sentence: frozenset[str]
) -> float:
    """Return how near what is asked for ("Russian instructors") stands to the answer.

    1 in the answer or the words right behind it, 0.5 elsewhere in the sentence or where nothing
    is named, 0 not in the sentence.
    """
    wanted = [t.key for t in terms(asked.focus) if t.kind == "word"]
    if not wanted:
        return 0.5
    near = {t.key for t in said} | {t.key for t in terms(rest)[: len(said) + 4]}
    each = [
        1.0 if key in near or alike(key) & near else 0.5 if key in sentence else 0.0
        for key in wanted
    ]
    return sum(each) / len(each)


def fits(wanted: Wanted, text: str, before: str = "") -> float:
    """Return how well a text is of the wanted type: 1 yes, 0 no, 0.5 where nothing is wanted.

    Args:
        wanted: The type.
        text: The answer.
        before: What stands before it in its sentence ("because" tells a reason).
    """
    said = terms(text)
    number = any(t.kind == "number" for t in said)
    name = any(t.text[:1].isupper() for t in said)
    checks = {
        "number": number or bool(_COUNT.match(text)),
        "money": bool(_MONEY.search(text)) or (number and not _measured(text)),
        # "How long is the path?" asks for a length; "How many years?" is answered by "nine".
        "duration": max(0.5 * number, (
            bool(_DURATION.search(text)) and (number or len(said) > 1)) or any(
            q.unit is not None and q.unit.dimension in ("time", "length")
            for q in quantities(text))),
        "date": max(0.5 * number, bool(DATE.search(text)) or bool(times(text)))
        * (not _NO_DATE.match(text)),
        # "the driver", "in a biscuit tin", "a ladle chain broke": not told by their form.
        "person": max(0.5 * (not number), name or any(t.kind == "name" for t in said)),
        "place": max(0.5 * (not number), name or any(t.kind == "name" for t in said)),
        "reason": max(0.5 * (len(said) > 2), gives_reason(text, before)),
    }
    return float(checks[wanted]) if wanted in checks else 0.5


def gives_reason(text: str, before: str) -> bool:
    """Tell whether a span is, or follows, the opening of a clause of reason or purpose."""
    opener = REASON.search(text)
    if opener is not None and opener.start() <= 12:
        return True
    openers = list(REASON.finditer(before))
    return bool(openers) and len(before) - openers[-1].end() <= 12


def weight(term: Term) -> float:
    """Return how much a word of a question says: names and numbers most."""
    return {"name": 2.0, "number": 2.0, "word": 1.0, "empty": 0.0}[term.kind]


def _weighted(weights: dict[str, float], present: frozenset[str]) -> float:
    total = sum(weights.values())
    return sum(w for key, w in weights.items() if key in present) / total if total else 1.0


def _named(names: Sequence[Term], present: frozenset[str]) -> float:
    return share((t.key for t in names), present)


def clip(value: float, far: float = _FAR) -> float:
    """Return a value between ``-far`` and ``far``."""
    return max(-far, min(far, float(value)))


def _measured(text: str) -> bool:
    """Tell whether a text gives masses, lengths and the like alone, and no sum: "60 tonnes"."""
    found = quantities(text)
    return bool(found) and all(q.unit is not None and q.currency is None
                               and q.unit.dimension not in ("percent", "time") for q in found)

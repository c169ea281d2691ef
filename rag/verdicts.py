"""What the reader takes sentences to say of a yes/no question, and what speaks for and against.

The reader is asked twice: for the words in the passages that decide the question, and for each
sentence by itself whether it says yes, no or neither. A calibrator weighs the signals; the same
function serves answering and fitting.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rag.negation import negated
from rag.opposites import alike
from rag.questions import Asked
from rag.reader import Reader
from rag.signals import weight
from rag.statements import Sentence, sentences
from rag.terms import keys, share
from rag.types import Hit

Says = Literal["yes", "no"]

# Judged sentences that are kept, those that decide most: the right one is hardly ever further down.
KEPT = 6
_FAR = 12.0


@dataclass(frozen=True, slots=True)
class Judged:
    """What a sentence says of a yes/no question, if it says anything.

    Attributes:
        sentence: The sentence.
        says: The likelier of yes and no.
        signals: What speaks for and against.
    """

    sentence: Sentence
    says: Says
    signals: dict[str, float]


def judge(
    asked: Asked, hits: Sequence[Hit], reader: Reader, rules: Mapping[tuple[str, int], Says]
) -> list[Judged] | None:
    """Return the sentences that decide most, what they decide, and the signals of it.

    Args:
        asked: The question.
        hits: The passages that were read.
        reader: What reads them.
        rules: What the words of a sentence were found to say, by its place.

    Returns:
        None where the reader does not tell yes from no.
    """
    every = list(sentences(hits))
    told = reader.verdicts(asked.text, [s.text for s in every])
    if told is None:
        return None
    spans = reader.read(asked.text, hits, spans=3)
    made = []
    for sentence, (yes, no, neither) in zip(every, told.clip(1e-6), strict=True):
        within = [c.margin for c in spans if c.hit.passage.article == sentence.place[0]
                  and sentence.start <= c.start < sentence.end]
        says: Says = "yes" if yes >= no else "no"
        made.append(Judged(sentence, says, {
            "decided": math.log((yes + no) / neither),
            "side": abs(math.log(yes / no)),
            "margin": max(-_FAR, min(_FAR, max(within, default=-_FAR))),
            "yes": float(says == "yes"),
            **_words(asked, sentence, says, rules.get(sentence.place)),
        }))  # fmt: skip
    made.sort(key=lambda j: (-_weight(j), j.sentence.hit.rank, j.sentence.start))
    return [_against(one, made) for one in made[:KEPT]]


def _weight(judged: Judged) -> float:
    """Return how much a sentence decides, roughly: this chooses which are weighed at all."""
    signals = judged.signals
    return (signals["decided"] + 0.5 * signals["margin"] + 4 * signals["words"]
            + 2 * signals["names"] + 4 * abs(signals["rule"]))


def _words(asked: Asked, sentence: Sentence, says: Says, rule: Says | None) -> dict[str, float]:
    present = keys(sentence.text)
    around = present | sentence.around
    total = sum(weight(t) for t in asked.terms)
    held = sum(weight(t) for t in asked.terms if t.key in present or alike(t.key) & present)
    denied = negated(asked.text, asked) != negated(sentence.text, asked)
    hit = sentence.hit
    return {
        "words": held / total if total else 0.0,
        "names": share((t.key for t in asked.names), around),
        "numbers": share((t.key for t in asked.numbers), present),
        "rule": 0.0 if rule is None else 1.0 if rule == says else -1.0,
        "denial": float(denied) if says == "no" else -float(denied),
        "dense": hit.dense_score or 0.0,
        "rank": 1.0 / hit.rank,
        "question_words": math.log(1 + len(asked.terms)),
    }


def _against(one: Judged, others: Sequence[Judged]) -> Judged:
    """Add how far a sentence decides more than any that says the opposite."""
    rival = max((_weight(o) for o in others if o.says != one.says), default=-_FAR)
    gap = max(-_FAR, min(_FAR, _weight(one) - rival))
    return replace(one, signals=one.signals | {"gap": gap})

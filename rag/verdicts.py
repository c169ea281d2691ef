"""Yes/no questions that no rule decides: the reader's own yes or no, weighed by a calibrator.

The reader points at the words that decide and says whether the passage supports or contradicts
what is asked. That alone is right too seldom; how far it can be trusted is told by how sure it is,
by what of the question stands there, and by whether a denial stands where a "no" would have one.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.confidence import Calibrator
from rag.evidence import Quote
from rag.negation import negated
from rag.opposites import opposite
from rag.questions import Asked
from rag.reader import Reader
from rag.signals import weight
from rag.terms import keys, share
from rag.types import Candidate, Hit
from rag.yesno import Decision, Says


def ponder(
    asked: Asked, hits: Sequence[Hit], reader: Reader, calibrator: Calibrator
) -> list[Decision]:
    """Return the reader's yes or no of each passage, the most probably right first.

    Args:
        asked: A yes/no question.
        hits: The passages.
        reader: Without a head for verdicts nothing is returned.
        calibrator: Fitted on :func:`signals`.
    """
    read = reader.read(asked.text, hits, spans=1)
    made = []
    for at, candidate in enumerate(read):
        if candidate.verdict is None:
            continue
        says, said = signals(asked, read, at)
        why = f"the reader finds {candidate.text!r}"
        quote = Quote.of(candidate.hit, candidate.start, candidate.end)
        made.append(Decision(says, quote, candidate.hit, calibrator.probability(said), why))
    return sorted(made, key=lambda d: (-d.confidence, d.hit.rank))


def signals(asked: Asked, read: Sequence[Candidate], at: int) -> tuple[Says, dict[str, float]]:
    """Return what the reader says by one passage, and what speaks for and against it.

    Args:
        asked: A yes/no question.
        read: The best span of each passage, with verdicts.
        at: Which of them.
    """
    chosen = read[at]
    yes, no, silent = chosen.verdict or (0.0, 0.0, 0.0)
    says: Says = "yes" if yes >= no else "no"
    passage = chosen.hit.passage
    quote = Quote.of(chosen.hit, chosen.start, chosen.end)
    here, around = keys(quote.text), keys(passage.text) | keys(chosen.hit.title)
    denied = negated(asked.text, asked) != negated(quote.text, asked)
    excluded = any(opposite(t.key) & here for t in asked.terms)
    others = [_said(c) for i, c in enumerate(read) if i != at]
    weights = {t.key: weight(t) for t in asked.terms}
    total = sum(weights.values()) or 1.0
    return says, {
        "margin": chosen.margin,
        "absent": chosen.absent,
        "lead": abs(yes - no),
        "said": max(yes, no) - silent,
        "ahead": _said(chosen) - max(others, default=0.0),
        "yes": float(says == "yes"),
        "denial": float(denied or excluded) * (1.0 if says == "no" else -1.0),
        "names_passage": share((t.key for t in asked.names), around),
        "numbers_passage": share((t.key for t in asked.numbers), around),
        "words_sentence": sum(w for key, w in weights.items() if key in here) / total,
        "words_passage": sum(w for key, w in weights.items() if key in around) / total,
        "dense": chosen.hit.dense_score or 0.0,
        "rank": 1.0 / chosen.hit.rank,
    }


def _said(candidate: Candidate) -> float:
    yes, no, silent = candidate.verdict or (0.0, 0.0, 0.0)
    return max(yes, no) - silent

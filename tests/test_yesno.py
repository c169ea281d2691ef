"""Yes/no questions: what decides them, how sure that is, and what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.confidence import Calibrator
from rag.questions import Asked, analyse
from rag.reader import Reader
from rag.sentences import split
from rag.statements import sentences
from rag.types import Candidate, Hit, Passage
from rag.verdicts import KEPT, judge
from rag.yesno import decide, verdict_of

TEXT = ("The strike at Arlen ended on Friday. The union parted company with its coach. "
        "Nobody was hurt. Trade is brisk. Rye is dear. The bridge reopened. It rained.")
ASKED = analyse("Did the union sack its coach?")


def hit(text: str, rank: int = 1, start: int = 0, article: str = "a.txt") -> Hit:
    """A passage that begins at ``start`` of its article."""
    spans = tuple((start + a, start + b) for a, b in split(text))
    return Hit(Passage(article, rank, start, start + len(text), text, spans), "Arlen", rank, 0.1,
               dense_score=0.5)


class Told:
    """A reader that says of every sentence what it is told to, and marks one span."""

    def __init__(self, told: dict[str, tuple[float, float, float]] | None, span: str = "") -> None:
        self.told, self.span = told, span
        self.asked: list[str] = []

    def verdicts(self, question: str, texts: Sequence[str]) -> NDArray[np.float64] | None:
        """The probabilities, "neither" for sentences that nothing is told of."""
        self.asked += texts
        if self.told is None:
            return None
        return np.array([self.told.get(text, (0.02, 0.02, 0.96)) for text in texts])

    def read(self, question: str, hits: Sequence[Hit], **_: Any) -> list[Candidate]:
        """The one span, where a passage holds it."""
        found = [(h, h.passage.start + h.passage.text.find(self.span)) for h in hits
                 if self.span and self.span in h.passage.text]
        return [Candidate(h, at, at + len(self.span), self.span, 5.0, 3.0, 0.9)
                for h, at in found]


def reader(told: dict[str, tuple[float, float, float]] | None, span: str = "") -> Reader:
    """The reader above as what the functions take."""
    return cast(Reader, Told(told, span))


SACKED = "The union parted company with its coach."
CALIBRATOR = Calibrator(("decided", "side"), (0.0, 0.0), (1.0, 1.0), (1.0, 0.5), -1.0)


def test_each_sentence_is_judged_once_and_the_decisive_one_comes_first() -> None:
    told = Told({SACKED: (0.9, 0.06, 0.04), "Nobody was hurt.": (0.1, 0.5, 0.4)}, "parted company")
    overlapping = hit(TEXT[TEXT.index("Nobody"):], 2, TEXT.index("Nobody"))
    judged = judge(ASKED, [hit(TEXT), overlapping], cast(Reader, told), {("a.txt", 37): "yes"})
    assert judged is not None
    assert told.asked == [s.text for s in sentences([hit(TEXT)])]
    assert len(judged) == KEPT
    first = judged[0]
    assert (first.sentence.text, first.says) == (SACKED, "yes")
    assert first.sentence.place == ("a.txt", 37)
    signals = first.signals
    assert signals["decided"] == pytest.approx(np.log(0.96 / 0.04))
    assert signals["side"] == pytest.approx(np.log(0.9 / 0.06))
    assert (signals["margin"], signals["rule"], signals["names"]) == (3.0, 1.0, 1.0)
    assert signals["words"] == pytest.approx(2 / 3)  # union and coach, and not the sacking
    against = next(j for j in judged if j.says == "no")
    assert signals["gap"] > 0 > against.signals["gap"]


def test_a_calibrator_says_how_sure_a_decision_is() -> None:
    told = reader({SACKED: (0.9, 0.06, 0.04)})
    best, *others = decide(ASKED, [hit(TEXT)], told, CALIBRATOR)
    assert (best.says, best.quote.text) == ("yes", SACKED)
    total = np.log(0.96 / 0.04) + 0.5 * np.log(0.9 / 0.06) - 1
    assert best.confidence == pytest.approx(1 / (1 + np.exp(-total)))
    assert others == []  # none of the other sentences is likely to decide it
    verdict = verdict_of([best])
    assert (verdict.outcome, verdict.short, verdict.quotes) == ("answered", "yes", (best.quote,))


def test_where_nothing_is_likely_the_surest_tells_how_sure_it_was() -> None:
    (only,) = decide(ASKED, [hit(TEXT)], reader({}), CALIBRATOR)
    assert only.confidence < 0.05


@pytest.mark.parametrize(("question", "says"), [
    ("Did the strike at Arlen end on Friday?", "yes"), ("Is rye dear?", "yes"),
    ("Did the bridge reopen?", "yes"), ("Was anybody insured?", None),
])  # fmt: skip
@pytest.mark.parametrize("calibrator", [None, CALIBRATOR])
def test_without_a_verdict_head_words_decide(question: str, says: str | None,
                                             calibrator: Calibrator | None) -> None:
    asked: Asked = analyse(question)
    found = decide(asked, [hit(TEXT)], reader(None), calibrator)
    assert [d.says for d in found] == ([says] if says else [])

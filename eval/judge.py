"""Decide, without any model, whether an answer is right, and count what its citations are worth.

The rules stand in ``eval/sets/README.md`` ("When an answer is right"). EM and F1 follow SQuAD's
official script (Rajpurkar et al., EMNLP 2016); citation precision and recall follow ALCE (Gao et
al., EMNLP 2023) with hand-picked supporting sentences instead of an entailment model.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from eval.cases import ExpectedTurn
from eval.normalise import contains, normalise, squad
from eval.support import SupportIndex
from rag.types import Answer

MAX_EXTRA_WORDS: Final = 10
"""An accepted answer may stand among at most this many other words of ``short``."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one answer is worth.

    Attributes:
        right: The answer is right.
        reason: Why it is not, in a few words; empty when it is.
        em: SQuAD's exact match with the best accepted answer, 0 or 1; None without answers.
        f1: SQuAD's F1, likewise.
        cited: Number of citations shown with an answer.
        holding: How many of them are verbatim and hold a supporting sentence.
        verbatim: How many of them are in their article, character for character.
        statements: Points of the expected answer (1 when it has none); 0 when nothing was
            expected or nothing was said.
        supported: How many of them have a citation that holds one of their sentences.
        resolution: Whether the searched question has every word that a follow-up needs; None
            when the turn does not say.
    """

    right: bool
    reason: str
    em: float | None
    f1: float | None
    cited: int
    holding: int
    verbatim: int
    statements: int
    supported: int
    resolution: bool | None


def judge(
    turn: ExpectedTurn,
    answer: Answer,
    support: SupportIndex,
    text_of: Callable[[str], str | None],
) -> Judgement:
    """Judge one answer.

    Args:
        turn: What was asked and what is right.
        answer: What the assistant said.
        support: The turn's supporting sentences, located.
        text_of: The text of an article by its name; None when there is no such article.
    """
    shown = answer.citations if answer.outcome != "not_found" else ()
    true = [c for c in shown if (text_of(c.article) or "")[c.start:c.end] == c.quote != ""]
    held = [support.held_by(c.article, (c.start, c.end)) for c in true]
    expects = bool(turn.support) and bool(shown)
    reason = _wrong_because(turn, answer)
    if not (reason or turn.answers or turn.points or turn.outcome == "not_found" or any(held)):
        reason = "no citation holds a supporting sentence"
    statements = max(len(turn.points), 1) if expects else 0
    proved = [s.point for found in held for s in found]
    supported = sum(
        any(point in (None, number) for point in proved) for number in range(statements)
    )
    short = answer.short or ""
    return Judgement(
        right=not reason,
        reason=reason,
        em=max(exact_match(a, short) for a in turn.answers) if turn.answers else None,
        f1=max(f1(a, short) for a in turn.answers) if turn.answers else None,
        cited=len(shown),
        holding=sum(bool(found) for found in held),
        verbatim=len(true),
        statements=statements,
        supported=supported,
        resolution=_resolved(turn, answer),
    )


def exact_match(accepted: str, given: str) -> float:
    """SQuAD's exact match: 1 when the normalised texts are the same, else 0."""
    return float(squad(accepted) == squad(given))


def f1(accepted: str, given: str) -> float:
    """SQuAD's F1: harmonic mean of precision and recall over the tokens, with multiplicity."""
    want, got = squad(accepted).split(), squad(given).split()
    if not want or not got:
        return float(want == got)
    common = sum((Counter(want) & Counter(got)).values())
    return 2 * common / (len(want) + len(got))


def _wrong_because(turn: ExpectedTurn, answer: Answer) -> str:
    said = normalise(f"{answer.short or ''}\n{answer.text}")
    for phrase in turn.forbidden:
        if contains(said, normalise(phrase)):
            return f"said {phrase!r}"
    if answer.outcome != turn.outcome:
        return f"{answer.outcome}, not {turn.outcome}"
    if turn.outcome == "not_found":
        return ""
    if turn.answers in (("yes",), ("no",)):
        return _wrong_word(turn.answers[0], answer)
    if turn.points:
        return _missing_point(turn, answer)
    if not turn.answers:
        return ""  # the citations decide
    short = normalise(answer.short or "")
    if any(stands_in(normalise(accepted), short) for accepted in turn.answers):
        return ""
    return "another answer"


def _wrong_word(wanted: str, answer: Answer) -> str:
    for text in (answer.short or "", answer.text):
        first = re.match(r"\W*(yes|no)\b", text, re.IGNORECASE)
        if first:
            return "" if first[1].lower() == wanted else f"{first[1].lower()}, not {wanted}"
    return f"neither yes nor no, not {wanted}"


def _missing_point(turn: ExpectedTurn, answer: Answer) -> str:
    said = normalise((answer.short or "") if turn.kind == "list" else answer.text)
    for point in turn.points:
        if not any(contains(said, normalise(phrase)) for phrase in point):
            return f"does not say {point[0]!r}"
    return ""


def stands_in(accepted: str, short: str) -> bool:
    """Tell whether a normalised answer holds an accepted one among few other words."""
    extra = len(short.split()) - len(accepted.split())
    return contains(short, accepted) and extra <= MAX_EXTRA_WORDS


def _resolved(turn: ExpectedTurn, answer: Answer) -> bool | None:
    if not turn.needs:
        return None
    searched = normalise(answer.question)
    return all(
        any(contains(searched, normalise(phrase)) for phrase in needed) for needed in turn.needs
    )

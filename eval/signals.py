"""The signals behind answers to question sets, for fitting a calibrator to articles of that kind.

Every turn that has one right answer, or none, is asked in the words that stand alone. A share of
them is asked again with the passages that support the answer left out, and a share with one name,
number or date swapped where that can be done safely (:mod:`rag.reader.swaps`), because people ask
what is not there. What is written is read by ``python -m rag.reader.calibrate --cases``.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from tqdm import tqdm

from eval.cases import ExpectedConversation, ExpectedTurn, QuestionSet
from eval.judge import stands_in
from eval.normalise import normalise
from eval.support import SupportIndex
from rag import reader
from rag.questions import intent
from rag.reader.cases import answers_of
from rag.reader.swaps import NameBook, swap
from rag.search.library import Library
from rag.settings import Settings
from rag.types import Hit

# Kinds that are answered without a span of the reader's, or by several at once.
NO_SPAN: Final = frozenset({"yes/no", "summary"})
_SPARE: Final = 6
"""Passages that are searched beyond those that are read, so that left-out ones have a successor."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """One way of asking a turn.

    Attributes:
        kind: "here", "none", "hidden" or "twin".
        question: As it is searched.
        accepted: Right answers; none where nothing answers.
        hidden: Whether the supporting passages are left out.
    """

    kind: str
    question: str
    accepted: tuple[str, ...]
    hidden: bool = False


def gather(sets: Sequence[QuestionSet], settings: Settings, indexes: Path, share: float = 0.15,
           seed: int = 1) -> Iterator[dict[str, Any]]:
    """Ask every fitting turn and yield the signals of every weighed answer.

    Args:
        sets: The question sets.
        settings: Those that the calibrator will be used with.
        indexes: Folder for the indexes that are built.
        share: Of the answerable turns, how many are asked with their passages left out, and how
            many with one thing swapped.
        seed: Of all chance.

    Yields:
        Cases in the form of :func:`rag.reader.calibrate.gather`; the group is the first article
        that supports the turn, or else its conversation.
    """
    read = reader.load(settings)
    for question_set in sets:
        by_folder: dict[Path, list[ExpectedConversation]] = {}
        for conversation in question_set.conversations:
            by_folder.setdefault(conversation.articles.resolve(), []).append(conversation)
        for number, (folder, conversations) in enumerate(
                tqdm(by_folder.items(), desc=question_set.name, unit="folder",
                     disable=not sys.stderr.isatty())):
            index = indexes / f"{question_set.name}-{number}"
            with Library.open(folder, index, settings) as library:
                texts = {name: library.article(name).text for name in library.names()}
                book = NameBook.of(texts.values())
                for conversation in conversations:
                    for turn in conversation.turns:
                        if not _fits(turn):
                            continue
                        support = SupportIndex(turn, texts.get)
                        group = turn.support[0].article if turn.support else conversation.id
                        for one in _ways(turn, texts, book, share,
                                         random.Random(f"{seed}/{turn.id}")):
                            yield {
                                "source": question_set.name, "kind": one.kind, "group": group,
                                "question": one.question, "accepted": one.accepted,
                                "answers": _answers(one, turn, library, read, support, settings),
                            }


def _fits(turn: ExpectedTurn) -> bool:
    return (turn.outcome != "disputed" and turn.kind not in NO_SPAN
            and intent.analyse(turn.resolved or turn.question).kind != "yesno")


def _ways(turn: ExpectedTurn, texts: dict[str, str], book: NameBook, share: float,
          rng: random.Random) -> Iterator[_Asked]:
    question = turn.resolved or turn.question
    accepted = turn.answers or tuple(phrase for point in turn.points for phrase in point)
    if not accepted:
        if turn.outcome == "not_found":
            yield _Asked("none", question, ())
        return
    yield _Asked("here", question, accepted)
    if rng.random() < share:
        yield _Asked("hidden", question, accepted, hidden=True)
    if rng.random() >= share or not turn.support:
        return
    context = texts.get(turn.support[0].article, "")
    others = [text for name, text in texts.items() if text != context]
    twin = swap(question, context, others[:3], book, rng)
    if context and twin is not None:
        yield _Asked("twin", twin.question, ())


def _answers(one: _Asked, turn: ExpectedTurn, library: Library, read: reader.Reader,
             support: SupportIndex, settings: Settings) -> list[dict[str, Any]]:
    asked = intent.analyse(one.question)
    hits: list[Hit] = library.search(asked.text, turn.filters, k=settings.top_k + _SPARE)
    if one.hidden:
        hits = [h for h in hits
                if not support.held_by(h.passage.article, (h.passage.start, h.passage.end))]
    return answers_of(asked, hits[: settings.top_k], read, partial(_right, accepted=one.accepted))


def _right(text: str, accepted: Sequence[str]) -> bool:
    return any(stands_in(normalise(a), normalise(text)) for a in accepted)

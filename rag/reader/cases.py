"""Annotated questions asked of a folder of articles: their signals, and which answers are right.

Annotated paragraphs become a folder of articles, one file each, which is indexed, searched and
read as a person's folder would be. Every answerable question may also be asked with its own
paragraph hidden, and reviewed twins (:mod:`rag.reader.twins`) with one thing swapped, because
people ask what is not there.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from tqdm import tqdm

from rag import reader
from rag.answering import candidates_of
from rag.evidence import confidence, weighing
from rag.questions import intent
from rag.reader import twins, verifier
from rag.reader.data import read_rows
from rag.reader.measure import f1, normalise
from rag.search.library import Library
from rag.settings import Settings
from rag.types import Filters, Hit

RIGHT = 0.5  # an answer is right from this F1 with an accepted one
SMALL = 0.67  # share of the questions that are asked of a few articles

@dataclass(frozen=True, slots=True)
class Case:
    """A question asked of a folder of paragraphs.

    Attributes:
        kind: "here", "adversarial", "hidden" or "twin".
        group: What must not be split between fitting and judging.
        question: As asked.
        accepted: Right answers; none if the folder does not answer.
        hidden: Name of the article that is left out of the hits.
        sentences: Whether the accepted answers are whole sentences that hold the answer.
        pool: The only articles that are searched; empty for all.
    """

    kind: str
    group: str
    question: str
    accepted: tuple[str, ...] = ()
    hidden: str = ""
    sentences: bool = False
    pool: tuple[str, ...] = ()


def folder_of(rows: Sequence[dict[str, Any]], folder: Path) -> dict[str, str]:
    """Write each paragraph as an article.

    Returns:
        File name by paragraph.
    """
    names: dict[str, str] = {}
    for row in rows:
        if row["context"] not in names:
            name = f"{len(names):05d}.txt"
            names[row["context"]] = name
            title = row.get("title", "").replace("_", " ")
            (folder / name).write_text(f"{title}\n\n{row['context']}\n".lstrip(), "utf-8")
    return names


def cases_of(rows: Sequence[dict[str, Any]], names: dict[str, str], hidden: float, seed: int
             ) -> list[Case]:
    """Make the questions to ask of a file's paragraphs.

    Two of three are asked of a small pool of articles with the right one among them, because
    people's folders are small more often than large.
    """
    every = sorted(names.values())
    made = []
    for row in rows:
        rng = random.Random(f"{seed}/{row.get('id', row['question'])}")
        name = names[row["context"]]
        group = row.get("title") or name
        accepted = tuple(a["text"] for a in row["answers"])
        pool: tuple[str, ...] = ()
        if rng.random() < SMALL:
            size = min(len(every), rng.choice((2, 4, 8, 16)))
            pool = tuple(sorted({name, *rng.sample(every, size)}))
        case = Case("here" if accepted else "adversarial", group, row["question"], accepted,
                    sentences=bool(row.get("sentence_level")), pool=pool)
        made.append(case)
        if accepted and rng.random() < hidden:
            made.append(replace(case, kind="hidden", accepted=(), hidden=name))
    pools = {case.question: case.pool for case in made}
    for row, twin in twins.load(rows):
        group = row.get("title") or names[row["context"]]
        made.append(Case("twin", group, twin["question"], pool=pools[row["question"]]))
    return made


def right(text: str, case: Case) -> bool:
    """Whether an answer counts as right: near an accepted one, holding it, or held by it.

    Annotators mark one of many good stretches ("May 2023", "in May 2023 in the capital"); a
    person who reads the answer with its sentence is served by each of them.
    """
    words = f" {normalise(text)} "
    if not words.strip():
        return False
    accepted = [f" {normalise(a)} " for a in case.accepted]
    if any(words in a for a in accepted):
        return True
    if case.sentences:
        return False
    return f1(text, case.accepted) >= RIGHT or any(a.strip() and a in words for a in accepted)


def gather(path: Path, settings: Settings, hidden: float, most: int, seed: int
           ) -> Iterator[dict[str, Any]]:
    """Ask a file's questions and yield the signals of every weighed answer.

    Yields:
        ``{"source", "kind", "group", "question", "accepted", "answers": [...]}``, JSON-ready, with
        the answers as :func:`answers_of` makes them.
    """
    rows = [row for row in read_rows(path) if not row.get("history")]
    rows = rows[:: max(1, -(-len(rows) // most))]
    read = reader.load(settings)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "articles"
        folder.mkdir()
        names = folder_of(rows, folder)
        with Library.open(folder, Path(place) / "index", settings) as library:
            for case in tqdm(cases_of(rows, names, hidden, seed), desc=path.name.split(".")[0],
                             disable=not sys.stderr.isatty()):
                asked = intent.analyse(case.question)
                hits: list[Hit] = library.search(case.question, Filters(articles=case.pool),
                                                 k=settings.top_k + 4)
                hits = [h for h in hits if h.passage.article != case.hidden][: settings.top_k]
                yield {
                    "source": path.name.split(".")[0], "kind": case.kind, "group": case.group,
                    "question": case.question, "accepted": case.accepted,
                    "answers": answers_of(asked, hits, read, partial(right, case=case)),
                }


def answers_of(asked: intent.Asked, hits: Sequence[Hit], read: reader.Reader,
               is_right: Callable[[str], bool]) -> list[dict[str, Any]]:
    """Weigh the answers to a question as the assistant would, and say which are right.

    Returns:
        ``{"text", "signals", "right", "title", "around", "span"}`` of each, JSON-ready: the last
        three are what the verifier reads (:mod:`rag.reader.verifier`).
    """
    weighed = weighing.weigh_all(asked, candidates_of(asked, hits, read), hits, confidence.PLAIN)
    best = [w.group.best for w in weighed]
    fits = read.verified(asked.text, best)
    made = []
    for at, (one, found) in enumerate(zip(weighed, best, strict=True)):
        signals = one.signals if fits is None else weighing.with_verdict(one.signals, fits[at])
        around, span = verifier.around(found)
        made.append({"text": found.text, "signals": signals, "right": is_right(found.text),
                     "title": found.hit.title, "around": around, "span": span})
    return made


def keep(cases: Iterable[dict[str, Any]], path: Path) -> int:
    """Write cases as JSON lines, whole or not at all; return how many."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    count = 0
    with fresh.open("w", encoding="utf-8") as file:
        for case in cases:
            file.write(json.dumps(case, ensure_ascii=False) + "\n")
            count += 1
    fresh.rename(path)
    return count

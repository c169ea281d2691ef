"""Training data for the reader: JSON lines in, examples out.

Three forms of row, one JSON object a line, plain or gzipped:

- spans: ``{"context", "question", "answers": [{"text", "answer_start"}, ...]}``; an empty list
  says that the passage does not answer. Optional: ``title``; ``"multi": true`` when all the
  answers together are the answer; and for a yes/no question ``"verdict": "yes" | "no" |
  "silent"``, the answers being the words that decide it.
- yes/no: ``{"context", "question", "answer": "yes" | "no" | "maybe"}``.
- claims: ``{"premise", "hypothesis", "label"}`` with entailment, contradiction, neutral or
  not_entailment.

A recipe (TOML) names the files, how often each is used, and the shares of the negatives. What a
shard of the training stream holds follows from the recipe, the seed and the shard's number alone,
so that a run can stop anywhere and go on.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rag.errors import SettingsError
from rag.reader.swaps import NameBook, swap

_VERDICT_OF = {
    "yes": (1, 0, 0), "no": (0, 1, 0), "maybe": (0, 0, 1),
    "entailment": (1, 0, 0), "contradiction": (0, 1, 0), "neutral": (0, 0, 1),
    "not_entailment": (0, 1, 1), "silent": (0, 0, 1),
}
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)]*\s+(?=[\"'“‘(]*[A-Z0-9])")
_SHORT = 45  # words; shorter contexts get sentences of other rows around them
_JOINED = 230  # words; a passage and the one beside it are together no longer
_UNMARKED = 0.2  # of the questions are asked without their question mark


@dataclass(frozen=True, slots=True)
class Example:
    """One question and passage with its label.

    Attributes:
        question: The question or claim.
        context: The passage.
        span: Characters of the answer; None when the passage does not answer.
        verdict: Which of (supports, contradicts, silent) are right, for claims and yes/no
            questions; None for others.
        pointed: Whether ``span`` is known; it is not for claims.
        taught: Whether teachers, where there are any, are asked about it, too.
    """

    question: str
    context: str
    span: tuple[int, int] | None = None
    verdict: tuple[int, int, int] | None = None
    pointed: bool = True
    taught: bool = True


@dataclass(frozen=True, slots=True)
class Source:
    """One file of a recipe: its rows, the share of the stream that it gets, who teaches it."""

    name: str
    rows: list[dict[str, Any]]
    weight: float
    by_title: dict[str, list[str]]
    taught: bool = True


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to train on.

    Attributes:
        sources: The files.
        swapped: Share of the answerable questions that become swapped twins instead.
        removed: Share that lose the sentence with the answer.
        elsewhere: Share that get another passage of the same title.
        joined: Share of all questions whose passage gets another of the same title before or
            after it.
        shard: Examples per shard.
        max_tokens: Longest window, question included.
    """

    sources: tuple[Source, ...]
    swapped: float
    removed: float
    elsewhere: float
    joined: float
    shard: int
    max_tokens: int

    @classmethod
    def load(cls, path: Path, folder: Path) -> Recipe:
        """Read a recipe.

        Args:
            path: The TOML file.
            folder: Where the data files named in it are.

        Raises:
            SettingsError: A file is missing, or a row has none of the three forms.
        """
        plan = tomllib.loads(path.read_text(encoding="utf-8"))
        sources = tuple(
            _source(folder / entry["file"], float(entry.get("weight", 1.0)),
                    int(entry.get("max_answer_chars", 400)), bool(entry.get("taught", True)))
            for entry in plan["source"]
        )
        shares = plan.get("negatives", {})
        return cls(
            sources, float(shares.get("swapped", 0.0)), float(shares.get("removed", 0.0)),
            float(shares.get("elsewhere", 0.0)), float(plan.get("joined", 0.0)),
            int(plan.get("shard", 20_000)), int(plan.get("max_tokens", 320)))


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a JSON-lines file, gzipped or not."""
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    yield json.loads(line)
                except json.JSONDecodeError as error:
                    raise SettingsError(f"{path}, line {number}: not JSON ({error.msg})") from None
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror})") from None


def _source(path: Path, weight: float, max_chars: int, taught: bool) -> Source:
    rows = []
    for number, row in enumerate(read_rows(path), 1):
        if "premise" in row:
            if row["label"] not in _VERDICT_OF:
                continue
        elif not ("context" in row and "question" in row and ("answers" in row or "answer" in row)):
            raise SettingsError(f"{path}, line {number}: neither spans, yes/no nor a claim")
        elif row.get("answers"):
            if any(row["context"][a["answer_start"]:][: len(a["text"])] != a["text"]
                   for a in row["answers"]):
                raise SettingsError(f"{path}, line {number}: an answer is not at its offset")
            if len(row["answers"][0]["text"]) > max_chars:
                continue
        rows.append(row)
    titles: dict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        if "context" in row:
            titles[row.get("title", "")].setdefault(row["context"])
    return Source(path.name, rows, weight, {t: list(c) for t, c in titles.items()}, taught)


def stream(recipe: Recipe, seed: int, shard: int, book: NameBook) -> list[Example]:
    """Build one shard of the training stream.

    Every source is walked in its own shuffled order, again and again, so that rows are used
    evenly. The result depends only on the arguments.
    """
    total = sum(s.weight * len(s.rows) for s in recipe.sources)
    examples: list[Example] = []
    for index, source in enumerate(recipe.sources):
        share = recipe.shard * source.weight * len(source.rows) / total
        first, last = round(share * shard), round(share * (shard + 1))
        for position in range(first, last):
            cycle, at = divmod(position, len(source.rows))
            row = source.rows[_order(seed, index, cycle, len(source.rows))[at]]
            rng = random.Random(f"{seed}/{index}/{position}")
            made = _example(row, source, recipe, book, rng)
            examples.append(replace(made, taught=source.taught and made.pointed))
    random.Random(f"{seed}/{shard}").shuffle(examples)
    return examples


_orders: dict[tuple[int, int, int, int], list[int]] = {}


def _order(seed: int, index: int, cycle: int, n: int) -> list[int]:
    key = (seed, index, cycle, n)
    if key not in _orders:
        order = list(range(n))
        random.Random(f"{seed}/{index}/{cycle}").shuffle(order)
        _orders[key] = order
    return _orders[key]


def _example(row: dict[str, Any], source: Source, recipe: Recipe, book: NameBook,
             rng: random.Random) -> Example:
    if "premise" in row:
        return Example(row["hypothesis"], row["premise"], None, _VERDICT_OF[row["label"]], False)
    question, context = row["question"].strip(), row["context"]
    # Answered or not: else a missing mark would say that there is an answer.
    if rng.random() < _UNMARKED:
        question = question.rstrip("? ")
    if "answers" not in row:
        return Example(question, context, None, _VERDICT_OF[row["answer"]], False)
    verdict = _VERDICT_OF[row["verdict"]] if "verdict" in row else None
    silent = _VERDICT_OF["silent"] if verdict else None
    near = source.by_title[row.get("title", "")]
    join = rng.random() < recipe.joined
    if not row["answers"]:
        made = Example(question, context, None, silent)
        return _joined(made, near, "", rng) if join else made
    dice = rng.random()
    if dice < recipe.swapped and verdict is None:  # a swapped yes/no question may be a "no"
        twin = swap(question, context, rng.sample(near, min(3, len(near))), book, rng)
        if twin is not None:
            made = Example(twin.question, context)
            return _joined(made, near, twin.new, rng) if join else made
    elif dice < recipe.swapped + recipe.removed:
        rest = without_answer(context, row["answers"])
        if rest is not None:
            return Example(question, rest, None, silent)
    elif dice < recipe.swapped + recipe.removed + recipe.elsewhere:
        other = _closest(question, rng.sample(near, min(40, len(near))), row["answers"])
        if other is not None:
            return Example(question, other, None, silent)
    start, end = answer_span(row, rng)
    if len(context.split()) < _SHORT and len(source.rows) > 50:
        return _surround(Example(question, context, (start, end), verdict), source, rng)
    made = Example(question, context, (start, end), verdict)
    return _joined(made, near, context[start:end], rng) if join else made


def answer_span(row: dict[str, Any], rng: random.Random) -> tuple[int, int]:
    """The characters to point at: one person's answer, or the stretch that holds a whole list."""
    answers = row["answers"]
    if row.get("multi"):
        start = min(a["answer_start"] for a in answers)
        end = max(a["answer_start"] + len(a["text"]) for a in answers)
        if end - start <= 200:
            return start, end
        answers = answers[:1]
    # Annotators' stretches differ; drawing one anew each time teaches what they have in common.
    chosen = rng.choice(answers)
    return chosen["answer_start"], chosen["answer_start"] + len(chosen["text"])


def without_answer(context: str, answers: Sequence[dict[str, Any]]) -> str | None:
    """Cut the answer's sentence out; None if too little is left or the answer stands again."""
    cuts = [0, *(m.end() for m in _SENTENCE_END.finditer(context)), len(context)]
    start = answers[0]["answer_start"]
    end = start + len(answers[0]["text"])
    left = max(c for c in cuts if c <= start)
    right = min(c for c in cuts if c >= end)
    rest = (context[:left] + context[right:]).strip()
    lower = rest.lower()
    if len(rest.split()) < 30 or any(a["text"].lower() in lower for a in answers):
        return None
    return rest


def long_words(text: str) -> set[str]:
    """Return the words of four letters or more, in lower case."""
    return set(re.findall(r"\w{4,}", text.lower()))


def _closest(question: str, passages: Sequence[str], answers: Sequence[dict[str, Any]]
             ) -> str | None:
    words = long_words(question)
    fitting = [p for p in passages if not any(a["text"].lower() in p.lower() for a in answers)]
    if not fitting:
        return None
    return max(fitting, key=lambda p: sum(w in p.lower() for w in words))


def _joined(example: Example, near: Sequence[str], absent: str, rng: random.Random) -> Example:
    """Put another passage of ``near`` beside the example's, one that does not hold ``absent``."""
    words = len(example.context.split())
    other = rng.choice(near)
    if (other == example.context or words + len(other.split()) > _JOINED
            or (absent and absent.lower() in other.lower())):
        return example
    if rng.random() < 0.5:
        return replace(example, context=f"{example.context} {other}")
    moved = len(other) + 1
    span = example.span and (example.span[0] + moved, example.span[1] + moved)
    return replace(example, context=f"{other} {example.context}", span=span)


def _surround(example: Example, source: Source, rng: random.Random) -> Example:
    """Put short contexts of other rows around the example's."""
    assert example.span is not None
    before: list[str] = []
    after: list[str] = []
    for _ in range(rng.randint(0, 4)):
        other = rng.choice(source.rows).get("context", "")
        if other != example.context and len(other.split()) < _SHORT:
            (before if rng.random() < 0.5 else after).append(other.strip())
    lead = " ".join(before) + " " if before else ""
    span = example.span[0] + len(lead), example.span[1] + len(lead)
    return replace(example, context=" ".join([lead + example.context, *after]), span=span)

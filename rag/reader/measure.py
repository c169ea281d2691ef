"""The reader's figures on annotated questions: exact match, F1, and telling "not here".

Exact match and F1 are SQuAD's (Rajpurkar et al., EMNLP 2016), best-threshold F1 is SQuAD 2.0's,
AUC is that of the margin of answerable against unanswerable questions.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from rag.encoding.modelfolder import special
from rag.reader.features import MAX_QUESTION, padded
from rag.reader.spans import length_cost

Run = Callable[[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]], Sequence[NDArray[Any]]]
_PUNCTUATION = str.maketrans("", "", string.punctuation)


@dataclass(frozen=True, slots=True)
class Prediction:
    """The best span of one passage, over all its windows.

    Attributes:
        text: The words.
        start: First character in the passage.
        end: One past the last.
        margin: Start plus end logit less its length's cost, minus those of "not here", best window.
        null: Logit of the null head, lowest over the windows.
    """

    text: str
    start: int
    end: int
    margin: float
    null: float


def normalise(text: str) -> str:
    """SQuAD's answer normalisation: lower case, no punctuation, articles or extra spaces."""
    text = text.lower().translate(_PUNCTUATION)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


def exact_match(given: str, accepted: Sequence[str]) -> float:
    """1.0 if ``given`` equals an accepted answer after normalisation, else 0.0."""
    return float(any(normalise(given) == normalise(a) for a in accepted))


def f1(given: str, accepted: Sequence[str]) -> float:
    """Largest token F1 of ``given`` against the accepted answers."""
    return max((_f1(normalise(given).split(), normalise(a).split()) for a in accepted), default=0.0)


def _f1(a: list[str], b: list[str]) -> float:
    if not a or not b:
        return float(a == b)
    same = sum((Counter(a) & Counter(b)).values())
    return 2 * same / (len(a) + len(b))


def predict(run: Run, tokenizer: Tokenizer, rows: Sequence[dict[str, Any]], max_tokens: int = 320,
            stride: int = 96, max_answer: int = 30, batch_tokens: int = 12_288
            ) -> list[Prediction]:
    """Read every row's passage.

    Args:
        run: Maps (ids, types, mask), each (B, L), to start (B, L), end (B, L), null (B,), ...
        tokenizer: Of the reader, without truncation and padding.
        rows: With ``question`` and ``context``.
        max_tokens: Longest window.
        stride: Tokens by which windows overlap.
        max_answer: Longest answer in tokens.
        batch_tokens: Tokens a batch.
    """
    questions = tokenizer.encode_batch([r["question"] for r in rows], add_special_tokens=False)
    contexts = tokenizer.encode_batch([r["context"] for r in rows], add_special_tokens=False)
    cls, sep = special(tokenizer, "[CLS]"), special(tokenizer, "[SEP]")
    windows: list[tuple[int, int, int, list[int]]] = []  # row, head length, first token, ids
    for i, (q, c) in enumerate(zip(questions, contexts, strict=True)):
        head = [cls, *q.ids[:MAX_QUESTION], sep]
        room = max_tokens - len(head) - 1
        at = 0
        while True:
            windows.append((i, len(head), at, [*head, *c.ids[at : at + room], sep]))
            if at + room >= len(c.ids):
                break
            at += room - stride
    best: list[Prediction | None] = [None] * len(rows)
    windows.sort(key=lambda w: len(w[3]))
    position = 0
    while position < len(windows):
        size = max(1, batch_tokens // padded(len(windows[position][3])))
        group = windows[position : position + size]
        position += size
        length = padded(max(len(w[3]) for w in group))
        ids = np.zeros((len(group), length), dtype=np.int64)
        types, mask = np.zeros_like(ids), np.zeros_like(ids)
        for j, (_, head_length, _, tokens) in enumerate(group):
            ids[j, : len(tokens)] = tokens
            types[j, head_length : len(tokens)] = 1
            mask[j, : len(tokens)] = 1
        starts, ends, nulls = run(ids, types, mask)[:3]
        for j, (i, head_length, at, tokens) in enumerate(group):
            inside = slice(head_length, len(tokens) - 1)
            s, e, score = best_span(starts[j, inside], ends[j, inside], max_answer)
            margin = score - float(starts[j, 0] + ends[j, 0])
            offsets = contexts[i].offsets
            if not offsets:
                best[i] = Prediction("", 0, 0, -100.0, 100.0)
                continue
            first, last = offsets[at + s][0], offsets[at + e][1]
            old = best[i]
            null = float(nulls[j]) if old is None else min(float(nulls[j]), old.null)
            if old is None or margin > old.margin:
                best[i] = Prediction(rows[i]["context"][first:last], first, last, margin, null)
            else:
                best[i] = Prediction(old.text, old.start, old.end, old.margin, null)
    return [b for b in best if b is not None]


def best_span(start: NDArray[Any], end: NDArray[Any], longest: int) -> tuple[int, int, float]:
    """The pair (s, e), s <= e < s + longest, of the largest start[s] + end[e] less its length's.

    That is :func:`rag.reader.spans.length_cost`.
    """
    if not len(start):
        return 0, 0, -100.0
    lengths = np.arange(len(start))[None, :] - np.arange(len(start))[:, None] + 1
    sums = start[:, None].astype(np.float64) + end[None, :] - length_cost(np.maximum(lengths, 1))
    sums = np.where((lengths >= 1) & (lengths <= longest), sums, -np.inf)
    s, e = divmod(int(np.argmax(sums)), len(start))
    return s, e, float(sums[s, e])


def figures(rows: Sequence[dict[str, Any]], given: Sequence[Prediction],
            null_weight: float = 0.0) -> dict[str, float]:
    """Score predictions.

    Args:
        rows: With ``answers``.
        given: One prediction a row.
        null_weight: How much of the null head's logit is taken from the margin.

    Returns:
        ``em`` and ``f1`` over the answerable rows; with unanswerable rows also ``auc``,
        ``best_f1`` (over all rows, at the best threshold) and ``threshold``. All but the
        threshold and AUC are per cent.
    """
    em, f, scores, here = [], [], [], []
    for row, p in zip(rows, given, strict=True):
        accepted = [a["text"] for a in row["answers"]]
        here.append(bool(accepted))
        em.append(exact_match(p.text, accepted))
        f.append(f1(p.text, accepted))
        scores.append(p.margin - null_weight * p.null)
    has = np.array(here)
    result = {"n": float(len(rows)), "em": 100 * float(np.array(em)[has].mean()),
              "f1": 100 * float(np.array(f)[has].mean())}
    if not has.all():
        values = np.array(scores)
        result["auc"] = auc(values[has], values[~has])
        order = np.argsort(-values, kind="stable")
        # From refusing everything, answer one more question at a time, most certain first.
        gain = np.where(has[order], np.array(f)[order], -1.0)
        total = float((~has).sum()) + np.concatenate([[0.0], np.cumsum(gain)])
        at = int(np.argmax(total))
        result["best_f1"] = 100 * float(total[at]) / len(rows)
        result["threshold"] = float(values[order[max(0, at - 1)]])
    return result


def auc(positive: NDArray[Any], negative: NDArray[Any]) -> float:
    """Area under the ROC curve: chance that a positive scores above a negative."""
    both = np.concatenate([positive, negative])
    _, inverse, counts = np.unique(both, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    n, m = len(positive), len(negative)
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * m))

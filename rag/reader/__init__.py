"""The reader: from a question and passages to the spans that may answer it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.reader import verifier
from rag.reader.model import WEIGHTS, OwnModel, Scores, SpanModel, TransformersModel
from rag.reader.spans import Scored, scored, tidy
from rag.reader.verifier import Verifier
from rag.reader.windows import Window
from rag.settings import DEFAULT, Settings
from rag.types import Candidate, Hit

__all__ = ["Reader", "load"]

# Longest answer in tokens, where the caller does not know better.
LONGEST = 30
# Rounding to bf16 moves a margin by 0.03 (standard deviation over 324 questions, 0.16 at most):
# spans that are closer than this are told apart in fp32.
_CLOSE = 0.1


class Reader:
    """Reads passages and proposes spans.

    Args:
        model: What scores the windows.
        verifier: What reads answers once more, if the reader came with it.

    Attributes:
        name: What the model was loaded as.
        digest: Hex SHA-256 of its weights.
    """

    def __init__(self, model: SpanModel, verifier: Verifier | None = None) -> None:
        self._model = model
        self._verifier = verifier
        self.name = model.name
        self.digest = model.digest

    def read(
        self,
        question: str,
        hits: Sequence[Hit],
        spans: int = 5,
        longest: int = LONGEST,
    ) -> list[Candidate]:
        """Return the best spans of the hits' passages, best margin over "not here" first.

        Args:
            question: A question that stands alone.
            hits: The passages to read.
            spans: Most spans per passage; those of one passage do not overlap.
            longest: Longest span, in the model's tokens.
        """
        return self.read_many([question], hits, spans, longest)[0]

    def read_many(
        self,
        questions: Sequence[str],
        hits: Sequence[Hit],
        spans: int = 5,
        longest: int = LONGEST,
    ) -> list[list[Candidate]]:
        """Read the same passages for several questions in one go; see :meth:`read`."""
        texts = [hit.passage.text for hit in hits]
        made = [self._model.windows(question, texts) for question in questions]
        flat = iter(self._model.scores([w for windows in made for w in windows]))
        results = []
        for windows in made:
            by_passage: dict[int, list[Candidate]] = {}
            for window, score, found_in in self._searched(
                windows, [next(flat) for _ in windows], hits, longest
            ):
                hit = hits[window.passage]
                for found in found_in.best(spans):
                    start, end = tidy(
                        hit.passage.text,
                        int(window.offsets[found.first][0]),
                        int(window.offsets[found.last][1]),
                    )
                    if start == end:
                        continue
                    by_passage.setdefault(window.passage, []).append(
                        Candidate(
                            hit=hit,
                            start=hit.passage.start + start,
                            end=hit.passage.start + end,
                            text=hit.passage.text[start:end],
                            score=found.score,
                            margin=found.score - score.null,
                            probability=found.probability,
                            absent=score.absent,
                        )
                    )
            results.append(_best(by_passage, spans))
        return results

    def verified(self, question: str, candidates: Sequence[Candidate]) -> list[float] | None:
        """Return how well each answer fits its sentence; None without a verifier.

        Args:
            question: A question that stands alone.
            candidates: Its answers.
        """
        return self._verifier.scores(question, candidates) if self._verifier else None

    def _searched(
        self, windows: Sequence[Window], scores: Sequence[Scores], hits: Sequence[Hit], longest: int
    ) -> list[tuple[Window, Scores, Scored]]:
        """The spans of each window; what rounding could have decided is read again, unrounded."""

        def searched(window: Window, score: Scores) -> tuple[Window, Scores, Scored]:
            sentences = _sentences(hits[window.passage], window)
            return window, score, scored(
                score.start, score.end, window.starts, window.ends, sentences, longest)

        found = [searched(*pair) for pair in zip(windows, scores, strict=True)]
        if not found or not self._model.rounds:
            return found
        margins = [float(spans.scores.max()) - score.null for _, score, spans in found]
        close = [at for at, m in enumerate(margins) if m >= max(margins) - _CLOSE]
        if len(close) > 1 or found[close[0]][2].lead() < _CLOSE:
            again = self._model.scores([windows[at] for at in close], exact=True)
            for at, score in zip(close, again, strict=True):
                found[at] = searched(windows[at], score)
        return found


def _sentences(hit: Hit, window: Window) -> NDArray[np.int64]:
    """Return the number of the sentence that each token of a window begins in."""
    begins = [start - hit.passage.start for start, _ in hit.passage.sentences]
    return np.searchsorted(np.asarray(begins, dtype=np.int64), window.offsets[:, 0], "right")


def _best(by_passage: dict[int, list[Candidate]], spans: int) -> list[Candidate]:
    """Keep the best spans of each passage that do not overlap (its windows do)."""
    kept: list[Candidate] = []
    for candidates in by_passage.values():
        chosen: list[Candidate] = []
        for candidate in sorted(candidates, key=lambda c: (-c.margin, c.start, c.end)):
            if len(chosen) < spans and all(
                candidate.end <= c.start or candidate.start >= c.end for c in chosen
            ):
                chosen.append(candidate)
        kept.extend(chosen)
    return sorted(kept, key=lambda c: (-c.margin, c.hit.rank, c.start))


def load(settings: Settings) -> Reader:
    """Load the reader that the settings name.

    Raises:
        ModelError: It is not on this machine, or is not what it says it is.
    """
    name = settings.reader
    if name == DEFAULT:
        return _own(WEIGHTS, name, checked=True)
    folder = Path(name)
    if _is_own(folder):
        return _own(folder, name, checked=(folder / "manifest.json").is_file())
    return Reader(TransformersModel(name))


def _own(folder: Path, name: str, checked: bool) -> Reader:
    model = OwnModel(folder, name, checked)
    return Reader(model, Verifier(folder) if (folder / verifier.FILE).is_file() else None)


def _is_own(folder: Path) -> bool:
    """Tell whether a folder holds a model of the kind that this project trains."""
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return (
        isinstance(config, dict)
        and config.get("model_type") == "bert"
        and config.get("architectures") == ["BertForQuestionAnswering"]
        and (folder / "tokenizer.json").is_file()
        and (folder / "model.safetensors").is_file()
    )

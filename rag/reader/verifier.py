"""The verifier: reads an answer once more, marked in its sentence, and says how well it fits.

The reader scores the spans of each passage by themselves. The verifier sees the question beside
one sentence, the one before it and the title, with the answer marked, and has learnt to choose
among the answers that the reader finds in several passages, or none of them (a sketchy and an
intensive reading: Zhang et al., Retrospective Reader, AAAI 2021; scores that hold across passages:
Clark and Gardner, ACL 2018). It is the reader's own network with a correction of low rank;
``rag.reader.verifying`` trains it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from rag.articles.quotes import sentences_of
from rag.encoding.bert import Floats
from rag.encoding.lowrank import correct
from rag.encoding.modelfolder import special
from rag.errors import ModelError
from rag.reader.windows import token_span
from rag.types import Candidate, Span

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from rag.encoding.encoder import Encoder

FILE = "verifier.safetensors"
QUESTION, TITLE, TEXT = 40, 16, 120  # most tokens of each
SCALE, NONE = "scale", "none"


@dataclass(frozen=True, slots=True)
class Marked:
    """An answer as tokens: ``types`` are 0 for the question's and the answer's, 1 for others.

    Attributes:
        ids: Token ids.
        types: Segment ids.
        first: The answer's first token.
        last: Its last one.
    """

    ids: list[int]
    types: list[int]
    first: int
    last: int


def around(candidate: Candidate) -> tuple[str, Span]:
    """Return a candidate's sentences with the one before them, and where its span is in that."""
    passage = candidate.hit.passage
    start, end = sentences_of(candidate.hit, candidate.start, candidate.end)
    begin = max((s for s, stop in passage.sentences if stop <= start), default=start)
    begin = max(begin, passage.start)
    text = passage.text[begin - passage.start : end - passage.start]
    return text, (candidate.start - begin, candidate.end - begin)


def mark(tokenizer: Tokenizer, question: str, title: str, text: str, span: Span) -> Marked:
    """Return an answer as tokens; of a long text, those around it."""
    cls, sep = special(tokenizer, "[CLS]"), special(tokenizer, "[SEP]")
    asked, named, read = (
        tokenizer.encode(words, add_special_tokens=False) for words in (question, title, text))
    first, last = token_span(read, span)
    cut = max(0, min(first - TEXT // 2, len(read.ids) - TEXT))
    ids = read.ids[cut : cut + TEXT]
    first, last = first - cut, min(last - cut, TEXT - 1)
    head = [cls, *asked.ids[:QUESTION], sep]
    lead = [*named.ids[:TITLE], sep] if named.ids else []
    base = len(head) + len(lead)
    types = [0] * len(head) + [1] * (len(lead) + len(ids) + 1)
    types[base + first : base + last + 1] = [0] * (last + 1 - first)
    return Marked([*head, *lead, *ids, sep], types, base + first, base + last)


class Verifier:
    """Scores answers.

    Args:
        folder: The reader's, with ``verifier.safetensors`` in it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def _loaded(self) -> tuple[Encoder, float, float]:
        """The network, the scale of its scores, and the score of "none of the answers"."""
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        from rag.encoding.encoder import Encoder

        try:
            learnt = {k: v.astype("float32") for k, v in load_file(self._folder / FILE).items()}
            encoder = Encoder(self._folder, head="span", adapt=lambda w: adapt(w, learnt))
            return encoder, float(learnt[SCALE][0]), float(learnt[NONE][0])
        except (OSError, KeyError, ValueError, IndexError, SafetensorError) as error:
            raise ModelError(f"no usable {FILE} in {self._folder} ({error}); "
                             "install the package again") from error

    def scores(self, question: str, candidates: Sequence[Candidate]) -> list[float]:
        """Return how well each answer fits, above 0 where it is likelier than "none of them".

        Args:
            question: A question that stands alone.
            candidates: Its answers.
        """
        if not candidates:
            return []
        encoder, scale, none = self._loaded
        marked = []
        for one in candidates:
            text, span = around(one)
            marked.append(mark(encoder.tokenizer, question, one.hit.title, text, span))
        rows = encoder.run_many([m.ids for m in marked], [m.types for m in marked])
        return [scale * fit(m, spans, float(absent[0])) - none
                for m, (spans, absent, *_) in zip(marked, rows, strict=True)]


def fit(marked: Marked, spans: Floats, absent: float) -> float:
    """Return the margin of the marked span over "not here", less the logit of absence.

    Args:
        marked: The answer.
        spans: (tokens, 2) start and end logits.
        absent: Logit that the text does not answer.
    """
    return float(spans[marked.first, 0] + spans[marked.last, 1] - spans[0].sum()) - absent


def adapt(weights: dict[str, Floats], learnt: Mapping[str, Floats]) -> None:
    """Make the reader's weights the verifier's, in place."""
    correct(weights, learnt)
    for name, value in learnt.items():
        if name.removeprefix("bert.") in weights:
            weights[name.removeprefix("bert.")] = value

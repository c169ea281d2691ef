"""Telling about a subject: the one to three sentences nearest to the question, in their order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from rag.evidence import Quote, Verdict
from rag.questions import Asked
from rag.signals import weight
from rag.terms import content, keys
from rag.types import Hit

if TYPE_CHECKING:
    from rag.embedding import Embedder

MOST = 3
# "Who is Ada Lovelace?" is told by sentences that begin with her: so many words that say something
# at most, and no comma, stand before. Elsewhere she is mentioned in passing.
_EARLY = 2
# Words of a request that are not its subject.
_REQUEST = frozenset(
    "describ explain summari summar overview background detail know known happen tell more "
    "articl report write event situat inform".split()
)


def tell(asked: Asked, hits: Sequence[Hit], embedder: Embedder) -> Verdict:
    """Return the sentences that tell about the question's subject.

    A sentence counts by its cosine with the question and by the share of the subject's words it
    holds; of two that say nearly the same only one is taken.

    Args:
        asked: The question.
        hits: The passages to take sentences from.
        embedder: What the passages were found with.
    """
    subject = {t.key: weight(t) for t in asked.terms if t.key not in _REQUEST}
    total = sum(subject.values())
    known = frozenset().union(*(keys(h.passage.text) | keys(h.title) for h in hits)) if hits else (
        frozenset[str]()
    )
    held = sum(w for k, w in subject.items() if k in known) / total if total else 0.0
    # "Who is the French ambassador?" is not answered by what tells of the French.
    enough = 1.0 if asked.broad else 0.5
    if not total or held < enough or any(
        t.key not in known for t in asked.names if t.key in subject
    ):
        return Verdict("not_found", None, 0.1,
                       trace={"why": "the passages do not mention what is to be told about"})
    sentences: list[tuple[Hit, int, int, str]] = []
    seen = set()
    for hit in hits:
        for start, end in hit.passage.sentences:
            text = hit.passage.text[start - hit.passage.start : end - hit.passage.start]
            key = (hit.passage.article, start)
            if asked.broad and not _opens(text, subject):
                continue
            if key not in seen and len(text.split()) >= 5 and text.rstrip()[-1:] in ".!?”\"’…)":
                seen.add(key)
                sentences.append((hit, start, end, text))
    if not sentences:
        return Verdict("not_found", None, 0.1,
                       trace={"why": "the passages hold no sentence about it"})
    vectors = embedder.embed([asked.text, *(s[3] for s in sentences)])
    near = vectors[1:] @ vectors[0]
    scores = []
    for at, (_, _, _, text) in enumerate(sentences):
        present = keys(text)
        share = sum(w for k, w in subject.items() if k in present) / total
        scores.append(float(near[at]) + 0.6 * share)
    order = sorted(range(len(sentences)), key=lambda i: -scores[i])
    chosen: list[int] = []
    for at in order:
        if len(chosen) == MOST or (chosen and scores[at] < 0.65 * scores[chosen[0]]):
            break
        if all(float(vectors[1 + at] @ vectors[1 + other]) < 0.8 for other in chosen):
            chosen.append(at)
    best = sentences[chosen[0]][0].passage.article
    chosen.sort(key=lambda i: (sentences[i][0].passage.article != best,
                               sentences[i][0].passage.article, sentences[i][1]))
    quotes = tuple(
        Quote.of(sentences[i][0], sentences[i][1], sentences[i][2]) for i in chosen
    )
    confidence = min(0.95, 0.5 + 0.45 * held * min(1.0, max(scores)))
    top = sentences[max(chosen, key=lambda i: scores[i])]
    return Verdict(
        "answered", top[3], confidence, quotes, lead="",
        trace={"why": f"sentences that tell about it; {held:.0%} of its words are in the passages"},
    )


def _opens(text: str, subject: Collection[str]) -> bool:
    """Tell whether a sentence begins with its subject."""
    said = content(text)
    first = next((at for at, t in enumerate(said) if t.key in subject), None)
    return first is not None and first <= _EARLY and "," not in text[: said[first].start]

"""Telling about a subject: the one to three sentences nearest to the question, in their order."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from rag.evidence.signals import weight
from rag.evidence.weighing import Quote, Verdict
from rag.language.terms import content, keys, terms
from rag.questions.intent import Asked
from rag.types import Hit

if TYPE_CHECKING:
    from rag.encoding.embedding import Embedder

MOST = 3
# "Who is Ada Lovelace?" is told by sentences that begin with her: so many words that say something
# at most, and no comma, stand before. Elsewhere she is mentioned in passing.
_EARLY = 2
# Words of a request that are not its subject.
_REQUEST = frozenset(
    "describ explain summari summar overview background detail know known happen tell more "
    "articl report write event situat inform".split()
)
# "What happened to the old mill at Orrin?": what stands behind "to", up to the next small word.
_BEFELL = re.compile(r"what\s+(?:has\s+)?(?:happened|became|become)\s+(?:to|with|of)\s+(?P<it>.+?)"
                     r"(?=\s*\?*\Z|\s+(?:in|on|at|of|after|before|during|when|while|from|since|by|"
                     r"who|which|that)\b)", re.I)
_AWAY = frozenset("on in at for by from of with about under over near beside into behind".split())
_OPENS_PHRASE = frozenset("a an the its his her their this that two three both all".split())
_OWNER = re.compile(r"[\w-]+(?:['’]s|(?<=s)['’])(?!\w)")
_YEAR = re.compile(r"(?<![\d,.$£€])(?:1\d|20)\d\d(?![\d%]|[,.]\d)\b")
_PHRASE = 4  # words of a noun phrase before its noun at most


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
    befell = _BEFELL.match(asked.text)
    head = next((t.key for t in reversed(content(befell["it"]))), None) if befell else None
    if head is not None:  # "the company's spokesman declined": nothing happened to the company
        sentences = [s for s in sentences if _befalls(s[3], head)] or sentences
    years = frozenset(_YEAR.findall(asked.text))
    if years:  # what happened to the bridge in 1923 is not what happened to it in 1950
        sentences = [s for s in sentences if _of_years(s[3], s[0], s[1], years)]
    if not sentences:
        return Verdict("not_found", None, 0.1,
                       trace={"why": "the passages hold no sentence about it"})
    vectors = embedder.embed([asked.text, *(s[3] for s in sentences)])
    near = vectors[1:] @ vectors[0]
    scores = []
    for at, (hit, start, _, text) in enumerate(sentences):
        present = keys(text)
        if head is not None and _again(text, head, hit, start, subject):
            present |= subject.keys()
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


def _befalls(text: str, head: str) -> bool:
    """Tell whether a sentence has a noun elsewhere than behind a preposition or as an owner."""
    words = terms(text)
    for at, one in enumerate(words):
        owner = _OWNER.match(text, one.start)
        if one.key != head or owner:
            continue
        before = [t.text.lower() for t in words[max(0, at - _PHRASE) : at]]
        opened = max((i for i, w in enumerate(before) if w in _OPENS_PHRASE), default=len(before))
        if not opened or before[opened - 1] not in _AWAY:
            return True
    return False


def _of_years(text: str, hit: Hit, start: int, years: Collection[str]) -> bool:
    """Tell whether a sentence may speak of one of the years.

    One without a year speaks of the last that was named before it, or of the year in which its
    article was published; where neither is known it may speak of any.
    """
    said = set(_YEAR.findall(text))
    if not said:
        said = set(_YEAR.findall(hit.passage.text[: start - hit.passage.start])[-1:])
        said |= {str(hit.published.year)} if hit.published else set()
    return not said or not said.isdisjoint(years)


def _again(text: str, head: str, hit: Hit, start: int, subject: Collection[str]) -> bool:
    """Tell whether a sentence begins with the noun of a subject that one before it names in full.

    "A dye works poisoned the fish. The works was fined."
    """
    opening = [t.key for t in terms(text)[:2]]
    return opening == ["the", head] and any(
        keys(hit.passage.text[low - hit.passage.start : high - hit.passage.start]) >= set(subject)
        for low, high in hit.passage.sentences if high <= start)

"""Answers, passages and progress on a terminal, where foreign text must not act."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from rag.types import Answer, Citation, Hit

if TYPE_CHECKING:
    from tqdm import tqdm

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def safe(text: str) -> str:
    """Return a text whose characters only show: no escape sequences, no turned direction.

    Control characters (except line feed and tab), direction marks and lone surrogates become
    U+FFFD.
    """
    return "".join(
        "\ufffd"
        if c in _BIDI or (unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t")
        else c
        for c in text
    )


def line(text: str) -> str:
    """Return a text as one safe line."""
    return " ".join(safe(text).split())


def answer(given: Answer, trace: bool = False) -> str:
    """Return an answer as a person reads it."""
    parts = []
    if given.question != given.asked:
        parts.append(f"Searched for: {line(given.question)}\n")
    parts.append(safe(given.text))
    if given.citations:
        parts.append("\n" + "\n".join(source(c) for c in given.citations))
    for near in given.trace.get("nearest", ())[:1]:
        parts.append("\nThe nearest sentence, for you to judge:\n" + near_by(near))
    if given.outcome == "answered":
        parts.append(f"\nProbability that this is right: {given.confidence:.0%}")
    if trace:
        parts.append("\n" + traced(given.trace))
    return "\n".join(parts)


def source(citation: Citation) -> str:
    """Return where a citation comes from, on one line."""
    known = [citation.title, citation.publisher,
             citation.published.isoformat() if citation.published else None]
    told = ", ".join(line(k) for k in known if k)
    said = f" ({line(citation.said_by)})" if citation.said_by else ""
    return (f"[{citation.number}] {told} ({line(citation.article)}, characters "
            f"{citation.start} to {citation.end}){said}")


def near_by(near: Mapping[str, Any]) -> str:
    """Return a sentence that comes near an answer, and where it stands."""
    return (f"“{safe(near['quote'])}”\n{line(near['title'])} ({line(near['article'])}, characters "
            f"{near['start']} to {near['end']})")


def passages(hits: Iterable[Hit]) -> str:
    """Return retrieved passages with their scores."""
    told = []
    for hit in hits:
        dense = "-" if hit.dense_score is None else f"{hit.dense_score:.3f} (#{hit.dense_rank})"
        words = "-" if hit.word_score is None else f"{hit.word_score:.2f} (#{hit.word_rank})"
        told.append(
            f"{hit.rank}. {line(hit.title)} ({line(hit.passage.article)}, characters "
            f"{hit.passage.start} to {hit.passage.end})\n"
            f"   fused {hit.score:.4f}   cosine {dense}   BM25 {words}\n"
            + "\n".join(f"   {row}" for row in safe(hit.passage.text).split("\n"))
        )
    return "\n\n".join(told) if told else "No passage."


def traced(trace: Any) -> str:
    """Return how an answer was found."""
    rows = ["How this was found"]
    if trace.get("why"):
        rows.append(f"  decided: {line(str(trace['why']))}")
    rows.append(f"  kind of question: {trace.get('kind', '-')}, wanted: {trace.get('wanted', '-')}")
    for passage in trace.get("passages", ()):
        dense, words = passage["dense_score"], passage["word_score"]
        rows.append(
            f"  passage {passage['rank']}: {line(passage['article'])} "
            f"{passage['start']}-{passage['end']}  cosine {'-' if dense is None else dense}  "
            f"BM25 {'-' if words is None else words}"
        )
    for one in trace.get("answers", ()):
        rows.append(
            f"  answer {one['probability']:.2f}: {line(one['text'])!r} in {line(one['article'])} "
            f"(margin {one['margin']}, {one['places']} place(s))"
        )
    laps = trace.get("milliseconds", {})
    if laps:
        rows.append("  time: " + ", ".join(f"{name} {ms:.0f} ms" for name, ms in laps.items()))
    return "\n".join(rows)


class Bar:
    """A progress bar on standard error; shows nothing where that is no terminal.

    Attributes:
        worked: Whether anything was indexed.
    """

    def __init__(self) -> None:
        self.worked = False
        self._shown = sys.stderr.isatty()
        self._bar: tqdm[Any] | None = None
        self._stage = ""

    def progress(self) -> Callable[[str, int, int], None]:
        """Return the function to be called with stage, number done and number in all."""
        return self._update

    def close(self) -> None:
        """Take the bar off the terminal."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _update(self, stage: str, done: int, total: int) -> None:
        self.worked = self.worked or stage == "indexing"
        if not self._shown:
            return
        from tqdm import tqdm

        if stage != self._stage or self._bar is None:
            self.close()
            self._stage = stage
            self._bar = tqdm(total=total, desc=line(stage), leave=False, file=sys.stderr)
        self._bar.total = total
        self._bar.update(done - self._bar.n)

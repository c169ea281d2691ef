"""Why and how: the whole clause that gives a reason or a manner, not a fragment of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.evidence.negation import negated
from rag.evidence.signals import REASON, gives_reason, weight
from rag.language.opposites import alike
from rag.language.terms import keys
from rag.questions.intent import Asked
from rag.reader.spans import tidy
from rag.types import Candidate, Hit, Span

# ", deepening a quarrel" is what came of it, and not why.
CAME_OF_IT = (
    r"(?:deepen|leav|mak|bring|rais|forc|spark|trigger|prompt|fuell?|stok|worsen|caus|end|send|push|"
    r"add|deal|mark|kill|injur|wound|drown|clos|shutt|cutt|destroy|damag)ing\b")
# Where a clause ends: at a comma before something new, or at stronger marks.
_END = re.compile(
    rf"[.;!?](?=\s|$)|[—–]|,\s+(?={CAME_OF_IT})|"
    r",\s+(?=(?:but|and|who|which|while|whereas|however|said|says|according|"
    r"he|she|it|they|the|we|i|mr|mrs|ms)\b)|[”\"]|\n|,\s+as\s+reported", re.I,
)

# Words in quotation marks inside a clause; marks after a comma open somebody's speech.
_QUOTED = re.compile(r"(?<=[^\W,:]\s)(?:“[^”]{1,100}”|\"(?=\w)[^\"]{1,100}\")")

# Who says so, put in right after the word that opens a clause: "because, he said, ...".
_INSERTED = re.compile(
    r",\s+(?:according\s+to\s[^,]{1,60}|[^,]{1,40}\s(?:said|says|added|argued|explained|wrote)"
    r"|(?:said|says)\s[^,]{1,40}|as\s[^,]{1,30}\s(?:put\s+it|said|says)),\s*[\"“]?", re.I,
)

# Openers that can only be of a reason, where "after" or "since" may tell a time.
_BECAUSE = re.compile(r"because|due\s|owing\s|thanks\s|as\s+a\s+result|citing|on\s+the\s+grounds|"
                      r"so\s+that|blamed\s|caused\s", re.I)
# What stands between a cause and what came of it: "the lift broke, so the show was called off".
_SO = re.compile(r"(?:,|;)\s+(?:and\s+)?(?:so(?!\s+(?:that|far|as|much|many|long)\b)|therefore|"
                 r"which\s+is\s+why|that\s+is\s+why|as\s+a\s+result,?|consequently,?|"
                 r"hence)\s+", re.I)
_TIME_CLAUSE = re.compile(r"(?:after|when|as|while|before|until)\b", re.I)
# What such an opener adds to the margin of its clause.
CLEAR = 0.5
# What is taken off the margin of a span that gives no reason, when a reason was asked for.
NO_REASON = 3.0
# What is taken off when its sentence denies what the question says, or the other way.
DENIED = 6.0


def whole(text: str, start: int, end: int, lowest: int, highest: int) -> Span:
    """Return a span widened to the clause it is part of, inside its sentence.

    Args:
        text: The text.
        start: First character of the span.
        end: One past its last character.
        lowest: First character of the sentence.
        highest: One past the sentence's last character.
    """
    stop = _stop(text, start, end, highest)
    if stop - end > 160:
        stop = end
    openers = [m.start() for m in REASON.finditer(text, lowest, start + 1)]
    first = openers[-1] if openers and start - openers[-1] <= 60 else start
    if first < start and _END.search(text, first, start):
        first = start
    return tidy(text, first, max(end, stop))


def _stop(text: str, start: int, at: int, highest: int) -> int:
    """Return where a clause from ``start`` ends behind ``at``.

    Not at the quotation mark behind words put in, "because, as she put it, "it is late"", nor at
    those around a few of its own words: "because they "did nothing" against it".
    """
    def first(behind: int) -> int:
        final = _END.search(text, behind, highest)
        if final is None:
            return highest
        quoted = _QUOTED.search(text, start, highest)
        while quoted and quoted.end() <= final.start():
            quoted = _QUOTED.search(text, quoted.end(), highest)
        if quoted and quoted.start() <= final.start() < quoted.end():
            return first(quoted.end())
        return final.start()

    stop = first(at)
    for inserted in _INSERTED.finditer(text, start, highest):
        if inserted.start() < stop <= inserted.end():
            stop = first(inserted.end())
    return stop


def candidates(asked: Asked, read: Sequence[Candidate], hits: Sequence[Hit]) -> list[Candidate]:
    """Return candidates for a why or how question: what was read, widened, and clauses of reason.

    A clause of reason in a sentence that holds most of the question's words counts as much as
    the best that was read in its sentence.
    """
    found: list[Candidate] = []
    for candidate in read:
        passage = candidate.hit.passage
        lowest, highest = _sentence(candidate.hit, candidate.start, candidate.end)
        start, end = whole(
            passage.text,
            candidate.start - passage.start,
            candidate.end - passage.start,
            lowest - passage.start,
            highest - passage.start,
        )
        before = passage.text[lowest - passage.start : start]
        if _circular(asked, passage.text[start:end]):
            continue
        if not gives_reason(passage.text[start:end], before) or _repeats(
            asked, passage.text[start:end]
        ):
            candidate = replace(candidate, margin=candidate.margin - NO_REASON)
        if negated(passage.text[lowest - passage.start : highest - passage.start], asked) != (
            negated(asked.text, asked)
        ):
            candidate = replace(candidate, margin=candidate.margin - DENIED)
        found.append(_placed(candidate, start, end))
    for hit in hits:
        found.extend(_reasons(asked, read, hit))
    return sorted(found, key=lambda c: (-c.margin, c.hit.rank, c.start))


def _reasons(asked: Asked, read: Sequence[Candidate], hit: Hit) -> Iterator[Candidate]:
    passage = hit.passage
    wanted = {t.key: weight(t) for t in asked.terms if t.key not in ("reason", "caus")}
    total = sum(wanted.values())
    words = [t.key for t in asked.words if t.key in wanted]
    for first, last in passage.sentences:
        sentence = passage.text[first - passage.start : last - passage.start]
        present = keys(sentence)
        there = sum(w for k, w in wanted.items() if k in present or alike(k) & present)
        if not total or there / total < 0.6:
            continue
        if words and not any(key in present or alike(key) & present for key in words):
            continue  # a name alone does not tell what the reason is of
        if negated(sentence, asked) != negated(asked.text, asked):
            continue
        margins = [c.margin for c in read if c.hit is hit and first <= c.start < last]
        best = max(margins, default=-4.0)
        offset = first - passage.start
        margin = best + 3.0 * (there / total - 0.5)
        if cause := _cause(asked, passage.text, offset, last - passage.start):
            start, end = cause
            yield Candidate(hit, passage.start + start, passage.start + end,
                            passage.text[start:end], best, margin + CLEAR)
        for match in REASON.finditer(passage.text, offset, last - passage.start):
            inserted = _INSERTED.match(passage.text, match.end(), last - passage.start)
            said = inserted.end() if inserted else match.end()
            end = _stop(passage.text, match.start(), said, last - passage.start)
            start, end = tidy(passage.text, match.start(), end)
            if end <= said or _repeats(asked, passage.text[start:end]):
                continue
            clear = CLEAR if _BECAUSE.match(passage.text, match.start()) else 0.0
            yield Candidate(
                hit, passage.start + start, passage.start + end, passage.text[start:end],
                best, margin + clear,
            )


def _cause(asked: Asked, text: str, low: int, high: int) -> Span | None:
    """Return the clause before ", so", where what follows is what the question asks about."""
    link = _SO.search(text, low, high)
    if link is None:
        return None
    wanted = {t.key: weight(t) for t in asked.terms}
    effect, cause = keys(text[link.end() : high]), keys(text[low : link.start()])
    said = sum(w for k, w in wanted.items() if k in effect or alike(k) & effect)
    start, end = tidy(text, low, link.start())
    if said < 0.6 * sum(wanted.values()) or not cause - set(wanted) or end <= start:
        return None
    return start, end


def _repeats(asked: Asked, clause: str) -> bool:
    """Tell whether a clause only repeats the question: it is what happened, not why."""
    said = keys(clause)
    wanted = {t.key: weight(t) for t in asked.terms}
    repeated = sum(w for k, w in wanted.items() if k in said)
    return not said - set(wanted) or repeated > 0.6 * sum(wanted.values())


def _circular(asked: Asked, clause: str) -> bool:
    """Tell whether a clause says only when, in the question's words: "after the ferry sank"."""
    return _TIME_CLAUSE.match(clause) is not None and len(asked.terms) > 1 and (
        {t.key for t in asked.terms} <= keys(clause))


def _placed(candidate: Candidate, start: int, end: int) -> Candidate:
    passage = candidate.hit.passage
    return replace(
        candidate,
        start=passage.start + start,
        end=passage.start + end,
        text=passage.text[start:end],
    )


def _sentence(hit: Hit, start: int, end: int) -> Span:
    for first, last in hit.passage.sentences:
        if first <= start < last:
            return first, max(last, end)
    return hit.passage.start, hit.passage.end

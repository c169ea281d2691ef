"""What abbreviations stand for, where a text says so: "Russian Expeditionary Corps (REK)".

The method is that of Schwartz and Hearst, "A simple algorithm for identifying abbreviation
definitions in biomedical text" (PSB 2003): the letters of the abbreviation are found in the words
before the bracket, from the right, the first at the start of a word. Abbreviations of another
language's words do not spell their expansion; for those the capitalised words before are taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.evidence.weighing import Quote, Verdict
from rag.types import Hit, Span

_SENTENCE_END = re.compile(r"[.!?:;\n]\s|\n")

# About the precision that Schwartz and Hearst (2003) report for their method; not measured here.
PRECISION = 0.96


def expanded(abbreviation: str, hits: Sequence[Hit]) -> Verdict | None:
    """Return what an abbreviation stands for by the first passage that tells, if one does."""
    for hit in hits:
        span = expansion(hit.passage.text, abbreviation)
        if span is not None:
            start, end = hit.passage.start + span[0], hit.passage.start + span[1]
            quote = Quote.of(hit, start, end)
            return Verdict(
                "answered", hit.passage.text[span[0] : span[1]], PRECISION, (quote,),
                trace={"why": f"the text tells what {abbreviation} stands for"},
            )
    return None


def expansion(text: str, abbreviation: str) -> Span | None:
    """Return the span of what an abbreviation stands for in a text, if the text tells.

    Args:
        text: The text.
        abbreviation: The abbreviation, with or without stops, in any case.
    """
    letters = "".join(c for c in abbreviation if c.isalnum())
    if not letters:
        return None
    spelled = r"\.?".join(map(re.escape, letters)) + r"\.?"
    bracket = re.compile(rf"[(\[]\s*[“\"']?{spelled}[”\"']?\s*[)\],;]", re.I)
    for match in bracket.finditer(text):
        found = _before(text, match.start(), letters) or _name_before(text, match.start())
        if found is not None:
            return found
    # "REK (Russian Expeditionary Corps)" and "REK, short for ..."
    after = re.compile(
        rf"(?<!\w){spelled}\s*(?:[(\[]|,?\s+(?:which\s+)?(?:stands|is\s+short|short|"
        r"an?\s+(?:acronym|abbreviation))\s+for\s+(?:the\s+)?)([^)\]\n.;,]{3,120})", re.I,
    )
    for match in after.finditer(text):
        start, end = match.span(1)
        if _spells(text[start:end], letters):
            return start, end
    return None


def _before(text: str, at: int, letters: str) -> Span | None:
    """Return the long form before position ``at``, as Schwartz and Hearst find it."""
    most = min(len(letters) + 5, len(letters) * 2)
    stops = [m.end() for m in _SENTENCE_END.finditer(text, max(0, at - 300), at)]
    lowest = stops[-1] if stops else max(0, at - 300)
    words = [m.start() for m in re.finditer(r"\S+", text[lowest:at])]
    if not words:
        return None
    lowest += words[-most] if len(words) > most else words[0]
    end = at
    while end > lowest and not text[end - 1].isalnum():
        end -= 1
    position = end - 1
    for index in range(len(letters) - 1, -1, -1):
        wanted = letters[index].casefold()
        while position >= lowest and (
            text[position].casefold() != wanted
            or (index == 0 and position > 0 and text[position - 1].isalnum())
        ):
            position -= 1
        if position < lowest:
            return None
        position -= 1
    start = position + 1
    first = re.search(r"(?<!\S)[A-Z]\S*\s+\Z", text[lowest:start])
    if first and text[start].islower() and first[0][0].casefold() == letters[0].casefold():
        start = lowest + first.start()  # "Office of Public Integrity", not "of Public Integrity"
    long = text[start:end]
    if len(long) <= len(letters) or len(long.split()) > most:
        return None
    return start, end


_SOMEBODY_OF = re.compile(
    r"[A-Z][a-z]+(?:ist|er|or|ian|man|woman)\s+(?:[A-Z][\w’'-]*\s+){1,3}(?:of|for)\s+(?:the\s+)?")


def _name_before(text: str, at: int) -> Span | None:
    """Return the run of capitalised words right before position ``at``, at least two."""
    match = re.search(
        r"(?!The\s)(?<![\w’'-])(?:[A-ZÀ-Þ][\w’'-]*)(?:\s+(?:of|the|and|for|de|la|des|du|[A-ZÀ-Þ][\w’'-]*))*"
        r"\s+[A-ZÀ-Þ][\w’'-]*\s*\Z",
        text[max(0, at - 160) : at],
    )
    if match is None:
        return None
    start = max(0, at - 160) + match.start()
    end = start + len(match.group().rstrip())
    of = _SOMEBODY_OF.match(text, start, end)  # "Volcanologist Ann Bell of the" institute
    return of.end() if of else start, end


def _spells(long: str, letters: str) -> bool:
    initials = "".join(w[0] for w in re.findall(r"\w+", long)).casefold()
    return bool(initials) and initials[0] == letters[0].casefold() and len(long.split()) > 1

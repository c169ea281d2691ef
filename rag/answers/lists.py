"""Lists: all items that a question asks for, as one span or as several."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.answers.things import enumeration
from rag.articles.quotes import sentences_of, sentences_within
from rag.evidence.confidence import Calibrator
from rag.evidence.negation import negated
from rag.evidence.signals import isolated
from rag.evidence.weighing import Quote, Verdict, Weighed, support
from rag.language.terms import is_month, keys, terms
from rag.questions.intent import Asked
from rag.types import Candidate, Span

# Items of an enumeration: a name of up to six words, or a few small words.
_NAME = (
    r"(?:the\s+)?(?!I\b)[A-ZÀ-Þ0-9][\w’'.&-]*"
    r"(?:\s+(?:(?:of|the|de|du|for)\s+)?[A-ZÀ-Þ0-9][\w’'&-]*){0,5}"
)
_NEXT = re.compile(rf"(?:\s*,\s*(?:and\s+|or\s+|as\s+well\s+as\s+)?|\s+(?:and|or|&)\s+){_NAME}")
_LAST = re.compile(rf"(?:{_NAME}|(?:the\s+)?[a-z]+)(?:\s*,\s*|\s+(?:and|or|&)\s+)\Z")
# "deputy governor Ann Bell and external member" Carl Dorn: who else, and as what.
_ROLE = re.compile(rf"{_NAME}\s+and\s+(?:[a-z]+\s+){{1,3}}\Z")
_COMMON = re.compile(r"(?<![\w’-])the\s+[a-z]+,\s+\Z")
_NUMBER = re.compile(r"[\s,]\d[\d,.]*\Z|[\s,]\d[\d,.]*\s[a-z]")
# "promised to" raise the wage to 12 dollars, abolish fees and cancel the terminal.
_TO_DO = re.compile(r"(?<=\bto\s)[a-z]+\s[^,;:.]{3,80},\s+(?:and\s+)?\Z")
_BRACKET = re.compile(r"\s*\([^()]*\)")
_SPLIT = re.compile(r"\s*[,;]\s*(?:and\s+|or\s+)?|\s+(?:and|or|&|as\s+well\s+as)\s+")
# Names one behind the other, the first of which may be a thing: "the country, Mali and Niger".
_ENUMERATION = re.compile(
    rf"(?<![\w’'-])(?:{_NAME}|the\s+[a-z]+)(?:\s*,\s*{_NAME})*\s*,?\s+(?:and|or|&)\s+{_NAME}")
# Which ones a noun means: "its kiosks" at Gull Point and Hessle Quay.
_WHICH_ONES = re.compile(rf"\s+(?:at|in|near|of|from)\s+{_NAME}(?:{_NEXT.pattern})*")
_LONG = 7  # words of an item at most: longer ones have a verb of their own
_NEAR = 6  # words behind an enumeration among which its verb stands
# A careful guess, not a fitted probability: the sentence counts as many as are asked for.
COUNTED = 0.85
_SOURCES = re.compile(r"where\s+(?:did|does|do)\s.+\scome\s+from\b", re.I)
# How far behind the best a further item's margin may be, and the least it must have.
BEHIND, LEAST = 4.0, 2.0


def listed(
    asked: Asked, weighed: Sequence[Weighed], verdict: Verdict, calibrator: Calibrator,
    least: float,
) -> Verdict:
    """Return an answered verdict with all items of the list, each on its quote.

    ``short`` holds the exact words: one span where it is an enumeration, otherwise the spans of
    the items in order, with semicolons between them.
    """
    if verdict.outcome == "not_found":
        return _counted(asked, weighed, least) or verdict
    if verdict.outcome != "answered" or not weighed:
        return verdict
    best = weighed[0].group.best
    start, end = completed(asked, best)
    start, end = narrowed(asked, best, start, end)
    end = told_apart(asked, best, start, end)
    text = best.hit.passage.text[start - best.hit.passage.start : end - best.hit.passage.start]
    if len(items(text)) > 1:
        return replace(verdict, short=text)
    spans = [text]
    quotes = list(verdict.quotes)
    for one in further(asked, weighed, calibrator, least):
        candidate = one.group.best
        spans.append(candidate.text)
        quote = Quote.of(candidate.hit, candidate.start, candidate.end)
        if quote not in quotes:
            quotes.append(quote)
    return replace(verdict, short="; ".join(spans), quotes=tuple(quotes))


def enumerated(asked: Asked, weighed: Sequence[Weighed], verdict: Verdict) -> Verdict:
    """Return an answered verdict with the rest of the things that its answer begins to name.

    Only for questions of no type ("What did they find?", "Where did the money come from?"): a
    person or a number is one.
    """
    several = asked.wanted == "any" or _SOURCES.match(asked.text)
    if verdict.outcome != "answered" or not several or asked.kind != "fact":
        return verdict
    best = weighed[0].group.best
    passage = best.hit.passage
    low, high = sentences_within(best.hit, best.start, best.end)
    start, end = enumeration(
        passage.text, best.start - passage.start, best.end - passage.start, low, high)
    return replace(verdict, short=passage.text[start:end])


def items(text: str) -> list[str]:
    """Return the items of an enumeration."""
    return [item for item in _SPLIT.split(text) if item.strip()]


def completed(asked: Asked, candidate: Candidate) -> Span:
    """Return a candidate's span with the items of its enumeration that were cut off.

    Further names after it are taken in; before it only as long as the question counts more items
    than there are.

    Returns:
        Offsets into the article's text.
    """
    passage = candidate.hit.passage
    low, high = sentences_within(candidate.hit, candidate.start, candidate.end)
    start, end = candidate.start - passage.start, candidate.end - passage.start
    text = passage.text
    numbered = any(c.isdigit() for c in text[start:end])
    joined = re.search(r"\b(?:and|or)\s+(?:the\s+)?[A-ZÀ-Þ][^,]*\Z", text[start:end]) is not None
    while (more := _NEXT.match(text, end, high)) is not None and _is_list(text[start:more.end()]):
        if not numbered and _NUMBER.search(more[0]):
            break  # "Rotterdam and Gdynia, and 710 people": no further town
        if joined and "," in more[0]:
            break  # "Japan, Chile and Canada, and Ann sang": the list ended with its "and"
        joined = re.search(r"\b(?:and|or)\b", more[0]) is not None
        end = more.end()
    if text[end - 2 : end - 1].isdigit() and text[end - 1] == ".":
        end -= 1  # the sentence's stop behind "2011"
    if len(items(text[start:end])) > 1 and (first := _COMMON.search(text[low:start])):
        start = low + first.start()  # "the country, Mali and Niger" lists three
    while 0 < len(items(text[start:end])) < asked.count:
        before = _TO_DO.search(text[low:start]) if text[start].islower() else None
        before = before or _LAST.search(text[low:start]) or _ROLE.search(text[low:start])
        if before is None:
            break
        start = low + before.start()
    end = _bracketed(text, start, end, high)
    start, end = enumeration(text, start, end, low, high)
    return passage.start + start, passage.start + _bracketed(text, start, end, high)


def narrowed(asked: Asked, candidate: Candidate, start: int, end: int) -> Span:
    """Return the enumeration in a span that is no list: a reader may take in all around it.

    It is the one that has as many items as the question counts; where it counts none, the one
    that the span ends with, if words of the question follow.

    Args:
        asked: The question.
        candidate: The candidate that the span is of.
        start: First character of the span in the article's text.
        end: One past its last character.
    """
    passage, shift = candidate.hit.passage, candidate.hit.passage.start
    text = passage.text[start - shift : end - shift]
    if all(len(item.split()) <= _LONG for item in items(text)):
        return start, end
    found = list(_ENUMERATION.finditer(text))
    if asked.count:
        found = [m for m in found if len(items(m[0])) == asked.count]
    else:
        high = sentences_of(candidate.hit, start, end)[1]
        near = keys(" ".join(passage.text[end - shift : high - shift].split()[:_NEAR]))
        found = [m for m in found[-1:] if m.end() == len(text)
                 and any(t.key in near for t in asked.words)]
    if len(found) != 1:
        return start, end
    return start + found[0].start(), start + found[0].end()


def told_apart(asked: Asked, candidate: Candidate, start: int, end: int) -> int:
    """Return the end with the names that tell which ones a span means, where "which" asks."""
    passage, shift = candidate.hit.passage, candidate.hit.passage.start
    text = passage.text[start - shift : end - shift]
    if not re.match(r"which\b", asked.text, re.I) or any(c.isupper() or c.isdigit() for c in text):
        return end
    high = sentences_of(candidate.hit, start, end)[1] - shift
    more = _WHICH_ONES.match(passage.text, end - shift, high)
    if more is None or any(is_month(t.text) or t.kind == "number" for t in terms(more[0])):
        return end
    return shift + more.end()


def _counted(asked: Asked, weighed: Sequence[Weighed], least: float) -> Verdict | None:
    """Return the list whose sentence counts its items as the question does and has all its words.

    "Which two members resigned?" and "Two members, Ann Gasser and Jon Luzi, resigned".
    """
    if asked.count < 2 or least > COUNTED:
        return None
    for one in weighed:
        best = one.group.best
        start, end = completed(asked, best)
        shift = best.hit.passage.start
        low, high = sentences_of(best.hit, start, end)
        text = best.hit.passage.text[start - shift : end - shift]
        sentence = best.hit.passage.text[low - shift : high - shift]
        if (len(items(text)) == asked.count and _is_list(text) and not one.told_of_another
                and one.signals.get("words_alike", 0.0) >= 1.0 and _counts(asked, sentence)
                and negated(sentence, asked) == negated(asked.text, asked)):
            return Verdict("answered", text, COUNTED, support(one.group),
                           trace={"why": f"its sentence counts {asked.count} of them"})
    return None


def _counts(asked: Asked, sentence: str) -> bool:
    """Tell whether a sentence has the question's count right before what is counted."""
    words = terms(sentence)
    focus = {t.key for t in terms(asked.focus) if t.kind == "word"}
    return any(one.key == str(asked.count) and focus & {t.key for t in words[at + 1 : at + 4]}
               for at, one in enumerate(words))


def _bracketed(text: str, start: int, end: int, high: int) -> int:
    """Return the end with its bracket: "Ames (£46), Bell (£41) and Cole (£52)"."""
    if "(" in text[start:end] and (bracket := _BRACKET.match(text, end, high)):
        return bracket.end()
    return end


def further(asked: Asked, weighed: Sequence[Weighed], calibrator: Calibrator, least: float
            ) -> list[Weighed]:
    """Return other answers that are further items of the same list, in order of probability.

    Args:
        asked: The question.
        weighed: All answers, most probable first.
        calibrator: Tells the probability of an item if nothing else was found: the items of a list
            are no rivals.
        least: Least such probability.
    """
    if not weighed:
        return []
    best = weighed[0]
    kind = _shape(best.group.best.text)
    taken = [best]
    alone = calibrator.alone([isolated(one.signals) for one in weighed[1:]])
    for one, probability in zip(weighed[1:], alone, strict=True):
        candidate = one.group.best
        if (
            candidate.margin >= max(LEAST, best.group.margin - BEHIND)
            and probability >= least
            and one.signals.get("words_alike", 0.0) >= best.signals.get("words_alike", 0.0) - 0.2
            and one.signals.get("type_fit", 0.5) >= 0.5
            and one.signals.get("words_passage", 0.0) >= 0.6
            and _shape(candidate.text) == kind
            and not any(_overlap(candidate, t.group.best) for t in taken)
        ):
            taken.append(one)
    return taken[1:]


def _is_list(text: str) -> bool:
    """Tell whether a text reads as one enumeration: its items are alike and short."""
    parts = items(text)
    return len(parts) > 1 and all(len(p.split()) <= 7 for p in parts)


def _shape(text: str) -> str:
    words = terms(text)
    if any(t.kind == "number" for t in words[:1]):
        return "number"
    return "name" if any(t.text[:1].isupper() for t in words) else "word"


def _overlap(a: Candidate, b: Candidate) -> bool:
    mine, theirs = {t.key for t in terms(a.text)}, {t.key for t in terms(b.text)}
    return bool(mine & theirs)

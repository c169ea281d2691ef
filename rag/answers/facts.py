"""Facts that an article labels: the value of a label line, the cell of a table, an amount.

"How tall is the freezer?" is answered by "Height | 85 cm", and "Who is the managing director?" by
"Managing director: Petra Olsen". A reader of prose is unsure of such lines, or takes the value of
the line next to it. Only a line whose whole label is asked for answers, and only where it, its
heading and its article's title have all other words of the question, too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.articles.quotes import in_furniture
from rag.compare.names import TITLES
from rag.evidence.moments import fine_enough
from rag.evidence.signals import fits
from rag.evidence.weighing import ArticleOf, Quote, Verdict
from rag.language.labels import LABELS, Labelled, labelled
from rag.language.nouns import PERSON_NOUNS
from rag.language.terms import content, keys, normal, terms
from rag.questions.intent import Asked
from rag.questions.naming import TRIGGERS, all_meant, implied, meant
from rag.types import Article, Candidate, Hit, Span

# A careful guess, not a fitted probability.
SURE = 0.85

# Words of a label that a question need not say, and words of a question that no label says.
_OPTIONAL = keys("level head main")
_LIGHT = keys("have get receive need use call find know come send list number amount level kind "
              "type exact take hold go offer put add require recipe")
_TAIL = re.compile(r"\s*\([^()]*\)|\s+(?:per|in|a)\s+[\w%€$£]+\Z", re.I)
_MONTH = (r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
          r"Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?")
_DATE = re.compile(
    r"(?:(?:c\.|ca\.|about|around)\s+)?(?:(?:[A-Z][a-z]+day,?\s+)?\d{1,2}(?:st|nd|rd|th)?\.?\s+"
    rf"{_MONTH},?\s+\d{{4}}|{_MONTH}\s+\d{{1,2}},\s+\d{{4}}|{_MONTH}\s+\d{{4}}|\d{{4}}-\d\d-\d\d|"
    r"\b1\d{3}\b|\b20\d\d\b)"
)
_WHEN = re.compile(
    rf"\d\s*(?:a\.?m|p\.?m|h\b|o['’]clock)|\d[:.]\d\d\b|\bnoon\b|\bmidnight\b|day\b|\b{_MONTH}\s|"
    rf"\s{_MONTH}(?!\w)", re.I)
_COUNTED = re.compile(r"(?:about|around|over|nearly|almost|at\s+least|up\s+to)?\s*\d[\d.,]*(?!\d)"
                      r"(?:\s+[^\d\s][^\d]*)?(?:\([^()]*\))?\Z", re.I)
_BRACKET = re.compile(r"\s*[(;\[].*\Z")
_ROLE = re.compile(rf"(?:(?:er|or|ist|man|woman|person)|\b(?:{'|'.join(PERSON_NOUNS | TITLES)}))\Z",
                   re.I)
# "Of what did she die?": what a label does not say.
_CAUSE = re.compile(r"\A(?:of|from|by|with|for)\s+what\b|\b(?:of|from|by|with|for)\s*\?*\Z", re.I)


@dataclass(frozen=True, slots=True)
class Found:
    """A labelled value of an article that was read."""

    article: Article
    fact: Labelled

    @property
    def value(self) -> str:
        """The words of the value."""
        return self.article.text[self.fact.start : self.fact.end]


def facts_of(hits: Sequence[Hit], article_of: ArticleOf) -> list[Found]:
    """Return the labelled values that stand in passages, article by article.

    Args:
        hits: The passages; only lines in them are looked at.
        article_of: An article by its name.
    """
    read: dict[str, list[Span]] = {}
    for hit in hits:
        if LABELS.search(hit.passage.text):
            read.setdefault(hit.passage.article, []).append((hit.passage.start, hit.passage.end))
    found = []
    for name, spans in read.items():
        article = article_of(name)
        for fact in labelled(article.text):
            first, last = fact.line
            if any(a <= first and last <= b for a, b in spans) and not (
                    in_furniture(article, first, last)
                    or article.text[first:last].strip() == article.title.strip()):
                found.append(Found(article, fact))
    return found


def stated(asked: Asked, found: Sequence[Found]) -> Verdict | None:
    """Return the one labelled value that a question asks for, of those in its passages, or None."""
    if _CAUSE.search(asked.text):
        return None
    if asked.kind not in ("fact", "list") and not (asked.kind == "how" and implied(asked.text)):
        return None
    if asked.broad and (role := _role(asked, found)) is not None:
        return role
    fitting: list[tuple[int, Found, Span]] = []
    for one in found:
        score = _score(asked, one)
        span = _answer(asked, one) if score else None
        if span is not None:
            fitting.append((score, one, span))
    best = max((score for score, _, _ in fitting), default=0)
    top = [(one, span) for score, one, span in fitting if score == best]
    if not top or len({normal(one.article.text[a:b]) for one, (a, b) in top}) > 1:
        return None
    (one, span) = top[0]
    return _verdict(one, span, f"it is labelled “{one.fact.label}”")


def settled(asked: Asked, verdict: Verdict, fact: Verdict) -> Verdict:
    """Return the labelled value instead of no answer, a piece of it, or one that is less sure.

    A reader is sure of what is told in sentences; articles that disagree are heard.
    """
    if verdict.outcome == "disputed":
        return verdict
    trace = {**verdict.trace, **fact.trace}
    if verdict.outcome == "answered":
        line = fact.quotes[0]
        same = any(q.article == line.article and q.start < line.end and line.start < q.end
                   for q in verdict.quotes)
        if same and (verdict.short or "") in (fact.short or ""):  # "cook" of "cook, painter"
            sure = max(verdict.confidence, fact.confidence)
            whole = asked.wanted == "any"
            return replace(fact, confidence=sure, trace=trace) if whole else verdict
        if verdict.confidence >= fact.confidence:
            return verdict
    return replace(fact, trace=trace)


def without_neighbours(
    asked: Asked, candidates: Sequence[Candidate], found: Sequence[Found]
) -> list[Candidate]:
    """Return spans without those of a line that is labelled by something else than is asked for.

    That is so where another line of the article has the label: "Managing director: Petra Olsen"
    does not tell who founded what was "Founded: 2009". A mere label tells nothing, nor do
    the heads of a table.
    """
    asked_for = {one.article.name for one in found
                 if one.fact.kind != "amount" and _labelled(asked, one.fact) > 0}
    kept = []
    for candidate in candidates:
        name = candidate.hit.passage.article
        here = [one.fact for one in found if one.article.name == name
                and one.fact.line[0] <= candidate.start and candidate.end <= one.fact.line[1]]
        own = [f for f in here if f.start < candidate.end and candidate.start < f.end]
        label = any(f.kind == "line" and candidate.text.strip(" :") == f.label for f in here)
        others = name in asked_for and own and not any(_shares(asked, f) for f in own)
        if not others and not (label and not own) and (here or " | " not in candidate.text):
            kept.append(candidate)
    return kept


def _label(fact: Labelled) -> frozenset[str]:
    """The words of a label without its unit: "Price per month", "Weight (kg)"."""
    return keys(_TAIL.sub("", fact.label)) or keys(fact.label)


def _shares(asked: Asked, fact: Labelled) -> bool:
    """Tell whether a label has anything to do with a question."""
    known = keys(fact.label) | keys(fact.row) | keys(fact.column)
    words = {t.key for t in asked.terms if t.kind != "number"}
    said_as = all_meant(asked.terms) | implied(asked.text)
    # "Founder" for "founded", "Directed by" for "director": the beginning tells.
    alike = any(a[:4] == b[:4] for a in words for b in known if min(len(a), len(b)) >= 4)
    return alike or bool(known & said_as)


def _labelled(asked: Asked, fact: Labelled) -> int:
    """Return how many words of a question a label has; 0 unless it is asked for as a whole."""
    label, by_word = _label(fact), implied(asked.text)
    said = content(asked.text)
    said_as = all_meant(said)
    if not label or not label - _OPTIONAL <= said_as | by_word:
        return 0
    words = [t for t in said if t.kind == "word" and meant(t) & label]
    if not words and not label & by_word:
        return 0  # the label is a name: "Norway: 40 dead"
    last = terms(fact.label)[-1].text.lower() if terms(fact.label) else ""
    if (last == "by" and asked.wanted not in ("person", "any")) or (
            last in ("in", "at", "on") and asked.wanted not in ("date", "place")):
        return 0  # "Made in: Norway" tells no maker
    return len(words) + 1


def _score(asked: Asked, one: Found) -> int:
    """Return how well a labelled value fits; 0 where a word of the question is left over."""
    fact = one.fact
    if fact.kind == "amount":
        return _amount(asked, one)
    score = _labelled(asked, fact)
    row = keys(fact.row)
    said = content(asked.text)
    said_as = all_meant(said)
    if not score or not row <= said_as:
        return 0
    around = keys(one.article.title) | keys(fact.heading) | keys(fact.column) | row
    known = around | keys(fact.label) | keys(one.value) | TRIGGERS
    if score > 1:  # "When did it receive an offer?" is more than "When was it?"
        known |= _LIGHT
    elif not asked.terms:
        return 0
    left = [t for t in asked.terms if not meant(t) & known]
    return 0 if left else score + len(row)


def _amount(asked: Asked, one: Found) -> int:
    """Return how well a counted thing fits a question of how much or how many there is of it."""
    head = re.search(r"\bhow\s+(?:much|many)\s+", asked.text, re.I)
    words = [t for t in content(asked.text) if head and t.start >= head.end()]
    thing = keys(one.fact.label)
    if not words or words[0].key not in thing or not head:
        return 0
    known = thing | keys(one.article.title) | keys(one.fact.heading) | _LIGHT | keys("make")
    return 1 if all(t.key in known for t in words) else 0


def _answer(asked: Asked, one: Found) -> Span | None:
    """Return the part of a value that is of the type asked for, or None."""
    text, (start, end) = one.value, (one.fact.start, one.fact.end)
    if asked.wanted in ("date", "place") and (date := _DATE.search(text)):
        if asked.wanted == "date":
            edge = not date.start() or text[date.end() :].strip(" ).") == ""
            end, start = start + date.end(), start + date.start()
            return (start, end) if edge and fine_enough(asked.text, date[0]) else None
        if date.start():
            return None
        rest = re.compile(r"\s*(?:,|in\b|at\b)\s*(?=[A-Z\d])").match(text, date.end())
        return (start + rest.end(), end) if rest else None
    if asked.wanted == "date":
        return (start, end) if _WHEN.search(text) and fine_enough(asked.text, text) else None
    if asked.wanted in ("person", "place"):
        named = any(t.text[:1].isupper() for t in terms(text))
        if not named or (asked.wanted == "person" and text[0].isdigit()) or text[0] in "$£€":
            return None
        if asked.wanted == "person" and asked.kind == "fact":
            end -= len(text) - len(_BRACKET.sub("", text))
        return (start, end)
    # "£10" has a number, as a duration must, and is none.
    least = 1.0 if asked.wanted == "duration" else 0.5
    if asked.wanted in ("number", "money", "duration") and fits(asked.wanted, text) < least:
        return None
    if one.fact.kind != "amount" and re.search(r"\bhow\s+many\s", asked.text, re.I):
        focus = content(asked.focus)
        counted = meant(focus[-1]) if focus else frozenset()
        if not (_COUNTED.match(text) and counted & (keys(one.fact.label) | keys(text))):
            return None  # "Hotline: 0800 123 4567" counts no hotlines
    return (start, end)


def _role(asked: Asked, found: Sequence[Found]) -> Verdict | None:
    """Return what a label says that somebody is: "Managing director: Petra Olsen"."""
    match = re.match(r"who\s+(?:is|was)\s+(?P<name>[^?]+?)\s*\?*\Z", asked.text, re.I)
    if match is None:
        return None
    named = [one for one in found if one.fact.kind == "line" and one.value == match["name"]]
    roles = {one.fact.label for one in named if _ROLE.search(one.fact.label)}
    if len(roles) != 1:
        return None
    one = next(one for one in named if one.fact.label in roles)
    at = one.article.text.index(one.fact.label, one.fact.line[0])
    return _verdict(one, (at, at + len(one.fact.label)), f"it is what labels {match['name']}")


def _verdict(one: Found, span: Span, why: str) -> Verdict:
    """Return a labelled value with its line, and with the line that heads a cell's column."""
    text, head = one.article.text, one.fact.head
    lines = [one.fact.line]
    if head is not None and not in_furniture(one.article, *head):
        lines.append(head)
    quotes = tuple(Quote(one.article.name, a, b, text[a:b]) for a, b in lines)
    return Verdict("answered", text[slice(*span)], SURE, quotes, trace={"why": why})

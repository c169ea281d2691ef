"""Yes/no questions: the sentence that says so, that denies it, or nothing.

A sentence decides when it holds what the question says: its names and numbers (also by the
sentence before or the title, where "the country" stands for one), and its other words or words
that mean nearly the same. It says no when one of the two is negated, when it has an excluding
word, or another number of the same thing. Who did it and to whom is checked by asking the reader
for the subject. What these rules do not see is answered by neither yes nor no.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rag.evidence import Quote, Verdict
from rag.groups import same
from rag.opposites import alike, opposite
from rag.questions import AUXILIARY, Asked
from rag.reader import Reader
from rag.signals import weight
from rag.terms import Term, terms
from rag.types import Hit

Says = Literal["yes", "no"]

# Coverage of the question from which a sentence may decide it; found on yes/no questions about
# articles of our own.
ENOUGH = 0.84
# Sentences back in which "he" or "the country" may have its name.
CHAIN = 3
# Share of the question from which a sentence is worth the reader's verdict, how many of them are
# judged, and the probability from which the verdict counts.
RELATED, JUDGED, SURE = 0.6, 6, 0.68
_NOT = re.compile(
    r"\b(?:not|never|no|none|nobody|nothing|neither|nor|without|cannot|hardly|barely|unable\s+to|"
    r"(?:yet|fail(?:s|ed)?|refus(?:e|es|ed)|declin(?:e|es|ed))\s+to|den(?:y|ies|ied)|ruled?\s+out)"
    r"\b|n['’]t\b", re.I,
)
_CLAUSE = re.compile(r"[;:—–]|,\s+(?:but|and|while|although|which|who)\b|\bbut\b")
_HEDGE = re.compile(
    r"\b(?:may|might|could|would|if|whether|reportedly|allegedly|rumou?rs?|possibly|perhaps|"
    r"threaten(?:s|ed)?|plans?|planned|planning|consider(?:s|ed|ing)?|hopes?|hoped)\b", re.I,
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a sentence says of a yes/no question.

    Attributes:
        says: Yes or no.
        quote: The sentence.
        hit: The passage it is in.
        confidence: Probability that this is right, by how much of the question it holds.
        why: What decided, for the trace.
    """

    says: Says
    quote: Quote
    hit: Hit
    confidence: float
    why: str


@dataclass(frozen=True, slots=True)
class _Sentence:
    hit: Hit
    start: int
    end: int
    text: str
    before: str
    chain: str


def decide(asked: Asked, hits: Sequence[Hit], reader: Reader) -> list[Decision]:
    """Return what sentences of the passages say of a yes/no question, the surest first."""
    if not asked.words and len(asked.terms) < 2:
        return []
    sentences = list(_sentences(hits))
    decisions = [d for s in sentences if (d := _judge(asked, s)) is not None]
    decisions.sort(key=lambda d: (-d.confidence, d.hit.rank, d.quote.start))
    decisions = [d for d in decisions[:4] if _subject_fits(asked, d, reader)]
    return decisions or _judged(asked, sentences, reader)


def _judged(asked: Asked, sentences: Sequence[_Sentence], reader: Reader) -> list[Decision]:
    """Return what the reader's verdicts say of the sentences that hold most of the question."""
    near = sorted(
        ((share, s) for s in sentences if (share := _held(asked, s)) >= RELATED),
        key=lambda pair: (-pair[0], pair[1].hit.rank, pair[1].start),
    )[:JUDGED]
    verdicts = reader.judge(asked.text, [f"{s.before} {s.text}".strip() for _, s in near])
    if not near or verdicts is None:
        return []
    decisions = []
    for (share, sentence), (yes, no, _) in zip(near, verdicts, strict=True):
        if max(yes, no) < SURE:
            continue
        decisions.append(
            Decision(
                "yes" if yes > no else "no",
                Quote.of(sentence.hit, sentence.start, sentence.end),
                sentence.hit,
                max(yes, no) * (0.5 + 0.5 * share),
                f"the reader's verdict on a sentence that holds {share:.0%} of the question",
            )
        )
    return sorted(decisions, key=lambda d: (-d.confidence, d.hit.rank, d.quote.start))


def _held(asked: Asked, sentence: _Sentence) -> float:
    """Return the share of the question that a sentence holds; 0 where a name is nowhere near."""
    present = {t.key for t in terms(sentence.text)}
    around = present | {t.key for t in terms(f"{sentence.chain}\n{sentence.hit.title}")}
    if any(t.key not in around for t in (*asked.names, *asked.numbers)):
        return 0.0
    total = sum(weight(t) for t in asked.terms)
    found = sum(
        weight(t) for t in asked.terms
        if t.key in present or alike(t.key) & present or (t.kind == "name" and t.key in around)
    )
    return found / total if total else 0.0


def yes_or_no(asked: Asked, hits: Sequence[Hit], reader: Reader) -> Verdict:
    """Return the verdict of the passages on a yes/no question."""
    return verdict_of(decide(asked, hits, reader))


def verdict_of(decisions: Sequence[Decision]) -> Verdict:
    """Return what decisions come to, the surest first.

    Both sides are in the trace where sentences of different passages say yes and no.
    """
    trace: dict[str, Any] = {
        "decisions": [
            {"says": d.says, "article": d.quote.article, "start": d.quote.start,
             "end": d.quote.end, "confidence": round(d.confidence, 4), "why": d.why}
            for d in decisions
        ]
    }  # fmt: skip
    if not decisions:
        trace["why"] = "no sentence says or denies it"
        return Verdict("not_found", None, 0.1, trace=trace)
    best = decisions[0]
    agreeing = {d.quote.article: d.quote for d in reversed(decisions) if d.says == best.says}
    agreeing[best.quote.article] = best.quote
    others = [q for q in agreeing.values() if q != best.quote]
    trace["why"] = best.why
    return Verdict("answered", best.says, best.confidence, (best.quote, *others[:1]), trace=trace)


def _judge(asked: Asked, sentence: _Sentence) -> Decision | None:
    here = terms(sentence.text)
    present = {t.key for t in here}
    before = {t.key for t in terms(sentence.before)}
    around = {t.key for t in terms(f"{sentence.chain}\n{sentence.hit.title}")}
    total = found = 0.0
    contrary: str | None = None
    for term in asked.terms:
        worth = weight(term)
        total += worth
        if term.key in present or alike(term.key) & present:
            found += worth
        elif term.kind == "number":
            other = _other_number(term, asked, here)
            if other is None or contrary:
                return None
            contrary = f"{other} and not {term.text}"
            found += worth
        elif term.kind == "name":
            # A name may stand in the sentence before; a sentence about another one says nothing.
            if term.key not in around:
                return None
            found += 0.7 * worth
        elif term.key in before:
            found += 0.6 * worth  # "Its wheel": of what the sentence before tells
        elif opposite(term.key) & present and contrary is None:
            contrary = next(t.text for t in here if t.key in opposite(term.key))
            found += worth
    if _only_wanted(asked, here) and " to " not in asked.text:
        return None
    coverage = found / total if total else 0.0
    if sentence.text.rstrip()[-1:] not in ".!?”\"’)…":
        coverage -= 0.04  # a headline says it less well than a sentence
    if coverage < ENOUGH:
        return None
    denied = _negated(asked.text, asked, {t.key for t in asked.terms}) != _negated(
        sentence.text, asked, present
    )
    if denied and contrary:
        return None
    if _HEDGE.search(sentence.text) and not _HEDGE.search(asked.text):
        coverage -= 0.1
        if coverage < ENOUGH:
            return None
    says: Says = "no" if denied or contrary else "yes"
    why = f"a sentence holds {coverage:.0%} of the question"
    why += f", but says {contrary!r}" if contrary else ", negated" if denied else ""
    return Decision(
        says,
        Quote.of(sentence.hit, sentence.start, sentence.end),
        sentence.hit,
        0.75 + 0.2 * (coverage - ENOUGH) / (1 - ENOUGH) - 0.05 * (says == "no"),
        why,
    )


def _only_wanted(asked: Asked, here: Sequence[Term]) -> bool:
    """Tell whether what the question says is only to be done: "asked the council to close it"."""
    verbs = {t.key for t in asked.words}
    verbs |= {other for key in verbs for other in alike(key)}
    found = [at for at, t in enumerate(here) if t.key in verbs and t.kind == "word"]
    after_to = [at for at in found if at and here[at - 1].key == "to"]
    done = {"manag", "abl", "continu", "begin", "start", "go", "come", "use", "help"}
    return bool(after_to) and all(
        not {t.key for t in here[max(0, at - 4) : at]} & done for at in after_to
    )


def _other_number(term: Term, asked: Asked, here: Sequence[Term]) -> str | None:
    """Return the number that a sentence gives for what the question numbers, if another."""
    after = [t for t in asked.terms if t.start > term.start]
    counted = next((t.key for t in after if t.kind == "word"), None)
    year = len(term.key) == 4 and term.key.isdigit()
    for at, word in enumerate(here):
        if word.kind != "number" or word.key == term.key:
            continue
        if year:
            if len(word.key) == 4 and word.key.isdigit():
                return word.text
            continue
        near = {t.key for t in here[at + 1 : at + 5]}
        if counted is not None and (counted in near or alike(counted) & near):
            return word.text
    return None


def _negated(text: str, asked: Asked, present: set[str]) -> bool:
    """Tell whether what the question says is negated in a text."""
    wanted = {t.key for t in asked.words}
    wanted |= {other for key in wanted for other in alike(key)} & present
    for match in _NOT.finditer(text):
        rest = text[match.end() :]
        clause = _CLAUSE.search(rest)
        scope = terms(rest[: clause.start()] if clause else rest)[:7]
        if any(t.key in wanted for t in scope):
            return True
    return False


def _subject_fits(asked: Asked, decision: Decision, reader: Reader) -> bool:
    """Tell whether the question's subject is the sentence's, too.

    Where the order of the words tells nothing, the reader is asked for the subject.
    """
    split = subject(asked.text)
    if split is None:
        return True
    name, question = split
    passage = decision.hit.passage
    ordered = _order(
        asked, name,
        passage.text[decision.quote.start - passage.start : decision.quote.end - passage.start],
    )
    if ordered is not None:
        return ordered
    candidates = reader.read(question, [decision.hit], spans=3)
    quoted = [c for c in candidates if decision.quote.start <= c.start < decision.quote.end]
    if not quoted or quoted[0].margin < -6:
        return True  # the reader sees no subject here: it has nothing against it
    if all(t.kind != "name" for t in terms(quoted[0].text)):
        return True  # "the country": whose name stands elsewhere
    told = {t.key for t in terms(quoted[0].text)}
    return bool(told & {t.key for t in terms(name)}) or same(asked, quoted[0].text, name)


def _order(asked: Asked, name: str, sentence: str) -> bool | None:
    """Tell by the order of words whether a name does to another what the question says.

    Returns:
        True for "A ousted B" and "B was ousted by A", False for "B ousted A" where A is the
        question's subject, None where the words do not stand so.
    """
    does = {t.key for t in terms(name) if t.kind != "empty"}
    others = {t.key for t in asked.names} - does
    verbs = {t.key for t in asked.words}
    verbs |= {other for key in verbs for other in alike(key)}
    words = terms(sentence)
    verdicts = set()
    for at, word in enumerate(words):
        if word.key not in verbs:
            continue
        before = {t.key for t in words[:at]}
        after = [t.key for t in words[at + 1 :]]
        first = next((i for i, key in enumerate(after) if key in does | others), None)
        if first is None or not (does | others) & before:
            continue
        passive = "by" in after[:first]
        if after[first] in others and does & before:
            verdicts.add(not passive)
        elif after[first] in does and others & before:
            verdicts.add(passive)
    if not verdicts:
        return None
    return True in verdicts


def subject(question: str) -> tuple[str, str] | None:
    """Return the subject of a yes/no question and the question for it.

    Only where the subject is a name, or all between the auxiliary and a second determiner.

    Example:
        >>> subject("Did Russia send trainers to Niger?")
        ('Russia', 'Who send trainers to Niger?')
    """
    match = re.match(
        rf"(?P<aux>{'|'.join(AUXILIARY)})(?:n['’]t)?\s+"
        r"(?P<name>(?:the\s+)?[A-Z][\w.’'-]*(?:\s+(?:of\s+|the\s+)*[A-Z][\w.’'-]*)*)\s+(?P<rest>.+)",
        question, re.I,
    )  # fmt: skip
    if match is None or not match["name"].removeprefix("the ")[:1].isupper():
        return None
    first = match["aux"].lower()
    name = _cased(match["name"])
    if not name:
        return None
    rest = match["name"][len(name) :] + " " + match["rest"]
    helper = "" if first in ("do", "does", "did") else f" {first}"
    return name, f"Who{helper} {rest.strip()}"


def _cased(words: str) -> str:
    """Return the leading words that are a name: capitalised, or small words between capitals."""
    taken = 0
    for match in re.finditer(r"\S+", words):
        if match.group()[0].isupper():
            taken = match.end()
        elif match.group() not in ("of", "the"):
            break
    return words[:taken]


def _sentences(hits: Sequence[Hit]) -> Iterator[_Sentence]:
    seen = set()
    for hit in hits:
        passage = hit.passage
        spans = passage.sentences or ((passage.start, passage.end),)
        before = ""
        far: list[str] = []
        for start, end in spans:
            text = passage.text[start - passage.start : end - passage.start]
            if (passage.article, start) not in seen:
                seen.add((passage.article, start))
                yield _Sentence(hit, start, end, text, before, " ".join(far[-CHAIN:]))
            before = text
            far.append(text)

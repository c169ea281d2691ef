"""One question that stands alone -> its Answer: search, read, weigh, compose, by kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rag import asof
from rag.answers.abbreviations import expanded
from rag.answers.ages import aged
from rag.answers.bullets import under_heading
from rag.answers.facts import Found, facts_of, settled, stated, without_neighbours
from rag.answers.identity import identified
from rag.answers.lists import enumerated, listed
from rag.answers.missing import explain
from rag.answers.nearest import nearest
from rag.answers.sayings import said
from rag.answers.sourcing import sourced
from rag.answers.summary import summarise
from rag.answers.telling import tell
from rag.compose import NOT_SAID, compose
from rag.conversation.casing import cased_as
from rag.disputes import claims_of, claims_of_decisions, confronted
from rag.evidence import nobody
from rag.evidence.clauses import candidates as widened
from rag.evidence.confidence import Calibrator
from rag.evidence.counting import counting
from rag.evidence.weighing import Verdict, Weighed, checked, decide, weigh_all
from rag.questions.intent import Asked, analyse, longest
from rag.reader import Reader
from rag.rewording import reworded, stands_for
from rag.settings import Settings
from rag.tracing import Clock, found_at
from rag.types import Answer, Candidate, Citation, Filters, Hit, Stage
from rag.yesno.verdict import decide as decide_yes_or_no
from rag.yesno.verdict import verdict_of

if TYPE_CHECKING:
    from rag.search.library import Library


# The share of the accepted risk for an answer to a question in its articles' words. On four sets of
# questions 10 of 11 such answers are right, with the whole risk 19 of 27.
REWORDED = 0.5
# The verifier reads answers between these; beyond them it changes nothing (experiment 32).
_HOPELESS, _SURE = 0.1, 0.9


def candidates_of(asked: Asked, hits: Sequence[Hit], reader: Reader) -> Sequence[Candidate]:
    """Return what a reader would answer from some passages, as whole clauses where they are due."""
    found = reader.read(asked.text, hits, longest=longest(asked))
    if asked.kind == "why":
        return widened(asked, found, hits)
    return [*nobody.candidates(asked, found, hits), *found] if asked.wanted == "number" else found


class Answerer:
    """Answers questions that stand alone from a library.

    Args:
        library: Where the articles are.
        reader: What reads the passages.
        calibrator: Turns signals into probabilities.
        second: The same with the verifier's signal among them, if the reader has a verifier.
        settings: Risk and sizes.
    """

    def __init__(
        self, library: Library, reader: Reader, calibrator: Calibrator, second: Calibrator | None,
        settings: Settings) -> None:
        self._library = library
        self.reader = reader
        self._calibrator = calibrator
        self._second = second
        self._settings = settings

    def answer(
        self,
        question: str,
        asked: str,
        filters: Filters,
        trace: Mapping[str, Any],
        extra: Sequence[Hit] = (),
    ) -> Iterator[Stage | Answer]:
        """Yield the stages of answering, then the answer.

        Args:
            question: The question, standing alone.
            asked: The question as it was asked.
            filters: What the search is restricted to.
            trace: What is already known of how the question was understood.
            extra: Passages to read besides those that are found (the previous turn's evidence).
        """
        clock = Clock()
        question, until = asof.split(question)
        if until is not None:
            filters = replace(filters, until=min(until, filters.until or until))
            extra = [hit for hit in extra if hit.published and hit.published <= until]
            trace = {**trace, "published_by": until.isoformat()}
        understood = analyse(question)
        yield Stage("searching", "Searching the articles")
        hits = self._hits(understood.text, filters, extra)
        clock.lap("search")
        yield Stage("reading", f"Reading {len(hits)} passages")
        understood = analyse(cased_as(understood.text, [hit.passage.text for hit in hits]))
        verdict, read = self._verdict(understood, hits, clock)
        yield Stage("weighing", "Weighing the evidence")
        if verdict.outcome == "not_found":
            verdict = self._why_not(understood, verdict, hits, read)
            if until is not None:
                verdict = replace(verdict, lead=f"{verdict.lead} {_limited(until)}")
            clock.lap("why not")
        text, citations = compose(verdict, self._library.article)
        clock.lap("compose")
        yield Answer(
            outcome=verdict.outcome,
            text=text,
            short=verdict.short,
            confidence=verdict.confidence,
            citations=citations,
            question=question,
            asked=asked,
            trace={
                **trace,
                "kind": understood.kind,
                "wanted": understood.wanted,
                "passages": [found_at(hit) for hit in hits],
                **verdict.trace,
                "milliseconds": clock.steps,
            },
        )

    def summarise(
        self, asked: str, topic: str | None, filters: Filters, trace: Mapping[str, Any]
    ) -> Iterator[Stage | Answer]:
        """Yield the stages of a summary, then the summary: sentences of the articles, each quoted.

        Args:
            asked: The question as it was asked.
            topic: What the summary is about; None for no subject in particular.
            filters: Which articles are meant.
            trace: What is already known of how the question was understood.
        """
        clock = Clock()
        yield Stage("weighing", "Choosing the sentences that carry the articles")
        verdict = summarise(self._library, filters, topic)
        clock.lap("summarise")
        more = {"topic": topic, **verdict.trace, "milliseconds": clock.steps}
        yield self._composed(verdict, asked, {**trace, **more})

    def source(self, asked: str, answer: Answer, trace: Mapping[str, Any]) -> Answer:
        """Return who says what an answer quotes."""
        verdict = self._within_risk(sourced(answer, self._library.article))
        return self._composed(verdict, asked, {**trace, **verdict.trace})

    def _composed(self, verdict: Verdict, asked: str, trace: Mapping[str, Any]) -> Answer:
        text, citations = compose(verdict, self._library.article)
        return Answer(verdict.outcome, text, verdict.short, verdict.confidence, citations, asked,
                      asked, trace)

    def hits_of(self, citations: Sequence[Citation]) -> list[Hit]:
        """Return the passages that citations quote from, as hits found by no ranker."""
        hits: list[Hit] = []
        for citation in citations:
            for passage in self._library.passages(citation.article):
                if passage.start <= citation.start and citation.end <= passage.end:
                    hits.append(Hit(passage, citation.title, self._settings.top_k + 1, 0.0,
                                    publisher=citation.publisher, published=citation.published))
                    break
        return hits

    def _hits(self, question: str, filters: Filters, extra: Sequence[Hit]) -> list[Hit]:
        hits = list(self._library.search(question, filters, self._settings.top_k))
        known = {(h.passage.article, h.passage.ordinal) for h in hits}
        hits += [h for h in extra if (h.passage.article, h.passage.ordinal) not in known]
        return hits

    def _verdict(
        self, asked: Asked, hits: list[Hit], clock: Clock
    ) -> tuple[Verdict, Sequence[Candidate]]:
        """Return what the passages come to, and the spans that were read for it, if any."""
        special = self._special(asked, hits)
        clock.lap("special")
        if special is not None:
            return self._within_risk(special), ()
        facts = facts_of(hits, self._library.article)
        candidates = self._read(asked, hits, facts)
        clock.lap("read")
        verdict = self._weigh(asked, candidates, hits)
        fact = stated(asked, facts)
        if fact is not None and self._within_risk(fact) is fact:
            verdict = settled(asked, verdict, fact)
        clock.lap("weigh")
        if verdict.outcome == "not_found" and asked.kind != "list":
            verdict = self._again(asked, hits) or verdict
            clock.lap("read again")
        if verdict.outcome == "not_found" and (words := said(asked, hits)) is not None:
            verdict = self._within_risk(words)
        if verdict.outcome == "not_found" and asked.broad:
            verdict = self._within_risk(tell(asked, hits, self._library.embedder))
            clock.lap("tell")
        return verdict, candidates

    def _read(
        self, asked: Asked, hits: Sequence[Hit], facts: Sequence[Found]
    ) -> Sequence[Candidate]:
        """Return the spans of some passages that neither a label nor a noun rules out."""
        read = without_neighbours(asked, candidates_of(asked, hits, self.reader), facts)
        return counting(asked, read, hits, self._library.embedder)

    def _weigh(
        self, asked: Asked, candidates: Sequence[Candidate], hits: Sequence[Hit], share: float = 1.0
    ) -> Verdict:
        """Return what the spans of some passages come to, within a share of the accepted risk."""
        risk = share * self._settings.max_risk
        first = weigh_all(asked, candidates, hits, self._calibrator)
        weighed, calibrator = self._checked(asked, first)
        verdict = decide(weighed, calibrator, risk)
        threshold = self._calibrator.threshold(risk)
        if asked.kind == "list":
            return listed(asked, weighed, verdict, self._calibrator, threshold)
        verdict = enumerated(asked, weighed, verdict)
        told = claims_of(asked, candidates, hits, self._calibrator, first)
        return confronted(asked, verdict, told, self._library.article, threshold)

    def _checked(self, asked: Asked, weighed: list[Weighed]) -> tuple[list[Weighed], Calibrator]:
        """Let the verifier read the answers, too; return them with the calibrator that holds."""
        if self._second and weighed and _HOPELESS <= weighed[0].probability < _SURE:
            fits = self.reader.verified(asked.text, [w.group.best for w in weighed])
            if fits is not None:
                return checked(weighed, fits, self._second), self._second
        return weighed, self._calibrator

    def _again(self, asked: Asked, hits: Sequence[Hit]) -> Verdict | None:
        """Return what is found when a question is read in its articles' words, if anything is."""
        best: tuple[float, Asked] | None = None
        spans: list[Candidate] = []
        for words, own in reworded(asked, hits):
            other = analyse(words)
            facts = facts_of(own, self._library.article)
            found = [c for c in self._read(other, own, facts) if stands_for(asked, c, own)]
            spans += found
            verdict = self._weigh(other, found, own, REWORDED)
            if verdict.outcome != "not_found" and (best is None or verdict.confidence > best[0]):
                best = verdict.confidence, other
        if best is None:
            return None
        # All articles are heard together: they may say different things.
        verdict = self._weigh(best[1], spans, hits, REWORDED)
        if verdict.outcome == "not_found":
            return None
        told = {"read_as": best[1].text, "why": f"read as “{best[1].text}”: {verdict.trace['why']}"}
        return replace(verdict, trace={**verdict.trace, **told})

    def _within_risk(self, verdict: Verdict) -> Verdict:
        """Return a verdict that no span stands behind, held back where it is not sure enough."""
        threshold = self._calibrator.threshold(self._settings.max_risk)
        if verdict.outcome == "not_found" or verdict.confidence >= threshold:
            return verdict
        why = f"probability {verdict.confidence:.2f} is below the threshold {threshold:.2f}"
        return Verdict("not_found", None, verdict.confidence, trace={**verdict.trace, "why": why})

    def _why_not(
        self, asked: Asked, verdict: Verdict, hits: Sequence[Hit], read: Sequence[Candidate]
    ) -> Verdict:
        """Add to a refusal what is missing, with the look-ups that tell so, and what comes nearest.

        A yes/no question that no rule decides was not read: it is read here, because the sentence
        that decides it is nearly always found and a person sees at once what it says.
        """
        missing = explain(asked, hits, self._library.mentions)
        lead = f"{verdict.lead or NOT_SAID} {missing.text}"
        near = nearest(read or self.reader.read(asked.text, hits))
        titles = {hit.passage.article: hit.title for hit in hits}
        return replace(verdict, lead=lead, trace={
            **verdict.trace,
            "missing": {"absent": list(missing.absent), "checks": list(missing.checks)},
            "nearest": [{"article": q.article, "title": titles[q.article], "start": q.start,
                         "end": q.end, "quote": q.text} for q in near],
        })

    def _special(self, asked: Asked, hits: list[Hit]) -> Verdict | None:
        """Return the verdict for kinds of questions that need no span of the reader's."""
        if asked.kind == "about":
            return tell(asked, hits, self._library.embedder)
        if asked.kind == "yesno":
            decisions = decide_yes_or_no(asked, hits, self.reader)
            told = claims_of_decisions(decisions)
            return confronted(asked, verdict_of(decisions), told, self._library.article)
        if asked.kind == "expand" and asked.abbreviation:
            return expanded(asked.abbreviation, hits)
        identity = identified(asked, hits) if asked.broad else aged(asked, hits)
        return identity or under_heading(asked, hits, self._library.article)


def _limited(until: dt.date) -> str:
    return (f"Only articles with a day of publication up to {until.day} {until:%B %Y} were "
            "searched, as the question asks.")

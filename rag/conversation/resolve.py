"""A follow-up and its history become a question that stands alone.

The rules decide the form (which words are replaced, what an ellipsis repeats); the words that fill
it are phrases of the conversation or of its quotes. Only the newest turns are read, so that the
cost of a turn does not grow with the conversation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.conversation.casing import cased, known_in
from rag.conversation.corrections import correction
from rag.conversation.ellipsis import (
    complete,
    continue_with,
    counts_again,
    of_other_nation,
    statement,
)
from rag.conversation.events import announced, happened, told
from rag.conversation.fronting import fronted
from rag.conversation.gender import GENDER, Read
from rag.conversation.history import TURNS, History, Score
from rag.conversation.mentions import mentions
from rag.conversation.said import Remembered
from rag.conversation.shapes import Anaphor, anaphors, shape
from rag.language.verbs import is_verb
from rag.language.words import AUXILIARIES, PREPOSITIONS, content_stems, words
from rag.types import Turn

# Mean probability of a phrase's words from which it is put behind a question that names nothing,
# and the most content words that such a question has.
SURE = 0.6
SHORT = 4
_SAYS = re.compile(
    r"\b(?:sa(?:y|ys|id)|tell|tells|told|report(?:s|ed)?|claim(?:s|ed)?|announced?|confirm(?:s|ed)?"
    r"|thinks?|believed?|stated?|wrote|denied|deny)\s+$", re.I)
_OF = re.compile(r"\bof\s+$", re.I)
_COUNTS = re.compile(r"^(?:and\s+)?how\s+many\s+$", re.I)
_CLAUSE = 8
_AMOUNT = 6  # words of an answer that "of that" means
_ALONE = PREPOSITIONS | AUXILIARIES | {"there"}  # before "one" that is no "red one"
_OWN = re.compile(r"(his|her)\s+(?=[^\W\d_])", re.I)
_ITS = frozenset(("it", "its", "itself"))
_THEIRS = frozenset(("they", "them", "their", "themselves"))
_JOINED = re.compile(r"\b(in|at|of|for|during|on|by)\s+(?:the\s+|a\s+|an\s+)?$", re.I)


def standalone(
    question: str,
    turns: Sequence[Turn],
    score: Score | None = None,
    whole: bool = True,
    read: Read | None = None,
) -> tuple[str, tuple[str, ...]]:
    """Return the question that stands alone, and the phrases that were added to it.

    Args:
        question: The question as asked.
        turns: The turns before it, oldest first; only the newest few are read.
        score: The term model's score; without it only the rules choose.
        whole: Whether it is a question; of a mere phrase only the words that point back are
            replaced.
        read: Reads an article by its name, to see what it calls somebody.
    """
    corrected = correction(question) if whole and turns else None
    if corrected is not None:
        told, asks = corrected
        last = replace(turns[-1].answer, short=None, citations=())
        alone, _ = standalone(asks, [*turns, Turn(told, told, last)], score, read=read)
        return alone, added(question, alone)
    if turns:
        known = cased(question, known_in(turns[-TURNS:], read))
        front = fronted(known) if whole else None
        if front is not None:
            alone = _sentence(front)
            return alone, ()
        if known != question:
            alone, _ = standalone(known, turns, score, whole, read)
            return (question, ()) if alone == known else (alone, added(question, alone))
    history = History.of(turns, question, score, read)
    if not history.turns:
        return question, ()
    if not whole:
        phrase, _ = _fill(question, history)
        return phrase, added(question, phrase)
    form = shape(question)
    resolved: str | None
    if form.kind == "bare":
        resolved = complete(form.core, history)
    elif form.kind == "fragment":
        core = _same_owner(form.core, history) or _fill(form.core, history)[0]
        resolved = of_other_nation(form.core, history) or continue_with(core, history)
        if resolved is not None and any(_same(resolved, turn.question)
                                        for turn in history.turns[:2]):
            resolved = continue_with(form.core, history)  # filled, it asks nothing new
    else:
        clause = announced(form.core, history) or counts_again(form.core, history)
        filled, changed = (clause, True) if clause else _fill(form.core, history)
        resolved, more = filled, False
        if not changed and not _names_its_own(filled, history):
            resolved, more = _append(filled, history)
        if not changed and not more and not form.correction:
            return question, ()
    if resolved is None:
        return question, ()
    resolved = _sentence(resolved)
    return resolved, added(question, resolved)


def has_kind(turns: Sequence[Turn]) -> bool:
    """Whether the last question tells of one of a kind, that there may be another of."""
    one = next((a for a in anaphors("the other one") if a.slot == "one"), None)
    meant = History.of(turns[-1:]).meant(one, (), "") if one else None
    return meant is not None and not meant.mention.plural


def _same(one: str, other: str) -> bool:
    return one.strip(" ?.!").casefold() == other.strip(" ?.!").casefold()


def _same_owner(fragment: str, history: History) -> str | None:
    """Fill "And her aunt?" after "Who was her deputy?": whose it was is whose it is.

    None where the last question was not asked with the same word.
    """
    own = _OWN.match(fragment)
    last = history.turns[0]
    asked = own and re.search(rf"\b{own[1]}\s+([^\W\d_]+)", last.asked, re.I)
    if not own or not asked:
        return None
    owner = re.search(rf"((?:[A-Z][\w.-]*\s+)*[A-Z][\w.-]*)['’]s?\s+{asked[1]}\b", last.question)
    return f"{owner[1]}’s {fragment[own.end() :]}" if owner else None


def added(question: str, resolved: str) -> tuple[str, ...]:
    """Return the runs of words in ``resolved`` whose content is not in ``question``."""
    asked = content_stems(question)
    return tuple(dict.fromkeys(m.text for m in mentions(resolved) if content_stems(m.text) - asked))


def _names_its_own(question: str, history: History) -> bool:
    """Whether a question has its own subject: a name that was not said, or many words."""
    said = frozenset[str]().union(*(content_stems(one.text) for one in history.said))
    own = [m for m in mentions(question) if m.is_name and not content_stems(m.text) & said]
    return bool(own) or len(content_stems(question)) > SHORT


def _append(question: str, history: History) -> tuple[str, bool]:
    """Put behind a question the phrase that it needs by the term model, if there is one."""
    needed = next(iter(history.missing(question, SURE)), None)
    stripped = question.rstrip("?!. ")
    if needed is None or not stripped:
        return question, False
    joined = _JOINED.search(needed.said.text[: needed.mention.start])
    if joined and stripped.split()[-1].casefold() not in PREPOSITIONS:
        return f"{stripped} {joined[1].casefold()} {needed.phrase}", True
    return f"{stripped} ({needed.phrase})", True


def _fill(question: str, history: History) -> tuple[str, bool]:
    """Replace every word that points back by the phrase it means, where one is found."""
    put: dict[Anaphor, str] = {}
    taken: list[Remembered] = []
    # Pronouns choose first: in "What did the judge say to him?" the judge is somebody else.
    for anaphor in sorted(anaphors(question), key=lambda a: (bool(a.noun), a.start)):
        if anaphor.slot == "that" and not anaphor.noun and _SAYS.search(question[: anaphor.start]):
            stated = statement(history)
            if stated:
                put[anaphor] = f"that {stated}"
                continue
        if anaphor.slot == "that" and not anaphor.noun and _OF.search(question[: anaphor.start]):
            whole = history.turns[0].answer.short or ""
            if 0 < len(whole.split()) <= _AMOUNT:
                put[anaphor] = whole  # "How much of that will the city pay?"
                continue
        if anaphor.slot == "it" and not anaphor.possessive and told(question[: anaphor.start]):
            event = happened(history)
            again = told(question[: anaphor.start], event or "")
            if event and not again:  # "When did she announce it?": what she announced
                put[anaphor] = f"that {event}"
                continue
        if any(_same_one(a, anaphor) for a in put):
            continue  # "What did Ann Bell say of her dog?": said once, it needs no more
        meant = history.meant(anaphor, tuple(taken), question)
        if anaphor.slot == "they" and (meant is None or _is_one(meant)):
            meant = history.pair() or meant
        if meant is None:
            continue
        if anaphor.slot not in ("one",):
            taken.append(meant)
        part = _OF.search(question[: anaphor.start]) is not None
        put[anaphor] = (_counted(meant) if part else None) or _put(anaphor, meant, question)
    pieces: list[str] = []
    at = 0
    for anaphor in sorted(put, key=lambda a: a.start):
        pieces += [question[at : anaphor.start], put[anaphor]]
        at = anaphor.end
    if not pieces:
        return question, False
    return "".join([*pieces, question[at:]]), True


def _is_one(meant: Remembered) -> bool:
    """Whether a phrase is a person, or a name that may be one, and not several."""
    return meant.mention.kind in ("person", "name") and not meant.mention.plural


def _same_one(one: Anaphor, other: Anaphor) -> bool:
    """Whether two words of a question mean the same: "them ... their", not "he ... him"."""
    words = [a.text.casefold() for a in (one, other)]
    called = {"it" if w in _ITS else "they" if w in _THEIRS else GENDER.get(w) for w in words}
    return len(called) == 1 and None not in called and (one.possessive or other.possessive)


def _counted(meant: Remembered) -> str | None:
    """Say which ones "of them" means, where the question before counted them by what they did."""
    told = meant.said.text[meant.mention.end :].strip(" ?")
    counted = _COUNTS.search(meant.said.text[: meant.mention.start])
    first = told.partition(" ")[0]
    acts = is_verb(first) or first.casefold() in ("were", "are", "had", "have")
    if meant.said.role != "question" or not counted or not acts or len(told.split()) > _CLAUSE:
        return None
    return f"{meant.phrase} that {told}"


def _put(anaphor: Anaphor, meant: Remembered, question: str) -> str:
    """Word the phrase for its place in the question."""
    phrase = meant.phrase
    if anaphor.slot == "one" and anaphor.text.casefold() == "one":
        before = [m[0] for m in words(question[: anaphor.start])][-1:]
        if (before and before[0].casefold() in _ALONE) or is_verb("".join(before)):
            return f"{'an' if phrase[0].casefold() in 'aeiou' else 'a'} {phrase}"
    if anaphor.possessive:
        return phrase + ("’" if phrase.endswith("s") and meant.mention.plural else "’s")
    if anaphor.slot == "there":
        return phrase if anaphor.start == 0 else f"in {phrase}"
    if anaphor.slot == "then" and anaphor.text.casefold() != "then":
        return f"in {phrase}"
    return phrase


def _sentence(text: str) -> str:
    """Begin with a capital and end with a question mark."""
    text = re.sub(r"\s+", " ", text).strip()
    text = text.rstrip(".!, ")
    if text and not text.endswith("?"):
        text += "?"
    return text[:1].upper() + text[1:]

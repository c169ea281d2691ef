"""A follow-up and its history become a question that stands alone.

The rules decide the form (which words are replaced, what an ellipsis repeats); the words that fill
it are phrases of the conversation or of its quotes. Only the newest turns are read, so that the
cost of a turn does not grow with the conversation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.conversation.ellipsis import complete, continue_with
from rag.conversation.history import History, Remembered
from rag.conversation.mentions import mentions
from rag.conversation.shapes import Anaphor, anaphors, shape
from rag.conversation.words import content_stems
from rag.types import Turn


def standalone(
    question: str, turns: Sequence[Turn], whole: bool = True
) -> tuple[str, tuple[str, ...]]:
    """Return the question that stands alone, and the phrases that were added to it.

    Args:
        question: The question as asked.
        turns: The turns before it, oldest first; only the newest few are read.
        whole: Whether it is a question; of a mere phrase only the words that point back are
            replaced.
    """
    history = History.of(turns)
    if not history.turns:
        return question, ()
    if not whole:
        filled, _ = _fill(question, history)
        return filled, added(question, filled)
    form = shape(question)
    if form.kind == "bare":
        resolved = complete(form.core, history)
    elif form.kind == "fragment":
        core, _ = _fill(form.core, history)
        resolved = continue_with(core, history)
    else:
        resolved, changed = _fill(form.core, history)
        if not changed and not form.correction:
            return question, ()
    if resolved is None:
        return question, ()
    resolved = _sentence(resolved)
    return resolved, added(question, resolved)


def added(question: str, resolved: str) -> tuple[str, ...]:
    """Return the runs of words in ``resolved`` whose content is not in ``question``."""
    asked = content_stems(question)

    return tuple(dict.fromkeys(m.text for m in mentions(resolved) if content_stems(m.text) - asked))


def _fill(question: str, history: History) -> tuple[str, bool]:
    """Replace every word that points back by the phrase it means, where one is found."""
    pieces: list[str] = []
    at = 0
    taken: list[Remembered] = []
    for anaphor in anaphors(question):
        meant = history.meant(anaphor, tuple(taken), question)
        if meant is None:
            continue
        if anaphor.slot not in ("one",):
            taken.append(meant)
        pieces += [question[at : anaphor.start], _put(anaphor, meant)]
        at = anaphor.end
    if not pieces:
        return question, False
    return "".join([*pieces, question[at:]]), True


def _put(anaphor: Anaphor, meant: Remembered) -> str:
    """Word the phrase for its place in the question."""
    phrase = meant.phrase
    if anaphor.possessive:
        return phrase + ("’" if phrase.endswith("s") and meant.mention.plural else "’s")
    if anaphor.slot == "there":
        return phrase if anaphor.start == 0 else f"in {phrase}"
    if anaphor.slot == "then":
        return f"in {phrase}"
    return phrase


def _sentence(text: str) -> str:
    """Begin with a capital and end with a question mark."""
    text = re.sub(r"\s+", " ", text).strip()
    text = text.rstrip(".!, ")
    if text and not text.endswith("?"):
        text += "?"
    return text[:1].upper() + text[1:]

"""Make follow-ups for training out of questions on one paragraph, by taking a phrase back.

Questions that people wrote on the same paragraph are a conversation of a kind: some become the
history; in another, a phrase that the history holds is replaced by a pronoun or left out, and its
words are the terms to find. A share is left whole, some of it on another paragraph, so that a
change of topic is learnt too.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from typing import Any

from rag.conversation.mentions import Mention, mentions
from rag.language.verbs import BARE, is_verb
from rag.language.words import content_stems, is_content

_WHOLE, _STRANGE = 0.18, 0.08
_LEFT_OUT = re.compile(r"\s+(?:in|of|at|by|for|from|during|on)\s+(?:the\s+)?$", re.I)


def conversations(
    rows: Sequence[dict[str, Any]], count: int, seed: int
) -> Iterator[dict[str, Any]]:
    """Yield up to ``count`` rows ``{source, title, history, question, rewrite}``.

    Args:
        rows: Span-reading rows ``{title, context, question, answers}``.
        count: How many to make.
        seed: Seed of the choices.
    """
    draw = random.Random(seed)
    paragraphs: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row["answers"]:
            paragraphs.setdefault(row["context"], []).append(row)
    groups = [group for group in paragraphs.values() if len(group) > 1]
    made = 0
    while made < count:
        group = draw.choice(groups)
        asked = draw.choice(group)
        others = [row for row in group if row is not asked]
        stranger = draw.random() < _STRANGE
        if stranger:
            others = draw.choice(groups)
        said = draw.sample(others, min(len(others), draw.randint(1, 4)))
        history = [[row["question"], _answer(row, draw)] for row in said]
        title = said[0].get("title") or ""
        question = asked["question"].strip()
        if not stranger and draw.random() > _WHOLE:
            known = content_stems(" ".join([title, *(t for turn in history for t in turn)]))
            pointed = _pointed(question, known, draw)
            if pointed is None:
                continue
            question = pointed
        made += 1
        yield {
            "source": "made",
            "title": title,
            "section": "",
            "history": history,
            "question": question,
            "rewrite": asked["question"],
        }


def _answer(row: dict[str, Any], draw: random.Random) -> str:
    """The answer's span, or the sentence around it, as a quote would give it."""
    answer = row["answers"][0]
    text, start = str(answer["text"]), int(answer["answer_start"])
    if draw.random() < 0.4:
        return text
    context = row["context"]
    begin = max(context.rfind(". ", 0, start) + 2, 0) if ". " in context[:start] else 0
    end = context.find(". ", start + len(text))
    return str(context[begin : end + 1 if end >= 0 else len(context)])


def _pointed(question: str, known: frozenset[str], draw: random.Random) -> str | None:
    """Replace or leave out one phrase that the history holds."""
    can = [
        m
        for m in mentions(question)
        if content_stems(m.text)
        and content_stems(m.text) <= known
        and m.kind != "number"
        and _stands_free(question, m)
    ]
    if not can:
        return None
    names = [m for m in can if m.is_name]
    chosen = draw.choice(names if names and draw.random() < 0.7 else can)
    before, after = question[: chosen.start], question[chosen.end :]
    left = _LEFT_OUT.search(before)
    if left and draw.random() < (0.5 if chosen.kind in ("place", "time") else 0.25):
        return before[: left.start()] + after
    before = re.sub(r"\b(?:the|a|an)\s+$", "", before, flags=re.I)
    owner = re.match(r"['’]s?\b", after)
    if owner:
        after = after[owner.end() :]
    word = _pronoun(chosen, bool(owner), before, draw)
    if word == "there":
        before = re.sub(r"\b(?:in|at|to|from)\s+$", "", before, flags=re.I)
    return f"{before}{word}{after}"


def _stands_free(question: str, mention: Mention) -> bool:
    """Whether no neighbouring word belongs to the phrase: "ABC" does not in "ABC comedy"."""
    after = re.match(r"\s+([^\W_]+)", question[mention.end :])
    before = re.search(r"([^\W_]+)\s+$", question[: mention.start])
    return not (
        (
            after
            and is_content(after[1])
            and not is_verb(after[1])
            and after[1].casefold() not in BARE
        )
        or (
            before
            and is_content(before[1])
            and not is_verb(before[1])
            and before[1].casefold() not in BARE
        )
    )


def _pronoun(mention: Mention, owner: bool, before: str, draw: random.Random) -> str:
    subject = not re.search(
        r"\b(?:of|to|for|with|by|from|on|about|against|in|at)\s+$", before, re.I
    )
    if mention.kind == "place" and not owner and not subject:
        return "there"
    if mention.kind == "time":
        return "then"
    if mention.kind == "person":
        woman = draw.random() < 0.4
        if owner:
            return "her" if woman else "his"
        return ("she" if woman else "he") if subject else ("her" if woman else "him")
    plural = mention.plural or (mention.kind == "group" and draw.random() < 0.5)
    if owner:
        return "their" if plural else "its"
    if plural:
        return "they" if subject else "them"
    last = mention.text.split()[-1]
    if last.islower() and draw.random() < 0.3:
        return f"the {last}"  # a definite mention: the head stays, its qualifiers go
    return "it"

"""A conversation as Markdown: questions, answers, quotes and their sources."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag import Answer, Citation
from ui.answers import confidence_word
from ui.folded import Exchange
from ui.render import plain

# Whatever could begin markup in Markdown or in the HTML that Markdown lets through.
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+!|~&$:-])")


def markdown(exchanges: Sequence[Exchange]) -> str:
    """Return a conversation as a document; all that is quoted stands there as text."""
    parts = ["# Ask the articles", *(_turn(exchange.answer) for exchange in exchanges)]
    return "\n\n".join(parts) + "\n"


def _turn(answer: Answer) -> str:
    parts = [f"## {_text(answer.asked)}"]
    if answer.question != answer.asked:
        parts.append(f"Searched for: {_text(answer.question)}")
    if answer.short and answer.outcome == "answered":
        parts.append(f"**{_text(answer.short)}**")
    elif answer.outcome == "disputed":
        parts.append("**The articles disagree.**")
    else:
        parts.append("\n\n".join(_text(line) for line in answer.text.split("\n") if line.strip()))
    if answer.outcome != "not_found":
        parts.append(f"{confidence_word(answer.confidence)} ({answer.confidence:.0%})")
    parts += [_citation(citation) for citation in answer.citations]
    return "\n\n".join(parts)


def _citation(citation: Citation) -> str:
    quoted = "\n".join(f"> {_text(line)}" for line in citation.quote.split("\n"))
    source = ", ".join(_text(part) for part in (
        citation.title, citation.publisher,
        citation.published.isoformat() if citation.published else None, citation.article,
    ) if part)
    return (f"{quoted}\n>\n> \\[{citation.number}\\] {source}, "
            f"characters {citation.start} to {citation.end}")


def _text(words: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(plain(words).split()))

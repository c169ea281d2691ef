"""What an article is called: its declared title, else its first line, else its file's name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from rag.language import sentences
from rag.types import Span

_LONGEST = 200  # characters of a title that is kept whole
_SHORT = 90  # characters of a title that is made from a sentence
_CLAUSE = re.compile(r"[,;:—–]\s")
_EMPTY = re.compile(
    r"(?:untitled.*|document\d*|microsoft word - .*|.*\.(?:docx?|pdf|indd|qxd)|(?:slide|page) \d+)",
    re.IGNORECASE,
)


def choose_title(declared: str | None, text: str, furniture: Sequence[Span], name: str) -> str:
    """Choose a title.

    Args:
        declared: What the file itself says, if it does; names that tools give ("Microsoft Word -
            Document1", "untitled") do not count.
        text: The article's text.
        furniture: Its page furniture, which never is a title.
        name: The file's name, the last resort.

    Returns:
        One line of at most 200 characters. A first line that is a sentence is cut after a
        clause, or after a word with an ellipsis, to at most 90.
    """
    cleaned = " ".join((declared or "").replace("\x00", " ").split())
    cleaned = "".join(ch if not "\ud800" <= ch <= "\udfff" else "\ufffd" for ch in cleaned)
    if cleaned and not _EMPTY.fullmatch(cleaned):
        return cleaned if len(cleaned) <= _LONGEST else _cut(cleaned)
    if first := _first_line(text, furniture):
        return first
    return PurePosixPath(name).stem


def _first_line(text: str, furniture: Sequence[Span]) -> str:
    head = text[:5000]  # far enough for any menu above the title
    for start, end in sentences.split(head):
        if any(a < end and start < b for a, b in furniture):
            continue
        line = " ".join(head[start:end].split())
        is_sentence = line.endswith((".", "!", "…")) or len(line) > _LONGEST
        return _cut(line.rstrip(".")) if is_sentence else line
    return ""


def _cut(sentence: str) -> str:
    if len(sentence) <= _SHORT:
        return sentence
    clauses = [m.start() for m in _CLAUSE.finditer(sentence[: _SHORT + 2])]
    if clauses and clauses[-1] >= _SHORT // 3:
        return sentence[: clauses[-1]]
    return sentence[: _SHORT - 1].rsplit(" ", 1)[0] + "…"

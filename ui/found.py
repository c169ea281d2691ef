"""The fold-out "How this was found": passages, candidate answers and the reason, as markup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rag import Answer
from ui.render import NOTHING, Html, join, tag


def how_found(answer: Answer, excerpts: Mapping[tuple[str, int, int], str]) -> Html:
    """Return the trace of an answer for people who look; nothing when there is none.

    Args:
        answer: The answer.
        excerpts: Text of the passages that were read, by (article, start, end).
    """
    trace = answer.trace
    parts = [part for part in (
        _reason(trace), _candidates(_rows(trace, "answers")),
        _passages(_rows(trace, "passages"), excerpts), _times(trace),
    ) if part]
    if not parts:
        return NOTHING
    return tag("details", tag("summary", "How this was found"), *parts, cls="found")


def _rows(trace: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    rows = trace.get(name)
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        return []
    return [row for row in rows if isinstance(row, Mapping)]


def _reason(trace: Mapping[str, Any]) -> Html:
    reason = trace.get("why")
    if not isinstance(reason, str) or not reason:
        return NOTHING
    line = reason[:1].upper() + reason[1:]
    return tag("p", line if line.endswith(".") else f"{line}.", cls="reason")


def _times(trace: Mapping[str, Any]) -> Html:
    times = trace.get("milliseconds")
    if not isinstance(times, Mapping) or not times:
        return NOTHING
    steps = ", ".join(f"{step} {value:.0f} ms" for step, value in times.items()
                      if isinstance(value, int | float))
    return tag("p", "Time: ", steps, cls="times")


def _number(value: object, digits: int = 3) -> str:
    if isinstance(value, bool) or value is None:
        return "–"
    return f"{value:.{digits}f}" if isinstance(value, float) else str(value)


def _table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[Html | str]]) -> Html:
    return tag(
        "section", tag("h3", caption),
        tag("div", tag(
            "table",
            tag("thead", tag("tr", *(tag("th", head, scope="col") for head in heads))),
            tag("tbody", *(tag("tr", *(tag("td", cell) for cell in row)) for row in rows)),
        ), cls="scroll", tabindex=0, role="region", aria_label=caption),
    )


def _passages(rows: Sequence[Mapping[str, Any]],
              excerpts: Mapping[tuple[str, int, int], str]) -> Html:
    if not rows:
        return NOTHING
    made = []
    for row in rows:
        where = (str(row.get("article")), row.get("start", 0), row.get("end", 0))
        made.append((
            _number(row.get("rank")),
            join([tag("button", row.get("title") or row.get("article"), cls="open", dir="auto",
                      data_article=where[0], data_start=where[1], data_end=where[2]),
                  tag("p", cut(beginning(excerpts.get(where, ""), str(row.get("title") or ""))),
                      dir="auto")]),
            _number(row.get("score"), 4),
            _ranked(row.get("dense_rank"), row.get("dense_score")),
            _ranked(row.get("word_rank"), row.get("word_score")),
        ))
    return _table("Passages that were read",
                  ("Rank", "Passage", "Fused", "Meaning", "Words"), made)


def _ranked(rank: object, score: object) -> str:
    return "–" if rank is None else f"#{rank} · {_number(score, 2)}"


def _candidates(rows: Sequence[Mapping[str, Any]]) -> Html:
    if not rows:
        return NOTHING
    return _table(
        "Answers that were weighed",
        ("Words", "Probability", "Margin over “not here”", "Places"),
        [(cut(row.get("text"), 90), _number(row.get("probability"), 2),
          _number(row.get("margin"), 2), _number(row.get("places"))) for row in rows[:8]],
    )


def beginning(words: str, title: str) -> str:
    """Return a passage's text without the line of the article's title that it may begin with."""
    first, _, rest = words.partition("\n")
    return rest.strip() if first.strip() == title.strip() and rest.strip() else words


def cut(words: object, limit: int = 120) -> str:
    """Return words on one line, cut at a space when they are longer than the limit."""
    line = " ".join(str(words or "").split())
    return line if len(line) <= limit else line[:limit].rsplit(" ", 1)[0] + " …"

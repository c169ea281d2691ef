"""What the page says when there is no answer to show: progress, busy, stopped, mistakes."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from rag import RagError, Stage
from ui.answers import question_heading, suggestions
from ui.desk import Changed, NotOpen, Progress
from ui.gate import Busy
from ui.render import NOTHING, Html, join, tag

log = logging.getLogger("ui")

BUSY = "Busy: many questions are waiting. Ask again in a few seconds."
STOPPED = "Stopped. Nothing was kept of this question."
CHANGED = "The articles changed while this was answered. Ask again."
BROKEN = ("Something went wrong in here; the details are in the terminal. "
          "Ask again, or start the program anew.")


def sentence(error: BaseException) -> str:
    """Return an error as one sentence that says what to do; log what nobody expected."""
    if isinstance(error, Busy):
        return BUSY
    if isinstance(error, Changed):
        return CHANGED
    if isinstance(error, RagError | NotOpen):
        words = str(error).strip().splitlines()[0] if str(error).strip() else BROKEN
        words = words[:1].upper() + words[1:]
        return words if words.endswith((".", "!", "?")) else words + "."
    log.error("a question failed", exc_info=error)
    return BROKEN


def notice(words: str, asked: str = "") -> Html:
    """Return a calm line under a question."""
    return tag("article", question_heading(asked) if asked else None,
               tag("p", words, cls="notice", role="status"), cls="turn")


def working(asked: str, stages: Sequence[Stage]) -> Html:
    """Return a question that is being answered with its stages so far, the last one running."""
    steps = [
        tag("li", stage.text, cls="running" if place == len(stages) - 1 else "done")
        for place, stage in enumerate(stages)
    ] or [tag("li", "Waiting for its turn", cls="running")]
    return tag("article", question_heading(asked),
               tag("ol", *steps, cls="stages", role="status"), cls="turn pending")


def opening(progress: Progress, failure: str = "") -> Html:
    """Return how far the opening of the articles is."""
    if failure:
        return tag("section", tag("h2", "The articles could not be opened"),
                   tag("p", failure, cls="notice", role="alert"), cls="welcome")
    known = progress.total > 0
    label = f"{progress.stage.capitalize()}: {progress.done:,} of {progress.total:,}" if known \
        else f"{progress.stage.capitalize()} …"
    bar = tag("progress", label, value=progress.done if known else None,
              max=progress.total if known else None, aria_label="Opening the articles")
    return tag("section", tag("h2", "Opening the articles"), bar,
               tag("p", label, cls="count", role="status"), cls="welcome")


def welcome(articles: int, skipped: int, examples: Sequence[str], searching: bool) -> Html:
    """Return what an empty conversation shows.

    Args:
        articles: Number of articles.
        skipped: Number of files that could not be read.
        examples: Questions that these articles answer.
        searching: Whether examples are still being looked for.
    """
    noun = "article" if articles == 1 else "articles"
    left = f" {skipped} file{'' if skipped == 1 else 's'} could not be read." if skipped else ""
    return join([
        tag("section",
            tag("h2", f"Ask {articles:,} {noun}"),
            tag("p", "Every answer shows the sentence it stands on. Press its number to read that "
                     "sentence in its article. When the articles do not say, you are told so.",
                left),
            cls="welcome"),
        suggestions("For example", examples) or (
            tag("p", "Looking for questions that these articles answer …", cls="hint")
            if searching else NOTHING),
    ])


def shortened() -> Html:
    """Return the line above a conversation whose oldest turns have fallen away."""
    return tag("p", "Older turns of this long conversation are no longer kept.", cls="hint")

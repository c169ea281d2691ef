"""What stays around conversations and articles: the bar on top and the frame of the reader."""

from __future__ import annotations

from collections.abc import Sequence

from ui.render import Html, tag
from ui.uploads import KINDS


def bar(title: str) -> Html:
    """Return the bar on top: the name and what concerns the whole page."""
    return tag(
        "header",
        tag("h1", title),
        tag("p", cls="status", id="status", role="status"),
        tag("div",
            _button("New", "new", "Begin a new conversation"),
            _button("Export", "export", "Save this conversation as Markdown"),
            _button("Refresh", "refresh", "Look for new, changed and deleted articles"),
            _button("Dark", "theme", "Change between light and dark"),
            cls="actions", role="toolbar", aria_label="Page"),
        cls="bar",
    )


def reader(uploads: bool) -> Html:
    """Return the frame that holds an article or the list of articles."""
    return tag(
        "aside",
        tag("div",
            tag("h2", "Articles", id="shelf-title"),
            tag("button", "All articles", cls="quiet", data_action="shelf", id="to-shelf",
                hidden=True),
            tag("button", "Back to the answer", cls="quiet", data_action="back", id="to-answer",
                hidden=True),
            # Which article it is, when its own title is scrolled away.
            tag("p", id="now-reading", dir="auto", aria_hidden="true"),
            cls="reader-bar"),
        tag("div",
            tag("label", "Filter", for_="filter"),
            tag("input", type="search", id="filter", autocomplete="off", spellcheck="false",
                placeholder="Title, publisher or date"),
            _drop() if uploads else None,
            tag("div", id="shelf"),
            id="shelf-pane", tabindex=0, role="region", aria_label="List of articles"),
        tag("div", id="article-pane", hidden=True, tabindex=0, role="region", aria_label="Article"),
        cls="reader", aria_label="Articles",
    )


def _drop() -> Html:
    return tag(
        "div",
        tag("button", "Add articles", cls="quiet", data_action="add"),
        tag("span", "or drop files here: .txt, .md, .html, .pdf, .docx"),
        tag("div", id="added", role="status"),
        cls="drop", id="drop", data_kinds=",".join(KINDS),
    )


def _button(label: str, action: str, tells: str) -> Html:
    return tag("button", label, cls="quiet", data_action=action, title=tells)


def asked_correction(turn: int) -> Html:
    """Return the question for what would have been right."""
    field = f"correction-{turn}"
    return tag(
        "div",
        tag("label", "What is right, if you know?", for_=field),
        tag("input", type="text", id=field, autocomplete="off", data_turn=turn),
        tag("button", "Keep", cls="quiet", data_feedback="wrong", data_turn=turn,
            data_correction=field),
        cls="correction",
    )


def added(reports: Sequence[tuple[str, bool]]) -> Html:
    """Return what became of files that were added: a line for each and whether it was taken."""
    return tag("ul", *(tag("li", said, cls="taken" if taken else "refused")
                       for said, taken in reports))

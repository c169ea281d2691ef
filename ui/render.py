"""The one place that escapes text and makes tags: every other module composes what it returns.

What comes from articles, file names, questions, history and models is untrusted. It enters the
page as text (:func:`text`) or as an attribute's value (a keyword of :func:`tag`), and both are
escaped here. The markup has no attribute that can hold a URL, a style or a script (see
``ATTRIBUTES``), so that no input can make a request or run, whatever a sanitizer further on
keeps or a browser repairs.

Text keeps its characters, because quotes are shown as they stand in their article: the text
content of the parsed result equals the input, but for what no document can hold (NUL, lone
surrogates, noncharacters), which becomes U+FFFD. Explicit bidirectional controls stay, each
alone in an isolating ``<bdi>``, where they cannot turn the text around them.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from typing import Final, TypeAlias, final

# Elements that the page is made of. None of them loads, embeds, styles or submits anything.
ELEMENTS: Final = frozenset({
    "article", "aside", "bdi", "blockquote", "br", "button", "cite", "dd", "details", "div",
    "dl", "dt", "em", "footer", "h1", "h2", "h3", "h4", "header", "input", "label", "li",
    "mark", "ol", "p", "progress", "section", "small", "span", "strong", "summary", "sup",
    "table", "tbody", "td", "th", "thead", "time", "tr", "ul",
})
VOID: Final = frozenset({"br", "input"})

# No href, src, style, action or on*: an attribute that is not here cannot be written.
ATTRIBUTES: Final = frozenset({
    "class", "datetime", "dir", "for", "hidden", "id", "lang", "max", "name", "open",
    "placeholder", "role", "tabindex", "title", "type", "value", "scope", "autocomplete",
    "spellcheck", "disabled",
})
_PREFIXED = re.compile(r"(?:aria|data)-[a-z]+(?:-[a-z]+)*")
_INPUT_TYPES: Final = frozenset({"search", "text"})

_NOT_TEXT = re.compile(
    "[\x00\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}"
              for plane in range(1, 17))
    + "]"
)
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Besides the five of HTML: a carriage return would be normalised by the parser, and braces,
# dollar and backtick are the marks of the template languages that a page's framework may run.
_ESCAPES: Final = {
    ord(char): f"&#{ord(char)};" for char in "&<>\"'\r`{}$="
}


@final
class Html(str):
    """Markup that this module made. Adding a plain string to it gives a plain string again."""

    __slots__ = ()


class Packed:
    """Markup of this module, compressed: for keeping many turns.

    Args:
        markup: The markup.
    """

    __slots__ = ("_bytes",)

    def __init__(self, markup: Html) -> None:
        self._bytes = zlib.compress(markup.encode("utf-8"))

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return len(self._bytes)

    @property
    def markup(self) -> Html:
        """The markup again."""
        return Html(zlib.decompress(self._bytes).decode("utf-8"))


Child: TypeAlias = "Html | str | int | float | None"
NOTHING: Final = Html("")


def _escape(value: str) -> str:
    return _NOT_TEXT.sub("\ufffd", value).translate(_ESCAPES)


def text(value: object) -> Html:
    """Return a value as text: escaped, with bidirectional controls isolated."""
    if isinstance(value, Html):
        return value
    escaped = _escape(str(value))
    return Html(_BIDI.sub(
        lambda found: f'<bdi class="control" title="U+{ord(found[0]):04X}">{found[0]}</bdi>',
        escaped,
    ))


def plain(value: object) -> str:
    """Return text for a place that is not HTML (an attribute, a label): no bidi controls."""
    return _BIDI.sub("\ufffd", _NOT_TEXT.sub("\ufffd", str(value)))


def join(parts: Iterable[Child], between: str = "") -> Html:
    """Join children, each of them escaped unless it is markup already."""
    glue = str(text(between))
    return Html(glue.join(str(text(part)) for part in parts if part is not None))


def tag(name: str, *children: Child, cls: str | None = None, **attributes: object) -> Html:
    """Make one element.

    Args:
        name: One of ``ELEMENTS``.
        *children: Markup from this module, or anything else, which is escaped; None is left out.
        cls: The class attribute.
        **attributes: Attributes; ``data_turn=3`` gives ``data-turn="3"``. True gives the bare
            attribute, None and False leave it out.

    Raises:
        ValueError: The element or an attribute is not allowed, or a void element has children.
    """
    if name not in ELEMENTS:
        raise ValueError(f"element {name!r} is not one that the page is made of")
    given = {"class": cls, **{key.rstrip("_").replace("_", "-"): value
                              for key, value in attributes.items()}}
    written = "".join(_attribute(name, key, value) for key, value in given.items()
                      if value is not None and value is not False)
    if name in VOID:
        if children:
            raise ValueError(f"element {name!r} cannot have children")
        return Html(f"<{name}{written}>")
    if name == "button" and "type" not in given:
        written += ' type="button"'
    return Html(f"<{name}{written}>{join(children)}</{name}>")


def _attribute(element: str, name: str, value: object) -> str:
    if name not in ATTRIBUTES and not _PREFIXED.fullmatch(name):
        raise ValueError(f"attribute {name!r} is not one that the page may write")
    if element == "input" and name == "type" and value not in _INPUT_TYPES:
        raise ValueError(f"an input of type {value!r} is not one that the page may write")
    if value is True:
        return f" {name}"
    return f' {name}="{_escape(plain(value))}"'

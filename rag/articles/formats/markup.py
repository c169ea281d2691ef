"""What the marks of a page say without a parser: its encoding, what it hides, its lists' numbers.

Shared by the parsers and by those who read a file again without them, so that both see the same:
nothing but the standard library is imported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from rag.articles.formats.plain import decode
from rag.types import Span

_CHARSET = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE
)
_HIDING = re.compile(r"<!--|<(script|style)\b[^<>]*>", re.IGNORECASE)
SCRIPT_TAG = re.compile(r"<(/?)(script|style)\b", re.IGNORECASE)
_END = {
    "": re.compile("-->"),
    "script": re.compile(r"</script\b[^<>]*>", re.IGNORECASE),
    "style": re.compile(r"</style\b[^<>]*>", re.IGNORECASE),
}
_WHOLE = re.compile(r"\s*([+-]?[0-9]{1,9})(?![0-9])")


def page(data: bytes) -> str:
    """Decode an HTML page, also in the encoding that it declares.

    Raises:
        Unreadable: The bytes are not text.
    """
    charset = _CHARSET.search(data[:4096])
    return decode(data, charset.group(1).decode("ascii", "replace") if charset else None)


def hidden(source: str) -> Iterator[Span]:
    """The comments, scripts and styles of a source, in order, each with its tags.

    One that nobody closes hides nothing.

    >>> list(hidden("a <b><!-- c --> <script>d</script>"))
    [(5, 15), (16, 34)]
    """
    at = 0
    ends = Ends(source)
    while opened := _HIDING.search(source, at):
        end = ends.after(opened.end(), opened[1] or "")
        if end is not None:
            yield opened.start(), end
        at = end or opened.end()


class Ends:
    """Where the comments, scripts and styles of a source end, each end looked for once.

    Else each one that nobody closes would be looked for to the source's end.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._next: dict[str, int] = {}

    def after(self, at: int, element: str) -> int | None:
        """The next end of a "script", a "style" or, without a name, a comment, if there is one."""
        kind = element.lower()
        if self._next.get(kind, 0) <= at:
            end = _END[kind].search(self._source, at)
            self._next[kind] = end.end() if end else len(self._source) + 1
        found = self._next[kind]
        return found if found <= len(self._source) else None


def numbers(attributes: Mapping[str, str | None], values: Sequence[str | None]) -> list[int]:
    """The numbers of a numbered list's items.

    Args:
        attributes: Those of the list's tag. One that counts down ends at 1 unless it tells
            where it begins.
        values: What each item itself says that its number is, if it does.

    >>> numbers({"start": "4"}, [None, "9", None]), numbers({"reversed": ""}, [None, None])
    ([4, 9, 10], [2, 1])
    """
    step = -1 if "reversed" in attributes else 1
    number = _whole(attributes.get("start"), len(values) if step < 0 else 1)
    found = []
    for value in values:
        found.append(_whole(value, number))
        number = found[-1] + step
    return found


def _whole(value: str | None, other: int) -> int:
    """The whole number that an attribute holds, or another if it holds none."""
    match = _WHOLE.match(value or "")
    return int(match[1]) if match else other

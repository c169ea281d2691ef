"""Plain text: bytes -> text in whatever encoding they are, and what its first lines declare."""

from __future__ import annotations

import codecs

from rag.articles.formats.bylines import declared
from rag.articles.formats.parsed import Parsed, Unreadable
from rag.settings import Settings

# UTF-32 first: its little-endian mark begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Labels that browsers read otherwise (WHATWG Encoding), by Python's name. None: the bytes decide.
# "Latin-1" and "ASCII" are mostly Windows-1252 or UTF-8; where the label itself could be read byte
# by byte, the text is not UTF-16.
_LABELS = {"iso8859-1": None, "ascii": None, "cp1252": None, "iso8859-9": "cp1254"}
_WIDE = ("utf-16", "utf-32")
_SAMPLE = 65_536  # bytes that are looked at to tell text from binary
_CONTROLS = bytes(b for b in range(32) if b not in b"\t\n\r\f\v\x1b") + b"\x7f"
_MOST_CONTROLS = 0.01  # share of control characters above which bytes are not text
_MAGIC = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a zip archive",
    b"\x1f\x8b": "a gzip archive",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"\xd0\xcf\x11\xe0": "an old Office file",
}


def parse(data: bytes, settings: Settings) -> Parsed:
    """Read plain text.

    Raises:
        Unreadable: The bytes are not text.
    """
    return declared(decode(data))


def decode(data: bytes, declared_encoding: str | None = None) -> str:
    """Decode bytes: by their byte order mark, as declared (in ASCII), as UTF-8, or as Windows-1252.

    Bytes that are nothing in the encoding become U+FFFD; lone surrogates stay, for the caller
    to replace.

    Raises:
        Unreadable: The bytes are not text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            raise Unreadable(f"it is {what}, not text, whatever its name says.")
    if wide := _utf16_without_mark(data):
        return data.decode(wide, "replace")
    sample = data[:_SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls > _MOST_CONTROLS * len(sample) + 1:
        raise Unreadable("it is binary, not text.")
    try:
        if label := _meant(declared_encoding):
            return data.decode(label)
    except (LookupError, ValueError):
        pass  # a wrong declaration is common; the bytes decide
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        pass
    lenient = data.decode("utf-8", "replace")
    broken = lenient.count("\ufffd")
    if sum(ch > "\x7f" for ch in lenient) - broken > broken:
        return lenient  # UTF-8 with a few broken bytes
    return data.decode("cp1252", "replace")


def _meant(label: str | None) -> str | None:
    """The encoding that a page means by a label; None if the label tells nothing.

    >>> _meant("ISO-8859-2"), _meant("latin1"), _meant("utf-16")
    ('iso8859-2', None, None)
    """
    name = codecs.lookup(label).name if label else ""
    return None if name.startswith(_WIDE) else _LABELS.get(name, name)


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 without its mark: in mostly Latin text every other byte is zero."""
    sample = data[: _SAMPLE // 2 * 2]
    if len(sample) < 4:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.7 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.7 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None

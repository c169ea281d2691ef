"""Receipts: an answer with all that is needed to check it again, without a model.

A receipt is JSON: question, answer, quotes with their offsets, SHA-256 digests of the articles'
files and texts, and of the models. :func:`verify` re-checks it by the standard library alone.
What it can see depends on the file: in plain text every quote is read again at its offsets; in
Markdown, HTML and DOCX its words are looked for in the file; of a PDF it can only tell that the
file is the one that was read. The receipt's own digest notices damage, not forgery: whoever
rewrites a receipt can rewrite the digest. What cannot be forged is what the files say.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.articles.formats.parsed import Unreadable
from rag.articles.loading import Found
from rag.articles.rereading import level, stand_in, text_of, words, words_of
from rag.errors import UserError
from rag.settings import Settings
from rag.types import Answer, Article

FORMAT = "rag-receipt"
VERSION = 1
# No receipt of an answer is larger, in bytes.
_LARGEST = 5_000_000
# The number behind a quote; after it the line ends, or who said it is told.
_MARKER = re.compile(r"” \[(\d+)\](?=$| \()")


class ReceiptError(UserError):
    """A receipt cannot be read or written."""


class _Fault(Exception):
    """The first thing of a receipt that does not hold."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What checking a receipt came to.

    Attributes:
        holds: Whether everything that was checked holds.
        problem: The first thing that does not, as one plain sentence; None if all holds.
        checks: What was found to hold, in order, as plain sentences.
    """

    holds: bool
    problem: str | None
    checks: tuple[str, ...]


def make(
    answer: Answer,
    article_of: Callable[[str], Article],
    models: Mapping[str, Mapping[str, str]],
    version: str,
) -> dict[str, Any]:
    """Return an answer's receipt as JSON-ready values.

    Args:
        answer: The answer.
        article_of: An article by its name.
        models: Name and digest of each model, by its part ("embedder", "reader").
        version: Version of this package.
    """
    told = answer.to_dict()
    told.pop("trace")
    names = dict.fromkeys(c.article for c in answer.citations)
    receipt = {
        "format": FORMAT,
        "format_version": VERSION,
        "program": {"name": "rag", "version": version},
        **told,
        "articles": [_article(article_of(name)) for name in names],
        "models": {part: dict(model) for part, model in models.items()},
    }
    return {**receipt, "digest": _digest(receipt)}


def _article(article: Article) -> dict[str, Any]:
    return {
        "name": article.name,
        "title": article.title,
        "file_sha256": article.digest,
        "text_sha256": hashlib.sha256(article.text.encode()).hexdigest(),
        "text_characters": len(article.text),
        "checked": level(article.name),
    }


def write(path: str | os.PathLike[str], receipt: Mapping[str, Any]) -> None:
    """Write a receipt, whole or not at all.

    Raises:
        ReceiptError: The file cannot be written.
    """
    target = Path(path)
    data = json.dumps(receipt, ensure_ascii=False, indent=2) + "\n"
    try:
        handle, name = tempfile.mkstemp(prefix=".receipt-", dir=target.parent)
        try:
            with open(handle, "w", encoding="utf-8") as file:
                file.write(data)
            os.replace(name, target)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise ReceiptError(f"cannot write the receipt {str(target)!r}: {why}") from None


def verify(
    path: str | os.PathLike[str],
    articles: str | os.PathLike[str] | None = None,
    settings: Settings | None = None,
) -> Verification:
    """Check a receipt against itself and, where a folder is given, against the articles.

    Args:
        path: The receipt's file.
        articles: The folder of articles; without it the articles are not looked at.
        settings: Caps on the size of files.

    Raises:
        ReceiptError: The file cannot be read, or is no receipt.
    """
    receipt = _read(Path(path))
    checks: list[str] = []
    try:
        _check_itself(receipt, checks)
        if articles is None:
            checks.append("The articles were not looked at: no folder was given.")
        else:
            _check_articles(receipt, Path(articles), settings or Settings(), checks)
    except _Fault as fault:
        return Verification(False, str(fault), tuple(checks))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return Verification(False, f"A field is missing or not what it should be: {error!r}.",
                            tuple(checks))
    return Verification(True, None, tuple(checks))


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise ReceiptError(f"cannot read the receipt {str(path)!r}: {why}") from None
    if len(data) > _LARGEST:
        raise ReceiptError(f"{str(path)!r} has more than {_LARGEST:,} bytes; it is no receipt")
    try:
        receipt = json.loads(data)
    except (ValueError, RecursionError):
        raise ReceiptError(f"{str(path)!r} is no receipt: it is not JSON") from None
    if not isinstance(receipt, dict) or receipt.get("format") != FORMAT:
        raise ReceiptError(f"{str(path)!r} is no receipt: its format is not {FORMAT!r}")
    if receipt.get("format_version") != VERSION:
        raise ReceiptError(f"{str(path)!r} has the receipt format "
                           f"{receipt.get('format_version')!r}; this program reads {VERSION}")
    return receipt


def _digest(receipt: Mapping[str, Any]) -> str:
    """SHA-256 of the receipt's canonical JSON, its digest left out."""
    rest = {key: value for key, value in receipt.items() if key != "digest"}
    data = json.dumps(rest, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(data.encode()).hexdigest()


def _check_itself(receipt: Mapping[str, Any], checks: list[str]) -> None:
    if receipt["digest"] != _digest(receipt):
        raise _Fault("The receipt was changed or damaged: its own digest does not fit.")
    checks.append("The receipt is as it was written.")
    citations = receipt["citations"]
    if [c["number"] for c in citations] != list(range(1, len(citations) + 1)):
        raise _Fault("The citations are not numbered from 1 in order.")
    for marker in _markers(receipt["text"], citations):
        if not 1 <= marker <= len(citations):
            raise _Fault(f"The text's marker [{marker}] has no citation.")
    known = {article["name"] for article in receipt["articles"]}
    for citation in citations:
        if citation["article"] not in known:
            raise _Fault(f"Citation {citation['number']} is of {citation['article']!r}, of which "
                         "there is no digest.")
        if citation["end"] - citation["start"] != len(citation["quote"]):
            raise _Fault(f"The quote of citation {citation['number']} is not as long as its "
                         "offsets say.")
    if receipt["outcome"] != "not_found" and not citations:
        raise _Fault("The answer has no citation.")
    checks.append(f"Every marker of the text has its citation ({len(citations)}).")


def _markers(text: str, citations: Sequence[Mapping[str, Any]]) -> list[int]:
    """Return the numbers that the program put behind quotes.

    Other words may hold a "[3]" of their own: a quote, a title, an answer from an encyclopedia.
    A line of such words ends with a stop or a colon, one with a quote never does.
    """
    rest, position = "", 0
    for citation in citations:
        # The quotes that are known are left out: one may have a line that ends as a marker does.
        quoted = f"“{citation['quote']}” [{citation['number']}]"
        at = text.find(quoted, position)
        if at >= 0:
            rest += text[position:at]
            position = at + len(quoted)
    lines = (rest + text[position:]).split("\n")
    return [int(n) for line in lines if line.endswith(("]", ")")) for n in _MARKER.findall(line)]


def _check_articles(
    receipt: Mapping[str, Any], folder: Path, settings: Settings, checks: list[str]
) -> None:
    if not folder.is_dir():
        raise ReceiptError(f"no folder of articles at {str(folder)!r}")
    for article in receipt["articles"]:
        name = article["name"]
        found, data = _file(folder, name, settings)
        if hashlib.sha256(data).hexdigest() != article["file_sha256"]:
            raise _Fault(f"{name!r} is not the file that was read: its digest does not fit.")
        checks.append(f"{name!r} is the file that was read.")
        quotes = [c for c in receipt["citations"] if c["article"] == name]
        try:
            _check_quotes(article, quotes, found, data, settings, checks)
        except Unreadable as error:
            raise _Fault(f"{name!r} cannot be read again: {error}") from error


def _check_quotes(
    article: Mapping[str, Any], quotes: list[Any], found: Found, data: bytes, settings: Settings,
    checks: list[str],
) -> None:
    name, depth = article["name"], level(article["name"])
    if depth == "file":
        checks.append(f"The quotes of {name!r} were not read again: the standard library reads "
                      "no PDF.")
        return
    text = text_of(found, settings) if depth == "exact" else ""
    page = words_of(name, data, settings) if depth == "words" else ()
    if depth == "exact" and hashlib.sha256(text.encode()).hexdigest() != article["text_sha256"]:
        raise _Fault(f"The text of {name!r} is not the text that was read.")
    for citation in quotes:
        number, quote = citation["number"], citation["quote"]
        start, end = citation["start"], citation["end"]
        if depth == "words":
            if not stand_in(words(quote), page):
                raise _Fault(f"The words of citation {number} do not stand in {name!r}.")
            checks.append(f"The words of citation {number} stand in {name!r}, in this order.")
        elif not 0 <= start < end or text[start:end] != quote:
            raise _Fault(f"The quote of citation {number} does not stand at {start}:{end} of "
                         f"{name!r}.")
        else:
            checks.append(f"The quote of citation {number} stands at {start}:{end} of {name!r}.")
        if citation["said_by"] and depth == "exact" and citation["said_by"] not in text:
            raise _Fault(f"The attribution of citation {number} does not stand in {name!r}.")


def _file(folder: Path, name: str, settings: Settings) -> tuple[Found, bytes]:
    """An article's file: inside the folder, no link, no larger than an article may be."""
    path = folder.joinpath(name)
    if path.is_symlink() or not path.resolve().is_relative_to(folder.resolve()):
        raise _Fault(f"{name!r} does not lie in the folder of articles.")
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise _Fault(f"{name!r} is no file.")
        with path.open("rb") as file:
            data = file.read(settings.max_file_bytes + 1)
    except (OSError, ValueError):
        raise _Fault(f"{name!r} is not in the folder of articles.") from None
    if len(data) > settings.max_file_bytes:
        raise _Fault(f"{name!r} has more than {settings.max_file_bytes:,} bytes.")
    return Found(name, path, len(data)), data

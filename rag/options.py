"""The options of the ``rag`` command, with the examples that its help shows.

The page (``python -m ui``) takes the same settings.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
from pathlib import Path
from typing import Any

import rag
from rag.settings import MOST_PASSAGES, Settings

ARTICLES = "RAG_ARTICLES"
_SETTINGS = ("max_risk", "top_k", "embedder", "reader", "passage_tokens", "overlap_sentences")

_EXAMPLES = """\
examples:
  rag ask --articles seeds "how many Russian instructors arrived?"
  rag ask --articles news --since 2024-01-01 --json "Who leads the junta?"
  rag chat --articles news
  rag search --articles news -k 3 "sanctions on Niger"
  rag verify receipt.json --articles news
  rag skipped --articles news

exit status: 0 answered, 3 the articles do not say, 2 a mistake in what was given
"""
_ASK = """\
examples:
  rag ask --articles seeds "how many Russian instructors arrived?"
  rag ask --articles seeds --trace "When was the coup?"
  rag ask --articles seeds --receipt answer.json "Who leads the junta?"
  rag ask --articles news --publisher BBC --max-risk 0.05 "Who was elected?"
"""
_CHAT = """\
In a conversation a question may refer to those before it ("Who leads the junta?", "Whom did he
oust?"). /new begins anew, /articles lists the articles, /quit or the end of input leaves.

example:
  rag chat --articles seeds
"""
_SEARCH = """\
example:
  rag search --articles seeds -k 3 "air defence system"
"""

_SKIPPED = """\
Answering runs name these files, too: all of them where something was indexed, else the first few.

example:
  rag skipped --articles seeds
"""
_VERIFY = """\
A receipt holds an answer with its quotes and the digests of its articles. It is checked without
any model: in plain text each quote is read again at its place, in Markdown, HTML and DOCX its
words are looked for, of a PDF only the file's digest is checked.

examples:
  rag verify answer.json --articles seeds
  rag verify answer.json

exit status: 0 everything that was checked holds, 3 something does not, 2 a mistake in what was
given
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    top = argparse.ArgumentParser(
        prog="rag",
        description="Ask a folder of articles: the exact answer with its quote, or a plain "
        "'the articles do not say'. Nothing leaves this machine.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"rag {rag.__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    ask = _command(commands, "ask", "answer one question", _ASK)
    _add_filters(ask)
    ask.add_argument("question", nargs="+", help="the question, in plain words")
    ask.add_argument("--receipt", metavar="FILE", help="write a receipt that rag verify checks")
    ask.add_argument("--trace", action="store_true", help="show how the answer was found")
    chat = _command(commands, "chat", "a conversation in the terminal", _CHAT)
    _add_filters(chat)
    chat.add_argument("--trace", action="store_true", help="show how each answer was found")
    search = _command(commands, "search", "show the passages nearest to a question", _SEARCH)
    _add_filters(search)
    search.add_argument("question", nargs="+", help="the question or its words")
    search.add_argument("-k", type=_count, metavar="N",
                        help=f"most passages (default: {Settings().top_k})")
    _command(commands, "skipped", "list the files that are not read, and why", _SKIPPED)
    check = commands.add_parser(
        "verify", help="check the receipt of an answer", description="Check a receipt.",
        epilog=_VERIFY, formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    check.add_argument("receipt", metavar="FILE", help="the receipt")
    check.add_argument("--articles", type=given_folder, metavar="FOLDER",
                       help="the folder of articles (default: the receipt is checked alone)")
    check.add_argument("--json", action="store_true", help="print JSON")
    return top


def _command(commands: Any, name: str, does: str, examples: str) -> argparse.ArgumentParser:
    one: argparse.ArgumentParser = commands.add_parser(
        name, help=does, description=does[0].upper() + does[1:] + ".", epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    one.add_argument("--json", action="store_true", help="print JSON")
    where = one.add_argument_group("articles")
    where.add_argument("--articles", type=given_folder, metavar="FOLDER",
                       help=f"the folder of articles (default: ${ARTICLES}, else ./seeds)")
    where.add_argument("--index", type=given_folder, metavar="PLACE",
                       help="where the index lives (default: the user's cache)")
    add_settings(one)
    return one


def _add_filters(command: argparse.ArgumentParser) -> None:
    where = command.add_argument_group("which articles")
    where.add_argument("--article", action="append", default=[], metavar="NAME",
                       help="answer from this article only; may be repeated")
    where.add_argument("--publisher", action="append", default=[], metavar="NAME",
                       help="answer from this publisher only; may be repeated")
    where.add_argument("--since", type=_day, metavar="DAY", help="published on or after YYYY-MM-DD")
    where.add_argument("--until", type=_day, metavar="DAY",
                       help="published on or before YYYY-MM-DD")


def add_settings(command: argparse.ArgumentParser) -> None:
    """Add the options that are fields of :class:`rag.Settings`; the help shows their defaults."""
    default = Settings()
    how = command.add_argument_group("settings")
    how.add_argument("--max-risk", type=float, metavar="SHARE",
                     help="largest accepted share of wrong answers among those given "
                     f"(default: {default.max_risk:g})")
    how.add_argument("--top-k", type=int, metavar="N",
                     help=f"passages that are read (default: {default.top_k})")
    how.add_argument("--embedder", metavar="MODEL",
                     help=f"'{default.embedder}', or a sentence-transformers model on this machine")
    how.add_argument("--reader", metavar="MODEL",
                     help=f"'{default.reader}', or a transformers question-answering model on "
                     "this machine")
    how.add_argument("--passage-tokens", type=int, metavar="N",
                     help="longest passage in tokens; 0 is the embedder's window "
                     f"(default: {default.passage_tokens})")
    how.add_argument("--overlap-sentences", type=int, metavar="N",
                     help="sentences that neighbouring passages share "
                     f"(default: {default.overlap_sentences})")


def given_folder(name: str) -> Path:
    """Return a folder by its name as it was typed, a "~" in front as the person's own folder.

    Most shells leave that of ``make ask ARTICLES=~/news`` or ``--articles=~/news`` as it is.
    """
    if not name:
        raise argparse.ArgumentTypeError("a folder's name cannot be empty")
    return Path(os.path.expanduser(name))  # Path.expanduser fails for "~nobody"


def given_settings(options: argparse.Namespace) -> dict[str, Any]:
    """Return the settings that were given on the command line, by their names."""
    given = {name: getattr(options, name) for name in _SETTINGS}
    return {name: value for name, value in given.items() if value is not None}


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write YYYY-MM-DD") from None


def _count(text: str) -> int:
    if not text.isdecimal() or len(text) > 9 or not 1 <= int(text) <= MOST_PASSAGES:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to {MOST_PASSAGES:,}")
    return int(text)

"""The ``rag`` command: ask, chat and search a folder of articles from a terminal.

Exit status: 0 answered (or disputed), 3 not found, 2 a mistake that the person can mend,
1 a defect of the program, 130 interrupted.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import rag
from rag import terminal
from rag.errors import ArticlesError, UserError
from rag.options import ARTICLES, given_folder, given_settings, parser

if TYPE_CHECKING:
    from rag.assistant import Assistant

ANSWERED, DEFECT, MISTAKE, NOT_FOUND, INTERRUPTED = 0, 1, 2, 3, 130
_TOLD = 3  # skipped files that are named every time


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command and exit.

    Args:
        arguments: What comes after the command's name; by default what it was called with.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    _set_logging()
    try:
        status = _run(list(sys.argv[1:] if arguments is None else arguments))
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has gone; what is still buffered goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = ANSWERED
    except KeyboardInterrupt:
        print(file=sys.stderr)
        status = INTERRUPTED
    except UserError as error:
        status = _complain(str(error), MISTAKE)
    except Exception as error:
        if os.environ.get("RAG_TRACEBACK"):
            raise
        status = _complain(f"a defect ({type(error).__name__}: {error}); "
                           "RAG_TRACEBACK=1 shows where", DEFECT)  # fmt: skip
    sys.exit(status)


def _run(arguments: list[str]) -> int:
    options = parser().parse_args(arguments)
    if options.command == "verify":
        return _verify(options)
    if options.command in ("ask", "search"):
        # A question that cannot be is told at once, before anything is indexed.
        from rag.questions import asking
        from rag.settings import Settings

        options.question = asking.check(
            " ".join(options.question), Settings().max_question_chars
        )
    with _open(options) as assistant:
        commands = {"ask": _ask, "chat": _chat, "search": _search, "skipped": _skipped}
        return commands[options.command](assistant, options)


def _set_logging() -> None:
    """Show this package's notices as lines of its own, and nothing of the libraries'."""
    logging.getLogger().addHandler(logging.NullHandler())
    own = logging.getLogger("rag")
    if not own.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("rag: %(message)s"))
        own.addHandler(handler)
        own.propagate = False


def _open(options: argparse.Namespace) -> Assistant:
    from rag.assistant import Assistant

    bar = terminal.Bar()
    try:
        assistant = Assistant.open(
            _folder(options), options.index, progress=bar.progress(), **given_settings(options)
        )
    finally:
        bar.close()
    if options.command != "skipped":
        _tell_skipped(assistant, options, bar.worked)
    return assistant


def _tell_skipped(assistant: Assistant, options: argparse.Namespace, worked: bool) -> None:
    """Name skipped files: all when the index was just built or changed, later the first few."""
    skipped = assistant.skipped
    told = skipped if worked else skipped[:_TOLD]
    for one in told:
        print(f"rag: skipped {_named(one)}", file=sys.stderr)
    if more := len(skipped) - len(told):
        files = "1 more file is" if more == 1 else f"{more} more files are"
        # With its settings: the index is refused when they are others.
        given = {"index": options.index, **given_settings(options)}
        command = shlex.join(["rag", "skipped", "--articles", str(_folder(options)), *(
            part for name, value in given.items() if value is not None
            for part in (f"--{name.replace('_', '-')}", str(value)))])
        print(f"rag: {files} skipped; all are told by: {terminal.line(command)}", file=sys.stderr)


def _skipped(assistant: Assistant, options: argparse.Namespace) -> int:
    if options.json:
        _print_json([{"name": one.name, "reason": one.reason} for one in assistant.skipped])
    else:
        for one in assistant.skipped:
            print(_named(one))
    return ANSWERED


def _named(skipped: rag.Skipped) -> str:
    return f"{terminal.line(skipped.name)}: {terminal.line(skipped.reason)}"


def _folder(options: argparse.Namespace) -> Path:
    if options.articles is not None:
        return Path(options.articles)
    if os.environ.get(ARTICLES):
        return given_folder(os.environ[ARTICLES])
    if Path("seeds").is_dir():
        return Path("seeds")
    raise ArticlesError("no articles: name their folder with --articles FOLDER")


def _filters(options: argparse.Namespace) -> rag.Filters:
    return rag.Filters(
        articles=tuple(options.article),
        publishers=tuple(options.publisher),
        since=options.since,
        until=options.until,
    )


def _ask(assistant: Assistant, options: argparse.Namespace) -> int:
    given = assistant.ask(options.question, filters=_filters(options))
    if options.receipt:
        from rag import receipt

        made = receipt.make(given, assistant.article, assistant.models, rag.__version__)
        receipt.write(options.receipt, made)
    if options.json:
        _print_json(given.to_dict())
    else:
        print(terminal.answer(given, options.trace))
    return NOT_FOUND if given.outcome == "not_found" else ANSWERED


def _verify(options: argparse.Namespace) -> int:
    from rag import receipt

    result = receipt.verify(options.receipt, options.articles)
    if options.json:
        _print_json({"holds": result.holds, "problem": result.problem,
                     "checks": list(result.checks)})
        return ANSWERED if result.holds else NOT_FOUND
    for check in result.checks:
        print(f"holds: {terminal.line(check)}")
    if result.problem:
        print(f"does not hold: {terminal.line(result.problem)}")
    return ANSWERED if result.holds else NOT_FOUND


def _chat(assistant: Assistant, options: argparse.Namespace) -> int:
    chat = assistant.conversation()
    prompt = "> " if sys.stdin.isatty() and not options.json else ""
    if prompt:
        with contextlib.suppress(ImportError):  # Windows has none
            import readline  # noqa: F401 - gives input() editing and a history

        print(f"{len(assistant.articles())} articles. Ask; /quit leaves.")
    while True:
        try:
            asked = input(prompt).strip()
        except EOFError:
            return ANSWERED
        if asked in ("/quit", "/exit"):
            return ANSWERED
        if asked == "/new":
            chat = assistant.conversation()
        elif asked == "/articles":
            for article in assistant.articles():
                print(f"{terminal.line(article.name)}: {terminal.line(article.title)}")
        elif asked:
            try:
                given = chat.ask(asked, _filters(options))
            except rag.QuestionError as error:
                _complain(str(error), MISTAKE)
                continue
            if options.json:
                print(json.dumps(given.to_dict()), flush=True)
            else:
                print(terminal.answer(given, options.trace), end="\n\n", flush=True)


def _search(assistant: Assistant, options: argparse.Namespace) -> int:
    hits = assistant.search(options.question, options.k, _filters(options))
    if options.json:
        _print_json([hit.to_dict() for hit in hits])
    else:
        print(terminal.passages(hits))
    return ANSWERED if hits else NOT_FOUND


def _print_json(value: object) -> None:
    # Escapes are for terminals and files that cannot hold every character.
    plain = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    print(json.dumps(value, ensure_ascii=plain, indent=2))


def _complain(message: str, status: int) -> int:
    print(f"rag: {terminal.line(message)}", file=sys.stderr)
    return status


if __name__ == "__main__":
    main()

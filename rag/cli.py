"""The ``rag`` command: ask, chat and search a folder of articles from a terminal.

Exit status: 0 answered (or disputed), 3 not found, 2 a mistake that the person can mend,
1 a defect of the program, 130 interrupted.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import rag
from rag import terminal
from rag.errors import ArticlesError, RagError, UserError
from rag.options import ARTICLES, parser

if TYPE_CHECKING:
    from rag.assistant import Assistant

ANSWERED, DEFECT, MISTAKE, NOT_FOUND, INTERRUPTED = 0, 1, 2, 3, 130


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
    except (RagError, Exception) as error:
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
        from rag import asking
        from rag.settings import Settings

        options.question = asking.check(
            " ".join(options.question), Settings().max_question_chars
        )
    with _open(options) as assistant:
        return {"ask": _ask, "chat": _chat, "search": _search}[options.command](assistant, options)


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

    names = ("max_risk", "top_k", "embedder", "reader", "passage_tokens", "overlap_sentences")
    settings = {n: getattr(options, n) for n in names if getattr(options, n) is not None}
    bar = terminal.Bar()
    try:
        assistant = Assistant.open(
            _folder(options), options.index, progress=bar.progress(), **settings
        )
    finally:
        bar.close()
    skipped = assistant.skipped
    # All of them are told when the index was just built or changed, later only how many.
    for one in skipped if bar.worked else ():
        print(f"rag: skipped {terminal.line(one.name)}: {terminal.line(one.reason)}",
              file=sys.stderr)
    if skipped and not bar.worked:
        files = "1 file is" if len(skipped) == 1 else f"{len(skipped)} files are"
        print(f"rag: {files} skipped; python -m index describe tells why", file=sys.stderr)
    return assistant


def _folder(options: argparse.Namespace) -> str:
    if options.articles:
        return str(options.articles)
    if os.environ.get(ARTICLES):
        return os.environ[ARTICLES]
    if Path("seeds").is_dir():
        return "seeds"
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
        _print_json([_told(hit) for hit in hits])
    else:
        print(terminal.passages(hits))
    return ANSWERED if hits else NOT_FOUND


def _told(hit: rag.Hit) -> dict[str, Any]:
    return {
        "article": hit.passage.article,
        "title": hit.title,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "text": hit.passage.text,
        "rank": hit.rank,
        "score": hit.score,
        "dense_rank": hit.dense_rank,
        "dense_score": hit.dense_score,
        "word_rank": hit.word_rank,
        "word_score": hit.word_score,
    }


def _print_json(value: object) -> None:
    # Escapes are for terminals and files that cannot hold every character.
    plain = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    print(json.dumps(value, ensure_ascii=plain, indent=2))


def _complain(message: str, status: int) -> int:
    print(f"rag: {terminal.line(message)}", file=sys.stderr)
    return status


if __name__ == "__main__":
    main()

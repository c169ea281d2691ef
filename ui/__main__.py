"""``python -m ui``: serve the page for a folder of articles."""

from __future__ import annotations

import argparse
import logging
import os
import socket
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from rag import Settings, SettingsError
from rag.options import add_settings, given_folder, given_settings
from ui import launch
from ui.desk import Desk, NotOpen
from ui.guard import LOCAL

if TYPE_CHECKING:
    from uvicorn import Server

DEFECT, MISTAKE = 1, 2


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(
        prog="python -m ui", description="Serve the page: ask a folder of articles in a browser.",
        epilog="examples:\n  python -m ui\n  python -m ui --articles ~/articles --port 8000\n"
               "  python -m ui --host 0.0.0.0 --name news.example.org --auth editor:@password.txt",
        formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--articles", type=given_folder, default=Path("seeds"), metavar="FOLDER",
                      help="the articles (default: seeds)")
    made.add_argument("--index", type=given_folder, metavar="FOLDER",
                      help="where the index lives (default: beside the user's other caches)")
    made.add_argument("--host", default=launch.HOST,
                      help="address to listen on (default: %(default)s, this machine only)")
    made.add_argument("--port", type=int, default=launch.PORT,
                      help="port to listen on (default: %(default)s)")
    made.add_argument("--name", action="append", default=[], metavar="HOST",
                      help="another name under which the page may be called, such as that of a "
                           "proxy; may be given several times")
    made.add_argument("--auth", metavar="NAME:PASSWORD",
                      help="ask for this name and password; NAME:@FILE reads it from a file")
    made.add_argument("--allow-uploads", action="store_true",
                      help="let people add articles to the folder on the page")
    made.add_argument("--mcp", action="store_true",
                      help="serve the tools ask, search and articles at /gradio_api/mcp/")
    made.add_argument("--feedback", type=Path, metavar="FILE",
                      help="where judgements are kept (default: feedback.jsonl in the user's data "
                           "folder)")
    made.add_argument("--at-once", type=int, default=2, metavar="N",
                      help="questions answered at the same time (default: %(default)s)")
    made.add_argument("--waiting", type=int, default=16, metavar="N",
                      help="questions that may wait; more are told to come back "
                           "(default: %(default)s)")
    add_settings(made)
    return made


def password(given: str | None) -> str | None:
    """Return "name:password" from ``--auth``, the password read from a file where it says so.

    Raises:
        ValueError: There is no name, no password, or the file cannot be read.
    """
    if given is None:
        return None
    name, colon, word = given.partition(":")
    if word.startswith("@"):
        try:
            word = Path(word[1:]).expanduser().read_text("utf-8").strip()
        except OSError as error:
            raise ValueError(f"--auth: {word[1:]} cannot be read: {error.strerror}") from None
    if not name or not colon or not word:
        raise ValueError("--auth needs a name and a password: --auth NAME:PASSWORD")
    return f"{name}:{word}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the page until it is stopped.

    Returns:
        0 when it was stopped, 1 after a defect of the program, 2 after a mistake that the person
        can mend.
    """
    made = parser()
    chosen = made.parse_args(arguments)
    logging.basicConfig(format="%(name)s: %(message)s")
    try:
        auth = password(chosen.auth)
        if chosen.host not in LOCAL and auth is None:
            raise ValueError(f"--host {chosen.host} lets other machines in: add --auth "
                             "NAME:PASSWORD, or listen on 127.0.0.1")
        if not 0 < chosen.port < 65536:
            raise ValueError(f"--port {chosen.port} must be from 1 to 65535")
        if chosen.at_once < 1 or chosen.waiting < 0:
            raise ValueError("--at-once must be at least 1, --waiting at least 0")
        Settings.of(**given_settings(chosen))
    except (ValueError, SettingsError) as error:
        return _complain(str(error))
    if not chosen.articles.is_dir():
        return _complain(f"the folder of articles {str(chosen.articles)!r} is missing or is not a "
                         "folder; name one with --articles")
    return _serve(chosen, auth)


def _serve(chosen: argparse.Namespace, auth: str | None) -> int:
    family = socket.AF_INET6 if ":" in chosen.host else socket.AF_INET
    try:
        listener = socket.create_server((chosen.host, chosen.port), family=family)
    except OSError as error:
        known = error.errno is not None and error.errno > 0
        why = os.strerror(error.errno).lower() if known and error.errno else "no such address"
        return _complain(f"port {chosen.port} of {chosen.host} cannot be used ({why}); "
                         "choose another with --port")
    with listener:
        return _serve_on(listener, chosen, auth)


def _serve_on(listener: socket.socket, chosen: argparse.Namespace, auth: str | None) -> int:
    launch.quieten()
    desk = Desk(chosen.articles, chosen.index, running=chosen.at_once, waiting=chosen.waiting,
                **given_settings(chosen))
    # Opened while Gradio, which takes seconds to import, is; the page shows how far it is.
    servers: list[Server] = []

    def open_articles() -> None:
        try:
            desk.open()
        except Exception:  # kept by the desk, and told below
            for server in servers:
                server.should_exit = True

    threading.Thread(target=open_articles, daemon=True).start()
    from ui.app import application, server_of

    app = application(
        desk, names=tuple(chosen.name), host=chosen.host, auth=auth, mcp=chosen.mcp,
        allow_uploads=chosen.allow_uploads, feedback=chosen.feedback)
    servers.append(server_of(app, chosen.host, chosen.port))
    if desk.failure is None:
        shown = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
        print(f"Ask at http://{shown}:{chosen.port}/ (Ctrl+C stops it)", flush=True)
        with suppress(KeyboardInterrupt):
            servers[0].run(sockets=[listener])
    if desk.failure is not None:
        defect = isinstance(desk.failure, NotOpen)
        return _complain(str(desk.failure), DEFECT if defect else MISTAKE)
    desk.close()
    return 0


def _complain(words: str, status: int = MISTAKE) -> int:
    print(f"ui: {words}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())

"""A served page over real articles, and a headless Chromium that may only talk to it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.hostile import PAYLOADS

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]
CUT = re.compile(r"AbortError|Connection errored out|net::ERR_|network error|Failed to fetch")
BRIDGE_A = """Bridge over the Arno reopens

FLORENCE. The Ponte Nuovo bridge reopened on Friday after two years of repairs. The mayor said that
the works on the Ponte Nuovo cost 12 million euros. Cyclists were the first to cross the river.
"""
BRIDGE_B = """Auditors count what the Ponte Nuovo took

The Ponte Nuovo bridge in Florence reopened on Friday. Auditors of the region found that the works
on the Ponte Nuovo cost 19 million euros. The opposition has asked for an inquiry into the contract.
"""


@dataclass
class Served:
    """A running page."""

    url: str
    desk: Any
    folder: Path
    feedback: Path
    loop: Any = None


@dataclass
class Watch:
    """What a browser's page did."""

    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def served(
    chromium: str, seeds: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    from ui.app import application, server_of
    from ui.desk import Desk

    root = tmp_path_factory.mktemp("page")
    folder = root / "articles"
    shutil.copytree(seeds, folder)
    (folder / "bridge.txt").write_text(BRIDGE_A, "utf-8")
    (folder / "auditors.txt").write_text(BRIDGE_B, "utf-8")
    lines = [payload.encode("utf-8", "replace").decode().replace("\x00", "")
             for payload in PAYLOADS]
    (folder / "<img src=x onerror=window.pwned=1>.txt").write_text(
        "<script>window.pwned=1</script> The zebra keeper of Zug\n\n"
        "The zebra keeper of Zug is <img src=//evil.example/a onerror=window.pwned=1> Anna Muster. "
        "She keeps nine zebras.\n\n" + "\n\n".join(lines), "utf-8")
    desk = Desk(folder, root / "index")
    port = free_port()
    app = application(desk, feedback=root / "feedback.jsonl", allow_uploads=True)
    server = server_of(app, "127.0.0.1", port)
    done = Served(f"http://127.0.0.1:{port}/", desk, folder, root / "feedback.jsonl")
    opener = threading.Thread(target=desk.open)
    opener.start()
    thread = threading.Thread(target=server.run)
    thread.start()
    opener.join(120)
    deadline = time.monotonic() + 60
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.05)
    assert server.started
    assert desk.ready
    yield done
    server.should_exit = True
    thread.join(20)
    desk.close()


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    os.environ.setdefault("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def context_values() -> dict[str, Any]:
    return {"viewport": {"width": 1360, "height": 860}}


@pytest.fixture
def page(
    browser: Any, served: Served, watch: Watch, context_values: dict[str, Any]
) -> Iterator[Any]:
    context = browser.new_context(**context_values)
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    opened.on("request", lambda request: None if request.url.startswith((served.url, "blob:"))
              else watch.foreign.append(request.url))
    opened.on("pageerror", lambda error: watch.errors.append(str(error)))
    opened.on("console", lambda line: watch.errors.append(line.text)
              if line.type == "error" else None)
    opened.on("dialog", lambda dialog: (watch.dialogs.append(dialog.message), dialog.dismiss()))
    opened.goto(served.url)
    opened.wait_for_selector("#question textarea")
    opened.wait_for_selector("#shelf .entry")
    yield opened
    seen = (list(watch.foreign), list(watch.errors), list(watch.dialogs))
    context.close()
    assert seen == ([], [], [])


def reload(page: Any, watch: Watch) -> None:
    """Load the page anew while it may still be fetching what it offers to ask next.

    The browser cuts the leaving document's connections, and that document says so before it is
    gone: no error of the page.
    """
    said = len(watch.errors)
    page.reload()
    watch.errors[said:] = [line for line in watch.errors[said:] if not CUT.search(line)]


def ask(page: Any, question: str) -> Any:
    """Ask on the page and wait for the answer; returns its turn."""
    before = page.locator("#history .turn").count()
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")
    page.wait_for_function(
        "before => document.querySelectorAll('#history .turn').length > before"
        " && !document.querySelector('#pending .turn') && !document.querySelector('#stop')",
        arg=before)
    return page.locator("#history .turn").last

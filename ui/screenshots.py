"""Make the pictures of the page that the README shows: ``python -m ui.screenshots``."""

from __future__ import annotations

import argparse
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal

from PIL import Image

from ui import launch

HERE: Final = Path(__file__).resolve().parent
SEEDS: Final = HERE.parent / "seeds"
PLACE: Final = HERE / "screenshots"
FLAGS: Final = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)
THEMES: Final[tuple[tuple[str, Literal["light", "dark"]], ...]] = (
    ("wide-light", "light"), ("wide-dark", "dark"))
QUESTION: Final = "how many Russian instructors arrived?"
REFUSED: Final = "What did the president of France say?"
# Two invented articles that disagree.
DISPUTED: Final = "How much did the works on the Ponte Nuovo cost?"
FLORENCE: Final = {
    "bridge.txt": """Bridge over the Arno reopens

The Ponte Nuovo bridge in Florence reopened on Friday after two years of repairs. The mayor said \
that the works on the Ponte Nuovo cost 12 million euros. Cyclists were the first to cross the river.
""",
    "auditors.txt": """Auditors count what the Ponte Nuovo took

Auditors of the region found that the works on the Ponte Nuovo cost 19 million euros. The \
opposition has asked for an inquiry into the contract, which was signed in 2021.
""",
}


@contextmanager
def serving(articles: Path) -> Iterator[str]:
    """Serve the page for a folder on a free port; yields its address."""
    launch.quieten()
    from ui.app import application, server_of
    from ui.desk import Desk

    with socket.socket() as probe:
        probe.bind((launch.HOST, 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as place:
        desk = Desk(articles, Path(place) / "index")
        desk.open()
        app = application(desk, feedback=Path(place) / "feedback.jsonl")
        server = server_of(app, launch.HOST, port)
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            while not server.started:
                time.sleep(0.05)
            yield f"http://{launch.HOST}:{port}/"
        finally:
            server.should_exit = True
            thread.join()
            desk.close()


def ask(page: Any, question: str, more: str = "#offers .suggestion") -> None:
    """Ask on the page and wait for the answer and for what comes after it: the next steps."""
    before = page.locator("#history .turn").count()
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")
    page.wait_for_function(
        "before => document.querySelectorAll('#history .turn').length > before"
        " && !document.querySelector('#stop')", arg=before)
    page.wait_for_selector(more)
    page.wait_for_timeout(500)
    page.mouse.move(0, 0)


def shoot(page: Any, name: str) -> None:
    """Save what the page shows as a small PNG."""
    path = PLACE / f"{name}.png"
    page.screenshot(path=path)
    with Image.open(path) as image:
        image.convert("RGB").quantize(
            256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.name}: {path.stat().st_size // 1024} KiB")


def main() -> None:
    """Make all pictures."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(prog="python -m ui.screenshots", description=__doc__)
    parser.add_argument("--articles", type=Path, default=SEEDS)
    parser.add_argument("--chromium", default=shutil.which("chromium") or "chromium")
    chosen = parser.parse_args()
    PLACE.mkdir(exist_ok=True)
    with serving(chosen.articles) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chosen.chromium, args=list(FLAGS))
        for name, theme in THEMES:
            page = browser.new_page(
                viewport={"width": 1360, "height": 850}, color_scheme=theme)
            page.goto(url)
            page.wait_for_selector("#offers .suggestion", timeout=60_000)
            page.wait_for_timeout(3_000)
            if theme == "light":
                shoot(page, "start")
            ask(page, QUESTION)
            shoot(page, name)
            if theme == "light":
                ask(page, REFUSED)
                page.locator("#history .turn").last.locator("summary").click()
                shoot(page, "refusal")
            page.close()
        page = browser.new_page(viewport={"width": 390, "height": 844}, device_scale_factor=2)
        page.goto(url)
        page.wait_for_selector("#offers .suggestion", timeout=60_000)
        ask(page, QUESTION)
        shoot(page, "narrow")
        page.locator(".cite").first.click()
        page.wait_for_selector("#article-pane mark")
        page.wait_for_timeout(500)
        shoot(page, "narrow-article")
        page.close()
        with tempfile.TemporaryDirectory() as folder:
            for name, words in FLORENCE.items():
                (Path(folder) / name).write_text(words, "utf-8")
            with serving(Path(folder)) as other:
                page = browser.new_page(viewport={"width": 1360, "height": 850})
                page.goto(other)
                page.wait_for_selector("#shelf .entry", timeout=60_000)
                ask(page, DISPUTED, "#article-pane mark")
                shoot(page, "dispute")
        browser.close()


if __name__ == "__main__":
    main()

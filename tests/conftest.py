"""Fixtures that the test modules share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep indexes that tests build by default out of the person's own cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the clone."""
    return ROOT


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of the two seed articles."""
    return ROOT / "seeds"


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium; without one the test is skipped, and fails where CI=true."""
    for name in (os.environ.get("CHROMIUM", ""), *BROWSERS):
        if name and (path := shutil.which(name)):
            return path
    message = "Chromium is missing: install the package chromium or set CHROMIUM to its path"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def says() -> Callable[[str, str], str | None]:
    """What the bundled reader and the rules say of a yes/no question about one text."""
    from rag import reader
    from rag.language.sentences import split
    from rag.questions.intent import analyse
    from rag.settings import Settings
    from rag.types import Hit, Passage
    from rag.yesno.verdict import decide

    read = reader.load(Settings())

    def decided(text: str, question: str) -> str | None:
        passage = Passage("a.txt", 0, 0, len(text), text, tuple(split(text)))
        decisions = decide(analyse(question), [Hit(passage, "Notes", 1, 1.0)], read)
        return decisions[0].says if decisions else None

    return decided


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the browser tests last.

    Playwright keeps an event loop running in the main thread for as long as its browser is open,
    and no test after it could start a loop of its own.
    """
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)

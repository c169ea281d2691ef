"""A receipt from the command line, checked by the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


def rag(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    return subprocess.run([sys.executable, "-m", "rag.cli", *map(str, arguments)],
                          capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder of articles, and the receipt of an answer from it."""
    place = tmp_path_factory.mktemp("receipt")
    folder = place / "articles"
    folder.mkdir()
    (folder / "mill.txt").write_text("The old mill at Orrin was sold for 300 crowns in May 1911.\n")
    receipt = place / "answer.json"
    done = rag("ask", "--articles", folder, "--index", place / "index", "--receipt", receipt,
               "For how much was the old mill sold?")
    assert done.returncode == 0, done.stderr
    return folder, receipt


def test_what_was_asked_is_verified(asked: tuple[Path, Path]) -> None:
    folder, receipt = asked
    value = json.loads(receipt.read_text("utf-8"))
    assert value["short"] == "300 crowns"
    assert {part: len(model["digest"]) for part, model in value["models"].items()} == {
        "embedder": 64, "reader": 64}
    done = rag("verify", receipt, "--articles", folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == (
        "holds: The quote of citation 1 stands at 0:58 of 'mill.txt'.")


def test_a_changed_article_does_not_hold(asked: tuple[Path, Path], tmp_path: Path) -> None:
    _, receipt = asked
    (tmp_path / "mill.txt").write_text("The old mill at Orrin was sold for 400 crowns.\n")
    done = rag("verify", receipt, "--articles", tmp_path, "--json")
    assert done.returncode == 3
    assert json.loads(done.stdout)["problem"] == (
        "'mill.txt' is not the file that was read: its digest does not fit.")


def test_a_receipt_that_is_none_is_a_mistake_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text("{}")
    done = rag("verify", tmp_path / "r.json")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "is no receipt" in done.stderr

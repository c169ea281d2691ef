"""The wheel: one top-level name, everything in it, and it works from an empty directory."""

from __future__ import annotations

import email
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

BUILD = "import setuptools.build_meta as b, sys; print(b.build_wheel(sys.argv[1]))"


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy, so that nothing is left behind in the clone."""
    source = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(root / name, source)
    for package in ("rag", "index", "ui", "eval", "tests", "seeds"):
        ignored = shutil.ignore_patterns("__pycache__", "*.sqlite3*", "*.faiss")
        shutil.copytree(root / package, source / package, ignore=ignored)
    target = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", BUILD, str(target)],
        cwd=source, check=True, capture_output=True,
    )  # fmt: skip
    [built] = target.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel alone into a folder of its own."""
    target = tmp_path_factory.mktemp("installed")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index",
         "--disable-pip-version-check", "--target", str(target), str(wheel)],
        check=True,
    )  # fmt: skip
    return target


def test_rag_is_the_only_top_level_name(wheel: Path) -> None:
    names = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {name for name in names if not name.endswith(".dist-info")} == {"rag"}
    assert len(names) == 2


def test_everything_in_rag_is_in_the_wheel(wheel: Path, root: Path) -> None:
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("rag/")}
    left_out = {".gz", ".jsonl", ".md", ".png", ".pyc"}  # what only those who train need
    known = {
        path.relative_to(root).as_posix()
        for path in (root / "rag").rglob("*")
        if path.is_file() and path.suffix not in left_out
    }
    assert known - inside == set()
    assert {"rag/py.typed", "rag/cli.py"} <= inside
    assert any(name.startswith("rag/reader/weights/") for name in inside)


def test_the_metadata_says_what_is_needed(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        [name] = [n for n in archive.namelist() if n.endswith(".dist-info/METADATA")]
        metadata = email.message_from_bytes(archive.read(name))
        [scripts] = [n for n in archive.namelist() if n.endswith("entry_points.txt")]
        assert "rag = rag.cli:main" in archive.read(scripts).decode()
        assert any(n.endswith("licenses/LICENSE") for n in archive.namelist())
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Requires-Python"] == ">=3.11"


def test_it_works_from_an_empty_directory(installed: Path, seeds: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    code = "import rag, sys; print(rag.__file__); print('torch' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=empty, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == [str(installed / "rag" / "__init__.py"), "False"]

    rag = next(path for path in (installed / "bin").iterdir() if path.name == "rag")
    done = subprocess.run(
        [sys.executable, str(rag), "ask", "--json", "--articles", str(seeds),
         "--index", str(tmp_path / "index"), "how many Russian instructors arrived?"],
        cwd=empty, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["short"] == "100"
    assert answer["citations"][0]["article"] == "000_d2a85b7b0d5c59d4.txt"
    assert list(empty.iterdir()) == []

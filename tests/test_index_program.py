"""``python -m index``: what each command says and the status it leaves."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from small import WordEmbedder

from index.__main__ import main
from rag.encoding import embedding
from rag.search import upkeep


@pytest.fixture(autouse=True)
def _embedder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "load", lambda settings: WordEmbedder())


@pytest.fixture
def index(tmp_path: Path, seeds: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert main(["build", "--articles", str(seeds), "--index", str(tmp_path / "index")]) == 0
    assert "2 articles" in capsys.readouterr().out
    return tmp_path / "index"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(arguments)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def flip(path: Path, share: float = 0.5) -> None:
    data = bytearray(path.read_bytes())
    data[int(len(data) * share)] ^= 4
    path.write_bytes(data)


def test_build_tells_what_was_skipped(
    tmp_path: Path, seeds: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "articles"
    shutil.copytree(seeds, folder)
    (folder / "empty.md").write_text("")
    arguments = ("build", "--articles", str(folder), "--index", str(tmp_path / "i"), "--json")
    status, out, _ = run(capsys, *arguments)
    result = json.loads(out)
    assert status == 0
    assert (result["articles"], len(result["skipped"])) == (2, 1)
    assert result["skipped"][0] == {"name": "empty.md", "reason": "it is empty."}


def test_describe_names_the_model_and_the_sizes(
    index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = run(capsys, "describe", "--index", str(index), "--json")
    found = json.loads(out)
    assert status == 0
    assert (found["embedder"], found["articles"], found["format"]) == ("words", 2, 1)
    assert found["bytes"]["index.sqlite3"] == (index / "index.sqlite3").stat().st_size
    status, out, _ = run(capsys, "describe", "--index", str(index))
    assert status == 0
    assert "embedder digest    words-1" in out


def test_a_whole_index_verifies(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "verify", "--index", str(index))
    assert status == 0
    assert [line.split()[:2] for line in out.splitlines()] == [
        ["ok", "seal"], ["ok", "truth"], ["ok", "vectors"], ["ok", "words"],
    ]  # fmt: skip


def test_a_damaged_vectors_file_is_found_and_mended(
    index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flip(next(index.glob("*.faiss")))
    status, out, _ = run(capsys, "verify", "--index", str(index))
    assert status == 1
    assert "BAD vectors" in out
    assert f"mend it: python -m index repair --index {index}" in out
    status, out, _ = run(capsys, "repair", "--index", str(index))
    assert (status, out.splitlines()[0]) == (0, "the vectors file was built anew")
    assert run(capsys, "verify", "--index", str(index))[0] == 0


def test_a_missing_seal_is_found_and_mended(
    index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (index / "index.seal").unlink()
    assert run(capsys, "verify", "--index", str(index))[0] == 1
    assert run(capsys, "repair", "--index", str(index))[1] == "the index was sealed\n"
    assert run(capsys, "verify", "--index", str(index))[0] == 0
    assert run(capsys, "repair", "--index", str(index))[1] == "nothing was damaged\n"


def test_a_damaged_truth_is_found_and_built_anew_from_its_articles(
    index: Path, seeds: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damage(index)
    status, out, _ = run(capsys, "verify", "--index", str(index), "--json")
    found = json.loads(out)
    assert status == 1
    bad = {one["part"]: one["detail"] for one in found["findings"] if not one["ok"]}
    assert "fails its checksum" in bad["truth"]
    status, out, _ = run(capsys, "repair", "--index", str(index), "--articles", str(seeds))
    assert (status, out) == (0, "the index was built anew from the 2 articles\n")
    assert run(capsys, "verify", "--index", str(index))[0] == 0


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        (("--articles", "no/such/folder"), "no folder at 'no/such/folder'"),
        (("--passage-tokens", "5000"), "passage_tokens=5000 is more than the 64 tokens"),
    ],
)
def test_a_mistake_in_a_fresh_build_deletes_nothing(
    index: Path, seeds: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, mistake: tuple[str, str], message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    before = {path.name: path.read_bytes() for path in index.iterdir()}
    arguments = ("build", "--articles", str(seeds), "--index", str(index), "--fresh", *mistake)
    status, _, err = run(capsys, *arguments)
    assert (status, len(err.splitlines())) == (2, 1)
    assert message.replace("no/such", f"{tmp_path}/no/such") in err
    assert {path.name: path.read_bytes() for path in index.iterdir()} == before


def damage(index: Path) -> None:
    path = index / "index.sqlite3"
    path.write_bytes(path.read_bytes().replace(b"Niamey", b"Niamez"))


def test_a_truth_is_built_anew_with_the_settings_that_it_was_made_with(
    seeds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = tmp_path / "my index"
    how = ("--passage-tokens", "48", "--overlap-sentences", "0")
    assert run(capsys, "build", "--articles", str(seeds), "--index", str(index), *how)[0] == 0
    before = upkeep.describe(index)
    damage(index)
    _, out, _ = run(capsys, "verify", "--index", str(index))
    assert f"mend it: python -m index repair --index '{index}'" in out
    assert run(capsys, "repair", "--index", str(index))[0] == 0
    after = upkeep.describe(index)
    for name in ("passage_tokens", "overlap_sentences", "passages", "contents"):
        assert after[name] == before[name]


def test_a_truth_whose_settings_are_lost_is_built_anew_with_the_defaults_and_says_so(
    index: Path, seeds: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = index / "index.sqlite3"
    path.write_bytes(path.read_bytes().replace(b'"passage_tokens"', b'"passage_tokenz"'))
    status, _, err = run(capsys, "repair", "--index", str(index))
    assert (status, "name its articles" in err) == (2, True)
    status, out, _ = run(capsys, "repair", "--index", str(index), "--articles", str(seeds))
    assert status == 0
    assert "the defaults: embedder words, passage_tokens=0, overlap_sentences=1" in out


def test_what_is_not_there_is_one_line_and_status_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments, message in (
        (["verify", "--index", str(tmp_path / "no")], "there is no index in"),
        (["describe"], "describe needs --index PLACE or --articles FOLDER"),
        (["build"], "build needs --articles FOLDER"),
        (["build", "--articles", str(tmp_path / "no")], "no folder at"),
    ):
        status, out, err = run(capsys, *arguments)
        assert (status, out) == (2, "")
        assert message in err
        assert len(err.splitlines()) == 1


@pytest.mark.parametrize("command", ["build", "describe", "verify", "repair"])
def test_every_command_has_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    assert left.value.code == 0
    assert f"python -m index {command} --" in capsys.readouterr().out

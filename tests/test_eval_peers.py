"""Judging what other systems say: spans widened to sentences, the same rules as for ours."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from eval import results
from eval.cases import load, parse_turn
from eval.peers import __main__ as peers
from eval.peers import environment

TEXTS = {"a.txt": "The mill burned down in 1911. Ada Quill rebuilt it. Nobody knows why."}
TURN = parse_turn({
    "question": "When?", "kind": "date", "outcome": "answered", "answers": ["1911"],
    "support": [{"article": "a.txt", "sentence": "The mill burned down in 1911."}],
}, "x#1", "here")


def line(short: str | None, start: int, end: int) -> dict[str, object]:
    return {"outcome": "answered" if short else "not_found", "short": short, "text": short or "",
            "confidence": 1.2, "seconds": 0.5, "quotes": [["a.txt", start, end]] if short else []}


def test_a_span_is_judged_with_its_sentence() -> None:
    record = peers._record("s", "x", TURN, line("1911", 24, 28), TEXTS)
    assert record.quotes == [["a.txt", "The mill burned down in 1911."]]
    assert (record.right, record.confidence, record.seconds) == (True, 1.0, 0.5)
    assert (record.judgement["holding"], record.judgement["supported"]) == (1, 1)


def test_a_span_over_two_sentences_is_widened_to_both() -> None:
    assert peers._widened(TEXTS, "a.txt", 24, 33) == ("a.txt", 0, 51)


def test_a_refusal_and_a_wrong_answer() -> None:
    assert not peers._record("s", "x", TURN, line(None, 0, 0), TEXTS).right
    wrong = peers._record("s", "x", TURN, line("Ada Quill", 30, 39), TEXTS)
    assert (wrong.right, wrong.judgement["cited"], wrong.judgement["holding"]) == (False, 1, 0)


def test_the_versions_come_from_the_environment(tmp_path: Path) -> None:
    site = tmp_path / "lib" / "python3.11" / "site-packages"
    (site / "haystack_ai-2.31.0.dist-info").mkdir(parents=True)
    assert environment.version(tmp_path, "haystack-ai") == "2.31.0"
    assert environment.version(tmp_path, "txtai") == ""


def test_the_environment_gets_pytorch_first_and_keeps_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(environment.venv, "create", lambda place, with_pip: place.mkdir())
    monkeypatch.setattr(environment.subprocess, "run", lambda line, check: ran.append(line))
    monkeypatch.setenv("TORCH_INDEX", "https://example.org/cpu")
    environment.install(tmp_path / "own")
    torch, rest = (line[line.index("--disable-pip-version-check") + 1 :] for line in ran)
    pinned = torch[-1]
    assert f"\n{pinned}\n" in (Path(__file__).parent.parent / "constraints.txt").read_text()
    assert torch == ["--index-url", "https://example.org/cpu", pinned]
    assert rest == [pinned, *environment.REQUIREMENTS]


def test_the_peers_get_the_same_weights_as_32_bit_floats(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    half = np.array([0.1, 65504.0, -3e-5], np.float16)
    save_file({"w": half}, kept / "model.safetensors")
    (kept / "config.json").write_text('{"model_type": "bert", "dtype": "float16"}')
    (kept / "tokenizer.json").write_text("{}")
    copy = environment.full_precision(kept, tmp_path / "copy")
    found = load_file(copy / "model.safetensors")["w"]
    assert found.dtype == np.float32
    assert found.tolist() == half.tolist()
    assert json.loads((copy / "config.json").read_text()) == {
        "model_type": "bert", "dtype": "float32"}
    assert (copy / "tokenizer.json").read_text() == "{}"


WORKER = """
import json, sys
task = json.loads(open(sys.argv[1]).read())
with open(sys.argv[2], "w") as out:
    for turn in (t for f in task["folders"] for c in f["conversations"] for t in c["turns"]):
        out.write(json.dumps({"id": turn["id"], "outcome": "answered", "short": "1911",
            "text": "1911", "confidence": 0.5, "seconds": 0.25, "ready": 1.5, "peak_kb": 2048,
            "quotes": [["a.txt", 24, 28]]}) + "\\n")
"""


@pytest.fixture
def one_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A set of one question, and a system that always says "1911"."""
    (tmp_path / "set" / "articles").mkdir(parents=True)
    (tmp_path / "set" / "articles" / "a.txt").write_text(TEXTS["a.txt"])
    (tmp_path / "set" / "set.json").write_text('{"title": "t", "articles": "articles"}')
    (tmp_path / "set" / "c.jsonl").write_text(json.dumps({"id": "mill", "turns": [{
        "question": "When did the mill burn down?", "kind": "date", "outcome": "answered",
        "answers": ["1911"], "support": [
            {"article": "a.txt", "sentence": "The mill burned down in 1911."}]}]}))
    worker = tmp_path / "workers" / "ours.py"
    worker.parent.mkdir()
    worker.write_text(WORKER)
    monkeypatch.setattr(peers, "PLACE", tmp_path / "runs")
    monkeypatch.setattr(peers, "RUNS", tmp_path / "runs")
    monkeypatch.setattr(peers, "__file__", str(worker))
    monkeypatch.setattr(peers, "SETS", tmp_path)
    return tmp_path


def test_answers_are_kept_until_something_changes(one_system: Path) -> None:
    sets = [load(one_system / "set")]
    table = peers.compare(sets, ["ours"], 0)
    assert "| ours | 100.0 [100.0, 100.0] |" in table
    assert "| 250 [250, 250] | 250 [250, 250] | 2 | 1.5 |" in table
    assert "1 turns in 1 conversations of set" in table
    kept = one_system / "runs" / f"ours-set-first-{peers.TIMED}.jsonl"
    kept.write_text(kept.read_text().replace("2048", "4096"))
    assert "| 4 | 1.5 |" in peers.compare(sets, ["ours"], 0)
    assert "| 2 | 1.5 |" in peers.compare(sets, ["ours"], 0, fresh=True)
    (one_system / "workers" / "ours.py").write_text("raise SystemExit('no such model')")
    assert "| ours | cannot run offline: no such model | · |" in peers.compare(sets, ["ours"], 0)


def test_the_table_goes_between_its_markers(one_system: Path) -> None:
    page = one_system / "page.md"
    page.write_text(f"a\n{peers.MARKERS[0]}\nold\n{peers.MARKERS[1]}\n{results.BEGIN}\n")
    given = ["--set", "set", "--system", "ours", "--write", str(page)]
    assert peers.main(given) == 0
    assert page.read_text().startswith(f"a\n{peers.MARKERS[0]}\n| system | single facts right |")
    assert page.read_text().endswith(f"\n{peers.MARKERS[1]}\n{results.BEGIN}\n")
    assert "old" not in page.read_text()
    page.write_text("nothing")
    assert peers.main(given) == 2


def test_peers_that_are_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(peers, "PLACE", tmp_path)
    assert peers.main(["--set", "seeds", "--system", "txtai"]) == 2
    assert capsys.readouterr().err == (
        "eval.peers: the peers are not installed; install them with: "
        "python -m eval.peers --install\n")

"""Running sets: records, resuming after a kill, exit status, bars and baselines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from eval import commands, results
from eval.cases import SetError, load
from eval.changes import as_text, changes
from eval.journal import Journal, run_key
from eval.records import Record
from eval.run import run
from rag.errors import UserError

TEXT = """The mill of Oldbrook

The mill of Oldbrook burned down in 1911. It was rebuilt by the carpenter Ada Quill.

The museum opens on Sundays. A ticket costs four crowns.
"""
CASES = [
    {"id": "mill", "turns": [
        {"question": "When did the mill of Oldbrook burn down?", "kind": "date",
         "outcome": "answered", "answers": ["1911", "in 1911"],
         "support": [{"article": "mill.txt",
                      "sentence": "The mill of Oldbrook burned down in 1911."}]},
        {"question": "Who rebuilt the mill?", "kind": "person", "outcome": "answered",
         "answers": ["Ada Quill", "the carpenter Ada Quill"],
         "support": [{"article": "mill.txt",
                      "sentence": "It was rebuilt by the carpenter Ada Quill."}]},
    ]},
    {"id": "ticket", "turns": [
        {"question": "What does a ticket cost?", "kind": "number", "outcome": "answered",
         "answers": ["4 crowns"],
         "support": [{"article": "mill.txt", "sentence": "A ticket costs four crowns."}]},
    ]},
]


def make_set(folder: Path) -> Path:
    (folder / "articles").mkdir(parents=True)
    (folder / "articles" / "mill.txt").write_text(TEXT)
    (folder / "set.json").write_text('{"title": "A mill", "articles": "articles"}')
    (folder / "cases.jsonl").write_text("".join(json.dumps(c) + "\n" for c in CASES))
    return folder


@pytest.fixture
def mill(tmp_path: Path) -> Path:
    return make_set(tmp_path / "mill")


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, list[Record]]:
    """The set, its runs and the records of one real run."""
    base = tmp_path_factory.mktemp("measured")
    folder = make_set(base / "mill")
    return folder, base / "runs", run([load(folder)], {}, runs=base / "runs", quiet=True)


def as_record(name: str, right: bool, short: str = "x", kind: str = "fact") -> Record:
    judged = {"right": right, "reason": "" if right else "another answer", "em": None, "f1": None,
              "cited": 0, "holding": 0, "verbatim": 0, "statements": 0, "supported": 0,
              "resolution": None}
    return Record("mill", name, f"{name}#1", kind, "q", "answered", "y", "answered", short, "t",
                  0.5, "q", [], judged, {}, 0.01)


def test_a_run_records_every_turn_in_order(
    measured: tuple[Path, Path, list[Record]]
) -> None:
    _, _, found = measured
    assert [r.id for r in found] == ["mill#1", "mill#2", "ticket#1"]
    first = found[0]
    assert (first.outcome, first.right, first.judgement["em"]) == ("answered", True, 1.0)
    assert first.short is not None
    assert "1911" in first.short
    assert first.ranking["RR"] == 1.0
    assert first.judgement["verbatim"] == first.judgement["cited"] >= 1
    assert 0 < first.seconds < 60
    assert "1911" in first.quotes[0][1]
    assert found[2].right  # "four" is "4"


def test_a_killed_run_goes_on_where_it_stopped(
    measured: tuple[Path, Path, list[Record]]
) -> None:
    mill, runs, whole = measured
    path = next(runs.glob("*.jsonl"))
    first, second = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + second[: len(second) // 2])
    again = run([load(mill)], {}, runs=runs, quiet=True)
    assert again[:2] == whole[:2]  # read back, times included: they were not asked again
    assert again[2].right
    assert again[2].seconds != whole[2].seconds
    lines = path.read_text().splitlines()
    assert [json.loads(line)[0]["conversation"] for line in lines] == ["mill", "ticket"]


def test_a_run_is_named_by_what_it_measures(mill: Path, tmp_path: Path) -> None:
    code = tmp_path / "code"
    code.mkdir()
    (code / "a.py").write_text("x = 1")
    base = run_key([code], [mill], {})
    assert run_key([code], [mill], {}) == base
    assert run_key([code], [mill], {"top_k": 4}) != base
    (code / "notes.md").write_text("not code")
    assert run_key([code], [mill], {}) == base
    (code / "a.py").write_text("x = 2")
    changed = run_key([code], [mill], {})
    assert changed != base
    (mill / "articles" / "mill.txt").write_text("Other.")
    assert run_key([code], [mill], {}) != changed


def test_journal_refuses_records_of_another_version(tmp_path: Path) -> None:
    path = tmp_path / "j.jsonl"
    path.write_text('[{"set": "s"}]\n')
    with pytest.raises(UserError, match="other fields than this version writes"):
        Journal(path)


def test_result_round_trip_and_newest(tmp_path: Path) -> None:
    records = (as_record("a", True), as_record("b", False))
    old = results.Result("c" * 40, False, "2024-01-01T00:00:00+00:00", {"cpus": 2}, {},
                         {"mill": "S"}, records)
    new = results.Result("a" * 40, True, "2024-01-02T00:00:00+00:00", {"cpus": 2}, {},
                         {"mill": "S"}, records[:1])
    results.save(old, tmp_path / "c.json")
    results.save(new, tmp_path / "a.json")
    assert results.load(tmp_path / "c.json") == old
    assert results.newest(tmp_path) == new
    body = json.loads((tmp_path / "c.json").read_text())
    assert body["measures"]["all sets"]["all"]["right"]["value"] == 0.5
    assert body["measures"]["mill"]["fact"]["right"]["n"] == 2


@pytest.mark.parametrize(("content", "message"), [
    ("{", "is not a result"), ('{"format": 99}', "has format 99"), ("[]", "is not a result"),
])
def test_a_file_that_is_no_result(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(content)
    with pytest.raises(UserError, match=message):
        results.load(path)
    with pytest.raises(UserError, match="there is no result"):
        results.load(tmp_path / "y.json")


def test_table_between_markers(tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_text(f"before\n{results.BEGIN}\nold\n{results.END}\nafter\n")
    assert results.write_table(path, "| new |")
    assert path.read_text() == f"before\n{results.BEGIN}\n| new |\n{results.END}\nafter\n"
    assert not results.write_table(path, "| new |")
    path.write_text("nothing")
    with pytest.raises(UserError, match="has no place for the table"):
        results.write_table(path, "x")


def test_changes_name_the_cases_that_turned() -> None:
    before = [as_record("a", True), as_record("b", False), as_record("c", True, "x"),
              as_record("gone", True)]
    after = [as_record("a", False, "no"), as_record("b", True), as_record("c", True, "z"),
             as_record("new", True), as_record("new2", True)]
    found = changes(before, after)
    assert [b.id for _, b in found.broken] == ["a#1"]
    assert [b.id for _, b in found.mended] == ["b#1"]
    assert [b.id for _, b in found.otherwise] == ["c#1"]
    assert (found.added, found.gone) == (2, 1)
    assert (found.tested["right"].before, found.tested["right"].after) == (
        pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert found.worse == ()
    assert "was answered 'x'; is answered 'no'" in as_text(found)


def test_worse_is_what_is_really_worse() -> None:
    before = [as_record(str(n), True) for n in range(12)]
    after = [as_record(str(n), False) for n in range(12)]
    assert changes(before, after).worse == ("right", "answer_precision")
    assert changes(after, before).worse == ()


class Fakes:
    """Stands in for the run, so that exit status is tested without asking anything."""

    def __init__(self, records: list[Record]) -> None:
        self.records = records

    def __call__(self, sets: object, settings: Mapping[str, Any], **_: object) -> list[Record]:
        return self.records


@pytest.mark.parametrize(("arguments", "status"), [
    ([], 0),
    (["--fail-under", "right=50"], 0),
    (["--fail-under", "right=50.1"], 1),
    (["--fail-under", "51"], 1),
    (["--fail-under", "p95=9"], 1),
    (["--fail-under", "p95=11"], 0),
    (["--fail-under", "wrong=5"], 2),
    (["--fail-under", "right=many"], 2),
    (["--fail-under", "mrr=5"], 2),
    (["--against", "nowhere.json"], 2),
    (["--setting", "top_k=0"], 2),
    (["--setting", "nonsense=1"], 2),
    (["--setting", "top_k"], 2),
    (["--kind", "summary"], 2),
    (["--kind", "date", "--save"], 2),
    (["--set", "no/where"], 2),
])
def test_exit_status(
    mill: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    arguments: list[str], status: int,
) -> None:
    records = [as_record("a", True), as_record("b", False)]
    monkeypatch.setattr(commands, "run", Fakes(records))
    given = arguments if "--set" in arguments else ["--set", str(mill), *arguments]
    assert commands.main(given) == status
    out, err = capsys.readouterr()
    if status == 2:
        assert err.startswith("eval: ")
        assert err.count("\n") == 1
        assert out == ""


def test_a_worse_run_fails_against_its_baseline(
    mill: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "base.json"
    good = [as_record(str(n), True) for n in range(12)]
    results.save(results.Result("b" * 40, False, "2024-01-01T00:00:00+00:00", {"cpus": 2}, {},
                                {"mill": "S"}, tuple(good)), path)
    arguments = ["--set", str(mill), "--against", str(path)]
    monkeypatch.setattr(commands, "run", Fakes(good))
    assert commands.main(arguments) == 0
    monkeypatch.setattr(commands, "run", Fakes([as_record(str(n), False) for n in range(12)]))
    assert commands.main(arguments) == 1
    out, err = capsys.readouterr()
    assert "12 broken:" in out
    assert "right is under the bar" in err


@pytest.mark.parametrize(("line", "message"), [
    ("[]", "must be an object"),
    ("{", "not JSON"),
    ('{"id": "a", "turns": []}', "at least one turn"),
    ('{"id": "a", "turns": [{"question": "q"}]}', "kind=None must be one of"),
    ('{"id": "a", "turns": [{"question": "q", "kind": "fact", "outcome": "answered"}]}',
     "needs answers, points or support"),
    ('{"id": "a", "turns": [{"question": "q", "kind": "fact", "outcome": "not_found", '
     '"answers": ["x"]}]}', "has no answers"),
    ('{"id": "a", "turns": [{"question": "q", "kind": "dispute", "outcome": "disputed", '
     '"points": [["x"], ["y"]]}]}', "for each a support"),
    ('{"id": "a", "turns": [{"question": "q", "kind": "yes/no", "outcome": "answered", '
     '"answers": ["maybe"]}]}', "yes/no turn"),
    ('{"id": "a", "turns": [{"question": "q", "kind": "fact", "outcome": "not_found", '
     '"filters": {"since": "May"}}]}', "must be a day"),
    ('{"id": "a", "turns": [{"question": "q", "knd": "fact"}]}', "unknown field 'knd'"),
])
def test_a_case_that_does_not_hold_to_the_format(mill: Path, line: str, message: str) -> None:
    (mill / "cases.jsonl").write_text(line + "\n")
    with pytest.raises(SetError, match=message) as caught:
        load(mill)
    assert "cases.jsonl:1" in str(caught.value)


def test_an_id_is_taken_once(mill: Path) -> None:
    (mill / "cases.jsonl").write_text((json.dumps(CASES[0]) + "\n") * 2)
    with pytest.raises(SetError, match="'mill' is taken"):
        load(mill)

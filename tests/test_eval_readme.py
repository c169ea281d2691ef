"""The README's figures are those of the newest kept result."""

from __future__ import annotations

from pathlib import Path

from eval.results import BEGIN, END, RESULTS, load, newest, readme_table

ROOT = Path(__file__).parent.parent


def test_the_readmes_table_is_made_from_the_newest_result() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = text.partition(BEGIN)[2].partition(END)[0].strip()
    assert shown == readme_table(newest()), "run: python -m eval table --write README.md"


def test_results_are_named_by_their_commit_and_quotes_are_verbatim() -> None:
    for path in sorted(RESULTS.glob("*.json")):
        result = load(path)
        assert result.commit.startswith(path.stem)
        assert result.records
        assert all(r.judgement["verbatim"] == r.judgement["cited"] for r in result.records)

"""The README's figures are those of the newest kept result."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.results import BEGIN, END, RESULTS, load, newest, results_table

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(("file", "whole"), [("README.md", False), ("eval/README.md", True)])
def test_the_tables_are_made_from_the_newest_result(file: str, whole: bool) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    shown = text.partition(BEGIN)[2].partition(END)[0].strip()
    table = results_table(newest(), whole)
    assert shown == table, f"run: python -m eval table {'--all ' * whole}--write {file}"


def test_results_are_named_by_their_commit_and_quotes_are_verbatim() -> None:
    for path in sorted(RESULTS.glob("*.json")):
        result = load(path)
        assert result.commit.startswith(path.stem)
        assert result.records
        assert all(r.judgement["verbatim"] == r.judgement["cited"] for r in result.records)

"""An index of every released format opens, or is refused with the command that mends it."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from small import WordEmbedder

from rag.encoding import embedding
from rag.errors import IndexMismatch
from rag.search import upkeep
from rag.search.library import Library
from rag.search.store.schema import FORMAT

DATA = Path(__file__).resolve().parent / "data"


@pytest.fixture
def embedder(monkeypatch: pytest.MonkeyPatch) -> WordEmbedder:
    found = WordEmbedder()
    monkeypatch.setattr(embedding, "load", lambda settings: found)
    return found


def test_every_format_so_far_is_kept() -> None:
    kept = {path.name for path in DATA.glob("format-*")}
    assert kept == {f"format-{number}" for number in range(1, FORMAT + 1)}


def test_format_1_opens_and_answers_without_embedding(
    embedder: WordEmbedder, tmp_path: Path
) -> None:
    shutil.copytree(DATA / "format-1", tmp_path / "one")
    articles, index = tmp_path / "one" / "articles", tmp_path / "one" / "index"
    assert [one.ok for one in upkeep.verify(index)] == [True] * 4
    with Library.open(articles, index) as library:
        assert library.names() == ("garden.txt", "harbour.txt")
        assert [one.name for one in library.skipped] == ["empty.txt"]
        first = library.search("when did the harbour of Aldport open?")[0]
        text = "Harbour news\n\nThe harbour of Aldport opened in 1911. It has 12 quays."
        assert (first.passage.article, first.passage.text) == ("harbour.txt", text)
        assert (first.dense_rank, first.word_rank) == (1, 1)
        assert first.dense_score == pytest.approx(0.460, abs=2e-3)
    assert embedder.embedded == []


@pytest.mark.usefixtures("embedder")
def test_a_format_from_the_future_is_refused_with_the_command(tmp_path: Path) -> None:
    shutil.copytree(DATA / "format-1", tmp_path / "one")
    index = tmp_path / "one" / "index"
    with sqlite3.connect(index / "index.sqlite3") as database:
        database.execute(f"PRAGMA user_version = {FORMAT + 1}")
    database.close()
    with pytest.raises(
        IndexMismatch,
        match=rf"has format {FORMAT + 1}, this program reads {FORMAT}; delete "
        r"its index\.sqlite3 and ask again, or build it anew: "
        "python -m index build .* --fresh",
    ):
        Library.open(tmp_path / "one" / "articles", index)

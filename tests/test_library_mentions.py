"""Which articles have some words: by their stems, close together, page furniture left out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from small import WordEmbedder

from rag.encoding import embedding
from rag.search.library import Library
from rag.search.words import phrase_expression


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    monkeypatch.setattr(embedding, "load", lambda settings: WordEmbedder())
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text(
        "Trainers\n\nSome 100 Russian military instructors arrived in Tarn. The mayor met them.\n"
        + "Snow fell on the hills and it was cold there. " * 60 + "A ferry sank.\n")
    (folder / "b.txt").write_text(
        "School\n\nAn instructor of the ski school praised Russian tea. Côté slept.\n")
    with Library.open(folder, tmp_path / "index") as opened:
        yield opened


@pytest.mark.parametrize(
    ("phrases", "within", "articles"),
    [
        (("instructors",), 0, ("a.txt", "b.txt")),
        (("Russian military instructors",), 0, ("a.txt",)),
        (("russian", "instructors"), 2, ("a.txt",)),
        (("Russian", "instructors"), 8, ("a.txt", "b.txt")),
        (("Russian", "mayor"), 0, ("a.txt",)),
        (("mayor", "ferry"), 0, ()),  # in one article, in two passages
        (("cote",), 0, ("b.txt",)),
        (("Chinese",), 0, ()),
        (("",), 0, ()),
        (("***",), 0, ()),
        (('" OR "a',), 0, ()),
        ((), 0, ()),
    ],
)
def test_articles_that_have_phrases(
    library: Library, phrases: tuple[str, ...], within: int, articles: tuple[str, ...]
) -> None:
    assert library.mentions(*phrases, within=within) == articles


def test_no_word_of_a_phrase_is_an_operator() -> None:
    assert phrase_expression('a" OR NEAR(b') == '"a or near b"'
    assert phrase_expression("-", "b") is None

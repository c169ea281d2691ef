"""The benchmark measures real things: its articles hold what is asked, its indexes are whole."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from index import bench, corpus, growth, picture
from rag import Assistant
from rag.search import upkeep
from rag.search.store import connection
from rag.search.store.reading import Reader


def test_made_articles_are_the_same_every_time_and_hold_their_fact(tmp_path: Path) -> None:
    for name in ("one", "two"):
        corpus.write_articles(tmp_path / name, 12)
    texts = [path.read_text() for path in sorted((tmp_path / "one").iterdir())]
    assert texts == [path.read_text() for path in sorted((tmp_path / "two").iterdir())]
    assert len(set(texts)) == 12
    assert all(corpus.fact(number)[1] in text for number, text in enumerate(texts))


@pytest.mark.slow
def test_a_grown_index_is_whole_and_its_search_is_exact_while_it_is_flat(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    growth.build(tmp_path / "articles", tmp_path / "index", 45)
    assert all(one.ok for one in upkeep.verify(tmp_path / "index"))
    costs = growth.use(tmp_path, 45)
    assert costs["recall"] == 1.0
    assert costs["disk_mb"] * 1e6 > 45 * 384 * 2
    opened = connection.connect(tmp_path / "index", write=False)
    try:
        assert Reader(opened, tmp_path / "index").state().passages == 145
    finally:
        opened.close()


def test_what_is_asked_of_made_articles_is_answered_with_its_sentence(tmp_path: Path) -> None:
    corpus.write_articles(tmp_path / "articles", 12)
    (question, sentence), (_, another) = corpus.fact(7), corpus.fact(8)
    with Assistant.open(tmp_path / "articles", tmp_path / "index") as assistant:
        answer = assistant.ask(question)
    assert bench.told(answer, sentence)
    assert not bench.told(answer, another)


def test_figures_are_medians_with_their_spread() -> None:
    assert bench.row("x", [3.0, 1.0, 2.0], "s") == bench.Row("x", 2.0, 1.0, 3.0, "s")
    lines = bench.table([bench.Row("build", 250.0, 240.0, 260.0, "passages/s")]).splitlines()
    assert lines[-1] == "| build | 250 | 240 to 260 | passages/s |"


def test_the_picture_is_an_image_with_every_size() -> None:
    costs = dict.fromkeys(growth.LABELS, 2.0)
    steps = [growth.Step(passages=n, **costs) for n in (1_000, 10_000)]
    root = ElementTree.fromstring(picture.draw(steps))
    texts = {node.text for node in root.iter() if node.tag.endswith("text")}
    assert {"1,000", "10,000", "recall@10"} - texts == {"recall@10"}
    assert growth.table(steps).splitlines()[0] == "| passages | 1,000 | 10,000 |"

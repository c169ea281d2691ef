"""A library follows its folder, embeds only what is new, and shows one version at a time."""

from __future__ import annotations

import datetime as dt
import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small import WordEmbedder

from rag.articles import formats
from rag.encoding import embedding
from rag.errors import ArticlesError, IndexLocked, IndexMismatch, SettingsError, StoreError
from rag.search import place, refresh, upkeep, vectors
from rag.search.library import Library
from rag.search.store.writing import Writer
from rag.settings import Settings
from rag.types import Article, Filters

Open = Callable[..., Library]


@pytest.fixture
def embedder(monkeypatch: pytest.MonkeyPatch) -> WordEmbedder:
    found = WordEmbedder()
    monkeypatch.setattr(embedding, "load", lambda settings: found)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "articles"
    path.mkdir()
    write(path, "harbour.txt", "Harbour news", "The harbour of Aldport opened in 1911.")
    write(path, "garden.txt", "Garden notes", "Roses need water. The gardener waters them at dawn.")
    (path / "sub").mkdir()
    write(path, "sub/bridge.txt", "The bridge", "The bridge over the Orle is 340 metres long.")
    return path


@pytest.fixture
def opened(folder: Path, tmp_path: Path, embedder: WordEmbedder) -> Open:
    def open_(**values: object) -> Library:
        return Library.open(folder, tmp_path / "index", **values)  # type: ignore[arg-type]

    return open_


class Recorder:
    """Calls what it stands for, and keeps what that was given."""

    def __init__(self, calls: Callable[..., Any]) -> None:
        self.calls = calls
        self.given: list[tuple[Any, ...]] = []

    def __call__(self, *given: Any) -> Any:
        self.given.append(given)
        return self.calls(*given)


def write(folder: Path, name: str, title: str, body: str) -> None:
    (folder / name).write_text(f"{title}\n\n{body}\n", encoding="utf-8")


def test_the_passage_with_the_words_of_the_question_is_first(opened: Open) -> None:
    with opened() as library:
        assert library.names() == ("garden.txt", "harbour.txt", "sub/bridge.txt")
        hits = library.search("When did the harbour of Aldport open?")
    first = hits[0]
    assert (first.passage.article, first.rank, first.title) == ("harbour.txt", 1, "Harbour news")
    assert (first.dense_rank, first.word_rank) == (1, 1)
    assert first.score == pytest.approx(1.0)
    assert first.dense_score == pytest.approx(0.5389, abs=1e-3)
    assert [hit.rank for hit in hits] == [1, 2, 3]


def test_the_seeds_are_searched_with_the_bundled_embedder(seeds: Path, tmp_path: Path) -> None:
    with Library.open(seeds, tmp_path / "index") as library:
        hits = library.search("how many Russian instructors arrived?", k=3)
        assert len(hits) == 3
        assert "100 Russian" in hits[0].passage.text
        assert (hits[0].dense_rank, hits[0].word_rank) == (1, 1)
        for name in library.names():
            article = library.article(name)
            assert article.text
            for passage in library.passages(name):
                assert article.text[passage.start : passage.end] == passage.text


def test_opening_again_embeds_nothing_and_writes_nothing(
    opened: Open, embedder: WordEmbedder
) -> None:
    opened().close()
    embedder.embedded.clear()
    with opened() as library:
        generation = library.generation
    with opened() as library:
        assert library.generation == generation
        assert library.refresh() == refresh.Changes()
    assert embedder.embedded == []


def test_only_new_and_changed_passages_are_embedded(
    opened: Open, folder: Path, embedder: WordEmbedder
) -> None:
    with opened() as library:
        embedder.embedded.clear()
        write(folder, "tower.txt", "The tower", "The tower leans to the west.")
        write(folder, "garden.txt", "Garden notes", "Tulips need less water than roses.")
        changes = library.refresh()
        assert (changes.added, changes.changed, changes.removed) == (
            ("tower.txt",), ("garden.txt",), (),
        )  # fmt: skip
        assert len(embedder.embedded) == 2
        assert library.search("tulips")[0].passage.article == "garden.txt"
        assert library.search("dawn gardener")[0].passage.text.find("dawn") == -1


def test_a_deleted_article_is_gone_everywhere(opened: Open, folder: Path) -> None:
    with opened() as library:
        (folder / "harbour.txt").unlink()
        assert library.refresh().removed == ("harbour.txt",)
        hits = library.search("harbour of Aldport 1911")
        assert "harbour.txt" not in {hit.passage.article for hit in hits}
        assert library.passages("harbour.txt") == ()
        with pytest.raises(KeyError):
            library.article("harbour.txt")


def test_a_renamed_file_needs_no_embedding(
    opened: Open, folder: Path, embedder: WordEmbedder
) -> None:
    with opened() as library:
        before = library.passages("harbour.txt")
        embedder.embedded.clear()
        (folder / "harbour.txt").rename(folder / "port.txt")
        changes = library.refresh()
        assert (changes.added, changes.removed) == (("port.txt",), ("harbour.txt",))
        assert embedder.embedded == []
        after = library.passages("port.txt")
        assert [p.text for p in after] == [p.text for p in before]
        assert library.search("harbour")[0].passage.article == "port.txt"


def test_incremental_changes_end_where_a_fresh_build_ends(
    opened: Open, folder: Path, tmp_path: Path
) -> None:
    bar = "\n\nFollow us on every channel\n\n"
    with opened() as library:
        for number in range(4):
            text = f"Story {number} about item{number} was told by {number} people in the town."
            write(folder, f"s{number}.txt", f"Story {number}", text + bar)
            library.refresh()
        (folder / "s0.txt").unlink()
        write(folder, "garden.txt", "Garden notes", "A short note on roses." + bar)
        library.refresh()
        (folder / "s1.txt").rename(folder / "t1.txt")
        library.refresh()
        with Library.open(folder, tmp_path / "other") as fresh:
            assert library.names() == fresh.names()
            for name in fresh.names():
                assert library.article(name) == fresh.article(name)
                assert library.passages(name) == fresh.passages(name)
            for question in ("item2", "roses", "the bridge over the Orle", "who told a story"):
                ours, theirs = library.search(question), fresh.search(question)
                assert [(h.passage, h.rank) for h in ours] == [(h.passage, h.rank) for h in theirs]


def test_a_line_that_begins_to_recur_stops_being_evidence_in_older_articles(
    opened: Open, folder: Path
) -> None:
    bar = "\n\nAldport Weekly Messenger Number One\n"
    write(folder, "a.txt", "A", "The mayor of Aldport opened the new school on Monday." + bar)
    with opened() as library:
        assert "Messenger" in "".join(p.text for p in library.passages("a.txt"))
        write(folder, "b.txt", "B", "A ship with 40 cars sank near the coast of Orle." + bar)
        write(folder, "c.txt", "C", "The council will vote about the tram line in May." + bar)
        library.refresh()
        for name in ("a.txt", "b.txt", "c.txt"):
            assert "Messenger" not in "".join(p.text for p in library.passages(name))
        (folder / "c.txt").unlink()
        library.refresh()
        assert "Messenger" in "".join(p.text for p in library.passages("a.txt"))


def test_lines_recur_as_they_do_when_what_needs_no_other_article_is_stored_first(
    opened: Open, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The changed article is in the truth, without the line, before it is decided which recur."""
    monkeypatch.setattr(refresh, "_FIRST", 1)
    monkeypatch.setattr(refresh, "_BATCH", 1)
    bar = "\n\nAldport Weekly Messenger Number One\n"
    write(folder, "a.txt", "A", "The mayor of Aldport opened the new school on Monday." + bar)
    write(folder, "b.txt", "B", "A ship with 40 cars sank near the coast of Orle." + bar)
    write(folder, "c.txt", "C", "The council will vote about the tram line in May." + bar)
    order: list[str] = []
    put = Writer.put

    def stored(self: Writer, article: Article, *rest: Any) -> None:
        order.append(article.name)
        put(self, article, *rest)

    monkeypatch.setattr(Writer, "put", stored)
    with opened() as library:
        assert "Messenger" not in "".join(p.text for p in library.passages("a.txt"))
        write(folder, "c.txt", "C", "The council will vote about the tram line in May.")
        write(folder, "d.txt", "D", "Nine lamps were lit in the harbour of Orle last night.")
        order.clear()
        library.refresh()
        assert order == ["c.txt", "d.txt", "a.txt", "b.txt"]
        for name in ("a.txt", "b.txt"):
            assert "Messenger" in "".join(p.text for p in library.passages(name))


@pytest.fixture
def dated(folder: Path) -> None:
    page = (
        "<html><head><title>{title}</title>"
        '<meta property="og:site_name" content="{publisher}">'
        '<meta property="article:published_time" content="{day}T08:00:00Z"></head>'
        "<body><article><h1>{title}</h1><p>The comet was seen over {place} by {n} people "
        "who had come from far away to look at the night sky.</p><p>They stayed until the "
        "morning came and the last light of the comet had gone away.</p></article></body></html>"
    )
    for n, (publisher, day, town) in enumerate(
        [("Daily Star", "2020-01-05", "Aldport"), ("The Globe", "2021-06-01", "Orle")]
    ):
        text = page.format(title=f"Comet {n}", publisher=publisher, day=day, place=town, n=n + 5)
        (folder / f"comet{n}.html").write_text(text, encoding="utf-8")


@pytest.mark.usefixtures("dated")
@pytest.mark.parametrize(
    ("filters", "names"),
    [
        (Filters(articles=("garden.txt",)), {"garden.txt"}),
        (Filters(publishers=("THE globe",)), {"comet1.html"}),
        (Filters(since=dt.date(2020, 1, 5)), {"comet0.html", "comet1.html"}),
        (Filters(since=dt.date(2020, 1, 6)), {"comet1.html"}),
        (Filters(until=dt.date(2021, 5, 31)), {"comet0.html"}),
        (Filters(publishers=("Daily Star",), since=dt.date(2021, 1, 1)), set()),
        (Filters(articles=("no such",)), set()),
    ],
)
def test_filters_apply_before_the_cut(opened: Open, filters: Filters, names: set[str]) -> None:
    with opened(settings=Settings(candidates=1)) as library:
        hits = library.search("the bridge over the Orle", filters, k=5)
        assert {hit.passage.article for hit in hits} == names


def test_more_passages_than_can_be_ranked_are_refused(opened: Open) -> None:
    with opened(settings=Settings(top_k=10_000)) as library:
        assert len(library.search("harbour")) == 3
        with pytest.raises(SettingsError, match="k=10001 must be at most 10,000"):
            library.search("harbour", k=10_001)
    for name in ("top_k", "candidates"):
        with pytest.raises(SettingsError, match=f"{name}=10001 must be at most 10,000"):
            Settings.of(**{name: 10_001})


def test_skipped_files_are_listed_and_not_read_again(
    opened: Open, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "empty.txt").write_text("")
    (folder / "picture.png").write_bytes(b"x")
    with opened() as library:
        assert [one.name for one in library.skipped] == ["empty.txt", "picture.png"]
    monkeypatch.setattr(refresh.loading, "read", lambda *_: pytest.fail("read again"))
    with opened() as library:
        assert [one.name for one in library.skipped] == ["empty.txt", "picture.png"]


def test_a_file_that_cannot_be_opened_is_as_it_was_until_it_can_be(
    opened: Open, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder, "locked.txt", "Locked", "The vault holds nine coins.")
    open_ = os.open

    def refuse(path: Any, *flags: Any) -> int:
        if str(path).endswith("locked.txt"):
            raise PermissionError(13, "Permission denied")
        return open_(path, *flags)

    with monkeypatch.context() as shut:
        shut.setattr(os, "open", refuse)
        opened().close()
        with opened() as library:
            version = library.version
            shut.setattr(place, "locked", lambda *_: pytest.fail("written though nothing changed"))
            assert [one.reason for one in library.refresh().skipped] == [
                "it cannot be read: permission denied."
            ]
            assert library.version == version
    with opened() as library:
        assert library.skipped == ()
        assert library.search("vault coins")[0].passage.article == "locked.txt"


@pytest.mark.parametrize("hindered", [MemoryError(), formats.Hindered("it takes too long.")])
def test_a_file_that_the_moment_kept_from_being_read_is_read_by_the_next_build(
    opened: Open, folder: Path, monkeypatch: pytest.MonkeyPatch, hindered: Exception
) -> None:
    write(folder, "long.txt", "Long", "The vault holds nine coins.")
    parse, tried = formats.parse, []

    def busy(name: str, *rest: Any) -> Any:
        tried.append(name)
        if name == "long.txt":
            raise hindered
        return parse(name, *rest)

    with monkeypatch.context() as full:
        full.setattr(formats, "parse", busy)
        with opened() as library:
            (one,) = library.skipped
            assert one.reason.endswith("; the next build of the index tries it again.")
            assert library.refresh().skipped == (one,)
        opened().close()
        assert tried.count("long.txt") == 1  # not with every question
        opened(retry=True).close()
        assert tried.count("long.txt") == 2
    with opened() as library:
        assert library.skipped == (one,)
    with opened(retry=True) as library:
        assert library.skipped == ()
        assert library.search("vault coins")[0].passage.article == "long.txt"


def test_a_file_that_stops_being_an_article_is_forgotten(opened: Open, folder: Path) -> None:
    with opened() as library:
        (folder / "garden.txt").write_text("")
        changes = library.refresh()
        assert changes.removed == ("garden.txt",)
        assert [one.name for one in changes.skipped] == ["garden.txt"]
        assert "garden.txt" not in library.names()


def test_a_folder_without_articles_is_refused_by_name(opened: Open, folder: Path) -> None:
    shutil.rmtree(folder)
    with pytest.raises(ArticlesError, match="no folder at"):
        opened()
    folder.mkdir()
    with pytest.raises(ArticlesError, match="nothing to read"):
        opened()
    (folder / "empty.txt").write_text("")
    with pytest.raises(ArticlesError, match=r"none of the 1 files .* 'empty.txt': it is empty"):
        opened()


def test_deleting_all_articles_leaves_nothing_to_cite(opened: Open, folder: Path) -> None:
    opened().close()
    for path in folder.rglob("*.txt"):
        path.unlink()
    with pytest.raises(ArticlesError):
        opened()
    with opened(refresh=False) as library:
        assert library.search("harbour") == []


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (Settings(passage_tokens=40), "passage_tokens=0, not 40"),
        (Settings(overlap_sentences=2), "overlap_sentences=1, not 2"),
    ],
)
def test_other_settings_are_refused_with_the_command(
    opened: Open, settings: Settings, message: str
) -> None:
    opened().close()
    with pytest.raises(IndexMismatch, match=f"with {message}; .* anew: python -m index build"):
        opened(settings=settings)
    with opened(settings=settings, fresh=True) as library:
        assert len(library.names()) == 3


@pytest.mark.parametrize(
    "settings",
    [Settings(), Settings(passage_tokens=40, overlap_sentences=2), Settings(embedder="a model")],
)
@pytest.mark.parametrize("mend", ["build", "delete"])
def test_what_a_refusal_offers_does_mend_it(
    settings: Settings, mend: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from index.__main__ import main

    def load(asked: Settings) -> WordEmbedder:
        found = WordEmbedder()
        found.digest = "words-1" if asked.embedder == "default" else "words-2"
        return found

    monkeypatch.setattr(embedding, "load", load)
    folder, index = tmp_path / "the editor's articles", tmp_path / "an index"
    for path in (folder, tmp_path / "a model", tmp_path / "elsewhere"):
        path.mkdir()
    write(folder, "harbour.txt", "Harbour news", "The harbour of Aldport opened in 1911.")
    Library.open(folder, index, Settings(passage_tokens=50)).close()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(IndexMismatch, match=r"delete its index\.sqlite3 and ask again") as refused:
        Library.open(folder, index, settings)
    if mend == "delete":
        (index / "index.sqlite3").unlink()
    else:
        monkeypatch.chdir("elsewhere")
        command = shlex.split(str(refused.value).partition("build it anew: ")[2])
        assert command[:3] == ["python", "-m", "index"]
        assert ("--embedder" in command) == (settings.embedder != "default")
        assert str(tmp_path / "a model") in command or settings.embedder == "default"
        assert main(command[3:]) == 0
        monkeypatch.chdir(tmp_path)
    with Library.open(folder, index, settings) as library:
        assert library.search("the harbour")[0].passage.article == "harbour.txt"
        assert library.state.passage_tokens == settings.passage_tokens


def test_a_refusal_names_everything_that_differs(opened: Open) -> None:
    opened().close()
    with pytest.raises(IndexMismatch) as refused:
        opened(settings=Settings(passage_tokens=40, overlap_sentences=2))
    both = "made with passage_tokens=0, not 40 and overlap_sentences=1, not 2; keep to that, "
    assert both in str(refused.value)


def test_the_model_loads_ahead_only_where_many_files_are_read(
    opened: Open, folder: Path, embedder: WordEmbedder
) -> None:
    opened().close()
    assert embedder.prepared == 0
    for number in range(50):
        (folder / f"more{number}.txt").write_text(f"Note {number}.\n", "utf-8")
    opened().close()
    assert embedder.prepared == 1


def test_another_embedder_is_refused_with_the_command(opened: Open, embedder: WordEmbedder) -> None:
    opened().close()
    embedder.digest = "words-2"
    with pytest.raises(IndexMismatch, match="--fresh"):
        opened()


def test_an_index_of_other_articles_is_refused_or_brought_in_step(
    opened: Open, folder: Path, tmp_path: Path
) -> None:
    opened().close()
    other = tmp_path / "other"
    other.mkdir()
    write(other, "lamp.txt", "The lamp", "The lamp was lit by the keeper every night.")
    with pytest.raises(IndexMismatch, match="is of the articles in"):
        Library.open(other, tmp_path / "index", refresh=False)
    settings = Settings(overlap_sentences=0)
    Library.open(folder, tmp_path / "second", settings).close()
    with pytest.raises(IndexMismatch, match=r"bring it in step: .* --overlap-sentences 0$"):
        Library.open(other, tmp_path / "second", settings, refresh=False)
    with Library.open(other, tmp_path / "index") as library:
        assert library.names() == ("lamp.txt",)
        assert [line.split()[-1] for line in library.notices] == [str(other)]


def test_a_window_larger_than_the_embedders_is_refused(opened: Open) -> None:
    with pytest.raises(SettingsError, match="passage_tokens=65 is more than the 64 tokens"):
        opened(settings=Settings(passage_tokens=65))


def test_no_index_and_no_refresh_names_the_command(opened: Open) -> None:
    with pytest.raises(StoreError, match="build it: python -m index build --articles"):
        opened(refresh=False)


def test_an_index_inside_the_articles_is_refused(folder: Path, embedder: WordEmbedder) -> None:
    for index in (folder, folder / "index", folder / "x" / ".." / "index"):
        with pytest.raises(StoreError, match="inside the articles' folder"):
            Library.open(folder, index)


def test_an_index_where_nothing_can_be_written_is_refused(
    folder: Path, embedder: WordEmbedder, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="is a file"):
        Library.open(folder, tmp_path / "file")
    with pytest.raises(StoreError, match="name another with --index"):
        Library.open(folder, tmp_path / "file" / "index")
    if sys.platform == "linux":
        with pytest.raises(StoreError, match="name another with --index"):
            Library.open(folder, Path("/proc/rag-index"))


def test_an_index_in_a_place_that_cannot_be_written_is_read(
    opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened().close()
    for path in (tmp_path / "index").glob("*-???"):
        path.unlink()
    monkeypatch.setattr(os, "access", lambda *_: False)
    before = sorted((tmp_path / "index").iterdir())
    with opened() as library:
        assert library.search("harbour")[0].passage.article == "harbour.txt"
    assert sorted((tmp_path / "index").iterdir()) == before


def test_articles_written_together_are_all_kept_or_none(
    opened: Open, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened().close()
    put, writes = Writer.put, 0

    def failing(self: Writer, article: Article, *rest: object) -> None:
        nonlocal writes
        writes += 1
        if writes == 2:
            raise OSError("the disk is full")
        put(self, article, *rest)  # type: ignore[arg-type]

    write(folder, "mill.txt", "The mill", "The mill grinds rye.")
    write(folder, "tower.txt", "The tower", "The tower leans to the west.")
    monkeypatch.setattr(Writer, "put", failing)
    with pytest.raises(OSError, match="full"):
        opened()
    with opened(refresh=False) as library:
        assert library.names() == ("garden.txt", "harbour.txt", "sub/bridge.txt")
    monkeypatch.setattr(Writer, "put", put)
    with opened() as library:
        assert len(library.names()) == 5
        assert library.search("mill rye")[0].passage.article == "mill.txt"


def test_a_second_writer_says_so(
    opened: Open, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened().close()
    write(folder, "tower.txt", "The tower", "The tower leans to the west.")
    monkeypatch.setattr(place, "WAIT_S", 0.1)
    holder = (
        "import sys; from filelock import FileLock;"
        f"lock = FileLock({str(tmp_path / 'index' / 'index.lock')!r}); lock.acquire();"
        "print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(IndexLocked, match="another process is writing"):
            opened()
        with opened(refresh=False) as library:  # reading goes on
            assert len(library.names()) == 3
            monkeypatch.setattr(place, "locked", waits := Recorder(place.locked))
            with pytest.raises(IndexLocked):
                library.refresh(wait_s=0)
            assert waits.given == [(tmp_path / "index", 0)]
        process.communicate("")
    with opened() as library:
        assert len(library.names()) == 4


@pytest.mark.skipif(os.name == "nt", reason="Windows deletes no file that is open")
def test_an_open_library_reads_the_index_that_was_built_anew(
    opened: Open, folder: Path, tmp_path: Path
) -> None:
    with opened() as library:
        assert library.search("harbour")[0].passage.article == "harbour.txt"
        version = library.version
        (folder / "harbour.txt").unlink()
        write(folder, "tower.txt", "The tower", "The tower leans to the west.")
        place.clear(tmp_path / "index")
        assert len(library.names()) == 3  # what was there, until there is another
        with library.snapshot():
            opened().close()
            assert "harbour.txt" in library.names()  # one version to its end
        names = ("garden.txt", "sub/bridge.txt", "tower.txt")
        found: list[tuple[str, ...]] = []
        other = threading.Thread(target=lambda: found.append(library.names()))
        other.start()
        other.join()
        assert [library.names(), *found] == [names, names]
        assert library.search("tower leans")[0].passage.article == "tower.txt"
        assert library.version[0] != version[0]


@pytest.mark.skipif(os.name == "nt", reason="Windows deletes no file that is open")
def test_an_index_built_anew_with_another_embedder_is_not_searched_or_written(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Wider(WordEmbedder):
        digest = "words-2"
        dimension = 48

    with opened() as library:
        monkeypatch.setattr(embedding, "load", lambda settings: Wider())
        opened(fresh=True).close()
        for use in (library.refresh, lambda: library.search("harbour")):
            with pytest.raises(IndexMismatch, match=r"the embedder words \(words-2\), not words"):
                use()


def test_a_snapshot_shows_one_version_while_another_thread_writes(
    opened: Open, folder: Path
) -> None:
    with opened() as library:
        with library.snapshot() as generation:
            names = library.names()
            (folder / "harbour.txt").unlink()
            writer = threading.Thread(target=library.refresh)
            writer.start()
            writer.join()
            assert library.names() == names
            assert library.generation == generation
            assert library.search("harbour of Aldport")[0].passage.article == "harbour.txt"
            assert library.article("harbour.txt").title == "Harbour news"
        assert library.generation > generation
        assert "harbour.txt" not in library.names()
        hits = library.search("harbour of Aldport")
        assert "harbour.txt" not in {hit.passage.article for hit in hits}


def test_vectors_beside_the_published_file_are_searched_and_dead_ones_left_out(
    opened: Open, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What holds when only a part of a large index has changed, here on a small one."""
    opened().close()
    monkeypatch.setattr("rag.search.vectors.settle", lambda *_, **__: None)
    write(folder, "tower.txt", "The tower", "The tower leans to the west.")
    (folder / "harbour.txt").unlink()
    with opened() as library:
        assert library.state.vectors is not None
        assert library.state.vectors.count == 3
        with library._versions.view() as (reader, state):
            index = library._versions.vectors(reader, state)
        assert index.base is not None
        assert len(index.ids) == 1
        assert len(index.dead) == 1
        assert library.search("the tower leans")[0].dense_rank == 1
        hits = library.search("harbour of Aldport opened in 1911", k=10)
        assert {hit.passage.article for hit in hits} == {
            "tower.txt", "garden.txt", "sub/bridge.txt",
        }  # fmt: skip


def index_lists(path: Path) -> int:
    import faiss

    return int(faiss.read_index(str(path)).nlist)


def test_a_large_index_is_clustered_extended_and_ranked_by_the_truth(
    opened: Open, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ways of a large index, with the bounds set low."""
    for name, value in (("FLAT", 12), ("_SMALL", 12), ("_LIST", 8), ("_TRAINING", 6)):
        monkeypatch.setattr(vectors, name, value)
    for number in range(16):
        write(folder, f"n{number}.txt", f"Note {number}", f"Item{number} weighs {number} grams.")
    with opened() as library:
        file = library.state.vectors
        assert file is not None
        assert (file.kind, file.count) == ("ivf", 19)
        hits = library.search("Note 7. Note 7. Item7 weighs 7 grams.", k=19)
        assert (hits[0].passage.article, hits[0].dense_rank) == ("n7.txt", 1)
        asked = library.embedder.embed_question("Note 7. Note 7. Item7 weighs 7 grams.")
        with library._versions.view() as (reader, state):
            ids, matrix = vectors.collect(reader.vectors(0, state.dimension), state.dimension)
        assert index_lists(tmp_path / "index" / file.name) == 2
        assert len(ids) == 19
        cosines = sorted((hit.dense_score or 0 for hit in hits), reverse=True)
        assert cosines == pytest.approx(sorted((matrix @ asked).tolist(), reverse=True))
        write(folder, "n7.txt", "Note 7", "Item7 is not weighed any more.")
        library.refresh()  # two of nineteen changed: more than a tenth
        (folder / "n8.txt").unlink()
        library.refresh()  # one: the file stays, the passage is left out
        kept = library.state.vectors
        assert kept is not None
        assert kept.name != file.name
        assert (kept.count, library.state.passages) == (19, 18)
        assert library.search("item7 not any more")[0].passage.article == "n7.txt"
        assert "n8.txt" not in {h.passage.article for h in library.search("item8 weighs", k=19)}
        only = library.search("item3", Filters(articles=("n3.txt",)))
        assert [hit.passage.article for hit in only] == ["n3.txt"]
    assert all(one.ok for one in upkeep.verify(tmp_path / "index"))


def test_files_of_others_in_an_indexs_folder_stay(
    opened: Open, folder: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    opened().close()
    others = [index / name for name in ("notes.new", "vectors-old.faiss", "vectors-mine.faiss.new")]
    for path in others:
        path.write_text("mine")
    halves = [index / "index.seal.new", index / "vectors-7.faiss.new", index / "vectors-9.faiss"]
    for path in halves:
        path.write_text("half")
    write(folder, "tower.txt", "The tower", "The tower leans to the west.")
    opened().close()
    assert [path.exists() for path in (*others, *halves)] == [True] * 3 + [False] * 3
    for path in halves:
        path.write_text("half")
    place.clear(index)
    assert sorted(index.iterdir()) == sorted([*others, index / "index.lock"])


def test_a_log_without_its_main_file_is_not_taken_for_another(
    opened: Open, tmp_path: Path
) -> None:
    """What a kill while an index is deleted can leave."""
    index = tmp_path / "index"
    opened().close()
    held = sqlite3.connect(index / "index.sqlite3")
    held.execute("CREATE TABLE stray (x)")
    shutil.copy(index / "index.sqlite3-wal", tmp_path / "log")
    held.close()
    for path in index.iterdir():
        path.unlink()
    shutil.copy(tmp_path / "log", index / "index.sqlite3-wal")
    assert (index / "index.sqlite3-wal").stat().st_size > 0
    with opened() as library:
        assert len(library.names()) == 3
    assert all(one.ok for one in upkeep.verify(index))


def test_progress_reaches_the_end_of_every_stage(opened: Open) -> None:
    seen: list[tuple[str, int, int]] = []
    opened(progress=lambda *step: seen.append(step)).close()
    assert ("looking", 3, 3) in seen
    assert ("reading", 3, 3) in seen
    assert seen[-1] == ("indexing", 3, 3)


def test_stored_vectors_are_those_of_the_embedder(opened: Open, embedder: WordEmbedder) -> None:
    with opened() as library, library._versions.view() as (reader, state):
        found = list(reader.vectors(0, state.dimension))
        stored = np.concatenate([rows for _, rows in found])
        wanted = embedder.embed(embedder.embedded)
    best = (stored @ wanted.T).max(axis=1)
    assert best.min() > 1 - 1e-6


def test_the_default_place_depends_on_the_folder_alone(tmp_path: Path) -> None:
    one, other = place.default_index(tmp_path / "a"), place.default_index(tmp_path / "b")
    assert one != other
    assert one == place.default_index(tmp_path / "a")
    assert one.parent.name == "rag"


def test_settings_that_shape_no_passages_may_change(opened: Open) -> None:
    opened().close()
    with opened(settings=replace(Settings(), top_k=1)) as library:
        assert len(library.search("harbour")) == 1

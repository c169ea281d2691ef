"""A kill, a full disk, an I/O error or damage at any place leaves a truth, or a clear refusal.

The quick run samples; RAG_DURABILITY=full runs every write call, 500 random kills, 1,000 bit
flips, 100 truncations and readers beside a writer for 60 seconds.
"""

from __future__ import annotations

import ctypes
import json
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from small import WordEmbedder

from rag.encoding import embedding
from rag.errors import StoreError
from rag.search import place, upkeep
from rag.search.library import Library
from rag.types import Article, Passage

pytestmark = pytest.mark.slow
FULL = os.environ.get("RAG_DURABILITY") == "full"
HERE = Path(__file__).resolve().parent / "faults"
QUESTIONS = ("tower of Marn", "which bridge is long", "who waters the roses", "harbour Aldport")
Version = tuple[Article, tuple[Passage, ...]]


@pytest.fixture(autouse=True)
def _embedder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "load", lambda settings: WordEmbedder())


def write(folder: Path, name: str, body: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"Title of {name}\n\n{body}\n", encoding="utf-8")


def long(topic: str, n: int = 12) -> str:
    return " ".join(
        f"The {topic} number {i} was seen by {i * 7} people in Aldport." for i in range(n)
    )


@dataclass(frozen=True)
class Scene:
    """An index built of ``old``, while the folder already holds ``new``.

    Attributes:
        folder: The articles, as they are now.
        index: The index of how they were.
        before: Articles and passages of the index.
        after: Articles and passages once it is refreshed.
        hits: What each question finds once it is refreshed.
    """

    folder: Path
    index: Path
    before: dict[str, Version]
    after: dict[str, Version]
    hits: dict[str, list[Any]]


def contents(library: Library) -> dict[str, Version]:
    return {name: (library.article(name), library.passages(name)) for name in library.names()}


def found(library: Library) -> dict[str, list[Any]]:
    return {
        question: [
            (hit.passage, hit.rank, round(hit.dense_score or 0, 5), hit.word_rank)
            for hit in library.search(question)
        ]
        for question in QUESTIONS
    }


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedding, "load", lambda settings: WordEmbedder())
        root = tmp_path_factory.mktemp("scene")
        folder, index = root / "articles", root / "index"
        # Once three articles carry the line, also the unchanged harbour must be split again.
        line = "\n\nAldport Weekly Messenger Number One"
        harbour = "The harbour of Aldport opened in 1911. " + long("ship")
        write(folder, "harbour.txt", harbour + line)
        write(folder, "roses.txt", "The gardener waters the roses. " + long("rose", 5))
        write(folder, "bridge.txt", "The bridge over the Orle is 340 metres long.")
        write(folder, "mill.txt", "The mill ground corn until 1950. " + long("miller", 3))
        with Library.open(folder, index) as library:
            before = contents(library)
        write(folder, "tower.txt", "The tower of Marn leans. " + long("step", 20) + line)
        write(
            folder, "roses.txt", "The gardener waters the roses at dawn. " + long("thorn", 9) + line
        )
        (folder / "bridge.txt").unlink()
        (folder / "mill.txt").rename(folder / "old mill.txt")
        with Library.open(folder, root / "after") as library:
            after = contents(library)
            assert before["harbour.txt"][0].text == after["harbour.txt"][0].text
            assert before["harbour.txt"][1] != after["harbour.txt"][1]
            return Scene(folder, index, before, after, found(library))


@pytest.fixture(scope="module")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    compiler = shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        pytest.skip("needs Linux and a C compiler: install gcc")
    shim = tmp_path_factory.mktemp("shim") / "shim.so"
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(shim), str(HERE / "shim.c"), "-ldl"]
    subprocess.run(command, check=True)
    ctypes.CDLL(str(shim))
    environment = os.environ | {"LD_PRELOAD": str(shim), "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(
        [sys.executable, str(HERE / "worker.py")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
    ) as process:  # fmt: skip

        def ask(**command: Any) -> dict[str, Any]:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(command) + "\n")
            process.stdin.flush()
            answer: dict[str, Any] = json.loads(process.stdout.readline())
            return answer

        yield ask
        assert process.stdin is not None
        process.stdin.close()


def copied(scene: Scene, tmp_path: Path, *, empty: bool) -> Path:
    index = tmp_path / "index"
    shutil.rmtree(index, ignore_errors=True)
    if not empty:
        shutil.copytree(scene.index, index)
    return index


def check_between(scene: Scene, index: Path, *, empty: bool) -> None:
    """Every article is as before or as after, with its own passages, and can be found."""
    if empty and place.is_blank(index):
        with pytest.raises(StoreError, match="there is no index"):
            Library.open(scene.folder, index, refresh=False)
        return
    with Library.open(scene.folder, index, refresh=False) as library:
        now = contents(library)
        before = {} if empty else scene.before
        for name, version in now.items():
            assert version in (before.get(name), scene.after.get(name)), name
        gone = {name for name in before if name in scene.after} - set(now)
        assert not gone
        for question in QUESTIONS:
            for hit in library.search(question):
                assert hit.passage in now[hit.passage.article][1]


def check_after(scene: Scene, index: Path) -> None:
    """Opening it brings it to where an undisturbed refresh ends, and leaves nothing behind."""
    with Library.open(scene.folder, index) as library:
        assert contents(library) == scene.after
        assert found(library) == scene.hits
        assert library.state.complete
    findings = upkeep.verify(index)
    assert all(one.ok for one in findings), findings
    assert not list(index.glob("*.new"))
    assert len(list(index.glob("*.faiss"))) == 1


def chosen(calls: int, quick: int) -> list[int]:
    if FULL or calls <= quick:
        return list(range(1, calls + 1))
    return sorted(random.Random(1).sample(range(1, calls + 1), quick))


@pytest.mark.parametrize("empty", [False, True], ids=["refresh", "build"])
@pytest.mark.parametrize("kind", ["k", "h", "f", "e"], ids=["kill", "half", "full", "error"])
def test_a_fault_at_any_write_call_leaves_before_or_after(
    scene: Scene, worker: Any, tmp_path: Path, kind: str, empty: bool
) -> None:
    index = copied(scene, tmp_path, empty=empty)
    whole = worker(folder=str(scene.folder), index=str(index), kind=kind)
    assert whole["ended"] == "done"
    assert whole["calls"] > 20
    check_after(scene, index)
    for at in chosen(whole["calls"], quick=7):
        index = copied(scene, tmp_path, empty=empty)
        answer = worker(folder=str(scene.folder), index=str(index), kind=kind, at=at)
        if kind in "kh":
            assert answer["ended"] == "killed", at
        else:
            assert "DEFECT" not in answer["ended"], (at, answer)
        check_between(scene, index, empty=empty)
        check_after(scene, index)


def test_kills_at_random_times_leave_before_or_after(
    scene: Scene, worker: Any, tmp_path: Path
) -> None:
    times = random.Random(2)
    for number in range(500 if FULL else 15):
        empty = number % 3 == 0
        index = copied(scene, tmp_path, empty=empty)
        worker(
            folder=str(scene.folder), index=str(index), kind="k",
            after_s=times.uniform(0.0, 0.25),
        )  # fmt: skip
        check_between(scene, index, empty=empty)
        check_after(scene, index)


@pytest.fixture(scope="module")
def done(scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index that is in step with the scene's folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedding, "load", lambda settings: WordEmbedder())
        index = tmp_path_factory.mktemp("done") / "index"
        Library.open(scene.folder, index).close()
        return index


def answers(scene: Scene, index: Path, *, refresh: bool) -> tuple[dict[str, list[Any]] | str, int]:
    """What all questions find and how many notices there were; or the refusal."""
    try:
        with (
            warnings.catch_warnings(),
            Library.open(scene.folder, index, refresh=refresh) as library,
        ):
            return found(library), len(library.notices)
    except StoreError as error:
        return str(error), 0


def check_damage(scene: Scene, index: Path, what: object) -> None:
    for refresh in (False, True):
        result, _ = answers(scene, index, refresh=refresh)
        if isinstance(result, str):
            assert "python -m index" in result, what
            assert str(index) in result, what
        else:
            assert result == scene.hits, what


@pytest.mark.parametrize("pending", [False, True], ids=["closed", "killed"])
def test_flipped_bits_and_cut_files_never_give_a_wrong_answer(
    scene: Scene, done: Path, worker: Any, tmp_path: Path, pending: bool
) -> None:
    """Over all files of an index, also of one with a log that a kill left behind."""
    source = tmp_path / "source"
    shutil.copytree(scene.index if pending else done, source)
    if pending:
        calls = worker(folder=str(scene.folder), index=str(source), kind="k")["calls"]
        shutil.rmtree(source)
        shutil.copytree(scene.index, source)
        worker(folder=str(scene.folder), index=str(source), kind="k", at=calls // 2)
        assert (source / "index.sqlite3-wal").stat().st_size > 0
    picks = random.Random(5 + pending)
    names = [p.name for p in sorted(source.iterdir()) if p.stat().st_size and "shm" not in p.name]
    rounds = [("flip", n) for n in range(1000 if FULL else 24)]
    rounds += [("cut", n) for n in range(100 if FULL else 8)]
    for way, number in rounds:
        index = tmp_path / "index"
        shutil.rmtree(index, ignore_errors=True)
        shutil.copytree(source, index)
        path = index / names[number % len(names)]
        data = bytearray(path.read_bytes())
        at = picks.randrange(len(data))
        if way == "flip":
            data[at] ^= 1 << picks.randrange(8)
        else:
            del data[at:]
        path.write_bytes(data)
        what = (way, path.name, at)
        if pending:
            result, _ = answers(scene, index, refresh=True)
            assert result == scene.hits or "python -m index" in result, what
        else:
            check_damage(scene, index, what)


def test_a_damaged_vectors_file_is_built_anew_with_a_notice(
    scene: Scene, done: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    shutil.copytree(done, index)
    path = next(index.glob("*.faiss"))
    path.write_bytes(path.read_bytes()[:-3])
    assert answers(scene, index, refresh=False) == (scene.hits, 1)
    assert answers(scene, index, refresh=False) == (scene.hits, 0)
    assert all(one.ok for one in upkeep.verify(index))


def test_files_of_another_index_or_of_an_older_one_never_mix(
    scene: Scene, done: Path, tmp_path: Path
) -> None:
    other = tmp_path / "articles"
    for name, topic in (("a.txt", "tower"), ("b.txt", "rose"), ("c.txt", "bridge")):
        write(other, name, long(topic, 9))
    with Library.open(other, tmp_path / "other") as library:
        foreign = found(library)
    assert foreign != scene.hits
    for source in (tmp_path / "other", scene.index):
        for name in ("index.sqlite3", "index.seal", "*.faiss"):
            index = tmp_path / "index"
            shutil.rmtree(index, ignore_errors=True)
            shutil.copytree(done, index)
            theirs, ours = next(source.glob(name)), next(index.glob(name))
            shutil.copyfile(theirs, ours)
            result, _ = answers(scene, index, refresh=False)
            if source is scene.index and name == "index.sqlite3":
                with Library.open(scene.folder, index, refresh=False) as library:
                    assert contents(library) == scene.before
            elif isinstance(result, str):
                assert "python -m index" in result
            else:
                assert result == scene.hits
            assert answers(scene, index, refresh=True)[0] == scene.hits


# What SQLite does to find out whether a connection that closes is a file's last one.
LAST_ONE = """
import fcntl, sys
with open(sys.argv[1], "r+b") as file:
    fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 510, 0x40000002)
"""


@pytest.mark.skipif(os.name != "posix", reason="elsewhere closing a handle drops no lock")
def test_no_other_process_takes_itself_for_the_last_one(tmp_path: Path) -> None:
    """It would delete the log that this one still uses; reading the main file drops no lock."""
    folder, index = tmp_path / "articles", tmp_path / "index"
    write(folder, "keep.txt", long("tower"))

    def alone() -> bool:
        command = [sys.executable, "-c", LAST_ONE, str(index / "index.sqlite3")]
        return subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode == 0

    with Library.open(folder, index) as library:  # built and sealed
        assert library.search("tower")
        assert not alone()
        write(folder, "more.txt", long("rose"))
        library.refresh()
        assert not alone()
        assert not place.is_blank(index)
        assert upkeep.check(index, lambda *_: None) is None
        assert all(one.ok for one in upkeep.verify(index))
        assert not alone()
    assert alone()


def reading(folder: Path, index: Path, until: float, out: Any) -> None:
    """Ask until a time; every hit must be in its article, in one version."""
    embedding.load = lambda settings: WordEmbedder()  # type: ignore[assignment]
    asked = 0
    try:
        with Library.open(folder, index, refresh=False) as library:
            while time.time() < until:
                with library.snapshot():
                    hits = library.search("round of the tower or the rose", k=20)
                    assert hits
                    for hit in hits:
                        article = library.article(hit.passage.article)
                        quote = article.text[hit.passage.start : hit.passage.end]
                        assert quote == hit.passage.text
                asked += 1
        out.put(asked)
    except BaseException as error:
        out.put(f"{type(error).__name__}: {error}")
        raise


def test_readers_beside_a_writer_see_one_version(tmp_path: Path) -> None:
    folder, index = tmp_path / "articles", tmp_path / "index"
    write(folder, "keep.txt", long("tower"))
    Library.open(folder, index).close()
    context = multiprocessing.get_context("spawn")
    out = context.Queue()
    until = time.time() + (60 if FULL else 6)
    readers = [context.Process(target=reading, args=(folder, index, until, out)) for _ in range(8)]
    for process in readers:
        process.start()
    changes = 0
    with Library.open(folder, index) as library:
        while time.time() < until:
            for name in ("a.txt", "b.txt"):
                if changes % 3 == 2:
                    (folder / name).unlink(missing_ok=True)
                else:
                    write(folder, name, f"Round {changes}. " + long("rose", 1 + changes % 7))
            library.refresh()
            changes += 1
    results = [out.get(timeout=60) for _ in readers]
    for process in readers:
        process.join()
    assert all(isinstance(one, int) for one in results), results
    assert changes > 3
    with Library.open(folder, index) as library:
        assert library.search("rose")
    assert all(one.ok for one in upkeep.verify(index))


def test_two_processes_that_build_the_same_index_write_nothing_twice(
    scene: Scene, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    program = (
        f"import sys; sys.path.insert(0, {str(HERE.parent)!r});"
        "from small import WordEmbedder; from pathlib import Path;"
        "from rag.encoding import embedding; embedding.load = lambda settings: WordEmbedder();"
        "from rag.search.library import Library;"
        f"Library.open(Path({str(scene.folder)!r}), Path({str(index)!r})).close()"
    )
    both = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(2)]
    assert [process.wait(timeout=120) for process in both] == [0, 0]
    check_after(scene, index)
    with Library.open(scene.folder, index) as library:
        made = library.state
    single = tmp_path / "single"
    with Library.open(scene.folder, single) as library:
        assert library.state.passages == made.passages

"""Describing, verifying and repairing an index, with no need of its embedder or its articles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rag.errors import IndexDamaged, IndexLocked, RagError, StoreError
from rag.search import place, vectors
from rag.search.store import checks, connection
from rag.search.store.reading import Reader
from rag.search.store.state import State
from rag.search.store.writing import Writer

_SAME = 1e-3  # largest difference between a vector in the file and in the truth, flat


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about one part of an index.

    Attributes:
        part: "files", "seal", "truth", "words" or "vectors".
        ok: Whether it is as it should be.
        detail: One line.
    """

    part: str
    ok: bool
    detail: str


def describe(index: Path) -> dict[str, Any]:
    """Return what an index says about itself and how large it is, JSON-ready.

    Raises:
        StoreError: There is none, or it cannot be read.
    """
    with _reader(index) as reader, reader.snapshot() as state:
        sizes = {path.name: path.stat().st_size for path in sorted(index.iterdir())}
        skipped = [asdict(one) for one in reader.skipped()]
        return {"index": str(index), **asdict(state), "bytes": sizes, "skipped": skipped}


def check(index: Path, progress: checks.Progress) -> str | None:
    """Make sure that the truth is as it was written, before anything is read from it.

    Returns:
        What was mended, in one line.

    Raises:
        IndexDamaged: It is not.
        StoreError: It cannot be opened or written.
    """
    if checks.is_sealed(index):
        return None
    with _reader(index) as reader:
        checks.check_rows(reader, progress)
    try:
        with place.locked(index, wait_s=0), writing(index) as writer:
            fits = checks.words_fit(writer)
            if not fits:
                writer.rebuild_words()
            settle(index, writer)
    except IndexLocked:  # its holder has checked it, and seals it at the end
        return None
    return None if fits else f"the word index in {index} was damaged and built anew"


def verify(index: Path, progress: checks.Progress | None = None) -> list[Finding]:
    """Check everything in an index; nothing is changed.

    Raises:
        StoreError: There is no index, or it cannot be opened.
    """
    sealed = checks.is_sealed(index)
    seal = "the main file is as it was sealed" if sealed else "not sealed: being written, cut off "
    findings = [Finding("seal", sealed, seal if sealed else f"{seal}by a kill, or damaged")]
    try:
        with _reader(index) as reader:
            state = checks.check_rows(reader, progress)
            findings.append(_truth(state))
            with reader.snapshot() as state:
                findings.append(_vectors(index, reader, state))
    except IndexDamaged as error:
        return [*findings, Finding("truth", False, str(error).partition("; mend")[0])]
    with place.locked(index), writing(index) as writer:
        fits = checks.words_fit(writer)
    words = "hold the words of every passage" if fits else "do not fit the passages"
    return [*findings, Finding("words", fits, words)]


def repair(index: Path, progress: checks.Progress | None = None) -> list[str]:
    """Make what is derived anew from the truth, where it is not as it should be.

    Returns:
        One line for each thing that was done.

    Raises:
        IndexDamaged: The truth itself is damaged; only its articles can mend that.
        StoreError: The index cannot be opened or written.
    """
    done: list[str] = []
    with place.locked(index), writing(index) as writer:
        checks.check_rows(writer, progress)
        if not checks.words_fit(writer):
            writer.rebuild_words()
            done.append("the word index was built anew")
        with writer.snapshot() as state:
            good = _vectors(index, writer, state).ok
        if not good:
            done.append("the vectors file was built anew")
        if not checks.is_sealed(index):
            done.append("the index was sealed")
        settle(index, writer, anew=not good)
    return done


def settle(index: Path, writer: Writer, *, anew: bool = False) -> None:
    """Publish the vectors if enough changed, fold the log into the main file and seal it.

    Args:
        index: The index's folder.
        writer: The truth.
        anew: Publish the vectors in any case.

    Raises:
        StoreError: The disk is full or fails.
    """
    try:
        vectors.settle(index, writer, anew=anew)
        if writer.fold():
            checks.seal(index)
    except OSError as error:
        raise StoreError(
            f"the index in {index} could not be finished ({error.strerror or error}); the "
            "articles in it are safe, and it is finished when it is opened next"
        ) from error


def _truth(state: State) -> Finding:
    whole = "" if state.complete else "; the last refresh was interrupted and goes on when opened"
    detail = f"{state.articles} articles, {state.passages} passages, every checksum holds{whole}"
    return Finding("truth", True, detail)


def _vectors(index: Path, reader: Reader, state: State) -> Finding:
    """Compare the published file with the truth, vector by vector where it holds them whole."""
    if state.vectors is None:
        return Finding("vectors", state.passages == 0, "none were published")
    try:
        base = vectors.load(index, state.vectors)
    except (RagError, RuntimeError) as error:
        return Finding("vectors", False, f"{state.vectors.name} cannot be read: {error}")
    if base is None:
        return Finding("vectors", False, f"{state.vectors.name} is missing or not as published")
    dead = set(reader.dead().tolist())
    held = vectors.held(base)
    there = 0
    for ids, rows in reader.vectors(0, state.dimension):
        old = ids <= state.vectors.newest
        there += int(old.sum())
        for id, row in zip(ids[old].tolist(), rows[old], strict=True):
            kept = held.get(id)
            if id in dead or id not in held:
                return Finding("vectors", False, f"passage {id} is not in {state.vectors.name}")
            if kept is not None and float(np.abs(kept - row).max()) > _SAME:
                return Finding("vectors", False, f"the vector of passage {id} differs")
    if there + len(dead) != len(held):
        return Finding("vectors", False, f"{state.vectors.name} holds passages that are not there")
    beside = state.passages - there
    return Finding("vectors", True, f"{state.vectors.kind}, {there} in the file, {beside} beside")


@contextmanager
def _reader(index: Path) -> Iterator[Reader]:
    open_ = connection.connect(index, write=False)
    try:
        yield Reader(open_, index)
    finally:
        open_.close()


@contextmanager
def writing(index: Path) -> Iterator[Writer]:
    """Open an index for writing inside the block; whoever does holds its lock."""
    open_ = connection.connect(index, write=True)
    try:
        yield Writer(open_, index)
    finally:
        open_.close()


def state_of(index: Path) -> State | None:
    """Return what a damaged index says about itself, if that can still be read."""
    try:
        with _reader(index) as reader:
            return reader.state()
    except RagError:
        return None

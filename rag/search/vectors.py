"""The FAISS index over the truth's vectors: a cache that is checked, published whole, and rebuilt.

The published file holds the vectors of the passages up to one id; passages that came later are
searched beside it by a plain product, and those that are gone are left out, so that a small change
costs little. A file is used only if its SHA-256 is the one that the truth recorded.
Up to ``FLAT`` vectors the search is exact; above, vectors lie in clusters (inverted lists, Sivic &
Zisserman, ICCV 2003; 8-bit scalar quantisation) of which the nearest are searched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.encoding.bert import Floats
from rag.search.store import checks
from rag.search.store.reading import Reader
from rag.search.store.schema import VECTORS
from rag.search.store.state import State, VectorsFile
from rag.search.store.writing import Writer

Ids = NDArray[np.int64]

FLAT = 50_000  # vectors up to which searching all of them is fast enough (index/README.md)
_MOST_LISTS = 4096  # clusters of a very large index
_LIST = 64  # vectors in a cluster, about, until there are that many clusters
_TRAINING = 40  # vectors from which each cluster is learned
_PROBES = 64  # clusters searched for a question
_SMALL = 20_000  # passages up to which the file is published anew with every change
_CHUNK = 1 << 20  # bytes read at a time
_STALE = 0.1  # share of a large index that may lie beside its file


def _faiss() -> Any:
    """Import FAISS, which not every command needs."""
    import faiss

    return faiss


@dataclass(frozen=True, slots=True)
class Base:
    """A FAISS index with the truth's ids, as published.

    Attributes:
        index: The FAISS index.
        file: What the truth records about it.
    """

    index: Any
    file: VectorsFile


@dataclass(frozen=True, slots=True)
class VectorIndex:
    """All vectors of one version of the truth.

    Attributes:
        base: The published index; None when there is none.
        dead: Ids of ``base`` that are gone, sorted.
        ids: Ids of the passages that came after ``base``, sorted.
        vectors: Their vectors, one row each.
    """

    base: Base | None
    dead: Ids
    ids: Ids
    vectors: Floats

    @property
    def rounded(self) -> bool:
        """Whether cosines come from rounded vectors, to be computed again from the truth's."""
        return self.base is not None and self.base.file.kind != "flat"

    def search(
        self, question: Floats, k: int, allowed: Ids | None = None
    ) -> list[tuple[int, float]]:
        """Return the ids of the nearest vectors with their cosines, best first.

        Args:
            question: Vector of length 1.
            k: Most ids to return.
            allowed: The ids to search, sorted; None for all.
        """
        found: list[tuple[int, float]] = []
        if self.base is not None and self.base.file.count:
            found += self._search_base(self.base, question, k, allowed)
        if len(self.ids):
            keep = np.isin(self.ids, allowed) if allowed is not None else slice(None)
            ids, cosines = self.ids[keep], self.vectors[keep] @ question
            best = np.lexsort((ids, -cosines))[:k]
            found += zip(ids[best].tolist(), cosines[best].tolist(), strict=True)
        return sorted(found, key=lambda one: (-one[1], one[0]))[:k]

    def _search_base(
        self, base: Base, question: Floats, k: int, allowed: Ids | None
    ) -> list[tuple[int, float]]:
        faiss = _faiss()
        selectors = []
        if allowed is not None:
            if not len(allowed):
                return []
            selectors.append(faiss.IDSelectorBatch(allowed))
        if len(self.dead):
            selectors.append(faiss.IDSelectorNot(faiss.IDSelectorBatch(self.dead)))
        selector = selectors[0] if selectors else None
        if len(selectors) == 2:
            selector = faiss.IDSelectorAnd(*selectors)
        if base.file.kind == "ivf":
            lists = base.index.nlist
            probes = min(_PROBES, lists) if allowed is None else lists
            parameters = faiss.SearchParametersIVF(sel=selector, nprobe=probes)
        else:
            parameters = faiss.SearchParameters(sel=selector)
        # Threads would wait for each other longer than they compute for one question: over 13,000
        # vectors two took 2.8 ms where one takes 1.1.
        threads = faiss.omp_get_max_threads()
        faiss.omp_set_num_threads(1)
        try:
            # One row more, so that ties at the cut are decided by id and not by FAISS.
            cosines, ids = base.index.search(question[None], k + 1, params=parameters)
        finally:
            faiss.omp_set_num_threads(threads)
        found = zip(ids[0].tolist(), cosines[0].tolist(), strict=True)
        return [(id, cosine) for id, cosine in found if id >= 0]


def build(blocks: Iterable[tuple[Ids, Floats]], count: int, dimension: int) -> tuple[Any, str]:
    """Build a FAISS index of the kind that suits its size; return it and its kind."""
    faiss = _faiss()
    if count <= FLAT:
        index = faiss.IndexIDMap(faiss.IndexFlatIP(dimension))
        for ids, vectors in blocks:
            index.add_with_ids(vectors, ids)
        return index, "flat"
    lists = _lists(count)
    index = faiss.index_factory(dimension, f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
    enough = min(_TRAINING * lists, count)
    waiting: list[tuple[Ids, Floats]] = []
    for ids, vectors in blocks:
        waiting.append((ids, vectors))
        if not index.is_trained and sum(len(i) for i, _ in waiting) < enough:
            continue
        if not index.is_trained:
            index.train(np.concatenate([v for _, v in waiting]))
        for some, rows in waiting:
            index.add_with_ids(rows, some)
        waiting = []
    return index, "ivf"


def _lists(count: int) -> int:
    """Return how many clusters suit so many vectors: a power of two."""
    return int(min(_MOST_LISTS, 2 ** int(np.log2(max(1, count // _LIST)))))


def publish(folder: Path, generation: int, index: Any, kind: str, newest: int) -> Base:
    """Write a FAISS index as a file of its own, whole or not at all.

    Returns:
        The index with the record for the truth; the file counts only once the truth holds that.
    """
    data = memoryview(_faiss().serialize_index(index))
    path = folder / VECTORS.format(generation=generation)
    checks.write_whole(path, data)
    record = VectorsFile(
        name=path.name, sha256=checks.sha256_of(path), kind=kind, count=index.ntotal, newest=newest
    )
    return Base(index, record)


def load(folder: Path, record: VectorsFile) -> Base | None:
    """Read a published index; None if the file is missing or is not the recorded one."""
    path = folder / record.name
    try:
        if path.parent != folder:
            return None
        with path.open("rb", buffering=0) as file:  # checked and read through one handle
            if hashlib.file_digest(file, "sha256").hexdigest() != record.sha256:
                return None
            file.seek(0)
            reader = _faiss().PyCallbackIOReader(file.read, _CHUNK)
            index = _faiss().read_index(reader)
    except OSError:
        return None
    return Base(index, record) if index.ntotal == record.count else None


def discard(folder: Path, keep: VectorsFile | None) -> None:
    """Delete vectors files that the truth does not name, and what a kill left half written."""
    wanted = keep.name if keep is not None else None
    for path in checks.derived(folder):
        if path.name != wanted:
            path.unlink(missing_ok=True)


def collect(blocks: Iterable[tuple[Ids, Floats]], dimension: int) -> tuple[Ids, Floats]:
    """Join blocks of ids and vectors."""
    found: Sequence[tuple[Ids, Floats]] = list(blocks)
    if not found:
        return np.zeros(0, np.int64), np.zeros((0, dimension), np.float32)
    return np.concatenate([i for i, _ in found]), np.concatenate([v for _, v in found])


def at(reader: Reader, state: State, base: Base | None) -> VectorIndex:
    """Return the vectors of a snapshot, from the published file and what came after it.

    Without a file all vectors come from the truth.
    """
    dimension = state.dimension
    if base is None:
        if state.passages > FLAT:
            index, kind = build(reader.vectors(0, dimension), state.passages, dimension)
            base = Base(index, VectorsFile("", "", kind, index.ntotal, reader.newest()))
        else:
            nothing = np.zeros(0, np.int64)
            return VectorIndex(None, nothing, *collect(reader.vectors(0, dimension), dimension))
        return VectorIndex(base, np.zeros(0, np.int64), *collect((), dimension))
    later = collect(reader.vectors(base.file.newest, dimension), dimension)
    return VectorIndex(base, reader.dead(), *later)


def settle(folder: Path, writer: Writer, *, anew: bool = False) -> None:
    """Publish the vectors if enough of them changed since they were last published.

    Args:
        folder: The index's folder.
        writer: The truth.
        anew: Publish in any case, from the truth alone.
    """
    state = writer.state()
    file = state.vectors
    base = None
    if file is not None and not anew:
        changed = len(writer.dead()) + writer.count_after(file.newest)
        most = file.count * _STALE if state.passages > _SMALL else 0
        if changed <= most and (folder / file.name).exists():
            discard(folder, file)
            return
        same_kind = (file.kind == "flat") == (state.passages <= FLAT)
        base = load(folder, file) if same_kind else None
        if base and file.kind == "ivf" and _lists(state.passages) >= 4 * base.index.nlist:
            base = None  # grown out of its clusters
    newest = writer.newest()
    if base is not None:
        base.index.remove_ids(_faiss().IDSelectorBatch(writer.dead()))
        for ids, vectors in writer.vectors(base.file.newest, state.dimension):
            base.index.add_with_ids(vectors, ids)
        index, kind = base.index, base.file.kind
    else:
        blocks = writer.vectors(0, state.dimension)
        index, kind = build(blocks, state.passages, state.dimension)
    made = publish(folder, state.generation, index, kind, newest)
    writer.published(made.file)
    discard(folder, made.file)


def held(base: Base) -> dict[int, Floats | None]:
    """Return the ids of a published index with their vectors, None where they are quantised."""
    faiss = _faiss()
    index = base.index
    if base.file.kind == "flat":
        ids = faiss.vector_to_array(index.id_map).tolist()
        return dict(zip(ids, faiss.downcast_index(index.index).reconstruct_n(), strict=True))
    lists = faiss.extract_index_ivf(index).invlists
    found: dict[int, Floats | None] = {}
    for number in range(lists.nlist):
        size = lists.list_size(number)
        if size:
            found.update(dict.fromkeys(faiss.rev_swig_ptr(lists.get_ids(number), size).tolist()))
    return found

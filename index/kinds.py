"""Compares FAISS's kinds of index at several sizes: the ground for choosing one by size."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.growth import NOISE, real

faiss: Any = import_module("faiss")  # its types lack some of what it has
KINDS = ("Flat", "SQfp16", "HNSW32,SQ8", "IVF1024,SQ8", "IVF4096,SQ8")
_QUESTIONS = 200
_AGAIN = 150  # candidates that exact vectors rank again, as retrieval does


@dataclass(frozen=True, slots=True)
class Kind:
    """What one kind of index costs at one size.

    Attributes:
        vectors: Size.
        kind: FAISS's name of it.
        probes: Clusters searched, or the breadth of HNSW's search; 0 for a full search.
        build_s: Seconds to train and add.
        search_ms: Median for one question.
        recall: Share of the exact ten nearest among the ten best, ranked again exactly.
        megabytes: Its size.
    """

    vectors: int
    kind: str
    probes: int
    build_s: float
    search_ms: float
    recall: float
    megabytes: float


def measure(sizes: list[int]) -> Iterator[Kind]:
    """Yield the costs of every kind at every size; the larger the noise, the harder the search."""
    rng = np.random.default_rng(1)
    _, seen = real(4_000)
    for size in sizes:
        vectors = _noisy(seen, size, rng)
        questions = _noisy(seen, _QUESTIONS, rng)
        exact = np.argsort(-(questions @ vectors.T), axis=1, kind="stable")[:, :10]
        for name in KINDS:
            if name.startswith("IVF") and size < 40 * int(name[3:7]):
                continue
            began = time.perf_counter()
            index = faiss.index_factory(vectors.shape[1], name, faiss.METRIC_INNER_PRODUCT)
            index.train(vectors[rng.permutation(size)[:160_000]])
            index.add(vectors)
            built = time.perf_counter() - began
            megabytes = faiss.serialize_index(index).nbytes / 1e6
            for probes in (16, 32, 64) if name[0] in "HI" else (0,):
                took, recall = _search(index, name, probes, questions, vectors, exact)
                yield Kind(size, name, probes, built, took, recall, megabytes)


def table(kinds: list[Kind]) -> str:
    """Return the costs as a Markdown table."""
    lines = ["| vectors | kind | probes | build, s | search, ms | recall@10 | MB |"]
    lines.append("|---:|---|---:|---:|---:|---:|---:|")
    for one in kinds:
        probes = f"{one.probes}" if one.probes else ""
        lines.append(
            f"| {one.vectors:,} | {one.kind} | {probes} | {one.build_s:.3g} | "
            f"{one.search_ms:.3g} | {one.recall:.3f} | {one.megabytes:.0f} |"
        )
    return "\n".join(lines)


def _noisy(seen: NDArray[np.float32], count: int, rng: np.random.Generator) -> NDArray[np.float32]:
    vectors = seen[np.arange(count) % len(seen)].copy()
    vectors += rng.normal(scale=NOISE, size=vectors.shape).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def _search(
    index: Any,
    name: str,
    probes: int,
    questions: NDArray[np.float32],
    vectors: NDArray[np.float32],
    exact: NDArray[np.int64],
) -> tuple[float, float]:
    parameters: Any = None
    if name.startswith("IVF"):
        parameters = faiss.SearchParametersIVF(nprobe=probes)
    elif name.startswith("HNSW"):
        parameters = faiss.SearchParametersHNSW(efSearch=max(probes * 4, _AGAIN))
    took, shares = [], []
    for question, wanted in zip(questions, exact, strict=True):
        began = time.perf_counter()
        found = index.search(question[None], _AGAIN, params=parameters)[1][0]
        took.append(time.perf_counter() - began)
        found = found[found >= 0]
        best = found[np.argsort(-(vectors[found] @ question), kind="stable")[:10]]
        shares.append(len(np.intersect1d(best, wanted)) / 10)
    return 1000 * float(np.median(took)), float(np.mean(shares))

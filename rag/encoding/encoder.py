"""A BERT encoder that runs on the CPU as an OpenVINO graph, straight from its safetensors file.

Neither torch nor transformers is needed (``rag.encoding.bert`` builds the graph). On CPUs that
multiply in bf16 the matrix products do so: cosine of the vectors with fp32 at least 0.9999,
measured.

Heads:
    ``mean``: mean of the last layer over the attended tokens, scaled to length 1.
    ``span``: two logits a token (start, end) from ``qa_outputs``; if the weights hold
        ``null_head`` a second output with its logits on the first token.
    ``token``: logits a token from ``classifier``.
"""

from __future__ import annotations

import importlib
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from rag.encoding.bert import INPUTS, Floats, Graph, Head
from rag.encoding.modelfolder import load_tokenizer, read_config, read_weights
from rag.encoding.quantised import Quantised, read_ranges

Tokens = Sequence[int]
T = TypeVar("T")

_STEP = 16  # lengths are padded to multiples of this: few shapes, few kernels to build
_ROW_TOKENS = 512  # tokens of several inputs in one row; more costs attention, less costs padding
_MANY = 16_384  # tokens from which on compiling a second graph pays (about a second)
_SHORT = 32  # tokens below which an input is not computed in integers
_BATCH_TOKENS = 1024  # tokens a batch; more does not run faster and takes more memory


def cores() -> int:
    """Return how many CPU cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Encoder:
    """One BERT with one head, compiled for this CPU.

    Calls from several threads are safe; they take turns, because one call already uses all cores.

    Args:
        folder: Holds ``config.json``, ``model.safetensors`` (fp32, fp16 or bf16 is computed the
            same) and ``tokenizer.json``.
        head: What to compute from the last layer.
        threads: Threads to compute with; by default all cores that this process may use.
        exact: Multiply in fp32 even where the CPU could do so in bf16.
        ranges: File of the ranges by which many inputs are computed in 8-bit integers
            (``rag.encoding.quantised``), on processors with bf16: those have instructions for both.
        adapt: Changes the weights before the graph is made of them, by the names of
            ``transformers``' ``BertModel`` (a low-rank correction, another head).

    Attributes:
        tokenizer: The model's tokenizer, with truncation and padding switched off.
        config: The model's ``config.json``.
        window: Longest input in tokens, special tokens included.
        dimension: Width of the last layer.
        rounds: It multiplies in bf16.

    Raises:
        ModelError: A file is missing or damaged, or the model is not a BERT that this graph covers.
    """

    def __init__(
        self, folder: Path, head: Head = "mean", *, threads: int | None = None,
        exact: bool = False, ranges: Path | None = None,
        adapt: Callable[[dict[str, Floats]], None] | None = None,
    ) -> None:
        self.folder = Path(folder)
        self.config = read_config(self.folder)
        self.tokenizer = load_tokenizer(self.folder)
        self.window = int(self.config["max_position_embeddings"])
        self.dimension = int(self.config["hidden_size"])
        self._head = head
        self._lock = threading.Lock()
        self._core, self._threads, self._exact = openvino().Core(), threads or cores(), exact
        able = self._core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        self.rounds = not exact and "BF16" in able
        self._ranges = ranges if self.rounds else None
        self._adapt = adapt
        # Each core computes inputs of its own, and none waits for another; what is read once more
        # in fp32 is mostly a single input, which all cores compute together.
        self._streams = 1 if exact else self._threads
        if self._ranges is None:
            _ = self._plain

    def _weights(self) -> dict[str, Floats]:
        """Read the weights; they are kept in the compiled graphs alone."""
        weights = read_weights(self.folder)
        if self._adapt is not None:
            self._adapt(weights)
        return weights

    def _compiled(self, graph: Graph) -> list[Any]:
        """Compile a graph, and return requests to compute at once."""
        compiled = self._core.compile_model(graph.model(self._head), "CPU", {
            "NUM_STREAMS": self._streams,
            "INFERENCE_NUM_THREADS": self._threads,
            "INFERENCE_PRECISION_HINT": "bf16" if self.rounds else "f32",
        })
        return [compiled.create_infer_request() for _ in range(self._streams)]

    @cached_property
    def _plain(self) -> list[Any]:
        """Requests for inputs as they are."""
        return self._compiled(Graph(openvino(), self.config, self._weights()))

    @cached_property
    def _in_integers(self) -> list[Any]:
        """Requests for many inputs, in integers; compiled when there are many."""
        assert self._ranges is not None
        ranges = read_ranges(self._ranges)
        return self._compiled(Quantised(openvino(), self.config, self._weights(), ranges))

    def prepare(self) -> None:
        """Compile now what many inputs need, so that the first of them need not wait for it."""
        with self._lock:
            _ = self._plain if self._ranges is None else self._in_integers

    def run_many(
        self, tokens: Sequence[Tokens], types: Sequence[Tokens] | None = None
    ) -> list[tuple[Floats, ...]]:
        """Compute inputs of different lengths, with little padding.

        Args:
            tokens: Token ids of every input, special tokens included, at most ``window`` each.
            types: Segment ids of every input; zeros by default, and always with the head ``mean``.

        Returns:
            For every input, in the order given, the head's outputs as float32: ``mean``
            (dimension,); ``span`` (length, 2) and, for each further head in the weights, its
            logits (labels,); ``token`` (length, labels).
        """
        if self._head == "span":
            return self._run_packed(tokens, types)
        rows: list[tuple[Floats, ...]] = [()] * len(tokens)

        def compute(batch: tuple[list[int], int], request: Any) -> None:
            picked, length = batch
            shape = (len(picked), length)
            ids, mask, kinds = (np.zeros(shape, np.int64) for _ in range(3))
            for row, at in enumerate(picked):
                n = len(tokens[at])
                ids[row, :n] = tokens[at]
                mask[row, :n] = 1
                if types is not None:
                    kinds[row, :n] = types[at]
            known = {"ids": ids, "mask": mask, "types": kinds}
            outputs = _infer(request, {name: known[name] for name in INPUTS[self._head]})
            for row, at in enumerate(picked):
                n = len(tokens[at])
                rows[at] = tuple(o[row, :n] if o.ndim == 3 else o[row] for o in outputs)

        long, short = self._divided([len(t) for t in tokens])
        self._share(_batches(long, self._room(long)), compute, integers=True)
        self._share(_batches(short, self._room(short)), compute)
        return rows

    def _run_packed(
        self, tokens: Sequence[Tokens], types: Sequence[Tokens] | None
    ) -> list[tuple[Floats, ...]]:
        """Compute inputs that lie one after another in rows; none attends to another."""
        rows: list[tuple[Floats, ...]] = [()] * len(tokens)

        def compute(picked: list[int], request: Any) -> None:
            used = sum(len(tokens[at]) for at in picked)
            ids, mask, kinds, places = np.zeros((4, 1, _padded(used)), np.int64)
            start = 0
            for number, at in enumerate(picked, 1):
                here = slice(start, start + len(tokens[at]))
                ids[0, here] = tokens[at]
                mask[0, here] = number
                places[0, here] = np.arange(len(tokens[at]))
                if types is not None:
                    kinds[0, here] = types[at]
                start = here.stop
            inputs = {"ids": ids, "mask": mask, "types": kinds, "positions": places}
            spans, *heads = _infer(request, inputs)
            start = 0
            for at in picked:
                stop = start + len(tokens[at])
                rows[at] = (spans[0, start:stop], *(head[0, start] for head in heads))
                start = stop

        lengths = [len(t) for t in tokens]
        self._share(_packed(lengths, _ROW_TOKENS, self._streams), compute)
        return rows

    def _divided(self, lengths: Sequence[int]) -> tuple[dict[int, int], dict[int, int]]:
        """Return the lengths of the inputs to compute in integers and as they are, by position.

        In short ones the rounding is spread over too few tokens.
        """
        long = {at: n for at, n in enumerate(lengths) if n >= _SHORT}
        if self._ranges is None or sum(long.values()) < _MANY:
            long = {}
        return long, {at: n for at, n in enumerate(lengths) if at not in long}

    def _room(self, lengths: Mapping[int, int]) -> int:
        """Return the tokens of a batch, so that there is one for each core."""
        return min(_BATCH_TOKENS, -(-sum(lengths.values()) // self._streams))

    def _share(
        self, jobs: Iterable[T], compute: Callable[[T, Any], None], integers: bool = False
    ) -> None:
        """Compute jobs, each request the next that is left."""
        left = deque(jobs)
        if not left:
            return

        def take(request: Any) -> None:
            # A core that other work keeps busy takes fewer.
            while left:
                try:
                    job = left.popleft()
                except IndexError:  # another core took the last one just now
                    return
                compute(job, request)

        with self._lock:
            requests = (self._in_integers if integers else self._plain)[: len(left)]
            with ThreadPoolExecutor(len(requests)) as pool:
                list(pool.map(take, requests))


def _infer(request: Any, inputs: dict[str, NDArray[np.int64]]) -> tuple[Floats, ...]:
    result = request.infer(inputs, share_inputs=True)
    return tuple(np.array(value, dtype=np.float32) for value in result.values())


def _padded(length: int) -> int:
    """Return a length rounded up, so that there are few shapes."""
    return max(_STEP, -(-length // _STEP) * _STEP)


def _packed(lengths: Sequence[int], room: int, cores: int) -> list[list[int]]:
    """Return the inputs' positions in rows that are about as long, some for each core.

    So many rows that each core gets as many as any other and their mean is at most ``room``
    tokens; the longest input first, each to the row that is shortest so far (Graham, 1969: the
    longest row is at most 4/3 of what the best division gives).
    """
    count = cores * -(-sum(lengths) // (cores * room))
    rows: list[list[int]] = [[] for _ in range(min(count, len(lengths)))]
    used = [0] * len(rows)
    for at in sorted(range(len(lengths)), key=lambda i: (-lengths[i], i)):
        row = used.index(min(used))
        rows[row].append(at)
        used[row] += lengths[at]
    return rows


def _batches(lengths: Mapping[int, int], room: int) -> Iterator[tuple[list[int], int]]:
    """Yield the inputs' positions grouped by similar length, with the padded length.

    A group has about ``room`` tokens, an input that is longer is alone.
    """
    order = sorted(lengths, key=lambda at: (-lengths[at], at))
    while order:
        length = _padded(lengths[order[0]])
        size = max(1, room // length)
        yield order[:size], length
        order = order[size:]


def openvino() -> Any:
    """Import OpenVINO with its telemetry package blocked, so that nothing is ever sent."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    return importlib.import_module("openvino")

"""A BERT encoder that runs on the CPU as an OpenVINO graph, straight from its safetensors file.

Neither torch nor transformers is needed (``rag.bert`` builds the graph). On CPUs that multiply in
bf16 the matrix products do so: cosine of the vectors with fp32 at least 0.9999, measured.

Heads:
    ``mean``: mean of the last layer over the attended tokens, scaled to length 1.
    ``span``: two logits a token (start, end) from ``qa_outputs``; if the weights hold
        ``null_head`` a second output with its logits on the first token.
    ``token``: logits a token from ``classifier``.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rag.bert import ACTIVATIONS, Floats, Graph, Head
from rag.errors import ModelError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Tokens = Sequence[int]

_STEP = 16  # lengths are padded to multiples of this: few shapes, few kernels to build
_ROW_TOKENS = 512  # tokens of several inputs in one row; more costs attention, less costs padding
_BATCH_TOKENS = 1024  # tokens a batch; more does not run faster and takes more memory
_MANY = 4  # batches for each core from which on each core computes its own


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
        exact: bool = False, adapt: Callable[[dict[str, Floats]], None] | None = None,
    ) -> None:
        self.folder = Path(folder)
        self.config = _config(self.folder)
        self.tokenizer = load_tokenizer(self.folder)
        self.window = int(self.config["max_position_embeddings"])
        self.dimension = int(self.config["hidden_size"])
        self._head = head
        self._lock = threading.Lock()
        ov = _openvino()
        weights = _weights(self.folder)
        if adapt is not None:
            adapt(weights)
        model = Graph(ov, self.config, weights).model(head)
        self._core, self._model = ov.Core(), model
        self._threads = threads or cores()
        self._precision = "f32"
        if not exact and "BF16" in self._core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
            self._precision = "bf16"
        self.rounds = self._precision == "bf16"
        (self._request,) = self._requests(1)

    def _requests(self, streams: int) -> list[Any]:
        """Compile the graph for so many inputs at once, and return a request for each."""
        options: dict[str, Any] = {
            "NUM_STREAMS": streams,
            "INFERENCE_NUM_THREADS": self._threads,
            "INFERENCE_PRECISION_HINT": self._precision,
        }
        compiled = self._core.compile_model(self._model, "CPU", options)
        return [compiled.create_infer_request() for _ in range(streams)]

    @cached_property
    def _streams(self) -> list[Any]:
        return self._requests(self._threads)

    def run_many(
        self, tokens: Sequence[Tokens], types: Sequence[Tokens] | None = None
    ) -> list[tuple[Floats, ...]]:
        """Compute inputs of different lengths, with little padding.

        Args:
            tokens: Token ids of every input, special tokens included, at most ``window`` each.
            types: Segment ids of every input; zeros by default.

        Returns:
            For every input, in the order given, the head's outputs as float32: ``mean``
            (dimension,); ``span`` (length, 2) and, for each further head in the weights, its
            logits (labels,); ``token`` (length, labels).
        """
        if self._head == "span":
            return self._run_packed(tokens, types)
        rows: list[tuple[Floats, ...]] = [()] * len(tokens)
        batches = list(_batches([len(t) for t in tokens]))

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
            outputs = _infer(request, {"ids": ids, "mask": mask, "types": kinds})
            for row, at in enumerate(picked):
                n = len(tokens[at])
                rows[at] = tuple(o[row, :n] if o.ndim == 3 else o[row] for o in outputs)

        with self._lock:
            many = len(batches) >= _MANY * self._threads and self._threads > 1
            # Of many batches each core computes its own, and none waits for another.
            requests = self._streams if many else [self._request]

            def take(number: int) -> None:
                for batch in batches[number :: len(requests)]:
                    compute(batch, requests[number])

            with ThreadPoolExecutor(len(requests)) as pool:
                list(pool.map(take, range(len(requests))))
        return rows

    def _run_packed(
        self, tokens: Sequence[Tokens], types: Sequence[Tokens] | None
    ) -> list[tuple[Floats, ...]]:
        """Compute inputs that lie one after another in rows; none attends to another."""
        rows: list[tuple[Floats, ...]] = [()] * len(tokens)
        for picked in _packed([len(t) for t in tokens], _ROW_TOKENS):
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
            with self._lock:
                spans, *heads = _infer(self._request, inputs)
            start = 0
            for at in picked:
                stop = start + len(tokens[at])
                rows[at] = (spans[0, start:stop], *(head[0, start] for head in heads))
                start = stop
        return rows


def _infer(request: Any, inputs: dict[str, NDArray[np.int64]]) -> tuple[Floats, ...]:
    result = request.infer(inputs, share_inputs=True)
    return tuple(np.array(value, dtype=np.float32) for value in result.values())


def _padded(length: int) -> int:
    """Return a length rounded up, so that there are few shapes."""
    return max(_STEP, -(-length // _STEP) * _STEP)


def _packed(lengths: Sequence[int], room: int) -> list[list[int]]:
    """Return the inputs' positions in rows of at most ``room`` tokens; a longer one is alone.

    First fit decreasing (Johnson, 1973): at most 11/9 of the fewest rows.
    """
    rows: list[list[int]] = []
    left: list[int] = []
    for at in sorted(range(len(lengths)), key=lambda i: (-lengths[i], i)):
        row = next((r for r, free in enumerate(left) if free >= lengths[at]), None)
        if row is None:
            row = len(rows)
            rows.append([])
            left.append(room)
        rows[row].append(at)
        left[row] -= lengths[at]
    return rows


def _batches(lengths: Sequence[int]) -> Iterator[tuple[list[int], int]]:
    """Yield the inputs' positions grouped by similar length, with the padded length."""
    order = sorted(range(len(lengths)), key=lambda i: (-lengths[i], i))
    while order:
        length = _padded(lengths[order[0]])
        size = max(1, _BATCH_TOKENS // length)
        yield order[:size], length
        order = order[size:]


def _openvino() -> Any:
    """Import OpenVINO with its telemetry package blocked, so that nothing is ever sent."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    return importlib.import_module("openvino")


def _config(folder: Path) -> dict[str, Any]:
    path = folder / "config.json"
    try:
        config = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"no model in {folder}: {path.name} cannot be read ({error})") from error
    if not isinstance(config, dict) or config.get("model_type") != "bert":
        found = config.get("model_type") if isinstance(config, dict) else config
        raise ModelError(f"the model in {folder} is of type {found!r}; this encoder runs 'bert'")
    if config.get("position_embedding_type", "absolute") != "absolute":
        raise ModelError(f"the model in {folder} has relative positions, which are not supported")
    if config.get("hidden_act") not in ACTIVATIONS:
        raise ModelError(
            f"the model in {folder} uses the activation {config.get('hidden_act')!r}; "
            f"supported are {', '.join(ACTIVATIONS)}"
        )
    return config


def load_tokenizer(folder: Path) -> Tokenizer:
    """Return a model's tokenizer with truncation and padding switched off.

    Raises:
        ModelError: ``tokenizer.json`` is missing or damaged.
    """
    from tokenizers import Tokenizer

    path = folder / "tokenizer.json"
    try:
        tokenizer = Tokenizer.from_str(path.read_text("utf-8"))
    except Exception as error:  # tokenizers raises bare Exception for bad files
        raise ModelError(f"the model in {folder} has no usable {path.name} ({error})") from error
    with contextlib.suppress(ValueError):
        tokenizer.no_truncation()
        tokenizer.no_padding()
    return tokenizer


def _weights(folder: Path) -> dict[str, Floats]:
    from safetensors import SafetensorError, safe_open

    path = folder / "model.safetensors"
    weights: dict[str, Floats] = {}
    try:
        with safe_open(path, framework="numpy") as file:
            for name in file.keys():  # noqa: SIM118 - not a mapping
                value = file.get_tensor(name)
                if value.dtype.kind == "f":
                    weights[name.removeprefix("bert.")] = value.astype(np.float32, copy=False)
    except (OSError, SafetensorError, TypeError) as error:
        raise ModelError(f"the model in {folder} has no usable {path.name} ({error})") from error
    return weights

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
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from rag.bert import ACTIVATIONS, Floats, Graph, Head
from rag.errors import ModelError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Tokens = Sequence[int]
T = TypeVar("T")

_STEP = 16  # lengths are padded to multiples of this: few shapes, few kernels to build
_ROW_TOKENS = 512  # tokens of several inputs in one row; more costs attention, less costs padding
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
        core, threads = ov.Core(), threads or cores()
        able = core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        self.rounds = not exact and "BF16" in able
        # Each core computes inputs of its own, and none waits for another; what is read once more
        # in fp32 is mostly a single input, which all cores compute together.
        streams = 1 if exact else threads
        options: dict[str, Any] = {
            "NUM_STREAMS": streams,
            "INFERENCE_NUM_THREADS": threads,
            "INFERENCE_PRECISION_HINT": "bf16" if self.rounds else "f32",
        }
        compiled = core.compile_model(Graph(ov, self.config, weights).model(head), "CPU", options)
        self._requests = [compiled.create_infer_request() for _ in range(streams)]

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
        lengths = [len(t) for t in tokens]
        room = min(_BATCH_TOKENS, -(-sum(lengths) // len(self._requests)))

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

        self._share(list(_batches(lengths, room)), compute)
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
        self._share(_packed(lengths, _ROW_TOKENS, len(self._requests)), compute)
        return rows

    def _share(self, jobs: Sequence[T], compute: Callable[[T, Any], None]) -> None:
        """Compute jobs, each request its share of them."""
        requests = self._requests[: max(1, len(jobs))]

        def take(number: int) -> None:
            for job in jobs[number :: len(requests)]:
                compute(job, requests[number])

        with self._lock, ThreadPoolExecutor(len(requests)) as pool:
            list(pool.map(take, range(len(requests))))


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


def _batches(lengths: Sequence[int], room: int) -> Iterator[tuple[list[int], int]]:
    """Yield the inputs' positions grouped by similar length, with the padded length.

    A group has about ``room`` tokens, an input that is longer is alone.
    """
    order = sorted(range(len(lengths)), key=lambda i: (-lengths[i], i))
    while order:
        length = _padded(lengths[order[0]])
        size = max(1, room // length)
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

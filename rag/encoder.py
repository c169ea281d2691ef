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
_BATCH_TOKENS = 4096  # tokens a batch; more does not run faster and takes more memory


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
        self._lock = threading.Lock()
        ov = _openvino()
        weights = _weights(self.folder)
        if adapt is not None:
            adapt(weights)
        model = Graph(ov, self.config, weights).model(head)
        core = ov.Core()
        options: dict[str, Any] = {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_NUM_THREADS": threads or cores(),
            "INFERENCE_PRECISION_HINT": "f32",
        }
        if not exact and "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
            options["INFERENCE_PRECISION_HINT"] = "bf16"
        self._request = core.compile_model(model, "CPU", options).create_infer_request()

    def run(
        self, ids: NDArray[np.int64], mask: NDArray[np.int64], types: NDArray[np.int64]
    ) -> tuple[Floats, ...]:
        """Compute one padded batch.

        Args:
            ids: Token ids, shape (batch, length).
            mask: 1 for a token, 0 for padding, same shape.
            types: Segment ids, same shape.

        Returns:
            The head's outputs as float32: ``mean`` (batch, dimension); ``span`` (batch, length, 2)
            and, where the weights hold a null head, its logits (batch, labels); ``token``
            (batch, length, labels).
        """
        with self._lock:
            result = self._request.infer(
                {"ids": ids, "mask": mask, "types": types}, share_inputs=True
            )
            return tuple(np.array(value, dtype=np.float32) for value in result.values())

    def run_many(
        self, tokens: Sequence[Tokens], types: Sequence[Tokens] | None = None
    ) -> list[tuple[Floats, ...]]:
        """Compute inputs of different lengths, batched by length.

        Args:
            tokens: Token ids of every input, special tokens included, at most ``window`` each.
            types: Segment ids of every input; zeros by default.

        Returns:
            For every input, in the order given, its row of each output of :meth:`run`; outputs
            with one value a token are cut to the input's own length.
        """
        rows: list[tuple[Floats, ...]] = [()] * len(tokens)
        for picked, length in _batches([len(t) for t in tokens]):
            shape = (len(picked), length)
            ids, mask, kinds = (np.zeros(shape, np.int64) for _ in range(3))
            for row, at in enumerate(picked):
                n = len(tokens[at])
                ids[row, :n] = tokens[at]
                mask[row, :n] = 1
                if types is not None:
                    kinds[row, :n] = types[at]
            outputs = self.run(ids, mask, kinds)
            for row, at in enumerate(picked):
                n = len(tokens[at])
                rows[at] = tuple(o[row, :n] if o.ndim == 3 else o[row] for o in outputs)
        return rows


def _batches(lengths: Sequence[int]) -> Iterator[tuple[list[int], int]]:
    """Yield the inputs' positions grouped by similar length, with the padded length."""
    order = sorted(range(len(lengths)), key=lambda i: (-lengths[i], i))
    while order:
        length = max(_STEP, -(-lengths[order[0]] // _STEP) * _STEP)
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

"""The OpenVINO graph of a BERT encoder, built operation by operation from its weights.

After Devlin et al. (NAACL 2019), in the layout of ``transformers``' ``BertModel``. The graph
takes what ``INPUTS`` says, of shape (batch, length), both dynamic. With the head ``span`` several
inputs may lie in one row: ``mask`` has the number of each token's input, ``positions`` its place
there, and no token attends to those of another input. OpenVINO comes in as an argument: importing
it, and keeping its telemetry out, is the business of ``rag.encoding.encoder``.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelError

Head = Literal["mean", "span", "token"]
Floats = NDArray[np.float32]

# The first tells of every token; what the others tell counts at an input's first token.
SPAN_HEADS = ("qa_outputs", "null_head", "verdict_head")
INPUTS: dict[Head, tuple[str, ...]] = {
    "mean": ("ids", "mask"),
    "span": ("ids", "mask", "types", "positions"),
    "token": ("ids", "mask", "types"),
}
ACTIVATIONS = ("gelu", "gelu_new", "relu")


class Graph:
    """Builds the graph of one BERT from its configuration and its weights."""

    def __init__(self, ov: Any, config: dict[str, Any], weights: dict[str, Floats]) -> None:
        self.ov, self.op = ov, ov.opset13
        self.config, self.weights = config, weights

    def model(self, head: Head) -> Any:
        """Return the ``openvino.Model`` of the encoder with one head."""
        op = self.op
        inputs = {n: op.parameter([-1, -1], self.ov.Type.i64, name=n) for n in INPUTS[head]}
        mask = inputs["mask"]
        # -inf would give NaN for rows that are all padding; bf16 holds -1e4 well.
        far = self._number(-10_000.0)
        if head == "span":
            rows, columns = (op.unsqueeze(mask, self._ints([1, at])) for at in (3, 2))
            bias = op.multiply(op.convert(op.not_equal(rows, columns), "f32"), far)
        else:
            blocked = op.multiply(op.subtract(self._number(1.0), op.convert(mask, "f32")), far)
            bias = op.unsqueeze(blocked, self._ints([1, 2]))
        x = self._embeddings(inputs["ids"], inputs.get("types"), inputs.get("positions"))
        for layer in range(int(self.config["num_hidden_layers"])):
            x = self._layer(x, bias, f"encoder.layer.{layer}.")
        outputs = [op.result(o) for o in self._head(head, x, mask)]
        return self.ov.Model(outputs, list(inputs.values()), f"bert-{head}")

    def _head(self, head: Head, x: Any, mask: Any) -> list[Any]:
        op = self.op
        if head == "span":
            there = [name for name in SPAN_HEADS if f"{name}.weight" in self.weights]
            return [self._linear(x, name) for name in there]
        if head == "token":
            return [self._linear(x, "classifier")]
        attended = op.unsqueeze(op.convert(mask, "f32"), self._ints([2]))
        total = op.reduce_sum(op.multiply(x, attended), self._ints([1]), keep_dims=False)
        mean = op.divide(total, op.reduce_sum(attended, self._ints([1]), keep_dims=False))
        return [op.normalize_l2(mean, self._ints([1]), 1e-12, "max")]

    def _embeddings(self, ids: Any, types: Any | None, positions: Any | None) -> Any:
        op, zero = self.op, self.op.constant(np.int64(0))
        total = op.gather(self._weight("embeddings.word_embeddings.weight"), ids, zero)
        places = self._weight("embeddings.position_embeddings.weight")
        kinds = self._weight("embeddings.token_type_embeddings.weight")
        if types is None:  # all are of the first type, whatever their place
            places = op.constant(places.data + kinds.data[0])
        else:
            total = op.add(total, op.gather(kinds, types, zero))
        if positions is None:
            length = op.gather(op.shape_of(ids), self._ints([1]), zero)
            one, first = self._ints([1]), self._ints([0])
            total = op.add(total, op.slice(places, first, length, one, first))
        else:
            total = op.add(total, op.gather(places, positions, zero))
        return self._norm(total, "embeddings.LayerNorm")

    def _layer(self, x: Any, bias: Any, prefix: str) -> Any:
        op = self.op
        heads = int(self.config["num_attention_heads"])
        width = int(self.config["hidden_size"]) // heads

        def split(name: str) -> Any:
            y = self._linear(x, f"{prefix}attention.self.{name}")
            return op.transpose(
                op.reshape(y, self._ints([0, 0, heads, width]), True), self._ints([0, 2, 1, 3])
            )

        attended = op.scaled_dot_product_attention(
            split("query"), split("key"), split("value"), bias
        )
        joined = op.reshape(
            op.transpose(attended, self._ints([0, 2, 1, 3])), self._ints([0, 0, -1]), True
        )
        x = self._norm(
            op.add(self._linear(joined, f"{prefix}attention.output.dense"), x),
            f"{prefix}attention.output.LayerNorm",
        )
        inner = self._activate(self._linear(x, f"{prefix}intermediate.dense"))
        return self._norm(
            op.add(self._linear(inner, f"{prefix}output.dense"), x), f"{prefix}output.LayerNorm"
        )

    def _activate(self, x: Any) -> Any:
        name = self.config["hidden_act"]
        if name == "relu":
            return self.op.relu(x)
        return self.op.gelu(x, "tanh" if name == "gelu_new" else "erf")

    def _linear(self, x: Any, name: str) -> Any:
        y = self.op.matmul(x, self._weight(f"{name}.weight"), False, True)
        return self.op.add(y, self._weight(f"{name}.bias"))

    def _norm(self, x: Any, name: str) -> Any:
        eps = float(self.config.get("layer_norm_eps", 1e-12))
        y = self.op.mvn(x, self._ints([-1]), True, eps, "inside_sqrt")
        y = self.op.multiply(y, self._weight(f"{name}.weight"))
        return self.op.add(y, self._weight(f"{name}.bias"))

    def _weight(self, name: str) -> Any:
        try:
            return self.op.constant(self.weights[name], shared_memory=True)
        except KeyError:
            raise ModelError(f"the model's weights lack {name!r}") from None

    def _ints(self, values: list[int]) -> Any:
        return self.op.constant(np.array(values, np.int64))

    def _number(self, value: float) -> Any:
        return self.op.constant(np.float32(value))

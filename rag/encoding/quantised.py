"""Linear layers in 8-bit integers, for encoding many passages on processors made for it.

Each linear layer gets its input in 256 steps between the least and the most that each channel had
on sample texts, and weights in 255 steps a row. Channels of wide range hand a part of it on to
their weights (SmoothQuant: Xiao et al., ICML 2023), and the few widest of the inner layer, that
would spoil the steps of all others, are computed as they are (LLM.int8: Dettmers et al., NeurIPS
2022). Some weights are rounded away from the nearest step, because that brings the vectors nearer
to those without rounding (AdaRound: Nagel et al., ICML 2020). Attention, sums and norms stay as in
``rag.encoding.bert``. ``rag.encoding.ranges`` takes the ranges from texts,
``rag.encoding.rounding`` learns the rounding.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.encoding.bert import Floats, Graph

_SHARE = 0.8  # of a channel's range that its steps take up; the rest is its weights' (measured)
_WIDEST = 32  # channels of the inner layer that are computed as they are
_LEAST = 0.05  # of the median weight, that a channel without weights counts as


@dataclass(frozen=True, slots=True)
class Layer:
    """A linear layer with m inputs and n outputs, ready to be rounded.

    Attributes:
        steps: (n, m) its weights in steps of their row, not rounded yet.
        row: (n, 1) what a step of each row is worth.
        scale: (m,) what an input channel is worth from 0 to 1, which the weights took over.
        low: (m,) the least of each input channel, or 0 if that is less.
        share: Part of the range that the input's steps take up.
        widest: Input channels that are computed as they are; their weights are 0 here.
    """

    steps: Floats
    row: Floats
    scale: Floats
    low: Floats
    share: float
    widest: NDArray[np.intp]

    @classmethod
    def of(cls, name: str, weights: Mapping[str, Floats], ranges: Mapping[str, NDArray[Any]]
           ) -> Layer:
        """Prepare the layer of a name ("encoder.layer.0.output.dense")."""
        place, weight = place_of(name), weights[f"{name}.weight"]
        low, high = (value.astype(np.float32) for value in ranges[place])
        widest = np.zeros(0, np.intp)
        if name.endswith(".output.dense") and "attention" not in name:
            widest = np.argsort(low - high, kind="stable")[:_WIDEST]
            weight = weight.copy()
            weight[:, widest], low[widest], high[widest] = 0, 0, 0
        # Layers that read the same input share it, and then what its weights can take over.
        parts = ("query", "key", "value") if place.endswith(".self") else ()
        readers = [weights[f"{place}.{part}.weight"] for part in parts] or [weight]
        low, high = np.minimum(low, 0), np.maximum(high, 0)
        span = np.maximum(high - low, 1e-6)
        most = np.max([np.abs(w).max(0) for w in readers], 0)
        most = np.maximum(most, _LEAST * np.median(most))
        scale = span**_SHARE / most ** (1 - _SHARE)
        scale = (scale * (span / scale).max()).astype(np.float32)
        scaled = weight * scale
        row = np.maximum(np.abs(scaled).max(1, keepdims=True), 1e-9) / 127
        share = float(ranges[f"{place}.share"][0]) if f"{place}.share" in ranges else 1.0
        return cls(scaled / row, row, scale, low, share, widest)

    @property
    def below(self) -> Floats:
        """The whole step below each weight, (n, m), such that there is one above it, too."""
        return np.minimum(np.floor(self.steps), 126)

    def whole(self, turned: NDArray[np.uint8] | None = None) -> NDArray[np.int8]:
        """Return the weights in whole steps, some of them rounded to the other side."""
        below = self.below
        up = np.round(self.steps - below)
        if turned is not None:
            bits = np.unpackbits(turned, count=up.size).reshape(up.shape)
            up = np.where(bits, 1 - up, up)
        return (below + up).astype(np.int8)


class Quantised(Graph):
    """A graph whose linear layers compute in integers, those whose input's range is known.

    Args:
        ov: The module ``openvino``.
        config: The model's configuration.
        weights: Its weights.
        ranges: By input ("encoder.layer.0.attention.self"), the least and the most of each
            channel, shape (2, channels). With ``.share`` behind an input's name, the part of
            these ranges that its steps take up, shape (1,); with ``.turned`` behind a layer's,
            the weights that are rounded to the other side, eight to a byte.
    """

    def __init__(
        self, ov: Any, config: dict[str, Any], weights: dict[str, Floats],
        ranges: Mapping[str, NDArray[Any]],
    ) -> None:
        super().__init__(ov, config, weights)
        self._ranges = ranges
        self._steps: dict[str, Any] = {}
        self._inner: Any = None

    def _linear(self, x: Any, name: str) -> Any:
        place = place_of(name)
        if name.endswith("intermediate.dense"):
            self._inner = x
        if place not in self._ranges:
            return super()._linear(x, name)
        bias = self.weights[f"{name}.bias"]
        layer = Layer.of(name, self.weights, self._ranges)
        aside = self._aside(name, layer.widest) if len(layer.widest) else None
        whole = layer.whole(self._ranges.get(f"{name}.turned"))
        op = self.op
        rows = op.multiply(op.convert(op.constant(whole), "f32"),
                           op.constant(layer.row * layer.share))
        shift = bias + (whole * layer.row / layer.scale) @ layer.low
        total = op.add(op.matmul(self._quantise(x, place, layer), rows, False, True),
                       op.constant(shift.astype(np.float32)))
        return total if aside is None else op.add(total, aside)

    def _quantise(self, x: Any, place: str, layer: Layer) -> Any:
        """Return an input in steps from 0 to 1; layers that read the same input share it."""
        if place not in self._steps:
            op, shape = self.op, (1, 1, -1)
            raised = op.subtract(x, op.constant(layer.low.reshape(shape)))
            unit = op.multiply(raised, op.constant(
                (1 / (layer.scale * layer.share)).reshape(shape)))
            ends = [self._number(value) for value in (0.0, 1.0, 0.0, 1.0)]
            self._steps[place] = op.fake_quantize(unit, *ends, 256)
        return self._steps[place]

    def _aside(self, name: str, channels: Any) -> Any:
        """Return what some channels of the inner layer add to the outer one, computed as it is."""
        op, before = self.op, name.replace("output.dense", "intermediate.dense")
        inner, bias = self.weights[f"{before}.weight"], self.weights[f"{before}.bias"]
        outer = self.weights[f"{name}.weight"]
        picked = op.matmul(self._inner, op.constant(np.ascontiguousarray(inner[channels])),
                           False, True)
        active = self._activate(op.add(picked, op.constant(np.ascontiguousarray(bias[channels]))))
        weights = op.constant(np.ascontiguousarray(outer[:, channels]))
        return op.matmul(active, weights, False, True)


def place_of(name: str) -> str:
    """Return the name of a linear layer's input: queries, keys and values share theirs."""
    return name.rsplit(".", 1)[0] if ".attention.self." in name else name


def read_ranges(path: Path) -> dict[str, NDArray[Any]]:
    """Return what is in a file that ``python -m rag.encoding.ranges`` wrote."""
    from safetensors.numpy import load_file

    return load_file(path)

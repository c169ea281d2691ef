"""Linear layers in 8-bit integers, for encoding many passages on processors made for it.

Each linear layer gets its input in 256 steps between the least and the most that each channel had
on sample texts, and weights in 255 steps a row. Channels of wide range hand a part of it on to
their weights (SmoothQuant: Xiao et al., ICML 2023), and the few widest of the inner layer, that
would spoil the steps of all others, are computed as they are (LLM.int8: Dettmers et al., NeurIPS
2022). Attention, sums and norms stay as in ``rag.bert``. ``rag.ranges`` takes the ranges
from texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from rag.bert import Floats, Graph, Head

_SHARE = 0.8  # of a channel's range that its steps take up; the rest is its weights' (measured)
_WIDEST = 32  # channels of the inner layer that are computed as they are
_LEAST = 0.05  # of the median weight, that a channel without weights counts as


class Quantised(Graph):
    """A graph whose linear layers compute in integers, those whose input's range is known.

    Args:
        ov: The module ``openvino``.
        config: The model's configuration.
        weights: Its weights.
        ranges: By input ("encoder.layer.0.attention.self"), the least and the most of each
            channel, shape (2, channels).
    """

    def __init__(
        self, ov: Any, config: dict[str, Any], weights: dict[str, Floats],
        ranges: Mapping[str, Floats],
    ) -> None:
        super().__init__(ov, config, weights)
        self._ranges = ranges
        self._steps: dict[str, tuple[Any, Floats, Floats]] = {}
        self._inner: Any = None

    def _linear(self, x: Any, name: str) -> Any:
        place = place_of(name)
        if name.endswith("intermediate.dense"):
            self._inner = x
        if place not in self._ranges:
            return super()._linear(x, name)
        weight, bias = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        low, high = (value.astype(np.float32) for value in self._ranges[place])
        aside = None
        if name.endswith(".output.dense") and "attention" not in name:
            widest = np.argsort(low - high, kind="stable")[:_WIDEST]
            aside = self._aside(name, widest)
            weight, low, high = weight.copy(), low.copy(), high.copy()
            weight[:, widest], low[widest], high[widest] = 0, 0, 0
        steps, scale, low = self._quantise(x, place, weight, low, high)
        scaled = weight * scale
        row = np.maximum(np.abs(scaled).max(1, keepdims=True), 1e-9) / 127
        whole = np.round(scaled / row).astype(np.int8)
        op = self.op
        rows = op.multiply(op.convert(op.constant(whole), "f32"), op.constant(row))
        shift = bias + (whole * row / scale) @ low
        total = op.add(op.matmul(steps, rows, False, True), op.constant(shift.astype(np.float32)))
        return total if aside is None else op.add(total, aside)

    def _quantise(
        self, x: Any, place: str, weight: Floats, low: Floats, high: Floats
    ) -> tuple[Any, Floats, Floats]:
        """Return an input in steps from 0 to 1, what one is worth a channel, and its least value.

        Layers that read the same input share it, and then what its weights can take over.
        """
        if place not in self._steps:
            parts = ("query", "key", "value") if place.endswith(".self") else ()
            readers = [self.weights[f"{place}.{part}.weight"] for part in parts] or [weight]
            low, high = np.minimum(low, 0), np.maximum(high, 0)
            span = np.maximum(high - low, 1e-6)
            most = np.max([np.abs(w).max(0) for w in readers], 0)
            most = np.maximum(most, _LEAST * np.median(most))
            scale = span**_SHARE / most ** (1 - _SHARE)
            scale = (scale * (span / scale).max()).astype(np.float32)
            op, shape = self.op, (1, 1, -1)
            raised = op.subtract(x, op.constant(low.reshape(shape)))
            unit = op.multiply(raised, op.constant((1 / scale).reshape(shape)))
            ends = [self._number(value) for value in (0.0, 1.0, 0.0, 1.0)]
            self._steps[place] = op.fake_quantize(unit, *ends, 256), scale, low
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


class Observed(Graph):
    """A graph that gives the least and the most of each channel of its linear layers' inputs."""

    def __init__(self, ov: Any, config: dict[str, Any], weights: dict[str, Floats]) -> None:
        super().__init__(ov, config, weights)
        self.seen: dict[str, Any] = {}

    def _linear(self, x: Any, name: str) -> Any:
        self.seen[place_of(name)] = x
        return super()._linear(x, name)

    def _head(self, head: Head, x: Any, mask: Any) -> list[Any]:
        axes = self._ints([0, 1])
        return [reduce(y, axes) for y in self.seen.values()
                for reduce in (self.op.reduce_min, self.op.reduce_max)]


def place_of(name: str) -> str:
    """Return the name of a linear layer's input: queries, keys and values share theirs."""
    return name.rsplit(".", 1)[0] if ".attention.self." in name else name


def read_ranges(path: Path) -> dict[str, Floats]:
    """Return the ranges in a file that ``python -m rag.ranges`` wrote."""
    from safetensors.numpy import load_file

    return load_file(path)

"""To which side each weight is rounded for encoding in integers, learnt from texts.

``python -m rag.encoding.rounding FILE ...`` adds it to the ranges that
``python -m rag.encoding.ranges`` wrote.

Rounding each weight to its nearest step is not what keeps the outputs nearest (AdaRound: Nagel et
al., ICML 2020). Here every weight may move between the steps below and above it, along the
gradient of the vectors' distance from those without rounding, while all that is computed is
rounded (straight-through estimator: Bengio et al., 2013); so may the part of an input's range that
its steps take up (LSQ: Esser et al., ICLR 2020). With a GPU it takes a minute.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import save_file
from torch import Tensor
from torch.nn import functional
from tqdm import tqdm

from rag.encoding.bert import Floats
from rag.encoding.embedding import RANGES, bundled_folder
from rag.encoding.modelfolder import read_config, read_weights
from rag.encoding.quantised import Layer, place_of, read_ranges
from rag.encoding.ranges import texts_of, tokens_of, unusual

_WORST = 20  # one in so many of a batch, the farthest, counts half as much again as all
_SHARE_RATE = 4e-4  # learning rate of the logarithms of shares


class Rounding:
    """The bundled embedder with all linear layers rounded, and what of that is learnt.

    Args:
        config: The model's configuration.
        weights: Its weights.
        ranges: Of all its linear layers' inputs, as ``rag.encoding.ranges`` takes them.
        device: Where to compute.
    """

    def __init__(self, config: Mapping[str, Any], weights: Mapping[str, Floats],
                 ranges: Mapping[str, NDArray[Any]], device: str) -> None:
        self.config = config
        self.weights = {k: torch.from_numpy(np.array(v)).to(device) for k, v in weights.items()}
        plain = {k: v for k, v in ranges.items() if not k.endswith((".share", ".turned"))}
        self.layers = {name: Layer.of(name, weights, plain) for name in linear(weights)}
        self._fixed = {name: tuple(torch.from_numpy(np.array(v)).to(device) for v in (
            layer.below, layer.row, layer.scale, layer.low, layer.widest))
            for name, layer in self.layers.items()}
        self.above = {
            name: torch.from_numpy(layer.steps - layer.below).to(device).requires_grad_()
            for name, layer in self.layers.items()}
        self.shares = {place_of(name): torch.zeros((), device=device, requires_grad=True)
                       for name in self.layers}

    def vectors(self, ids: Tensor, mask: Tensor, rounded: bool) -> Tensor:
        """Return the vectors of B texts of at most L tokens, shape (B, width).

        Args:
            ids: (B, L) token ids.
            mask: (B, L) which of them are there.
            rounded: With the layers rounded, or as they are.
        """
        rows, length = ids.shape
        heads, eps = self.config["num_attention_heads"], self.config["layer_norm_eps"]

        def norm(x: Tensor, name: str) -> Tensor:
            return functional.layer_norm(x, x.shape[-1:], self.weights[f"{name}.weight"],
                                         self.weights[f"{name}.bias"], eps)

        def through(x: Tensor, name: str) -> Tensor:
            if rounded:
                return self._rounded(x, name)
            return functional.linear(x, self.weights[f"{name}.weight"],
                                     self.weights[f"{name}.bias"])

        stem = "embeddings"
        x = norm(self.weights[f"{stem}.word_embeddings.weight"][ids]
                 + self.weights[f"{stem}.position_embeddings.weight"][:length]
                 + self.weights[f"{stem}.token_type_embeddings.weight"][0], f"{stem}.LayerNorm")
        bias = torch.zeros(rows, 1, 1, length, device=ids.device)
        bias = bias.masked_fill(~mask[:, None, None], -1e4)
        for layer in range(self.config["num_hidden_layers"]):
            own = f"encoder.layer.{layer}"
            q, k, v = (through(x, f"{own}.attention.self.{part}").view(rows, length, heads, -1)
                       .transpose(1, 2) for part in ("query", "key", "value"))
            seen = functional.scaled_dot_product_attention(q, k, v, bias)
            seen = seen.transpose(1, 2).reshape(rows, length, -1)
            x = norm(through(seen, f"{own}.attention.output.dense") + x,
                     f"{own}.attention.output.LayerNorm")
            inner = functional.gelu(through(x, f"{own}.intermediate.dense"))
            x = norm(through(inner, f"{own}.output.dense") + x, f"{own}.output.LayerNorm")
        there = mask.unsqueeze(-1).float()
        return functional.normalize((x * there).sum(1) / there.sum(1), dim=-1)

    def _rounded(self, x: Tensor, name: str) -> Tensor:
        below, row, scale, low, widest = self._fixed[name]
        share = self.shares[place_of(name)].exp()
        steps = _straight((x - low) / (scale * share) * 255).clamp(0, 255) / 255
        weight = (below + _straight(self.above[name])) * row
        y = functional.linear(steps, weight * share)
        y = y + self.weights[f"{name}.bias"] + (weight / scale) @ low
        if len(widest):
            y = y + functional.linear(x[..., widest], self.weights[f"{name}.weight"][:, widest])
        return y

    def learnt(self) -> dict[str, NDArray[Any]]:
        """Return what is learnt, as :class:`rag.encoding.quantised.Quantised` takes it."""
        found: dict[str, NDArray[Any]] = {
            f"{place}.share": share.detach().exp().cpu().numpy().reshape(1).astype(np.float16)
            for place, share in self.shares.items()}
        for name, layer in self.layers.items():
            above = self.above[name].detach().round().cpu().numpy()
            found[f"{name}.turned"] = np.packbits(above != np.round(layer.steps - layer.below))
        return found


def linear(weights: Mapping[str, Floats]) -> list[str]:
    """Return the names of the linear layers."""
    return [k.removesuffix(".weight") for k in weights
            if k.startswith("encoder.") and k.endswith(".weight") and "LayerNorm" not in k]


def learn(rounding: Rounding, tokens: Sequence[Sequence[int]], seconds: float, steps: int,
          rate: float = 2e-3, room: int = 8192, seed: int = 3) -> list[float]:
    """Learn from texts, in ``steps`` steps or as many as fit into ``seconds``.

    Args:
        rounding: What learns.
        tokens: Token ids of the texts.
        seconds: The learning rate falls to zero over them.
        steps: At most so many, likewise.
        rate: Highest learning rate.
        room: Tokens a batch.
        seed: Of the order of the texts.

    Returns:
        The loss of each step: one minus the mean cosine, and half of the farthest's.
    """
    above = list(rounding.above.values())
    optimizer = torch.optim.Adam([{"params": above, "lr": rate},
                                  {"params": list(rounding.shares.values()), "lr": _SHARE_RATE}])
    highest = [group["lr"] for group in optimizer.param_groups]
    began, losses = time.monotonic(), list[float]()
    bar = tqdm(total=steps, unit="step", disable=not sys.stderr.isatty())
    for ids, mask in _batches(tokens, room, seed, above[0].device):
        done = max(len(losses) / steps, (time.monotonic() - began) / seconds)
        if done >= 1:
            break
        for group, most in zip(optimizer.param_groups, highest, strict=True):
            group["lr"] = most * min(1.0, len(losses) / 20 + 0.05) * (1 - done)
        with torch.no_grad():
            wanted = rounding.vectors(ids, mask, rounded=False)
        far = 1 - (wanted * rounding.vectors(ids, mask, rounded=True)).sum(-1)
        loss = far.mean() + 0.5 * far.topk(max(1, len(far) // _WORST)).values.mean()
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        with torch.no_grad():
            for one in above:
                one.clamp_(0, 1)
        losses.append(float(loss.detach()))
        bar.update()
    bar.close()
    return losses


def _straight(x: Tensor) -> Tensor:
    """Round, but with the gradient of what is not rounded."""
    return x + (x.round() - x).detach()


def _batches(tokens: Sequence[Sequence[int]], room: int, seed: int, device: torch.device
             ) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield token ids and masks of texts of like length, again and again."""
    draw = random.Random(seed)
    while True:
        order = sorted(range(len(tokens)), key=lambda i: (len(tokens[i]), draw.random()))
        groups: list[list[int]] = [[]]
        for at in order:
            if len(tokens[at]) * (len(groups[-1]) + 1) > room and groups[-1]:
                groups.append([])
            groups[-1].append(at)
        draw.shuffle(groups)
        for group in groups:
            length = max(len(tokens[i]) for i in group)
            ids = np.zeros((len(group), length), np.int64)
            for row, at in zip(ids, group, strict=True):
                row[: len(tokens[at])] = tokens[at]
            sizes = np.array([len(tokens[i]) for i in group])
            mask = np.arange(length) < sizes[:, None]
            yield torch.from_numpy(ids).to(device), torch.from_numpy(mask).to(device)


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m rag.encoding.rounding", description=(__doc__ or "").split("\n\n")[0],
        formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    add = parser.add_argument
    add("file", type=Path, nargs="+", help="texts, JSON lines with text or context")
    add("--texts", type=int, default=30_000, help="to learn from")
    add("--unusual", type=int, default=1500, help="unlikely ones beside them")
    add("--shortest", type=int, default=32, help="tokens; shorter ones are not rounded")
    add("--seconds", type=float, default=float("inf"), help="to learn for at most")
    add("--steps", type=int, default=800, help="to learn in")
    add("--rate", type=float, default=2e-3, help="highest learning rate")
    add("--room", type=int, default=16_384, help="tokens a batch")
    add("--ranges", type=Path, default=RANGES, help="file that is added to")
    add("--device", default="cuda" if torch.cuda.is_available() else "cpu", help="cpu or cuda")
    o = parser.parse_args(argv)
    texts = texts_of(o.file)
    random.Random(2).shuffle(texts)
    tokens = [ids for ids in tokens_of([*texts[: o.texts], *unusual(o.unusual)])
              if len(ids) >= o.shortest]
    known = read_ranges(o.ranges)
    rounding = Rounding(read_config(bundled_folder()), read_weights(bundled_folder()), known,
                        o.device)
    losses = learn(rounding, tokens, o.seconds, o.steps, o.rate, o.room)
    save_file({**known, **rounding.learnt()}, o.ranges)
    tenth = max(1, len(losses) // 10)
    print(f"{o.ranges}: {len(losses)} steps, loss {np.mean(losses[:tenth]):.5f} at first, "
          f"{np.mean(losses[-tenth:]):.5f} at last")
    return 0


if __name__ == "__main__":
    sys.exit(main())

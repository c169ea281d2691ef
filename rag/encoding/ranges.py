"""The ranges that encoding in integers needs, taken from texts, and how near it then comes to fp32.

``python -m rag.encoding.ranges FILE ...`` writes the ranges.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

from rag.encoding.bert import Floats, Graph, Head
from rag.encoding.embedding import RANGES, BundledEmbedder, bundled_folder
from rag.encoding.encoder import Encoder, openvino
from rag.encoding.modelfolder import load_tokenizer, read_config, read_weights
from rag.encoding.quantised import place_of


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


def observe(tokens: Sequence[Sequence[int]]) -> dict[str, Floats]:
    """Return the ranges of the bundled embedder's inputs over texts, given as token ids."""
    ov = openvino()
    graph = Observed(ov, read_config(bundled_folder()), read_weights(bundled_folder()))
    compiled = ov.Core().compile_model(graph.model("mean"), "CPU", {
        "INFERENCE_PRECISION_HINT": "f32"})
    request = compiled.create_infer_request()
    ranges: dict[str, Floats] = {}
    for ids in tokens:
        row = np.array([ids], np.int64)
        found = iter(request.infer({"ids": row, "mask": np.ones_like(row)}).values())
        for place in graph.seen:
            low, high = next(found), next(found)
            before = ranges.get(place, np.array([low, high]))
            ranges[place] = np.array([np.minimum(before[0], low), np.maximum(before[1], high)])
    return ranges


def unusual(count: int) -> Iterator[str]:
    """Yield short texts that articles hardly have: single words, other scripts, numbers, marks."""
    draw = random.Random(5)
    first = [0x21, 0xC0, 0x370, 0x400, 0x5D0, 0x620, 0x3040, 0x4E00, 0xAC00, 0x2190, 0x1F600]
    for at in range(count):
        size, base = draw.choice([1, 5, 40, 150]), draw.choice(first)
        yield draw.choice([
            "".join(" " if draw.random() < 0.15 else chr(base + draw.randrange(90))
                    for _ in range(size)),
            " | ".join(f"{draw.random() * 10 ** (at % 7):.{at % 4}f}" for _ in range(size)),
            draw.choice("-=#*_.!?") * size,
            f"https://www.example.org/{'/'.join('abcdef'[: size % 6])}?q={at}&x=1",
        ])


def texts_of(paths: Sequence[Path]) -> list[str]:
    """Return the different texts of JSON lines with a field ``text`` or ``context``."""
    found: dict[str, None] = {}
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(
                encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                text = row.get("text") or row["context"]
                found.update(dict.fromkeys(text[at : at + 900] for at in range(0, len(text), 900)))
    return list(found)


def tokens_of(texts: Sequence[str]) -> list[list[int]]:
    """Return the texts' token ids, as the bundled embedder reads them."""
    most, tokenizer = BundledEmbedder.max_tokens, load_tokenizer(bundled_folder())
    made = (e.ids for e in tokenizer.encode_batch(list(texts)))
    return [[*ids[: min(len(ids), most) - 1], ids[-1]] for ids in made]


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m rag.encoding.ranges", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, nargs="+", help="texts, JSON lines with text or context")
    parser.add_argument("--texts", type=int, default=400, help="to take ranges from (default: 400)")
    parser.add_argument("--leave", nargs="*", default=[], metavar="PLACE",
                        help="inputs that stay as they are, by a part of their name")
    parser.add_argument("--out", type=Path, default=RANGES, help="file to write")
    options = parser.parse_args(argv)
    texts = texts_of(options.file)
    random.Random(1).shuffle(texts)
    seen = [*texts[: options.texts], *(t[:60] for t in texts[: options.texts // 2]),
            *unusual(options.texts // 2)]
    ranges = {place: value for place, value in observe(tokens_of(seen)).items()
              if not any(part in place for part in options.leave)}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    save_file({place: value.astype(np.float16) for place, value in ranges.items()}, options.out)
    rest = tokens_of(texts[options.texts : 3 * options.texts])
    plain = Encoder(bundled_folder(), exact=True)
    near = Encoder(bundled_folder(), ranges=options.out)
    cosines = [float(a[0] @ b[0])
               for a, b in zip(near.run_many(rest), plain.run_many(rest), strict=True)]
    print(f"{len(ranges)} inputs; cosine with fp32 over {len(rest)} other texts: "
          f"least {min(cosines):.5f}, median {np.median(cosines):.5f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Rounding that is learnt: what was learnt is what is computed, and vectors come nearer."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file

from index.corpus import seed_sentences
from rag.encoding import rounding as program
from rag.encoding.embedding import RANGES, bundled_folder
from rag.encoding.encoder import Encoder, openvino
from rag.encoding.modelfolder import read_config, read_weights
from rag.encoding.quantised import Layer, Quantised, read_ranges
from rag.encoding.ranges import tokens_of
from rag.encoding.rounding import Rounding, learn, linear

WIDTH, INNER, LAYERS = 48, 96, 2
CONFIG: dict[str, Any] = {
    "num_attention_heads": 4, "num_hidden_layers": LAYERS, "layer_norm_eps": 1e-12,
    "hidden_size": WIDTH, "hidden_act": "gelu"}


@pytest.fixture(scope="module")
def weights() -> dict[str, np.ndarray]:
    """A small BERT, drawn at random."""
    draw = np.random.default_rng(4)

    def some(*shape: int) -> np.ndarray:
        return draw.normal(0, 0.3, shape).astype(np.float32)

    made = {"embeddings.word_embeddings.weight": some(200, WIDTH),
            "embeddings.position_embeddings.weight": some(64, WIDTH),
            "embeddings.token_type_embeddings.weight": some(2, WIDTH)}
    norms = ["embeddings.LayerNorm"]
    for layer in range(LAYERS):
        own = f"encoder.layer.{layer}"
        norms += [f"{own}.attention.output.LayerNorm", f"{own}.output.LayerNorm"]
        sizes = {f"attention.self.{part}": (WIDTH, WIDTH) for part in ("query", "key", "value")}
        sizes |= {"attention.output.dense": (WIDTH, WIDTH), "intermediate.dense": (INNER, WIDTH),
                  "output.dense": (WIDTH, INNER)}
        for name, size in sizes.items():
            made |= {f"{own}.{name}.weight": some(*size), f"{own}.{name}.bias": some(size[0])}
    for name in norms:
        made |= {f"{name}.weight": 1 + some(WIDTH), f"{name}.bias": some(WIDTH)}
    return made


@pytest.fixture(scope="module")
def ranges() -> dict[str, np.ndarray]:
    wide = np.array([[-4.0] * WIDTH, [4.0] * WIDTH], np.float16)
    inner = np.array([[-0.2] * INNER, [5.0] * INNER], np.float16)
    return {f"encoder.layer.{layer}.{name}": inner if name == "output.dense" else wide
            for layer in range(LAYERS)
            for name in ("attention.self", "attention.output.dense", "intermediate.dense",
                         "output.dense")}


def texts(count: int) -> list[list[int]]:
    draw = np.random.default_rng(9)
    return [draw.integers(1, 200, draw.integers(20, 40)).tolist() for _ in range(count)]


def computed(weights: dict[str, np.ndarray], known: dict[str, np.ndarray], ids: np.ndarray
             ) -> np.ndarray:
    """What OpenVINO computes in integers."""
    ov = openvino()
    graph = Quantised(ov, CONFIG, weights, known)
    compiled = ov.Core().compile_model(graph.model("mean"), "CPU",
                                       {"INFERENCE_PRECISION_HINT": "f32"})
    inputs = {"ids": ids, "mask": np.ones_like(ids)}
    return np.array(next(iter(compiled(inputs).values())))


def test_vectors_come_nearer_and_are_those_that_are_computed(
    weights: dict[str, np.ndarray], ranges: dict[str, np.ndarray]
) -> None:
    rounding = Rounding(CONFIG, weights, ranges, "cpu")
    ids = np.array([t[:20] for t in texts(12)], np.int64)
    there = torch.ones(ids.shape, dtype=torch.bool)
    with torch.no_grad():
        plain = rounding.vectors(torch.from_numpy(ids), there, rounded=False)
        before = rounding.vectors(torch.from_numpy(ids), there, rounded=True)
    known = rounding.learnt()
    assert not any(known[name].any() for name in known if name.endswith(".turned"))
    same = (computed(weights, {**ranges, **known}, ids) * before.numpy()).sum(1)
    assert same.min() > 0.9995
    assert same.mean() > float((before * plain).sum(1).mean())
    losses = learn(rounding, texts(60), 1e9, 60, rate=5e-3, room=1200)
    assert len(losses) == 60
    assert np.mean(losses[-6:]) < 0.7 * np.mean(losses[:6])
    known = rounding.learnt()
    turned = sum(int(np.unpackbits(known[f"{name}.turned"]).sum()) for name in linear(weights))
    assert 0 < turned < 0.3 * sum(weights[f"{name}.weight"].size for name in linear(weights))
    after = computed(weights, {**ranges, **known}, ids)
    near = (after * plain.numpy()).sum(1)
    assert near.mean() > float((before * plain).sum(1).mean())


def test_weights_are_turned_to_the_other_side(
    weights: dict[str, np.ndarray], ranges: dict[str, np.ndarray]
) -> None:
    layer = Layer.of("encoder.layer.0.intermediate.dense", weights, ranges)
    nearest = layer.whole()
    bits = np.zeros(nearest.size, bool)
    bits[[3, 77]] = True
    moved = layer.whole(np.packbits(bits)).reshape(-1)
    changed = np.flatnonzero(moved != nearest.reshape(-1))
    assert changed.tolist() == [3, 77]
    assert np.abs(moved - layer.steps.reshape(-1)).max() <= 1
    assert np.abs(nearest - layer.steps).max() <= 0.5001
    assert layer.share == 1


def test_the_vectors_without_rounding_are_the_bundled_model_s() -> None:
    weights = read_weights(bundled_folder())
    rounding = Rounding(read_config(bundled_folder()), weights, read_ranges(RANGES), "cpu")
    ids = np.array(tokens_of(seed_sentences()[:1]))
    plain = Encoder(bundled_folder(), exact=True).run_many(ids.tolist())[0][0]
    mine = rounding.vectors(torch.from_numpy(ids), torch.ones(ids.shape, dtype=torch.bool), False)
    assert float(mine[0] @ torch.from_numpy(plain)) == pytest.approx(1, abs=1e-5)


@pytest.mark.slow
def test_the_program_adds_to_the_ranges(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sentences = seed_sentences()
    with gzip.open(tmp_path / "texts.jsonl.gz", "wt", encoding="utf-8") as file:
        for at in range(0, 12, 4):
            file.write(json.dumps({"text": " ".join(sentences[at : at + 4])}) + "\n")
    places = {k: v for k, v in read_ranges(RANGES).items()
              if not k.endswith((".share", ".turned"))}
    save_file(places, tmp_path / "ranges.safetensors")
    assert program.main([str(tmp_path / "texts.jsonl.gz"), "--ranges",
                         str(tmp_path / "ranges.safetensors"), "--steps", "2", "--unusual", "4",
                         "--room", "500", "--device", "cpu"]) == 0
    assert "2 steps" in capsys.readouterr().out
    found = read_ranges(tmp_path / "ranges.safetensors")
    assert set(found) == set(read_ranges(RANGES))

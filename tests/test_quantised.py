"""Passages encoded in integers: near fp32, only where there are many, and not the short ones."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest

from index.corpus import seed_sentences
from rag.encoding import encoder, ranges
from rag.encoding.bert import Graph
from rag.encoding.embedding import RANGES, bundled_folder
from rag.encoding.encoder import Encoder, openvino
from rag.encoding.modelfolder import read_config, read_weights
from rag.encoding.quantised import Quantised, read_ranges


def passages(count: int) -> list[str]:
    """Texts of the length of passages, of the seeds' sentences in other orders."""
    draw, known = random.Random(11), seed_sentences()
    return [" ".join(draw.sample(known, 5)) for _ in range(count)]


def tokens(model: Encoder, texts: list[str]) -> list[list[int]]:
    return [list(e.ids)[:256] for e in model.tokenizer.encode_batch(texts)]


@pytest.fixture(scope="module")
def exact() -> Encoder:
    return Encoder(bundled_folder(), exact=True)


def vectors(model: Encoder, ids: list[list[int]]) -> np.ndarray:
    return np.stack([row[0] for row in model.run_many(ids)])


def test_many_vectors_are_within_0_999_of_fp32(exact: Encoder) -> None:
    many = Encoder(bundled_folder(), ranges=RANGES)
    ids = tokens(exact, [*passages(140), *ranges.unusual(20)])
    assert sum(map(len, ids)) > encoder._MANY
    cosines = (vectors(many, ids) * vectors(exact, ids)).sum(1)
    assert cosines[:140].min() > 0.999
    assert cosines[140:].min() > 0.998, "rows of random letters, numbers and marks"
    assert ("_in_integers" in vars(many)) == many.rounds, "in integers where it multiplies in bf16"


def test_few_are_not_computed_in_integers_and_neither_are_short_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    few = Encoder(bundled_folder(), ranges=RANGES)
    few.run_many(tokens(few, passages(3)))
    assert "_in_integers" not in vars(few)
    few._ranges = RANGES  # on any processor
    monkeypatch.setattr(encoder, "_MANY", 40)
    assert few._divided([31, 39, 20]) == ({}, {0: 31, 1: 39, 2: 20})
    assert few._divided([31, 40, 20]) == ({1: 40}, {0: 31, 2: 20})


def test_the_graph_in_integers_computes_what_it_stands_for(exact: Encoder) -> None:
    """On any processor, also where nothing would be computed so, and sums may overflow."""
    ov, folder = openvino(), bundled_folder()
    known = read_ranges(RANGES)
    places = [name for name in known if not name.endswith((".share", ".turned"))]
    assert len(places) == 24
    ids = np.array([tokens(exact, passages(1))[0]])
    inputs = {"ids": ids, "mask": np.ones_like(ids)}
    config, weights = read_config(folder), read_weights(folder)
    found = []
    for graph in (Graph(ov, config, weights), Quantised(ov, config, weights, known),
                  Quantised(ov, config, weights, {})):
        compiled = ov.Core().compile_model(graph.model("mean"), "CPU",
                                           {"INFERENCE_PRECISION_HINT": "f32"})
        found.append(next(iter(compiled(inputs).values()))[0])
    plain, rounded, untouched = found
    assert 0.98 < float(plain @ rounded) < 0.99999
    assert float(plain @ untouched) == pytest.approx(1, abs=1e-6)


def test_ranges_are_taken_from_texts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "texts.jsonl", tmp_path / "new" / "ranges.safetensors"
    lines = [json.dumps({"text": text}) for text in passages(12)]
    file.write_text("\n".join(lines), encoding="utf-8")
    assert ranges.main([str(file), "--texts", "4", "--leave", "5.output", "--out", str(out)]) == 0
    found = read_ranges(out)
    assert len(found) == 23
    assert found["encoder.layer.0.output.dense"].shape == (2, 1536)
    assert all((low <= high).all() for low, high in found.values())
    assert "23 inputs; cosine with fp32 over 8 other texts: least 0.99" in capsys.readouterr().out

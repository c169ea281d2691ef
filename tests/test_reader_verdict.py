"""The verdict model: the reader's weights with a small correction."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from rag import reader
from rag.errors import ModelError
from rag.reader import correction, verdict
from rag.reader.correction import FILE, HEAD, Floats, corrected
from rag.reader.model import WEIGHTS
from rag.settings import Settings


def weights(seed: int) -> dict[str, Floats]:
    """A layer, its bias and what no correction touches."""
    rng = np.random.default_rng(seed)
    shapes: dict[str, tuple[int, ...]] = {
        "layer.weight": (12, 20), "layer.bias": (12,), "qa_outputs.weight": (2, 12),
        "embeddings.word_embeddings.weight": (30, 12),
        "embeddings.position_embeddings.weight": (16, 12)}  # fmt: skip
    return {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


def test_a_correction_of_low_rank_gives_the_trained_network_back() -> None:
    old = weights(1)
    rng = np.random.default_rng(2)
    trained = weights(3) | {
        "layer.weight": old["layer.weight"] + (
            rng.normal(size=(12, 2)) @ rng.normal(size=(2, 20))).astype(np.float32),
        f"{HEAD}.weight": rng.normal(size=(3, 12)).astype(np.float32)}  # fmt: skip
    change = verdict.difference(old, trained, rank=2)
    assert change["layer.weight.left"].shape == (12, 2)
    assert change["layer.weight.right"].shape == (2, 20)
    made = dict(old)
    corrected(made, change)
    same = {"layer.weight", "layer.bias", f"{HEAD}.weight", "embeddings.position_embeddings.weight"}
    for name in made:
        expected = trained[name] if name in same else old[name]
        np.testing.assert_allclose(made[name], expected, atol=1e-5, err_msg=name)


def test_the_correction_of_another_reader_is_refused() -> None:
    with pytest.raises(ModelError, match=r"'layer\.9\.bias', which the reader lacks"):
        corrected(weights(1), {"layer.9.bias": np.zeros(3, np.float32)})


def test_the_bundled_reader_tells_yes_from_no_from_neither() -> None:
    told = reader.load(Settings()).verdicts("Was anybody hurt in the fire?", [
        "Nobody was hurt in the fire.", "Six people were hurt in the fire.",
        "The mill was built in 1891.", ""])  # fmt: skip
    assert told is not None
    assert told.argmax(1).tolist() == [1, 0, 2, 2]
    np.testing.assert_allclose(told.sum(1), 1.0)


def test_a_reader_without_a_correction_does_not_tell(tmp_path: Path) -> None:
    for name in ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"):
        shutil.copy(WEIGHTS / name, tmp_path / name)
    plain = reader.load(Settings(reader=str(tmp_path)))
    assert plain.verdicts("Was anybody hurt?", ["Nobody was hurt."]) is None
    (tmp_path / FILE).write_bytes(b"damaged")
    with pytest.raises(ModelError, match=f"no usable {FILE}"):
        reader.load(Settings(reader=str(tmp_path))).verdicts("Was anybody hurt?", ["Nobody was."])


def test_the_program_says_what_it_needs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(WEIGHTS / "model.safetensors", tmp_path / "model.safetensors")
    arguments = ["--reader", str(tmp_path), "--trained", str(tmp_path)]
    assert verdict.main(arguments) == 2
    assert "has no verdict head" in capsys.readouterr().err
    assert not (tmp_path / correction.FILE).exists()

"""The bundled embedder is the published one; others load from this machine or are refused."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rag.encoding import embedding
from rag.errors import ModelError
from rag.settings import Settings

TEXTS = [
    "Niger's junta\nOn Friday, 100 Russian military instructors arrived in Niamey.",
    "The recipe asks for two eggs and a cup of flour.",
    "Ein Satz, der nicht auf Englisch ist; 42 %, “quoted” and naïve.",
    "word " * 400,
    "",
]


@pytest.fixture(scope="module")
def bundled() -> embedding.Embedder:
    return embedding.load(Settings())


def test_vectors_are_those_of_sentence_transformers(bundled: embedding.Embedder) -> None:
    other = embedding.SentenceTransformersEmbedder(str(embedding.bundled_folder()))
    assert (other.dimension, other.max_tokens) == (384, 256)
    ours, theirs = bundled.embed(TEXTS), other.embed(TEXTS)
    assert ours.dtype == np.float32
    assert ours.shape == (5, 384)
    assert (ours * theirs).sum(1).min() > 0.9995
    np.testing.assert_allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)
    assert other.count_tokens(TEXTS) == bundled.count_tokens(TEXTS)
    question = "How many instructors came?"
    assert float(bundled.embed_question(question) @ other.embed_question(question)) > 0.9995


def test_a_question_is_nearest_to_the_text_that_answers_it(bundled: embedding.Embedder) -> None:
    scores = bundled.embed(TEXTS) @ bundled.embed_question("how many Russian instructors arrived?")
    assert int(scores.argmax()) == 0
    assert scores[0] == pytest.approx(0.507, abs=0.005)
    assert scores[1] == pytest.approx(0.111, abs=0.005)


def test_tokens_are_counted_with_their_special_tokens(bundled: embedding.Embedder) -> None:
    assert bundled.count_tokens(["", "cat", "two eggs"]) == [2, 3, 4]
    assert bundled.max_tokens == 256


def test_text_over_the_window_is_cut_to_it(bundled: embedding.Embedder) -> None:
    whole, cut = bundled.embed(["word " * 400, "word " * 254])
    np.testing.assert_allclose(whole, cut, atol=1e-6)


def test_no_texts_give_no_vectors(bundled: embedding.Embedder) -> None:
    assert bundled.embed([]).shape == (0, 384)


def test_weights_that_are_not_the_published_ones_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(embedding.bundled_folder(), folder)
    weights = bytearray((folder / "model.safetensors").read_bytes())
    weights[5_000_000] ^= 1
    (folder / "model.safetensors").write_bytes(weights)
    changed = embedding.BundledEmbedder(folder)
    assert changed.count_tokens(["cat"]) == [3]
    with pytest.raises(ModelError, match="not the published all-MiniLM-L6-v2"):
        changed.embed(["cat"])


def test_a_model_that_is_not_on_this_machine_is_refused_by_name() -> None:
    with pytest.raises(ModelError, match="'no-such/model' is neither a folder nor a model on"):
        embedding.load(Settings(embedder="no-such/model"))


def test_a_folder_without_safetensors_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no weights in safetensors"):
        embedding.load(Settings(embedder=str(tmp_path)))


def test_the_digest_follows_the_weights(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(embedding.bundled_folder(), folder)
    before = embedding.SentenceTransformersEmbedder(str(folder)).digest
    (folder / "README.md").write_text("other words")
    assert embedding.SentenceTransformersEmbedder(str(folder)).digest == before
    (folder / "tokenizer.json").write_text("{}")
    assert embedding.SentenceTransformersEmbedder(str(folder)).digest != before


def test_the_bundled_embedder_needs_neither_torch_nor_transformers() -> None:
    program = (
        "import sys; from rag.encoding import embedding; from rag.settings import Settings;"
        "embedder = embedding.load(Settings()); assert 'openvino' not in sys.modules;"
        "embedder.embed(['cat']);"
        "print(sorted({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"

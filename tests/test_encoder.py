"""The encoder computes what transformers computes, and refuses what it cannot compute."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from rag.encoding.encoder import Encoder
from rag.errors import ModelError

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "cat", "sat", "on", "a", "mat", "and", "dog"]
WORDS += ["ran", "to", "his", "house"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small random BERT for question answering, with a null head, as transformers writes it."""
    import torch
    from safetensors.torch import load_file, save_file
    from transformers import BertConfig, BertForQuestionAnswering

    torch.manual_seed(7)
    path = tmp_path_factory.mktemp("bert")
    config = BertConfig(
        vocab_size=len(WORDS), hidden_size=64, num_hidden_layers=2, num_attention_heads=4,
        intermediate_size=128, max_position_embeddings=64, initializer_range=0.3,
    )  # fmt: skip
    BertForQuestionAnswering(config).save_pretrained(path)
    weights = load_file(path / "model.safetensors")
    weights["null_head.weight"] = torch.randn(1, 64)
    weights["null_head.bias"] = torch.randn(1)
    weights["classifier.weight"] = torch.randn(5, 64)
    weights["classifier.bias"] = torch.randn(5)
    save_file(weights, path / "model.safetensors")
    tokenizer = Tokenizer(models.WordLevel({w: i for i, w in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    tokenizer.enable_padding(length=20)
    tokenizer.enable_truncation(4)
    tokenizer.save(str(path / "tokenizer.json"))
    return path


def cosine(a: np.ndarray, b: np.ndarray) -> float:
    return float((a * b).sum() / np.linalg.norm(a) / np.linalg.norm(b))


def inputs(encoder: Encoder) -> tuple[list[list[int]], list[list[int]]]:
    pairs = [
        ("the cat", "sat on a mat and the dog ran to his house " * 3),
        ("a", "dog"),
        ("who sat", "the cat sat on the mat"),
    ]
    encodings = encoder.tokenizer.encode_batch(pairs)
    return [e.ids for e in encodings], [e.type_ids for e in encodings]


def test_span_logits_and_null_logit_equal_those_of_transformers(folder: Path) -> None:
    import torch
    from safetensors.torch import load_file
    from transformers import BertForQuestionAnswering

    reference = BertForQuestionAnswering.from_pretrained(folder).eval()
    extra = load_file(folder / "model.safetensors")
    exact, fast = Encoder(folder, "span", exact=True), Encoder(folder, "span")
    ids, types = inputs(exact)
    for at, (logits, null) in enumerate(exact.run_many(ids, types)):
        with torch.no_grad():
            tokens, segments = torch.tensor([ids[at]]), torch.tensor([types[at]])
            hidden = reference.bert(tokens, token_type_ids=segments).last_hidden_state[0]
            wanted = reference.qa_outputs(hidden).numpy()
            wanted_null = hidden[0] @ extra["null_head.weight"].T + extra["null_head.bias"]
        assert logits.shape == (len(ids[at]), 2)
        np.testing.assert_allclose(logits, wanted, atol=2e-4)
        np.testing.assert_allclose(null, wanted_null.numpy(), atol=2e-4)
        assert cosine(fast.run_many(ids, types)[at][0], wanted) > 0.999


def test_mean_head_is_the_normalised_mean_over_attended_tokens(folder: Path) -> None:
    import torch
    from transformers import BertModel

    reference = BertModel.from_pretrained(folder, add_pooling_layer=False).eval()
    encoder = Encoder(folder, "mean", exact=True)
    ids, _ = inputs(encoder)
    for tokens, (vector,) in zip(ids, encoder.run_many(ids), strict=True):
        with torch.no_grad():
            mean = reference(torch.tensor([tokens])).last_hidden_state[0].mean(0).numpy()
        np.testing.assert_allclose(vector, mean / np.linalg.norm(mean), atol=1e-5)


def test_token_head_gives_one_row_of_labels_a_token(folder: Path) -> None:
    encoder = Encoder(folder, "token")
    ids, types = inputs(encoder)
    assert [o[0].shape for o in encoder.run_many(ids, types)] == [(len(i), 5) for i in ids]


def test_half_precision_weights_compute_the_same(folder: Path, tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    shutil.copytree(folder, tmp_path / "half")
    path = tmp_path / "half" / "model.safetensors"
    save_file({k: v.astype(np.float16) for k, v in load_file(path).items()}, path)
    whole, half = Encoder(folder, "span"), Encoder(tmp_path / "half", "span")
    ids, types = inputs(whole)
    a, b = whole.run_many(ids, types)[0][0], half.run_many(ids, types)[0][0]
    assert cosine(a, b) > 0.999


def test_an_input_does_not_depend_on_its_batch(folder: Path) -> None:
    encoder = Encoder(folder, "mean", exact=True)
    ids, _ = inputs(encoder)
    together = encoder.run_many(ids)
    for tokens, (vector,) in zip(ids, together, strict=True):
        np.testing.assert_allclose(encoder.run_many([tokens])[0][0], vector, atol=1e-5)


def test_the_tokenizer_neither_pads_nor_cuts(folder: Path) -> None:
    assert len(Encoder(folder).tokenizer.encode("the cat sat on the mat and ran").ids) == 10


def test_no_inputs_give_no_outputs(folder: Path) -> None:
    assert Encoder(folder).run_many([]) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model_type": "roberta"}, "is of type 'roberta'"),
        ({"hidden_act": "swish"}, "activation 'swish'"),
        ({"position_embedding_type": "relative_key"}, "relative positions"),
        ({"num_hidden_layers": 3}, "lack 'encoder.layer.2.attention.self.query.weight'"),
    ],
)
def test_models_that_the_graph_does_not_cover_are_refused(
    folder: Path, tmp_path: Path, change: dict[str, object], message: str
) -> None:
    shutil.copytree(folder, tmp_path / "other")
    config = json.loads((folder / "config.json").read_text())
    (tmp_path / "other" / "config.json").write_text(json.dumps(config | change))
    with pytest.raises(ModelError, match=message):
        Encoder(tmp_path / "other")


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json"])
def test_a_missing_or_cut_file_is_named(folder: Path, tmp_path: Path, name: str) -> None:
    shutil.copytree(folder, tmp_path / "broken")
    path = tmp_path / "broken" / name
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(ModelError, match=name):
        Encoder(tmp_path / "broken")
    path.unlink()
    with pytest.raises(ModelError, match=name):
        Encoder(tmp_path / "broken")


def test_running_it_loads_neither_torch_nor_transformers_nor_telemetry(folder: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from rag.encoding.encoder import Encoder;"
        f"Encoder(Path({str(folder)!r})).run_many([[2, 4, 3]]);"
        "assert sys.modules['openvino_telemetry'] is None;"
        "print(sorted({'torch', 'transformers', 'onnx'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"

"""Distilling on one pool: the pass without padding is the plain one, and students learn."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import BertConfig

from rag.encoding.embedding import bundled_folder
from rag.errors import SettingsError
from rag.reader import pool as pools
from rag.reader.distil import Asked, Course, fit, main, rate_at
from rag.reader.features import UNKNOWN, Batch, Features
from rag.reader.losses import Told, hard_loss, loss_of, mean_of
from rag.reader.network import Logits, ReaderNetwork
from rag.reader.pool import STEP, Packed, Pool, shortened
from rag.reader.recorded import Recorded, forward

MASK = 103


def feature(length: int, seed: int, answer: bool = True) -> Features:
    """An example of made-up words; its answer, if any, are two of the last three."""
    ids = np.random.default_rng(seed).integers(1000, 20_000, length).astype(np.int32)
    ids[0], ids[4], ids[-1] = 101, 102, 102
    return Features(ids, 5, length - 3 if answer else 0, length - 2 if answer else 0, None)


def pool_of(lengths: list[int], tokens: int) -> Pool:
    return Pool(Packed.of([feature(n, i) for i, n in enumerate(lengths)]), tokens, "cpu")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An encoder of two narrow layers, drawn at random, with the bundled tokenizer."""
    folder = tmp_path_factory.mktemp("small")
    torch.manual_seed(2)
    network = ReaderNetwork(BertConfig(
        vocab_size=30_522, hidden_size=48, num_hidden_layers=2, num_attention_heads=4,
        intermediate_size=96, max_position_embeddings=80))
    network.save(folder, bundled_folder())
    return folder


@pytest.fixture(scope="module")
def network(small: Path) -> ReaderNetwork:
    return ReaderNetwork.load(small).eval()


@pytest.mark.parametrize("length", [9, 32, 50])
def test_the_pass_without_padding_computes_what_the_plain_one_does(network: ReaderNetwork,
                                                                   length: int) -> None:
    ids = torch.from_numpy(np.stack([feature(length, i).ids for i in range(4)]).astype(np.int64))
    passage_at = torch.tensor([5, 5, 7, 6])
    types = (torch.arange(length) >= passage_at[:, None]).long()
    with torch.inference_mode():
        plain = network(ids, types, torch.ones_like(ids))
        mine = forward(dict(network.named_parameters()), network.config, ids, passage_at, 0.0)
    for one, two in zip(plain, mine, strict=True):
        assert torch.allclose(one, two, atol=1e-4)


def test_a_step_follows_the_gradient_of_the_plain_network(
    small: Path, network: ReaderNetwork
) -> None:
    pool = pool_of([16] * 4, 64)
    mine = Recorded(ReaderNetwork.load(small), pool, MASK, dropout=0.0, masked=0.0)
    mine.begin(network)
    loss = mine.step(16, torch.arange(4), 0.0)
    group = pool.groups[16]
    ids, labels = group.ids.long(), group.labels.long()
    types = (torch.arange(16) >= labels[:, :1]).long()
    plain = hard_loss(network(ids, types, torch.ones_like(ids)), labels[:, 1], labels[:, 2],
                      group.verdicts.float())
    assert loss.item() == pytest.approx(plain.item(), rel=1e-5)
    wanted = torch.autograd.grad(plain, list(network.parameters()), allow_unused=True)
    norm = torch.stack([g.norm() for g in wanted if g is not None]).norm().clamp(min=1.0)
    for name, kept, grad in zip(mine.names, mine.kept, wanted, strict=True):
        assert kept.grad is not None
        if grad is not None:
            assert torch.allclose(kept.grad, grad / norm, atol=1e-5), name


@given(st.lists(st.integers(14, 30), min_size=1, max_size=60), st.integers(0, 9))
def test_a_pass_has_full_batches_of_different_examples(lengths: list[int], seed: int) -> None:
    pool = pool_of(lengths, 48)
    met: dict[int, list[int]] = {}
    for length, rows in pool.batches(seed):
        assert len(rows) == pool.rows_of(length)
        assert len(rows) * length <= 48
        met.setdefault(length, []).extend(rows.tolist())
    assert set(met) == set(pool.groups) <= {8, 16, 24}
    for length, group in pool.groups.items():
        assert len(met[length]) == len(set(met[length]))
        assert len(group.ids) - len(met[length]) < pool.rows_of(length)
    assert pool.size == sum(n * len(g.ids) for n, g in pool.groups.items())


@given(st.integers(6, 60), st.integers(1, 5), st.data())
def test_an_example_is_cut_beside_its_answer(passage: int, question: int, data: st.DataObject
                                             ) -> None:
    at = question + 2
    ids = np.arange(1000, 1000 + at + passage + 1, dtype=np.int32)
    answered = data.draw(st.booleans())
    start = data.draw(st.integers(at, at + passage - 1)) if answered else 0
    end = data.draw(st.integers(start, at + passage - 1)) if answered else 0
    cut = shortened(Features(ids, at, start, end, None), STEP)
    if cut is None:  # the answer is nearly all of the passage, or that is very short
        assert passage - (end - start + 1 if answered else 1) < STEP or len(ids) < at + STEP
        return
    assert len(cut.ids) % STEP == 0
    assert cut.ids[:at].tolist() == ids[:at].tolist()
    assert cut.ids[-1] == ids[-1]
    assert cut.ids[cut.start : cut.end + 1].tolist() == ids[start : end + 1].tolist() or not start
    inside = cut.ids[at:-1]
    assert (np.diff(inside) == 1).all(), "one stretch of the passage"


def test_examples_are_kept_as_they_are(tmp_path: Path) -> None:
    made = [Packed.of([feature(16 + i % 9, i, i % 2 == 0) for i in range(30)]) for _ in range(2)]
    whole = Packed.joined(made)
    whole.save(tmp_path / "pool.xz")
    again = Packed.read(tmp_path / "pool.xz")
    for name in ("ids", "labels", "verdicts"):
        assert np.array_equal(getattr(whole, name), getattr(again, name))
    assert (tmp_path / "pool.xz").stat().st_size < 0.8 * 2 * whole.ids.nbytes / 2


@pytest.mark.parametrize("damage", [lambda b: b"no pool", lambda b: b[: len(b) // 2]])
def test_what_is_no_pool_is_named_with_what_mends_it(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "pool.xz"
    Packed.of([feature(24, i) for i in range(30)]).save(path)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(SettingsError, match=r"pool\.xz: .* anew with python -m rag\.reader\.pool"):
        Packed.read(path)


def test_the_loss_is_that_of_training(network: ReaderNetwork) -> None:
    torch.manual_seed(3)
    logits = Logits(torch.randn(3, 16), torch.randn(3, 16), torch.randn(3), torch.randn(3, 3))
    features = [feature(16, 1), feature(16, 2, answer=False),
                Features(feature(16, 3).ids, 5, UNKNOWN, UNKNOWN, (0, 1, 1))]
    batch = Batch.of(features)
    labels = torch.from_numpy(Packed.of(features).labels).long()
    mine = hard_loss(logits, labels[:, 2], labels[:, 3], torch.from_numpy(batch.verdicts))
    assert mine.item() == pytest.approx(loss_of(logits, batch).item(), rel=1e-5)


def test_teachers_are_kept_as_the_mean_of_their_probabilities(network: ReaderNetwork) -> None:
    torch.manual_seed(5)
    other = ReaderNetwork(network.config).eval()
    pool = pool_of([16] * 5, 32)
    asked = Asked(pool)
    asked.ask(network, 3.0)
    asked.ask(other)
    asked.tell()
    group = pool.groups[16]
    assert group.told is not None
    ids, types = group.ids.long(), (torch.arange(16) >= 5).long().expand(5, 16)
    with torch.inference_mode():
        said = [n(ids, types, torch.ones_like(ids)) for n in (network, other)]
    for mine, wanted in zip(group.told, mean_of(said, [3.0, 1.0]), strict=True):
        assert torch.allclose(mine.float(), wanted, atol=1e-3)


def test_a_student_comes_near_its_teacher(small: Path) -> None:
    student = ReaderNetwork.load(small)
    pool = pool_of([16] * 10, 80)
    group = pool.groups[16]
    group.told = Told(torch.zeros(10, 16), torch.zeros(10, 16), torch.zeros(10))
    group.told.start[:, 6], group.told.end[:, 7] = 1.0, 1.0
    mine = Recorded(student, pool, MASK, dropout=0.0, masked=0.0, soft=1.0)
    losses = fit(mine, Course(30, 3e-3))["loss"]
    assert losses[-1] < 0.5 * losses[0]
    said = forward(dict(student.named_parameters()), student.config, group.ids.long(),
                   group.labels[:, 0].long(), 0.0)
    assert said.start.argmax(-1).tolist() == [6] * 10


def test_the_rate_rises_stays_and_falls() -> None:
    course = Course(1, 1.0, decay=0.5)
    shares = [rate_at(done, course) for done in (0.0, 0.025, 0.3, 0.75, 1.0)]
    assert shares == pytest.approx([0.001, 0.501, 1.0, 0.5, 0.0])


def test_the_programs_make_a_pool_and_a_reader(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    context = "The town of Arlen lies on a river. Its mayor is Mira Voss. Trade is brisk."
    row = {"context": context, "question": "Who is the mayor?", "title": "Arlen",
           "answers": [{"text": "Mira Voss", "answer_start": context.index("Mira")}]}
    (tmp_path / "towns.jsonl").write_text((json.dumps(row) + "\n") * 6, "utf-8")
    recipe = tmp_path / "recipe.toml"
    recipe.write_text('shard = 6\nmax_tokens = 64\n[[source]]\nfile = "towns.jsonl"\n', "utf-8")
    plan = ["--tokenizer", small, "--recipe", recipe, "--data", tmp_path,
            "--shards", 2, "--out", tmp_path / "pool.xz"]
    assert pools.main([str(a) for a in plan]) == 0
    assert "12 examples" in capsys.readouterr().out
    plan[plan.index("--data") + 1] = tmp_path / "nowhere"
    assert pools.main([str(a) for a in plan]) == 2
    assert "towns.jsonl" in capsys.readouterr().err
    plan = ["--encoder", small, "--start", small, "--rates", 3e-4,
            "--pool", tmp_path / "pool.xz", "--dev", tmp_path / "towns.jsonl",
            "--student-passes", 1, "--tokens", 256, "--device", "cpu",
            "--out", tmp_path / "reader"]
    assert main([str(a) for a in plan]) == 0
    said = capsys.readouterr().out
    assert "teacher 0" in said
    assert "student: " in said
    assert (tmp_path / "reader" / "model.safetensors").exists()
    plan[plan.index("--pool") + 1] = tmp_path / "nothing.xz"
    assert main([str(a) for a in plan]) == 2
    assert "nothing.xz" in capsys.readouterr().err

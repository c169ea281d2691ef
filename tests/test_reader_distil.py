"""Distilling on one pool: the fused pass is the plain one, batches are whole, students learn."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rag.embedding import bundled_folder
from rag.reader.distil import Course, ask, fit, loss_on, main, rate_at
from rag.reader.features import UNKNOWN, Batch, Features
from rag.reader.fused import Fused
from rag.reader.losses import Told, loss_of
from rag.reader.network import Logits, ReaderNetwork
from rag.reader.pool import Group, Packed, Pool

MASK = 103


def feature(length: int, seed: int, answer: bool = True) -> Features:
    """An example of made-up words; its answer, if any, are two of the last three."""
    ids = np.random.default_rng(seed).integers(1000, 20_000, length).astype(np.int32)
    ids[0], ids[4], ids[-1] = 101, 102, 102
    return Features(ids, 5, length - 3 if answer else 0, length - 2 if answer else 0, None)


@pytest.fixture(scope="module")
def network() -> ReaderNetwork:
    torch.manual_seed(1)
    return ReaderNetwork.load(bundled_folder()).eval()


@pytest.mark.parametrize("length", [9, 32, 50])
def test_the_fused_pass_computes_what_the_plain_one_does(network: ReaderNetwork,
                                                         length: int) -> None:
    ids = torch.from_numpy(np.stack([feature(length, i).ids for i in range(4)]).astype(np.int64))
    passage_at = torch.tensor([5, 5, 7, 6])
    types = (torch.arange(length) >= passage_at[:, None]).long()
    with torch.inference_mode():
        plain = network(ids, types, torch.ones_like(ids))
        fused = Fused(network, 256, 0.0, gpu=False).eval()(ids, passage_at)
    for one, two in zip(plain, fused, strict=True):
        assert torch.allclose(one, two, atol=1e-4)


@given(st.lists(st.integers(8, 14), min_size=1, max_size=60), st.integers(0, 9))
def test_a_pass_meets_every_example_once_but_for_small_ends(lengths: list[int], seed: int) -> None:
    pool = Pool([Packed.of([feature(n, i) for i, n in enumerate(lengths)])], 40, "cpu")
    met: dict[int, list[int]] = {}
    for group, rows in pool.batches(seed):
        assert group.ids[rows].numel() <= 40 or len(rows) == 1
        met.setdefault(group.ids.shape[1], []).extend(rows.tolist())
    assert pool.size == sum(lengths)
    for length, group in pool.groups.items():
        seen = met[length]
        assert len(seen) == len(set(seen))
        assert len(group.ids) - len(seen) < max(1, 40 // length) / 2


def test_the_loss_is_that_of_training_where_no_teacher_was_asked() -> None:
    torch.manual_seed(3)
    logits = Logits(torch.randn(3, 9), torch.randn(3, 9), torch.randn(3), torch.randn(3, 3))
    features = [feature(9, 1), feature(9, 2, answer=False),
                Features(feature(9, 3).ids, 5, UNKNOWN, UNKNOWN, (0, 1, 1))]
    group = Pool([Packed.of(features)], 64, "cpu").groups[9]
    mine = loss_on(logits, group, torch.arange(3), 0.7)
    batch = Batch.of(features)
    cut = Batch(batch.ids[:, :9], batch.sizes, batch.passage_at, batch.start, batch.end,
                batch.verdicts, batch.taught)
    assert mine.item() == pytest.approx(loss_of(logits, cut).item(), rel=1e-5)


def test_teachers_are_kept_as_the_mean_of_their_probabilities(network: ReaderNetwork) -> None:
    torch.manual_seed(5)
    other = ReaderNetwork.load(bundled_folder()).eval()  # heads of its own, drawn at random
    pool = Pool([Packed.of([feature(12, i) for i in range(5)])], 24, "cpu")
    ask([network, other], [3.0, 1.0], pool)
    group = pool.groups[12]
    assert group.told is not None
    ids, types = group.ids.long(), (torch.arange(12) >= 5).long().expand(5, 12)
    with torch.inference_mode():
        said = [n(ids, types, torch.ones_like(ids)) for n in (network, other)]
    wanted = 0.75 * said[0].start.softmax(-1) + 0.25 * said[1].start.softmax(-1)
    assert torch.allclose(group.told.start.float(), wanted, atol=1e-3)
    wanted = 0.75 * said[0].null.sigmoid() + 0.25 * said[1].null.sigmoid()
    assert torch.allclose(group.told.null.float(), wanted, atol=1e-3)


def test_a_student_comes_near_its_teacher() -> None:
    torch.manual_seed(7)
    student = ReaderNetwork.load(bundled_folder())
    pool = Pool([Packed.of([feature(12, i) for i in range(10)])], 60, "cpu")
    group: Group = pool.groups[12]
    group.told = Told(torch.zeros(10, 12), torch.zeros(10, 12), torch.zeros(10))
    group.told.start[:, 6], group.told.end[:, 7] = 1.0, 1.0
    losses = fit(student, pool, Course(6, 3e-4, dropout=0.0, masked=0.0, soft=1.0), MASK)
    assert losses[-1] < 0.5 * losses[0]
    said = Fused(student, 120, 0.0, gpu=False).eval()(group.ids.long(), group.labels[:, 0].long())
    assert said.start.argmax(-1).tolist() == [6] * 10


def test_the_rate_rises_stays_and_falls() -> None:
    course = Course(1, 1.0, decay=0.5)
    shares = [rate_at(done, course) for done in (0.0, 0.025, 0.3, 0.75, 1.0)]
    assert shares == pytest.approx([0.001, 0.501, 1.0, 0.5, 0.0])


def test_the_program_writes_a_reader(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    context = "The town of Arlen lies on a river. Its mayor is Mira Voss. Trade is brisk."
    row = {"context": context, "question": "Who is the mayor?", "title": "Arlen",
           "answers": [{"text": "Mira Voss", "answer_start": context.index("Mira")}]}
    (tmp_path / "towns.jsonl").write_text((json.dumps(row) + "\n") * 6, "utf-8")
    recipe = tmp_path / "recipe.toml"
    recipe.write_text('shard = 6\nmax_tokens = 64\n[[source]]\nfile = "towns.jsonl"\n', "utf-8")
    plan = ["--encoder", bundled_folder(), "--start", bundled_folder(), "--recipe", recipe,
            "--data", tmp_path, "--out", tmp_path / "reader", "--teachers", 1, "--shards", 1,
            "--student-passes", 1, "--tokens", 256, "--device", "cpu"]
    assert main([str(a) for a in plan]) == 0
    said = capsys.readouterr().out
    assert "teacher 0" in said
    assert "student: " in said
    assert (tmp_path / "reader" / "model.safetensors").exists()
    again = [str(a) for a in plan]
    again[again.index("--data") + 1] = str(tmp_path / "nowhere")
    assert main(again) == 2
    assert "towns.jsonl" in capsys.readouterr().err

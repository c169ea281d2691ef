"""The verifier: what it reads, that it learns and resumes exactly, and what it changes."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rag.encoding.lowrank import correct
from rag.encoding.modelfolder import load_tokenizer
from rag.errors import ModelError, SettingsError
from rag.evidence import confidence
from rag.evidence.weighing import VERIFIED, checked, with_verdict
from rag.reader import load
from rag.reader.calibrate import main as calibrate
from rag.reader.choosing import VerifierNetwork, collated, examples_of, stream
from rag.reader.model import WEIGHTS
from rag.reader.verifier import FILE, TEXT, Verifier, adapt, around, mark
from rag.reader.verifying import Plan, main, train
from rag.settings import Settings
from rag.types import Candidate, Hit, Passage
from tests.test_reader_calibrate import synthetic

TOKENIZER = load_tokenizer(WEIGHTS)
SENTENCES = ("A plane landed in Niamey. ", "Russia sent 100 instructors to Niger. ", "He left.")


def candidate(text: str, sentences: tuple[str, ...] = SENTENCES, title: str = "News") -> Candidate:
    whole = "".join(sentences)
    spans, start = [], 0
    for one in sentences:
        spans.append((start, start + len(one.rstrip())))
        start += len(one)
    hit = Hit(Passage("a.txt", 0, 0, len(whole), whole, tuple(spans)), title, 1, 1.0)
    at = whole.index(text)
    return Candidate(hit, at, at + len(text), text, 1.0, 1.0)


def test_it_reads_the_sentence_and_the_one_before() -> None:
    text, (start, end) = around(candidate("100"))
    assert text == "A plane landed in Niamey. Russia sent 100 instructors to Niger."
    assert text[start:end] == "100"
    assert around(candidate("Niamey"))[0] == "A plane landed in Niamey."


def test_the_answer_alone_is_marked() -> None:
    text, span = around(candidate("100"))
    found = mark(TOKENIZER, "How many came?", "News", text, span)
    words = [TOKENIZER.id_to_token(i) for i in found.ids]
    assert words[:5] == ["[CLS]", "how", "many", "came", "?"]
    assert words[5:8] == ["[SEP]", "news", "[SEP]"]
    assert words[found.first : found.last + 1] == ["100"]
    assert [w for w, kind in zip(words, found.types, strict=True) if kind == 0] == [
        "[CLS]", "how", "many", "came", "?", "[SEP]", "100"]


@given(st.integers(0, 300), st.integers(1, 8), st.integers(0, 300))
def test_of_a_long_text_the_words_around_the_answer_are_read(
    before: int, length: int, after: int
) -> None:
    answer = " ".join(["seven"] * length)
    text = f"{'ten ' * before}{answer}{' six' * after}"
    start = 4 * before
    found = mark(TOKENIZER, "Why?", "", text, (start, start + len(answer)))
    said = [TOKENIZER.id_to_token(i) for i in found.ids[found.first : found.last + 1]]
    assert said == ["seven"] * length
    assert len(found.ids) <= 3 + 2 + TEXT
    assert len(found.ids) == len(found.types)


def test_a_correction_adds_the_product_of_its_factors() -> None:
    weights = {"layer.weight": np.ones((2, 3), np.float32)}
    down, up = np.array([[1], [2], [3]], np.float32), np.array([[10, 20]], np.float32)
    correct(weights, {"bert.layer.down": down, "bert.layer.up": up, "other": down})
    assert weights["layer.weight"].tolist() == [[11, 21, 31], [21, 41, 61]]


TOWNS = {"Arlen": "Mira Voss", "Bruck": "Tomas Hale", "Corvo": "Ines Pell", "Dorn": "Rafe Quill",
         "Elsk": "Nora Finch", "Farn": "Otto Lund", "Gress": "Vera Moss", "Holm": "Jan Sorrel"}


def cases() -> list[dict[str, Any]]:
    """Each town's mayor beside its baker, who is just as near; and towns without a mayor."""
    made = []
    for town, name in TOWNS.items():
        text = f"In {town} {name} is the baker, and the mayor of it is Ada Kerr."
        answers = [{"text": of, "signals": {}, "right": of == "Ada Kerr", "title": town,
                    "around": text, "span": [text.index(of), text.index(of) + len(of)]}
                   for of in (name, "Ada Kerr")]
        made.append({"source": "t", "question": f"Who bakes bread in {town}?", "answers": [
            {**a, "right": not a["right"]} for a in answers]})
        made.append({"source": "t", "question": f"Who is the doctor of {town}?", "answers": [
            {**a, "right": False} for a in answers]})
        made.append({"source": "t", "question": "What?", "answers": []})
    return made


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    file = tmp_path / "cases.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in cases()), "utf-8")
    return Plan(WEIGHTS, (file,), tmp_path / "run", steps=30, rate=2e-3, rank=4, tokens=512,
                every=1000)


@pytest.mark.slow
def test_thirty_steps_learn_and_a_resumed_run_matches(plan: Plan, tmp_path: Path) -> None:
    from safetensors.numpy import load_file

    torch.set_num_threads(1)
    whole = train(plan)
    losses = [json.loads(line)["loss"] for line in
              (plan.out / "log.jsonl").read_text("utf-8").splitlines()]
    assert len(losses) == 30
    assert np.mean(losses[-5:]) < 0.7 * np.mean(losses[:5])

    again = replace(plan, out=tmp_path / "again", halt_at=17)
    assert train(again).name == "checkpoint.pt"
    resumed = train(replace(again, halt_at=None))
    one, two = load_file(whole), load_file(resumed)
    assert one.keys() == two.keys()
    assert all((one[name] == two[name]).all() for name in one)
    assert whole.stat().st_size < 1_000_000  # corrections of rank 4, not 45 MB of weights

    # What is answered with computes what was trained.
    network = VerifierNetwork(WEIGHTS, plan.rank, 0.0).eval()
    network.load_state_dict(torch.load(plan.out / "checkpoint.pt", weights_only=True)["network"])
    (example, *_) = examples_of(cases(), TOKENIZER)
    with torch.no_grad():
        shares = network(collated([example]))[0]
    folder = tmp_path / "reader"
    shutil.copytree(WEIGHTS, folder)
    shutil.copy(whole, folder / FILE)
    town, text = "Arlen", cases()[0]["answers"][0]["around"]
    both = [candidate(name, (text,), town) for name in (TOWNS[town], "Ada Kerr")]
    scores = Verifier(folder).scores(cases()[0]["question"], both)
    assert scores == pytest.approx((shares[:2] - shares[-1]).tolist(), abs=0.2)


def test_batches_hold_every_answer_once_and_none_of_another_question() -> None:
    examples = examples_of(cases(), TOKENIZER)
    assert len(examples) == 16  # those without an answer teach nothing
    batches = stream(examples, 512, 3)
    seen = 0
    while seen < 16:
        batch = next(batches)
        seen += len(batch.rows)
        assert (batch.rows >= 0).sum() == 2 * len(batch.rows)
        assert len({*batch.rows[batch.rows >= 0].tolist()}) == 2 * len(batch.rows)
        assert batch.right.sum(1).tolist() == [1] * len(batch.rows)
        assert batch.ids.numel() <= 512
    assert seen == 16


def test_nothing_to_learn_from_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "none.jsonl"
    file.write_text('{"question": "What?", "answers": []}\n', "utf-8")
    with pytest.raises(SettingsError, match="no case has an answer"):
        train(Plan(WEIGHTS, (file,), tmp_path / "run"))
    assert main(["train", "--cases", str(tmp_path / "gone"), "--out", str(tmp_path / "x")]) == 2
    assert "gone: cannot be read" in capsys.readouterr().err


def test_the_bundled_one_tells_who_sent_from_who_received() -> None:
    verifier = Verifier(WEIGHTS)
    sent, received = candidate("Russia"), candidate("Niger")
    for question, right in (("Which country sent instructors?", 0),
                            ("Which country did instructors arrive in?", 1)):
        scores = verifier.scores(question, [sent, received])
        assert int(np.argmax(scores)) == right, (question, scores)
    assert verifier.scores("Who?", []) == []


def test_its_figures_are_told_beside_the_reader_s(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "".join(SENTENCES)
    rows = [{"context": text, "question": question, "title": "News",
             "answers": [{"text": a, "answer_start": text.index(a)} for a in answers]}
            for question, answers in (("How many instructors did Russia send?", ["100"]),
                                      ("Where did a plane land?", ["Niamey"]),
                                      ("Who is the mayor of Paris?", []))]
    file = tmp_path / "rows.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    assert main(["measure", str(file)]) == 0
    told = json.loads(capsys.readouterr().out)["rows.jsonl"]
    figures = {(of["n"], of["em"], of["auc"]) for of in told.values()}
    assert figures == {(3.0, 100.0, 1.0)}
    assert [*told] == ["margin", "verifier", "both"]


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"\x00" * 64)
    with pytest.raises(ModelError, match=r"no usable verifier\.safetensors .* install"):
        Verifier(tmp_path).scores("Who?", [candidate("Niger")])


def test_tensors_of_other_layers_are_passed_over() -> None:
    weights = {"a.bias": np.zeros(2, np.float32)}
    adapt(weights, {"bert.a.bias": np.ones(2, np.float32), "none": np.ones(1, np.float32)})
    assert {name: value.tolist() for name, value in weights.items()} == {"a.bias": [1, 1]}


def test_answers_are_weighed_again_with_its_score() -> None:
    from rag.evidence.groups import Group
    from rag.evidence.weighing import Weighed

    only = confidence.Calibrator(
        (VERIFIED,), np.zeros(1), np.ones(1),
        (confidence.Net(np.array([1.0, 0.0]), np.zeros((0, 2)), np.zeros(0), np.zeros(0), 0.0),))
    first, second = (Weighed(Group((candidate(t),)), p, {"margin": 1.0})
                     for t, p in (("Niger", 0.6), ("Russia", 0.3)))
    found = checked([first, second], [-1.0, 2.0], only)
    assert [w.group.best.text for w in found] == ["Russia", "Niger"]
    assert found[0].probability == pytest.approx(np.exp(2) / (np.exp(2) + np.exp(-1) + 1))
    assert found[0].signals == {"margin": 1.0, VERIFIED: 2.0}
    assert with_verdict({}, 900.0) == {VERIFIED: 12.0}


def test_a_reader_without_one_says_so() -> None:
    reader = load(Settings())
    assert reader.verified("Which country sent instructors?", [candidate("Russia")]) is not None
    reader._verifier = None
    assert reader.verified("Which country sent instructors?", [candidate("Russia")]) is None


def test_each_calibrator_is_fitted_to_its_own_signals(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = synthetic(60, 4)
    for case in made:
        for answer in case["answers"]:
            answer["signals"][VERIFIED] = answer["signals"]["margin"]
    (tmp_path / "signals.jsonl").write_text(
        "".join(json.dumps(one) + "\n" for one in made), "utf-8")
    command = ["--fit", "unused", "--kind", "sum", "--out", str(tmp_path)]
    assert calibrate(command) == calibrate([*command, "--second"]) == 0
    capsys.readouterr()
    first, second = (confidence.Calibrator.load(tmp_path / name)
                     for name in (confidence.FILE, confidence.SECOND))
    assert VERIFIED not in first.features
    assert VERIFIED in second.features

"""The reader's models: windows over long passages, digests, and agreement with transformers."""

from __future__ import annotations

import json
import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from rag import reader
from rag.errors import ModelError
from rag.reader.model import WEIGHTS, OwnModel, TransformersModel, check
from rag.reader.windows import windows
from rag.sentences import split
from rag.settings import Settings
from rag.types import Hit, Passage

VALLEY = Path(__file__).parent / "data" / "valley"


@pytest.fixture(scope="module")
def own() -> OwnModel:
    return OwnModel(WEIGHTS, "default", checked=True)


def hit(text: str, rank: int = 1, start: int = 0) -> Hit:
    sentences = tuple((start + a, start + b) for a, b in split(text))
    return Hit(Passage("a.txt", 0, start, start + len(text), text, sentences), "T", rank, 0.1)


def test_windows_slide_over_all_of_a_long_passage(own: OwnModel) -> None:
    text = " ".join(f"word{i} stands here." for i in range(700))
    made = own.windows("Which word stands here?", ["short one.", text, ""])
    assert [w.passage for w in made][:2] == [0, 1]
    long = [w for w in made if w.passage == 1]
    assert len(long) > 5
    assert all(len(w.ids) <= 512 for w in made)
    covered = np.zeros(len(text), dtype=bool)
    for window in long:
        for first, last in window.offsets:
            covered[max(first, 0) : max(last, 0)] = True
    assert all(covered[i] for i, c in enumerate(text) if not c.isspace())
    for one, other in pairwise(long):
        shared = set(map(tuple, one.offsets.tolist())) & set(map(tuple, other.offsets.tolist()))
        assert len(shared) >= 100, "neighbours share their stride"


def test_words_begin_and_end_where_they_do(own: OwnModel) -> None:
    [window] = own.windows("Who?", ["Abdourahamane came."])
    spans = window.offsets.tolist()
    assert {spans[i][0] for i in np.flatnonzero(window.starts)} == {0, 14, 18}
    assert {spans[i][1] for i in np.flatnonzero(window.ends)} == {13, 18, 19}
    assert window.ids[0] == own.windows("Who?", ["x"])[0].ids[0]


def test_a_long_question_keeps_its_begin_and_end(own: OwnModel) -> None:
    [window] = own.windows("who " + "really " * 600 + "came?", ["Ida came."])
    assert len(window.ids) < 120
    assert (window.offsets[:, 0] >= 0).sum() == 3


def test_an_answer_at_the_end_of_a_long_passage_is_found() -> None:
    filler = "The valley is quiet in winter, and few boats come. " * 120
    text = f"{filler}The old mill was sold for 300 crowns."
    best = reader.load(Settings()).read("How much was the mill sold for?", [hit(text, start=7)])[0]
    assert best.text == "300 crowns"
    assert text[best.start - 7 : best.end - 7] == best.text


def test_several_questions_at_once_are_read_as_one_by_one() -> None:
    loaded = reader.load(Settings())
    hits = [hit(p.read_text("utf-8"), n) for n, p in enumerate(sorted(VALLEY.iterdir()), 1)]
    questions = ["How many apples did Pippin sort?", "Who bought the mill?"]
    together = loaded.read_many(questions, hits)
    for question, found in zip(questions, together, strict=True):
        alone = loaded.read(question, hits)
        assert [c.text for c in found[:3]] == [c.text for c in alone[:3]]
        assert [c.margin for c in found] == sorted((c.margin for c in found), reverse=True)
    assert together[0][0].text == "212"


def test_nothing_to_read_gives_nothing() -> None:
    assert reader.load(Settings()).read("Who?", []) == []


def test_weights_that_are_not_the_manifest_s_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "weights"
    folder.mkdir()
    for name in ("config.json", "tokenizer.json", "manifest.json"):
        shutil.copy(WEIGHTS / name, folder)
    weights = bytearray((WEIGHTS / "model.safetensors").read_bytes())
    weights[len(weights) // 2] ^= 1
    (folder / "model.safetensors").write_bytes(weights)
    with pytest.raises(ModelError, match=r"model\.safetensors has digest"):
        check(folder)
    (folder / "manifest.json").write_text("{}")
    with pytest.raises(ModelError, match=r"manifest\.json is missing or damaged"):
        check(folder)
    manifest = json.loads((WEIGHTS / "manifest.json").read_text("utf-8"))
    assert check(WEIGHTS) == manifest["files"]["model.safetensors"]


def test_a_question_longer_than_the_window_leaves_room_for_the_passage() -> None:
    loaded = OwnModel(WEIGHTS, "default", checked=False)
    tokenizer = loaded._encoder.tokenizer
    made = windows(tokenizer, "why " * 900, ["one two three."], 101, 102, longest=128, stride=16)
    assert all(len(w.ids) <= 128 for w in made)
    assert made[-1].ids[-1] == 102


@pytest.mark.slow
def test_transformers_reads_our_weights_as_we_do() -> None:
    ours, theirs = (reader.Reader(OwnModel(WEIGHTS, "own", checked=True)),
                    reader.Reader(TransformersModel(str(WEIGHTS))))  # fmt: skip
    hits = [hit(p.read_text("utf-8"), n) for n, p in enumerate(sorted(VALLEY.iterdir()), 1)]
    for question in ("How many apples did Pippin sort?", "Who bought the mill?",
                     "When did the ferry sink?", "What is the population of Peru?"):  # fmt: skip
        one, other = ours.read(question, hits)[0], theirs.read(question, hits)[0]
        assert (one.text, one.start) == (other.text, other.start)
        assert one.margin == pytest.approx(other.margin, abs=0.3)


@pytest.mark.slow
def test_a_model_that_is_not_here_is_a_mistake_with_one_line() -> None:
    with pytest.raises(ModelError, match="nobody/no-reader") as told:
        reader.load(Settings(reader="nobody/no-reader"))
    assert "\n" not in str(told.value)

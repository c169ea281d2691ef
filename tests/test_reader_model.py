"""The reader's models: windows over long passages, digests, and agreement with transformers."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rag import reader
from rag.errors import ModelError
from rag.language.sentences import split
from rag.reader.model import WEIGHTS, OwnModel, Scores, SpanModel, TransformersModel, check
from rag.reader.spans import scored
from rag.reader.windows import Window, windows
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


class Noisy:
    """The bundled reader with noise on its scores, as rounding makes it; exact when asked to be."""

    name, digest = "noisy", "0"

    def __init__(self, own: OwnModel, noise: float, rounds: bool) -> None:
        self._own, self.rounds = own, rounds
        self._random = np.random.default_rng(3)
        self._noise = noise
        self.exactly = 0

    def windows(self, question: str, passages: Sequence[str]) -> list[Window]:
        return self._own.windows(question, passages)

    def scores(self, batch: Sequence[Window], exact: bool = False) -> list[Scores]:
        made = self._own.scores(batch, exact=True)
        self.exactly += exact * len(batch)
        return made if exact else [
            replace(s, start=s.start + self._draw(s.start), end=s.end + self._draw(s.end))
            for s in made]

    def _draw(self, like: NDArray[np.float32]) -> NDArray[np.float32]:
        return self._random.uniform(-self._noise, self._noise, like.shape).astype(np.float32)


# Found by trying names and hours: the noise decides between the best two spans, in two passages and
# in one, where the longer span holds the shorter.
TIES = [
    ("Who saw the fire first?", ["Lia saw the fire first.", "Jan saw the fire first."]),
    ("When did it happen?", ["A dog barked after six on Saturday."]),
    ("When did it happen?", ["The gate closed at dusk on Sunday."]),
]


@pytest.mark.parametrize(("question", "texts"), TIES)
def test_what_rounding_cannot_decide_is_read_again(
    own: OwnModel, question: str, texts: list[str]
) -> None:
    hits = [hit(text, n) for n, text in enumerate(texts, 1)]

    def best(model: SpanModel) -> tuple[int, int, int]:
        first = reader.Reader(model).read(question, hits)[0]
        return first.hit.rank, first.start, first.end

    noisy, unaware = Noisy(own, 0.02, rounds=True), Noisy(own, 0.02, rounds=False)
    assert {best(noisy) for _ in range(20)} == {best(own)}
    assert len({best(unaware) for _ in range(20)}) == 2, "the noise does decide"
    assert noisy.exactly >= 20


def test_only_near_ties_are_read_again(own: OwnModel) -> None:
    texts = ["The old mill was sold for 300 crowns.", "The river was quiet in winter."]
    hits = [hit(text, n) for n, text in enumerate(texts, 1)]
    far = Noisy(own, 0.005, rounds=True)
    assert reader.Reader(far).read("How much was the mill sold for?", hits)[0].text == "300 crowns"
    assert far.exactly == 0
    question, texts = TIES[0]
    hits = [hit(text, n) for n, text in enumerate(texts, 1)]
    unaware = Noisy(own, 0.005, rounds=False)
    reader.Reader(unaware).read(question, hits)
    assert unaware.exactly == 0
    assert reader.Reader(Noisy(own, 0.005, rounds=True)).read(question, []) == []


def test_a_lead_counts_spans_that_overlap() -> None:
    free = np.ones(4, dtype=bool)
    start, end = np.array([3, 0, 0, 0], np.float32), np.array([0, 2, 1.5, 0], np.float32)
    one = np.zeros(4, np.int64)
    # 3 + 2 of two tokens against 3 + 1.5 of three.
    expected = 0.5 + 0.2 * np.log(3 / 2)
    assert scored(start, end, free, free, one, 30).lead() == pytest.approx(expected, abs=1e-6)
    assert scored(start, end, free & False, free, one, 30).lead() == np.inf

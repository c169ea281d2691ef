"""The term model finds which words of the history belong in the question."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from rag.conversation import resolve, terms
from rag.conversation.encoding import WINDOW, Text, encode, features, stems
from rag.conversation.examples import batches, example, tensors
from rag.conversation.synthetic import conversations
from rag.conversation.train import measure
from rag.errors import ModelError
from rag.types import Answer, Citation, Turn

TALK = [
    Text("How many home runs did Ozzie Smith hit?", "question", 0),
    Text("He had never hit one left-handed before October.", "answer", 0),
    Text("Where was Ozzie Smith born?", "question", 1),
    Text("Ozzie Smith was born in Mobile, Alabama.", "answer", 1),
]


def turn(question: str, short: str, quote: str) -> Turn:
    cited = (Citation(1, "a.txt", "A title", quote, 0, len(quote)),)
    return Turn(question, question, Answer("answered", short, short, 0.9, cited, question,
                                           question))


def test_the_name_is_the_term_and_the_birthplace_is_not() -> None:
    found = terms.load().score("Did he play in the World Series?", TALK)
    best = sorted(found, key=lambda root: -found[root])[:2]
    assert set(best) == {"ozzi", "smith"}
    assert found["smith"] > 0.5
    assert found["alabama"] < 0.1
    assert found["born"] < 0.1


def test_a_question_of_its_own_needs_less() -> None:
    score = terms.load().score
    own = score("How long is the Oster Canal in the province of Lenne?", TALK)
    assert own["smith"] < score("How long did he play?", TALK)["smith"]


def test_a_change_of_topic_leaks_nothing() -> None:
    turns = [turn("When was Ozzie Smith born?", "1954", "Ozzie Smith was born in 1954.")]
    asked = "How long is the Oster Canal?"
    assert resolve(asked, turns).question == asked


def test_words_of_the_question_are_no_terms() -> None:
    assert "smith" not in terms.load().score("Did Smith play?", TALK)
    assert terms.load().score("Did he play?", []) == {}


def test_each_word_has_its_place() -> None:
    texts = [Text("Ann Lee’s café burnt down.", "answer", 0)]
    tokenizer = terms.load().encoder.tokenizer
    encoded = encode(tokenizer, "Why?", texts)
    assert [texts[0].text[p.start : p.end] for p in encoded.places] == [
        "Ann", "Lee’s", "café", "burnt", "down"]
    assert stems(encoded, texts) == ("ann", "lee", "café", "burnt", None)
    assert encoded.ids[:4] == tuple(tokenizer.encode("why?").ids)
    assert set(encoded.types[:4]) == {0}
    assert set(encoded.types[4:]) == {1}
    assert features(encoded, texts)[1][:3] == (1.0, 1.0, 0.0)


def test_the_cost_of_a_turn_is_bounded() -> None:
    tokenizer = terms.load().encoder.tokenizer
    texts = [Text("word " * 10_000, "answer", age) for age in range(1000)]
    encoded = encode(tokenizer, "why " * 1000, texts)
    assert len(encoded.ids) <= WINDOW


def test_what_a_short_question_needs_is_put_behind_it() -> None:
    turns = [turn("When was the museum of Harnau closed?", "in 1962",
                  "The museum of Harnau was closed in 1962 after a fire.")]
    found = resolve("How many visitors came?", turns)
    assert found.kind == "followup"
    assert found.question.startswith("How many visitors came")
    assert "museum" in found.question
    assert found.added


def test_a_thousand_turns_read_as_four() -> None:
    turns = [turn(f"Who is Person{i} Example{i}?", f"a baker{i}", f"Person{i} is a baker{i}.")
             for i in range(1000)]
    assert resolve("When was he born?", turns) == resolve("When was he born?", turns[-4:])


def test_the_correction_is_added_to_the_weights() -> None:
    weights = {"encoder.layer.0.output.dense.weight": np.zeros((3, 2), np.float32)}
    learnt = {
        "bert.encoder.layer.0.output.dense.down": np.array([[1.0], [2.0]], np.float32),
        "bert.encoder.layer.0.output.dense.up": np.array([[1.0, 10.0, 100.0]], np.float32),
        "mix.weight": np.ones((4, 2 + 8), np.float32),
        "mix.bias": np.arange(4, dtype=np.float32),
    }
    terms.adapt(weights, learnt)
    assert weights["encoder.layer.0.output.dense.weight"].tolist() == [
        [1, 2], [10, 20], [100, 200]]
    assert weights["classifier.weight"].shape == (4, 2)
    assert weights["classifier.bias"].tolist() == [0, 1, 2, 3]


def test_damaged_weights_are_noticed(tmp_path: Path) -> None:
    for path in terms.WEIGHTS.iterdir():
        shutil.copy(path, tmp_path)
    raw = bytearray((tmp_path / "terms.safetensors").read_bytes())
    raw[-1] ^= 1
    (tmp_path / "terms.safetensors").write_bytes(raw)
    with pytest.raises(ModelError, match="damaged"):
        terms.load(tmp_path)
    (tmp_path / "terms.json").unlink()
    with pytest.raises(ModelError, match="no usable term model"):
        terms.load(tmp_path)
    terms.load.cache_clear()


def test_the_weights_tell_what_they_are() -> None:
    about = json.loads((terms.WEIGHTS / "terms.json").read_text("utf-8"))
    assert about["threshold"] == terms.load().threshold
    figures = about["dev"]
    ours = figures["with titles"]["precision, recall, F1"]["all"][2]
    assert ours > 2 * figures["with titles, previous turn"]["precision, recall, F1"]["all"][2]


def test_precision_recall_and_f1_by_hand() -> None:
    pairs = [(frozenset("abc"), frozenset("ab")), (frozenset(), frozenset("d"))]
    assert measure(pairs) == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    assert measure([]) == (0.0, 0.0, 0.0)


def test_examples_label_the_words_that_the_rewrite_adds() -> None:
    row = {
        "source": "canard/dev", "title": "Ozzie Smith", "section": "",
        "history": [["Where was he born?", "Smith was born in Mobile."]],
        "question": "Did he play?", "rewrite": "Did Ozzie Smith play?",
    }
    tokenizer = terms.load().encoder.tokenizer
    one = example(tokenizer, row, True)
    assert one.gold == {"ozzi", "smith"}
    assert example(tokenizer, row, False).gold == {"smith"}
    batch = tensors(batches([one], 512, 0)[0])
    counted = [root for root in one.stems if root is not None and root not in one.asked]
    assert [r for r, y in zip(counted, batch.labels.tolist(), strict=True) if y] == [
        "smith", "ozzi", "smith"]
    assert batch.ids.shape == (1, 32)


def test_made_follow_ups_take_a_phrase_back() -> None:
    text = "The Oster Canal joins Harnau with Westerloh. The Oster Canal has 23 locks."
    rows = [
        {"title": "Oster Canal", "context": text, "question": q,
         "answers": [{"text": a, "answer_start": text.index(a)}]}
        for q, a in (("What does the Oster Canal join with Westerloh?", "Harnau"),
                     ("How many locks does the Oster Canal have?", "23"))
    ]
    made = list(conversations(rows, 12, 3))
    assert len(made) == 12
    assert all(row["rewrite"] in {r["question"] for r in rows} for row in made)
    changed = [row for row in made if row["question"] != row["rewrite"]]
    assert changed
    assert all("Oster Canal" not in row["question"] or "Westerloh" not in row["question"]
               for row in changed)
    assert made == list(conversations(rows, 12, 3))

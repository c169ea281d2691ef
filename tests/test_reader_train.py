"""The training program: it learns, resumes exactly, and makes negatives that are negatives."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from rag.encoding.embedding import bundled_folder
from rag.encoding.modelfolder import load_tokenizer
from rag.errors import SettingsError
from rag.reader.data import Example, Recipe, stream, without_answer
from rag.reader.features import UNKNOWN, Batch, batches, featurize
from rag.reader.losses import NULL_WEIGHT, loss_of, mean_of, soft_loss
from rag.reader.measure import Prediction as P
from rag.reader.measure import auc, best_span, exact_match, f1, figures
from rag.reader.network import Logits
from rag.reader.spans import SHORTER
from rag.reader.supply import Stream
from rag.reader.swaps import NameBook, swap
from rag.reader.train import Plan, main, rate_at, train

CITIES = {"Arlen": "Mira Voss", "Bruck": "Tomas Hale", "Corvo": "Ines Pell", "Dorn": "Rafe Quill",
          "Elsk": "Nora Finch", "Farn": "Otto Lund", "Gress": "Vera Moss", "Holm": "Jan Sorrel"}


def rows() -> list[dict[str, object]]:
    """Sixteen questions that have one obvious pattern, half of them unanswerable."""
    made: list[dict[str, object]] = []
    for city, mayor in CITIES.items():
        context = f"The town of {city} lies on a river. Its mayor is {mayor}. Trade is brisk."
        made.append({"context": context, "question": f"Who is the mayor of {city}?", "title": city,
                     "answers": [{"text": mayor, "answer_start": context.index(mayor)}]})
        made.append({"context": context, "question": f"How old is {city}?", "title": city,
                     "answers": []})
    return made


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    data = tmp_path / "data"
    data.mkdir()
    text = "".join(json.dumps(row) + "\n" for row in rows())
    (data / "towns.jsonl").write_text(text, encoding="utf-8")
    recipe = tmp_path / "recipe.toml"
    recipe.write_text('shard = 16\nmax_tokens = 64\n[[source]]\nfile = "towns.jsonl"\n', "utf-8")
    return Plan(start=bundled_folder(), recipe=recipe, data=data, out=tmp_path / "run", steps=30,
                warmup=5, rate=3e-4, tokens=256, every=1000, dropout=0.1)


@pytest.mark.slow
def test_thirty_steps_learn_and_a_resumed_run_matches(plan: Plan, tmp_path: Path) -> None:
    from safetensors.torch import load_file

    torch.set_num_threads(1)
    whole = train(plan)
    first, *_, last = (json.loads(line) for line in
                       (plan.out / "log.jsonl").read_text("utf-8").splitlines())
    assert first["step"] == 1
    assert last["step"] == 30
    assert last["loss"] < 0.75 * first["loss"]

    again = replace(plan, out=tmp_path / "again", halt_at=17)
    assert train(again) == again.out  # stopped: no reader yet
    resumed = train(replace(again, halt_at=None))
    taught = train(replace(plan, out=tmp_path / "taught", steps=2, teachers=(whole,)))
    assert (taught / "model.safetensors").exists()
    one, two = (load_file(folder / "model.safetensors") for folder in (whole, resumed))
    assert one.keys() == two.keys()
    assert all(torch.equal(one[name], two[name]) for name in one)
    assert (whole / "tokenizer.json").exists()
    assert (plan.out / "curve.png").stat().st_size > 5000


def test_word_vectors_can_be_kept(plan: Plan) -> None:
    from safetensors.torch import load_file

    made = train(replace(plan, steps=2, keep_words=True))
    old, new = (load_file(folder / "model.safetensors") for folder in (plan.start, made))
    words, layer = "embeddings.word_embeddings.weight", "encoder.layer.0.output.dense.weight"
    half = {name: value.half() for name, value in old.items()}  # as they are saved
    assert torch.equal(half[words], new[f"bert.{words}"])
    assert not torch.equal(half[layer], new[f"bert.{layer}"])


def test_the_rate_warms_up_stays_and_falls() -> None:
    here = Path()
    plan = Plan(here, here, here, here, steps=100, warmup=10, decay=0.5, rate=1.0)
    assert [rate_at(s, plan) for s in (0, 9, 30, 75, 99)] == pytest.approx([0.1, 1, 1, 0.5, 0.02])


def test_a_shard_depends_on_its_number_alone(plan: Plan) -> None:
    recipe = Recipe.load(plan.recipe, plan.data)
    book = NameBook.of([])
    assert stream(recipe, 1, 3, book) == stream(recipe, 1, 3, book)
    assert stream(recipe, 1, 3, book) != stream(recipe, 2, 3, book)
    used = sorted(e.question for e in stream(recipe, 1, 0, book))
    assert used == sorted(str(r["question"]).strip() for r in rows()) or len(set(used)) >= 14


def test_workers_make_the_same_batches(plan: Plan) -> None:
    def first(workers: int) -> list[list[list[int]]]:
        made = iter(Stream(plan.recipe, plan.data, plan.start, plan.tokens, 1, workers))
        return [next(made).ids.tolist() for _ in range(7)]  # more than two shards

    assert first(1) == first(0)


def test_a_passage_beside_keeps_the_answer_and_gives_no_other(plan: Plan) -> None:
    text = plan.recipe.read_text("utf-8").replace("shard", "joined = 1.0\nshard", 1)
    plan.recipe.write_text(text, "utf-8")
    lines = [row | {"title": "all", "context": str(row["context"]) + " No more." * 20}
             for row in rows()]
    (plan.data / "towns.jsonl").write_text("".join(json.dumps(r) + "\n" for r in lines), "utf-8")
    made = stream(Recipe.load(plan.recipe, plan.data), 1, 0, NameBook.of([]))
    assert sum(e.context.count("Trade is brisk") == 2 for e in made) >= 8
    for example in made:
        if example.span:
            town = example.question.rstrip("?").split()[-1]
            assert example.context[slice(*example.span)] == CITIES[town]
            assert example.context.count(CITIES[town]) == 1


def test_a_question_without_a_mark_is_no_sign_of_an_answer(plan: Plan) -> None:
    context = "The mill burned down in 1950. " + "Rye was dear. " * 20
    answers = [{"text": "1950", "answer_start": 24}]
    lines = [{"context": context, "question": f"When did mill {n} burn?",
              "answers": answers if n % 2 else []} for n in range(200)]
    (plan.data / "towns.jsonl").write_text("".join(json.dumps(r) + "\n" for r in lines), "utf-8")
    recipe = Recipe.load(plan.recipe, plan.data)
    made = [e for shard in range(25) for e in stream(recipe, 1, shard, NameBook.of([]))]
    for answered in (True, False):
        marks = [e.question.endswith("?") for e in made if (e.span is not None) == answered]
        assert 0.7 < sum(marks) / len(marks) < 0.9


def test_a_taught_reader_is_nearest_to_the_mean_of_its_teachers() -> None:
    torch.manual_seed(1)
    one, two = (Logits(*(torch.randn(3, 5) for _ in range(2)), torch.randn(3), torch.randn(3, 3))
                for _ in range(2))

    told = mean_of([one, two])
    assert torch.allclose(told.start, (one.start.softmax(-1) + two.start.softmax(-1)) / 2)
    mean = Logits(told.start.log(), told.end.log(), told.null.logit(), one.verdict)
    assert all(soft_loss(mean, told) < soft_loss(other, told) for other in (one, two))
    weighted = mean_of([one, two], [3.0, 1.0]).null
    assert torch.allclose(weighted, one.null.sigmoid() * 0.75 + two.null.sigmoid() * 0.25)


def test_rows_say_what_is_known_of_spans_and_verdicts(plan: Plan) -> None:
    context = "The mill burned down in 1950. Nobody was hurt. " + "Rye was dear. " * 20
    lines = [
        {"context": context, "question": "Was anybody hurt?", "verdict": "no",
         "answers": [{"text": "Nobody was hurt", "answer_start": 30}]},
        {"context": context, "question": "Was it insured?", "verdict": "silent", "answers": []},
        {"context": context, "question": "Did the mill burn?", "answer": "yes"},
        {"premise": context, "hypothesis": "The mill burned.", "label": "not_entailment"},
        {"context": context, "question": "When did it burn?",
         "answers": [{"text": "1950", "answer_start": 24}]}]  # fmt: skip
    (plan.data / "towns.jsonl").write_text("".join(json.dumps(r) + "\n" for r in lines), "utf-8")
    made = stream(Recipe.load(plan.recipe, plan.data), 1, 0, NameBook.of([]))
    found = {e.question.rstrip("?"): (e.pointed, e.span, e.verdict) for e in made}
    assert found == {
        "Was anybody hurt": (True, (30, 45), (0, 1, 0)),
        "Was it insured": (True, None, (0, 0, 1)),
        "Did the mill burn": (False, None, (1, 0, 0)),
        "The mill burned.": (False, None, (0, 1, 1)),
        "When did it burn": (True, (24, 28), None),
    }
    tokenizer = load_tokenizer(plan.start)
    known = {(int(start) >= 0, tuple(row))
             for batch in batches(featurize(made, tokenizer, 128, 1), 128 * len(made), 1)
             for start, row in zip(batch.start, batch.verdicts.tolist(), strict=True)}
    assert known == {(True, (0, 1, 0)), (True, (0, 0, 1)), (False, (1, 0, 0)),
                     (False, (0, 1, 1)), (True, (0, 0, 0))}


def test_teachers_are_asked_about_their_own_sources_alone(plan: Plan) -> None:
    plan.recipe.write_text('[[source]]\nfile = "old.jsonl"\n[[source]]\nfile = "new.jsonl"\n'
                           'taught = false\n', "utf-8")
    context = "The mill burned down in 1950. " + "Rye was dear. " * 20
    for name in ("old", "new"):
        lines = [{"context": context, "question": f"When did the {name} mill burn down?",
                  "answers": [{"text": "1950", "answer_start": 24}]}] * 3  # fmt: skip
        if name == "old":
            lines.append({"premise": context, "hypothesis": "The old mill burned.",
                          "label": "entailment"})
        (plan.data / f"{name}.jsonl").write_text(
            "".join(json.dumps(r) + "\n" for r in lines), "utf-8")
    made = stream(Recipe.load(plan.recipe, plan.data), 1, 0, NameBook.of([]))
    assert {(" new " in e.question, e.pointed, e.taught) for e in made} == {
        (True, True, False), (False, True, True), (False, False, False)}  # fmt: skip
    # Those that a teacher is asked about share no batch with others.
    tokenizer = load_tokenizer(plan.start)
    apart = batches(featurize(made, tokenizer, 128, 1), 128 * len(made), 1)
    assert sum(len(b.ids) for b in apart) == len(made)
    assert sum(len(b.ids) for b in apart if b.taught) == sum(e.taught for e in made)


def test_the_loss_counts_what_is_known_alone() -> None:
    torch.manual_seed(1)
    rows_, tokens = 3, 6
    logits = Logits(*(torch.randn(rows_, tokens) for _ in range(2)), torch.randn(rows_),
                    torch.randn(rows_, 3))

    def loss(start: list[int], verdicts: list[list[int]]) -> float:
        at = np.array(start)
        ones = np.ones(rows_, np.int32)
        batch = Batch(np.zeros((rows_, tokens), np.int32), ones, ones, at, at,
                      np.array(verdicts, np.float32), True)
        return float(loss_of(logits, batch))

    none = [[0, 0, 0]] * 3
    assert loss([UNKNOWN] * 3, none) == 0
    span = loss([2, UNKNOWN, UNKNOWN], none)
    expected = (-logits.start[0].log_softmax(0)[2] - logits.end[0].log_softmax(0)[2]) / 2
    expected = expected + NULL_WEIGHT * torch.nn.functional.softplus(logits.null[0])
    assert span == pytest.approx(float(expected) / 3, rel=1e-5)
    verdict = loss([UNKNOWN] * 3, [[0, 0, 0], [0, 1, 1], [0, 0, 0]])
    assert verdict == pytest.approx(
        -float(logits.verdict[1].softmax(0)[1:].sum().log()) / 3, rel=1e-5)
    assert loss([2, UNKNOWN, UNKNOWN], [[0, 0, 0], [0, 1, 1], [0, 0, 0]]) == pytest.approx(
        span + verdict, rel=1e-5)


def test_features_point_at_the_answer_in_a_cut_window() -> None:
    tokenizer = Tokenizer.from_file(str(bundled_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    context = "filler words here " * 60 + "The mayor is Mira Voss." + " more filler words" * 60
    at = context.index("Mira")
    (feature,) = featurize([Example("Who?", context, (at, at + 9))], tokenizer, 64, 1)
    assert len(feature.ids) == 64
    assert tokenizer.decode(list(feature.ids[feature.start : feature.end + 1])) == "mira voss"
    (batch,) = batches([feature, feature], 128, 1)
    assert batch.ids.shape == (2, 64)
    assert batch.sizes.tolist() == [64, 64]
    assert batch.start.tolist() == [feature.start] * 2


def test_swaps_keep_the_type_and_spare_what_the_passage_answers() -> None:
    context = ("About 100 Russian instructors arrived in Niamey in March. "
               "French forces left Niamey in December.")
    found = {swap("How many Russian instructors arrived in Niamey?", context, [context],
                  NameBook.of([context, context]), random.Random(i)) for i in range(40)}
    twins = {s.question for s in found if s}
    assert twins
    assert all(s.new != s.old for s in found if s)
    assert not any("in in" in q or "  " in q for q in twins)
    # "left" is in no sentence with Russian, but "forces left Niamey" has French in it.
    spared = [swap("When did Russian forces leave Niamey?", context, [], NameBook.of([]),
                   random.Random(i)) for i in range(40)]
    assert not any(s and s.new == "French" for s in spared)


def test_cutting_the_answer_out_leaves_no_trace_of_it() -> None:
    context = "One two three. " * 12 + "Its mayor is Mira Voss. " + "Four five six. " * 4
    rest = without_answer(context, [{"text": "Mira Voss",
                                     "answer_start": context.index("Mira Voss")}])
    assert rest is not None
    assert "Mira" not in rest
    assert "mayor" not in rest
    again = context + "Mira Voss again."
    assert without_answer(again, [{"text": "Mira Voss", "answer_start": 0}]) is None


def test_figures_by_hand() -> None:
    answered = [{"text": "the 100 men", "answer_start": 0}]
    table = [{"answers": answered}, {"answers": answered}, {"answers": []}, {"answers": []}]
    given_ = [P("100 men", 0, 1, 5.0, 0), P("100", 0, 1, 1.0, 0), P("x", 0, 1, 2.0, 0),
              P("y", 0, 1, -3.0, 0)]
    result = figures(table, given_)
    assert result["em"] == 50.0
    assert result["f1"] == pytest.approx(100 * (1 + 2 / 3) / 2)
    assert result["auc"] == 0.75  # of four pairs, only (1.0, 2.0) is the wrong way round
    # Answer the first alone: 1 + two rightly refused, of four.
    assert result["best_f1"] == 75.0
    assert result["threshold"] == 5.0
    assert exact_match("The 100, men!", ["100 men"]) == 1.0
    assert f1("hundred men", ["100 men"]) == 0.5


@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=1, max_size=12),
       st.integers(1, 5))
def test_best_span_is_the_best_of_all(logits: list[tuple[float, float]], longest: int) -> None:
    import numpy as np

    start, end = (np.array(column, dtype=np.float64) for column in zip(*logits, strict=True))
    n = len(start)
    brute = max(start[i] + end[j] - SHORTER * np.log(j - i + 1)
                for i in range(n) for j in range(i, min(n, i + longest)))
    s, e, score = best_span(start, end, longest)
    assert score == pytest.approx(brute)
    assert s <= e < s + longest


def test_auc_counts_ties_half() -> None:
    import numpy as np

    assert auc(np.array([1.0, 2.0]), np.array([1.0, 0.0])) == pytest.approx(0.875)


@pytest.mark.parametrize(("line", "says"), [
    ('{"context": "a", "question": "b"}', "neither spans"),
    ('{"context": "abc", "question": "b", "answers": [{"text": "z", "answer_start": 1}]}',
     "not at its offset"),
    ("{", "not JSON"),
])
def test_bad_rows_are_named(plan: Plan, capsys: pytest.CaptureFixture[str], line: str, says: str
                            ) -> None:
    (plan.data / "towns.jsonl").write_text(line + "\n", encoding="utf-8")
    status = main(["--start", str(plan.start), "--recipe", str(plan.recipe), "--data",
                   str(plan.data), "--out", str(plan.out)])
    error = capsys.readouterr().err
    assert status == 2
    assert says in error
    assert "line 1" in error
    assert error.count("\n") == 1


def test_a_missing_file_is_named(plan: Plan) -> None:
    (plan.data / "towns.jsonl").unlink()
    with pytest.raises(SettingsError, match=r"towns\.jsonl: cannot be read"):
        Recipe.load(plan.recipe, plan.data)

"""Sets made from other files: SQuAD, BEIR, CSV, questions asked and feedback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval import authoring, commands
from eval.cases import load
from eval.check import faults
from eval.convert import beir, squad, table
from eval.texts import texts_in
from rag.errors import UserError
from rag.types import Answer, Citation
from ui.feedback import Feedback
from ui.folded import Exchange

PARAGRAPH = "The mill burned down in 1911. Ada Quill, a carpenter, rebuilt it two years later."


def squad_file(folder: Path) -> Path:
    path = folder / "dev.json"
    path.write_text(json.dumps({"version": "v2.0", "data": [{"title": "Old_Mill", "paragraphs": [
        {"context": PARAGRAPH, "qas": [
            {"id": "q1", "question": "Who rebuilt the mill?", "is_impossible": False, "answers": [
                {"text": "Ada Quill", "answer_start": 30},
                {"text": "Ada Quill, a carpenter", "answer_start": 30}]},
            {"id": "q2", "question": "Who burned it down?", "is_impossible": True, "answers": []},
        ]},
        {"context": "The mill grinds rye.", "qas": [
            {"id": "q3", "question": "What does it grind?",
             "answers": [{"text": "rye", "answer_start": 16}]}]},
    ]}]}))
    return path


def test_squad(tmp_path: Path) -> None:
    made = tmp_path / "set"
    assert squad(squad_file(tmp_path), made) == 3
    found = load(made)
    assert [p.name for p in (made / "articles").iterdir()] == ["00000-Old-Mill.txt"]
    one, two, three = found.turns()
    assert one.answers == ("Ada Quill", "Ada Quill, a carpenter")
    assert one.support[0].sentence == "Ada Quill, a carpenter, rebuilt it two years later."
    assert (two.outcome, two.kind, two.support) == ("not_found", "unanswerable", ())
    assert three.support[0].sentence == "The mill grinds rye."
    assert faults(found, texts_in) == []
    with pytest.raises(UserError, match="is not empty"):
        squad(squad_file(tmp_path), made)


def test_squad_limit_and_a_file_that_is_none(tmp_path: Path) -> None:
    assert squad(squad_file(tmp_path), tmp_path / "two", limit=2) == 2
    (tmp_path / "x.json").write_text('{"data": [{}]}')
    with pytest.raises(UserError, match="is not a SQuAD file"):
        squad(tmp_path / "x.json", tmp_path / "three")


def test_beir(tmp_path: Path) -> None:
    source = tmp_path / "scifact"
    (source / "qrels").mkdir(parents=True)
    (source / "corpus.jsonl").write_text(
        '{"_id": "d/1", "title": "Mills", "text": "A mill grinds rye."}\n'
        '{"_id": "d2", "title": "", "text": "Boats sail."}\n')
    (source / "queries.jsonl").write_text(
        '{"_id": "q1", "text": "what grinds rye"}\n{"_id": "q2", "text": "never judged"}\n')
    (source / "qrels" / "test.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\td/1\t1\nq1\td2\t0\n")
    made = tmp_path / "set"
    assert beir(source, made) == 1
    turn = next(load(made).turns())
    assert (turn.id, turn.question) == ("q1#1", "what grinds rye")
    assert [(s.article, s.sentence) for s in turn.support] == [("0000000-d-1.txt", "")]
    assert (made / "articles" / "0000000-d-1.txt").read_text() == "Mills\n\nA mill grinds rye.\n"
    assert faults(load(made), texts_in) == []
    with pytest.raises(UserError, match="is not a BEIR folder"):
        beir(tmp_path, tmp_path / "other")


def test_csv(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "mill.txt").write_text(PARAGRAPH)
    path = tmp_path / "q.csv"
    path.write_text("question,answer,kind,article,sentence\n"
                    '"Who rebuilt it?",Ada Quill|Quill,person,,\n'
                    "When?,1911,date,mill.txt,The mill burned down in 1911.\n"
                    "Why?,,,,\n")
    assert table(path, tmp_path / "set") == 3
    who, when, why = load(tmp_path / "set").turns()
    assert (who.answers, who.kind, who.support) == (("Ada Quill", "Quill"), "person", ())
    assert when.support[0].sentence == "The mill burned down in 1911."
    assert (why.outcome, why.kind) == ("not_found", "unanswerable")
    assert faults(load(tmp_path / "set"), texts_in) == []
    path.write_text("frage,antwort\nx,y\n")
    with pytest.raises(UserError, match="columns question and answer"):
        table(path, tmp_path / "other")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "mill.txt").write_text(f"The mill\n\n{PARAGRAPH}\n")
    assert commands.main(["init", str(tmp_path / "own"), "--articles",
                          str(tmp_path / "texts")]) == 0
    return tmp_path / "own"


def an_answer(short: str | None, quote: str) -> Answer:
    return Answer("answered", "t", short, 0.9, (Citation(1, "mill.txt", "t", quote, 0, 1),), "q",
                  "q")


def test_init_makes_a_set_once(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads((own / "set.json").read_text())["articles"] == "../texts"
    assert load(own).conversations == ()
    assert commands.main(["init", str(own), "--articles", str(own.parent / "texts")]) == 2
    assert "is a question set already" in capsys.readouterr().err


def test_a_question_becomes_a_case(own: Path) -> None:
    texts = texts_in(own.parent / "texts")
    answer = an_answer("Ada Quill", "Ada Quill, a carpenter, rebuilt it two years later.")
    turn = authoring.case_of("Who rebuilt it?", answer, texts, ["Ada Quill"], "person")
    assert authoring.append(own, turn) == "who-rebuilt-it#1"
    late = authoring.case_of("When?", answer, texts, ["two years later"], "follow-up")
    assert authoring.append(own, late, "who-rebuilt-it") == "who-rebuilt-it#2"
    none = authoring.case_of("Who rebuilt it?", answer, texts, [])
    assert authoring.append(own, none) == "who-rebuilt-it-2#1"
    found = load(own)
    assert [t.id for t in found.turns()] == [
        "who-rebuilt-it#1", "who-rebuilt-it#2", "who-rebuilt-it-2#1"]
    assert faults(found, texts_in) == []
    first = next(found.turns())
    assert first.support[0].sentence == "Ada Quill, a carpenter, rebuilt it two years later."


def test_a_follow_up_is_asked_in_its_conversation(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.main(["add", str(own), "Who rebuilt the mill?", "--answer", "Ada Quill"]) == 0
    assert commands.main(["add", str(own), "What was her trade?", "--answer", "a carpenter",
                          "--follow", "who-rebuilt-mill"]) == 0
    said = capsys.readouterr().out.splitlines()
    searched = next(line for line in said if line.startswith("searched for: "))
    assert "Ada Quill" in searched
    second = list(load(own).turns())[1]
    assert (second.id, second.kind, second.answers) == (
        "who-rebuilt-mill#2", "follow-up", ("a carpenter",))
    wrong = ["add", str(own), "Why?", "--answer", "x", "--follow", "rebuilt-mill"]
    assert commands.main(wrong) == 2
    assert capsys.readouterr().err == (
        f"eval: no conversation 'rebuilt-mill' in {own}; there is who-rebuilt-mill\n")
    assert len(list(load(own).turns())) == 2


def test_a_case_without_a_sentence_is_refused(own: Path) -> None:
    texts = texts_in(own.parent / "texts")
    with pytest.raises(UserError, match="no sentence with 'Bob' is in the articles"):
        authoring.case_of("Who?", an_answer("Bob", ""), texts, ["Bob"])
    turn = authoring.case_of("When?", an_answer(None, ""), texts, ["long ago"],
                             sentence="burned down")
    assert turn["support"][0]["sentence"] == "The mill burned down in 1911."
    with pytest.raises(UserError, match="no conversation 'nobody'"):
        authoring.append(own, turn, "nobody")


def test_feedback_is_taken_in_once_and_checked(own: Path, tmp_path: Path) -> None:
    good = {"id": "f1", "note": "feedback", "turns": [{
        "question": "When did it burn?", "kind": "date", "outcome": "answered",
        "answers": ["1911"],
        "support": [{"article": "mill.txt", "sentence": "The mill burned down in 1911."}]}]}
    bad = json.loads(json.dumps(good).replace("1911.", "1912.").replace("f1", "f2"))
    path = tmp_path / "feedback.jsonl"
    path.write_text(json.dumps(good) + "\n\n" + json.dumps(bad) + "\nnot json\n"
                    + json.dumps({"id": "f3", "turns": []}) + "\n")
    taken, left = authoring.import_feedback(path, own)
    assert taken == 1
    assert [part in reason for part, reason in zip(
        ["is not there, word for word", "no accepted answer", "feedback.jsonl:4",
         "at least one turn"], left, strict=True)] == [True] * 4
    assert authoring.import_feedback(path, own)[0] == 0
    assert [c.id for c in load(own).conversations] == ["f1"]


def test_feedback_has_no_other_verdict_and_need_not_have_one(own: Path, tmp_path: Path) -> None:
    turn = {"question": "Who sold it?", "kind": "unanswerable", "outcome": "not_found"}
    path = tmp_path / "feedback.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in [
        {"id": "old", "turns": [turn]},
        {"id": "odd", "turns": [turn], "verdict": "maybe"},
        {"id": "old and wrong", "turns": [turn | {"forbidden": ["Ada Quill"]}]}]))
    taken, left = authoring.import_feedback(path, own)
    assert (taken, [c.id for c in load(own).conversations]) == (1, ["old"])
    assert "verdict='maybe' must be one of right, wrong" in left[0]
    assert "nobody said what is right" in left[1]


def test_commands_convert_and_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = tmp_path / "set"
    assert commands.main(["convert", "squad", str(squad_file(tmp_path)), str(made)]) == 0
    assert commands.main(["check", str(made)]) == 0
    assert "3 conversations, 3 turns, 0 faults" in capsys.readouterr().out
    lines = (made / "conversations.jsonl").read_text().replace("The mill grinds", "A mill grinds")
    (made / "conversations.jsonl").write_text(lines)
    assert commands.main(["check", str(made)]) == 1
    assert "q3#1: support in 00000-Old-Mill.txt is not there" in capsys.readouterr().out
    assert commands.main(["convert", "squad", str(tmp_path / "no"), str(tmp_path / "b")]) == 2


def test_feedback_of_the_page_becomes_cases(own: Path, tmp_path: Path) -> None:
    quote = "Ada Quill, a carpenter, rebuilt it two years later."
    kept = Feedback(tmp_path / "kept.jsonl")
    given = [Exchange(1, an_answer("Ada Quill", quote), {}, {})]
    kept.add(given, "right")
    kept.add(given, "wrong", "a carpenter")
    kept.add(given, "wrong")
    refusal = Answer("not_found", "The articles do not say.", None, 0.1, (), "q", "q")
    kept.add([Exchange(1, refusal, {}, {})], "wrong")
    kept.add([Exchange(1, refusal, {}, {})], "right")
    kept.add([Exchange(1, refusal, {}, {})], "wrong", "1911")
    taken, left = authoring.import_feedback(tmp_path / "kept.jsonl", own)
    assert taken == 4
    assert [reason.split(": ", 1)[1] for reason in left] == [
        "'q' was answered wrong, but nobody said what is right; write it into the line and "
        "import it again"] * 2
    right, wrong, refused, found = load(own).turns()
    assert (refused.outcome, found.answers) == ("not_found", ("1911",))
    assert [c.verdict for c in load(own).conversations] == ["right", "wrong", "right", "wrong"]
    assert (right.answers, right.support[0].sentence) == (("Ada Quill",), quote)
    assert (wrong.answers, wrong.support[0].sentence) == (("a carpenter",), quote)
    assert wrong.forbidden == ()  # it stands in the sentence that is right

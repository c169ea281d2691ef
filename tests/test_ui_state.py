"""The gate, the conversations, feedback, export and uploads."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import json
from collections.abc import Callable
from pathlib import Path

import html5lib
import pytest

from rag import Answer, Citation, Settings
from rag.articles.formats import SUFFIXES
from tests.hostile import PAYLOADS
from ui import uploads
from ui.conversations import MOST_TURNS, Conversations
from ui.export import markdown
from ui.feedback import Feedback
from ui.folded import Exchange, fold, unfold
from ui.gate import Busy, Gate
from ui.render import Html, tag

A, B = "a" * 32, "b" * 32


def answer(text: str = "It rained.", outcome: str = "answered") -> Answer:
    if outcome == "not_found":
        return Answer("not_found", "The articles do not say.", None, 0.1, (), "q?", "q?")
    quote = "It rained all day."
    return Answer("answered", f"{text}\n“{quote}” [1]", text, 0.9,
                  (Citation(1, "a.txt", "A", quote, 0, len(quote)),), "Did it rain?", "And?")


def test_the_gate_lets_some_in_some_wait_and_refuses_the_rest() -> None:
    async def scene() -> None:
        gate = Gate(2, 3)
        await gate.enter()
        await gate.enter()
        waiting = [asyncio.create_task(gate.enter()) for _ in range(3)]
        await asyncio.sleep(0)
        assert gate.waiting == 3
        with pytest.raises(Busy):
            await gate.enter()
        waiting[0].cancel()
        await asyncio.sleep(0)
        assert gate.waiting == 2
        gate.leave()
        gate.leave()
        await asyncio.gather(*waiting[1:])
        assert gate.waiting == 0
        assert not gate.idle
        gate.leave()
        gate.leave()
        assert gate.idle

    asyncio.run(scene())


def test_conversations_are_kept_apart_and_only_by_a_proper_token() -> None:
    kept = Conversations()
    kept.of(A).add(answer(), {}, {})
    assert len(kept.of(A).exchanges) == 1
    assert kept.of(B).exchanges == []
    for token in (None, "", "a" * 31, "A" * 32, "a" * 33, "../" + "a" * 29):
        kept.of(token).add(answer(), {}, {})
        assert kept.of(token).exchanges == []
    assert len(kept) == 2
    kept.end(A)
    assert kept.of(A).exchanges == []


def test_the_least_recently_used_conversation_is_forgotten_first() -> None:
    kept = Conversations(most=2)
    kept.of(A).add(answer(), {}, {})
    kept.of(B)
    kept.of(A)
    kept.of("c" * 32)
    assert len(kept.of(A).exchanges) == 1
    assert len(kept) == 2


def test_an_unused_conversation_is_forgotten_after_a_while(monkeypatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("ui.conversations.time.monotonic", lambda: now[0])
    kept = Conversations(seconds=60)
    kept.of(A).add(answer(), {}, {})
    now[0] += 61
    kept.of(B)
    assert kept.of(A).exchanges == []


def test_a_conversation_keeps_its_last_turns_and_its_numbers() -> None:
    conversation = Conversations().of(A)
    for _ in range(MOST_TURNS + 5):
        conversation.add(answer(), {}, {})
    assert [e.number for e in conversation.exchanges] == list(range(6, MOST_TURNS + 6))
    assert conversation.exchange(6).number == 6
    with pytest.raises(KeyError):
        conversation.exchange(5)
    assert len(conversation.history()) == 12


@pytest.mark.parametrize(("verdict", "correction", "outcome"), [
    ("right", "", "answered"), ("wrong", "It snowed", "answered"), ("wrong", "", "not_found")])
def test_feedback_is_a_line_in_the_evaluations_format(
    tmp_path: Path, verdict: str, correction: str, outcome: str
) -> None:
    from eval.cases import parse_conversation

    kept = Feedback(tmp_path / "deep" / "feedback.jsonl")
    first, second = Exchange(1, answer(), {}, {}), Exchange(2, answer(), {}, {})
    kept.add([first, second], verdict, correction)
    kept.add([first], "right")
    one, two = map(json.loads, kept.path.read_text("utf-8").splitlines())
    assert one["id"] != two["id"]
    read = parse_conversation(one, "feedback.jsonl:1", tmp_path, tmp_path)
    assert (one["verdict"], two["verdict"]) == (read.verdict, "right") == (verdict, "right")
    assert [turn.outcome for turn in read.turns] == ["answered", outcome]
    judged = one["turns"][1]
    assert judged["outcome"] == outcome
    assert judged["kind"] == "follow-up"
    assert judged["resolved"] == "Did it rain?"
    if verdict == "right":
        assert judged["answers"] == ["It rained."]
        assert judged["support"] == [{"article": "a.txt", "sentence": "It rained all day."}]
    else:
        assert judged["forbidden"] == ["It rained."]
        assert judged.get("answers") == ([correction] if correction else None)


def test_feedback_has_two_verdicts(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="must be right or wrong"):
        Feedback(tmp_path / "f").add([Exchange(1, answer(), {}, {})], "maybe")


def test_an_export_reads_as_the_conversation() -> None:
    made = markdown([Exchange(1, answer(), {}, {}),
                     Exchange(2, answer(outcome="not_found"), {}, {})])
    assert made.startswith("# Ask the articles\n\n## And?\n\nSearched for: Did it rain?\n\n"
                           "**It rained.**\n\nVery likely right (90%)\n\n> It rained all day.\n")
    assert "characters 0 to 18" in made
    assert "## q?\n\nThe articles do not say." in made


@pytest.mark.parametrize("payload", PAYLOADS[::7])
def test_an_export_holds_no_markup_of_anybody_else(payload: str) -> None:
    hostile = Answer("answered", f"x\n“{payload}” [1]", payload, 0.9,
                     (Citation(1, payload, payload, payload, 0, 1, payload),), payload, "q")
    made = markdown([Exchange(1, hostile, {}, {})])
    tree = html5lib.parseFragment(made.replace("\\<", "&lt;").replace("\\&", "&amp;"),
                                  namespaceHTMLElements=False)
    assert [node for node in tree.iter() if isinstance(node.tag, str)][1:] == []
    assert "](" not in made.replace("\\]", "").replace("\\(", "")


@pytest.mark.parametrize(("given", "name"), [
    ("story.txt", "story.txt"), ("../../etc/passwd.txt", "passwd.txt"), ("C:\\a\\b.md", "b.md"),
    (".hidden.txt", "hidden.txt"), ("a\nb\x00c.html", "a b c.html"), ("...", "article"),
    ("<img src=x>.pdf", "img src x.pdf"), ("", "article"), ("ñandú 1.txt", "ñandú 1.txt"),
    ("x" * 300 + ".txt", "x" * 90 + ".txt"), (".txt", "txt"), ("/", "article")])
def test_a_files_name_is_made_safe(given: str, name: str) -> None:
    assert uploads.safe_name(given) == name


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_name_leaves_the_folder(payload: str) -> None:
    name = uploads.safe_name(payload + ".txt")
    assert name == Path(name).name
    assert not name.startswith(".")
    assert len(name) <= 100


def test_files_never_replace_each_other(tmp_path: Path) -> None:
    names = [uploads.store(tmp_path, "a.txt", b"x", Settings()).name for _ in range(3)]
    assert names == ["added/a.txt", "added/a (2).txt", "added/a (3).txt"]


@pytest.mark.parametrize(("name", "content", "why"), [
    ("a.exe", b"x", r"only \.docx, \.htm, .* files are"), ("a.txt", b"", "it is empty"),
    ("a.txt", b"123456", "6 bytes"), ("a.txt.zip", b"x", "only .docx")])
def test_what_is_no_article_is_refused_in_one_sentence(
    tmp_path: Path, name: str, content: bytes, why: str
) -> None:
    with pytest.raises(uploads.Refused, match=why):
        uploads.store(tmp_path, name, content, Settings(max_file_bytes=5))
    assert not list(tmp_path.rglob("*.*"))


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_every_kind_that_is_read_can_be_added(tmp_path: Path, suffix: str) -> None:
    stored = uploads.store(tmp_path, f"a{suffix.upper()}", b"x", Settings())
    assert stored.name == f"added/a{suffix}"


def test_a_link_in_place_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "added").symlink_to(outside)
    with pytest.raises(uploads.Refused, match="is a link"):
        uploads.store(folder, "a.txt", b"x", Settings())
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize(("make", "why"), [
    (lambda place: place.write_text("x"), "'added' is a file where a folder should be"),
    (lambda place: place.symlink_to("nowhere"), "the folder 'added' is a link")])
def test_what_stands_in_place_of_the_folder_is_told(
    tmp_path: Path, make: Callable[[Path], object], why: str
) -> None:
    make(tmp_path / "added")
    with pytest.raises(uploads.Refused, match=why):
        uploads.store(tmp_path, "a.txt", b"x", Settings())


@pytest.mark.parametrize("call", ["mkdir", "iterdir"])
def test_a_folder_that_cannot_be_used_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, call, denied)
    with pytest.raises(uploads.Refused, match="is not taken: Permission denied"):
        uploads.store(tmp_path, "a.txt", b"x", Settings())


def test_a_file_that_cannot_be_written_whole_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(io.FileIO):
        def write(self, _: object) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(uploads.os, "fdopen", lambda handle, mode: Full(handle, mode))
    with pytest.raises(uploads.Refused, match="No space left on device"):
        uploads.store(tmp_path, "a.txt", b"x", Settings())
    assert list((tmp_path / "added").iterdir()) == []


def rich_answer() -> Answer:
    return Answer(
        "disputed", "One.\n“It rained\ud800” [1]", "It rained", 0.625,
        (Citation(1, "a.txt", "Title", "It rained\ud800", 3, 13, "Post", dt.date(2024, 5, 1),
                  "Ann said"),), "When did it rain?", "When?",
        {"passages": [{"article": "a.txt", "start": 0, "end": 20, "score": 0.1}], "why": "so"})


def test_a_folded_exchange_comes_back_whole_and_is_small() -> None:
    exchange = Exchange(7, rich_answer(), {"a.txt": "d1"}, {("a.txt", 0, 20): "words " * 500})
    folded = fold(exchange)
    assert unfold(folded) == exchange
    assert len(folded) < 800


def test_a_turns_markup_is_made_once_and_comes_back_as_markup() -> None:
    conversation = Conversations().of(A)
    made: list[int] = []

    def view(exchange: Exchange) -> Html:
        made.append(exchange.number)
        return tag("p", f"<{exchange.number}> \ud800 “é”")

    for _ in range(2):
        conversation.add(answer(), {}, {})
    assert conversation.shown(view) == [
        "<p>&#60;1&#62; \ufffd “é”</p>", "<p>&#60;2&#62; \ufffd “é”</p>"]
    conversation.add(answer(), {}, {})
    assert all(isinstance(one, Html) for one in conversation.shown(view))
    assert made == [1, 2, 3]


def test_all_conversations_together_take_no_more_than_their_share() -> None:
    kept = Conversations(size=3_000)
    first = kept.of(A)
    while first.size <= 3_000:
        first.add(rich_answer(), {}, {})
    assert len(kept.of(A).exchanges) == len(first)  # the one in use stays, whatever its size
    second = kept.of(B)
    assert len(kept) == 1
    assert kept.of(B) is second
    assert len(kept.of(A)) == 0


def test_a_conversation_knows_its_size_when_turns_fall_away() -> None:
    conversation = Conversations().of(A)
    for _ in range(MOST_TURNS + 5):
        conversation.add(answer(), {}, {})
        conversation.shown(lambda exchange: tag("p", "x" * exchange.number))
    fresh = Conversations().of(B)
    fresh.asked = 5
    for _ in range(MOST_TURNS):
        fresh.add(answer(), {}, {})
        fresh.shown(lambda exchange: tag("p", "x" * exchange.number))
    assert conversation.size == fresh.size > 0

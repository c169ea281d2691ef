"""What a page gives back and keeps: questions without an answer, judgements, added files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from rag import Answer, Citation, IndexLocked, Settings, Skipped
from ui.answers import turn_view
from ui.conversations import Conversation, Conversations
from ui.desk import Desk
from ui.feedback import Feedback
from ui.pane import Pane
from ui.reading import Entry

TAB = {"X-Conversation": "a" * 32}
QUOTE = "It rained all day."
ANSWER = Answer("answered", f"It rained.\n“{QUOTE}” [1]", "It rained", 0.9,
                (Citation(1, "a.txt", "A", QUOTE, 0, len(QUOTE)),), "Did it rain?", "Did it rain?")
Call = Callable[[int, int, list[Any]], list[Any]]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A page whose articles are not open: no question is answered."""
    from ui.app import application

    place = tmp_path_factory.mktemp("closed")
    with TestClient(application(Desk(place), feedback=place / "f"),
                    base_url="http://127.0.0.1:7860") as opened:
        yield opened


@pytest.fixture
def call(page: TestClient) -> Call:
    """Call the page's function with so many inputs and outputs; returns what each output shows.

    That is what was said of it last, or at first where it was left as it is then.
    """
    functions = page.get("/config").json()["dependencies"]

    def called(inputs: int, outputs: int, data: list[Any]) -> list[Any]:
        [function] = [one["id"] for one in functions if one["targets"]
                      and (len(one["inputs"]), len(one["outputs"])) == (inputs, outputs)]
        page.post("/gradio_api/queue/join", headers=TAB, json={
            "data": data, "fn_index": function, "session_hash": "tab"})
        told = page.get("/gradio_api/queue/data", params={"session_hash": "tab"}).text
        said = [json.loads(line[5:]) for line in told.splitlines() if line.startswith("data:")]
        [last] = [one for one in said if one["msg"] == "process_completed"]
        assert last["success"], last
        first = next((one for one in said if one["msg"] == "process_generating"), last)
        return [before if after == KEEP else after for before, after in zip(
            first["output"]["data"], last["output"]["data"], strict=True)]

    return called


KEEP = {"__type__": "update"}


def test_a_question_without_an_answer_returns_to_the_box(call: Call) -> None:
    question = "When " + "was " * 100 + "it?"
    call(1, 6, [question])
    assert call(1, 2, [" "])[:1] == [question]
    assert call(1, 2, [""])[:1] == [KEEP]  # once


def test_what_is_typed_meanwhile_stays_in_the_box(call: Call) -> None:
    call(1, 6, ["When?"])
    assert call(1, 2, ["Who"])[:1] == [KEEP]


def test_a_question_that_is_stopped_returns_to_the_box(call: Call) -> None:
    call(1, 6, ["When?"])
    assert call(1, 4, [""])[3] == "When?"


def test_a_question_is_given_back_only_without_an_answer() -> None:
    conversation = Conversation()
    conversation.ask("x" * 1000)
    assert conversation.size >= 1000
    conversation.add(ANSWER, {}, {})
    assert conversation.take_back() == ""
    other = Conversation()
    other.add(ANSWER, {}, {})
    assert conversation.size == other.size


@pytest.fixture
def conversations() -> Conversations:
    kept = Conversations()
    kept.of("a" * 32).add(ANSWER, {}, {})
    return kept


def judging(conversations: Conversations, feedback: Path) -> TestClient:
    pane = Pane(Desk(feedback.parent), conversations, Feedback(feedback))
    return TestClient(Starlette(routes=pane.routes()), headers=TAB)


def test_a_judgement_stays_with_its_turn_and_is_kept_once(
    conversations: Conversations, tmp_path: Path
) -> None:
    feedback = tmp_path / "feedback.jsonl"
    page, conversation = judging(conversations, feedback), conversations.of("a" * 32)
    assert "Was this right?" in conversation.shown(turn_view)[0]
    asked = page.post("/page/feedback", json={"turn": 1, "verdict": "wrong"})
    assert "What is right" in asked.text
    for said in ({"verdict": "right"}, {"verdict": "right"}, {"verdict": "wrong"},
                 {"verdict": "wrong", "correction": "Snow"}):
        assert "Kept on this machine" in page.post("/page/feedback", json={"turn": 1, **said}).text
    assert len(feedback.read_text("utf-8").splitlines()) == 1
    conversation.add(ANSWER, {}, {})
    first, second = conversation.shown(turn_view)
    assert "Kept on this machine" in first
    assert "Was this right?" not in first
    assert "Was this right?" in second
    assert conversation.exchange(1).verdict == "right"


def test_a_judgement_that_could_not_be_written_can_be_said_again(
    conversations: Conversations, tmp_path: Path
) -> None:
    feedback = tmp_path / "no folder" / "feedback.jsonl"
    feedback.parent.write_text("a file")
    page = judging(conversations, feedback)
    assert page.post("/page/feedback", json={"turn": 1, "verdict": "right"}).status_code == 503
    feedback.parent.unlink()
    assert page.post("/page/feedback", json={"turn": 1, "verdict": "right"}).status_code == 200
    assert len(feedback.read_text("utf-8").splitlines()) == 1


class Closed(Desk):
    """A desk of no articles, whose refresh fails as often as is wanted."""

    failures: ClassVar[list[Exception]] = []
    assistant = SimpleNamespace(settings=Settings())  # type: ignore[assignment]

    def refresh(self) -> None:
        """Fail."""
        if self.failures:
            raise self.failures.pop()

    def skipped(self) -> tuple[Skipped, ...]:
        """Return every file as one that is no article."""
        return tuple(Skipped(path.relative_to(self.folder).as_posix(), "it has no words.")
                     for path in self.folder.rglob("*.*"))

    def entries(self) -> tuple[Entry, ...]:
        """Return no article."""
        return ()


def uploading(folder: Path) -> TestClient:
    pane = Pane(Closed(folder), Conversations(), Feedback(folder / "f"), allow_uploads=True)
    return TestClient(Starlette(routes=pane.routes()))


def files(count: int) -> list[tuple[str, tuple[str, bytes]]]:
    return [("files", (f"{number}.txt", b"x")) for number in range(count)]


def test_too_many_files_at_once_are_told(tmp_path: Path) -> None:
    told = uploading(tmp_path).post("/page/upload", files=files(21))
    assert told.status_code == 400
    assert "Nothing was added: at most 20 files can be added at once." in told.text
    assert list(tmp_path.iterdir()) == []


def test_files_do_not_stay_when_they_could_not_be_taken_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Closed, "failures", [IndexLocked("another process is writing")])
    page = uploading(tmp_path)
    told = page.post("/page/upload", files=files(2))
    assert told.status_code == 503
    assert "Another process is writing." in told.text
    assert list((tmp_path / "added").iterdir()) == []
    assert "0.txt&#x27; is not taken: it has no words." in page.post(
        "/page/upload", files=files(1)).text.replace("&#39;", "&#x27;")

"""How the page is served: the safe values, the endpoints, the password, over real articles."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from rag import Answer, Citation
from rag.errors import IndexLocked
from tests.browser.conftest import free_port
from ui import __main__ as program
from ui import launch
from ui.__main__ import main, password
from ui.desk import Changed, Desk, NotOpen
from ui.gate import Busy
from ui.notices import sentence
from ui.tidy import Tidy

QUESTION = "how many Russian instructors arrived?"


@pytest.fixture(scope="module")
def desk(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    opened = Desk(seeds, tmp_path_factory.mktemp("index"))
    opened.open()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def app(desk: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    from ui.app import application

    return application(desk, feedback=tmp_path_factory.mktemp("said") / "feedback.jsonl")


@pytest.fixture
def client(app: Any) -> Iterator[TestClient]:
    with TestClient(app, base_url="http://127.0.0.1:7860") as opened:
        yield opened


def test_a_question_does_not_wait_while_another_process_builds(
    seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float | None] = []

    class Building:
        def refresh(self, wait_s: float | None = None) -> None:
            waits.append(wait_s)
            raise IndexLocked("another process is writing")

    desk = Desk(seeds)
    monkeypatch.setattr(desk, "_assistant", Building())
    monkeypatch.setattr(desk, "_seen", -1e9)
    desk.refresh_when_due()
    assert waits == [0]
    with pytest.raises(IndexLocked):
        desk.refresh()
    assert waits == [0, None]


def test_the_launch_values_are_the_safe_ones() -> None:
    assert launch.HOST == "127.0.0.1"
    assert launch.MOUNT["allowed_paths"] == []
    assert launch.MOUNT["footer_links"] == []
    for name in ("run_history", "show_error", "ssr_mode", "pwa", "enable_monitoring"):
        assert launch.MOUNT[name] is False
    assert launch.MOUNT["max_file_size"] == 1
    assert launch.QUEUE["max_size"] == 256
    assert launch.QUEUE["api_open"] is False
    assert launch.SESSIONS == 16
    assert launch.SERVER["access_log"] is False
    assert launch.SERVER["proxy_headers"] is False


def test_nothing_calls_home(app: Any) -> None:
    for name in ("GRADIO_ANALYTICS_ENABLED", "GRADIO_SHARE", "GRADIO_MCP_SERVER"):
        assert os.environ[name] == "False"
    assert os.environ["HF_HUB_DISABLE_TELEMETRY"] in ("1", "True")


def test_gradios_own_configuration_says_so(client: TestClient) -> None:
    config = client.get("/config").json()
    assert config["analytics_enabled"] is False
    assert config["enable_queue"] is True
    assert not config.get("footer_links")
    assert "fonts.googleapis" not in str(config)
    assert "https://" not in client.get("/").text.replace("https://gradio.s3", "")


def test_ask_over_plain_http(client: TestClient) -> None:
    answer = client.post("/ask", json={"question": QUESTION}).json()
    assert answer["outcome"] == "answered"
    assert answer["short"] == "100"
    assert "100 Russian military instructors" in answer["citations"][0]["quote"]
    again = client.post("/ask", json={"question": "Where did they arrive?", "history": [answer]})
    assert again.status_code == 200
    assert again.json()["question"] != "Where did they arrive?"


def test_gradio_keeps_nothing_of_a_tab_that_was_answered(client: TestClient, app: Any) -> None:
    tidy = app
    while not isinstance(tidy, Tidy):
        tidy = tidy._app
    queue = tidy._page._queue
    function = next(one["id"] for one in client.get("/config").json()["dependencies"]
                    if len(one["inputs"]) == 1 and len(one["outputs"]) == 6)
    client.post("/gradio_api/queue/join", json={
        "data": [QUESTION], "fn_index": function, "session_hash": "tab1"})
    assert list(queue.pending_event_ids_session) == ["tab1"]
    told = client.get("/gradio_api/queue/data", params={"session_hash": "tab1"}).text
    assert "process_completed" in told
    assert "military instructors" in told
    number = client.post("/gradio_api/call/articles", json={"data": []}).json()["event_id"]
    assert "event: complete" in client.get(f"/gradio_api/call/articles/{number}").text
    assert queue.pending_event_ids_session == {}
    assert len(queue.pending_messages_per_session) == 0
    assert queue.event_ids_to_events == {}


def test_search_and_articles_over_plain_http(client: TestClient) -> None:
    found = client.post("/search", json={"question": QUESTION, "k": 2}).json()
    assert [hit["rank"] for hit in found] == [1, 2]
    assert "100 Russian military instructors" in found[0]["text"]
    listed = client.get("/articles").json()
    assert [one["name"] for one in listed] == [
        "000_d2a85b7b0d5c59d4.txt", "003_c416b3a00ca3714a.txt"]
    only = {"articles": [listed[1]["name"]]}
    hits = client.post("/search", json={"question": QUESTION, "filters": only}).json()
    assert {hit["article"] for hit in hits} == {listed[1]["name"]}


@pytest.mark.parametrize(("sent", "status", "why"), [
    ({"json": {"question": ""}}, 400, "empty"),
    ({"json": {}}, 400, "empty"),
    ({"json": {"question": "x" * 3000}}, 400, "3,000 characters"),
    ({"json": {"question": 7}}, 400, "must be text"),
    ({"json": ["q"]}, 400, "must be an object"),
    ({"json": {"question": "who?", "filters": {"x": 1}}}, 400, "unknown field"),
    ({"content": b"{", "headers": {"Content-Type": "application/json"}}, 400, "not JSON"),
    ({"content": b"[" * 50_000, "headers": {"Content-Type": "application/json"}}, 400, "not JSON"),
    ({"data": {"question": QUESTION}}, 400, "Content-Type"),
])
def test_mistakes_are_told_in_one_sentence(
    client: TestClient, sent: dict[str, Any], status: int, why: str
) -> None:
    answer = client.post("/ask", **sent)
    assert answer.status_code == status
    assert list(answer.json()) == ["error"]
    assert why in answer.json()["error"]
    assert "\n" not in answer.json()["error"]


def test_busy_is_said_and_passes(client: TestClient, desk: Any, monkeypatch: Any) -> None:
    async def refuse() -> None:
        raise Busy("16 questions are waiting")

    with monkeypatch.context() as patch:
        patch.setattr(desk.gate, "enter", refuse)
        answer = client.post("/ask", json={"question": QUESTION})
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "3"
    assert answer.json()["error"].startswith("Busy")
    assert client.post("/ask", json={"question": QUESTION}).json()["short"] == "100"


def test_articles_that_are_not_open_yet_are_said_to_be(seeds: Path, tmp_path: Path) -> None:
    from ui.app import application

    closed = TestClient(application(Desk(seeds), feedback=tmp_path / "f"),
                        base_url="http://127.0.0.1")
    answer = closed.post("/ask", json={"question": QUESTION})
    assert answer.status_code == 503
    assert "still being read" in answer.json()["error"]


def test_a_quote_that_no_longer_holds_is_not_shown(desk: Any) -> None:
    name = "000_d2a85b7b0d5c59d4.txt"
    text = desk.assistant.article(name).text

    def answer(article: str, quote: str) -> Answer:
        return Answer("answered", quote, quote, 0.9, (
            Citation(1, article, "T", quote, 0, len(quote)),), "q", "q")

    assert list(desk.keep(answer(name, text[:20]))) == [name]
    for changed in (answer(name, "x" * 20), answer("gone.txt", text[:20])):
        with pytest.raises(Changed):
            desk.keep(changed)
    assert sentence(Changed(name)) == "The articles changed while this was answered. Ask again."


def test_an_article_that_is_not_there(client: TestClient) -> None:
    for name in ("nothing.txt", "../pyproject.toml", "/etc/passwd", ""):
        answer = client.get("/page/article", params={"name": name})
        assert answer.status_code == 404
        assert "no longer there" in answer.text


@pytest.mark.parametrize("where", [("-1", "5"), ("5", "1"), ("0", "99999999"), ("x", "y"),
                                   ("1" * 30, "2" * 30)])
def test_a_place_outside_the_article_is_not_marked(
    client: TestClient, where: tuple[str, str]
) -> None:
    answer = client.get("/page/article", params={
        "name": "000_d2a85b7b0d5c59d4.txt", "start": where[0], "end": where[1]})
    assert answer.status_code == 200
    assert "<mark" not in answer.text


def test_the_same_calls_through_gradio_and_mcp(desk: Any, tmp_path: Path) -> None:
    from gradio_client import Client

    from ui.app import application, server_of

    port = free_port()
    app = application(desk, feedback=tmp_path / "f", auth="ed:secret", mcp=True)
    server = server_of(app, "127.0.0.1", port)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.05)
        url = f"http://127.0.0.1:{port}/"
        with pytest.raises(Exception, match="credentials"):
            Client(url, verbose=False)
        gradio = Client(url, verbose=False, analytics_enabled=False,
                        httpx_kwargs={"auth": ("ed", "secret")},
                        headers={"Authorization": "Basic ZWQ6c2VjcmV0"})
        answer = gradio.predict(QUESTION, api_name="/ask")
        assert answer["short"] == "100"
        assert len(gradio.predict(api_name="/articles")) == 2
        assert gradio.predict(QUESTION, 1, api_name="/search")[0]["rank"] == 1
        gradio.close()
        tools = asyncio.run(mcp_tools(url + "gradio_api/mcp/"))
        assert set(tools) == {"ask", "search", "articles"}
        assert "exact quotes" in tools["ask"]
    finally:
        server.should_exit = True
        thread.join(20)


async def mcp_tools(url: str) -> dict[str, str]:
    """Names and descriptions of the tools that a client of the protocol is offered."""
    import httpx
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async with httpx.AsyncClient(auth=("ed", "secret")) as http, \
            streamable_http_client(url, http_client=http) as streams, \
            ClientSession(streams[0], streams[1]) as session:
        await session.initialize()
        listed = await session.list_tools()
        return {tool.name: tool.description or "" for tool in listed.tools}


def test_a_password_is_read_from_the_line_or_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "password.txt"
    secret.write_text("s3cret\n", "utf-8")
    assert password(None) is None
    assert password("ed:s3:cret") == "ed:s3:cret"
    assert password(f"ed:@{secret}") == "ed:s3cret"


@pytest.mark.parametrize(("arguments", "why"), [
    (["--articles", "nowhere"], "the folder of articles 'nowhere' is missing"),
    (["--host", "0.0.0.0"], "add --auth NAME:PASSWORD"),
    (["--auth", "ed"], "--auth needs a name and a password"),
    (["--auth", "ed:@nowhere"], "nowhere cannot be read"),
    (["--port", "99999999"], "--port 99999999 must be from 1 to 65535"),
    (["--at-once", "0"], "--at-once must be at least 1"),
    (["--max-risk", "1.5"], "setting max_risk=1.5 must be above 0 and at most 1"),
])
def test_a_mistake_ends_with_one_line_and_status_2(
    arguments: list[str], why: str, capsys: Any
) -> None:
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert why in said
    assert said.count("\n") == 1


def test_a_port_that_is_taken_ends_the_program(capsys: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["--port", str(port)]) == 2
    assert capsys.readouterr().err == (
        f"ui: port {port} of 127.0.0.1 cannot be used (address already in use); "
        "choose another with --port\n")


def test_a_folder_without_articles_ends_the_program(tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "a.exe").write_bytes(b"MZ")
    assert main(["--articles", str(tmp_path), "--index", str(tmp_path.parent / "ix"),
                 "--port", str(free_port())]) == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith("ui: ")
    assert str(tmp_path) in said


def test_the_settings_reach_the_desk(monkeypatch: Any) -> None:
    class Made(Exception):
        pass

    def desk(*_: object, **settings: object) -> None:
        raise Made(settings)

    monkeypatch.setattr(program, "Desk", desk)
    with pytest.raises(Made) as made:
        main(["--port", str(free_port()), "--max-risk", "0.05", "--top-k", "3", "--reader", "r",
              "--embedder", "e", "--overlap-sentences", "0"])
    assert made.value.args[0] == {
        "running": 2, "waiting": 16, "max_risk": 0.05, "top_k": 3, "reader": "r", "embedder": "e",
        "overlap_sentences": 0}


def test_the_help_says_where_judgements_are_kept(capsys: Any) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert "judgements are kept (default: feedback.jsonl in the user's data folder)" in said
    assert "wrong answers among those given (default: 0.1)" in said


def test_what_nobody_expected_is_a_failure_too(
    seeds: Path, tmp_path: Path, monkeypatch: Any, caplog: Any
) -> None:
    from ui.app import application

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr("ui.desk.Assistant.open", broken)
    failing = Desk(seeds)
    with pytest.raises(NotOpen):
        failing.open()
    [logged] = caplog.records
    assert logged.exc_info[0] is RuntimeError
    assert sentence(failing.failure) == ("The articles could not be opened (RuntimeError: two "
                                         "lines); the details are in the terminal.")
    page = TestClient(application(failing, feedback=tmp_path / "f"), base_url="http://127.0.0.1")
    answer = page.post("/ask", json={"question": QUESTION})
    assert answer.status_code == 503
    assert answer.json()["error"] == sentence(failing.failure)


@pytest.mark.timeout(60)
def test_what_nobody_expected_ends_the_program_that_is_serving(
    seeds: Path, tmp_path: Path, monkeypatch: Any, capsys: Any
) -> None:
    import httpx

    port = free_port()

    def broken(*_: object, **__: object) -> None:
        while True:
            try:
                httpx.get(f"http://127.0.0.1:{port}/articles", timeout=0.5)
                raise RuntimeError("no memory")
            except httpx.HTTPError:
                time.sleep(0.05)

    monkeypatch.setattr("ui.desk.Assistant.open", broken)
    assert main(["--articles", str(seeds), "--port", str(port),
                 "--feedback", str(tmp_path / "f")]) == 1
    assert capsys.readouterr().err.splitlines()[-1] == (
        "ui: the articles could not be opened (RuntimeError: no memory); the details are in the "
        "terminal")

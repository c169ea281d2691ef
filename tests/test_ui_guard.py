"""The guard: whose requests are let in, which paths exist, what the browser is told."""

from __future__ import annotations

import base64

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from ui.guard import Guard, Limits
from ui.shell import Shell, reshape

START = (
    b'<html><head><meta property="og:url" content="https://gradio.app/" />'
    b'<meta name="twitter:image" content="https://elsewhere.example/a.jpg">'
    b"<script>window.gradio_config = {};</script>"
    b"<script>\n(() => {\n const root = 1; script.src = 'iframeResizer'; })();</script>"
    b'<script type="module" src="./assets/index.js"></script></head><body></body></html>'
)


async def _start(request: Request) -> HTMLResponse:
    return HTMLResponse(START)


async def _echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"{len(await request.body())}")


def client(**limits) -> TestClient:
    app = Starlette(routes=[
        Route("/", _start), Route("/{path:path}", _echo, methods=["GET", "POST"])])
    guarded = Guard(Shell(app, "n0nce"), Limits(**limits), "n0nce")
    return TestClient(guarded, base_url="http://127.0.0.1:7860")


def test_every_answer_carries_the_policy_and_the_nonce_of_the_page() -> None:
    for path in ("/", "/ask", "/nothing-here"):
        headers = client().get(path).headers
        policy = dict(part.strip().split(" ", 1) for part in
                      headers["content-security-policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert policy["connect-src"] == "'self'"
        assert policy["frame-ancestors"] == "'none'"
        assert "'unsafe-inline'" not in policy["script-src"]
        assert "'nonce-n0nce'" in policy["script-src"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_the_start_page_names_nobody_else() -> None:
    page = client().get("/").text
    assert "https://" not in page
    assert "iframeResizer" not in page
    assert page.count('<script nonce="n0nce"') == page.count("<script") == 3
    assert 'href="page/page.css"' in page


def test_reshaping_leaves_the_configuration_alone() -> None:
    config = b'<script>window.gradio_config = {"a": "\\u003cscript"};</script></head>'
    assert b'{"a": "\\u003cscript"}' in reshape(config, "x")


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost:7860", "[::1]:7860", "LOCALHOST"])
def test_it_is_called_by_the_names_of_this_machine(host: str) -> None:
    assert client().get("/ask", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost.evil"])
def test_a_name_that_merely_points_here_is_refused(host: str) -> None:
    assert client().get("/ask", headers={"Host": host}).status_code == 421


def test_a_proxy_has_its_name_let_in() -> None:
    assert client(hosts=("news.example",)).get(
        "/ask", headers={"Host": "news.example"}).status_code == 200


@pytest.mark.parametrize(("headers", "status"), [
    ({}, 200),
    ({"Origin": "http://127.0.0.1:7860"}, 200),
    ({"Origin": "http://evil.example"}, 403),
    ({"Origin": "null"}, 403),
    ({"Sec-Fetch-Site": "same-origin"}, 200),
    ({"Sec-Fetch-Site": "cross-site"}, 403),
])
def test_other_sites_cannot_post(headers: dict[str, str], status: int) -> None:
    assert client().post("/ask", content=b"x", headers=headers).status_code == status


@pytest.mark.parametrize("path", [
    "/", "/ask", "/search", "/articles", "/page/page.js", "/page/source-sans-latin-400.woff2",
    "/assets/index-DphvyggB.js", "/static/img/a.svg", "/theme.css", "/config",
    "/gradio_api/info", "/gradio_api/queue/join", "/gradio_api/queue/data", "/gradio_api/call/ask",
    "/gradio_api/call/ask/0123abc", "/gradio_api/heartbeat/abc123", "/gradio_api/cancel"])
def test_what_the_page_needs_is_served(path: str) -> None:
    assert client().get(path).status_code == 200


@pytest.mark.parametrize("path", [
    "/gradio_api/file=/etc/passwd", "/gradio_api/file/etc/passwd", "/file=/etc/passwd",
    "/gradio_api/proxy=http://evil.example", "/gradio_api/upload", "/gradio_api/upload_progress",
    "/monitoring", "/monitoring/summary", "/gradio_api/monitoring", "/gradio_api/runs",
    "/gradio_api/run-history/records", "/gradio_api/deep_link", "/gradio_api/vibe-code",
    "/gradio_api/component_server", "/gradio_api/stream/x", "/gradio_api/run/predict",
    "/gradio_api/call/other", "/gradio_api/app_id", "/gradio_api/token", "/gradio_api/mcp/",
    "/gradio_api/custom_component/a/b/c/d", "/svelte/x", "/login", "/pwa_icon", "/docs",
    "/openapi.json", "/page/upload", "/assets/../secret", "/assets/%2e%2e/secret", "/page/a/b"])
def test_nothing_else_is_served(path: str) -> None:
    assert client().get(path).status_code == 404
    assert client().post(path).status_code == 404


def test_mcp_and_uploads_are_served_where_they_are_on() -> None:
    assert client(mcp=True).get("/gradio_api/mcp/").status_code == 200
    assert client(mcp=True).get("/gradio_api/mcp/sse").status_code == 200
    assert client(upload=10).post("/page/upload", content=b"x" * 10).text == "10"


def test_large_bodies_are_refused_announced_or_not() -> None:
    small = client(body=10)
    assert small.post("/ask", content=b"x" * 10).text == "10"
    assert small.post("/ask", content=b"x" * 11).status_code == 413
    assert small.post("/ask", content=iter([b"x" * 6, b"x" * 6])).status_code == 413
    assert client(body=10, upload=20).post("/page/upload", content=b"x" * 21).status_code == 413


@pytest.mark.parametrize(("given", "status"), [
    (None, 401), ("Basic", 401), ("Basic !!", 401), ("Bearer x", 401),
    ("Basic " + base64.b64encode(b"ed:wrong").decode(), 401),
    ("Basic " + base64.b64encode("ed:wörd".encode()).decode(), 200)])
def test_a_password_is_asked_of_everything(given: str | None, status: int) -> None:
    guarded = client(password="ed:wörd")
    for path in ("/", "/ask", "/page/page.js", "/assets/a.js", "/gradio_api/queue/data"):
        answer = guarded.get(path, headers={"Authorization": given} if given else {})
        assert answer.status_code == status
        if status == 401:
            assert answer.headers["www-authenticate"].startswith("Basic")

"""What stands before every request: who may call, which paths exist, what a browser may do."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# 'unsafe-eval' is there because Gradio's own HTML component compiles its template with Function();
# markup that slips into the page can still neither run (no 'unsafe-inline' for scripts), nor load
# or send anything elsewhere. Inline styles are Gradio's.
POLICY: Final = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'none'; base-uri 'self'; "
    "frame-ancestors 'none'"
)
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), display-capture=()",
}
# All that is served. Of Gradio's own routes, those that read files, proxy other addresses, show
# who is connected or change the program are not among them.
PATHS: Final = re.compile(
    r"/|/ask|/search|/articles|/page/[a-z0-9.-]+|/assets/[\w./-]+|/static/[\w./-]+|/theme\.css|"
    r"/config|/favicon\.ico|/robots\.txt|"
    r"/gradio_api/(?:info|theme\.css|startup-events|queue/join|queue/data|cancel|reset|"
    r"heartbeat/\w+|call/(?:v2/)?(?:ask|search|articles)(?:/\w+)?)/?"
)
MCP_PATHS: Final = re.compile(r"/gradio_api/mcp(?:/[\w/-]*)?")
UPLOAD: Final = "/page/upload"
LOCAL: Final = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Limits:
    """What the guard lets through.

    Attributes:
        hosts: Names under which the page may be called; a request for another is refused, so that
            no foreign site can reach the page by a name of its own that points here.
        password: "name:password" that every request must bring (HTTP Basic), or None.
        body: Largest body of a request, in bytes.
        upload: Largest body of an upload, in bytes; 0 where uploads are off.
        mcp: Whether the MCP server's paths are served.
    """

    hosts: tuple[str, ...] = LOCAL
    password: str | None = None
    body: int = 1_000_000
    upload: int = 0
    mcp: bool = False


class TooLarge(Exception):
    """The body of a request is larger than the guard lets through."""


class Guard:
    """ASGI middleware around the whole page.

    Args:
        app: What it guards.
        limits: What it lets through.
        nonce: The value that the page's own inline scripts carry.
    """

    def __init__(self, app: ASGIApp, limits: Limits, nonce: str) -> None:
        self._app = app
        self._limits = limits
        self._headers = {**HEADERS, "Content-Security-Policy": POLICY.format(nonce=nonce)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it with why not."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        refusal = self._refuse(scope, Headers(scope=scope))
        seen = 0
        too_large = False

        async def receiving() -> Message:
            nonlocal seen, too_large
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._largest(scope) and not too_large:
                await _refusal("The request is too large.", 413)(scope, receive, sending)
                too_large = True
            if too_large:
                raise TooLarge
            return message

        async def sending(message: Message) -> None:
            if too_large:
                return  # it was answered already
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        with suppress(TooLarge):
            await (refusal or self._app)(scope, receiving, sending)

    def _refuse(self, scope: Scope, headers: Headers) -> PlainTextResponse | None:
        host = _host(headers.get("host", ""))
        if "*" not in self._limits.hosts and host not in self._limits.hosts:
            return _refusal(
                f"The page is not served as {host!r}; start it with --name {host}", 421)
        if scope["method"] not in ("GET", "HEAD") and not _same_origin(headers):
            return _refusal("Requests of other sites are refused.", 403)
        if not self._has_password(headers):
            return _refusal(
                "A name and a password are needed.", 401,
                {"WWW-Authenticate": 'Basic realm="Ask the articles", charset="UTF-8"'})
        if not self._is_served(scope["path"]):
            return _refusal("There is nothing here.", 404)
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self._largest(scope):
            return _refusal("The request is too large.", 413)
        return None

    def _is_served(self, path: str) -> bool:
        if ".." in path or (path == UPLOAD and not self._limits.upload):
            return False
        return any(pattern.fullmatch(path) for pattern in self._patterns())

    def _patterns(self) -> Iterable[re.Pattern[str]]:
        yield PATHS
        if self._limits.mcp:
            yield MCP_PATHS

    def _largest(self, scope: Scope) -> int:
        if scope["path"] == UPLOAD:
            return self._limits.upload
        return self._limits.body

    def _has_password(self, headers: Headers) -> bool:
        if self._limits.password is None:
            return True
        kind, _, given = headers.get("authorization", "").partition(" ")
        try:
            said = base64.b64decode(given, validate=True)
        except (binascii.Error, ValueError):
            return False
        return kind.lower() == "basic" and hmac.compare_digest(
            said, self._limits.password.encode())


def _refusal(words: str, status: int, headers: dict[str, str] | None = None) -> PlainTextResponse:
    return PlainTextResponse(words + "\n", status, headers)


def _host(value: str) -> str:
    try:
        return (urlsplit(f"//{value}").hostname or "").lower()
    except ValueError:
        return ""


def _same_origin(headers: Headers) -> bool:
    """Tell whether a browser's request comes from this page; other programs send no origin."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    return origin is None or _host(urlsplit(origin).netloc) == _host(headers.get("host", ""))

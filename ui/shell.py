"""Gradio's start page made ours: own style and script, a nonce, and no address of anybody else."""

from __future__ import annotations

import re
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_FOREIGN = re.compile(rb'\s*<(?:meta\s+(?:property="og:|name="twitter:)|link rel="manifest")[^>]*>')
_RESIZER = re.compile(rb"<script>\s*\(\(\) => \{\s*const root = .*?iframeResizer.*?</script>", re.S)
_HEAD = b"</head>"
OWN: Final = (
    b'<link rel="stylesheet" href="page/page.css"><script src="page/page.js"></script>'
    b'<meta name="color-scheme" content="light dark"></head>'
)


def reshape(page: bytes, nonce: str) -> bytes:
    """Return the start page with our style and script, and without what is not needed.

    The configuration inside its scripts is JSON with every ``<`` escaped, so that ``<script``
    occurs only where a script begins.
    """
    page = _FOREIGN.sub(b"", page)
    page = _RESIZER.sub(b"", page)
    page = page.replace(_HEAD, OWN, 1)
    return page.replace(b"<script", b'<script nonce="' + nonce.encode() + b'"')


class Shell:
    """ASGI middleware that reshapes the answer to ``GET /``.

    Args:
        app: Gradio's application.
        nonce: The value that inline scripts carry.
    """

    def __init__(self, app: ASGIApp, nonce: str) -> None:
        self._app = app
        self._nonce = nonce

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything through, the start page reshaped."""
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        start: Message = {}
        parts: list[bytes] = []

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            if message["type"] != "http.response.body":
                return  # what servers and test clients tell each other about a response
            parts.append(message.get("body", b""))
            if message.get("more_body"):
                return
            body = reshape(b"".join(parts), self._nonce)
            headers = [(name, value) for name, value in start["headers"]
                       if name.lower() not in (b"content-length", b"cache-control")]
            headers += [(b"content-length", str(len(body)).encode()),
                        (b"cache-control", b"no-store")]
            await send({**start, "headers": headers})
            await send({"type": "http.response.body", "body": body})

        await self._app({**scope, "headers": plain}, receive, sending)

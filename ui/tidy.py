"""What Gradio would keep of every browser tab that ever asked: dropped when it is of no more use.

After a stream of events has ended, Gradio 6 leaves the session's message queue (of the last 2,000
sessions, with what was never fetched) and its set of pending events (of all, for ever).
"""

from __future__ import annotations

import asyncio
import re
from typing import Final
from urllib.parse import parse_qs

import gradio as gr
from starlette.types import ASGIApp, Receive, Scope, Send

# Seconds after which nobody comes for what an event has left.
PATIENCE: Final = 60.0
STREAM: Final = "/gradio_api/queue/data"
# Of a caller who named no session, the event's number is the session.
CALL: Final = re.compile(r"/gradio_api/call/(?:v2/)?\w+/(\w+)/?")


class Tidy:
    """ASGI middleware that clears a session's part of the queue when its stream has ended.

    Args:
        app: Gradio's application.
        page: The page whose queue it is.
    """

    def __init__(self, app: ASGIApp, page: gr.Blocks) -> None:
        self._app = app
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything through."""
        try:
            await self._app(scope, receive, send)
        finally:
            if scope["type"] == "http" and scope["method"] == "GET":
                for session in _sessions(scope):
                    self._clear(session)

    def _clear(self, session: str, late: bool = False) -> None:
        queue = self._page._queue
        numbers = queue.pending_event_ids_session.get(session, ())
        events = [queue.event_ids_to_events.get(number) for number in numbers]
        if any(event is not None and event.alive for event in events):
            return  # it waits or runs; whoever asked will come for it
        if numbers and not late:
            # The tab was closed, or it joined anew and has yet to open its next stream.
            asyncio.get_running_loop().call_later(PATIENCE, self._clear, session, True)
            return
        queue.pending_event_ids_session.pop(session, None)
        if session in queue.pending_messages_per_session:
            del queue.pending_messages_per_session[session]


def _sessions(scope: Scope) -> list[str]:
    if scope["path"] == STREAM:
        return parse_qs(scope["query_string"].decode("latin-1")).get("session_hash", [])
    call = CALL.fullmatch(scope["path"])
    return [call[1]] if call else []

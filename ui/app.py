"""The whole application: Gradio's page, our routes, the guard around them, and its server."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import gradio as gr
import platformdirs
import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from rag import Settings
from ui import launch
from ui.conversations import Conversations
from ui.desk import Desk
from ui.endpoints import Endpoints
from ui.feedback import Feedback
from ui.guard import LOCAL, Limits
from ui.page import build
from ui.pane import Pane
from ui.suggest import Suggester
from ui.talk import Talk
from ui.tidy import Tidy
from ui.uploads import MOST_AT_ONCE


def application(desk: Desk, *, names: tuple[str, ...] = (), host: str = launch.HOST,
                auth: str | None = None, mcp: bool = False, allow_uploads: bool = False,
                feedback: Path | None = None) -> ASGIApp:
    """Return the application.

    Args:
        desk: The assistant; it may be opened meanwhile.
        names: Names under which the page may be called, besides those of this machine.
        host: The address that is listened on; it is a name of the page as well.
        auth: "name:password" that every request must bring, or None.
        mcp: Whether to serve the MCP tools.
        allow_uploads: Whether articles can be added.
        feedback: Where judgements are kept; by default among the user's own data.
    """

    async def made() -> ASGIApp:
        return _application(desk, (*LOCAL, host, *(name.lower() for name in names)), auth, mcp,
                            allow_uploads, feedback)

    # Inside a loop, because Gradio makes one for each of its locks when there is none, and
    # leaves it open; in a thread, because whoever calls may be inside a loop of their own.
    with ThreadPoolExecutor(1) as maker:
        return maker.submit(lambda: asyncio.run(made())).result()


def _application(desk: Desk, hosts: tuple[str, ...], auth: str | None, mcp: bool,
                 allow_uploads: bool, feedback: Path | None) -> ASGIApp:
    launch.quieten()
    conversations = Conversations()
    talk = Talk(desk, conversations)
    page = build(desk, talk, Suggester(desk), allow_uploads)
    endpoints = Endpoints(desk)
    endpoints.add_to(page)
    page.queue(**launch.QUEUE)
    page.state_session_capacity = launch.SESSIONS
    where = feedback or Path(platformdirs.user_data_dir("rag", appauthor=False)) / "feedback.jsonl"
    pane = Pane(desk, conversations, Feedback(where), allow_uploads)
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.router.routes += [*endpoints.routes(), *pane.routes()]
    mounted = gr.mount_gradio_app(app, page, **launch.MOUNT, theme=launch.theme(), mcp_server=mcp)
    limits = Limits(
        hosts=hosts, password=auth, mcp=mcp,
        upload=MOST_AT_ONCE * Settings().max_file_bytes if allow_uploads else 0)
    return launch.wrap(Tidy(mounted, page), limits)


def server_of(app: ASGIApp, host: str, port: int, **values: Any) -> uvicorn.Server:
    """Return the server of an application; ``values`` are for tests."""
    return uvicorn.Server(uvicorn.Config(app, host=host, port=port, **launch.SERVER | values))

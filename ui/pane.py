"""The page's own calls beside Gradio's events: articles to read, feedback, export, refresh."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from importlib import resources
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from rag import Article, __version__, receipt
from ui import uploads
from ui.answers import thanks
from ui.chrome import added, asked_correction
from ui.conversations import Conversation, Conversations
from ui.desk import Desk
from ui.export import markdown
from ui.feedback import Feedback
from ui.folded import Exchange
from ui.notices import sentence
from ui.reading import article_view, matching, shelf_view
from ui.render import Html, plain, tag

TOKEN: Final = "x-conversation"
Handler = Callable[[Request], Awaitable[Response]]


class Pane:
    """Serves fragments of markup and a few small actions to the page's script.

    Args:
        desk: The assistant.
        conversations: What was said so far.
        feedback: Where judgements are kept.
        allow_uploads: Whether articles can be added.
    """

    def __init__(self, desk: Desk, conversations: Conversations, feedback: Feedback,
                 allow_uploads: bool = False) -> None:
        self._desk = desk
        self._conversations = conversations
        self._feedback = feedback
        self._allow_uploads = allow_uploads

    def routes(self) -> list[Route]:
        """Return the routes, all of them under ``/page/``."""
        routes = [
            Route("/page/page.css", _asset("page.css", "text/css")),
            Route("/page/page.js", _asset("page.js", "text/javascript")),
            *(Route(f"/page/{font.name}", _asset(f"fonts/{font.name}", "font/woff2"))
              for font in resources.files("ui").joinpath("assets/fonts").iterdir()
              if font.name.endswith(".woff2")),
            Route("/page/article", _told(self._article)),
            Route("/page/shelf", _told(self._shelf)),
            Route("/page/status", _told(self._status)),
            Route("/page/export", _told(self._export)),
            Route("/page/receipt", _told(self._receipt)),
            Route("/page/refresh", _told(self._refresh), methods=["POST"]),
            Route("/page/feedback", _told(self._judge), methods=["POST"]),
            Route("/page/end", _told(self._end), methods=["POST"]),
        ]
        if self._allow_uploads:
            routes.append(Route("/page/upload", _told(self._upload), methods=["POST"]))
        return routes

    def _conversation(self, request: Request) -> Conversation:
        return self._conversations.of(request.headers.get(TOKEN))

    async def _article(self, request: Request) -> Response:
        wanted = request.query_params
        name, digest = wanted.get("name", ""), wanted.get("digest", "")
        try:
            article, changed = await run_in_threadpool(self._desk.article, name, digest)
        except KeyError:
            return _fragment(tag("p", "This article is no longer there.", cls="notice"), 404)
        start, end = _offset(wanted.get("start")), _offset(wanted.get("end"))
        marked = (start, end) if 0 <= start < end <= len(article.text) else None
        return _fragment(article_view(article, marked, changed))

    async def _shelf(self, request: Request) -> Response:
        entries = await run_in_threadpool(self._desk.entries)
        wanted = request.query_params.get("filter", "")[:200]
        return _fragment(shelf_view(matching(entries, wanted), len(entries)))

    async def _status(self, request: Request) -> Response:
        entries = await run_in_threadpool(self._desk.entries)
        return JSONResponse({"articles": len(entries)})

    async def _export(self, request: Request) -> Response:
        return PlainTextResponse(markdown(self._conversation(request).exchanges),
                                 media_type="text/markdown")

    async def _receipt(self, request: Request) -> Response:
        try:
            exchange = self._conversation(request).exchange(
                _offset(request.query_params.get("turn")))
        except KeyError:
            return _fragment(tag("p", "This turn is no longer kept.", cls="notice"), 404)

        def article_of(name: str) -> Article:
            return self._desk.article(name, exchange.digests.get(name, ""))[0]

        made = await self._desk.run(lambda assistant: receipt.make(
            exchange.answer, article_of, assistant.models, __version__))
        return JSONResponse(made)

    async def _refresh(self, request: Request) -> Response:
        changes = await self._desk.run(lambda assistant: self._desk.refresh())
        counts = [(len(changes.added), "added"), (len(changes.changed), "changed"),
                  (len(changes.removed), "removed")]
        said = ", ".join(f"{count} {what}" for count, what in counts if count)
        count, _ = await run_in_threadpool(self._desk.counts)
        return JSONResponse({"said": said or "Nothing new", "articles": count})

    async def _judge(self, request: Request) -> Response:
        said = await _json(request)
        conversation = self._conversation(request)
        number, verdict = said.get("turn"), said.get("verdict")
        correction = said.get("correction", "")
        if not isinstance(number, int) or verdict not in ("right", "wrong") \
                or not isinstance(correction, str):
            return _fragment(tag("p", "This cannot be kept.", cls="notice"), 400)
        try:
            judged = conversation.exchange(number).verdict
        except KeyError:
            return _fragment(tag("p", "This turn is no longer kept.", cls="notice"), 404)
        if judged:  # also where another click was quicker
            return _fragment(thanks())
        if verdict == "wrong" and "correction" not in said:
            return _fragment(asked_correction(number))
        until: list[Exchange] = [e for e in conversation.exchanges if e.number <= number]
        conversation.judge(number, verdict)
        try:
            await run_in_threadpool(self._feedback.add, until, verdict, plain(correction))
        except Exception:
            with suppress(KeyError):  # it has fallen away meanwhile
                conversation.judge(number, "")
            raise
        return _fragment(thanks())

    async def _end(self, request: Request) -> Response:
        self._conversations.end(request.headers.get(TOKEN))
        return Response(status_code=204)

    async def _upload(self, request: Request) -> Response:
        reports: list[tuple[str, bool]] = []
        stored: list[uploads.Stored] = []
        try:
            await self._store(request, stored, reports)
            await self._desk.run(lambda assistant: self._desk.refresh())
        except Exception as error:
            # Nothing was added that could be told of: the same files can be sent again.
            for one in stored:
                await run_in_threadpool(uploads.discard, self._desk.folder, one)
            if isinstance(error, HTTPException):  # of the form itself
                said = (uploads.TOO_MANY if error.detail.startswith("Too many files") else
                        f"The files could not be read: {error.detail}")
                return _fragment(added([(said, False)]), error.status_code)
            raise
        skipped = {one.name: one.reason for one in self._desk.skipped()}
        entries = await run_in_threadpool(self._desk.entries)
        known = {entry.name: entry.title for entry in entries}
        for one in stored:
            if one.name in known:
                reports.append((f"Added: {known[one.name]}", True))
            else:
                uploads.discard(self._desk.folder, one)
                reason = skipped.get(one.name, "it is not an article")
                reports.append((f"{one.given[:80]!r} is not taken: {reason}", False))
        return _fragment(added(reports))


    async def _store(self, request: Request, stored: list[uploads.Stored],
                     reports: list[tuple[str, bool]]) -> None:
        """Put the files of a form into the folder; those that are refused are told of."""
        settings = self._desk.assistant.settings
        async with request.form(max_files=uploads.MOST_AT_ONCE, max_fields=1) as form:
            for file in form.getlist("files"):
                if not isinstance(file, UploadFile):
                    continue
                try:
                    stored.append(await run_in_threadpool(
                        uploads.store, self._desk.folder, file.filename or "",
                        await file.read(settings.max_file_bytes + 1), settings))
                except uploads.Refused as refusal:
                    reports.append((str(refusal), False))


def _offset(given: str | None) -> int:
    return int(given) if given and given.isascii() and given.isdigit() and len(given) < 10 else -1


def _fragment(markup: Html, status: int = 200) -> Response:
    return HTMLResponse(str(markup), status, {"Cache-Control": "no-store"})


async def _json(request: Request) -> dict[str, Any]:
    try:
        said = json.loads(await request.body())
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _asset(name: str, kind: str) -> Handler:
    content = resources.files("ui").joinpath("assets", name).read_bytes()

    async def serving(request: Request) -> Response:
        return Response(content, media_type=kind, headers={"Cache-Control": "no-cache"})

    return serving


def _told(handler: Handler) -> Handler:
    """Answer what goes wrong with one sentence, as a fragment."""

    async def telling(request: Request) -> Response:
        try:
            return await handler(request)
        except Exception as error:
            return _fragment(tag("p", sentence(error), cls="notice", role="status"), 503)

    return telling

"""The endpoints for other programs: ask, search and articles, over plain HTTP, Gradio and MCP."""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Awaitable, Callable
from typing import Any, Final

import gradio as gr
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from rag import RagError, UserError
from ui import wire
from ui.desk import Desk, NotOpen
from ui.gate import Busy
from ui.notices import sentence
from ui.render import plain

MOST_PASSAGES: Final = 50


class Endpoints:
    """The three calls, for whichever way they come in.

    Args:
        desk: Who answers.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def ask(self, question: str, history: list[dict[str, Any]] | None = None,
                  filters: dict[str, Any] | None = None) -> dict[str, Any]:
        """Answer a question from the articles, with the exact quotes that the answer stands on.

        The answer is only what the articles say. "outcome" is "answered", "disputed" (the articles
        disagree; both sides are in "text") or "not_found" (the articles do not say: then do not
        answer from elsewhere). Each citation holds the article's file name, title, the quote
        character for character and its offsets.

        Args:
            question: The question in plain words, in English.
            history: Earlier answers of this conversation as this call returned them, oldest first,
                so that a follow-up such as "And when?" is understood. Leave out for a first one.
            filters: Which articles may answer: {"articles": [file names], "publishers": [names],
                "since": "YYYY-MM-DD", "until": "YYYY-MM-DD"}, each of them optional.

        Returns:
            outcome, text, short, confidence, citations, question, asked and trace.
        """
        answer = await self._desk.ask(question, wire.turns(history), wire.filters(filters))
        return answer.to_dict()

    async def search(self, question: str, k: int = 8,
                     filters: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """Return the passages of the articles that are nearest to a question, best first.

        These are for reading; none of them need be an answer. To have a question answered, or be
        told that the articles do not say, use ask.

        Args:
            question: The question or some words, in English.
            k: How many passages, from 1 to 50.
            filters: As for ask.

        Returns:
            For each passage its rank, article, title, publisher, day, text, offsets and scores.
        """
        most = max(1, min(int(k), MOST_PASSAGES))
        chosen = wire.filters(filters)
        hits = await self._desk.run(
            lambda assistant: assistant.search(question, most, filters=chosen))
        return [hit.to_dict() for hit in hits]

    async def articles(self) -> list[dict[str, Any]]:
        """List the articles that questions are answered from.

        Returns:
            For each article its file name, title, publisher, day of publication and the number of
            its passages.
        """
        return [
            {"name": entry.name, "title": entry.title, "publisher": entry.publisher,
             "published": entry.published.isoformat() if entry.published else None,
             "passages": entry.passages}
            for entry in await asyncio.to_thread(self._desk.entries)
        ]

    def add_to(self, page: gr.Blocks) -> None:
        """Offer the calls to ``gradio_client`` and as tools of the MCP server."""
        with page:
            for call in (self.ask, self.search, self.articles):
                gr.api(_told(call), api_name=call.__name__, concurrency_limit=None)

    def routes(self) -> list[Route]:
        """Return the routes of plain HTTP."""

        async def ask(request: Request) -> JSONResponse:
            body = await _body(request)
            return JSONResponse(await self.ask(
                body.get("question", ""), body.get("history"), body.get("filters")))

        async def search(request: Request) -> JSONResponse:
            body = await _body(request)
            k = body.get("k", 8)
            if not isinstance(k, int) or isinstance(k, bool):
                raise UserError('"k" must be a whole number')
            return JSONResponse(await self.search(
                body.get("question", ""), k, body.get("filters")))

        async def articles(request: Request) -> JSONResponse:
            return JSONResponse(await self.articles())

        return [
            Route("/ask", _answered(ask), methods=["POST"]),
            Route("/search", _answered(search), methods=["POST"]),
            Route("/articles", _answered(articles), methods=["GET"]),
        ]


async def _body(request: Request) -> dict[str, Any]:
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise UserError("send JSON: the header Content-Type must be application/json")
    try:
        body = json.loads(await request.body())
    except (ValueError, RecursionError):
        raise UserError('the body is not JSON; send {"question": "..."}') from None
    if not isinstance(body, dict):
        raise UserError('the body must be an object such as {"question": "..."}')
    return body


Handler = Callable[[Request], Awaitable[JSONResponse]]


def _answered(handler: Handler) -> Handler:
    """Answer what goes wrong with its status and one sentence."""

    async def answering(request: Request) -> JSONResponse:
        try:
            return await handler(request)
        except Busy as error:
            return _failed(error, 503, {"Retry-After": "3"})
        except NotOpen as error:
            return _failed(error, 503, {"Retry-After": "5"})
        except UserError as error:
            return _failed(error, 400)
        except Exception as error:
            return _failed(error, 500)

    return answering


def _failed(error: Exception, status: int, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"error": plain(sentence(error))}, status, headers)


def _told(call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """Return a call whose errors reach Gradio's clients as one sentence."""
    @functools.wraps(call)
    async def telling(*arguments: Any, **named: Any) -> Any:
        try:
            return await call(*arguments, **named)
        except (Busy, NotOpen, RagError) as error:
            raise gr.Error(plain(sentence(error)), print_exception=False) from None

    return telling

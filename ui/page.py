"""The page's layout in Gradio Blocks, and which part each event changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any, Final

import gradio as gr

from ui.chrome import bar, reader
from ui.desk import Desk
from ui.notices import STOPPED, notice, opening, sentence, welcome
from ui.render import NOTHING, Html
from ui.suggest import Suggester
from ui.talk import Talk

TITLE: Final = "Ask the articles"
# The header in which a browser's tab names its conversation.
TOKEN: Final = "x-conversation"


def token_of(request: gr.Request) -> str | None:
    """Return the conversation's token that a request brings."""
    token = request.headers.get(TOKEN)
    return token if isinstance(token, str) else None


def build(desk: Desk, talk: Talk, suggester: Suggester, uploads: bool = False) -> gr.Blocks:
    """Return the page.

    Args:
        desk: The assistant behind it.
        talk: The sessions' conversations.
        suggester: Finds questions that the articles answer.
        uploads: Whether articles can be added.
    """
    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True) as page:
        _html("top", bar(TITLE))
        with gr.Row(elem_id="panes"):
            with gr.Column(elem_id="talk"):
                with gr.Column(elem_id="log"):
                    history = _html("history")
                    pending = _html("pending")
                    offers = _html("offers")
                with gr.Row(elem_id="composer"):
                    box = gr.Textbox(
                        label="Your question", placeholder="Ask the articles …", lines=1,
                        max_lines=6, show_label=False, container=False, elem_id="question",
                        autofocus=True, scale=1,
                    )
                    ask = gr.Button("Ask", variant="primary", elem_id="ask", scale=0)
                    stop = gr.Button("Stop", elem_id="stop", visible=False, scale=0)
            with gr.Column(elem_id="side"):
                _html("reader", reader(uploads))

        parts = [history, pending, offers, box, ask, stop]

        async def answer(question: str, request: gr.Request) -> AsyncGenerator[list[Any], None]:
            """Answer what was typed, stage by stage."""
            first = True
            async for update in talk.ask(token_of(request), question):
                changes = [gr.skip() if part is None else str(part)
                           for part in (update.history, update.pending)]
                if first or update.done:
                    changes += [str(NOTHING), "" if first else gr.skip(),
                                gr.update(visible=update.done), gr.update(visible=not update.done)]
                else:
                    changes += [gr.skip()] * 4
                first = False
                yield changes

        def restore(typed: str, request: gr.Request) -> Any:
            """Put a question without an answer back into the box, unless another is typed there."""
            question = talk.conversations.of(token_of(request)).take_back()
            return gr.skip() if typed.strip() or not question else question

        async def follow(typed: str, request: gr.Request) -> AsyncGenerator[list[Any], None]:
            """Give back a question without an answer; offer questions that go on from the last.

            In one event: gradio may close a tab's stream as one of two that follow an event ends.
            """
            yield [restore(typed, request), gr.skip()]
            conversation = talk.conversations.of(token_of(request))
            yield [gr.skip(), str(await suggester.followups(conversation))]

        async def arrive(request: gr.Request) -> AsyncGenerator[list[Any], None]:
            """Show the conversation of this tab, or how to begin one."""
            while not desk.ready and desk.failure is None:
                yield [str(NOTHING), str(opening(desk.progress))]
                await asyncio.sleep(0.4)
            if desk.failure is not None:
                yield [str(NOTHING), str(opening(desk.progress, sentence(desk.failure)))]
                return
            conversation = talk.conversations.of(token_of(request))
            if len(conversation):
                yield [str(talk.history(conversation)), str(NOTHING)]
            else:
                count, skipped = await asyncio.to_thread(desk.counts)
                yield [str(NOTHING), str(welcome(count, skipped, (), True))]

        async def exemplify(request: gr.Request) -> AsyncGenerator[Any, None]:
            """Offer examples to a conversation that has not begun, next steps to one that has."""
            if not desk.ready:
                return
            conversation = talk.conversations.of(token_of(request))
            if len(conversation):
                yield str(await suggester.followups(conversation))
                return
            count, skipped = await asyncio.to_thread(desk.counts)
            async for examples, searching in suggester.examples():
                if conversation.begun:
                    return
                yield str(welcome(count, skipped, examples, searching))

        def stopped(typed: str, request: gr.Request) -> list[Any]:
            """Say that the question was stopped, give it back, and take the next one."""
            return [str(notice(STOPPED)), gr.update(visible=True), gr.update(visible=False),
                    restore(typed, request)]

        private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden",
                                   "concurrency_limit": None}
        asking = gr.on([box.submit, ask.click], answer, [box], parts,
                       trigger_mode="once", **private)
        asking.then(follow, [box], [box, offers], **private)
        stop.click(stopped, [box], [pending, ask, stop, box], cancels=[asking], **private)
        page.load(arrive, None, [history, offers], **private).then(
            exemplify, None, [offers], **private)
    return page


def _html(name: str, content: Html = NOTHING) -> gr.HTML:
    # No default handler: the page's own script listens, and none is compiled from text.
    return gr.HTML(str(content), elem_id=name, padding=False, js_on_load=None,
                   apply_default_css=False)

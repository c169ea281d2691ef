"""A session's questions and answers as the parts of the page that they change."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from rag import Answer, Stage
from ui.answers import turn_view
from ui.conversations import Conversation, Conversations
from ui.desk import Desk
from ui.notices import notice, sentence, shortened, working
from ui.render import NOTHING, Html, join


@dataclass(frozen=True, slots=True)
class Update:
    """What changes on the page; None leaves a part as it is.

    Attributes:
        history: The turns so far.
        pending: The question that is being answered, or a notice.
        done: Whether this was the last change.
        answer: The answer, with the last change.
    """

    history: Html | None = None
    pending: Html | None = None
    done: bool = False
    answer: Answer | None = None


class Talk:
    """Asks the desk on behalf of sessions, and remembers what was said.

    Args:
        desk: Who answers.
        conversations: What was said so far.
    """

    def __init__(self, desk: Desk, conversations: Conversations) -> None:
        self.desk = desk
        self.conversations = conversations

    def history(self, conversation: Conversation) -> Html:
        """Return all turns of a conversation."""
        return join([
            shortened() if conversation.asked > len(conversation) else NOTHING,
            *conversation.shown(turn_view),
        ])

    async def ask(self, token: str | None, question: str) -> AsyncGenerator[Update, None]:
        """Answer a question in a session's conversation, telling each stage."""
        asked = " ".join(question.split())
        if not asked:
            return
        conversation = self.conversations.of(token)
        conversation.ask(question)
        shown = asked if len(asked) <= 300 else asked[:300] + " …"
        stages: list[Stage] = []
        yield Update(pending=working(shown, stages))
        try:
            async with aclosing(self.desk.stream(question, conversation.history())) as steps:
                async for step in steps:
                    if isinstance(step, Stage):
                        stages.append(step)
                        yield Update(pending=working(shown, stages))
                    else:
                        conversation.add(step, self.desk.keep(step), self._excerpts(step))
                        yield Update(self.history(conversation), NOTHING, True, step)
        except Exception as error:
            yield Update(pending=notice(sentence(error), shown), done=True)

    def _excerpts(self, answer: Answer) -> dict[tuple[str, int, int], str]:
        excerpts = {}
        for hit in answer.trace.get("passages", ()):
            try:
                text = self.desk.assistant.article(hit["article"]).text
            except KeyError:
                continue
            where = (hit["article"], hit["start"], hit["end"])
            excerpts[where] = text[hit["start"]:hit["end"]][:400]
        return excerpts

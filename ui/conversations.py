"""The conversations of all sessions, each behind its own secret token, bounded in every way."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from rag import Answer, Turn

# Oldest turns fall away beyond this; the conversation says so.
MOST_TURNS: Final = 60
# The turns that a follow-up is resolved against.
HISTORY: Final = 12
_TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question of a conversation with its answer and what is needed to show it again.

    Attributes:
        number: Its position in the conversation, from 1.
        answer: What the assistant said.
        digests: Digest of each cited article as it was then.
        excerpts: Text of the passages that were read, by (article, start, end).
    """

    number: int
    answer: Answer
    digests: Mapping[str, str]
    excerpts: Mapping[tuple[str, int, int], str]


@dataclass(slots=True)
class Conversation:
    """The exchanges of one session, oldest first.

    Attributes:
        exchanges: Those that are kept.
        begun: Whether anything was asked yet, answered or not.
        asked: Questions that were answered, also those whose exchange has fallen away.
        used: When it was last used, on the monotonic clock.
    """

    exchanges: list[Exchange] = field(default_factory=list)
    begun: bool = False
    asked: int = 0
    used: float = field(default_factory=time.monotonic)

    def add(self, answer: Answer, digests: Mapping[str, str],
            excerpts: Mapping[tuple[str, int, int], str]) -> Exchange:
        """Append an exchange; beyond ``MOST_TURNS`` the oldest falls away."""
        self.asked += 1
        exchange = Exchange(self.asked, answer, digests, excerpts)
        self.exchanges.append(exchange)
        del self.exchanges[:-MOST_TURNS]
        return exchange

    def history(self) -> tuple[Turn, ...]:
        """Return the last turns, for a follow-up."""
        return tuple(Turn(e.answer.asked, e.answer.question, e.answer)
                     for e in self.exchanges[-HISTORY:])

    def exchange(self, number: int) -> Exchange:
        """Return one exchange.

        Raises:
            KeyError: It is not there, or has fallen away.
        """
        for exchange in self.exchanges:
            if exchange.number == number:
                return exchange
        raise KeyError(number)


class Conversations:
    """Conversations by token.

    The token is 128 random bits that the browser's tab makes and keeps for itself; it is the
    only way to a conversation. The least recently used conversations are forgotten first.

    Args:
        most: Conversations that are kept.
        seconds: Time after which an unused one is forgotten.
    """

    def __init__(self, most: int = 500, seconds: float = 12 * 3600) -> None:
        self._most = most
        self._seconds = seconds
        self._by_token: OrderedDict[str, Conversation] = OrderedDict()

    def __len__(self) -> int:
        return len(self._by_token)

    def of(self, token: str | None) -> Conversation:
        """Return the conversation of a token, a new one where there is none.

        Without a proper token the conversation is new each time and kept nowhere.
        """
        if token is None or not _TOKEN.fullmatch(token):
            return Conversation()
        found = self._by_token.setdefault(token, Conversation())
        found.used = time.monotonic()
        self._by_token.move_to_end(token)
        self._forget()
        return found

    def end(self, token: str | None) -> None:
        """Forget a conversation."""
        self._by_token.pop(token or "", None)

    def _forget(self) -> None:
        oldest = time.monotonic() - self._seconds
        while len(self._by_token) > self._most or (
            self._by_token and next(iter(self._by_token.values())).used < oldest
        ):
            self._by_token.popitem(last=False)

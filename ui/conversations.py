"""The conversations of all sessions, each behind its own secret token, bounded in every way."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from rag import Answer, Turn
from ui.folded import Exchange, fold, unfold
from ui.render import Html, Packed

# Oldest turns fall away beyond this; the conversation says so.
MOST_TURNS: Final = 60
# The turns that a follow-up is resolved against.
HISTORY: Final = 12
_TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(slots=True)
class _Kept:
    """A turn as it is kept: folded, and its markup once that was made."""

    number: int
    folded: bytes
    shown: Packed | None = None

    @property
    def size(self) -> int:
        return len(self.folded) + (self.shown.size if self.shown else 0)


@dataclass(slots=True)
class Conversation:
    """The exchanges of one session, oldest first.

    Attributes:
        begun: Whether anything was asked yet, answered or not.
        asked: Questions that were answered, also those whose exchange has fallen away.
        unanswered: The question that was asked last, until it is answered or taken back.
        used: When it was last used, on the monotonic clock.
        size: Bytes that its turns and the unanswered question take.
    """

    begun: bool = False
    asked: int = 0
    unanswered: str = ""
    used: float = field(default_factory=time.monotonic)
    size: int = 0
    _turns: list[_Kept] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self._turns)

    @property
    def exchanges(self) -> list[Exchange]:
        """Those that are kept."""
        return [unfold(turn.folded) for turn in self._turns]

    def ask(self, question: str) -> None:
        """Note that a question was asked, to give it back where it gets no answer."""
        self.begun = True
        self._hold(question)

    def take_back(self) -> str:
        """Return the question that was not answered, once; empty where there is none."""
        question = self.unanswered
        self._hold("")
        return question

    def _hold(self, question: str) -> None:
        self.size += 4 * (len(question) - len(self.unanswered))  # at most 4 bytes a character
        self.unanswered = question

    def add(self, answer: Answer, digests: Mapping[str, str],
            excerpts: Mapping[tuple[str, int, int], str]) -> Exchange:
        """Append an exchange; beyond ``MOST_TURNS`` the oldest falls away."""
        self.asked += 1
        self._hold("")
        exchange = Exchange(self.asked, answer, digests, excerpts)
        turn = _Kept(self.asked, fold(exchange))
        self._turns.append(turn)
        self.size += turn.size - sum(old.size for old in self._turns[:-MOST_TURNS])
        del self._turns[:-MOST_TURNS]
        return exchange

    def history(self) -> tuple[Turn, ...]:
        """Return the last turns, for a follow-up."""
        answers = [unfold(turn.folded).answer for turn in self._turns[-HISTORY:]]
        return tuple(Turn(answer.asked, answer.question, answer) for answer in answers)

    def exchange(self, number: int) -> Exchange:
        """Return one exchange.

        Raises:
            KeyError: It is not there, or has fallen away.
        """
        for turn in self._turns:
            if turn.number == number:
                return unfold(turn.folded)
        raise KeyError(number)

    def judge(self, number: int, verdict: str) -> None:
        """Keep what somebody said of a turn; "" takes it back. Its markup is made anew.

        Raises:
            KeyError: It is not there, or has fallen away.
        """
        judged = replace(self.exchange(number), verdict=verdict)
        for place, turn in enumerate(self._turns):
            if turn.number == number:
                self._turns[place] = _Kept(number, fold(judged))
                self.size += self._turns[place].size - turn.size

    def shown(self, view: Callable[[Exchange], Html]) -> list[Html]:
        """Return each turn's markup; ``view`` makes it, once until the turn is judged."""
        for turn in self._turns:
            if turn.shown is None:
                turn.shown = Packed(view(unfold(turn.folded)))
                self.size += turn.shown.size
        return [turn.shown.markup for turn in self._turns if turn.shown]


class Conversations:
    """Conversations by token.

    The token is 128 random bits that the browser's tab makes and keeps for itself; it is the
    only way to a conversation. The least recently used conversations are forgotten first.

    Args:
        most: Conversations that are kept.
        seconds: Time after which an unused one is forgotten.
        size: Bytes that their turns may take, all conversations together.
    """

    def __init__(self, most: int = 500, seconds: float = 12 * 3600,
                 size: int = 32 * 2**20) -> None:
        self._most = most
        self._size = size
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
        size = sum(one.size for one in self._by_token.values())
        # The newest, which is in use, always stays.
        while len(self._by_token) > 1:
            first = next(iter(self._by_token.values()))
            if len(self._by_token) <= self._most and first.used >= oldest and size <= self._size:
                break
            size -= first.size
            self._by_token.popitem(last=False)

"""How many questions are answered at once, how many may wait, and the plain "busy" after that."""

from __future__ import annotations

import asyncio


class Busy(Exception):
    """Too many questions are waiting; the asker should come back in a few seconds."""


class Gate:
    """Lets some questions in at once and some wait; refuses the rest at once.

    Args:
        running: Questions that are answered at the same time.
        waiting: Questions that may wait for their turn.
    """

    def __init__(self, running: int, waiting: int) -> None:
        self._free = asyncio.Semaphore(running)
        self._most_waiting = waiting
        self._waiting = 0
        self._inside = 0

    @property
    def waiting(self) -> int:
        """Questions that wait now."""
        return self._waiting

    @property
    def idle(self) -> bool:
        """Whether nobody is inside or waiting."""
        return self._inside == 0 and self._waiting == 0

    async def enter(self) -> None:
        """Wait for a place inside; whoever got one calls :meth:`leave` once.

        Raises:
            Busy: As many questions as may wait are waiting already.
        """
        if self._free.locked():
            if self._waiting >= self._most_waiting:
                raise Busy(f"{self._waiting} questions are waiting")
            self._waiting += 1
            try:
                await self._free.acquire()
            finally:
                self._waiting -= 1
        else:
            await self._free.acquire()
        self._inside += 1

    def leave(self) -> None:
        """Give the place back."""
        self._inside -= 1
        self._free.release()

"""Simulated users of a running page: ``python -m ui.load`` counts served, busy, lost and mixed up.

Each user is a browser's tab as the server sees it: it joins Gradio's queue with its own session
and its own conversation, follows the stream to the end, waits, and asks again. Each question
carries a mark of its user; whoever is shown another's mark was mixed up. At the end every
conversation is exported and compared with what its user was answered. The program starts its own
server and speaks to this machine only.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import re
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx

from ui.notices import BUSY

QUESTIONS: Final = (
    "How many Russian instructors arrived?", "Who leads the junta?",
    "Why did Ecowas lift sanctions on Niger?", "When was the coup?",
    "What did Mr Laessing say?", "Which song won the contest?", "Did France send instructors?",
    "What is the aim of the mission?",
)
# Of a soak: people at the same time, and questions after which each leaves and another comes.
VISITORS: Final = 6
VISIT: Final = 6
# Seconds after which an answer that has not come is lost.
PATIENCE: Final = 60.0
_MARK: Final = re.compile(r"\bu(\d+)n(\d+)\b")


@dataclass
class Tally:
    """What became of the questions of one run.

    Attributes:
        served: Seconds from asking to the whole answer, of each that was answered.
        busy: Questions that were told to come back.
        lost: Questions without an answer or a word.
        mixed: Users who were shown what was another's.
    """

    served: list[float] = field(default_factory=list)
    busy: int = 0
    lost: int = 0
    mixed: int = 0


class User:
    """One tab.

    Args:
        number: Its mark.
        client: Its connection.
        function: Number of the page's asking function.
    """

    def __init__(self, number: int, client: httpx.AsyncClient, function: int) -> None:
        self._number = number
        self._client = client
        self._function = function
        self._token = secrets.token_hex(16)
        self._session = secrets.token_hex(6)
        self._answered: list[str] = []

    async def ask(self, turn: int, tally: Tally) -> None:
        """Ask one question and follow it to its end."""
        mark = f"u{self._number}n{turn}"
        question = f"{QUESTIONS[(self._number + turn) % len(QUESTIONS)][:-1]}, {mark}?"
        began = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE):
                seen = await self._follow(question)
        except (TimeoutError, httpx.HTTPError, ValueError):
            tally.lost += 1
            return
        if any(int(user) != self._number for user, _ in _MARK.findall(seen)):
            tally.mixed += 1
        if BUSY in seen:
            tally.busy += 1
        elif f"turn-{len(self._answered) + 1}" in seen and mark in seen:
            self._answered.append(mark)
            tally.served.append(time.perf_counter() - began)
        else:
            tally.lost += 1

    async def _follow(self, question: str) -> str:
        joined = await self._client.post(
            "gradio_api/queue/join", headers={"X-Conversation": self._token},
            json={"data": [question], "fn_index": self._function, "session_hash": self._session,
                  "event_data": None, "trigger_id": None})
        joined.raise_for_status()
        seen: list[str] = []
        done = False
        async with self._client.stream(
            "GET", "gradio_api/queue/data", params={"session_hash": self._session}
        ) as stream:
            async for line in stream.aiter_lines():
                if not line.startswith("data:"):
                    continue
                message = json.loads(line[5:])
                seen.append(json.dumps(message.get("output"), ensure_ascii=False))
                done = done or message["msg"] == "process_completed"
                if message["msg"] == "close_stream":
                    break
        if done:
            return "".join(seen)
        raise ValueError("the stream ended before the answer")

    async def check(self, tally: Tally) -> None:
        """Compare the exported conversation with what was answered."""
        export = await self._client.get("page/export", headers={"X-Conversation": self._token})
        asked = re.findall(r"^## .*?\b(u\d+n\d+)\b", export.text, re.M)
        if asked != self._answered[-len(asked):] or (self._answered and not asked):
            tally.mixed += 1


async def crowd(url: str, users: int, seconds: float, think: float, visit: int = 0) -> Tally:
    """Let a number of users ask for a time; returns what became of their questions.

    Args:
        url: The page.
        users: Users at the same time.
        seconds: For how long.
        think: Seconds between an answer and the next question.
        visit: Questions after which a user leaves and a new one comes; 0 for never.
    """
    tally = Tally()
    numbers = itertools.count()
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE, limits=limits) as client:
        config = (await client.get("config")).json()
        function = next(one["id"] for one in config["dependencies"]
                        if len(one["inputs"]) == 1 and len(one["outputs"]) == 6)
        until = time.monotonic() + seconds

        async def come_and_go(place: int) -> None:
            await asyncio.sleep(think * place / users)
            while time.monotonic() < until:
                user = User(next(numbers), client, function)
                turn = 0
                while time.monotonic() < until and (not visit or turn < visit):
                    await user.ask(turn, tally)
                    turn += 1
                    await asyncio.sleep(think)
                await user.check(tally)

        await asyncio.gather(*map(come_and_go, range(users)))
    return tally


@contextmanager
def server(articles: Path) -> Iterator[tuple[str, int]]:
    """Run the page for a folder in a process of its own; yields its address and process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as place:
        process = subprocess.Popen(
            [sys.executable, "-m", "ui", "--articles", str(articles), "--port", str(port),
             "--index", f"{place}/index", "--feedback", f"{place}/feedback.jsonl"],
            stdout=subprocess.DEVNULL)
        url = f"http://127.0.0.1:{port}/"
        try:
            for _ in range(600):
                time.sleep(0.2)
                try:
                    if httpx.get(url + "articles").status_code == 200:
                        break
                except httpx.HTTPError:
                    continue
            yield url, process.pid
        finally:
            process.terminate()
            process.wait(20)


def resident(process: int) -> float | None:
    """Return a process's resident memory in MiB, where the system tells it."""
    try:
        status = Path(f"/proc/{process}/status").read_text("ascii")
    except OSError:
        return None
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else None


def row(users: int, seconds: float, tally: Tally) -> str:
    """Return one line of the table."""
    times = sorted(tally.served)
    p50 = statistics.median(times) if times else float("nan")
    p95 = times[int(0.95 * (len(times) - 1))] if times else float("nan")
    return (f"| {users} | {seconds:.0f} s | {len(times)} | {tally.busy} | {tally.lost} | "
            f"{tally.mixed} | {1000 * p50:.0f} ms | {1000 * p95:.0f} ms |")


def soak(url: str, process: int, minutes: float, think: float) -> int:
    """Let visitors come and go, and print the memory that the server took before and after.

    "Before" is after a minute of the same: the models are loaded with the first question, and
    the pools of threads and of memory fill with the first crowd.

    Returns:
        Questions that were lost and users that were mixed up.
    """
    asyncio.run(crowd(url, VISITORS, 60, think, VISIT))
    before = resident(process)
    tally = asyncio.run(crowd(url, VISITORS, 60 * minutes, think, VISIT))
    after = resident(process)
    print(row(VISITORS, 60 * minutes, tally))
    if before and after:
        print(f"\nMemory: {before:.0f} MiB before, {after:.0f} MiB after "
              f"({after / before - 1:+.1%}).")
    return tally.lost + tally.mixed


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the crowds and print their table; returns 1 when anything was lost or mixed up."""
    parser = argparse.ArgumentParser(prog="python -m ui.load", description=__doc__)
    parser.add_argument("--articles", type=Path, default=Path("seeds"))
    parser.add_argument("--users", type=int, nargs="+", default=[1, 4, 16, 64])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--think", type=float, default=1.0,
                        help="seconds between an answer and the next question")
    parser.add_argument("--soak", type=float, default=0.0,
                        help="minutes of visitors more, with the server's memory before and after")
    chosen = parser.parse_args(arguments)
    failed = 0
    with server(chosen.articles) as (url, process):
        print("| users | for | served | busy | lost | mixed up | p50 | p95 |")
        print("|---|---|---|---|---|---|---|---|")
        for users in chosen.users:
            tally = asyncio.run(crowd(url, users, chosen.seconds, chosen.think))
            failed += tally.lost + tally.mixed
            print(row(users, chosen.seconds, tally), flush=True)
        if chosen.soak:
            failed += soak(url, process, chosen.soak, chosen.think)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

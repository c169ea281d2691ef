"""Nothing leaves the machine: the main job with sockets blocked, and no telemetry left on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

# Runs before anything else in the child. Audit hooks see every socket that Python code makes,
# whoever makes it, and cannot be taken off again.
GUARD = """
import json, sys
reached = []
def guard(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname",
                 "socket.sendto", "socket.sendmsg", "socket.gethostbyaddr", "urllib.Request"):
        reached.append([event, repr(arguments)[:200]])
        raise OSError("the network is blocked by the test")
sys.addaudithook(guard)
"""

TELEMETRY = (
    "DO_NOT_TRACK",
    "GRADIO_ANALYTICS_ENABLED",
    "HF_HUB_DISABLE_TELEMETRY",
    "HF_HUB_OFFLINE",
    "TRANSFORMERS_OFFLINE",
)


def run(code: str, cwd: Path) -> dict[str, Any]:
    """Run code under the guard with no help from the environment; return its ``result``."""
    environment = {k: v for k, v in os.environ.items() if k not in TELEMETRY}
    tail = "\nprint(json.dumps({'result': result, 'reached': reached}))"
    done = subprocess.run(
        [sys.executable, "-c", GUARD + code + tail],
        capture_output=True, text=True, cwd=cwd, env=environment, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return said


def test_the_guard_sees_an_attempt(tmp_path: Path) -> None:
    code = """
import urllib.request
try:
    urllib.request.urlopen("http://127.0.0.1:9/")
    result = "open"
except OSError as error:
    result = str(error)
"""
    said = run(code, tmp_path)
    assert "blocked" in said["result"]
    assert said["reached"]


def test_the_main_job_needs_no_network(tmp_path: Path, seeds: Path) -> None:
    code = f"""
from rag import Assistant
with Assistant.open({str(seeds)!r}, index={str(tmp_path / "index")!r}) as assistant:
    first = assistant.ask("how many Russian instructors arrived?")
    chat = assistant.conversation()
    chat.ask("Who leads the junta?")
    second = chat.ask("Whom did he oust?")
result = [first.outcome, first.short, [c.quote for c in first.citations], second.outcome]
"""
    said = run(code, tmp_path)
    outcome, short, quotes, second = said["result"]
    assert (outcome, short, second) == ("answered", "100", "answered")
    assert any("100 Russian military instructors have already arrived" in q for q in quotes)
    assert said["reached"] == []


def test_no_telemetry_is_loaded_by_asking(tmp_path: Path, seeds: Path) -> None:
    code = f"""
from rag import Assistant
with Assistant.open({str(seeds)!r}, index={str(tmp_path / "index")!r}) as assistant:
    assistant.ask("Who leads the junta?")
import threading
result = {{
    "openvino": "openvino" in sys.modules,
    "telemetry": sys.modules.get("openvino_telemetry") is not None,
    "hub": "huggingface_hub" in sys.modules,
}}
"""
    assert run(code, tmp_path)["result"] == {"openvino": True, "telemetry": False, "hub": False}


def test_another_embedder_is_looked_for_on_this_machine_only(tmp_path: Path, seeds: Path) -> None:
    code = f"""
from rag import Assistant
from rag.errors import ModelError
try:
    Assistant.open({str(seeds)!r}, index={str(tmp_path / "index")!r}, embedder="nobody/no-model")
    result = "opened"
except ModelError as error:
    result = str(error)
"""
    said = run(code, tmp_path)
    assert "nobody/no-model" in said["result"]
    assert said["reached"] == []


def test_another_reader_is_looked_for_on_this_machine_only(tmp_path: Path, seeds: Path) -> None:
    code = f"""
from rag import Assistant
from rag.errors import ModelError
try:
    with Assistant.open({str(seeds)!r}, index={str(tmp_path / "index")!r},
                        reader="nobody/no-reader") as assistant:
        assistant.ask("Who leads the junta?")
    result = "answered"
except ModelError as error:
    result = str(error)
"""
    said = run(code, tmp_path)
    assert "nobody/no-reader" in said["result"]
    assert said["reached"] == []


@pytest.mark.slow
def test_building_the_page_calls_nobody(tmp_path: Path, root: Path, seeds: Path) -> None:
    code = f"""
from pathlib import Path
import ui.__main__
early = "gradio" in sys.modules
ui.launch.quieten()  # as the program does, before it imports the application
from ui.app import application
from ui.desk import Desk
application(Desk(Path({str(seeds)!r}), Path({str(tmp_path / "index")!r})))
import gradio, huggingface_hub.constants as hub, time
from gradio.analytics import analytics_enabled
time.sleep(1)  # telemetry is sent from a thread of its own
result = [early, analytics_enabled(), hub.HF_HUB_DISABLE_TELEMETRY, hub.HF_HUB_OFFLINE]
"""
    said = run(code, root)
    assert said["result"] == [False, False, True, True]
    assert said["reached"] == []

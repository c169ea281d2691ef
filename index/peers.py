"""Measures other libraries on the same passages, encoder and machine, in their own environment."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from rag.encoding.embedding import bundled_folder

PEERS = ("txtai", "langchain", "llama-index")
PLACE = Path(__file__).resolve().parent.parent / "build" / "peers"
_PACKAGES = (
    "sentence-transformers",
    "faiss-cpu",
    "txtai",
    "langchain-community",
    "langchain-huggingface",
    "llama-index-core",
    "llama-index-embeddings-huggingface",
    "llama-index-vector-stores-faiss",
)
_QUIET = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "ANONYMIZED_TELEMETRY": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "TQDM_DISABLE": "1",
}


@dataclass(frozen=True, slots=True)
class Peer:
    """What one peer took.

    Attributes:
        name: Of the peer.
        build_s: Seconds to embed, index and save the passages; model and imports already loaded.
        cold_s: Seconds of whole processes that load the index and search once.
    """

    name: str
    build_s: tuple[float, ...]
    cold_s: tuple[float, ...]


def set_up() -> Path:
    """Make the peers' environment if it is not there; return its Python."""
    python = PLACE / "bin" / "python"
    done = PLACE / ".installed"
    if not done.exists():
        print(f"installing the peers into {PLACE}; once, minutes", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", str(PLACE)], check=True)
        # The same torch as ours: without a version gigabytes for GPUs may come along.
        torch = f"torch=={version('torch').partition('+')[0]}"
        extra = ["--index-url", os.environ["TORCH_INDEX"]] if os.environ.get("TORCH_INDEX") else []
        pip = [str(python), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, *extra, torch], check=True)
        subprocess.run([*pip, *_PACKAGES], check=True)
        done.touch()
    return python


def measure(passages: list[str], folder: Path, runs: int) -> list[Peer]:
    """Let every peer build an index of the passages and ask it, each time in a new process.

    Args:
        passages: Texts to embed.
        folder: Where the peers write.
        runs: Times to build, and times to load and search.
    """
    python = set_up()
    file = folder / "passages.json"
    file.write_text(json.dumps(passages), encoding="utf-8")
    found = []
    for name in PEERS:
        built = [_run(python, name, "build", file, folder)[0] for _ in range(runs)]
        asked = [_run(python, name, "ask", file, folder)[1] for _ in range(runs)]
        found.append(Peer(name, tuple(built), tuple(asked)))
        middle = statistics.median(built)
        print(f"{name}: {len(passages) / middle:.0f} passages/s", file=sys.stderr)
    return found


def _run(python: Path, name: str, mode: str, file: Path, folder: Path) -> tuple[float, float]:
    """Return the seconds that the worker counted and those of its whole process."""
    worker = Path(__file__).with_name("peer_worker.py")
    command = [python, worker, name, mode, bundled_folder(), file, folder / name]
    began = time.perf_counter()
    done = subprocess.run(
        [str(part) for part in command],
        env=os.environ | _QUIET, capture_output=True, text=True, check=False,
    )  # fmt: skip
    took = time.perf_counter() - began
    if done.returncode:
        raise RuntimeError(f"{name} failed to {mode}: {done.stderr.strip()[-800:]}")
    return json.loads(done.stdout.splitlines()[-1])["seconds"], took

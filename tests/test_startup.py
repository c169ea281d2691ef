"""What starting up may load: nothing heavy before it is needed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "faiss",
    "gradio",
    "openvino",
    "pandas",
    "scipy",
    "sentence_transformers",
    "sklearn",
    "torch",
    "trafilatura",
    "transformers",
}


def loaded(code: str, *, cwd: Path) -> set[str]:
    """Run code in a fresh interpreter; return the top-level modules that it loaded."""
    tail = "\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code + tail], capture_output=True, text=True, cwd=cwd, check=True
    )
    names = json.loads(done.stdout.strip().splitlines()[-1])
    return {name.partition(".")[0] for name in names}


def run_cli(*arguments: str) -> str:
    """Code that runs the command line and goes on after it."""
    return f"import rag.cli\ntry:\n    rag.cli.main({list(arguments)!r})\nexcept SystemExit: pass\n"


def test_the_probe_sees_what_is_loaded(tmp_path: Path) -> None:
    assert "faiss" in loaded("import faiss", cwd=tmp_path)


def test_import_loads_nothing_heavy(tmp_path: Path) -> None:
    assert loaded("import rag; rag.Assistant", cwd=tmp_path) & HEAVY == set()


@pytest.mark.parametrize("arguments", [("--help",), ("ask", "--help"), ("--version",)])
def test_help_loads_nothing_heavy(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    assert loaded(run_cli(*arguments), cwd=tmp_path) & HEAVY == set()


def test_asking_an_existing_index_loads_no_training_library(tmp_path: Path, seeds: Path) -> None:
    index = str(tmp_path / "index")
    ask = ("ask", "--articles", str(seeds), "--index", index, "Who leads the junta?")
    loaded(run_cli(*ask), cwd=tmp_path)
    second = loaded(run_cli(*ask), cwd=tmp_path)
    assert "openvino" in second, "the default models run on OpenVINO"
    assert second & (HEAVY - {"openvino", "faiss"}) == set()

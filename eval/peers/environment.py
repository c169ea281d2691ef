"""The peers' own environment: nothing of it enters this project's."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import Final

import numpy as np
from safetensors.numpy import load_file, save_file

from eval.run import ROOT

REQUIREMENTS: Final = (
    "txtai>=9",
    "haystack-ai>=2.15,<3",
    "sentence-transformers>=5",
    "accelerate>=1",  # Haystack's reader spreads its model over devices with it
)


def install(place: Path) -> None:
    """Make the environment, with the PyTorch that our own tests ran with.

    PyTorch goes first, in a step of its own, so that no later step replaces the build chosen:
    on Linux, ``TORCH_INDEX=https://download.pytorch.org/whl/cpu`` leaves gigabytes for GPUs out.

    Args:
        place: Folder of the environment; an existing one is brought up to date.
    """
    torch = _pinned("torch")
    index = os.environ.get("TORCH_INDEX")
    print(f"installing the peers into {place}; minutes, once", file=sys.stderr)
    if not python(place).exists():
        venv.create(place, with_pip=True)
    pip = [str(python(place)), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, *(["--index-url", index] if index else []), torch], check=True)
    subprocess.run([*pip, torch, *REQUIREMENTS], check=True)


def python(place: Path) -> Path:
    """The environment's Python; it need not exist."""
    return place / ("Scripts" if os.name == "nt" else "bin") / "python"


def version(place: Path, package: str) -> str:
    """The version of a package that is installed there; empty when it is not."""
    name = package.replace("-", "_")
    for found in sorted(place.glob(f"**/site-packages/{name}-*.dist-info")):
        return found.name.removeprefix(f"{name}-").removesuffix(".dist-info")
    return ""


def full_precision(weights: Path, place: Path) -> Path:
    """Copy a model whose weights are kept in half precision, as 32-bit floats.

    PyTorch computes with the precision that it finds, and half precision is slow on most CPUs: the
    peers would pay for how the weights are kept.

    Args:
        weights: Folder of a ``transformers`` model.
        place: Folder of the copy; what is there is replaced.

    Returns:
        The folder of the copy.
    """
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for path in weights.glob("*.json"):
        shutil.copy(path, place)
    config = json.loads((weights / "config.json").read_text(encoding="utf-8"))
    (place / "config.json").write_text(json.dumps(config | {"dtype": "float32"}), encoding="utf-8")
    values = load_file(weights / "model.safetensors")
    save_file({name: value.astype(np.float32) for name, value in values.items()},
              place / "model.safetensors", metadata={"format": "pt"})
    return place


def _pinned(package: str) -> str:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    found = re.search(rf"^{package}==\S+", text, re.M)
    return found[0] if found else package

"""Make a reader's verdict model of one that was trained on from it, as a small correction.

python -m rag.reader.verdict --reader rag/reader/weights --trained runs/mine/reader
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from rag.errors import ModelError
from rag.reader.correction import FILE, HEAD, Floats

RANK = 32
# Too large for what they change.
_LEFT_OUT = "embeddings.word_embeddings.weight"


def difference(reader: Mapping[str, Floats], trained: Mapping[str, Floats], rank: int = RANK
               ) -> dict[str, Floats]:
    """Return the correction that comes nearest to a trained network, of a rank."""
    made: dict[str, Floats] = {}
    for name, value in trained.items():
        if name.startswith(HEAD):
            made[name] = value
        elif name in reader and name != _LEFT_OUT and not name.startswith(("qa_outputs", "null_")):
            change = value - reader[name]
            if change.ndim == 2 and min(change.shape) > 2 * rank and "embeddings" not in name:
                left, scale, right = np.linalg.svd(change, full_matrices=False)
                root = np.sqrt(scale[:rank])
                made[f"{name}.left"] = left[:, :rank] * root
                made[f"{name}.right"] = root[:, None] * right[:rank]
            else:
                made[name] = change
    return made


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    from safetensors.numpy import save_file

    from rag.encoder import read_weights

    parser = argparse.ArgumentParser(
        prog="python -m rag.reader.verdict",
        description="Write the verdict model of a reader as a correction of its weights.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--reader", type=Path, required=True, help="folder of the reader")
    parser.add_argument("--trained", type=Path, required=True,
                        help="folder of the reader that was trained on from it")
    parser.add_argument("--lean", type=float, default=0.0,
                        help="what is added to the log-odds of yes against no")
    parser.add_argument("--rank", type=int, default=RANK, help="largest rank of a matrix")
    options = parser.parse_args(argv)
    try:
        made = difference(read_weights(options.reader), read_weights(options.trained), options.rank)
    except ModelError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if f"{HEAD}.weight" not in made:
        print(f"error: {options.trained} has no verdict head", file=sys.stderr)
        return 2
    made[f"{HEAD}.bias"] = made[f"{HEAD}.bias"] + np.array([0.5, -0.5, 0.0]) * options.lean
    path = options.reader / FILE
    save_file({name: np.ascontiguousarray(value, np.float16) for name, value in made.items()}, path)
    path.chmod(0o644)
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())

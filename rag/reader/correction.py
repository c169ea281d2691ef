"""What turns a reader's weights into those of its verdict model, small enough to ship beside them.

A network that was trained on to tell yes from no differs from the reader it came from by a matrix a
layer; of each the part of largest singular values is kept (Eckart and Young, 1936; the low-rank
updates of Hu et al., LoRA, ICLR 2022, found after training instead of during it). With rank 32 that
is 3 MB beside 45 MB. :mod:`rag.reader.verdict` makes one.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelError

FILE = "verdict.safetensors"
HEAD = "verdict_head"
Floats = NDArray[np.float32]


def corrected(weights: dict[str, Floats], correction: Mapping[str, Floats]) -> None:
    """Change a reader's weights into those of its verdict model, in place.

    Args:
        weights: By the names of ``transformers``' ``BertModel``.
        correction: For a matrix ``NAME.left`` (rows, rank) and ``NAME.right`` (rank, columns), for
            anything else the difference; the head as it is.

    Raises:
        ModelError: It was made for another reader.
    """
    for name, value in correction.items():
        if name.startswith(HEAD):
            weights[name] = value
            continue
        target = name.removesuffix(".left").removesuffix(".right")
        if target not in weights:
            raise ModelError(f"the verdict correction changes {target!r}, which the reader lacks")
        if name.endswith(".left"):
            weights[target] = weights[target] + value @ correction[f"{target}.right"]
        elif not name.endswith(".right"):
            weights[target] = weights[target] + value

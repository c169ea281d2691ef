"""Corrections of low rank on a model's weights: one encoder serves several networks.

After Hu et al., LoRA (ICLR 2022): a layer's weights W become W + (D U)ᵀ, with D (inputs, rank)
and U (rank, outputs).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rag.encoding.bert import Floats


def correct(weights: dict[str, Floats], learnt: Mapping[str, Floats]) -> None:
    """Add the corrections that are among some learnt tensors.

    Args:
        weights: A BERT's weights, by the names of ``transformers``' ``BertModel``; changed in
            place.
        learnt: For each corrected layer ``<layer>.down`` and ``<layer>.up``; others are
            passed over.
    """
    for name, down in learnt.items():
        if name.endswith(".down"):
            layer = name.removesuffix(".down")
            change = np.ascontiguousarray((down @ learnt[f"{layer}.up"]).T)
            target = f"{layer.removeprefix('bert.')}.weight"
            weights[target] = weights[target] + change

"""The term model: how likely each word of the history belongs in the question.

The bundled encoder with a learnt low-rank correction of its weights (LoRA, Hu et al., ICLR 2022),
and a small head that also sees case, role and age of each word. Trained by
``rag.conversation.train``; what was tried and measured is in ``EXPERIMENTS.md``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rag.conversation.encoding import FEATURES, Encoded, Text, encode, features, stems
from rag.encoding.lowrank import correct
from rag.errors import ModelError
from rag.language.words import content_stems

if TYPE_CHECKING:
    from rag.encoding.encoder import Encoder

WEIGHTS = Path(__file__).parent / "weights"
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TermModel:
    """The loaded model; open one with :func:`load`.

    Attributes:
        encoder: The corrected encoder, giving the head's first layer for each piece.
        threshold: Probability from which a word is a term: the best F1 on the dev conversations.
        seen: The head's weights for the features, shape (features, hidden).
        out: The head's last layer, shape (hidden,), and its bias.
    """

    encoder: Encoder
    threshold: float
    seen: Floats
    out: Floats
    bias: float

    def score(self, question: str, texts: Sequence[Text]) -> dict[str, float]:
        """Return the probability of each stem of the history that the question does not hold.

        Args:
            question: The question as asked.
            texts: What was said before, the newest turn first.
        """
        encoded = encode(self.encoder.tokenizer, question, texts)
        if not encoded.places:
            return {}
        asked = content_stems(question)
        found: dict[str, float] = {}
        probabilities = self._words(encoded, texts)
        for root, p in zip(stems(encoded, texts), probabilities, strict=True):
            if root is not None and root not in asked:
                found[root] = max(found.get(root, 0.0), float(p))
        return found

    def _words(self, encoded: Encoded, texts: Sequence[Text]) -> Floats:
        (hidden,) = self.encoder.run_many([encoded.ids], [encoded.types])[0]
        at = [place.piece for place in encoded.places]
        mixed = hidden[at] + np.array(features(encoded, texts), np.float32) @ self.seen
        logits = _gelu(mixed) @ self.out + self.bias
        return np.asarray(1 / (1 + np.exp(-logits)), np.float32)


@lru_cache(maxsize=1)
def load(folder: Path = WEIGHTS) -> TermModel:
    """Load the term model once; later calls return the same one.

    Raises:
        ModelError: Its files are missing or damaged, or it was made for another encoder.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load as read

    from rag.encoding.embedding import BUNDLED_SHA256, bundled_folder
    from rag.encoding.encoder import Encoder

    try:
        about = json.loads((folder / "terms.json").read_text("utf-8"))
        raw = (folder / "terms.safetensors").read_bytes()
        if hashlib.sha256(raw).hexdigest() != about["sha256"]:
            raise ModelError(f"the term model in {folder} is damaged; reinstall the package")
        learnt = {name: value.astype(np.float32) for name, value in read(raw).items()}
        if about["encoder"] != BUNDLED_SHA256:
            raise ModelError(f"the term model in {folder} was made for another encoder")
        threshold = float(about["threshold"])
        width = learnt["mix.weight"].shape[1] - FEATURES
        encoder = Encoder(bundled_folder(), "token", adapt=lambda w: adapt(w, learnt))
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        said = f"no usable term model in {folder} ({error}); reinstall the package"
        raise ModelError(said) from error
    return TermModel(
        encoder,
        threshold,
        np.ascontiguousarray(learnt["mix.weight"][:, width:].T),
        learnt["out.weight"][0],
        float(learnt["out.bias"][0]),
    )


def adapt(weights: dict[str, Floats], learnt: Mapping[str, Floats]) -> None:
    """Add the low-rank correction to the encoder's weights and put the head's first layer on top.

    Args:
        weights: The encoder's weights, by the names of ``transformers``; changed in place.
        learnt: For each corrected layer ``down`` (inputs, rank) and ``up`` (rank, outputs), and
            the head's ``mix``.
    """
    correct(weights, learnt)
    width = learnt["mix.weight"].shape[1] - FEATURES
    weights["classifier.weight"] = np.ascontiguousarray(learnt["mix.weight"][:, :width])
    weights["classifier.bias"] = learnt["mix.bias"]


def _gelu(x: Floats) -> Floats:
    """Return x Φ(x), with the error function after Abramowitz & Stegun 7.1.26 (error < 2e-7)."""
    z = np.abs(x) / np.sqrt(2)
    t = 1 / (1 + 0.3275911 * z)
    poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (
        -1.453152027 + t * 1.061405429))))
    erf = np.sign(x) * (1 - poly * np.exp(-z * z))
    return np.asarray(0.5 * x * (1 + erf), np.float32)

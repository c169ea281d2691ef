"""From signals to the probability that the shown answer is right, and from risk to a threshold.

The signals of the reader, the retrieval and the words (the idea of Kamath, Jia and Liang, ACL
2020) of all answers to a question are looked at together: small networks score each answer by its
signals and by how far each of them is behind the best one's, and the scores are shares of one
whole, with "none of them" among them (a softmax, as in the plain multinomial choice of McFadden,
1974). The calibrator is plain JSON, fitted on development data only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelError
from rag.settings import DEFAULT, Settings

VERSION = 2
FILE = "calibrator.json"
SECOND = "second-calibrator.json"  # with the verifier's signal
FAR = 4.0  # scales from the mean, beyond which a signal says no more
_LARGE = 1e6  # no sound file has such a number

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Net:
    """A small network that scores an answer by 2n inputs, through h hidden units.

    Attributes:
        linear: (2n,) weights of a plain sum.
        hidden: (h, 2n) weights of the hidden units; h may be 0.
        bias: (h,) what is added before their hyperbolic tangent.
        out: (h,) what each of them adds to the score.
        none: The score of "none of the answers".
    """

    linear: Floats
    hidden: Floats
    bias: Floats
    out: Floats
    none: float

    def scores(self, inputs: Floats) -> Floats:
        """Return the score of each answer, (k,), for inputs (k, 2n)."""
        scores: Floats = (
            inputs @ self.linear + np.tanh(inputs @ self.hidden.T + self.bias) @ self.out)
        return scores

    def shares(self, inputs: Floats) -> Floats:
        """Return the share of each answer beside the others, (k,), for inputs (k, 2n)."""
        scores = np.append(self.scores(inputs), self.none)
        weights = np.exp(scores - scores.max())
        shares: Floats = (weights / weights.sum())[:-1]
        return shares

    def alone(self, inputs: Floats) -> Floats:
        """Return the share that each answer would have if it were the only one."""
        shares: Floats = 1 / (1 + np.exp(np.clip(self.none - self.scores(inputs), -30, 30)))
        return shares


@dataclass(frozen=True, slots=True, eq=False)
class Calibrator:
    """Signals to probabilities.

    Attributes:
        features: Names of the n signals, in order.
        means: (n,) what is taken off each.
        scales: (n,) what each is divided by.
        nets: Networks; the mean of what they say counts.
        risks: Pairs (largest share of wrong answers among those given, threshold), measured on
            development data, rising in risk.
        name: What it was fitted on, for the trace.
    """

    features: tuple[str, ...]
    means: Floats
    scales: Floats
    nets: tuple[Net, ...]
    risks: tuple[tuple[float, float], ...] = ()
    name: str = "plain"

    def probabilities(self, answers: Sequence[Mapping[str, float]]) -> list[float]:
        """Return the probability of each of a question's answers that it is the right one.

        They sum to 1 at most: where several are right, they share it.

        Args:
            answers: The signals of each; one that is missing counts as its mean.
        """
        if not answers:
            return []
        inputs = compared(self._standard(answers))
        shares: list[float] = np.mean([net.shares(inputs) for net in self.nets], 0).tolist()
        return shares

    def alone(self, answers: Sequence[Mapping[str, float]]) -> list[float]:
        """Return the probability of each of some answers, as if it were the only one found."""
        if not answers:
            return []
        inputs = compared(self._standard(answers)[:, None])[:, 0]
        shares: list[float] = np.mean([net.alone(inputs) for net in self.nets], 0).tolist()
        return shares

    def _standard(self, answers: Sequence[Mapping[str, float]]) -> Floats:
        pairs = list(zip(self.features, self.means.tolist(), strict=True))
        values = np.array([[float(one.get(f, mean)) for f, mean in pairs] for one in answers])
        standard: Floats = (values - self.means) / self.scales
        return standard

    def threshold(self, max_risk: float) -> float:
        """Return the least probability at which an answer is given.

        Args:
            max_risk: Largest accepted share of wrong answers among those given.
        """
        if max_risk >= 1:
            return 0.0
        within = [threshold for risk, threshold in self.risks if risk <= max_risk]
        if within:
            return within[-1]
        # Less risk than any that was measured: only answers that are each that sure.
        return max([1 - max_risk, *(threshold for _, threshold in self.risks[:1])])

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON-ready values, rounded to six digits."""
        def short(values: Floats) -> Any:
            return np.round(values, 6).tolist()

        return {
            "version": VERSION, "name": self.name, "features": list(self.features),
            "means": short(self.means), "scales": short(self.scales),
            "risks": [list(pair) for pair in self.risks],
            "nets": [{"linear": short(n.linear), "hidden": short(n.hidden), "bias": short(n.bias),
                      "out": short(n.out), "none": round(n.none, 6)} for n in self.nets],
        }

    @classmethod
    def load(cls, path: Path) -> Calibrator:
        """Read a calibrator.

        Raises:
            ModelError: The file is missing, damaged, or of another version.
        """
        try:
            data = json.loads(path.read_text("utf-8"))
            version = data["version"]
            if version != VERSION:
                raise ModelError(
                    f"calibrator {path} has version {version!r}, this program reads {VERSION}; "
                    "fit it anew with python -m rag.reader.calibrate"
                )
            features = tuple(data["features"])
            if not features or len({*map(str, features)}) < len(features):
                raise ValueError("no signals, or the same twice")
            n = len(features)
            risks = _array(data["risks"], len(data["risks"]), 2)
            if ((risks < 0) | (risks > 1)).any():
                raise ValueError("a risk or a threshold that is not between 0 and 1")
            return cls(
                features=features,
                means=_array(data["means"], n),
                scales=_array(data["scales"], n),
                nets=tuple(_net(one, 2 * n) for one in data["nets"]),
                risks=tuple(sorted((r, t) for r, t in risks.tolist())),
                name=str(data.get("name", path.name)),
            )
        except (OSError, ValueError, KeyError, TypeError, ArithmeticError, RecursionError
                ) as error:
            raise ModelError(
                f"calibrator {path} is missing or damaged ({error}); install the package again"
            ) from None

    def __post_init__(self) -> None:
        if not self.nets or not (self.scales > 0).all():
            raise ValueError("there is no network, or a scale that is not above 0")


def compared(standard: Floats) -> Floats:
    """Return what networks see of the answers to one question.

    Args:
        standard: (..., k, n) the standardised signals of k answers.

    Returns:
        (..., k, 2n) each signal, and how far it is behind the greatest among the answers.
    """
    near = np.clip(standard, -FAR, FAR)
    return np.concatenate([near, near - near.max(-2, keepdims=True)], -1)


def _net(data: Mapping[str, Any], inputs: int) -> Net:
    h = len(data["bias"])
    return Net(_array(data["linear"], inputs), _array(data["hidden"], h, inputs),
               _array(data["bias"], h), _array(data["out"], h), float(_array(data["none"])))


def _array(values: Any, *shape: int) -> Floats:
    array = np.array(values, np.float64)
    array = array if array.size else array.reshape(shape)
    if array.shape != shape or not (np.abs(array) < _LARGE).all():
        raise ValueError(f"numbers of shape {array.shape}; finite ones of {shape} are expected")
    return array


def _plain(weights: Mapping[str, tuple[float, float, float]], none: float,
           risks: tuple[tuple[float, float], ...]) -> Calibrator:
    """Return a calibrator of one weighted sum: mean, scale and weight of each signal."""
    means, scales, linear = (np.array(v) for v in zip(*weights.values(), strict=True))
    n = len(linear)
    net = Net(np.append(linear, np.zeros(n)), np.zeros((0, 2 * n)), np.zeros(0), np.zeros(0), none)
    return Calibrator(tuple(weights), means, scales, (net,), risks)


# Stands in where a reader comes without a calibrator of its own: rounded weights of the signals
# that carry over between readers.
PLAIN = _plain({
    "margin": (0.0, 3.0, 0.7),
    "gap": (2.0, 3.0, 0.35),
    "names_all": (1.0, 0.3, 1.3),
    "numbers_all": (1.0, 0.3, 1.0),
    "words_alike": (0.7, 0.3, 0.6),
    "type_fit": (0.8, 0.4, 0.35),
    "focus": (0.5, 0.5, 0.35),
    "nouns_passage": (0.9, 0.4, 0.6),
    "role": (0.5, 0.5, 0.7),
}, none=-0.4, risks=((0.05, 0.75), (0.1, 0.6), (0.2, 0.5), (0.3, 0.4), (0.5, 0.25)))


def load(settings: Settings) -> Calibrator:
    """Return the calibrator that was fitted for the reader that the settings name.

    A reader without one of its own is judged by rounded weights.

    Raises:
        ModelError: The file is damaged or of another version.
    """
    path = _folder(settings) / FILE
    return Calibrator.load(path) if path.is_file() else PLAIN


def load_second(settings: Settings) -> Calibrator | None:
    """Return the calibrator for answers that the reader's verifier has read, if there is one.

    Raises:
        ModelError: The file is damaged or of another version.
    """
    path = _folder(settings) / SECOND
    return Calibrator.load(path) if path.is_file() else None


def _folder(settings: Settings) -> Path:
    from rag.reader.model import WEIGHTS

    return WEIGHTS if settings.reader == DEFAULT else Path(settings.reader)

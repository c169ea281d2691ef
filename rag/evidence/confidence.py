"""From signals to the probability that the shown answer is right, and from risk to a threshold.

The calibrator is a logistic regression, or boosted trees, over signals of the reader, the
retrieval and the words (the idea of Kamath, Jia and Liang, ACL 2020), with isotonic steps after
it where they were fitted. It is plain JSON, fitted on development data only.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.errors import ModelError
from rag.settings import DEFAULT, Settings

VERSION = 1
Node = tuple[int, float, int, int]
FILE = "calibrator.json"


@dataclass(frozen=True, slots=True)
class Calibrator:
    """Signals to probability.

    Attributes:
        features: Names of the signals, in order; "a*b" is the product of two standardised ones.
        means: What is taken off each plain signal.
        scales: What each is divided by.
        weights: Weight of each feature, products included.
        bias: The regression's constant.
        steps: Points (probability before, probability after) of a rising line; empty for none.
        risks: Pairs (largest share of wrong answers among those given, threshold), measured on
            development data, rising in risk.
        name: What it was fitted on, for the trace.
        trees: Boosted regression trees whose values are added before the logistic function. A
            tree is a tuple of nodes: (feature, threshold, left, right) sends signals up to the
            threshold to the left node, (-1, value, 0, 0) is a leaf. Features count from 0 among
            the plain ones.
    """

    features: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float
    steps: tuple[tuple[float, float], ...] = ()
    risks: tuple[tuple[float, float], ...] = ()
    name: str = "plain"
    trees: tuple[tuple[Node, ...], ...] = ()

    def probability(self, signals: Mapping[str, float]) -> float:
        """Return the probability that an answer with these signals is right."""
        plain = {
            feature: (float(signals.get(feature, mean)) - mean) / scale
            for feature, mean, scale in zip(self.features, self.means, self.scales, strict=False)
        }
        total = self.bias
        for feature, weight in zip(self.features, self.weights, strict=True):
            if feature in plain:
                total += weight * plain[feature]
            else:
                left, _, right = feature.partition("*")
                total += weight * plain[left] * plain[right]
        if self.trees:
            values = [float(signals.get(f, m)) for f, m in zip(plain, self.means, strict=True)]
            total += sum(_leaf(tree, values) for tree in self.trees)
        raw = 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
        return _interpolate(self.steps, raw) if self.steps else raw

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
                    f"calibrator {path} has version {version!r}, this program reads {VERSION}"
                )
            return cls(
                features=tuple(map(str, data["features"])),
                means=_floats(data["means"]),
                scales=_floats(data["scales"]),
                weights=_floats(data["weights"]),
                bias=float(data["bias"]),
                steps=tuple((float(x), float(y)) for x, y in data.get("steps", ())),
                risks=tuple(sorted((float(r), float(t)) for r, t in data.get("risks", ()))),
                name=str(data.get("name", path.name)),
                trees=tuple(
                    tuple((int(f), float(t), int(left), int(right)) for f, t, left, right in tree)
                    for tree in data.get("trees", ())
                ),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(
                f"calibrator {path} is missing or damaged ({error}); install the package again"
            ) from None

    def __post_init__(self) -> None:
        plain = [f for f in self.features if "*" not in f]
        wrong = (
            len(self.weights) != len(self.features)
            or not len(plain) == len(self.means) == len(self.scales)
            or self.features[: len(plain)] != tuple(plain)
            or any(scale <= 0 for scale in self.scales)
            or any(part not in plain for f in self.features if "*" in f for part in f.split("*"))
            or not all(_sound(tree, len(plain)) for tree in self.trees)
        )
        if wrong:
            raise ValueError("features, means, scales and weights do not fit together")


# Stands in where a reader comes without a calibrator of its own: rounded weights of the signals
# that carry over between readers.
PLAIN = Calibrator(
    features=("margin", "gap", "names_all", "numbers_all", "words_alike", "type_fit", "focus",
              "nouns_passage", "role"),
    means=(0.0, 2.0, 1.0, 1.0, 0.7, 0.8, 0.5, 0.9, 0.5),
    scales=(3.0, 3.0, 0.3, 0.3, 0.3, 0.4, 0.5, 0.4, 0.5),
    weights=(0.7, 0.35, 1.3, 1.0, 0.6, 0.35, 0.35, 0.6, 0.7),
    bias=0.4,
    risks=((0.05, 0.75), (0.1, 0.6), (0.2, 0.5), (0.3, 0.4), (0.5, 0.25)),
)


def load(settings: Settings) -> Calibrator:
    """Return the calibrator that was fitted for the reader that the settings name.

    A reader without one of its own is judged by rounded weights.

    Raises:
        ModelError: The file is damaged or of another version.
    """
    from rag.reader.model import WEIGHTS

    folder = WEIGHTS if settings.reader == DEFAULT else Path(settings.reader)
    path = folder / FILE
    return Calibrator.load(path) if path.is_file() else PLAIN


def _leaf(tree: tuple[Node, ...], values: Sequence[float]) -> float:
    feature, number, left, right = tree[0]
    while feature >= 0:
        feature, number, left, right = tree[left if values[feature] <= number else right]
    return number


def _sound(tree: tuple[Node, ...], features: int) -> bool:
    """Tell whether a tree ends: every branch leads to a later node."""
    return bool(tree) and all(
        feature < features
        and (feature < 0 or (at < left < len(tree) and at < right < len(tree)))
        for at, (feature, _, left, right) in enumerate(tree)
    )


def _floats(values: Sequence[object]) -> tuple[float, ...]:
    return tuple(float(v) for v in values)  # type: ignore[arg-type]


def _interpolate(points: Sequence[tuple[float, float]], x: float) -> float:
    at = bisect_right([p[0] for p in points], x)
    if at == 0:
        return points[0][1]
    if at == len(points):
        return points[-1][1]
    (x0, y0), (x1, y1) = points[at - 1], points[at]
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0) if x1 > x0 else y1

"""Calibrators fitted on answers that are known to be right or wrong, and how well they hold.

A case is what :func:`rag.reader.calibrate.gather` yields: a question with its weighed answers,
each with signals and whether it is right.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rag.evidence.confidence import Calibrator

Kind = Literal["logistic", "boosted", "blended"]
Case = dict[str, Any]
Floats = NDArray[np.float64]

_RISKS = (0.01, 0.02, 0.03, 0.05, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
# Products of signals that a plain sum cannot express: a margin means less when the question's
# names are not in the passage.
PRODUCTS = ("margin*names_sentence", "margin*words_passage", "margin*gap")
_CLEAR = 1e-9


def table(cases: Sequence[Case]) -> tuple[tuple[str, ...], Floats, NDArray[np.bool_]]:
    """Stack the answers of many cases.

    Returns:
        Names of the signals, signals (n, names), and whether each answer is right (n,).
    """
    answers = [answer for case in cases for answer in case["answers"]]
    names = tuple(sorted(answers[0]["signals"]))
    return (names, np.array([[a["signals"][n] for n in names] for a in answers]),
            np.array([a["right"] for a in answers]))


def logistic(cases: Sequence[Case], name: str = "") -> Calibrator:
    """Fit a logistic regression over the signals and a few products of them."""
    raw = _logistic(cases, name)
    return stepped(raw, cases)


def _logistic(cases: Sequence[Case], name: str = "") -> Calibrator:
    from sklearn.linear_model import LogisticRegression

    features, values, right = table(cases)
    keep = [i for i, s in enumerate(values.std(0)) if s > _CLEAR]
    features = tuple(features[i] for i in keep)
    means, scales = values[:, keep].mean(0), values[:, keep].std(0)
    plain = (values[:, keep] - means) / scales
    columns, products = [plain], []
    for product in PRODUCTS:
        if all(part in features for part in product.split("*")):
            a, b = (features.index(part) for part in product.split("*"))
            columns.append((plain[:, a] * plain[:, b])[:, None])
            products.append(product)
    model = LogisticRegression(C=0.1, max_iter=3000).fit(np.hstack(columns), right)
    return Calibrator(
        (*features, *products), tuple(means.tolist()), tuple(scales.tolist()),
        tuple(model.coef_[0].tolist()), float(model.intercept_[0]), name=name)


def boosted(cases: Sequence[Case], name: str = "") -> Calibrator:
    """Fit boosted trees over the signals (Friedman, 2001)."""
    from sklearn.ensemble import GradientBoostingClassifier

    features, values, right = table(cases)
    model = GradientBoostingClassifier(
        n_estimators=150, learning_rate=0.06, max_depth=3, subsample=0.6, min_samples_leaf=30,
        max_features=0.5, random_state=1).fit(values, right)
    trees = tuple(_nodes(row[0].tree_, model.learning_rate) for row in model.estimators_)
    prior = float(right.mean())
    none = (0.0,) * len(features)
    return Calibrator(features, none, tuple(1.0 for _ in features), none,
                     float(np.log(prior / (1 - prior))), name=name, trees=trees)


def blended(cases: Sequence[Case], name: str = "") -> Calibrator:
    """Fit both and take the mean of their logits.

    The regression carries over to other articles, the trees see what holds only together.
    """
    line = _logistic(cases, name)
    plain = tuple(f for f in line.features if "*" not in f)
    trees = boosted([{**case, "answers": [
        {**a, "signals": {f: a["signals"][f] for f in plain}} for a in case["answers"]
    ]} for case in cases])
    halves = tuple(
        tuple((f, value / 2 if f < 0 else value, left, right) for f, value, left, right in tree)
        for tree in trees.trees)
    return replace(line, weights=tuple(w / 2 for w in line.weights),
                   bias=(line.bias + trees.bias) / 2, trees=halves)


def _nodes(tree: Any, rate: float) -> tuple[tuple[int, float, int, int], ...]:
    return tuple(
        (-1, rate * float(tree.value[i][0][0]), 0, 0) if tree.children_left[i] < 0 else
        (int(tree.feature[i]), float(tree.threshold[i]), int(tree.children_left[i]),
         int(tree.children_right[i]))
        for i in range(tree.node_count))


def stepped(raw: Calibrator, cases: Sequence[Case]) -> Calibrator:
    """Put isotonic steps after a calibrator, fitted on the answer that each case would show.

    Isotonic steps are flat in between; a few quantile points with straight lines between them
    keep the order of answers within a step.
    """
    shown, truth = shown_of(raw, cases)
    return replace(raw, steps=steps_of(shown, truth))


def steps_of(shown: Floats, truth: Floats) -> tuple[tuple[float, float], ...]:
    """The rising line from raw to true probabilities as at most 13 points."""
    from sklearn.isotonic import IsotonicRegression

    line = IsotonicRegression(out_of_bounds="clip").fit(shown, truth)
    grid = np.unique(np.quantile(shown, np.linspace(0, 1, 13)))
    near = np.linspace(-0.02, 0.02, 9)
    smooth = [float(np.mean(line.predict(np.clip(x + near, 0, 1)))) for x in grid]
    return tuple((float(x), float(y))
                 for x, y in zip(grid, np.maximum.accumulate(smooth), strict=True))


def fit(cases: Sequence[Case], kind: Kind, name: str = "") -> Calibrator:
    """Fit a calibrator of a kind; its table of risks is left empty."""
    if kind == "logistic":
        return logistic(cases, name)
    make = boosted if kind == "boosted" else blended
    # Trees are too sure of what they were fitted on: the steps come from unseen folds.
    return replace(make(cases, name), steps=steps_of(*_crossed(cases, make)))


def shown_of(calibrator: Calibrator, cases: Sequence[Case]
             ) -> tuple[Floats, Floats]:
    """The answer that each case would show: its probability, and 1.0 where it is right."""
    shown, truth = [], []
    for case in cases:
        best = max(((calibrator.probability(a["signals"]), a["right"]) for a in case["answers"]),
                   default=(0.0, False), key=lambda pair: pair[0])
        shown.append(best[0])
        truth.append(float(best[1]))
    return np.array(shown), np.array(truth)


def ece(shown: Floats, truth: Floats, bins: int = 10) -> float:
    """Expected calibration error over ``bins`` bins of equal count (Naeini et al., AAAI 2015)."""
    order = np.argsort(shown, kind="stable")
    parts = [p for p in np.array_split(order, bins) if len(p)]
    return float(sum(len(p) * abs(shown[p].mean() - truth[p].mean()) for p in parts) / len(shown))


def ece_by_chance(shown: Floats, draws: int = 200, seed: int = 1) -> float:
    """The calibration error that probabilities which hold exactly have on so many cases.

    With 30 cases a bin a perfect calibrator shows an error of about 0.06: what is measured means
    something only beside this.
    """
    rng = np.random.default_rng(seed)
    return float(np.mean([ece(shown, (rng.random(len(shown)) < shown).astype(np.float64))
                          for _ in range(draws)]))


def brier(shown: Floats, truth: Floats) -> float:
    """Mean squared error of the probabilities (Brier, 1950)."""
    return float(np.mean((shown - truth) ** 2))


def risks_of(shown: Floats, truth: Floats) -> tuple[tuple[float, float], ...]:
    """Least threshold that keeps the share of wrong answers within each risk, where one does."""
    order = np.argsort(-shown, kind="stable")
    wrong = np.cumsum(1 - truth[order]) / np.arange(1, len(order) + 1)
    result = []
    for risk in _RISKS:
        # The last position from which the risk still holds; 20 answers at least, or it is luck.
        fitting = np.flatnonzero(wrong <= risk)
        if len(fitting) and fitting[-1] >= 20:
            result.append((risk, round(float(shown[order[fitting[-1]]]), 4)))
    return tuple(result)


def crossed(cases: Sequence[Case], kind: Kind, folds: int = 5) -> tuple[Floats, Floats]:
    """Probabilities of cases by calibrators that did not see their group, and the truth."""
    return _crossed(cases, lambda some: fit(some, kind), folds)


def _crossed(cases: Sequence[Case], make: Callable[[Sequence[Case]], Calibrator],
             folds: int = 5) -> tuple[Floats, Floats]:
    from sklearn.model_selection import GroupKFold

    shown, truth = np.zeros(len(cases)), np.zeros(len(cases))
    groups = [f"{c['source']}/{c['group']}" for c in cases]
    for seen, unseen in GroupKFold(folds).split(np.zeros(len(cases)), groups=groups):
        calibrator = make([cases[i] for i in seen])
        shown[unseen], truth[unseen] = shown_of(calibrator, [cases[i] for i in unseen])
    return shown, truth

"""Calibrators fitted on answers that are known to be right or wrong, and how well they hold.

A case is what :func:`rag.reader.cases.gather` yields: a question with its weighed answers, each
with signals and whether it is right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from rag.errors import SettingsError
from rag.evidence.confidence import Calibrator, Net, compared
from rag.evidence.signals import isolated

Kind = Literal["sum", "network"]
Case = dict[str, Any]
Floats = NDArray[np.float64]

KINDS: tuple[Kind, ...] = get_args(Kind)
# Hidden units of a network, and how many are drawn anew each, whose mean is steadier than any.
_HIDDEN: dict[Kind, int] = {"sum": 0, "network": 32}
_NETS: dict[Kind, int] = {"sum": 1, "network": 5}
# A sum has one best fit and may go there fast: few cases are few steps.
_RATE: dict[Kind, float] = {"sum": 3e-2, "network": 3e-3}
_ROUNDS, _BATCH = 100, 256
_DECAY, _DROPOUT = 0.05, 0.4
_RISKS = (0.01, 0.02, 0.03, 0.05, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
_CLEAR = 1e-4  # least standard deviation of a signal
_ISOLATED = 0.3  # of the cases are seen, each round, with one of their answers alone
_NEVER = -1e4  # the score, or the share's logarithm, of what is not there


class _Scorer(nn.Module):
    """What :class:`rag.evidence.confidence.Net` is, while it learns."""

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__()
        self.linear = nn.Linear(inputs, 1, bias=False)
        self.hidden = nn.Linear(inputs, hidden) if hidden else None
        self.dropout = nn.Dropout(_DROPOUT)
        self.out = nn.Linear(hidden, 1, bias=False) if hidden else None
        self.none = nn.Parameter(torch.zeros(1))

    def forward(self, inputs: Tensor, there: Tensor) -> Tensor:
        """Return the logarithms of the shares of k answers and of none, (B, k + 1)."""
        scores = self.linear(inputs)
        if self.hidden and self.out:
            scores = scores + self.out(self.dropout(torch.tanh(self.hidden(inputs))))
        scores = scores.squeeze(-1).masked_fill(~there, _NEVER)
        return torch.cat([scores, self.none.expand(len(scores), 1)], 1).log_softmax(1)

    def net(self) -> Net:
        """Return it as it is used."""
        linear = _plain(self.linear.weight[0])
        if not (self.hidden and self.out):
            nothing = np.zeros(0)
            return Net(linear, np.zeros((0, len(linear))), nothing, nothing, self.none.item())
        return Net(linear, _plain(self.hidden.weight), _plain(self.hidden.bias),
                   _plain(self.out.weight[0]), self.none.item())


@dataclass(frozen=True, slots=True)
class _Data:
    """Cases as networks learn from them: N of k answers, some of which are not there.

    Attributes:
        inputs: (N, k, 2n) what is seen of the answers beside each other.
        lone: (N, k, 2n) what is seen of each if nothing else was found.
        there: (N, k) which answers there are.
        right: (N, k) which are right.
    """

    inputs: Tensor
    lone: Tensor
    there: Tensor
    right: Tensor

    def drawn(self, some: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return inputs, which answers there are, and what is right, "none" last, for some cases.

        A share of them is seen with one of the answers alone, as the claims of single articles
        are weighed.
        """
        there = self.there[some]
        alone = (torch.rand(len(some)) < _ISOLATED) & there.any(1)
        at = torch.multinomial(there + 1e-9, 1).squeeze(1)
        only = nn.functional.one_hot(at, there.shape[1]).bool()
        inputs = torch.where(alone[:, None, None], self.lone[some], self.inputs[some])
        there = torch.where(alone[:, None], only, there)
        right = self.right[some] & there
        return inputs, there, torch.cat([right, ~right.any(1, keepdim=True)], 1)


def fit(cases: Sequence[Case], kind: Kind, name: str = "") -> Calibrator:
    """Fit a calibrator of a kind; its table of risks is left empty.

    Each network brings up the share of a case's right answers together, or of "none of them"
    where there is no right one (the likelihood of a choice among alternatives: McFadden, 1974).

    Raises:
        SettingsError: The cases have no answers, or not all the same signals.
    """
    names, values, lone, there, right = table(cases)
    known = np.concatenate([values[there], lone[there]])
    keep = known.std(0) > _CLEAR
    means, scales = known[:, keep].mean(0), known[:, keep].std(0)
    standard, solitary = ((v[..., keep] - means) / scales for v in (values, lone))
    # What is not there must not be the greatest of anything.
    beside = compared(np.where(there[..., None], standard, -np.inf))
    alone = compared(solitary[..., None, :])[..., 0, :]
    data = _Data(torch.from_numpy(beside.astype(np.float32)),
                 torch.from_numpy(alone.astype(np.float32)),
                 torch.from_numpy(there), torch.from_numpy(right))
    nets = tuple(_fitted(data, kind, seed) for seed in range(_NETS[kind]))
    kept = tuple(n for n, k in zip(names, keep, strict=True) if k)
    return Calibrator(kept, means, scales, nets, name=name)


def _fitted(data: _Data, kind: Kind, seed: int) -> Net:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        scorer = _Scorer(data.inputs.shape[-1], _HIDDEN[kind])
        optimizer = torch.optim.AdamW(scorer.parameters(), lr=_RATE[kind], weight_decay=_DECAY)
        for done in range(_ROUNDS):
            for group in optimizer.param_groups:
                group["lr"] = _RATE[kind] * (1 - done / _ROUNDS)
            for some in torch.split(torch.randperm(len(data.inputs)), _BATCH):
                inputs, there, goal = data.drawn(some)
                shares = scorer(inputs, there)
                loss = -shares.masked_fill(~goal, _NEVER).logsumexp(1).mean()
                loss.backward()
                optimizer.step()
                optimizer.zero_grad()
    return scorer.net()


def _plain(tensor: Tensor) -> Floats:
    return tensor.detach().numpy().astype(np.float64)


def table(cases: Sequence[Case]) -> tuple[
        tuple[str, ...], Floats, Floats, NDArray[np.bool_], NDArray[np.bool_]]:
    """Stack the answers of many cases, k at most.

    Returns:
        Names of the n signals, signals (cases, k, n), the same if each answer was found alone,
        which answers there are (cases, k), and which are right (cases, k).

    Raises:
        SettingsError: The cases have no answers, or not all the same signals.
    """
    names = tuple(sorted({n for case in cases for a in case["answers"] for n in a["signals"]}))
    if not names:
        raise SettingsError("no case has an answer: there is nothing to fit a calibrator to")
    shape = len(cases), max(len(case["answers"]) for case in cases)
    values, lone = np.zeros((*shape, len(names))), np.zeros((*shape, len(names)))
    there, right = np.zeros(shape, bool), np.zeros(shape, bool)
    for i, case in enumerate(cases):
        for j, answer in enumerate(case["answers"]):
            if missing := set(names) - set(answer["signals"]):
                raise SettingsError(
                    f"the cases of {case['source']} lack the signal {min(missing)!r} that others "
                    "have: gather them anew with this version")
            alone = isolated(answer["signals"])
            values[i, j] = [answer["signals"][n] for n in names]
            lone[i, j] = [alone[n] for n in names]
            there[i, j], right[i, j] = True, answer["right"]
    return names, values, lone, there, right


def shown_of(calibrator: Calibrator, cases: Sequence[Case]
             ) -> tuple[Floats, Floats]:
    """The answer that each case would show: its probability, and 1.0 where it is right."""
    shown, truth = [], []
    for case in cases:
        shares = calibrator.probabilities([a["signals"] for a in case["answers"]])
        best = max(zip(shares, (a["right"] for a in case["answers"]), strict=True),
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
    from sklearn.model_selection import GroupKFold

    shown, truth = np.zeros(len(cases)), np.zeros(len(cases))
    groups = [f"{c['source']}/{c['group']}" for c in cases]
    for seen, unseen in GroupKFold(folds).split(np.zeros(len(cases)), groups=groups):
        calibrator = fit([cases[i] for i in seen], kind)
        shown[unseen], truth[unseen] = shown_of(calibrator, [cases[i] for i in unseen])
    return shown, truth

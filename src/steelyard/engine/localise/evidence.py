"""How much a group of leaves says against "nothing happened here": three kinds of table, one interface.

A kind is fitted to the leaves that are in play and gives `measures`, one row each, which add up over any
group of leaves; the last one is the exposure. From the sums of a group come its `gain` (log-likelihood of
"strayed" over "as expected"), its `effect` per unit of exposure with standard error, and `against`: how far a
group speaks for no effect rather than for a given one.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr, xlogy

from steelyard.engine.localise.lattice import Floats
from steelyard.engine.localise.noise import Noise, fine_noise, relative_deviation, sturdy_noise

Mask = NDArray[np.bool_]
TINY = 1e-12


class Fit(Protocol):
    """A kind of table with its noise known."""

    measures: Floats

    def gain(self, sums: Floats) -> Floats: ...
    def effect(self, sums: Floats) -> Floats: ...
    def error(self, sums: Floats) -> Floats: ...
    def against(self, sums: Floats, effect: Floats) -> Floats: ...
    def deviation(self) -> Floats: ...


class Kind(Protocol):
    """A kind of table: fits its noise to the leaves in play."""

    def fit(self, alive: Mask, *, final: bool) -> Fit: ...


def log_p(gain: float) -> float:
    """Log of the two-sided p-value of a log-likelihood gain with one degree of freedom."""
    return float(np.log(2) + log_ndtr(-np.sqrt(2 * max(gain, 0.0))))


@dataclass(frozen=True, eq=False)
class RelativeFit:
    """Sums of weighted scores: the same relative deviation under a cause whatever a leaf's size."""

    measures: Floats
    spread: Floats

    def gain(self, sums: Floats) -> Floats:
        return sums[0] ** 2 / (2 * np.maximum(sums[1], TINY))

    def effect(self, sums: Floats) -> Floats:
        return sums[0] / np.maximum(sums[1], TINY)

    def error(self, sums: Floats) -> Floats:
        return 1 / np.sqrt(np.maximum(sums[1], TINY))

    def against(self, sums: Floats, effect: Floats) -> Floats:
        return effect * (sums[1] * effect / 2 - sums[0])

    def deviation(self) -> Floats:
        return self.spread


class Relative:
    """Figures with a relative error: money, traffic, any quantity far from zero."""

    def __init__(self, actual: Floats, expected: Floats) -> None:
        self.deviations, self.size = relative_deviation(actual, expected)
        self.informative = self.size > 0
        whole = (actual == np.round(actual)) & self.informative
        # A whole number is known to half a unit only: matters to leaves of one or two.
        self.rounding = np.where(whole, np.sqrt(1 / 12) / np.where(whole, self.size, 1.0), 0.0)

    def fit(self, alive: Mask, *, final: bool) -> RelativeFit:
        known = alive & self.informative
        deviations, size = self.deviations[known], self.size[known]
        if len(size) < 2:
            return RelativeFit(np.zeros((2, len(alive))), np.zeros(len(alive)))
        noise = fine_noise(deviations, size) if final else sturdy_noise(deviations, size)
        return self._scored(noise)

    def _scored(self, noise: Noise) -> RelativeFit:
        where = self.informative
        scores, spread = noise.scores(self.deviations[where], self.size[where], self.rounding[where])
        weights = 1 / spread
        measures = np.zeros((2, len(where)))
        measures[0, where] = weights * scores
        measures[1, where] = weights**2
        deviation = np.zeros(len(where))
        deviation[where] = spread * self.size[where]
        return RelativeFit(measures, deviation)


@dataclass(frozen=True, eq=False)
class CountsFit:
    """Sums of counts beside what was expected, with a variance of `dispersion` times the expectation."""

    measures: Floats
    dispersion: float

    def gain(self, sums: Floats) -> Floats:
        seen, expected = np.maximum(sums[0], 0), np.maximum(sums[1], TINY)
        return np.maximum(xlogy(seen, seen / expected) - (seen - expected), 0) / self.dispersion

    def effect(self, sums: Floats) -> Floats:
        return (sums[0] - sums[1]) / np.maximum(sums[1], TINY)

    def error(self, sums: Floats) -> Floats:
        return np.sqrt(self.dispersion / np.maximum(sums[1], TINY))

    def against(self, sums: Floats, effect: Floats) -> Floats:
        factor = np.maximum(1 + effect, 1e-3)
        return (sums[1] * (factor - 1) - np.maximum(sums[0], 0) * np.log(factor)) / self.dispersion

    def deviation(self) -> Floats:
        return np.sqrt(self.dispersion * np.maximum(self.measures[1], 0))


class Counts:
    """Small counts, and amounts that are mostly zero: the variance grows with the expectation."""

    def __init__(self, actual: Floats, expected: Floats) -> None:
        self.measures = np.stack([actual, np.maximum(expected, 0)])

    def fit(self, alive: Mask, *, final: bool) -> CountsFit:
        seen, expected = self.measures[:, alive]
        scale = _centre(seen, expected) if final else 1.0
        dispersion = _dispersion(seen - scale * expected, scale * expected, final=final)
        return CountsFit(self.measures * np.array([[1.0], [scale]]), dispersion)


@dataclass(frozen=True, eq=False)
class RatesFit:
    """Sums of events, of events expected and of trials."""

    measures: Floats
    dispersion: float

    def gain(self, sums: Floats) -> Floats:
        trials = np.maximum(sums[2], TINY)
        seen, expected = np.clip(sums[0], 0, trials), np.clip(sums[1], TINY, trials)
        other, other_expected = trials - seen, np.maximum(trials - expected, TINY)
        nats = xlogy(seen, seen / expected) + xlogy(other, other / other_expected)
        return np.maximum(nats, 0) / self.dispersion

    def effect(self, sums: Floats) -> Floats:
        return (sums[0] - sums[1]) / np.maximum(sums[2], TINY)

    def error(self, sums: Floats) -> Floats:
        trials = np.maximum(sums[2], TINY)
        rate = np.clip(np.maximum(sums[0], sums[1]) / trials, 0.5 / (trials + 1), 1 - 0.5 / (trials + 1))
        return np.sqrt(self.dispersion * rate * (1 - rate) / trials)

    def against(self, sums: Floats, effect: Floats) -> Floats:
        trials = np.maximum(sums[2], TINY)
        usual = np.clip(sums[1] / trials, 1e-9, 1 - 1e-9)
        strayed = np.clip(usual + effect, 1e-9, 1 - 1e-9)
        seen = np.clip(sums[0], 0, trials)
        nats = seen * np.log(usual / strayed) + (trials - seen) * np.log((1 - usual) / (1 - strayed))
        return nats / self.dispersion

    def deviation(self) -> Floats:
        events, trials = self.measures[1], self.measures[2]
        return np.sqrt(self.dispersion * np.maximum(events * (1 - events / np.maximum(trials, TINY)), 0))


class Rates:
    """Events among trials, each leaf with its own usual rate."""

    def __init__(self, events: Floats, trials: Floats, usual: Floats) -> None:
        self.measures = np.stack([events, trials * usual, trials])

    def fit(self, alive: Mask, *, final: bool) -> RatesFit:
        seen, expected, trials = self.measures[:, alive]
        variance = expected * (1 - expected / np.maximum(trials, TINY))
        return RatesFit(self.measures, _dispersion(seen - expected, variance, final=final))


def _centre(seen: Floats, expected: Floats) -> float:
    total = expected.sum()
    return float(seen.sum() / total) if total > 0 and seen.sum() > 0 else 1.0


def _dispersion(residual: Floats, variance: Floats, *, final: bool) -> float:
    """Variance beyond the counts' own: from medians while strayed leaves are in play, then from all."""
    known = variance > TINY
    if not known.any():
        return 1.0
    residual, variance = residual[known], variance[known]
    pearson = residual**2 / variance
    if final:
        return max(1.0, float(np.minimum(pearson, 25).mean()), float((residual**2).sum() / variance.sum()))
    large = pearson[variance >= 1]
    return max(1.0, float(np.median(large)) / 0.4549) if len(large) >= 5 else 1.0

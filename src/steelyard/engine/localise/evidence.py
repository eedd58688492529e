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
from steelyard.engine.localise.noise import (
    Bands,
    Noise,
    fine_noise,
    normal_score,
    relative_deviation,
    sturdy_noise,
)

Mask = NDArray[np.bool_]
TINY = 1e-12
EXCESS_BINS = 6
LEAVES_PER_BIN = 40
CHI2_MEDIAN = 0.4549364231195724


class Fit(Protocol):
    """A kind of table with its noise known."""

    @property
    def measures(self) -> Floats: ...
    @property
    def degrees(self) -> float: ...
    def gain(self, sums: Floats) -> Floats: ...
    def effect(self, sums: Floats) -> Floats: ...
    def error(self, sums: Floats) -> Floats: ...
    def against(self, sums: Floats, effect: Floats) -> Floats: ...
    def deviation(self) -> Floats: ...


class Kind(Protocol):
    """A kind of table: fits its noise to the leaves in play."""

    def fit(self, alive: Mask, *, final: bool = False, centred: bool = False) -> Fit: ...


def log_p(gain: float, *, degrees: float) -> float:
    """Log of the two-sided p-value of a gain whose noise is known with so many degrees of freedom."""
    z = normal_score(np.sqrt(2 * max(gain, 0.0)), degrees)
    return float(np.log(2) + log_ndtr(-z))


@dataclass(frozen=True, eq=False)
class RelativeFit:
    """Sums of weighted scores: the same relative deviation under a cause whatever a leaf's size."""

    measures: Floats
    spread: Floats
    degrees: float = np.inf

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
        deviations, size = relative_deviation(actual, expected)
        self.leaves = len(size)
        self.informative = np.flatnonzero(size > 0)
        self.deviations, self.size = deviations[self.informative], size[self.informative]
        usual = np.where(expected > 0, expected, size)[self.informative]
        self.bands = Bands(usual, self.deviations) if len(usual) else None
        actual = actual[self.informative]
        whole = actual == np.round(actual)
        # A whole number is known to half a unit only: matters to leaves of one or two.
        self.rounding = np.where(whole, np.sqrt(1 / 12) / self.size, 0.0) if whole.any() else None

    def fit(self, alive: Mask, *, final: bool = False, centred: bool = False) -> RelativeFit:
        known = alive[self.informative]
        if self.bands is None or known.sum() < 2:
            return RelativeFit(np.zeros((2, self.leaves)), np.zeros(self.leaves))
        if final:
            return self._scored(fine_noise(self.deviations, self.bands, known))
        return self._scored(sturdy_noise(self.deviations, self.bands, known, centred=centred))

    def _scored(self, noise: Noise) -> RelativeFit:
        scores, spread = noise.scores(self.deviations, self.rounding)
        measures = np.zeros((2, self.leaves))
        measures[0, self.informative] = scores / spread
        measures[1, self.informative] = 1 / spread**2
        deviation = np.zeros(self.leaves)
        deviation[self.informative] = spread * self.size
        return RelativeFit(measures, deviation)


@dataclass(frozen=True, eq=False)
class CountsFit:
    """Sums of counts beside sums of their expectations, both in effective counts: either may be noisy."""

    measures: Floats
    spread: Floats
    degrees: float

    def gain(self, sums: Floats) -> Floats:
        seen, expected, both = sums[0], sums[1], np.maximum(sums[2], TINY)
        nats = xlogy(seen, 2 * seen / both) + xlogy(expected, 2 * expected / both)
        return np.maximum(nats, 0)

    def effect(self, sums: Floats) -> Floats:
        return 2 * (sums[0] - sums[1]) / np.maximum(sums[2], TINY)

    def error(self, sums: Floats) -> Floats:
        return 2 / np.sqrt(np.maximum(sums[2], TINY))

    def against(self, sums: Floats, effect: Floats) -> Floats:
        share = np.clip(effect / 2, -0.999, 0.999)
        return -(sums[0] * np.log1p(share) + sums[1] * np.log1p(-share))

    def deviation(self) -> Floats:
        return self.spread


class Counts:
    """Small counts, and amounts that are mostly zero: the variance grows with the expectation."""

    def __init__(self, actual: Floats, expected: Floats, *, least: float) -> None:
        """`least` bounds the variance from below: a half for counts beside exact expectations."""
        self.actual, self.expected, self.least = actual, expected, least

    def fit(self, alive: Mask, *, final: bool = False, centred: bool = False) -> CountsFit:
        scale = _centre(self.actual[alive], self.expected[alive]) if final or centred else 1.0
        expected = self.expected * scale
        both = self.actual + expected
        square = (self.actual - expected) ** 2
        excess = Excess.of(square[alive], both[alive], both[alive] / 4, least=self.least, final=final)
        variance = excess.factor(both / 4)
        measures = np.stack([self.actual, expected, both]) / np.maximum(variance, TINY)
        return CountsFit(measures, np.sqrt(variance * both), excess.leaves)


@dataclass(frozen=True, eq=False)
class RatesFit:
    """Sums of events, of events expected and of trials, in effective numbers."""

    measures: Floats
    spread: Floats
    degrees: float

    def gain(self, sums: Floats) -> Floats:
        trials = np.maximum(sums[2], TINY)
        seen, expected = np.clip(sums[0], 0, trials), np.clip(sums[1], TINY, trials)
        other, other_expected = trials - seen, np.maximum(trials - expected, TINY)
        nats = xlogy(seen, seen / expected) + xlogy(other, other / other_expected)
        return np.maximum(nats, 0)

    def effect(self, sums: Floats) -> Floats:
        return (sums[0] - sums[1]) / np.maximum(sums[2], TINY)

    def error(self, sums: Floats) -> Floats:
        trials = np.maximum(sums[2], TINY)
        least = 0.5 / (trials + 1)
        rate = np.clip(np.maximum(sums[0], sums[1]) / trials, least, 1 - least)
        return np.sqrt(rate * (1 - rate) / trials)

    def against(self, sums: Floats, effect: Floats) -> Floats:
        trials = np.maximum(sums[2], TINY)
        usual = np.clip(sums[1] / trials, 1e-9, 1 - 1e-9)
        strayed = np.clip(usual + effect, 1e-9, 1 - 1e-9)
        seen = np.clip(sums[0], 0, trials)
        return seen * np.log(usual / strayed) + (trials - seen) * np.log((1 - usual) / (1 - strayed))

    def deviation(self) -> Floats:
        return self.spread


class Rates:
    """Events among trials, each leaf with its own usual rate."""

    def __init__(self, events: Floats, trials: Floats, usual: Floats) -> None:
        self.events, self.trials, self.expected = events, trials, trials * usual

    def fit(self, alive: Mask, *, final: bool = False, centred: bool = False) -> RatesFit:
        scale = _centre(self.events[alive], self.expected[alive]) if final or centred else 1.0
        expected = np.minimum(self.expected * scale, self.trials)
        variance = expected * (1 - expected / np.maximum(self.trials, TINY))
        square = (self.events - expected) ** 2
        relative = expected**2 / np.maximum(variance, TINY)
        excess = Excess.of(square[alive], variance[alive], relative[alive], least=1.0, final=final)
        factor = excess.factor(relative)
        measures = np.stack([self.events, expected, self.trials]) / factor
        return RatesFit(measures, np.sqrt(factor * variance), excess.leaves)


@dataclass(frozen=True)
class Excess:
    """Variance over the counts' own: a factor, and one that grows as a relative error does."""

    base: float
    slope: float
    leaves: float

    @classmethod
    def of(cls, square: Floats, variance: Floats, relative: Floats, *, least: float, final: bool) -> "Excess":
        """From means over bins of like size; from medians while strayed leaves may be in play."""
        known = np.flatnonzero(variance > TINY)
        if len(known) < 3:
            return cls(max(least, 1.0), 0.0, max(1, len(known)))
        known = known[np.argsort(relative[known], kind="stable")]
        parts = np.array_split(known, max(1, min(EXCESS_BINS, len(known) // LEAVES_PER_BIN)))
        at = np.array([relative[part].mean() for part in parts])
        level = np.array([_ratio(square[part], variance[part], final=final) for part in parts])
        slope = base = 0.0
        if len(parts) > 1:
            spread = at - at.mean()
            slope = max(0.0, float((spread * level).sum() / max((spread**2).sum(), TINY)))
        base = float(level.mean() - slope * at.mean())
        if base < least:
            base = least
            slope = max(0.0, float(((level - base) * at).sum() / max((at**2).sum(), TINY))) if slope else 0.0
        # Large leaves tell most of the factor: between all leaves and as many as weigh like them.
        weight = variance[known]
        weighed = float(weight.sum() ** 2 / (weight**2).sum())
        return cls(max(base, TINY), slope, float(np.sqrt(weighed * len(known))))

    def factor(self, relative: Floats) -> Floats:
        return self.base + self.slope * relative


def _ratio(square: Floats, variance: Floats, *, final: bool) -> float:
    pearson = square / variance
    if final:
        return max(float(np.minimum(pearson, 25).mean()), float(square.sum() / variance.sum()))
    return float(np.median(pearson)) / CHI2_MEDIAN


def _centre(seen: Floats, expected: Floats) -> float:
    total = expected.sum()
    return float(seen.sum() / total) if total > 0 and seen.sum() > 0 else 1.0

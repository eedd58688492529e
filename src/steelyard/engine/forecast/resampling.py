"""Totals of what comes in jumps: months of the past are drawn as they were, zeros and all.

A ratio is the same with its denominator drawn from the same month; a total is one whose denominators are 1.
"""

from dataclasses import dataclass

import numpy as np

from steelyard.engine.forecast.findings import Floats
from steelyard.engine.forecast.smoothing import ALPHA, BETA, Fit

# How fast old months may lose weight: at the first, those of three years ago count a sixth.
_SLOWEST, _FASTEST = 0.05, 0.3
_MOST_MONTHS = 120


@dataclass(frozen=True, eq=False)
class Months:
    """Known months, oldest first: numerators, denominators, and how many periods ago each was."""

    numerators: Floats
    denominators: Floats
    age: np.ndarray
    forgetting: float

    @property
    def weights(self) -> Floats:
        return (1 - self.forgetting) ** self.age


def months_of(numerators: Floats, denominators: Floats, *, known: np.ndarray, fit: Fit) -> Months:
    """Take the known months; they lose weight as fast as smoothing of this series would let them."""
    simple = fit.weights[-1] * (BETA == 0)
    speed = float(simple @ ALPHA / simple.sum()) if simple.sum() > 0 else _SLOWEST
    age = np.arange(len(known))[::-1][known][-_MOST_MONTHS:]
    return Months(
        numerators[known][-_MOST_MONTHS:],
        denominators[known][-_MOST_MONTHS:],
        age,
        min(max(speed, _SLOWEST), _FASTEST),
    )


def drawn(months: Months, *, turns: Floats, sims: int, seed: int) -> tuple[Floats, Floats]:
    """Return paths (rows) of numerators and denominators of the coming periods (columns).

    Parameters
    ----------
    months
        What to draw from.
    turns
        By coming period: factor of its season (1 without one), for the numerators.

    Notes
    -----
    Each path first draws how likely each month is (weights times exponential noise), then its months by
    that: the first stands for not knowing the level, the second for luck. No trend is drawn on: in series
    with many zeros one that each shows by itself foretold worse than none, on simulated and real sales.
    Source: Rubin (1981), The Bayesian bootstrap, Annals of Statistics 9.
    """
    random = np.random.default_rng(seed)
    likely = np.cumsum(random.exponential(size=(sims, len(months.age))) * months.weights, axis=1)
    wanted = random.random((sims, len(turns))) * likely[:, -1:]
    place = (likely[:, None, :] < wanted[:, :, None]).sum(axis=2)
    place = np.minimum(place, len(months.age) - 1)
    return months.numerators[place] * turns, months.denominators[place]


def resampling_scores(months: Months, *, origins: np.ndarray, count: int, horizon: int) -> Floats:
    """Return how far past ratios over k periods lay from what was to expect, in their promised spread.

    Row by origin (periods known of `count`), column k-1; NaN where the periods are not all known.
    """
    scores = np.full((len(origins), horizon), np.nan)
    moment = count - 1 - months.age
    ordinal = np.full(count, -1)
    ordinal[moment] = np.arange(len(moment))
    for row, origin in enumerate(origins):
        before = moment < origin
        coming = ordinal[origin : origin + horizon]
        run = int(np.argmax(coming < 0)) if (coming < 0).any() else len(coming)
        if before.sum() < 3 or not run:
            continue
        weight = (1 - months.forgetting) ** (origin - 1 - moment[before])
        numerator, denominator = months.numerators[before], months.denominators[before]
        ratio = (weight @ numerator) / max(float(weight @ denominator), 1e-300)
        left = numerator - ratio * denominator
        variance = float(weight @ left**2) / float(weight.sum())
        enough = float(weight.sum()) ** 2 / float(weight @ weight)
        size = float(weight @ denominator) / float(weight.sum())
        length = np.arange(1, run + 1)
        spread = np.sqrt(variance * (1 / length + 1 / enough)) / max(size, 1e-300)
        below = np.cumsum(months.denominators[coming[:run]])
        actual = np.cumsum(months.numerators[coming[:run]]) / np.where(below > 0, below, np.nan)
        scores[row, :run] = np.where(spread > 0, (actual - ratio) / np.maximum(spread, 1e-300), np.nan)
    return scores

"""Many possible futures of one series, drawn jointly, and the quantiles of their totals."""

from dataclasses import dataclass

import numpy as np

from steelyard.engine.forecast.findings import LEVELS, Floats
from steelyard.engine.forecast.smoothing import ALPHA, BETA, PHI, Fit


@dataclass(frozen=True, eq=False)
class Draws:
    """Which past error each path takes at each step (−1 turns its sign), and which parameters it follows."""

    place: np.ndarray
    sign: Floats
    turn: Floats


def draws_of(*, errors: int, horizon: int, sims: int, seed: int) -> Draws:
    """Draw once for all that must move together: a series' own steps, or a numerator with its denominator.

    Each draw comes twice, the second time with its sign turned, so that the middle of the paths is the
    forecast itself.
    """
    random = np.random.default_rng(seed)
    half = (sims + 1) // 2
    place = random.integers(0, errors, size=(half, horizon))
    sign = random.choice(np.array([-1.0, 1.0]), size=(half, horizon))
    turn = (random.permutation(half) + 0.5) / half
    return Draws(np.vstack([place, place]), np.vstack([sign, -sign]), np.concatenate([turn, turn]))


def paths_of(fit: Fit, draws: Draws) -> Floats:
    """Return paths (rows) of the coming periods (columns), season in it, on the scale of the fit.

    Each path follows one set of parameters, drawn by its weight, from the level and trend that it has come
    to; its errors are the series' own of the past, brought to that set's size.
    """
    count, horizon = draws.place.shape
    chosen = np.searchsorted(np.cumsum(fit.weights[-1]), draws.turn)
    chosen = np.minimum(chosen, len(ALPHA) - 1)
    size = np.sqrt(fit.variance[-1])[chosen]
    errors = draws.sign * _standard(fit.errors)[draws.place] * size[:, None]
    level, trend = fit.level[-1][chosen], fit.trend[-1][chosen]
    alpha, beta, phi = ALPHA[chosen], BETA[chosen], PHI[chosen]
    paths = np.empty((count, horizon))
    for step in range(horizon):
        trend = phi * trend
        level = level + trend
        paths[:, step] = level + errors[:, step]
        level = level + alpha * errors[:, step]
        trend = trend + beta * errors[:, step]
    return paths + fit.shift[-1] + fit.seasonal[-1]


def quantiles_of(samples: Floats) -> Floats:
    """Return the quantiles at LEVELS of each column, a row per column."""
    ordered = np.sort(samples, axis=0)
    place = np.array(LEVELS) * len(ordered) - 0.5
    low = np.clip(place.astype(np.int64), 0, len(ordered) - 2)
    share = (place - low)[:, None]
    return ((1 - share) * ordered[low] + share * ordered[low + 1]).T


def _standard(errors: Floats) -> Floats:
    size = np.sqrt((errors**2).mean())
    return errors / size if size > 0 else np.zeros_like(errors)

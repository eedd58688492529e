"""How far past forecasts of totals went wrong, measured in the spread that they had promised."""

from dataclasses import dataclass

import numpy as np

from steelyard.engine.forecast.findings import Calibration, Floats

# The pooled factor of a total of k periods: FIRST × k ** SLOPE. Chosen on half of the M3 monthly series.
POOLED_FIRST, POOLED_SLOPE = 1.10, -0.105
# Totals that do not overlap count as one each; the pool counts as so many of them.
POOL_WEIGHT = 8.0
# One past total that broke all bounds shall not widen everything that comes.
_MOST = 3.0
SHORTEST_CYCLE = 6


@dataclass(frozen=True, eq=False)
class Stretch:
    """By what to multiply the spread of the total of the next k periods, k = 1 … horizon."""

    factors: Floats
    calibration: Calibration


def pooled_factors(horizon: int, *, pool: Calibration | None) -> Floats:
    """Return what other series teach: the constants that ship, or `pool` for the whole horizon."""
    factors: Floats = POOLED_FIRST * np.arange(1.0, horizon + 1) ** POOLED_SLOPE
    return factors if pool is None else factors * (pool.factor / factors[-1])


def few_values(counts: np.ndarray | float, *, season: int) -> Floats:
    """Return by how much a spread learned from so many values must be widened: 1 + a cycle ÷ values.

    A cycle counts as six values at least, and the history as two cycles at least. The form and its size
    were chosen on M3 monthly series cut to their last 12 to 72 values.
    """
    cycle = max(season, SHORTEST_CYCLE)
    return 1 + cycle / np.maximum(counts, 2.0 * cycle)


def stretch_of(scores: Floats, *, pooled: Floats, widening: Floats) -> Stretch:
    """Learn the stretch from a series' own past, shrunk towards the pool.

    Parameters
    ----------
    scores
        Row by past origin, column k-1: error of the total of the next k periods in its promised spread;
        NaN where that total is not over yet, or not known. The last row is the present.
    pooled
        The factors of other series, by k.
    widening
        By origin: `few_values` of what was known there.

    Returns
    -------
    Stretch

    Notes
    -----
    A mean of squares with a prior: (n q + m c²) / (n + m), n the number of totals that do not overlap,
    q their mean square, c the pooled factor, m its weight: the mean of a normal variance's posterior.
    Without any past total: c. Source: Gelman et al. (2013), Bayesian data analysis, 2.6; for judging by
    past origins, Tashman (2000), International Journal of Forecasting 16.
    """
    scores = scores / widening[:, None]
    known = np.isfinite(scores)
    bounded = np.where(known, np.clip(np.where(known, scores, 0.0), -_MOST, _MOST), 0.0)
    count = known.sum(axis=0)
    alone = count / np.arange(1, scores.shape[1] + 1)
    mean = (bounded**2).sum(axis=0) / np.maximum(count, 1)
    factors = np.sqrt((alone * mean + POOL_WEIGHT * pooled**2) / (alone + POOL_WEIGHT)) * widening[-1]
    origins = int(count[-1])
    factor = float(f"{factors[-1]:.6g}")
    return Stretch(factors, Calibration(factor, origins, "own" if origins else "pooled"))

"""Exponential smoothing with many parameters at once, at every moment of the past, each weighed by its worth.

Nothing here is random: levels, trends, weights, forecasts and the variance of totals, row by origin.
"""

from dataclasses import dataclass

import numpy as np

from steelyard.engine.forecast.findings import Floats
from steelyard.engine.forecast.season import seasons_by

# Smoothing of the level, of the trend as a part of it, and how fast a trend dies away.
_ALPHAS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1.0)
_TREND_PARTS = (0.05, 0.2)
_DAMPINGS = (0.8, 0.9, 1.0)
ALPHA, BETA, PHI = np.array(
    [(a, 0.0, 0.0) for a in _ALPHAS]
    + [(a, a * part, phi) for a in _ALPHAS for part in _TREND_PARTS for phi in _DAMPINGS]
).T
# Chosen on half of the M3 monthly series; flat around these values.
SHARPNESS, THETA_PART = 1.5, 0.5
_WARM_UP = 3
# A trend that never dies away needs as many values to be believed.
_UNDAMPED_FROM = 24


@dataclass(frozen=True, eq=False)
class Fit:
    """What was known at each origin (rows), by parameters (columns of level, trend, weights, variance).

    `forecast`: ahead of each origin, on the scale of `values`, the season in it. `spread`: standard
    deviation of the mean of the next k values. `shift`: what the theta part adds to the weighed smoothing.
    `errors`: one step ahead, with the season and the parameters of the last origin.
    """

    origins: np.ndarray
    level: Floats
    trend: Floats
    weights: Floats
    variance: Floats
    forecast: Floats
    seasonal: Floats
    shift: Floats
    spread: Floats
    errors: Floats


def fit(values: Floats, *, known: np.ndarray, season: int, horizon: int, origins: np.ndarray) -> Fit:
    """Smooth a series and forecast it from each origin, by what was known there.

    Parameters
    ----------
    values
        On a scale on which season and error are added; filled where nothing is known.
    known
        Where values are real: others move neither level nor errors.
    season
        Periods in a cycle, 1 for none.
    horizon
        How far ahead.
    origins
        How many values are known at each moment, ascending; the last is all of them.

    Notes
    -----
    Simple and damped-trend exponential smoothing over a grid of parameters, each weighed by its likelihood
    one step ahead; half of the forecast is theta's: simple smoothing plus half the slope of a straight
    line. Source: Gardner and McKenzie (1985), Management Science 31; Assimakopoulos and Nikolopoulos
    (2000), International Journal of Forecasting 16; variance of cumulated forecasts: Hyndman, Koehler,
    Ord and Snyder (2008), Forecasting with exponential smoothing, chapter 6.
    Cost: one pass over the series for all origins and parameters together.
    """
    seasons = seasons_by(values, season=season, origins=origins)
    length = seasons.shape[1]
    adjusted = values[None, :] - seasons[:, np.arange(len(values)) % length]
    level, trend, squares, errors = _pass(adjusted, known=known, origins=origins)
    counts = _known_by(known, origins)
    variance = squares / np.maximum(counts - 2, 1)[:, None]
    weights = _weights(variance, counts, barred=(PHI == 1.0) & (counts < _UNDAMPED_FROM)[:, None])
    ahead = level[:, None, :] + _damped(horizon)[None] * trend[:, None, :]
    smoothed = (ahead * weights[:, None, :]).sum(axis=2)
    simple = _weights(variance[:, BETA == 0], counts, barred=False)
    shift = THETA_PART * (_theta(adjusted, level[:, BETA == 0], simple, origins, horizon) - smoothed)
    coming = (origins[:, None] + np.arange(horizon)) % length
    seasonal = np.take_along_axis(seasons, coming, axis=1)
    return Fit(
        origins=origins,
        level=level,
        trend=trend,
        weights=weights,
        variance=variance,
        forecast=smoothed + shift + seasonal,
        seasonal=seasonal,
        shift=shift,
        spread=_spread(ahead, weights, variance),
        errors=errors[known] @ weights[-1],
    )


def _pass(adjusted: Floats, *, known: np.ndarray, origins: np.ndarray) -> tuple[Floats, ...]:
    """Run all parameters over all rows; keep what stood at each row's own origin, errors of the last row."""
    rows, count = adjusted.shape
    level, trend = _start(adjusted)
    squares = np.zeros_like(level)
    kept = [np.zeros_like(level) for _ in range(3)]
    errors = np.zeros((count, len(ALPHA)))
    row_of = {int(origin): row for row, origin in enumerate(origins)}
    first = 0
    for moment in range(count):
        expected = level[first:] + PHI * trend[first:]
        if known[moment]:
            error = adjusted[first:, moment, None] - expected
            trend[first:] = PHI * trend[first:] + BETA * error
            level[first:] = expected + ALPHA * error
            if moment >= _WARM_UP:
                squares[first:] += error**2
            errors[moment] = error[-1]
        else:
            trend[first:] *= PHI
            level[first:] = expected
        row = row_of.get(moment + 1)
        if row is not None:
            for store, state in zip(kept, (level, trend, squares), strict=True):
                store[row] = state[row]
            first = row + 1
        if first == rows:
            break
    return (*kept, errors)


def _start(adjusted: Floats) -> tuple[Floats, Floats]:
    """Begin with the first values' mean, or with half of their slope where there is a trend."""
    length = min(12, adjusted.shape[1])
    steps = np.arange(length) - (length - 1) / 2
    slope = adjusted[:, :length] @ steps / max(float(steps @ steps), 1.0) / 2
    trend = slope[:, None] * (BETA > 0)
    return adjusted[:, :length].mean(axis=1)[:, None] - trend * (length + 1) / 2, trend


def _weights(variance: Floats, counts: np.ndarray, *, barred: np.ndarray | bool) -> Floats:
    floor = np.maximum(variance.max(axis=1, keepdims=True) * 1e-9, 1e-300)
    worth = -0.5 * SHARPNESS * counts[:, None] * np.log(np.maximum(variance, floor))
    worth = np.where(barred, -np.inf, worth)
    weights = np.exp(worth - worth.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def _theta(adjusted: Floats, level: Floats, weights: Floats, origins: np.ndarray, horizon: int) -> Floats:
    """Simple smoothing and half the slope of a straight line through all that was known."""
    alpha = np.maximum(weights @ ALPHA[BETA == 0], 0.05)
    moment = np.arange(adjusted.shape[1])[None, :]
    steps = np.where(moment < origins[:, None], moment - (origins[:, None] - 1) / 2, 0.0)
    slope = (steps * adjusted).sum(axis=1) / (steps**2).sum(axis=1)
    drift = slope[:, None] / 2 * (np.arange(horizon) + 1 / alpha[:, None])
    return (level * weights).sum(axis=1)[:, None] + drift


def _spread(ahead: Floats, weights: Floats, variance: Floats) -> Floats:
    """Return how far the mean of the next k values may stray: by errors, and by what is right to assume."""
    horizon = ahead.shape[1]
    length = np.arange(1, horizon + 1)[None, :, None]
    means = np.cumsum(ahead, axis=1) / length
    middle = (means * weights[:, None, :]).sum(axis=2, keepdims=True)
    each = variance[:, None, :] * _cumulated(horizon)[None] / length**2 + (means - middle) ** 2
    return np.sqrt((weights[:, None, :] * each).sum(axis=2))


def _cumulated(horizon: int) -> Floats:
    """Variance of the sum of the next k values, in squared one-step errors, by parameters."""
    grown = np.vstack([np.zeros(len(PHI)), _damped(horizon - 1)])
    response = ALPHA + BETA * grown
    response[0] = 1.0
    return np.cumsum(np.cumsum(response, axis=0) ** 2, axis=0)


def _damped(horizon: int) -> Floats:
    return np.cumsum(PHI ** np.arange(1, horizon + 1)[:, None], axis=0)


def _known_by(known: np.ndarray, origins: np.ndarray) -> np.ndarray:
    return np.maximum(np.cumsum(known)[origins - 1] - _WARM_UP, 1)

"""The season within a series, learned anew at every moment of its past, shrunk as far as it may be chance."""

import numpy as np

from steelyard.engine.forecast.findings import Floats

# Chosen on half of the M3 monthly series: more than James and Stein's 1, less than what takes a season away.
SHRINKAGE = 2.0
# Below as many full cycles, season and trend are fitted together; moving averages would use up one cycle.
_FEW_CYCLES = 3


def without_level(values: Floats, *, season: int) -> Floats:
    """Return the series less its centred average over one season; NaN for half a season at either end."""
    weights = np.ones(season + 1 - season % 2)
    if season % 2 == 0:
        weights[[0, -1]] = 0.5
    half, left = season // 2, np.full(len(values), np.nan)
    if len(values) >= len(weights):
        left[half : len(values) - half] = np.convolve(values, weights / season, "valid")
    return values - left


def seasons_by(values: Floats, *, season: int, origins: np.ndarray) -> Floats:
    """Return the season as it could be known at each origin, by what came before it alone.

    Parameters
    ----------
    values
        On a scale on which the season is added: logarithms, or the values themselves.
    season
        Periods in a cycle.
    origins
        How many values are known at each moment, ascending.

    Returns
    -------
    ndarray[origins, season]
        By place: the first is that of `values[0]`. Rows sum to 0; all 0 before two full cycles.

    Notes
    -----
    Means of the differences from a centred moving average, shrunk towards no season by the positive part
    of 1 - c (m - 3) V / Σ s², V being the sampling variance of a mean.
    Source: Miller and Williams (2003), Shrinkage estimators of time series seasonal factors and their
    effect on forecasting accuracy, International Journal of Forecasting 19.
    """
    if season < 2:
        return np.zeros((len(origins), 1))
    found = _by_averages(without_level(values, season=season), season, origins)
    for row, origin in enumerate(origins):
        if 2 * season <= origin < _FEW_CYCLES * season:
            found[row] = _with_trend(values[:origin], season)
    return found


def _by_averages(differences: Floats, season: int, origins: np.ndarray) -> Floats:
    count = len(differences)
    known = np.isfinite(differences)
    at = np.zeros((count, season))
    at[np.arange(count), np.arange(count) % season] = known
    value = np.where(known, differences, 0.0)
    end = np.maximum(origins - season // 2, 0)
    n = _running(at)[end]
    sums = _running(at * value[:, None])[end]
    squares = _running(value[:, None] ** 2)[end, 0]
    means = sums / np.maximum(n, 1)
    within = np.maximum(squares - (n * means**2).sum(axis=1), 0.0)
    means -= means.mean(axis=1, keepdims=True)
    df = n.sum(axis=1) - season
    return np.where((n.min(axis=1) > 0)[:, None], _shrunk(means, within, df, n.mean(axis=1)), 0.0)


def _with_trend(values: Floats, season: int) -> Floats:
    """Fit a straight line and a season at once, for two cycles and a part."""
    count = len(values)
    places = np.arange(count) % season
    design = np.zeros((count, season + 1))
    design[np.arange(count), places] = 1
    design[:, season] = np.arange(count) - (count - 1) / 2
    found = np.linalg.lstsq(design, values, rcond=None)[0]
    within = np.array([((values - design @ found) ** 2).sum()])
    means = (found[:season] - found[:season].mean())[None, :]
    return _shrunk(means, within, np.array([count - season - 1.0]), np.array([count / season]))[0]


def _shrunk(means: Floats, within: Floats, df: Floats, cycles: Floats) -> Floats:
    season = means.shape[1]
    variance = within / np.maximum(df, 1) / np.maximum(cycles, 1)
    between = (means**2).sum(axis=1)
    # With fewer than four places nothing can be shrunk without loss; then as with four.
    chance = SHRINKAGE * max(season - 3, 1) * variance
    kept = np.where(between > 0, 1 - chance / np.where(between > 0, between, 1.0), 0.0)
    return means * np.where(df >= season / 2, np.maximum(kept, 0.0), 0.0)[:, None]


def _running(table: Floats) -> Floats:
    return np.vstack([np.zeros((1, table.shape[1])), np.cumsum(table, axis=0)])

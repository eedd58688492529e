"""From a history to the quantiles of its coming totals: smoothed, or its months drawn, or constant."""

from dataclasses import dataclass

import numpy as np

from steelyard.engine.forecast.calibration import Stretch, few_values, pooled_factors, stretch_of
from steelyard.engine.forecast.findings import LEVELS, Calibration, Floats, Outlook
from steelyard.engine.forecast.history import History
from steelyard.engine.forecast.holiday import moved_effect
from steelyard.engine.forecast.paths import draws_of, paths_of, quantiles_of
from steelyard.engine.forecast.resampling import Months, drawn, months_of, resampling_scores
from steelyard.engine.forecast.season import without_level
from steelyard.engine.forecast.smoothing import Fit, fit

# Past origins whose forecasts are compared with what came, besides those whose total is not over yet.
MOST_ORIGINS = 36
_FEWEST_BEFORE = 8
# Few months drawn again and again hold no month larger than themselves; chosen on simulated deals.
RESAMPLED = 1.12


@dataclass(frozen=True, eq=False)
class Ahead:
    """How a history is to be forecast: the season that is used, and the holiday before and after."""

    horizon: int
    season: int
    cycle: int
    moved: Floats
    seed: int
    sims: int
    pool: Calibration | None
    is_ratio: bool = False


def fitted_to(past: History, ahead: Ahead, *, in_logarithms: bool) -> tuple[Fit, Floats]:
    """Smooth the history without its moving holiday; return what the holiday does to each period."""
    values = np.log(past.values) if in_logarithms else past.values
    effect = np.zeros_like(ahead.moved)
    if ahead.season > 1 and ahead.moved.any():
        differences = np.where(past.known, without_level(values, season=ahead.season), np.nan)
        places = np.arange(len(values)) % ahead.season
        moved = ahead.moved[: len(values)]
        effect = ahead.moved * moved_effect(differences, places=places, moved=moved)
    fitted = fit(
        values - effect[: len(values)],
        known=past.known,
        season=ahead.season,
        horizon=ahead.horizon + past.missing_ahead,
        origins=_origins(len(values), ahead),
    )
    return fitted, effect


def _origins(count: int, ahead: Ahead) -> np.ndarray:
    first = max(2 * ahead.season, _FEWEST_BEFORE, count - MOST_ORIGINS - ahead.horizon)
    return np.unique(np.append(np.arange(first, count), count))


def smoothed(
    past: History,
    ahead: Ahead,
    fitted: Fit,
    effect: Floats,
    *,
    floor: float | None,
    in_logarithms: bool,
    denominators: Floats | None = None,
) -> Outlook:
    """Return the outlook of a series that goes on from its level, trend and season.

    A ratio over several periods is their mean by their denominators; a total is the mean times the periods.
    """
    raw, back = (np.log, np.exp) if in_logarithms else (np.asarray, np.asarray)
    weights = np.ones(len(past.values)) if denominators is None else denominators
    free = back(raw(past.values) - effect[: len(past.values)])
    scores = _scores(fitted, free, weights, past.known, in_logarithms=in_logarithms)
    stretch = _stretch(scores, past, ahead, fitted.origins)
    draws = draws_of(
        errors=len(fitted.errors), horizon=fitted.forecast.shape[1], sims=ahead.sims, seed=ahead.seed
    )
    paths = (paths_of(fitted, draws) + effect[len(past.values) :])[:, past.missing_ahead :]
    coming = _coming(weights, ahead, past)
    means = np.cumsum(back(paths) * coming, axis=1) / np.cumsum(coming)
    length = np.ones(ahead.horizon) if ahead.is_ratio else np.arange(1.0, ahead.horizon + 1)
    totals = back(_stretched(raw(means), stretch.factors)) * length[:, None]
    periods = back(_stretched(paths, np.full(ahead.horizon, stretch.factors[0])))
    ceiling = _ceiling(past, ahead, floor)
    return _outlook(
        totals, periods, "smoothing", past, ahead, stretch.calibration, floor=floor, ceiling=ceiling
    )


def _coming(weights: Floats, ahead: Ahead, past: History) -> Floats:
    """Return how much each coming period weighs: as the same place of the season did, on the average."""
    places = np.arange(len(weights)) % ahead.season
    usual = np.array([weights[places == place].mean() for place in range(ahead.season)])
    first = len(weights) + past.missing_ahead
    return usual[np.arange(first, first + ahead.horizon) % ahead.season] + 1e-12 * weights.mean()


def _scores(
    fitted: Fit, values: Floats, weights: Floats, known: np.ndarray, *, in_logarithms: bool
) -> Floats:
    """Return errors of past means in their promised spread; NaN where one is not wholly known."""
    horizon, count = fitted.forecast.shape[1], len(values)
    at = fitted.origins[:, None] + np.arange(horizon)
    inside = np.minimum(at, count - 1)
    is_known = np.logical_and.accumulate((at < count) & known[inside], axis=1)
    weight = weights[inside]
    whole = np.cumsum(weight, axis=1)
    actual = np.cumsum(values[inside] * weight, axis=1) / np.where(is_known, whole, 1.0)
    back = np.exp if in_logarithms else np.asarray
    promised = np.cumsum(back(fitted.forecast) * weight, axis=1) / np.where(is_known, whole, 1.0)
    if in_logarithms:
        error = np.log(np.where(is_known, actual, 1.0)) - np.log(np.where(is_known, promised, 1.0))
    else:
        error = actual - promised
    spread = np.where(fitted.spread > 0, fitted.spread, np.inf)
    return np.where(is_known, error / spread, np.nan)


def _stretch(scores: Floats, past: History, ahead: Ahead, origins: np.ndarray) -> Stretch:
    known = np.cumsum(past.known)[origins - 1]
    return stretch_of(
        scores[:, : ahead.horizon],
        pooled=pooled_factors(ahead.horizon, pool=ahead.pool),
        widening=few_values(known, season=ahead.cycle),
    )


def _stretched(samples: Floats, factors: Floats) -> Floats:
    """Return quantiles (a row per period), their distance from the median multiplied."""
    quantiles = quantiles_of(samples)
    middle = quantiles[:, LEVELS.index(0.5), None]
    return middle + factors[:, None] * (quantiles - middle)


def resampled(past: History, denominators: Floats, ahead: Ahead, *, floor: float | None) -> Outlook:
    """Return the outlook of a total that comes in jumps, or of a ratio with its denominators."""
    fitted, _effect = fitted_to(past, ahead, in_logarithms=False)
    months = months_of(past.values * denominators, denominators, known=past.known, fit=fitted)
    count = len(past.values)
    scores = resampling_scores(months, origins=fitted.origins, count=count, horizon=ahead.horizon)
    stretch = _stretch(scores, past, ahead, fitted.origins)
    turns = _turns(fitted, past, ahead, months)
    above, below = drawn(months, turns=turns, sims=ahead.sims, seed=ahead.seed)
    totals, periods = np.cumsum(above, axis=1), above
    if ahead.is_ratio:
        totals, periods = totals / np.cumsum(below, axis=1), above / below
    root, square = (np.sqrt, np.square) if floor == 0 else (np.asarray, np.asarray)
    factors = np.maximum(stretch.factors * RESAMPLED, 1.0)
    totals = _stretched(root(totals), factors)
    periods = _stretched(root(periods), np.full(ahead.horizon, factors[0]))
    if floor == 0:
        totals, periods = np.maximum(totals, 0), np.maximum(periods, 0)
    calibration = Calibration(
        float(f"{factors[-1]:.6g}"), stretch.calibration.origins, stretch.calibration.source
    )
    ceiling = _ceiling(past, ahead, floor)
    return _outlook(
        square(totals), square(periods), "resampling", past, ahead, calibration, floor=floor, ceiling=ceiling
    )


def _ceiling(past: History, ahead: Ahead, floor: float | None) -> float | None:
    """Return 1 for a share: a ratio that was never below 0 or above 1."""
    return 1.0 if ahead.is_ratio and floor == 0 and past.values[past.known].max() <= 1 else None


def _turns(fitted: Fit, past: History, ahead: Ahead, months: Months) -> Floats:
    """Return the factor of the season for each coming period; 1 where there is none, or no positive level."""
    level = float(months.weights @ past.values[past.known][-len(months.age) :] / months.weights.sum())
    seasonal = fitted.seasonal[-1][past.missing_ahead :]
    return np.maximum(1 + seasonal / level, 0.0) if level > 0 else np.ones(ahead.horizon)


def constant(value: float, past: History, ahead: Ahead, *, is_positive: bool) -> Outlook:
    """Return the outlook of what has never been anything else."""
    each = np.full((ahead.horizon, len(LEVELS)), value)
    length = np.arange(1.0, ahead.horizon + 1)[:, None]
    floor = 0.0 if is_positive else None
    totals = each if ahead.is_ratio else each * length
    return Outlook(levels=LEVELS, totals=totals, periods=each, method="constant", n=past.n, floor=floor)


def _outlook(
    totals: Floats,
    periods: Floats,
    method: str,
    past: History,
    ahead: Ahead,
    calibration: Calibration,
    *,
    floor: float | None,
    ceiling: float | None = None,
) -> Outlook:
    bounds = (floor, ceiling)
    is_whole = bool((past.values[past.known] == np.round(past.values[past.known])).all())
    if bounds != (None, None):
        totals, periods = np.clip(totals, *bounds), np.clip(periods, *bounds)
    return Outlook(
        levels=LEVELS,
        totals=_rounded(totals),
        periods=_rounded(periods),
        method=method,
        n=past.n,
        season=ahead.season if ahead.season > 1 else None,
        calibration=calibration,
        floor=floor,
        ceiling=ceiling,
        step=0.0 if ahead.is_ratio or not is_whole else 1.0,
    )


def _rounded(values: Floats) -> Floats:
    """Keep eight digits of the largest figure: small to store, and far below what a forecast can tell."""
    largest = float(np.abs(values).max())
    if largest == 0:
        return values
    return np.round(values, 7 - int(np.floor(np.log10(largest))))

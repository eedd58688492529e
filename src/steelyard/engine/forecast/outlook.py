"""What may come in over the next periods, told from a series' own past."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from steelyard.engine.forecast.calibration import (
    SHORTEST_CYCLE,
    Stretch,
    few_values,
    pooled_factors,
    stretch_of,
)
from steelyard.engine.forecast.findings import LEVELS, Calibration, Floats, Outlook
from steelyard.engine.forecast.history import History, history_of
from steelyard.engine.forecast.holiday import holiday_shares, moved_effect
from steelyard.engine.forecast.paths import draws_of, paths_of, quantiles_of
from steelyard.engine.forecast.resampling import Months, drawn, months_of, resampling_scores
from steelyard.engine.forecast.season import without_level
from steelyard.engine.forecast.smoothing import Fit, fit
from steelyard.errors import Refused

SEASONS = {"month": 12, "quarter": 4, "week": 52, "day": 7}
SIMS = 1000
LONGEST_HORIZON, LONGEST_SEASON = 366, 366
# Past origins whose forecasts are compared with what came, besides those whose total is not over yet.
MOST_ORIGINS = 36
# More zeros than this, or errors of this size in logarithms, and months are drawn instead of smoothed.
_MANY_ZEROS, _WILD = 0.05, 0.8
_FEWEST_BEFORE = 8


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


def outlook_of(
    history: Sequence[float | None],
    *,
    horizon: int,
    season: int | None = None,
    starts: date | None = None,
    grain: str = "month",
    country: str | None = None,
    is_positive: bool = True,
    seed: int = 0,
    sims: int = SIMS,
    pool: Calibration | None = None,
) -> Outlook:
    """Say how the total of the next periods is distributed.

    Parameters
    ----------
    history
        One figure per period, oldest first, in any one unit; None where it is not known (0 is a figure).
        Periods missing at the end are forecast, too, and not counted in the total.
    horizon
        How many periods ahead, 1 to 366.
    season
        Periods in a cycle; left out: 12 for months, 4 for quarters, 52 for weeks, 7 for days. 1 for none.
        A season is used from two full cycles on.
    starts
        First day of the first period; needed for moving holidays only.
    grain
        `month`, `quarter`, `week`, `day`, or another without a season.
    country
        Code of the country whose moving holiday shifts business (CN: 春节; others Easter), None for none.
    is_positive
        Whether the figure can never be negative. If it was, it is not believed.
    seed, sims
        Of the simulation; how many paths.
    pool
        What similar series taught about the spread of the whole horizon, in place of the constants that
        ship.

    Returns
    -------
    Outlook

    Raises
    ------
    Refused
        `forecast.too-short` with `found` and `needed` (6 known values); `forecast.bad-horizon`;
        `forecast.bad-season`; `forecast.not-a-number` with `place`; `forecast.unknown-country`.

    Notes
    -----
    Positive series are smoothed in logarithms, others as they are; series with zeros in more than one of
    twenty periods, or wilder than a factor of e**0.8 from month to month, are resampled. Whole paths are
    simulated (errors of one month move the level of the next, and which parameters are right is not
    known), then the spread of the total is stretched by what the series' own past forecasts missed, shrunk
    towards what 714 other series missed. Wrong when a break comes that the past has not seen. Independent
    months would cover 42 % of totals for a nominal 80 %, plain simulation 65 %; see `benchmarks/forecast.py`.
    Source: `smoothing.fit`, `season.seasons_by`, `calibration.stretch_of`, `resampling.drawn`.

    Examples
    --------
    >>> outlook = outlook_of([100.0, 110, 90, 105, 95, 100, 108, 92] * 3, horizon=3, season=1)
    >>> outlook.method, outlook.n, 290 < outlook.quantile(0.5) < 310
    ('smoothing', 24, True)
    >>> outlook.chance(280) > outlook.chance(300) > outlook.chance(320)
    True
    """
    cycle = _season(season, grain)
    _check(horizon, cycle)
    past = history_of(history, season=cycle)
    moved = _moved(len(history), horizon, starts=starts, grain=grain, country=country)[past.dropped :]
    ahead = _ahead(past, horizon, cycle, moved, seed=seed, sims=sims, pool=pool)
    real = past.values[past.known]
    if np.ptp(real) == 0:
        return _constant(float(real[0]), past, horizon, is_positive=is_positive and real[0] >= 0)
    floor = 0.0 if is_positive and real.min() >= 0 else None
    if floor == 0 and (real == 0).mean() > _MANY_ZEROS:
        return _resampled(past, np.ones(len(past.values)), ahead, floor=floor)
    is_long = len(past.values) >= 2 * max(cycle, SHORTEST_CYCLE)
    in_logarithms = floor == 0 and is_long and past.values.min() > 0
    fitted, effect = _fit(past, ahead, in_logarithms=in_logarithms)
    if in_logarithms and np.sqrt(fitted.weights[-1] @ fitted.variance[-1]) > _WILD:
        return _resampled(past, np.ones(len(past.values)), ahead, floor=floor)
    return _smoothed(past, ahead, fitted, effect, floor=floor, in_logarithms=in_logarithms)


def ratio_outlook_of(
    numerators: Sequence[float | None],
    denominators: Sequence[float | None],
    *,
    horizon: int,
    season: int | None = None,
    grain: str = "month",
    seed: int = 0,
    sims: int = SIMS,
    pool: Calibration | None = None,
) -> Outlook:
    """Say how the ratio over the next periods is distributed: Σ numerators ÷ Σ denominators.

    Parameters
    ----------
    numerators, denominators
        One of each per period, oldest first; None, or a denominator of 0, where there is no ratio.
    horizon, season, grain, seed, sims, pool
        As in `outlook_of`.

    Returns
    -------
    Outlook
        `totals` row k-1: the ratio over the next k periods. Never above 1 where it never was (a share).

    Raises
    ------
    Refused
        As `outlook_of`; `forecast.unequal-length`; `forecast.no-denominator`.

    Notes
    -----
    Months are drawn whole, numerator with denominator, so that months of few cases weigh as little as they
    did; newer ones more, as smoothing of the ratio's own series has it. A trend is followed, not drawn on.

    Examples
    --------
    >>> outlook = ratio_outlook_of([3, 4, 2, 5, 3, 4, 3, 4], [10, 12, 9, 14, 10, 11, 9, 12], horizon=3)
    >>> round(outlook.quantile(0.5), 2), outlook.ceiling
    (0.33, 1.0)
    """
    if len(numerators) != len(denominators):
        raise Refused("forecast.unequal-length", first=len(numerators), second=len(denominators))
    cycle = _season(season, grain)
    _check(horizon, cycle)
    pairs = list(zip(numerators, denominators, strict=True))
    if all(not below for _above, below in pairs):
        raise Refused("forecast.no-denominator")
    ratios = [None if above is None or not below else above / below for above, below in pairs]
    past = history_of(ratios, season=cycle)
    kept = pairs[past.dropped : past.dropped + len(past.values)]
    below = np.array([float(below or 0) for _above, below in kept])
    moved = np.zeros(len(past.values) + past.missing_ahead + horizon)
    ahead = _ahead(past, horizon, cycle, moved, seed=seed, sims=sims, pool=pool)
    real = past.values[past.known]
    if np.ptp(real) == 0:
        return _constant(float(real[0]), past, horizon, is_positive=False, is_ratio=True)
    floor = 0.0 if real.min() >= 0 else None
    return _resampled(past, below, ahead, floor=floor, is_ratio=True)


def _season(season: int | None, grain: str) -> int:
    return SEASONS.get(grain, 1) if season is None else season


def _check(horizon: int, season: int) -> None:
    if not 1 <= horizon <= LONGEST_HORIZON:
        raise Refused("forecast.bad-horizon", horizon=horizon, limit=LONGEST_HORIZON)
    if not 1 <= season <= LONGEST_SEASON:
        raise Refused("forecast.bad-season", season=season, limit=LONGEST_SEASON)


def _moved(count: int, horizon: int, *, starts: date | None, grain: str, country: str | None) -> Floats:
    if starts is None:
        return np.zeros(count + horizon)
    return holiday_shares(starts, count=count + horizon, grain=grain, country=country)


def _ahead(
    past: History,
    horizon: int,
    cycle: int,
    moved: Floats,
    *,
    seed: int,
    sims: int,
    pool: Calibration | None,
) -> Ahead:
    season = cycle if len(past.values) >= 2 * cycle else 1
    return Ahead(horizon, season, cycle, moved, seed, sims, pool)


def _fit(past: History, ahead: Ahead, *, in_logarithms: bool) -> tuple[Fit, Floats]:
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


def _smoothed(
    past: History, ahead: Ahead, fitted: Fit, effect: Floats, *, floor: float | None, in_logarithms: bool
) -> Outlook:
    raw, back = (np.log, np.exp) if in_logarithms else (np.asarray, np.asarray)
    free = back(raw(past.values) - effect[: len(past.values)])
    stretch = _stretch(
        _scores(fitted, free, past.known, in_logarithms=in_logarithms), past, ahead, fitted.origins
    )
    draws = draws_of(
        errors=len(fitted.errors), horizon=fitted.forecast.shape[1], sims=ahead.sims, seed=ahead.seed
    )
    paths = (paths_of(fitted, draws) + effect[len(past.values) :])[:, past.missing_ahead :]
    totals = _stretched(raw(np.cumsum(back(paths), axis=1)), stretch.factors)
    periods = _stretched(paths, np.full(ahead.horizon, stretch.factors[0]))
    return _outlook(back(totals), back(periods), "smoothing", past, ahead, stretch.calibration, floor=floor)


def _scores(fitted: Fit, values: Floats, known: np.ndarray, *, in_logarithms: bool) -> Floats:
    """Return errors of past totals in their promised spread; NaN where a total is not known."""
    horizon, count = fitted.forecast.shape[1], len(values)
    length = np.arange(1, horizon + 1)
    ends = fitted.origins[:, None] + length
    until, begun = np.minimum(ends, count), fitted.origins[:, None]
    sums, gaps = np.append(0.0, np.cumsum(values)), np.append(0, np.cumsum(~known))
    is_known = (ends <= count) & (gaps[until] == gaps[begun])
    actual = sums[until] - sums[begun]
    if in_logarithms:
        promised = np.log(np.cumsum(np.exp(fitted.forecast), axis=1))
        error = np.log(np.where(is_known, actual, 1.0)) - promised
    else:
        error = (actual - np.cumsum(fitted.forecast, axis=1)) / length
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


def _resampled(
    past: History, denominators: Floats, ahead: Ahead, *, floor: float | None, is_ratio: bool = False
) -> Outlook:
    fitted, _effect = _fit(past, ahead, in_logarithms=False)
    months = months_of(past.values * denominators, denominators, known=past.known, fit=fitted)
    count = len(past.values)
    scores = resampling_scores(months, origins=fitted.origins, count=count, horizon=ahead.horizon)
    stretch = _stretch(scores, past, ahead, fitted.origins)
    turns = _turns(fitted, past, ahead, months)
    above, below = drawn(months, turns=turns, sims=ahead.sims, seed=ahead.seed)
    totals, periods = np.cumsum(above, axis=1), above
    if is_ratio:
        totals, periods = totals / np.cumsum(below, axis=1), above / below
    root, square = (np.sqrt, np.square) if floor == 0 else (np.asarray, np.asarray)
    # Months are drawn as they were: what was too wide in the past still may come.
    factors = np.maximum(stretch.factors, 1.0)
    totals = _stretched(root(totals), factors)
    periods = _stretched(root(periods), np.full(ahead.horizon, factors[0]))
    if floor == 0:
        totals, periods = np.maximum(totals, 0), np.maximum(periods, 0)
    calibration = Calibration(
        float(f"{factors[-1]:.6g}"), stretch.calibration.origins, stretch.calibration.source
    )
    ceiling = 1.0 if is_ratio and past.values[past.known].max() <= 1 and floor == 0 else None
    return _outlook(
        square(totals), square(periods), "resampling", past, ahead, calibration, floor=floor, ceiling=ceiling
    )


def _turns(fitted: Fit, past: History, ahead: Ahead, months: Months) -> Floats:
    """Return the factor of the season for each coming period; 1 where there is none, or no positive level."""
    level = float(months.weights @ past.values[past.known][-len(months.age) :] / months.weights.sum())
    seasonal = fitted.seasonal[-1][past.missing_ahead :]
    return np.maximum(1 + seasonal / level, 0.0) if level > 0 else np.ones(ahead.horizon)


def _constant(
    value: float, past: History, horizon: int, *, is_positive: bool, is_ratio: bool = False
) -> Outlook:
    """Return the outlook of what has never been anything else."""
    each = np.full((horizon, len(LEVELS)), value)
    length = np.arange(1, horizon + 1)[:, None]
    return Outlook(
        levels=LEVELS,
        totals=each if is_ratio else each * length,
        periods=each,
        method="constant",
        n=past.n,
        floor=0.0 if is_positive else None,
    )


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
    )


def _rounded(values: Floats) -> Floats:
    """Keep eight digits of the largest figure: small to store, and far below what a forecast can tell."""
    largest = float(np.abs(values).max())
    if largest == 0:
        return values
    return np.round(values, 7 - int(np.floor(np.log10(largest))))

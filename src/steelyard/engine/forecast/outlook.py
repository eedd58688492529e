"""What may come in over the next periods, told from a series' own past."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from steelyard.engine.forecast.calibration import SHORTEST_CYCLE
from steelyard.engine.forecast.findings import Calibration, Floats, Outlook
from steelyard.engine.forecast.history import History, history_of
from steelyard.engine.forecast.holiday import holiday_shares
from steelyard.engine.forecast.simulated import Ahead, constant, fitted_to, resampled, smoothed
from steelyard.errors import Refused

SEASONS = {"month": 12, "quarter": 4, "week": 52, "day": 7}
SIMS = 1000
LONGEST_HORIZON, LONGEST_SEASON = 366, 366
# More zeros than this, or errors of this size in logarithms, and months are drawn instead of smoothed.
_MANY_ZEROS, _WILD = 0.05, 0.8
# A ratio that jumps by more has few cases behind it: they must weigh by their number.
_WILD_RATIO = 0.4


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
    ahead = Ahead(horizon, _usable(past, cycle), cycle, moved, seed, sims, pool)
    real = past.values[past.known]
    if np.ptp(real) == 0:
        return constant(float(real[0]), past, ahead, is_positive=is_positive and real[0] >= 0)
    floor = 0.0 if is_positive and real.min() >= 0 else None
    if floor == 0 and (real == 0).mean() > _MANY_ZEROS:
        return resampled(past, np.ones(len(past.values)), ahead, floor=floor)
    in_logarithms = floor == 0 and _is_long(past, cycle) and past.values.min() > 0
    fitted, effect = fitted_to(past, ahead, in_logarithms=in_logarithms)
    if in_logarithms and np.sqrt(fitted.weights[-1] @ fitted.variance[-1]) > _WILD:
        return resampled(past, np.ones(len(past.values)), ahead, floor=floor)
    return smoothed(past, ahead, fitted, effect, floor=floor, in_logarithms=in_logarithms)


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
    A ratio of many cases is smoothed as `outlook_of` does and weighed over the coming periods as their
    places in the season weighed before. One of few cases (zeros in more than one of twenty periods, errors
    above 0.4 in logarithms) and a short one are drawn: months whole, numerator with denominator, so that
    those of few cases weigh as little as they did.

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
    ahead = Ahead(horizon, _usable(past, cycle), cycle, moved, seed, sims, pool, is_ratio=True)
    real = past.values[past.known]
    if np.ptp(real) == 0:
        return constant(float(real[0]), past, ahead, is_positive=False)
    floor = 0.0 if real.min() >= 0 else None
    if not _is_long(past, cycle) or (floor == 0 and (real == 0).mean() > _MANY_ZEROS):
        return resampled(past, below, ahead, floor=floor)
    in_logarithms = floor == 0 and past.values.min() > 0
    fitted, effect = fitted_to(past, ahead, in_logarithms=in_logarithms)
    if in_logarithms and np.sqrt(fitted.weights[-1] @ fitted.variance[-1]) > _WILD_RATIO:
        return resampled(past, below, ahead, floor=floor)
    return smoothed(past, ahead, fitted, effect, floor=floor, in_logarithms=in_logarithms, denominators=below)


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


def _usable(past: History, cycle: int) -> int:
    return cycle if len(past.values) >= 2 * cycle else 1


def _is_long(past: History, cycle: int) -> bool:
    return len(past.values) >= 2 * max(cycle, SHORTEST_CYCLE)

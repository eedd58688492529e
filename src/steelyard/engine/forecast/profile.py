"""How a year falls on its months or quarters, with a holiday that moves between them."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from steelyard.engine.forecast.findings import Floats, Profile
from steelyard.engine.forecast.history import history_of
from steelyard.engine.forecast.holiday import MONTHS_IN, holiday_shares, moved_effect, places_of
from steelyard.engine.forecast.season import SHRINKAGE
from steelyard.errors import Refused

# Of an F ratio: below it a season is not identifiable and is shrunk towards equal shares.
_IDENTIFIABLE = 7.0
_FEWEST_CYCLES = 2
_ROUNDS = 3


def seasonal_profile(
    history: Sequence[float | None],
    *,
    starts: date,
    season: int | None = None,
    grain: str = "month",
    country: str | None = None,
) -> Profile:
    """Learn how a year's total falls on its periods.

    Parameters
    ----------
    history
        One figure per month or quarter, oldest first; None where it is not known.
    starts
        First day of the first period.
    season
        12 for months and 4 for quarters, the only ones there are; may be left out.
    grain
        `month` or `quarter`.
    country
        Whose moving holiday shifts business between periods (CN: 春节), None for none.

    Returns
    -------
    Profile
        Shares by place in the calendar year, the holiday apart. `method` is `ratio`; `difference` where
        values are not all positive; `equal` below two full years, or where the year has no positive level.

    Raises
    ------
    Refused
        `forecast.unknown-grain`, `forecast.unknown-country`, `forecast.bad-season`,
        `forecast.not-a-number` with `place`, `forecast.too-short` without any figure.

    Notes
    -----
    Ratios to the centred moving average, averaged by place: the factors of R's `decompose`. Where the
    holiday has moved, its effect and the season are fitted in turn. A season that is not identifiable
    (F < 7) is shrunk towards equal shares. With two years, ratios to a straight line. Wrong where the year
    has changed its shape.
    Source: Macaulay (1931), The smoothing of time series; Shiskin, Young and Musgrave (1967), The X-11
    variant; Miller and Williams (2003), International Journal of Forecasting 19.

    Examples
    --------
    >>> profile = seasonal_profile([80.0, 100, 100, 120] * 4, starts=date(2020, 1, 1), grain="quarter")
    >>> profile.shares, profile.n_years
    ((0.2, 0.25, 0.25, 0.3), 4)
    """
    if grain not in MONTHS_IN:
        raise Refused("forecast.unknown-grain", grain=grain[:20])
    cycle = 12 // MONTHS_IN[grain]
    if season not in (None, cycle):
        raise Refused("forecast.bad-season", season=season, limit=cycle)
    moved = holiday_shares(starts, count=len(history), grain=grain, country=country)
    past = history_of(history, season=cycle, needed=1)
    values, years = past.values, len(past.values) // cycle
    equal = Profile((1 / cycle,) * cycle, grain, "equal", years, country=country)
    if years < _FEWEST_CYCLES or values.mean() <= 0:
        return equal
    places = places_of(starts, count=len(history), grain=grain)[past.dropped :][: len(values)]
    moved = moved[past.dropped :][: len(values)]
    method = "ratio" if values.min() > 0 else "difference"
    ratios, effect = _without_holiday(values, past.known, places, moved, method=method)
    factors = _factors(ratios, places, cycle)
    if factors is None or factors.min() < 0:
        return equal
    shares = tuple(float(f"{share:.12g}") for share in factors / factors.sum())
    return Profile(shares, grain, method, years, float(f"{effect:.12g}"), country)


def shares_of_year(profile: Profile, year: int) -> tuple[float, ...]:
    """Return the shares of a calendar year's periods, its holiday where it falls; they sum to 1."""
    return shares_from(profile, starts=date(year, 1, 1), count=len(profile.shares))


def shares_from(profile: Profile, *, starts: date, count: int) -> tuple[float, ...]:
    """Return the shares of `count` periods from `starts` on; they sum to 1.

    The difference that the holiday makes is relative to the mean period, in either method.
    """
    places = places_of(starts, count=count, grain=profile.grain)
    weights = np.array(profile.shares)[places]
    if profile.holiday:
        moved = holiday_shares(starts, count=count, grain=profile.grain, country=profile.country)
        weights = weights * np.exp(profile.holiday * moved)
    whole = float(weights.sum())
    return tuple((weights / whole).tolist()) if whole > 0 else (1 / count,) * count


def _without_holiday(
    values: Floats, known: np.ndarray, places: np.ndarray, moved: Floats, *, method: str
) -> tuple[Floats, float]:
    """Return the ratios to the level with the holiday taken out, and its effect as a logarithm."""
    effect, free = 0.0, values
    rounds = _ROUNDS if method == "ratio" and moved.any() else 1
    for _round in range(rounds):
        level = _level(free, cycle=int(places.max()) + 1)
        ratios = np.where(known, free / level, np.nan)
        if rounds > 1:
            raw = np.log(np.where(known, values / level, np.nan))
            effect = moved_effect(raw, places=places, moved=moved)
            free = values * np.exp(-effect * moved)
    return ratios, effect


def _level(values: Floats, *, cycle: int) -> Floats:
    """Return the centred average over a year, NaN at either end; with two years a straight line instead."""
    if len(values) < 3 * cycle:
        moments = np.arange(len(values))
        line = np.asarray(np.polyval(np.polyfit(moments, values, 1), moments), dtype=np.float64)
        return line if line.min() > 0 else np.full(len(values), values.mean())
    weights = np.ones(cycle + 1)
    weights[[0, -1]] = 0.5
    level = np.full(len(values), np.nan)
    level[cycle // 2 : len(values) - cycle // 2] = np.convolve(values, weights / cycle, "valid")
    return np.where(level > 0, level, np.nan)


def _factors(ratios: Floats, places: np.ndarray, cycle: int) -> Floats | None:
    """Return the mean ratio by place, brought to mean 1 and, where it may be chance, towards it."""
    by_place = [ratios[(places == place) & np.isfinite(ratios)] for place in range(cycle)]
    if min(map(len, by_place)) < 1:
        return None
    means = np.array([each.mean() for each in by_place])
    factors: Floats = means / means.mean()
    cycles = sum(map(len, by_place)) / cycle
    within = sum(float(((each - each.mean()) ** 2).sum()) for each in by_place)
    variance = within / max(sum(map(len, by_place)) - cycle, 1) / cycles
    between = float(((factors - 1) ** 2).sum())
    if between <= 0 or between / (cycle - 1) >= _IDENTIFIABLE * variance:
        return factors
    kept = max(0.0, 1 - SHRINKAGE * max(cycle - 3, 1) * variance / between)
    return 1 + kept * (factors - 1)

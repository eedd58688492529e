"""Holidays that move between months: where they fall, and how much they take from (or bring to) a period."""

from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from steelyard.engine.forecast.findings import Floats
from steelyard.errors import Refused

MONTHS_IN = {"month": 1, "quarter": 3}
# Countries whose trade follows the lunar New Year; elsewhere it follows Easter, where that is a holiday.
LUNAR = frozenset({"CN", "HK", "MO", "TW", "SG", "MY", "VN", "KR"})
# From the eve on, the seven days that are off work in mainland China, make-up days included.
_LUNAR_DAYS = range(-1, 6)
_EASTER_DAYS = range(-2, 2)
_FIRST, _LAST = 1950, 2099


def holiday_shares(starts: date, *, count: int, grain: str, country: str | None) -> Floats:
    """Return which part of a year's moving holiday falls into each of `count` periods from `starts` on.

    Raises
    ------
    Refused
        `forecast.unknown-country` with `value`; `forecast.unknown-grain` with `grain`.

    Examples
    --------
    In 2025 the week around 春节 began on 28 January, in 2026 on 16 February.

    >>> holiday_shares(date(2025, 1, 1), count=2, grain="month", country="CN").round(3).tolist()
    [0.571, 0.429]
    >>> holiday_shares(date(2026, 1, 1), count=2, grain="month", country="CN").round(3).tolist()
    [0.0, 1.0]
    """
    shares = np.zeros(count)
    if country is None:
        return shares
    from steelyard.engine.calendars.rules import is_country

    if not is_country(country.upper()):
        raise Refused("forecast.unknown-country", value=country[:20])
    if grain not in MONTHS_IN:
        return shares
    months, first = MONTHS_IN[grain], _month(starts)
    for year in range(starts.year, (first + count * months - 1) // 12 + 1):
        days = _days(country.upper().partition("-")[0], year)
        for day in days:
            place = (_month(day) - first) // months
            if 0 <= place < count and _month(day) >= first:
                shares[place] += 1 / len(days)
    return shares


def places_of(starts: date, *, count: int, grain: str) -> NDArray[np.intp]:
    """Return the place in the year of each period: 0 for January, or for the quarter that it is in."""
    if grain not in MONTHS_IN:
        raise Refused("forecast.unknown-grain", grain=grain[:20])
    months = MONTHS_IN[grain]
    return (_month(starts) // months + np.arange(count)) % (12 // months)


def moved_effect(differences: Floats, *, places: NDArray[np.intp], moved: Floats) -> float:
    """Measure what the whole holiday does to the period that holds it, beyond the usual season.

    Parameters
    ----------
    differences
        The series without its level (on the scale on which it is added up); NaN where unknown.
    places
        Place of each period in the season.
    moved
        Share of the year's holiday in each period.

    Returns
    -------
    float
        0 where the holiday has not moved or shows nothing.

    Notes
    -----
    Least squares on what differs from the usual of the same place, in the effect and in the share; then
    shrunk by the part of it that chance alone would give (1 - 1 / t², never below 0).
    Source: Frisch and Waugh (1933), Econometrica 1, for taking out the season first; Bell and Hillmer
    (1983), JASA 78, for holidays as regressors.
    """
    known = np.isfinite(differences)
    apart = places
    left, share = differences[known].copy(), moved[known].copy()
    for place in np.unique(apart[known]):
        same = apart[known] == place
        left[same] -= left[same].mean()
        share[same] -= share[same].mean()
    size = float(share @ share)
    df = len(left) - len(np.unique(apart[known])) - 1
    if size < 1e-9 or df < 1:
        return 0.0
    effect = float(share @ left) / size
    error = float(((left - effect * share) ** 2).sum()) / df / size
    return effect * max(0.0, 1 - error / effect**2) if effect else 0.0


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


@lru_cache(maxsize=512)
def _days(country: str, year: int) -> tuple[date, ...]:
    """Return the days of the year's moving holiday; none outside the years that are known."""
    if not _FIRST <= year <= _LAST:
        return ()
    if country in LUNAR:
        first = _first_day("CN", year, "Chinese New Year (Spring Festival)")
        return tuple(first + timedelta(days=shift) for shift in _LUNAR_DAYS) if first else ()
    for name, shift in (("Easter Monday", -1), ("Good Friday", 2)):
        found = _first_day(country, year, name)
        if found is not None:
            return tuple(found + timedelta(days=shift + each) for each in _EASTER_DAYS)
    return ()


def _first_day(country: str, year: int, name: str) -> date | None:
    # Half of this package's start-up, for those who have a country.
    import holidays

    public = holidays.country_holidays(country, years=year, language="en_US")
    return min((day for day, words in public.items() if words == name), default=None)

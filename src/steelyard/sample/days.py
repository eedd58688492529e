"""Working time as one number: whole part = the working day, fraction = how far that day has gone."""

from datetime import date

import holidays
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FIRST_YEAR, LAST_YEAR = 2022, 2025
FIRST_DAY, LAST_DAY = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
LOGGED_FROM = date(2024, 1, 2)
"""When the approvals of contracts and the calls and visits of sellers began to be kept."""
_AXIS = (date(2020, 7, 1), date(2026, 12, 31))
_OPENS, _HOURS = 9, 9.0
_MONTH = np.array([0.90, 0.88, 1.10, 0.92, 0.95, 1.12, 0.88, 0.90, 1.06, 0.96, 1.16, 1.44])


class WorkingDays:
    """China's working days with holidays and make-up days, and the season of a seller's year."""

    def __init__(self) -> None:
        first, last = (np.datetime64(day, "D") for day in _AXIS)
        every_day = np.arange(first, last + 1)
        china = holidays.country_holidays(
            "CN", years=range(_AXIS[0].year, _AXIS[1].year + 1), language="en_US"
        )
        self.days = every_day[[china.is_working_day(day) for day in every_day.tolist()]]
        self.spring_festivals = np.array(
            [day for day, name in sorted(china.items()) if "Spring Festival" in name], dtype="datetime64[D]"
        )

    def at(self, day: date | str) -> int:
        """The position of the first working day on or after `day`."""
        return int(np.searchsorted(self.days, np.datetime64(day, "D")))

    def position(self, days: NDArray[np.datetime64]) -> Ints:
        """The same for many calendar days."""
        return np.searchsorted(self.days, days.astype("datetime64[D]")).astype(np.int64)

    def dates(self, moments: Floats | Ints) -> NDArray[np.datetime64]:
        return self.days[np.floor(moments).astype(np.int64)]

    def times(self, moments: Floats) -> NDArray[np.datetime64]:
        """Clock times between nine and six of the working day, to the second."""
        whole = np.floor(moments)
        seconds = np.floor((_OPENS + (moments - whole) * _HOURS) * 3600).astype("timedelta64[s]")
        return self.days[whole.astype(np.int64)].astype("datetime64[s]") + seconds

    def season(self) -> Floats:
        """Relative business of each working day: month, push at quarter's end, lull around 春节."""
        month = self.days.astype("datetime64[M]").astype(np.int64) % 12
        quarter_end = (self.days.astype("datetime64[M]") - (month % 3).astype(int) + 3).astype(
            "datetime64[D]"
        )
        push = np.where(quarter_end - self.days <= np.timedelta64(10, "D"), 1.5, 1.0)
        return _MONTH[month] * push * self._spring_lull()

    def _spring_lull(self) -> Floats:
        after = (self.days[:, None] - self.spring_festivals[None, :]).astype(np.int64)
        near = ((after >= -12) & (after <= 14)).any(axis=1)
        return np.where(near, 0.5, 1.0)


def spread(weights: Floats, count: int, rng: np.random.Generator) -> Floats:
    """`count` positions, one from each of `count` equal slices of the weights: planned, not Poisson."""
    cumulative = np.concatenate([[0.0], np.cumsum(weights)])
    places = (np.arange(count) + rng.random(count)) / max(count, 1) * cumulative[-1]
    return np.interp(places, cumulative, np.arange(len(cumulative), dtype=float))

"""How much of a stretch of time was working time."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from steelyard.engine.calendars.rules import Rule, merged
from steelyard.engine.calendars.zones import Ints
from steelyard.errors import Refused

MICROS = 1_000_000
MOST_YEARS = 400
_YEARS_TO_1970 = 1970


@dataclass(frozen=True)
class WorkingCalendar:
    """The time that lies in the hours of all its rules; without a rule, all time."""

    rules: tuple[Rule, ...] = ()

    def working_seconds(self, start: ArrayLike, end: ArrayLike) -> NDArray[np.float64]:
        """Working seconds from `start` to `end`.

        Parameters
        ----------
        start, end
            Moments in microseconds UTC since 1970 (int64); arrays of one shape, or a moment.

        Returns
        -------
        array of float64
            Seconds, negative where `end` lies before `start`: the seconds from a to b and from b to c
            always add up to those from a to c.

        Raises
        ------
        Refused
            `calendar.years` with `first` and `last` when the moments lie more than 400 years apart.

        Notes
        -----
        A span over midnight belongs to the day on which it begins: a holiday cancels what begins on it.
        Wall-clock hours are turned into moments of the zone first, so that a night shift has seven or
        nine hours when the clocks change. Cost: two binary searches a pair, in a table of the years
        between the earliest and the latest moment, which is built once.

        Examples
        --------
        >>> office = WorkingCalendar((Rule(((( 540, 1080),),) * 5 + ((), ())),))
        >>> friday_noon, monday_noon = 1715342400_000000, 1715601600_000000
        >>> float(office.working_seconds(friday_noon, monday_noon)) / 3600
        9.0
        """
        return self.working_micros(start, end) / MICROS

    def working_micros(self, start: ArrayLike, end: ArrayLike) -> Ints:
        """The same in whole microseconds."""
        starts, ends = np.asarray(start, dtype=np.int64), np.asarray(end, dtype=np.int64)
        if not self.rules or not starts.size or not ends.size:
            return ends - starts
        table = _table(self.rules, *_years(starts, ends))
        return _worked_before(ends, table) - _worked_before(starts, table)

    def stretches(self, start: int, end: int) -> tuple[Ints, Ints]:
        """Where working time begins and ends between two moments, in order."""
        if not self.rules:
            return np.array([start]), np.array([end])
        begins, ends, _ = _table(self.rules, *_years(np.array([start]), np.array([end])))
        begins, ends = np.clip(begins, start, end), np.clip(ends, start, end)
        is_inside = ends > begins
        return begins[is_inside], ends[is_inside]

    def last_working(self, moments: ArrayLike) -> Ints:
        """The latest moment of working time at or before each; the moment itself when there is none."""
        moments = np.asarray(moments, dtype=np.int64)
        if not self.rules or not moments.size:
            return moments
        first, last = _years(moments, moments)
        begins, ends, _ = _table(self.rules, first - 1, last)
        count = np.searchsorted(begins, moments, side="left")
        before = np.append(np.iinfo(np.int64).max, ends)[count]
        return np.minimum(before, moments)

    def intersect(self, other: "WorkingCalendar") -> "WorkingCalendar":
        """The time in which both are at work."""
        return WorkingCalendar(tuple(dict.fromkeys(self.rules + other.rules)))


ALWAYS_OPEN = WorkingCalendar()

Table = tuple[Ints, Ints, Ints]


def _years(starts: Ints, ends: Ints) -> tuple[int, int]:
    moments = np.array([min(starts.min(), ends.min()), max(starts.max(), ends.max())], dtype="datetime64[us]")
    first, last = (int(year) + _YEARS_TO_1970 for year in moments.astype("datetime64[Y]").astype(np.int64))
    if last - first > MOST_YEARS:
        raise Refused("calendar.years", first=first, last=last)
    return first, last


@lru_cache(maxsize=512)
def _table(rules: tuple[Rule, ...], first_year: int, last_year: int) -> Table:
    """Beginnings and ends of working time, and how much was worked before each beginning."""
    begins, ends = rules[0].spans(first_year, last_year)
    for rule in rules[1:]:
        begins, ends = _common(begins, ends, *rule.spans(first_year, last_year))
    return begins, ends, np.append(0, np.cumsum(ends - begins))


def _common(begins: Ints, ends: Ints, other_begins: Ints, other_ends: Ints) -> tuple[Ints, Ints]:
    """The time that lies in both of two ordered lists of stretches."""
    first = np.searchsorted(other_ends, begins, side="right")
    last = np.searchsorted(other_begins, ends, side="left")
    counts = np.maximum(last - first, 0)
    mine = np.repeat(np.arange(len(begins)), counts)
    theirs = np.repeat(first - np.append(0, np.cumsum(counts)[:-1]), counts) + np.arange(counts.sum())
    return merged(np.maximum(begins[mine], other_begins[theirs]), np.minimum(ends[mine], other_ends[theirs]))


def _worked_before(moments: Ints, table: Table) -> Ints:
    begins, ends, before = table
    if not len(begins):
        return np.zeros_like(moments)
    count = np.searchsorted(begins, moments, side="right")
    unfinished = np.maximum(ends[np.maximum(count - 1, 0)] - moments, 0)
    return before[count] - np.where(count > 0, unfinished, 0)

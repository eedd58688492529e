"""One rule of working time: the hours of each weekday, the days that differ, and the zone of the clock."""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

import holidays
import numpy as np
from numpy.typing import NDArray

from steelyard.engine.calendars.zones import Ints, to_utc

# From and to, minutes since midnight; a span over midnight ends after 1440 and belongs to the day it begins.
Span = tuple[int, int]
Spans = tuple[Span, ...]

DAY = 1440
_MINUTE = 60_000_000
_CLOSED = -1


@dataclass(frozen=True)
class Rule:
    """Weekly hours (Monday first) in a zone, public holidays left out, single days closed or opened.

    `opened` holds the hours of that day, or none for the hours of its weekday.
    """

    week: tuple[Spans, ...]
    zone: str = "UTC"
    holidays: tuple[str, ...] = ()
    closed: frozenset[date] = field(default=frozenset())
    opened: tuple[tuple[date, Spans], ...] = ()

    def spans(self, first_year: int, last_year: int) -> tuple[Ints, Ints]:
        """Where work begins and ends in these years, microseconds UTC, in order and apart."""
        days = np.arange(f"{first_year}-01-01", f"{last_year + 1}-01-01", dtype="datetime64[D]")
        # The hours before the first day and after the last belong to spans over midnight and to other zones.
        days = np.arange(days[0] - 2, days[-1] + 3)
        patterns, pattern = self._patterns(days)
        begins, ends = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for index, spans in enumerate(patterns):
            midnights = days[pattern == index].astype(np.int64) * DAY
            for begin, end in spans:
                begins.append((midnights + begin) * _MINUTE)
                ends.append((midnights + end) * _MINUTE)
        years = (first_year, last_year)
        return merged(
            to_utc(np.concatenate(begins), self.zone, years), to_utc(np.concatenate(ends), self.zone, years)
        )

    def _patterns(self, days: NDArray[np.datetime64]) -> tuple[list[Spans], NDArray[np.int64]]:
        """All the hours that a day can have, and which of them each day has (-1 when it is closed)."""
        # 1970-01-01 was a Thursday.
        pattern = (days.astype(np.int64) + 3) % 7
        usual = next((day for day, spans in enumerate(self.week) if spans), _CLOSED)
        if self.holidays:
            free, worked = _public_days(self.holidays, days[0].item().year, days[-1].item().year)
            pattern[np.isin(days, free)] = _CLOSED
            self._open(pattern, np.isin(days, worked), usual, days)
        pattern[np.isin(days, np.array(sorted(self.closed), dtype="datetime64[D]"))] = _CLOSED
        patterns = list(self.week)
        for day, spans in self.opened:
            here = days == np.datetime64(day, "D")
            if spans:
                pattern[here] = len(patterns)
                patterns.append(spans)
            else:
                self._open(pattern, here, usual, days)
        return patterns, pattern

    def _open(self, pattern: Ints, here: NDArray[np.bool_], usual: int, days: NDArray[np.datetime64]) -> None:
        weekday = (days[here].astype(np.int64) + 3) % 7
        has_hours = np.array([bool(spans) for spans in self.week])
        pattern[here] = np.where(has_hours[weekday], weekday, usual)


def merged(begins: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """The same time as stretches in order, none of them empty, none touching another."""
    keep = ends > begins
    order = np.argsort(begins[keep], kind="stable")
    begins, ends = begins[keep][order], ends[keep][order]
    if not len(begins):
        return begins, ends
    reach = np.maximum.accumulate(ends)
    is_new = np.append(True, begins[1:] > reach[:-1])
    return begins[is_new], reach[np.append(np.flatnonzero(is_new)[1:] - 1, len(reach) - 1)]


def is_country(code: str) -> bool:
    """Whether the holidays of a country, or of one of its parts (`DE-BY`), are known."""
    country, _, part = code.partition("-")
    known = holidays.list_supported_countries()
    return country in known and (not part or part in known[country])


@lru_cache(maxsize=64)
def _public_days(codes: tuple[str, ...], first: int, last: int) -> tuple[NDArray, NDArray]:
    """The holidays of all these countries, and the days off that are worked in exchange."""
    free: set[date] = set()
    worked: set[date] = set()
    for code in codes:
        country, _, part = code.partition("-")
        found = holidays.country_holidays(country, subdiv=part or None, years=range(first, last + 1))
        free |= set(found)
        worked |= set(found.weekend_workdays)
    return np.array(sorted(free), "datetime64[D]"), np.array(sorted(worked - free), "datetime64[D]")

"""The working hours of performers: from the calendars given, or read from when they work."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from steelyard.engine.calendars import ALWAYS_OPEN, Calendars, Rule, WorkingCalendar
from steelyard.engine.calendars.rules import DAY, Spans
from steelyard.engine.process.log import NO_TIME, EventLog, Longs
from steelyard.engine.process.order import by_code

SLOT = 30
SLOTS = DAY // SLOT
# A week's hours are those that hold this share of all starts and finishes.
COVERED = 0.98
# Below that a performer has the hours of everybody, and everybody has none that can be told.
FEWEST_MARKS = 200
FEWEST_DAYS = 10
# So busy a weekday does not pass by chance without a single start or finish.
BUSY_DAY = 12
_MINUTE = 60_000_000
_QUIET_SLOTS = 8


@dataclass(frozen=True, eq=False)
class PerformerHours:
    """A calendar for each performer's code; those who share one are asked together."""

    calendars: tuple[WorkingCalendar, ...]
    calendar_of: Longs = field(repr=False)

    def working(self, performer: Longs, start: Longs, end: Longs) -> Longs:
        """Working microseconds of each performer between two moments."""
        worked = np.empty(len(performer), np.int64)
        for calendar, places in self._shared(performer):
            worked[places] = calendar.working_micros(start[places], end[places])
        return worked

    def last_working(self, performer: Longs, moments: Longs) -> Longs:
        """The latest working moment of each performer at or before a moment."""
        latest = np.empty(len(performer), np.int64)
        for calendar, places in self._shared(performer):
            latest[places] = calendar.last_working(moments[places])
        return latest

    def _shared(self, performer: Longs) -> list[tuple[WorkingCalendar, Longs | slice]]:
        if len(self.calendars) == 1:
            return [(self.calendars[0], slice(None))]
        which = self.calendar_of[performer]
        order = np.argsort(which, kind="stable")
        cuts = np.flatnonzero(np.diff(which[order])) + 1
        return [(self.calendars[which[part[0]]], part) for part in np.split(order, cuts) if len(part)]


def hours_given(log: EventLog, calendars: Calendars) -> PerformerHours:
    """The hours of each performer as told; without a calendar of his own, those of his role as a team."""
    teams = _roles_of_performers(log)
    return _shared_by(
        [calendars.of(team=teams.get(code), performer=name) for code, name in enumerate(log.performers)]
    )


def always_open() -> PerformerHours:
    """Hours of people of whom nothing is known: all the time."""
    return PerformerHours((ALWAYS_OPEN,), np.empty(0, np.int64))


def hours_inferred(log: EventLog) -> PerformerHours | None:
    """Read the weekly hours from the starts and finishes in the log.

    Returns
    -------
    PerformerHours or None
        None where fewer than 200 starts and finishes, or than ten days with any, tell of everybody.

    Notes
    -----
    The weekdays, and the half hours of the day, are the fewest that hold 98 % of all starts and finishes;
    single half hours in between are filled. A performer with 200 of them on ten days has his own, the
    others those of everybody. The day begins in the quietest hours, so that evenings and other zones
    stay whole. A day without any start or finish of anybody, on a weekday with many, is a day off. The
    clock is UTC: where clocks change, the hours of both seasons are joined.
    """
    times, who = _marks(log)
    if len(times) < FEWEST_MARKS:
        return None
    turn = _quietest(times)
    minutes = times // _MINUTE - turn
    days, slots = minutes // DAY, minutes % DAY // SLOT
    if len(np.unique(days)) < FEWEST_DAYS:
        return None
    days_off = _days_off(days)
    everybody = _rule(_counts(days, slots), turn, days_off)
    calendars = [WorkingCalendar((everybody,))] * len(log.performers)
    for code, places in _by_performer(who, len(log.performers)):
        if len(places) >= FEWEST_MARKS and len(np.unique(days[places])) >= FEWEST_DAYS:
            own = _rule(_counts(days[places], slots[places]), turn, days_off)
            calendars[code] = WorkingCalendar((own,))
    return _shared_by(calendars)


def _shared_by(calendars: list[WorkingCalendar]) -> PerformerHours:
    numbers = {calendar: number for number, calendar in enumerate(dict.fromkeys(calendars))}
    if not numbers:
        return always_open()
    return PerformerHours(tuple(numbers), np.array([numbers[calendar] for calendar in calendars]))


def _roles_of_performers(log: EventLog) -> dict[int, str]:
    """The first role that each performer has in the log."""
    if log.role is None or log.performer is None:
        return {}
    known = np.flatnonzero((log.role >= 0) & (log.performer >= 0))
    codes, first = np.unique(log.performer[known], return_index=True)
    return {int(code): log.roles[log.role[known[at]]] for code, at in zip(codes, first, strict=True)}


def _marks(log: EventLog) -> tuple[Longs, Longs]:
    """Every start and finish with a performer; what ends on the hour belongs to the hour before."""
    if log.performer is None or log.started is None:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    there = (log.performer >= 0) & (log.started != NO_TIME)
    took_time = there & (log.finished > log.started)
    times = np.concatenate((log.started[there], log.finished[took_time] - 1))
    return times, np.concatenate((log.performer[there], log.performer[took_time])).astype(np.int64)


def _quietest(times: Longs) -> int:
    """The minute of the day in the middle of the four hours with the fewest marks."""
    counts = np.bincount(times // _MINUTE % DAY // SLOT, minlength=SLOTS)
    rounds = np.concatenate((counts, counts[: _QUIET_SLOTS - 1]))
    sums = np.convolve(rounds, np.ones(_QUIET_SLOTS, np.int64), mode="valid")
    return int((np.argmin(sums) + _QUIET_SLOTS // 2) % SLOTS) * SLOT


def _days_off(days: Longs) -> Longs:
    """Days without a mark although their weekday has many."""
    first, last = int(days.min()), int(days.max())
    counts = np.bincount(days - first)
    every_day = np.arange(first, last + 1)
    weekday = (every_day + 3) % 7
    usual = np.bincount(weekday, counts, minlength=7) / np.maximum(np.bincount(weekday, minlength=7), 1)
    return every_day[(counts == 0) & (usual[weekday] >= BUSY_DAY)]


def _by_performer(who: Longs, performers: int) -> list[tuple[int, Longs]]:
    order = by_code(who)
    cuts = np.searchsorted(who[order], np.arange(1, performers))
    return list(enumerate(np.split(order, cuts)))


def _counts(days: Longs, slots: Longs) -> tuple[Longs, Longs]:
    return np.bincount((days + 3) % 7, minlength=7), np.bincount(slots, minlength=SLOTS)


def _rule(counts: tuple[Longs, Longs], turn: int, days_off: Longs) -> Rule:
    weekdays, slots = counts
    is_open = _fewest(slots)
    is_open[1:-1] |= is_open[:-2] & is_open[2:]
    spans = _spans(is_open, turn)
    week = tuple(spans if is_worked else () for is_worked in _fewest(weekdays))
    return Rule(week, closed=frozenset(days_off.astype("datetime64[D]").tolist()))


def _fewest(counts: Longs) -> NDArray[np.bool_]:
    """The fewest places that hold the covered share; places as full as the last of them, too."""
    falling = np.sort(counts)[::-1]
    needed = np.searchsorted(np.cumsum(falling), COVERED * counts.sum())
    return counts >= max(falling[needed], 1)


def _spans(is_open: NDArray[np.bool_], turn: int) -> Spans:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], is_open.astype(np.int8), [0]))))
    return tuple(
        (int(begin) * SLOT + turn, int(end) * SLOT + turn)
        for begin, end in zip(edges[::2], edges[1::2], strict=True)
    )

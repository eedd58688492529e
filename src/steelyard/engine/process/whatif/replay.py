"""Each case told again from its own waits and works, so that a change of one of them moves what follows."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from steelyard.engine.calendars import Calendars
from steelyard.engine.process.log import EventLog, Longs
from steelyard.engine.process.order import by_code
from steelyard.engine.process.worktime import micros_between

Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Replay:
    """What a log's times are made of, one number an event, in microseconds.

    An event may start when the first `needs` events of its case are over, waits for `wait`, and works for
    `work`. `arrival` is when each case came in (UTC); `place` where an event stands in its case.
    """

    log: EventLog
    needs: Longs
    wait: Longs
    work: Longs
    arrival: Longs
    place: Longs
    by_place: tuple[Longs, ...]

    def over(self) -> Longs:
        """When each event and all before it in its case are over, counted from the case's arrival."""
        over = np.zeros(len(self.log), np.int64)
        first = self.log.first[self.log.case] if len(self.log) else self.place
        # Cases are walked side by side: all first events, then all second ones, …
        for events in self.by_place:
            needed = self.needs[events]
            done = first[events] + needed - 1
            ready = np.where(needed > 0, over[done], 0)
            finished = ready + self.wait[events] + self.work[events]
            before = np.where(self.place[events] > 0, over[events - 1], 0)
            over[events] = np.maximum(before, finished)
        return over

    def ready(self, over: Longs) -> Longs:
        """When each event may start, counted from the case's arrival."""
        done = self.log.first[self.log.case] + self.needs - 1
        return np.where(self.needs > 0, over[np.maximum(done, 0)], 0)

    def cycles(self) -> Longs:
        """How long each case takes."""
        return self.over()[self.log.last] if len(self.log) else np.empty(0, np.int64)


def replay_of(log: EventLog, *, calendars: Calendars | None = None) -> Replay:
    """Take a log apart into waits and works.

    Notes
    -----
    An event needs all events of its case that had finished when it started. Played back unchanged, each
    case takes exactly what it took (in working time: what its performers' calendars make of each stretch).
    Without a start an event works for no time, and its wait reaches to its finish.
    """
    starts = np.minimum(log.starts(), log.finished)
    place = np.arange(len(log)) - (log.first[log.case] if len(log) else 0)
    arrival = np.minimum.reduceat(starts, log.first) if len(log) else np.empty(0, np.int64)
    needs = _needs(log, starts, place)
    ready = np.where(needs > 0, log.finished[np.maximum(np.arange(len(log)) - place + needs - 1, 0)], 0)
    if len(log):
        ready = np.where(needs > 0, ready, arrival[log.case])
    events = np.arange(len(log))
    return Replay(
        log=log,
        needs=needs,
        wait=micros_between(log, events, ready, starts, calendars=calendars),
        work=micros_between(log, events, starts, log.finished, calendars=calendars),
        arrival=arrival,
        place=place,
        by_place=_by_place(place),
    )


def _needs(log: EventLog, starts: Longs, place: Longs) -> Longs:
    """How many events of the case had finished when each event started."""
    needs = place.copy()
    if log.started is None:
        return needs
    first = np.arange(len(log)) - place
    before = np.maximum(np.arange(len(log)) - 1, 0)
    late = np.flatnonzero((place > 0) & (log.finished[before] > starts))
    low, high = np.zeros(len(late), np.int64), place[late]
    while np.any(low < high):
        middle = (low + high) // 2
        is_over = log.finished[first[late] + middle] <= starts[late]
        low, high = np.where(is_over & (low < high), middle + 1, low), np.where(is_over, high, middle)
    needs[late] = low
    return needs


def _by_place(place: Longs) -> tuple[Longs, ...]:
    if not len(place):
        return ()
    counts = np.bincount(place)
    return tuple(np.split(by_code(place), np.cumsum(counts)[:-1]))

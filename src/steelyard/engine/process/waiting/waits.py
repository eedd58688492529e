"""The wait of every event of a log, by cause."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steelyard.engine.process.log import NO_TIME, EventLog, Longs
from steelyard.engine.process.order import by_code
from steelyard.engine.process.waiting.batches import batches_of
from steelyard.engine.process.waiting.enabling import enabling_of
from steelyard.engine.process.waiting.split import Hours, split_waits

CAUSES = ("batching", "contention", "prioritisation", "unavailability", "extraneous")
# So many events are split at once, whole performers each time: that bounds the memory.
AT_ONCE = 200_000


@dataclass(frozen=True, eq=False)
class Waits:
    """One entry an event, in the order of the log; times in microseconds.

    `source` is the place of the event that it follows, -1 for none. `is_wait` has the events of which a
    wait is known (they follow one and have a start), `is_split` those of them with a performer. `by_cause`
    has one row for each of `CAUSES`, 0 where nothing was split; `lain` is at least how long the work lay.
    """

    source: Longs
    enabled: Longs
    wait: Longs
    is_wait: NDArray[np.bool_]
    is_split: NDArray[np.bool_]
    by_cause: Longs
    lain: Longs


def waits_of(log: EventLog, hours: Hours) -> Waits:
    """Find since when each event could have started, and split the time until it did.

    Parameters
    ----------
    log
        With starts; see `waiting_causes` for what is done without.
    hours
        Working time of the performers by their codes.

    Returns
    -------
    Waits
    """
    found = enabling_of(log)
    performer = np.full(len(log), -1, np.int64) if log.performer is None else log.performer[found.order]
    performer = performer.astype(np.int64)
    has_start = np.ones(len(log), bool) if log.started is None else log.started[found.order] != NO_TIME
    finished = np.maximum(found.finished, found.started)
    by_cause = np.zeros((len(CAUSES), len(log)), np.int64)
    lain = np.zeros(len(log), np.int64)
    for places in _portions(performer):
        who, since = performer[places], found.enabled[places]
        begun, done = found.started[places], finished[places]
        batches = batches_of(who, found.activity[places], since, begun, done)
        parts = split_waits(who, since, begun, done, batches, hours)
        for row, cause in enumerate(CAUSES):
            by_cause[row, places] = getattr(parts, cause)
        lain[places] = parts.lain
    is_wait = (found.source >= 0) & has_start
    is_split = is_wait & (performer >= 0)
    source = np.where(found.source >= 0, found.order[found.source], -1)
    back = np.empty(len(log), np.int64)
    back[found.order] = np.arange(len(log))
    return Waits(
        source=source[back],
        enabled=found.enabled[back],
        wait=((found.started - found.enabled) * is_wait)[back],
        is_wait=is_wait[back],
        is_split=is_split[back],
        by_cause=(by_cause * is_split)[:, back],
        lain=(lain * is_split)[back],
    )


def _portions(performer: Longs) -> list[Longs]:
    """Events by performer, in portions of whole performers; without those of nobody."""
    known = np.flatnonzero(performer >= 0)
    order = known[by_code(performer[known])]
    if not len(order):
        return []
    heads = np.flatnonzero(np.diff(performer[order], prepend=-1))
    portion = heads // AT_ONCE
    cuts = heads[np.flatnonzero(np.diff(portion)) + 1]
    return np.split(order, cuts)

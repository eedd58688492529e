"""The waits of some performers' events, split by what the performers were doing meanwhile."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from steelyard.engine.process.log import Longs
from steelyard.engine.process.waiting.batches import Batches
from steelyard.engine.process.waiting.pieces import Pieces, inside_batches, pieces_of


class Hours(Protocol):
    """The working time of performers, by their codes."""

    def working(self, performer: Longs, start: Longs, end: Longs) -> Longs:
        """Working microseconds of each performer between two moments."""

    def last_working(self, performer: Longs, moments: Longs) -> Longs:
        """The latest working moment of each performer at or before a moment."""


@dataclass(frozen=True, eq=False)
class Parts:
    """Microseconds of each event's wait by cause; the five add up to the wait.

    `lain` is how long the work lay at least: until the last moment before its start at which the
    performer was at work and free for it.
    """

    batching: Longs
    contention: Longs
    prioritisation: Longs
    unavailability: Longs
    extraneous: Longs
    lain: Longs


def split_waits(
    performer: Longs, enabled: Longs, started: Longs, finished: Longs, batches: Batches, hours: Hours
) -> Parts:
    """Split the wait of each event, from when it was enabled to when it started.

    Notes
    -----
    Until the batch is ready: batching. Then, while the performer was at other work: contention, if any of
    it had been enabled by the time the batch was ready (of work of the same batch: by the time the event
    itself was enabled), else prioritisation. While he was at no work: unavailability outside his hours,
    extraneous within them. A performer's time is cut at every start, finish and ready time; each piece
    knows the earliest enabled time of the work in it, so that contention is a sum over the pieces of the
    wait whose number lies below a limit. Cost: n log n in time, n in memory.
    """
    batch = batches.batch
    is_batched = batch >= 0
    ready = enabled.copy()
    ready[is_batched] = batches.ready[batch[is_batched]]
    pieces = pieces_of(performer, enabled, started, finished, ready)
    begun = pieces.started.copy()
    heads = np.full(len(batches.ready), len(pieces.marks))
    np.minimum.at(heads, batch[is_batched], pieces.started[is_batched])
    begun[is_batched] = heads[batch[is_batched]]
    contention = pieces.busy_below(ready, pieces.ready, begun)
    contention += inside_batches(pieces, batches, heads, enabled)
    busy = pieces.busy_between(pieces.ready, pieces.started)
    idle = pieces.idle()
    worked = hours.working(pieces.performer[idle], pieces.marks[idle], pieces.marks[idle + 1])
    before = np.append(0, np.cumsum(worked))
    place = np.searchsorted(idle, np.stack((pieces.ready, pieces.started)))
    extraneous = before[place[1]] - before[place[0]]
    return Parts(
        batching=ready - enabled,
        contention=contention,
        prioritisation=busy - contention,
        unavailability=started - ready - busy - extraneous,
        extraneous=extraneous,
        lain=_lain(pieces, idle[worked > 0], enabled, hours) * ~is_batched,
    )


def _lain(pieces: Pieces, free: Longs, enabled: Longs, hours: Hours) -> Longs:
    """From when each event was enabled to the end of the last piece in which the performer was free."""
    count = np.searchsorted(free, pieces.started)
    is_free = count > 0
    last = free[count[is_free] - 1]
    is_free[is_free] = last >= pieces.ready[is_free]
    last = free[count[is_free] - 1]
    lain = np.zeros(len(enabled), np.int64)
    lain[is_free] = hours.last_working(pieces.performer[last], pieces.marks[last + 1]) - enabled[is_free]
    return lain

"""Performers' time, cut into pieces in which the work at hand does not change."""

from dataclasses import dataclass

import numpy as np

from steelyard.engine.process.log import Longs
from steelyard.engine.process.waiting.batches import Batches
from steelyard.engine.process.waiting.sums import least_over, sums_below

_LONG_BEFORE = np.iinfo(np.int64).min


@dataclass(frozen=True, eq=False)
class Pieces:
    """The marks of each performer in order; the piece of a mark runs to the next mark.

    `started`, `finished` and `ready` are the marks of each event. `busy` has the pieces with work,
    `least` the earliest enabled time of the work in each of those, `count_before` how many of them lie
    before each mark. `active` counts the work in every piece.
    """

    performer: Longs
    marks: Longs
    started: Longs
    finished: Longs
    ready: Longs
    active: Longs
    busy: Longs
    least: Longs
    count_before: Longs

    def lengths(self) -> Longs:
        """How long each busy piece is."""
        return self.marks[self.busy + 1] - self.marks[self.busy]

    def busy_between(self, low: Longs, high: Longs) -> Longs:
        """Busy time between two marks of a performer."""
        before = np.append(0, np.cumsum(self.lengths()))
        return before[self.count_before[high]] - before[self.count_before[low]]

    def idle(self) -> Longs:
        """The pieces without work, up to the performer's last mark."""
        return np.flatnonzero((self.active[:-1] == 0) & (self.performer[1:] == self.performer[:-1]))

    def busy_below(self, limits: Longs, low: Longs, high: Longs) -> Longs:
        """Time between two marks with work that had been enabled by the limit."""
        return sums_below(self.least, self.lengths(), self.count_before[low], self.count_before[high], limits)


def pieces_of(performer: Longs, enabled: Longs, started: Longs, finished: Longs, ready: Longs) -> Pieces:
    """Cut the performers' time at every start, finish and ready time of their events."""
    events = len(performer)
    who, times = np.tile(performer, 3), np.concatenate((started, finished, ready))
    order = np.lexsort((times, who))
    who, times = who[order], times[order]
    is_new = np.append(True, (times[1:] != times[:-1]) | (who[1:] != who[:-1]))[: len(who)]
    place = np.empty(len(order), np.int64)
    place[order] = np.cumsum(is_new) - 1
    begins, ends, readies = place[:events], place[events : 2 * events], place[2 * events :]
    size = int(is_new.sum())
    change = np.bincount(begins, minlength=size) - np.bincount(ends, minlength=size)
    active = np.cumsum(change)
    busy = np.flatnonzero(active)
    least = least_over(size, begins, ends, enabled)[busy]
    count_before = np.append(0, np.cumsum(active > 0))
    return Pieces(who[is_new], times[is_new], begins, ends, readies, active, busy, least, count_before)


def inside_batches(pieces: Pieces, batches: Batches, heads: Longs, enabled: Longs) -> Longs:
    """Contention of each event of a batch between the beginning of the batch and its own start.

    All that time the batch is being worked on. It is contention where one of the batch is at hand that
    was enabled no later than the event, or other work that had been enabled by the time the batch was ready.
    """
    contention = np.zeros(len(enabled), np.int64)
    inside = np.flatnonzero(batches.batch >= 0)
    batch, begins = batches.batch[inside], pieces.started[inside]
    stops = heads.copy()
    np.maximum.at(stops, batch, begins)
    if not np.any(stops > heads):
        return contention
    # The pieces of each batch, one batch after the other; those of several batches can be the same.
    lengths = stops - heads
    offset = np.cumsum(lengths) - lengths - heads
    owner = np.repeat(np.arange(len(heads)), lengths)
    piece = np.arange(len(owner)) - offset[owner]
    low = begins + offset[batch]
    high = np.minimum(pieces.finished[inside], stops[batch]) + offset[batch]
    least = least_over(len(owner), low, high, enabled[inside])
    least[_has_other_work(pieces, batches.ready[owner], piece, low, high, enabled)] = _LONG_BEFORE
    times = pieces.marks[piece + 1] - pieces.marks[piece]
    first = heads[batch] + offset[batch]
    contention[inside] = sums_below(least, times, first, low, enabled[inside])
    return contention


def _has_other_work(
    pieces: Pieces, ready: Longs, piece: Longs, low: Longs, high: Longs, enabled: Longs
) -> Longs:
    """Places of a batch's pieces with work outside the batch that was enabled by the time it was ready."""
    size = len(piece)
    of_batch = np.cumsum(
        np.bincount(low, minlength=size + 1)[:size] - np.bincount(high, minlength=size + 1)[:size]
    )
    several = np.flatnonzero(pieces.active[piece] > of_batch)
    if not len(several):
        return several
    begun = _count_below(pieces.started, enabled, piece[several], ready[several])
    over = _count_below(pieces.finished, enabled, piece[several], ready[several])
    # All work of the batch was enabled by then. Performers before this one have finished what they began.
    return several[begun - over > of_batch[several]]


def _count_below(marks: Longs, enabled: Longs, piece: Longs, limits: Longs) -> Longs:
    """How many events have their mark no later than the piece and were enabled by the limit."""
    order = np.argsort(marks, kind="stable")
    count = np.searchsorted(marks[order], piece, side="right")
    return sums_below(enabled[order], np.ones_like(enabled), np.zeros_like(count), count, limits)

"""Which event made the next one possible, and since when: the enabled time of each event."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steelyard.engine.process.log import EventLog, Longs

# Two activities that follow one another both ways, neither way clearly, run side by side.
WEAKEST_ORDER = 0.9
WEAKEST_LOOP = 0.9

Codes = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Enabling:
    """The events of a log by case, finish, start and activity, and what enabled each.

    `order` has their places in the log, `source` the place (in this order) of the event that each follows,
    -1 where there is none. `enabled` is since when each could have started.
    """

    order: Longs
    case: Longs
    activity: Codes
    started: Longs
    finished: Longs
    source: Longs
    enabled: Longs


def enabling_of(log: EventLog) -> Enabling:
    """Find what enabled each event of a log.

    Notes
    -----
    An event follows the last one of its case that had finished when it started and whose activity does not
    run side by side with its own. It is enabled when that one finishes; an event that takes no time, by the
    last that finished before it, not in the same instant. What follows nothing is enabled when its case
    begins. Activities run side by side by their directly-follows counts |ab| and |ba|:
    both are above 0, |(ab - ba) / (ab + ba + 1)| < 0.9, and a-b-a is no loop of two
    ((aba + bab) / (aba + bab + 1) < 0.9, counted only for activities that do not mostly follow
    themselves). An event without a start is an instant.
    Source: Lashkevich, Milani, Chapela-Campa, Suvorau, Dumas, "Why am I waiting? Data-driven analysis of
    waiting times in business processes", CAiSE 2023; Weijters and Ribeiro, "Flexible heuristics miner", 2011.
    """
    started = log.starts()
    order = _order(log, started)
    case, activity = log.case[order].astype(np.int64), log.activity[order]
    started, finished = started[order], log.finished[order]
    first = log.bounds[:-1][case] if len(case) else case
    together = side_by_side(case, activity, len(log.activities))
    source = _sources(first, activity, started, finished, together)
    by = _before_the_instant(source, first, activity, finished, together)
    enabled = np.where(by >= 0, finished[by], _begun(log, started, finished)[case]) if len(case) else case
    return Enabling(order, case, activity, started, finished, source, enabled)


def _order(log: EventLog, started: Longs) -> Longs:
    """By case, finish, start and activity: the log's own order but among those that finish together."""
    order = np.arange(len(log))
    same = (log.case[1:] == log.case[:-1]) & (log.finished[1:] == log.finished[:-1])
    ties = np.flatnonzero(np.append(same, False) | np.append(False, same)[: len(log)]) if len(log) else order
    order[ties] = ties[np.lexsort((log.activity[ties], started[ties], log.finished[ties], log.case[ties]))]
    return order


@dataclass(frozen=True, eq=False)
class SideBySide:
    """The pairs of activities that run side by side, as ordered numbers: one * `size` + the other."""

    pairs: Longs
    size: int

    def are(self, one: Codes, other: Codes) -> NDArray[np.bool_]:
        """Which of these pairs of activities run side by side."""
        return _found(self.pairs, one.astype(np.int64) * self.size + other)[1]


def side_by_side(case: Longs, activity: Codes, activities: int) -> SideBySide:
    """Find the activities that run side by side; see `enabling_of` for the rule."""
    follows, counts = _pairs(activity[:-1], activity[1:], case[:-1] == case[1:], activities)
    is_loop = (case[:-2] == case[2:]) & (activity[:-2] == activity[2:])
    loops, loop_counts = _pairs(activity[:-2], activity[1:-1], is_loop, activities)
    one, other = np.divmod(follows, activities)
    back = _count(follows, counts, other * activities + one)
    looped = _count(loops, loop_counts, follows) + _count(loops, loop_counts, other * activities + one)
    itself = [_count(follows, counts, code * activities + code) for code in (one, other)]
    follows_itself = np.maximum(*itself) / (np.maximum(*itself) + 1) >= WEAKEST_LOOP
    is_loop = ~follows_itself & (looped / (looped + 1) >= WEAKEST_LOOP)
    is_loose = np.abs(counts - back) / (counts + back + 1) < WEAKEST_ORDER
    return SideBySide(follows[(one != other) & (back > 0) & is_loose & ~is_loop], activities)


def _pairs(one: Codes, other: Codes, where: NDArray[np.bool_], activities: int) -> tuple[Longs, Longs]:
    return np.unique(one[where].astype(np.int64) * activities + other[where], return_counts=True)


def _found(ordered: Longs, asked: Longs) -> tuple[Longs, NDArray[np.bool_]]:
    """Where each number stands among ordered ones, and whether it is there."""
    if not len(ordered):
        return np.zeros_like(asked), np.zeros(len(asked), bool)
    place = np.minimum(np.searchsorted(ordered, asked), len(ordered) - 1)
    return place, ordered[place] == asked


def _count(pairs: Longs, counts: Longs, asked: Longs) -> Longs:
    place, is_there = _found(pairs, asked)
    return np.where(is_there, counts[place], 0) if len(pairs) else place


def _begun(log: EventLog, started: Longs, finished: Longs) -> Longs:
    return np.minimum.reduceat(np.minimum(started, finished), log.first)


def _sources(first: Longs, activity: Codes, started: Longs, finished: Longs, together: SideBySide) -> Longs:
    source = _last_finished(first, started, finished)
    # Over a run of one activity in a single step: what holds for its last event holds for all of them.
    is_new = np.append(True, (activity[1:] != activity[:-1]) | (first[1:] != first[:-1]))[: len(activity)]
    before_run = np.maximum.accumulate(np.where(is_new, np.arange(len(activity)), 0)) - 1
    left = np.flatnonzero(source >= first)
    left = left[together.are(activity[source[left]], activity[left])]
    while len(left):
        source[left] = before_run[source[left]]
        left = left[source[left] >= first[left]]
        left = left[together.are(activity[source[left]], activity[left])]
    return np.where(source >= first, source, -1)


def _before_the_instant(
    source: Longs, first: Longs, activity: Codes, finished: Longs, together: SideBySide
) -> Longs:
    """The same source, but for events without duration one that finished before them."""
    by = source.copy()
    left = np.flatnonzero(source >= 0)
    left = left[finished[source[left]] == finished[left]]
    while len(left):
        by[left] -= 1
        by[left] = np.where(by[left] < first[left], -1, by[left])
        left = left[by[left] >= 0]
        at = by[left]
        left = left[(finished[at] == finished[left]) | together.are(activity[at], activity[left])]
    return by


def _last_finished(first: Longs, started: Longs, finished: Longs) -> Longs:
    """The last event of the case, before each event, that had finished when it started."""
    source = np.arange(len(first)) - 1
    late = np.flatnonzero((source >= first) & (finished[source] > started))
    low, high = first[late], source[late]
    while len(late) and np.any(low < high):
        middle = (low + high) // 2
        is_late = finished[middle] > started[late]
        low, high = np.where(is_late, low, np.minimum(middle + 1, high)), np.where(is_late, middle, high)
    source[late] = low - 1
    return source

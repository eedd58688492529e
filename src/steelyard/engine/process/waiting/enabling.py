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
    order = np.lexsort((log.activity, started, log.finished, log.case))
    case, activity = log.case[order].astype(np.int64), log.activity[order]
    started, finished = started[order], log.finished[order]
    first = log.bounds[:-1][case] if len(case) else case
    together = side_by_side(case, activity, len(log.activities))
    source = _sources(first, activity, started, finished, together)
    by = _before_the_instant(source, first, activity, finished, together)
    enabled = np.where(by >= 0, finished[by], _begun(log, started, finished)[case]) if len(case) else case
    return Enabling(order, case, activity, started, finished, source, enabled)


def side_by_side(case: Longs, activity: Codes, activities: int) -> NDArray[np.bool_]:
    """Which activities run side by side, as a symmetric table."""
    follows = _counts(activity[:-1], activity[1:], case[:-1] == case[1:], activities)
    is_loop = (case[:-2] == case[2:]) & (activity[:-2] == activity[2:])
    loops = _counts(activity[:-2], activity[1:-1], is_loop, activities)
    order = np.abs(follows - follows.T) / (follows + follows.T + 1)
    alone = np.diag(follows) / (np.diag(follows) + 1) < WEAKEST_LOOP
    looped = np.where(alone[:, None] & alone[None, :], (loops + loops.T) / (loops + loops.T + 1), 0)
    together = (follows > 0) & (follows.T > 0) & (order < WEAKEST_ORDER) & (looped < WEAKEST_LOOP)
    np.fill_diagonal(together, False)
    return together


def _counts(one: Codes, other: Codes, where: NDArray[np.bool_], activities: int) -> NDArray[np.int64]:
    pairs = one[where].astype(np.int64) * activities + other[where]
    return np.bincount(pairs, minlength=activities**2).reshape(activities, activities)


def _begun(log: EventLog, started: Longs, finished: Longs) -> Longs:
    return np.minimum.reduceat(np.minimum(started, finished), log.first)


def _sources(
    first: Longs, activity: Codes, started: Longs, finished: Longs, together: NDArray[np.bool_]
) -> Longs:
    source = _last_finished(first, started, finished)
    # Over a run of one activity in a single step: what holds for its last event holds for all of them.
    is_new = np.append(True, (activity[1:] != activity[:-1]) | (first[1:] != first[:-1]))[: len(activity)]
    before_run = np.maximum.accumulate(np.where(is_new, np.arange(len(activity)), 0)) - 1
    left = np.flatnonzero(source >= first)
    left = left[together[activity[source[left]], activity[left]]]
    while len(left):
        source[left] = before_run[source[left]]
        left = left[source[left] >= first[left]]
        left = left[together[activity[source[left]], activity[left]]]
    return np.where(source >= first, source, -1)


def _before_the_instant(
    source: Longs, first: Longs, activity: Codes, finished: Longs, together: NDArray[np.bool_]
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
        left = left[(finished[at] == finished[left]) | together[activity[at], activity[left]]]
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

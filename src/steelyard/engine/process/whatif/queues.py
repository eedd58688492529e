"""How waits change with more people: the queue before a pool of performers, played again."""

import heapq
from dataclasses import replace
from typing import Any

import numpy as np

from steelyard.engine.calendars import Calendars
from steelyard.engine.process.log import Longs
from steelyard.engine.process.whatif.changes import Change
from steelyard.engine.process.whatif.replay import Replay

WEEK = 7 * 86_400_000_000


def staffed(
    replay: Replay, activity: int, change: Change, *, calendars: Calendars | None
) -> tuple[Replay, list[tuple[str, dict[str, Any]]]]:
    """Shorten the waits of all that a pool does by what a larger pool would have saved.

    The pool is everybody who did the activity; all that they did goes through one queue, first come, first
    served, in the order in which it could start. What the queue of the present size does not explain of
    a wait (nights, batches, other reasons) stays as it was.
    """
    log = replay.log
    if log.performer is None:
        return replay, [("no-performers", {"activity": change.activities[0]})]
    pool = np.unique(log.performer[(log.activity == activity) & (log.performer >= 0)])
    jobs = np.flatnonzero(np.isin(log.performer, pool) & (replay.work > 0))
    if not len(jobs):
        return replay, [("no-work-times", {"activity": change.activities[0]})]
    ready = (axis_of(replay, calendars)[log.case] + replay.ready(replay.over()))[jobs]
    work = replay.work[jobs]
    servers = _servers(log.starts()[jobs], log.performer[jobs])
    now = queue_waits(ready, work, servers=servers)
    then = queue_waits(ready, work, servers=servers + change.added)
    waits = replay.wait.copy()
    waits[jobs] -= np.minimum(waits[jobs], np.maximum(now - then, 0))
    found: dict[str, Any] = {"activity": change.activities[0], "people": servers, "added": change.added}
    return replace(replay, wait=waits), [("pool", found)]


def axis_of(replay: Replay, calendars: Calendars | None) -> Longs:
    """When each case came in, on an axis of the same time as waits and works."""
    if calendars is None or not len(replay.arrival):
        return replay.arrival
    return calendars.of().working_micros(np.full_like(replay.arrival, replay.arrival.min()), replay.arrival)


def queue_waits(ready: Longs, work: Longs, *, servers: int) -> Longs:
    """How long each job waits for one of so many servers, first come, first served."""
    waits = np.zeros(len(ready), np.int64)
    free = [int(ready.min()) if len(ready) else 0] * servers
    order = np.argsort(ready, kind="stable")
    found = []
    for came, takes in zip(ready[order].tolist(), work[order].tolist(), strict=True):
        start = max(came, free[0])
        heapq.heapreplace(free, start + takes)
        found.append(start - came)
    waits[order] = found
    return waits


def _servers(starts: Longs, performers: np.ndarray) -> int:
    """How many of the pool are at work in a usual week: people come and go within a log."""
    weeks = (starts - starts.min()) // WEEK
    pairs = np.unique(np.stack((weeks, performers.astype(np.int64))), axis=1)
    return max(1, round(float(np.bincount(pairs[0])[np.unique(pairs[0])].mean())))

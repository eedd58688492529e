"""What a change does to the waits and works of a log."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from steelyard.engine.calendars import Calendars
from steelyard.engine.process.log import EventLog, Longs
from steelyard.engine.process.whatif.changes import Change
from steelyard.engine.process.whatif.numbers import numbers_of
from steelyard.engine.process.whatif.queues import staffed
from steelyard.engine.process.whatif.replay import Replay, Truths
from steelyard.errors import Refused

# A code and its figures: what the simulation could not take into account.
Note = tuple[str, dict[str, Any]]
MICROS = 1_000_000


def applied(
    replay: Replay, changes: Sequence[Change], *, calendars: Calendars | None, random: np.random.Generator
) -> tuple[Replay, tuple[Note, ...]]:
    """The log's waits and works after all changes, made in their order, and notes on them."""
    notes: list[Note] = []
    for change in changes:
        codes = [_code(replay.log, name) for name in change.activities]
        if change.kind == "staff":
            replay, found = staffed(replay, codes[0], change, calendars=calendars)
            notes += found
            continue
        events = _events(replay.log, codes, change, random)
        match change.kind:
            case "remove":
                replay = without(replay, events)
            case "automate":
                notes += _without_work(replay, events, change)
                kept = np.rint(replay.wait[events] * change.wait_kept).astype(np.int64)
                replay = _with(replay, events, wait=kept, work=round(change.seconds * MICROS))
            case "merge":
                replay = in_one_go(replay, events)
            case "parallelise":
                joined, leader = _joined(replay.log, events)
                needs = replay.needs.copy()
                needs[joined] = np.minimum(needs[joined], needs[leader])
                replay = replace(replay, needs=needs)
    return replay, tuple(notes)


def without(replay: Replay, events: Longs) -> Replay:
    """Leave events out: neither their wait nor their work remain."""
    return _with(replay, events, wait=0, work=0)


def in_one_go(replay: Replay, events: Longs) -> Replay:
    """Let events of one round follow each other without a wait."""
    joined, _ = _joined(replay.log, events)
    return _with(replay, joined, wait=0, work=replay.work[joined])


def _code(log: EventLog, activity: str) -> int:
    if activity not in log.activities:
        raise Refused("whatif.unknown-activity", activity=activity)
    return log.activities.index(activity)


def _events(log: EventLog, codes: Sequence[int], change: Change, random: np.random.Generator) -> Longs:
    chosen = np.ones(len(log.cases), bool)
    if change.below is not None:
        chosen &= numbers_of(log, change.below[0]) < change.below[1]
    if change.share < 1:
        chosen &= random.random(len(log.cases)) < change.share
    return np.flatnonzero(np.isin(log.activity, codes) & chosen[log.case])


def _with(replay: Replay, events: Longs, *, wait: Any, work: Any) -> Replay:
    waits, works = replay.wait.copy(), replay.work.copy()
    waits[events], works[events] = wait, work
    return replace(replay, wait=waits, work=works)


def _without_work(replay: Replay, events: Longs, change: Change) -> list[Note]:
    if len(events) and not replay.work[events].any():
        return [("no-work-times", {"activity": change.activities[0]})]
    return []


def _joined(log: EventLog, events: Longs) -> tuple[Longs, Longs]:
    """Events that join an earlier one of their case, and the first of the group that each joins.

    A group ends when one of its activities comes again: that is another round.
    """
    if not len(events):
        return events, events
    case = log.case[events]
    _, activity = np.unique(log.activity[events], return_inverse=True)
    bit = np.int64(1) << activity.astype(np.int64)
    begins = np.flatnonzero(np.append(True, case[1:] != case[:-1]))
    lengths = np.diff(np.append(begins, len(events)))
    seen = np.zeros(len(begins), np.int64)
    leader = np.zeros(len(begins), np.int64)
    led_by = np.empty(len(events), np.int64)
    for turn in range(int(lengths.max())):
        here = np.flatnonzero(lengths > turn)
        at = begins[here] + turn
        is_new = (seen[here] == 0) | ((seen[here] & bit[at]) != 0)
        seen[here] = np.where(is_new, bit[at], seen[here] | bit[at])
        leader[here] = np.where(is_new, at, leader[here])
        led_by[at] = leader[here]
    is_joined: Truths = led_by != np.arange(len(events))
    return events[is_joined], events[led_by[is_joined]]

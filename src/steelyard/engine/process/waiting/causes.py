"""Why work waits: the waits of a log by cause."""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np

from steelyard.engine.calendars import Calendars
from steelyard.engine.process.log import NO_TIME, EventLog, Longs
from steelyard.engine.process.order import by_code
from steelyard.engine.process.waiting.delays import expected_delay
from steelyard.engine.process.waiting.findings import (
    ActivityWaits,
    CalendarKind,
    EdgeWaits,
    PerformerWaits,
    Reason,
    Waiting,
)
from steelyard.engine.process.waiting.hours import (
    PerformerHours,
    always_open,
    hours_given,
    hours_inferred,
)
from steelyard.engine.process.waiting.waits import CAUSES, Waits, waits_of

_MICROS = 1_000_000
_NONE: dict[str, Any] = {
    "count": 0,
    **dict.fromkeys(("total_s", *(f"{cause}_s" for cause in CAUSES), "unknown_s"), 0.0),
}


def waiting_causes(log: EventLog, *, calendars: Calendars | None = None) -> Waiting:
    """Split all waiting time of a log into its causes.

    Parameters
    ----------
    log
        Events with starts and performers. Events without a performer have waits that cannot be split
        (`unknown_s`); those without a start have none that is known.
    calendars
        When people work. Without them the hours are inferred from when they start and finish.

    Returns
    -------
    Waiting
        In seconds, in all and per edge, activity and performer. `verdict` is "cannot-tell" for a log
        whose events have no starts, take no time, or have no performers; `reasons` says which.
        `calendar` says where the hours come from; under "none" all time counts as working time.

    Notes
    -----
    A wait runs from when an event was enabled (`enabling_of`) to its start. It is, in this order of
    precedence: *batching* until the last event of its batch was enabled; *contention* while the performer
    was at work that had been enabled no later; *prioritisation* while he was at work that had been enabled
    later; *unavailability* outside his working time; *extraneous* for the rest. Beside them `delay_s` says
    for each activity how long its work lay for other reasons than the performer's work and hours, whether
    or not those hid it (`expected_delay`). A chance meeting of enabled work counts as a batch as soon
    as two events were done without a gap.
    Source: Lashkevich, Milani, Chapela-Campa, Suvorau, Dumas, "Why am I waiting? Data-driven analysis of
    waiting times in business processes", CAiSE 2023; for the delays: Chapela-Campa and Dumas,
    "Enhancing business process simulation models with extraneous activity delays", Information
    Systems 2024.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from datetime import datetime
    >>> from steelyard.engine.process.log import log_of
    >>> at = lambda hour: datetime(2024, 5, 6, hour)
    >>> log = log_of(pa.table({
    ...     "case_id": ["1", "1", "2", "2"], "activity": ["ask", "sign", "ask", "sign"],
    ...     "started_at": [at(9), at(11), at(8), at(9)], "finished_at": [at(10), at(12), at(9), at(11)],
    ...     "performer": ["Ann", "Bea", "Ann", "Bea"]}))
    >>> found = waiting_causes(log)
    >>> found.calendar, found.total_s, found.contention_s, found.extraneous_s
    ('none', 3600.0, 3600.0, 0.0)
    """
    if not _has_durations(log):
        return _cannot_tell("single-timestamps" if len(log) else "no-events")
    hours, kind = _hours(log, calendars)
    waits = waits_of(log, hours)
    if not waits.is_split.any() and waits.is_wait.any():
        return _cannot_tell("no-performers", waits=waits)
    activities = _activities(log, waits)
    return Waiting(
        verdict="split",
        reasons=_reasons(log, waits),
        calendar=kind,
        **_figures(waits, np.zeros(len(log), np.int64)).get(0, _NONE),
        delay_s=float(sum(line.delay_s or 0.0 for line in activities)),
        edges=_edges(log, waits),
        activities=activities,
        performers=_performers(log, waits),
    )


def _has_durations(log: EventLog) -> bool:
    if log.started is None:
        return False
    return bool(np.any((log.started != NO_TIME) & (log.finished > log.started)))


def _hours(log: EventLog, calendars: Calendars | None) -> tuple[PerformerHours, CalendarKind]:
    if calendars is not None:
        return hours_given(log, calendars), "given"
    inferred = hours_inferred(log)
    return (always_open(), "none") if inferred is None else (inferred, "inferred")


def _cannot_tell(reason: Reason, *, waits: Waits | None = None) -> Waiting:
    total = None if waits is None else float(waits.wait.sum()) / _MICROS
    return Waiting(
        verdict="cannot-tell",
        reasons=(reason,),
        calendar="none",
        count=0 if waits is None else int(waits.is_wait.sum()),
        total_s=total,
        batching_s=None,
        contention_s=None,
        prioritisation_s=None,
        unavailability_s=None,
        extraneous_s=None,
        unknown_s=total,
        delay_s=None,
        edges=(),
        activities=(),
        performers=(),
    )


def _reasons(log: EventLog, waits: Waits) -> tuple[Reason, ...]:
    reasons: list[Reason] = []
    if np.any(waits.is_wait & ~waits.is_split):
        reasons.append("some-without-performer")
    if np.any(cast(Longs, log.started) == NO_TIME):
        reasons.append("some-without-start")
    return tuple(reasons)


def _edges(log: EventLog, waits: Waits) -> tuple[EdgeWaits, ...]:
    size = len(log.activities)
    source = log.activity[np.maximum(waits.source, 0)].astype(np.int64)
    lines = [
        EdgeWaits(source=log.activities[key // size], target=log.activities[key % size], **figures)
        for key, figures in _figures(waits, source * size + log.activity).items()
    ]
    return tuple(sorted(lines, key=lambda line: (-line.total_s, line.source, line.target)))


def _activities(log: EventLog, waits: Waits) -> tuple[ActivityWaits, ...]:
    told = np.flatnonzero(waits.is_split)
    told = told[by_code(log.activity[told])]
    heads = np.searchsorted(log.activity[told], np.arange(len(log.activities) + 1))
    lines = []
    for key, figures in _figures(waits, log.activity.astype(np.int64)).items():
        here = told[heads[key] : heads[key + 1]]
        delay = expected_delay(waits.lain[here], waits.wait[here]) / _MICROS if len(here) else None
        lines.append(ActivityWaits(activity=log.activities[key], delay_s=delay, **figures))
    return tuple(sorted(lines, key=lambda line: (-line.total_s, line.activity)))


def _performers(log: EventLog, waits: Waits) -> tuple[PerformerWaits, ...]:
    keys = np.where(waits.is_split, cast(Any, log.performer), len(log.performers)).astype(np.int64)
    found = _figures(waits, keys)
    found.pop(len(log.performers), None)
    lines = [PerformerWaits(performer=log.performers[key], **figures) for key, figures in found.items()]
    return tuple(sorted(lines, key=lambda line: (-line.total_s, line.performer)))


def _figures(waits: Waits, keys: Longs) -> dict[int, dict[str, Any]]:
    """Count and seconds by cause for each key that has a wait."""
    there = np.flatnonzero(waits.is_wait)
    order = there[by_code(keys[there])]
    heads = np.flatnonzero(np.diff(keys[order], prepend=-1))
    counts = np.diff(np.append(heads, len(order)))
    columns = {
        "count": counts.tolist(),
        "total_s": _sums(waits.wait[order], heads),
        **{f"{cause}_s": _sums(waits.by_cause[row, order], heads) for row, cause in enumerate(CAUSES)},
        "unknown_s": _sums((waits.wait * ~waits.is_split)[order], heads),
    }
    return {
        int(keys[order[head]]): {name: values[at] for name, values in columns.items()}
        for at, head in enumerate(heads)
    }


def _sums(values: Longs, heads: Longs) -> Sequence[float]:
    """Whole microseconds are added, so that the order of the rows makes no difference."""
    if not len(values):
        return []
    return (np.add.reduceat(values, heads) / _MICROS).tolist()

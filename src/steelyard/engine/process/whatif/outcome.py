"""What a change would do to a process: before, after, and the difference with its interval."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from steelyard.engine.process.findings import Finding
from steelyard.engine.process.shares import Estimate
from steelyard.engine.process.whatif.changes import Change
from steelyard.engine.process.worktime import Clock


@dataclass(frozen=True)
class CycleTimes(Finding):
    """Seconds from a case's arrival to its end, over all cases."""

    median_s: Estimate
    mean_s: Estimate
    p90_s: Estimate


@dataclass(frozen=True)
class Contrast(Finding):
    """One figure before and after, and after minus before."""

    before: Estimate
    after: Estimate
    difference: Estimate


@dataclass(frozen=True)
class ActivityOutcome(Finding):
    """One activity: its events, those that a change touched, and its mean wait and work in seconds."""

    activity: str
    events: int
    touched: int
    mean_wait_before_s: float
    mean_wait_after_s: float
    mean_work_before_s: float
    mean_work_after_s: float


@dataclass(frozen=True)
class Outcome(Finding):
    """The answer of a simulation.

    `touched` counts the cases whose cycle becomes another. `throughput_per_week` counts cases that end
    before the last one came in; `in_progress` is their usual number at a time (Little's law); both are
    None for a log whose cases all came at once. `work_hours` is the mean work of a case. `notes` are
    codes of what could not be taken into account, with their figures.
    """

    changes: tuple[Change, ...]
    cases: int
    touched: int
    runs: int
    seed: int
    clock: Clock
    before: CycleTimes
    after: CycleTimes
    difference: CycleTimes
    throughput_per_week: Contrast | None
    in_progress: Contrast | None
    work_hours: Contrast
    activities: tuple[ActivityOutcome, ...]
    notes: tuple[tuple[str, Mapping[str, Any]], ...]

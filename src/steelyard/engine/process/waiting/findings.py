"""What is found about waits: seconds by cause, per edge, activity and performer."""

from dataclasses import dataclass
from typing import Literal

from steelyard.engine.process.findings import Finding

CalendarKind = Literal["given", "inferred", "none"]
Verdict = Literal["split", "cannot-tell"]
# Why waits could not be split, or not all of them.
Reason = Literal[
    "no-events", "single-timestamps", "no-performers", "some-without-performer", "some-without-start"
]


@dataclass(frozen=True)
class WaitFigures(Finding):
    """Seconds of waits: in all, by cause, and of those that nobody can split (no performer is known)."""

    count: int
    total_s: float
    batching_s: float
    contention_s: float
    prioritisation_s: float
    unavailability_s: float
    extraneous_s: float
    unknown_s: float


@dataclass(frozen=True)
class EdgeWaits(WaitFigures):
    """The waits between an activity and the one that it made possible."""

    source: str
    target: str


@dataclass(frozen=True)
class ActivityWaits(WaitFigures):
    """The waits before an activity.

    `delay_s` is how long its work lay in all although it could have begun, with what lay behind other
    work and nights estimated; None where no performer is known.
    """

    activity: str
    delay_s: float | None


@dataclass(frozen=True)
class PerformerWaits(WaitFigures):
    """The waits for a performer."""

    performer: str


@dataclass(frozen=True)
class Waiting(Finding):
    """All waits of a log by cause. The five causes and `unknown_s` add up to `total_s`.

    Under "cannot-tell" the causes are None; `total_s` is, too, where the log has no starts. Lines have the
    longest waits first. `delay_s` is the sum over the activities, beside the causes and not one of them.
    """

    verdict: Verdict
    reasons: tuple[Reason, ...]
    calendar: CalendarKind
    count: int
    total_s: float | None
    batching_s: float | None
    contention_s: float | None
    prioritisation_s: float | None
    unavailability_s: float | None
    extraneous_s: float | None
    unknown_s: float | None
    delay_s: float | None
    edges: tuple[EdgeWaits, ...]
    activities: tuple[ActivityWaits, ...]
    performers: tuple[PerformerWaits, ...]

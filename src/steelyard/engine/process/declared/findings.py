"""What a log shows of a declared flow: who keeps to it, where it is left, and which promises are broken."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from steelyard.engine.process.findings import Finding
from steelyard.engine.process.shares import Estimate
from steelyard.engine.process.worktime import Clock

# A code and its figures.
Reason = tuple[str, Mapping[str, Any]]
DeviationKind = Literal["skipped", "inserted", "order", "repeated"]


@dataclass(frozen=True)
class Deviation(Finding):
    """One way in which cases leave the flow.

    `step` was left out, came after a later one, or came again; of an `inserted` activity, which no step
    names, it is the step it came after ("" before the first). `examples` are cases, the first by name.
    """

    kind: DeviationKind
    step: str
    activity: str
    cases: int
    share: float
    low: float
    high: float
    examples: tuple[str, ...]


@dataclass(frozen=True)
class SlaLine(Finding):
    """How a step keeps its promise: cases in which all its visits were in time, of those measured.

    `share` and its interval are None where the step promises nothing or no case was measured;
    `examples` are the cases that took longest, worst first.
    """

    step: str
    sla_hours: float | None
    cases: int
    unmeasured: int
    late: int
    share: float | None
    low: float | None
    high: float | None
    median_hours: float | None
    p90_hours: float | None
    examples: tuple[str, ...]


@dataclass(frozen=True)
class AdherenceMonth(Finding):
    """The cases that ended in a month, and how many of them kept to the flow."""

    month: str
    cases: int
    adherent: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class FlowCheck(Finding):
    """How a log keeps to a flow.

    `cases` came in under the flow and have ended; `earlier` came in before it held, `open` have not ended.
    `share` has Wilson's interval and is None without a case. `untouched` names steps that no case reached.
    """

    flow: str
    version: int
    since: date | None
    clock: Clock
    endings: tuple[str, ...]
    cases: int
    earlier: int
    open: int
    adherent: int
    share: float | None
    low: float | None
    high: float | None
    adherent_in_time: int
    deviations: tuple[Deviation, ...]
    breaches: tuple[SlaLine, ...]
    months: tuple[AdherenceMonth, ...]
    untouched: tuple[str, ...]


@dataclass(frozen=True)
class Candidate(Finding):
    """A variant that could become the standard, beside the one that most cases take.

    `on_time` and its interval are None without a limit. `faster_s` is what its median cycle lies below
    that of the reference, with an interval corrected for the number of candidates.
    """

    path: tuple[str, ...]
    cases: int
    share: float
    median_cycle_s: Estimate
    on_time: float | None
    on_time_low: float | None
    on_time_high: float | None
    faster_s: Estimate | None
    is_better: bool


@dataclass(frozen=True)
class VariantChoice(Finding):
    """The variant to declare the standard (None: cannot tell), why, and all that were looked at.

    `reasons` are codes with their figures.
    """

    best: tuple[str, ...] | None
    reference: tuple[str, ...] | None
    clock: Clock
    candidates: tuple[Candidate, ...]
    reasons: tuple[Reason, ...]

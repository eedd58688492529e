"""What is found in an event log: codes and numbers, in the log's own names, ready for JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

DIGITS = 12
# Names that JSON spells otherwise, because Python keeps them for itself.
_SPELLED = {"source": "from", "target": "to"}

ReworkKind = Literal["self-loop", "return", "ping-pong"]


def plain(value: Any) -> Any:
    """A finding as JSON's own types: floats of 12 significant digits, money and times as text."""
    if isinstance(value, Finding):
        return value.as_json()
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") + 0.0
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [plain(part) for part in value]
    return value


@dataclass(frozen=True)
class Finding:
    """The base of what is found; `as_json` is its one way out."""

    def as_json(self) -> dict[str, Any]:
        """Every field by name; an edge's ends are `from` and `to`."""
        return {_SPELLED.get(f.name, f.name): plain(getattr(self, f.name)) for f in fields(self)}


@dataclass(frozen=True)
class ActivityFigures(Finding):
    """One activity: its events, the cases with it, its work time (None where no event has a start)."""

    activity: str
    count: int
    cases: int
    median_work_s: float | None
    mean_work_s: float | None
    p90_work_s: float | None
    total_work_s: float | None


@dataclass(frozen=True)
class EdgeFigures(Finding):
    """One step from an activity directly to the next, and the wait between them."""

    source: str
    target: str
    count: int
    cases: int
    median_wait_s: float
    mean_wait_s: float
    p90_wait_s: float
    total_wait_s: float


@dataclass(frozen=True)
class ProcessMap(Finding):
    """The directly-follows map; `edges` and `activities` by count, then by name."""

    cases: int
    events: int
    activities: tuple[ActivityFigures, ...]
    edges: tuple[EdgeFigures, ...]
    starts: Mapping[str, int]
    ends: Mapping[str, int]


@dataclass(frozen=True)
class Variant(Finding):
    """One sequence of activities, the cases that take it, and how long they take from end to end."""

    path: tuple[str, ...]
    count: int
    share: float
    median_cycle_s: float
    p90_cycle_s: float
    example: str


@dataclass(frozen=True)
class ReworkLine(Finding):
    """One kind of rework of one activity: cases, repeated events, hours, and money where it is known."""

    kind: ReworkKind
    activity: str
    via: str
    cases: int
    events: int
    hours: float
    work_hours: float | None
    money: Decimal | None


@dataclass(frozen=True)
class Rework(Finding):
    """Cases that do an activity more than once."""

    cases: int
    share: float
    lines: tuple[ReworkLine, ...]


@dataclass(frozen=True)
class HandOff(Finding):
    """Work that went from one performer (or role) to another."""

    giver: str
    taker: str
    count: int
    cases: int
    median_wait_s: float
    total_wait_s: float


@dataclass(frozen=True)
class HandOffs(Finding):
    """Who hands work to whom; `share_handed` of the steps whose both performers are known."""

    by: Literal["performer", "role"]
    steps: int
    lines: tuple[HandOff, ...]
    share_handed: float | None


@dataclass(frozen=True)
class FirstPass(Finding):
    """How often an activity is approved the first time that a case comes to it (Wilson's interval)."""

    activity: str
    decided: int
    first: int
    rate: float
    low: float
    high: float


@dataclass(frozen=True)
class OpenCase(Finding):
    """A case that has not come to an end: where it is, since when, and how old it is."""

    case: str
    last_activity: str
    since: datetime
    age_s: float
    idle_s: float
    expected_p90_s: float | None
    is_late: bool


@dataclass(frozen=True)
class OpenAt(Finding):
    """The open cases that lie after one activity."""

    activity: str
    cases: int
    late: int
    median_idle_s: float


@dataclass(frozen=True)
class SurvivalPoint(Finding):
    """The share of cases still open at an age (Kaplan–Meier), and the cases still watched then."""

    age_s: float
    share_open: float
    at_risk: int


@dataclass(frozen=True)
class Ageing(Finding):
    """Open cases on a day; `median_cycle_s` counts them as not finished yet instead of leaving them out."""

    as_of: datetime
    endings: tuple[str, ...]
    open_cases: int
    closed_cases: int
    median_age_s: float | None
    median_cycle_s: float | None
    p90_cycle_s: float | None
    lines: tuple[OpenCase, ...]
    by_activity: tuple[OpenAt, ...]
    survival: tuple[SurvivalPoint, ...]


@dataclass(frozen=True)
class Breakpoint(Finding):
    """An activity after which cases stop: the share of the cases that reached it, with Wilson's interval."""

    activity: str
    reached: int
    stopped: int
    rate: float
    low: float
    high: float
    median_idle_s: float


@dataclass(frozen=True)
class LogQuality(Finding):
    """What a log lacks, in counts; `columns` that differ within a case are in `varying`."""

    cases: int
    events: int
    dropped: int
    duplicates: int
    ties: int
    cases_with_ties: int
    single_timestamps: int
    negative_durations: int
    overlaps: int
    missing_performers: int
    without_outcome: int
    open_cases: int
    one_event_cases: int
    varying: tuple[str, ...]
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True)
class Difference(Finding):
    """The other log's figure minus the one's, with a 95 % interval and p after Benjamini–Hochberg.

    `one` and `other` are None where the log has none, and so is everything that follows from them.
    """

    one: float | None
    other: float | None
    difference: float | None
    low: float | None
    high: float | None
    p: float | None


@dataclass(frozen=True)
class EdgeDifference(Finding):
    """One edge in two logs: its counts, its waits, and the share of cases that take it."""

    source: str
    target: str
    one_count: int
    other_count: int
    median_wait_s: Difference
    mean_wait_s: Difference
    share: Difference


@dataclass(frozen=True)
class ActivityDifference(Finding):
    """One activity in two logs: its counts, its work time, and the share of cases with it."""

    activity: str
    one_count: int
    other_count: int
    median_work_s: Difference
    mean_work_s: Difference
    share: Difference


@dataclass(frozen=True)
class Comparison(Finding):
    """Two logs side by side: `one` is what is compared with, `other` what is looked at."""

    one_cases: int
    other_cases: int
    edges: tuple[EdgeDifference, ...]
    activities: tuple[ActivityDifference, ...]
    median_cycle_s: Difference
    mean_cycle_s: Difference

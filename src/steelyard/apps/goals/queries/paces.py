"""What should have come in by now, and what may come in by the end. Pure arithmetic over months."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from steelyard.apps.goals.models import GoalVersion
from steelyard.apps.goals.queries.actuals import Actual
from steelyard.apps.goals.queries.outlooks import Brief, months_between
from steelyard.apps.measure.queries.calendar import fiscal_start
from steelyard.apps.measure.queries.total import attainment
from steelyard.engine.kpi import Kpi
from steelyard.engine.periods import Period

LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9


@dataclass(frozen=True)
class Expected:
    """What the target asks for by the end of the last complete month.

    `rule`: `plan` (the goal's own months), `profile` (how the unit's years fall on their months), `equal`
    (nothing is known of either), `standing` (the same number at any time).
    """

    value: float | None
    share: float
    rule: str


@dataclass(frozen=True)
class Chance:
    """P(target reached), and the end of the goal at one in ten, the middle, and nine in ten."""

    chance: float
    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class Slice:
    """One month of a goal: what it asks for, as a number of its own and as parts of a ratio."""

    month: Period
    value: float
    numerator: float | None = None
    denominator: float | None = None


def slices_of(version: GoalVersion, *, mode: str, profile: Any) -> tuple[tuple[Slice, ...], str]:
    """The months of a goal with what it asks of each, and by which rule."""
    months = months_between(version.starts, version.ends)
    target = float(version.target or 0)
    if version.plan:
        return _planned(version, months, mode=mode, profile=profile), "plan"
    if mode != "total":
        return tuple(Slice(month, target) for month in months), "standing"
    shares, rule = shares_of(months, profile)
    return tuple(Slice(month, target * share) for month, share in zip(months, shares, strict=True)), rule


def shares_of(months: Sequence[Period], profile: Any) -> tuple[tuple[float, ...], str]:
    """How a total falls on its months: by the profile, where one is known; never a straight line then."""
    if profile is None or profile.method == "equal" or not months:
        return tuple(1 / len(months) for _ in months), "equal"
    return _profiled(profile, months[0].start, len(months)), "profile"


@lru_cache(maxsize=4096)
def _profiled(profile: Any, starts: date, count: int) -> tuple[float, ...]:
    """Many goals begin in the same month."""
    return profile.for_periods(starts, count)


def _planned(version: GoalVersion, months: Sequence[Period], *, mode: str, profile: Any) -> tuple[Slice, ...]:
    """A plan by quarters falls on its months as years usually do."""
    found: dict[date, Slice] = {}
    for label, value, *parts in version.plan:
        inside = _inside(label, months, fiscal_start())
        shares, _rule = shares_of(inside, profile) if mode == "total" else ([1.0] * len(inside), "")
        top, bottom = (float(part) for part in parts) if len(parts) == 2 else (None, None)
        for month, share in zip(inside, shares, strict=True):
            found[month.start] = Slice(
                month,
                float(value) * share,
                None if top is None else top / len(inside),
                None if bottom is None else bottom / len(inside),
            )
    empty = 0.0 if mode == "total" else float(version.target or 0)
    return tuple(found.get(month.start) or Slice(month, empty) for month in months)


@lru_cache(maxsize=4096)
def _inside(label: str, months: tuple[Period, ...], fiscal: int) -> tuple[Period, ...]:
    """The months of a goal that a period of its plan holds."""
    period = Period.parse(label, fiscal)
    return tuple(month for month in months if period.start <= month.start < period.end)


def asked_of(slices: Sequence[Slice], *, mode: str) -> float | None:
    """What several months ask for together."""
    if not slices:
        return None
    if mode == "total":
        return sum(each.value for each in slices)
    if mode == "ratio" and all(each.denominator for each in slices):
        bottom = sum(each.denominator or 0.0 for each in slices)
        return sum(each.numerator or 0.0 for each in slices) / bottom
    return slices[-1].value


def expected_by(slices: Sequence[Slice], rule: str, *, mode: str, until: date) -> Expected:
    """What the months that are complete ask for."""
    done = [each for each in slices if each.month.end <= until]
    whole = sum(each.value for each in slices)
    share = len(done) / len(slices)
    if mode == "total" and whole:
        share = sum(each.value for each in done) / whole
    return Expected(asked_of(done, mode=mode), share, rule)


@dataclass(frozen=True)
class End:
    """The end of some month ahead: `stands + grows × what is still to come`."""

    coming: Any
    periods: int
    stands: float
    grows: float

    def at(self, p: float) -> float:
        """What the end stays below with probability `p`."""
        return self.stands + self.grows * float(self.coming.quantile(p, self.periods))

    def at_least(self, target: float) -> float:
        """The probability that the end is at least so much."""
        return float(self.coming.chance((target - self.stands) / self.grows, self.periods))


def end_after(
    version: GoalVersion, outlook: Any, brief: Brief, actual: Actual, *, mode: str, months: int
) -> End | None:
    """The end of the so-manieth month of the goal that is still to come; None beyond what is known."""
    first = months_between(version.starts, version.ends)[0].start
    gap = len(months_between(brief.starts, first)) if first > brief.starts else 0
    if gap + months > outlook.horizon:
        return None
    stands, grows = _stands(actual, brief, mode=mode, left=months)
    if mode == "level":
        return End(replace(outlook, totals=outlook.periods), gap + months, stands, grows)
    if gap:
        return End(after_gap(outlook, gap=gap, periods=months), 1, stands, grows)
    return End(outlook, months, stands, grows)


def months_left(version: GoalVersion, until: date) -> int:
    """How many months of the goal are still to come, the running one among them."""
    return len(months_between(max(until, version.starts), version.ends)) if version.ends > until else 0


def chance_of(
    version: GoalVersion, kpi: Kpi, outlook: Any, brief: Brief, actual: Actual, *, mode: str
) -> Chance | None:
    """What the months left may bring on top of those that are complete; None where nobody can tell."""
    left = months_left(version, brief.starts)
    end = end_after(version, outlook, brief, actual, mode=mode, months=left) if left else None
    if end is None:
        return None
    return Chance(_of_kind(version, kpi, end.at_least), *(end.at(p) for p in (LOW, MIDDLE, HIGH)))


def after_gap(outlook: Any, *, gap: int, periods: int) -> Any:
    """The total of months that begin later: the spread of the difference, as if the gap told nothing."""
    mean = outlook.mean(gap + periods) - outlook.mean(gap)
    spread = max(outlook.spread(gap + periods) ** 2 - outlook.spread(gap) ** 2, 0.0) ** 0.5
    return type(outlook).normal(mean=mean, spread=max(spread, 1e-12), periods=1)


def _stands(actual: Actual, brief: Brief, *, mode: str, left: int) -> tuple[float, float]:
    """The end is `stands + grows × what is to come`: of a ratio, by the weight of its denominators."""
    if mode == "total":
        return actual.settled or 0.0, 1.0
    if mode == "level" or actual.settled_parts is None or len(brief.denominators) < left:
        return 0.0, 1.0
    top, bottom = actual.settled_parts
    coming = brief.denominators[left - 1]
    return top / (bottom + coming), coming / (bottom + coming) or 1.0


def _of_kind(version: GoalVersion, kpi: Kpi, at_least: Any) -> float:
    target = float(version.target or 0)
    if version.kind == GoalVersion.Kind.BAND:
        return max(at_least(target) - at_least(float(version.target_high or 0)), 0.0)
    return at_least(target) if direction_of(version, kpi) == "up" else 1.0 - at_least(target)


def direction_of(version: GoalVersion, kpi: Kpi | None) -> str:
    """Which way is better for a goal: `up`, `down` or `band`; without a KPI, from its baseline."""
    kinds = {
        GoalVersion.Kind.KEEP_ABOVE: "up",
        GoalVersion.Kind.KEEP_BELOW: "down",
        GoalVersion.Kind.BAND: "band",
    }
    if version.kind in kinds:
        return kinds[GoalVersion.Kind(version.kind)]
    if kpi is not None:
        return "down" if kpi.direction == "down" else "up"
    is_falling = version.baseline is not None and version.target is not None
    return "down" if is_falling and version.target < version.baseline else "up"


def is_met(version: GoalVersion, value: float, *, direction: str) -> bool:
    """Whether a value is what the goal asks for; equal is enough, to twelve digits."""
    target = float(version.target or 0)
    if direction == "band":
        return is_at_least(value, target) and is_at_least(float(version.target_high or 0), value)
    return is_at_least(value, target) if direction == "up" else is_at_least(target, value)


def is_at_least(value: float, bound: float) -> bool:
    return value >= bound - 1e-12 * max(1.0, abs(bound))


def attainment_of(
    version: GoalVersion, value: float, target: float | None, *, direction: str
) -> float | None:
    """How much of a target was reached, as the scorecard counts it; inside a band all of it."""
    if direction == "band":
        if is_met(version, value, direction="band"):
            return 1.0
        edge = float(version.target or 0)
        edge = edge if value < edge else float(version.target_high or 0)
        return attainment(value, edge, direction="band") if edge > 0 else None
    if target is None or target <= 0:
        return None
    return attainment(value, target, direction=direction)

"""The plan of a cascade, filled from the organisation as it stands in the period and from the figures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from steelyard.apps.goals.models import Cascade, Goal, GoalVersion
from steelyard.apps.goals.queries.cascade_figures import (
    Past,
    exact,
    newest_values,
    outlooks_of,
    past_of,
)
from steelyard.apps.goals.queries.cascade_people import (
    Parties,
    Taker,
    owner_key,
    parties_of,
    teams_below,
    teams_with_figures,
)
from steelyard.apps.goals.queries.outlooks import country, months_between, read_outlook
from steelyard.apps.measure.models import PointSet, UnitKind
from steelyard.apps.measure.queries.calendar import read_period
from steelyard.apps.measure.queries.definitions import known_kpis
from steelyard.apps.measure.queries.points import newest_points
from steelyard.engine.cascade import Lock, Plan, UnitPlan, check_fits
from steelyard.engine.forecast.findings import Outlook as Expected
from steelyard.engine.kpi import Kpi
from steelyard.errors import Refused

YEAR = 12
TEAM, PERSON = "team", "member"
DAY = timedelta(days=1)
PIPELINE = "open_pipeline"
# A rounding step leaves at least this many steps in the mean cell.
STEPS_IN_A_CELL = 100
WHOLE = "whole"
CENTS = {"money": 2, "count": 0}


@dataclass(frozen=True)
class Choices:
    """Who takes part: codes of teams (None: those with figures), managers too, and whose potential counts."""

    teams: tuple[str, ...] | None = None
    with_managers: bool = False
    potential: str = PIPELINE

    def as_json(self) -> dict[str, Any]:
        teams = None if self.teams is None else list(self.teams)
        return {"teams": teams, "with_managers": self.with_managers, "potential": self.potential}


def kpi_of(version: GoalVersion) -> Kpi | None:
    return known_kpis().get(version.kpi) if version.kpi else None


def check_divisible(version: GoalVersion) -> None:
    """A number that is summed or a ratio can be divided; a level, a range or a yes cannot."""
    kpi = kpi_of(version)
    if version.kind == GoalVersion.Kind.REACH and (kpi is None or kpi.additive_over_time):
        is_divisible = version.target is not None and version.target >= 0
    else:
        is_divisible = (
            kpi is not None
            and kpi.is_ratio
            and version.kind
            in (
                GoalVersion.Kind.REACH,
                GoalVersion.Kind.KEEP_ABOVE,
            )
        )
    if not is_divisible:
        raise Refused("goals.cannot-divide")
    if kpi is None or not kpi.is_ratio:
        check_total(version.target or Decimal(0), minor=minor_of(version, kpi))


def check_total(total: Decimal, *, minor: int) -> None:
    """Whether the whole can be counted in its smallest unit."""
    try:
        check_fits([("", total)], minor)
    except Refused as refusal:
        raise Refused("goals.cannot-divide-so", value=str(total), decimals=minor) from refusal


def plan_for(goal: Goal, choices: Choices) -> Plan:
    """Everything that is known of those who take part, divided by nothing yet: the method is `equal`."""
    version = goal.current
    if version is None or version.target is None:
        raise Refused("goals.cannot-divide")
    check_divisible(version)
    points, kpi = newest_points(), kpi_of(version)
    parties = parties_chosen(goal, choices, points)
    months = months_between(version.starts, version.ends)
    is_ratio = kpi is not None and kpi.is_ratio
    units = _units(goal, parties)
    past = past_of(points, version.kpi, [unit.code for unit in units], before=version.starts)
    plan = Plan(
        total=plain(version.target),
        periods=tuple(month.label for month in months),
        units=tuple(_with_past(unit, past, is_ratio=is_ratio) for unit in units),
        minor=minor_of(version, kpi),
        kind="ratio" if is_ratio else "sum",
        over={root_of(goal): version.over} if version.over else {},
        root=root_of(goal),
        country=country() or None,
        locks=bound_months(goal),
    )
    if is_ratio:
        return _with_bases(plan, past)
    return with_outlooks(_with_potential(plan, choices, points), version, points)


def root_of(goal: Goal) -> str:
    """The code of the whole; a person's own goal has one unit below it, which is the person."""
    return WHOLE if goal.owner_kind == UnitKind.MEMBER else owner_key(goal)


def is_bound(goal: Goal) -> bool:
    """Whether the goal's months were divided from above, so that they are not this cascade's to change.

    They stay so when the goal is divided further itself, until somebody takes it out of the cascade.
    """
    held = goal.versions.filter(state=GoalVersion.State.APPROVED).order_by("-number")
    for cascade in held.values_list("cascade__state", "cascade__goal"):
        if cascade[0] not in (Cascade.State.APPLIED, Cascade.State.REPLACED):
            return False
        if cascade[1] != goal.pk:
            return True
    return False


def bound_months(goal: Goal) -> tuple[Lock, ...]:
    if not is_bound(goal) or goal.current is None:
        return ()
    rows = [row for row in goal.current.plan if len(row) == 2]
    return tuple(Lock(root_of(goal), str(row[0]), plain(Decimal(row[1]))) for row in rows)


def plain(value: Decimal) -> Decimal:
    """Without needless zeros, and without an exponent."""
    return value.normalize() + Decimal(0)


def parties_chosen(goal: Goal, choices: Choices, points: PointSet | None) -> Parties:
    version = goal.current
    if version is None:
        raise Refused("goals.cannot-divide")
    teams = choices.teams if choices.teams is not None else usual_teams(goal, points)
    found = parties_of(
        goal,
        starts=version.starts,
        ends=version.ends,
        teams=teams,
        with_managers=choices.with_managers,
    )
    if not found.takers and goal.person is not None:
        return Parties((), (Taker(owner_key(goal), goal.person.name, None),))
    if not found.takers:
        raise Refused("goals.nobody-takes-part")
    return found


def usual_teams(goal: Goal, points: PointSet | None) -> tuple[str, ...]:
    """Teams that the KPI has figures of, else all; those below one that has stand with it."""
    version = goal.current
    below = [team.code for team in teams_below(goal)]
    known = teams_with_figures(points, version.kpi) if version and version.kpi else set()
    return tuple(code for code in below if code in known) or tuple(below)


def minor_of(version: GoalVersion, kpi: Kpi | None) -> int:
    """Decimals of the smallest unit: cents of money, whole records, else as fine as target and months are."""
    if kpi is not None and kpi.is_ratio:
        return 2 if kpi.unit == "money" else 0
    said = [version.target or Decimal(0), *(Decimal(row[1]) for row in version.plan if len(row) == 2)]
    finest = max(-int(each.normalize().as_tuple().exponent) for each in said)
    return max(CENTS.get(version.unit, 0), min(finest, 6))


def usual_step(plan: Plan) -> Decimal | None:
    """A round step that is small beside the mean cell: 100 where a month is about 17,000."""
    cells = max(1, len(plan.leaves) * len(plan.periods))
    whole = plan.total if plan.kind == "sum" else plan.denominator or Decimal(0)
    room = whole / cells / STEPS_IN_A_CELL
    smallest = Decimal(1).scaleb(-plan.minor)
    if room < smallest:
        return None
    step = Decimal(1).scaleb(room.adjusted())
    return step if step > smallest else None


def _units(goal: Goal, parties: Parties) -> list[UnitPlan]:
    branches = [
        UnitPlan(branch.key, name=branch.name, parent=branch.parent, level=TEAM)
        for branch in parties.branches
        if branch.key != owner_key(goal)
    ]
    takers = [
        UnitPlan(
            taker.key,
            name=taker.name,
            parent=taker.parent,
            level=PERSON,
            joins=taker.joins,
            leaves=taker.leaves - DAY if taker.leaves else None,
        )
        for taker in parties.takers
        if taker.key != owner_key(goal) or not parties.branches
    ]
    return [*branches, *takers]


def _with_past(unit: UnitPlan, past: Past, *, is_ratio: bool) -> UnitPlan:
    rows = past.numerators if is_ratio else past.values
    if unit.level != PERSON or unit.code not in rows:
        return unit
    known = replace(
        unit,
        history=_row(rows[unit.code]),
        history_periods=tuple(month.label for month in past.months),
    )
    if not is_ratio:
        return known
    return replace(known, history_base=_row(past.denominators[unit.code]))


def _row(values: Sequence[float | None]) -> tuple[Decimal | None, ...]:
    """Figures of the past; what is below zero (a month of refunds) counts as none."""
    return tuple(None if value is None else exact(max(value, 0.0)) for value in values)


def _with_bases(plan: Plan, past: Past) -> Plan:
    """Of a ratio each unit is planned to have the base that it had in the same months a year before."""
    place = {month.label: at for at, month in enumerate(past.months)}
    usual = [past.denominators.get(unit.code, ()) for unit in plan.units]
    mean = _mean([value for row in usual for value in row[-12:] if value is not None])

    def base(row: Sequence[float | None], label: str) -> Decimal:
        year, _dash, month = label.partition("-")
        for back in (1, 2, 3):
            at = place.get(f"{int(year) - back}-{month}")
            if row and at is not None and row[at] is not None:
                return exact(float(row[at] or 0)).quantize(Decimal(1).scaleb(-plan.minor))
        own = _mean([value for value in row[-12:] if value is not None]) or mean or 1.0
        return exact(own).quantize(Decimal(1).scaleb(-plan.minor))

    units = tuple(
        replace(unit, denominator=tuple(base(row, label) for label in plan.periods))
        if unit.level == PERSON
        else unit
        for unit, row in zip(plan.units, usual, strict=True)
    )
    return replace(plan, units=units)


def _with_potential(plan: Plan, choices: Choices, points: PointSet | None) -> Plan:
    keys = [unit.code for unit in plan.units if unit.level == PERSON]
    found = newest_values(points, choices.potential, keys)
    if not found:
        return plan
    units = tuple(
        replace(unit, potential=found.get(unit.code, Decimal(0))) if unit.level == PERSON else unit
        for unit in plan.units
    )
    return replace(plan, units=units)


def with_outlooks(plan: Plan, version: GoalVersion, points: PointSet | None) -> Plan:
    """What may come in over the open months, of each person of whom it is worked out."""
    closed = {label for held in plan.fixed.values() for label in held}
    ahead = [label for label in plan.periods if label not in closed]
    if not version.kpi or not ahead or plan.kind == "ratio":
        return plan
    held = outlooks_of(points, version.kpi, [unit.code for unit in plan.units])
    units = tuple(
        replace(unit, outlook=expected_in(held[unit.code].document, held[unit.code].starts, ahead))
        if unit.level == PERSON and unit.code in held
        else unit
        for unit in plan.units
    )
    return replace(plan, units=units)


def expected_in(document: Any, starts: date, ahead: Sequence[str]) -> Expected | None:
    """What may come in over these months, as one distribution of their total; None where it does not reach.

    A year that begins some months after the data end is read as the next twelve months; a shorter stretch
    that the outlook does not begin with is taken from its means and spreads.
    """
    first, count = read_period(ahead[0]).start, len(ahead)
    if first < starts:
        return None
    expected = read_outlook(document)
    if expected is None:
        return None
    before = len(months_between(starts, first)) if first > starts else 0
    if count > expected.horizon:
        return None
    if before == 0 or (count == YEAR and before + count > expected.horizon):
        return summed(expected, count)
    if before + count > expected.horizon:
        return None
    mean = expected.mean(before + count) - expected.mean(before)
    variance = expected.spread(before + count) ** 2 - expected.spread(before) ** 2
    return Expected.normal(mean=mean, spread=max(variance, 0.0) ** 0.5)


def summed(expected: Expected, count: int) -> Expected:
    """The distribution of the total alone: what a chance is read from."""
    total = expected.totals[count - 1 : count]
    return replace(expected, totals=total, periods=total)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0

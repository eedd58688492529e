"""What goals make of the scorecard's targets: rows of the table `targets`, as it understands them.

A team counts the teams below it, in its figures as in its targets: a team with people of its own gets what
is left of its goal once the teams below have theirs, so that the branch comes to the goal.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import QuerySet

from steelyard.apps.goals.models import Goal, GoalVersion
from steelyard.apps.goals.queries.actuals import mode_of
from steelyard.apps.goals.queries.outlooks import months_between
from steelyard.apps.measure.models import UnitKind
from steelyard.apps.measure.queries.calendar import grains, period_of, periods_of, read_period
from steelyard.apps.measure.queries.definitions import known_kpis
from steelyard.apps.measure.queries.staff import Staff
from steelyard.apps.measure.queries.targets import COMPANY_CODE, given_targets
from steelyard.engine.kpi import Kpi
from steelyard.engine.periods import Period

Cell = tuple[str, str]
STANDING = (GoalVersion.Kind.REACH, GoalVersion.Kind.KEEP_ABOVE, GoalVersion.Kind.KEEP_BELOW)


@dataclass(frozen=True)
class TargetRow:
    """One row; `before` is what stood there, None for nothing."""

    kpi: str
    unit: str
    period: str
    value: Decimal
    before: Decimal | None = None


def changed_rows(goals: Iterable[Goal]) -> list[TargetRow]:
    """The rows that differ from what the newest data hold; a goal goes before what was typed in."""
    by_kpi: dict[str, list[Goal]] = {}
    for goal in with_those_above(goals):
        by_kpi.setdefault(goal.current.kpi, []).append(goal)  # type: ignore[union-attr]
    found: list[TargetRow] = []
    for kpi, same in sorted(by_kpi.items()):
        found += _changed(known_kpis()[kpi], same)
    return found


def with_those_above(goals: Iterable[Goal]) -> list[Goal]:
    """Goals that a KPI measures, and those of the teams above: their own part hangs on those below."""
    standing = {goal.pk: goal for goal in goals if is_target(goal)}
    staff, kpis = Staff(), {goal.current.kpi for goal in standing.values()}  # type: ignore[union-attr]
    above: set[str] = set()
    for goal in standing.values():
        team = staff.parents.get(goal.team.code) if goal.team else None
        while team is not None and team not in above:
            above.add(team)
            team = staff.parents.get(team)
    rows = held_goals().filter(current__kpi__in=kpis, team__code__in=above)
    return list({**standing, **{goal.pk: goal for goal in rows if is_target(goal)}}.values())


def held_goals() -> QuerySet[Goal]:
    held = Goal.objects.filter(state=Goal.State.ACTIVE, current__isnull=False)
    return held.select_related("current", "team", "person")


def is_target(goal: Goal) -> bool:
    """A range has two numbers, and the table one: such a goal is none of its targets."""
    version = goal.current
    return (
        version is not None
        and goal.state == Goal.State.ACTIVE
        and version.kind in STANDING
        and version.kpi in known_kpis()
        and version.target is not None
    )


def _changed(kpi: Kpi, goals: Sequence[Goal]) -> list[TargetRow]:
    said = {goal.pk: numbers_of(kpi, goal.current) for goal in goals}  # type: ignore[arg-type]
    labels = sorted({label for numbers in said.values() for label in numbers})
    longer = sorted({label for goal in goals for label in longer_periods(kpi, goal.current)} - set(labels))  # type: ignore[arg-type]
    held = {cell: Decimal(str(value)) for cell, value in given_targets(kpi, [*labels, *longer]).items()}
    branches = Branches(kpi, held)
    found = []
    for goal in goals:
        unit, numbers = code_of(goal), dict(said[goal.pk])
        for label, value in longer_periods(kpi, goal.current).items():  # type: ignore[arg-type]
            # Months add up to it by themselves, unless somebody has set the longer period, too.
            if label not in numbers and (unit, label) in held:
                numbers[label] = value
        for label, value in numbers.items():
            own = branches.own_part(unit, label, value) if goal.team and kpi.additive else value
            before = held.get((unit, label))
            if before != own:
                found.append(TargetRow(kpi.id, unit, label, own, before))
    return found


def code_of(goal: Goal) -> str:
    if goal.team is not None:
        return goal.team.code
    return goal.person.code if goal.person is not None else COMPANY_CODE


def numbers_of(kpi: Kpi, version: GoalVersion) -> dict[str, Decimal]:
    """Period → number: the plan's own periods, or what the goal says of its whole stretch."""
    whole = whole_period(version)
    target = Decimal(version.target or 0)
    if mode_of(kpi) == "total":
        if version.plan:
            return {label: Decimal(value) for label, value, *_parts in version.plan}
        return {whole.label: target} if whole else {}
    if not version.plan:
        return {period.label: target for period in periods_inside(version)}
    found = {label: Decimal(value) for label, value, *_parts in version.plan}
    found |= quarters_of_parts(version)
    return {**found, whole.label: target} if whole else found


def longer_periods(kpi: Kpi, version: GoalVersion) -> dict[str, Decimal]:
    """Quarters and years that a plan's months add up to."""
    if mode_of(kpi) != "total" or not version.plan:
        return {}
    planned = {label: Decimal(value) for label, value, *_parts in version.plan}
    found = {}
    for period in periods_inside(version):
        months = [month.label for month in period.months()]
        if period.label not in planned and all(label in planned for label in months):
            found[period.label] = sum((planned[label] for label in months), Decimal(0))
    return found


def quarters_of_parts(version: GoalVersion) -> dict[str, Decimal]:
    """A ratio's longer periods, out of the parts of its months."""
    parts = {
        label: [Decimal(part) for part in rest] for label, _value, *rest in version.plan if len(rest) == 2
    }
    found = {}
    for period in periods_inside(version):
        months = [parts.get(month.label) for month in period.months()]
        known = [each for each in months if each is not None]
        bottom = sum((each[1] for each in known), Decimal(0))
        if len(known) == len(months) and bottom and period.grain != "month":
            ratio = sum((each[0] for each in known), Decimal(0)) / bottom
            found[period.label] = ratio.quantize(Decimal("0.000001"))
    return found


def whole_period(version: GoalVersion) -> Period | None:
    """The period that the goal's days are, if they are one."""
    for grain in grains():
        period = period_of(version.starts, grain)
        if (period.start, period.end) == (version.starts, version.ends):
            return period
    return None


def periods_inside(version: GoalVersion) -> list[Period]:
    """The months, quarters and years that lie within the goal's days."""
    last = months_between(version.starts, version.ends)[-1]
    every = [period for grain in grains() for period in periods_of(grain, version.starts, last)]
    return [each for each in every if version.starts <= each.start and each.end <= version.ends]


class Branches:
    """What the teams below a team ask for already, by goal or by a target that stands."""

    def __init__(self, kpi: Kpi, held: Mapping[Cell, Decimal]) -> None:
        self.kpi, self.held = kpi, held
        self.staff = Staff()

    @cached_property
    def goals(self) -> dict[str, list[GoalVersion]]:
        rows = held_goals().filter(current__kpi=self.kpi.id, owner_kind=UnitKind.TEAM)
        found: dict[str, list[GoalVersion]] = {}
        for goal in rows:
            if is_target(goal):
                found.setdefault(goal.team.code, []).append(goal.current)  # type: ignore[union-attr, arg-type]
        return found

    def own_part(self, team: str, label: str, value: Decimal) -> Decimal:
        """What of a team's goal is not asked of the teams below it; of one without own people, all of it."""
        below = [child for child, parent in self.staff.parents.items() if parent == team]
        asked = [part for child in below if (part := self.asked_of(child, label)) is not None]
        if not asked or not self.has_people(team, read_period(label)):
            return value
        return value - sum(asked, Decimal(0))

    def asked_of(self, team: str, label: str) -> Decimal | None:
        for version in self.goals.get(team, ()):
            numbers = {**longer_periods(self.kpi, version), **numbers_of(self.kpi, version)}
            if label in numbers:
                return numbers[label]
        below = [child for child, parent in self.staff.parents.items() if parent == team]
        parts = [self.held.get((team, label)), *(self.asked_of(child, label) for child in below)]
        known = [part for part in parts if part is not None]
        return sum(known, Decimal(0)) if known else None

    def has_people(self, team: str, period: Period) -> bool:
        """As `engine.kpi.targets` counts them: members, not who leads them."""
        return any(
            place.team == team
            and place.role != "manager"
            and place.start < period.end
            and (place.end is None or place.end > period.start)
            for place in self.staff.places
        )


def goals_of_cascade(cascade: int) -> list[Goal]:
    """Goals that a cascade has made, or made a version of."""
    ids = GoalVersion.objects.filter(cascade=cascade).values("goal_id")
    return list(held_goals().filter(pk__in=ids))

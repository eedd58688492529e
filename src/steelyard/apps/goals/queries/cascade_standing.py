"""What holds below a goal, as a plan with its cells: where changes and what is left of a period begin."""

from collections.abc import Mapping
from decimal import Decimal

from steelyard.apps.goals.models import Goal
from steelyard.apps.goals.queries.cascade_filling import (
    PERSON,
    TEAM,
    bound_months,
    check_divisible,
    kpi_of,
    minor_of,
    plain,
    root_of,
    with_outlooks,
)
from steelyard.apps.goals.queries.cascade_preview import standing_goals
from steelyard.apps.measure.models import UnitKind
from steelyard.apps.measure.queries.points import newest_points
from steelyard.engine.cascade import Plan, UnitPlan
from steelyard.errors import Refused

Months = dict[str, Decimal]
Cells = dict[tuple[str, str], Decimal]


def plan_that_holds(goal: Goal) -> tuple[Plan, Cells]:
    """The tree of active goals below one, weighed as it stands, and the months of those at its ends.

    What units carry more or less than what stands above them is kept as it is, month by month.
    """
    version = goal.current
    if version is None or version.target is None:
        raise Refused("goals.cannot-divide")
    check_divisible(version)
    kpi = kpi_of(version)
    if kpi is not None and kpi.is_ratio:
        raise Refused("goals.ratio-is-divided-anew", 409)
    below = goals_below(goal)
    months = {key: months_of(each) for key, each in {root_of(goal): goal, **below}.items()}
    if not below or any(not held for held in months.values()):
        raise Refused("goals.not-divided", 409)
    labels = tuple(months[root_of(goal)])
    keys = {each.pk: key for key, each in below.items()}
    units = tuple(_unit(key, each, keys, months[key]) for key, each in below.items())
    parents = {unit.parent or root_of(goal) for unit in units}
    plan = Plan(
        total=plain(version.target),
        periods=labels,
        units=units,
        method="capacity",
        profile=tuple(months[root_of(goal)].values()),
        minor=minor_of(version, kpi),
        root=root_of(goal),
        extra=_differences(units, months, root=root_of(goal)),
        locks=bound_months(goal),
    )
    cells = {
        (key, label): value
        for key, held in months.items()
        if key not in parents and key != root_of(goal)
        for label, value in held.items()
    }
    return with_outlooks(plan, version, newest_points()), cells


def goals_below(goal: Goal) -> dict[str, Goal]:
    """Active goals of the same number that hang below one, however deep, by key; parents first."""
    standing = standing_goals(goal)
    by_parent: dict[int | None, list[tuple[str, Goal]]] = {}
    for key, each in sorted(standing.items(), key=lambda pair: (_name(pair[1]), pair[0])):
        by_parent.setdefault(each.current.parent_id if each.current else None, []).append((key, each))
    found: dict[str, Goal] = {}
    waiting = [goal.pk]
    while waiting:
        for key, each in by_parent.get(waiting.pop(0), ()):
            found[key] = each
            waiting.append(each.pk)
    return found


def months_of(goal: Goal) -> Months:
    plan = goal.current.plan if goal.current else []
    return {str(row[0]): plain(Decimal(row[1])) for row in plan if len(row) == 2}


def _unit(key: str, goal: Goal, keys: Mapping[int, str], months: Months) -> UnitPlan:
    above = goal.current.parent_id if goal.current else None
    is_person = goal.owner_kind == UnitKind.MEMBER
    return UnitPlan(
        key,
        name=_name(goal),
        parent=keys.get(above) if above is not None else None,
        level=PERSON if is_person else TEAM,
        capacity=tuple(months.values()),
    )


def _differences(
    units: tuple[UnitPlan, ...], months: Mapping[str, Months], *, root: str
) -> dict[str, Months]:
    sums: dict[str, Months] = {}
    for unit in units:
        line = sums.setdefault(unit.parent or root, {})
        for label, value in months[unit.code].items():
            line[label] = line.get(label, Decimal(0)) + value
    found = {
        parent: {label: value - months[parent].get(label, Decimal(0)) for label, value in line.items()}
        for parent, line in sums.items()
    }
    kept = {
        parent: {label: value for label, value in line.items() if value} for parent, line in found.items()
    }
    return {parent: line for parent, line in kept.items() if line}


def _name(goal: Goal) -> str:
    if goal.team is not None:
        return goal.team.name
    return goal.person.name if goal.person is not None else ""

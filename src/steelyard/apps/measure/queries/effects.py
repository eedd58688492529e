"""What other weights would do: the totals of the units concerned, as they are and as they would be."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from steelyard.apps.access.policy import authorize
from steelyard.apps.measure.models import KpiPoint, PointSet, UnitKind
from steelyard.apps.measure.queries.definitions import known_kpis
from steelyard.apps.measure.queries.points import default_period, newest_points
from steelyard.apps.measure.queries.staff import staff
from steelyard.apps.measure.queries.templates import Template, Templates
from steelyard.apps.measure.queries.total import Part, Total, part_of, total_of
from steelyard.apps.measure.queries.units import COMPANY, Unit, persons_seen_by
from steelyard.apps.measure.queries.veil import UNDER_FLOOR, hidden_of
from steelyard.engine.kpi import Kpi
from steelyard.engine.periods import Period

MOST = 200
# KPI → (value, target) of one unit in one period.
Figures = Mapping[str, tuple[float | None, float | None]]


@dataclass(frozen=True)
class Effect:
    unit: Unit
    before: Total
    after: Total


@dataclass(frozen=True)
class Effects:
    """In the period that is shown first; `units` are those whose scorecard this is, or would be."""

    period: Period
    listed: tuple[Effect, ...]
    hidden: int


def effects_of(viewer: Any, candidate: Template) -> Effects | None:
    """None while there are no points."""
    authorize(viewer, "measure.weights", fields={"member"})
    points = newest_points()
    if points is None:
        return None
    period = default_period(points)
    now = Templates(points, period.start, staff())
    then = Templates(points, period.start, staff())
    then.listed = [each for each in then.listed if each.code != candidate.code] + [candidate]
    pairs = [(unit, now.of(unit), then.of(unit)) for unit in units_of(viewer, candidate.kind, period.start)]
    pairs = [pair for pair in pairs if any(each and each.code == candidate.code for each in pair[1:])]
    figures = figures_of(points, candidate.kind, period)
    listed = [
        Effect(
            unit,
            before=total_with(before, figures.get(unit.code, {}), points, unit, period),
            after=total_with(after, figures.get(unit.code, {}), points, unit, period),
        )
        for unit, before, after in pairs[:MOST]
    ]
    return Effects(period, tuple(listed), max(len(pairs) - MOST, 0))


def units_of(viewer: Any, kind: str, day: datetime.date) -> list[Unit]:
    if kind == UnitKind.COMPANY:
        return [COMPANY]
    if kind == UnitKind.TEAM:
        return [Unit(UnitKind.TEAM, code, team.name) for code, team in staff().teams.items()]
    here = {place.person for place in staff().places if place.holds_on(day)}
    people = persons_seen_by(viewer).values_list("code", "name")
    return [Unit(UnitKind.MEMBER, code, name) for code, name in people if code in here]


def figures_of(points: PointSet, kind: str, period: Period) -> dict[str, dict[str, tuple[Any, Any]]]:
    """Unit → its figures of the period; one query."""
    rows = KpiPoint.objects.filter(
        point_set=points, unit_kind=kind, grain=period.grain, starts=period.start
    ).order_by()
    found: dict[str, dict[str, tuple[Any, Any]]] = {}
    for unit, kpi, value, target in rows.values_list("unit", "kpi", "value", "target"):
        found.setdefault(unit, {})[kpi] = (value, target)
    return found


def total_with(
    template: Template | None, figures: Figures, points: PointSet, unit: Unit, period: Period
) -> Total:
    known = known_kpis()
    hidden = hidden_of(points, str(period.grain), staff())

    def part(name: str, weight: int) -> Part:
        kpi: Kpi | None = known.get(name)
        if kpi is None or name in points.missing:
            return part_of(name, weight=weight, direction="up", reason="no-data" if kpi else "unknown")
        value, target = figures.get(name, (None, None))
        why = UNDER_FLOOR if (name, unit.key, period.start) in hidden else ""
        return part_of(name, weight=weight, direction=kpi.direction, value=value, target=target, reason=why)

    return total_of(part(name, weight) for name, weight in (template.weights if template else {}).items())

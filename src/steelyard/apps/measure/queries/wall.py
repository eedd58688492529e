"""The trend wall: every KPI of a unit over two years of months, small, side by side."""

from dataclasses import dataclass
from typing import Any

from steelyard.apps.access.policy import authorize
from steelyard.apps.measure.models import PointSet
from steelyard.apps.measure.queries.points import default_period, is_complete, newest_points, period_for
from steelyard.apps.measure.queries.scorecard import judged_of
from steelyard.apps.measure.queries.staff import staff
from steelyard.apps.measure.queries.standings import Standing
from steelyard.apps.measure.queries.templates import Templates
from steelyard.apps.measure.queries.units import Unit, home_unit, unit_for
from steelyard.engine.periods import Period

MONTHS = 24


@dataclass(frozen=True)
class Wall:
    """Standings by month: the KPIs of the unit's template first, then the others that have any record."""

    unit: Unit
    period: Period
    month: Period
    points: PointSet
    standings: tuple[Standing, ...]

    @property
    def told(self) -> list[Standing]:
        return [each for each in self.standings if each.is_told]

    @property
    def signals(self) -> list[Standing]:
        return [each for each in self.standings if each.is_signal]


def wall_of(viewer: Any, *, unit: str = "", period: str = "") -> Wall | None:
    """Up to the last month of a period that the data reach; None while there are no points."""
    authorize(viewer, "measure.see")
    points = newest_points()
    if points is None:
        return None
    chosen = unit_for(viewer, unit) if unit else home_unit(viewer)
    when = period_for(points, period) if period else default_period(points)
    months = when.months()
    month = next((each for each in reversed(months) if is_complete(points, each)), months[0])
    template = Templates(points, when.start, staff()).of(chosen)
    judged = judged_of(viewer, chosen, month, points)
    first = [name for name in (template.weights if template else {}) if name in judged]
    order = [*first, *(name for name in judged if name not in first)]
    shown = [judged[name] for name in order if is_shown(judged[name])]
    return Wall(unit=chosen, period=when, month=month, points=points, standings=tuple(shown))


def is_shown(each: Standing) -> bool:
    """Something to draw, or to say why there is nothing."""
    return bool(each.withheld) or any(point.n and point.value is not None for point in each.history[-MONTHS:])

"""KPI points: which set is read, its periods, and histories out of it."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from steelyard.apps.data.queries import newest_snapshot
from steelyard.apps.measure.models import KpiPoint, PointSet
from steelyard.apps.measure.queries.calendar import (
    FISCAL,
    fiscal_start,
    grains,
    main_grain,
    period_of,
    periods_of,
    read_period,
)
from steelyard.apps.measure.queries.definitions import definitions_stamp
from steelyard.apps.measure.queries.units import Unit
from steelyard.engine.periods import Period
from steelyard.errors import Refused

# Files end on a working day: data that reach into a period's last days count as the whole period.
GRACE = datetime.timedelta(days=7)
History = dict[datetime.date, "Point"]


@dataclass(frozen=True)
class Point:
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    n: int = 0
    target: float | None = None
    target_rule: str = ""


NONE = Point()


def newest_points() -> PointSet | None:
    """The points to read: those of the newest snapshot that has them; of one without a dated fact, none."""
    points = PointSet.objects.filter(is_whole=True).select_related("snapshot").first()
    return points if points is not None and points.snapshot.data_to is not None else None


def is_behind(points: PointSet | None) -> bool:
    """Newer data or definitions are published, and their figures are not computed yet."""
    snapshot = newest_snapshot()
    if snapshot is None or points is None or points.snapshot_id != snapshot.pk:
        return snapshot is not None
    stamp = definitions_stamp()
    return stamp is not None and stamp[1] > points.computed_at


def is_complete(points: PointSet, period: Period) -> bool:
    """Whether the data reach the end of the period."""
    return points.last + GRACE >= period.end


def default_period(points: PointSet) -> Period:
    """The last complete quarter; where there is none yet, the running one."""
    period = period_of(points.last, main_grain())
    if is_complete(points, period) or period.previous().start < points.first:
        return period
    return period.previous()


def period_for(points: PointSet, text: str) -> Period:
    """The period that an address names: a month, quarter or year of the data."""
    period = read_period(text)
    if period.grain in FISCAL and fiscal_start() == 1:
        period = read_period(text.strip().removeprefix("FY"))
    if period.grain not in grains():
        raise Refused("measure.no-points-for-grain", 404, period=text[:20])
    return period


def period_choices(points: PointSet, grain: str) -> list[Period]:
    """The periods of the data, newest first."""
    return periods_of(grain, points.first, points.last)[::-1]


def histories(points: PointSet, unit: Unit, *, period: Period, kpis: Any = None) -> dict[str, History]:
    """KPI → start of the period → point, up to and with a period; one query for all KPIs of a unit."""
    rows = KpiPoint.objects.filter(
        point_set=points,
        unit_kind=unit.kind,
        unit=unit.code,
        grain=period.grain,
        starts__lte=period.start,
    )
    if kpis is not None:
        rows = rows.filter(kpi__in=list(kpis))
    found: dict[str, History] = defaultdict(dict)
    names = ("value", "numerator", "denominator", "n", "target", "target_rule")
    for kpi, starts, *fields in rows.values_list("kpi", "starts", *names).order_by():
        found[kpi][starts] = Point(*fields)
    return found

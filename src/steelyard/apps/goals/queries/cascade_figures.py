"""What the figures say about those who take part: their past months, what to expect of them, potential."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from steelyard.apps.goals.models import Outlook
from steelyard.apps.measure.models import KpiPoint, PointSet, UnitKind
from steelyard.apps.measure.queries.points import is_complete
from steelyard.engine.periods import Period, periods

# Months of the past that a plan is filled with: enough for a profile of three years.
MONTHS = 36
Row = tuple[float | None, ...]


@dataclass(frozen=True)
class Past:
    """Months that are complete, oldest first, and each unit's figures in them; a missing one is None."""

    months: tuple[Period, ...] = ()
    values: Mapping[str, Row] = field(default_factory=dict)
    numerators: Mapping[str, Row] = field(default_factory=dict)
    denominators: Mapping[str, Row] = field(default_factory=dict)


def past_of(points: PointSet | None, kpi: str, keys: Collection[str], *, before: date) -> Past:
    """Every unit's months up to a day that are complete in the data; one query for all of them."""
    months = months_known(points, before=before)
    if points is None or not months:
        return Past()
    place, wanted = {month.start: at for at, month in enumerate(months)}, set(keys)
    found: tuple[dict[str, list[float | None]], ...] = ({}, {}, {})
    rows = KpiPoint.objects.filter(point_set=points, kpi=kpi, grain="month", starts__gte=months[0].start)
    names = ("unit_kind", "unit", "starts", "value", "numerator", "denominator")
    for kind, unit, starts, *parts in rows.values_list(*names).order_by().iterator(chunk_size=5000):
        key = key_of(kind, unit)
        if key not in wanted or starts not in place:
            continue
        for held, part in zip(found, parts, strict=True):
            held.setdefault(key, [None] * len(months))[place[starts]] = part
    return Past(tuple(months), *({key: tuple(row) for key, row in each.items()} for each in found))


def months_known(points: PointSet | None, *, before: date) -> list[Period]:
    """The complete months of the data that end before a day."""
    if points is None:
        return []
    every = periods("month", points.first, points.last)
    return [month for month in every if month.end <= before and is_complete(points, month)][-MONTHS:]


def outlooks_of(points: PointSet | None, kpi: str, keys: Collection[str]) -> dict[str, Outlook]:
    """What is kept of what to expect, by unit."""
    if points is None:
        return {}
    wanted, rows = set(keys), Outlook.objects.filter(point_set=points, kpi=kpi).order_by()
    return {key: row for row in rows if (key := key_of(row.unit_kind, row.unit)) in wanted}


def newest_values(points: PointSet | None, kpi: str, keys: Collection[str]) -> dict[str, Decimal]:
    """Each person's newest month of a KPI: what a potential is read from."""
    months = months_known(points, before=date.max)
    if points is None or not months or not kpi:
        return {}
    rows = KpiPoint.objects.filter(
        point_set=points, kpi=kpi, unit_kind=UnitKind.MEMBER, grain="month", starts=months[-1].start
    )
    found = {key_of(UnitKind.MEMBER, unit): value for unit, value in rows.values_list("unit", "value")}
    return {key: exact(value) for key, value in found.items() if key in set(keys) and value and value > 0}


def exact(value: float) -> Decimal:
    """A figure of the data as a decimal of at most six places."""
    return Decimal(f"{value:.6f}").normalize() + Decimal(0)


def key_of(kind: Any, unit: str) -> str:
    return f"{kind}:{unit}" if unit else str(kind)

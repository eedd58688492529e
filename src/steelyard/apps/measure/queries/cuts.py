"""A KPI cut by one dimension, in the period and a year ago."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from steelyard.apps.measure.queries.figures import figures, where_of
from steelyard.apps.measure.queries.units import Unit
from steelyard.apps.people.models import Person, Team
from steelyard.engine.kpi import Kpi, Row
from steelyard.engine.periods import Period

SHOWN = 20


@dataclass(frozen=True)
class Line:
    """One value of the dimension; `before` is the same a year ago."""

    value: str | None
    label: str
    row: Row
    before: Row | None


@dataclass(frozen=True)
class Cut:
    kpi: Kpi
    dimension: str
    period: Period
    lines: tuple[Line, ...]
    hidden: int

    @property
    def largest(self) -> float:
        return max((abs(float(line.row.value or 0)) for line in self.lines), default=0.0)


def cut_of(viewer: Any, kpi: str, *, unit: Unit, period: Period, by: str) -> Cut:
    """The largest first; those beyond the table are counted."""
    ago = period.year_ago()
    (found,) = figures(viewer, [kpi], periods=[period, ago], by=[by], where=where_of(unit))
    before = {row.by[by]: row for row in found.rows if row.period == ago}
    now = sorted((row for row in found.rows if row.period == period), key=_size, reverse=True)
    labels = labels_of(by, [row.by[by] for row in now])
    lines = [
        Line(row.by[by], labels.get(row.by[by] or "", row.by[by] or ""), row, before.get(row.by[by]))
        for row in now[:SHOWN]
    ]
    return Cut(found.kpi, by, period, tuple(lines), max(len(now) - SHOWN, 0))


def labels_of(dimension: str, codes: list[str | None]) -> Mapping[str, str]:
    """Teams and people by name; other values are their own."""
    given = [code for code in codes if code]
    if dimension == "team":
        return dict(Team.objects.filter(code__in=given).values_list("code", "name"))
    if dimension in ("member", "manager"):
        return dict(Person.objects.filter(code__in=given).values_list("code", "name"))
    return {}


def _size(row: Row) -> tuple[float, int]:
    weight = row.denominator if row.denominator is not None else row.value
    return abs(float(weight or 0)), row.n

"""How like units did: the median of their own values. A median is of values, no ratio is averaged."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from statistics import median

from steelyard.apps.measure.models import KpiPoint, PointSet, UnitKind
from steelyard.apps.measure.queries.kept import kept
from steelyard.apps.measure.queries.staff import DAY, FEWEST_TEAMS, Staff
from steelyard.apps.measure.queries.templates import measured_of
from steelyard.apps.measure.queries.units import Unit
from steelyard.apps.measure.queries.veil import FEWEST, hidden_of
from steelyard.engine.kpi import Definitions
from steelyard.engine.periods import Period


@dataclass(frozen=True)
class Peers:
    """The median of the like units that have a value, the unit itself among them, and how many they are."""

    value: float
    count: int


def peers_of(
    points: PointSet, unit: Unit, *, period: Period, staff: Staff, known: Definitions
) -> Mapping[str, Peers]:
    """KPI → its peers, where there are enough of them to tell nobody's own figure."""
    if unit.kind == UnitKind.COMPANY:
        return {}
    day = min(period.end - DAY, points.last)
    like = staff.mates_of(unit.code, on=day) if unit.kind == UnitKind.MEMBER else staff.like(unit.code)
    key = ("peers", points.pk, str(points.computed_at), unit.kind, tuple(like), period.label)
    return kept(key, lambda: medians(points, unit, like, period=period, staff=staff, known=known))


def medians(
    points: PointSet, unit: Unit, like: Collection[str], *, period: Period, staff: Staff, known: Definitions
) -> dict[str, Peers]:
    fewest = FEWEST if unit.kind == UnitKind.MEMBER else FEWEST_TEAMS
    if len(like) < fewest:
        return {}
    rows = KpiPoint.objects.filter(
        point_set=points,
        unit_kind=unit.kind,
        unit__in=like,
        grain=period.grain,
        starts=period.start,
    )
    hidden = hidden_of(points, str(period.grain), staff)
    small = _small(unit, like, period=period, staff=staff)
    found: dict[str, list[float]] = {}
    for code, kpi, value in rows.values_list("unit", "kpi", "value").order_by():
        # A team that never has such records is no peer; a colleague who had none this time is.
        if unit.kind == UnitKind.TEAM and kpi not in measured_of(points, code):
            continue
        if kpi not in known or (kpi, Unit(unit.kind, code).key, period.start) in hidden:
            continue
        if known[kpi].dimension == "people" and code in small:
            continue
        if value is not None:
            found.setdefault(kpi, []).append(value)
    return {kpi: Peers(median(values), len(values)) for kpi, values in found.items() if len(values) >= fewest}


def _small(unit: Unit, like: Collection[str], *, period: Period, staff: Staff) -> frozenset[str]:
    """The teams whose people's KPIs not everybody may see take no part in a figure that everybody sees."""
    if unit.kind == UnitKind.MEMBER:
        return frozenset()
    return frozenset(code for code in like if staff.fewest([code], period) < FEWEST)

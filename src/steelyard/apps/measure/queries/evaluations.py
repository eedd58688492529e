"""Kept months: which there are, and one of them beside what the same month says now."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from steelyard.apps.access.policy import authorize
from steelyard.apps.data.models import Snapshot
from steelyard.apps.measure.models import Evaluation, KpiPoint, PointSet, UnitKind
from steelyard.apps.measure.queries.definitions import known_kpis
from steelyard.apps.measure.queries.points import is_complete, newest_points
from steelyard.apps.measure.queries.scorecard import Scorecard, scorecard_of, short
from steelyard.apps.measure.queries.staff import staff
from steelyard.apps.measure.queries.total import Part, Total, total_of
from steelyard.apps.measure.queries.units import COMPANY, Unit, reach_of, unit_for
from steelyard.apps.measure.queries.veil import SMALL_GROUP, Veil, veil_of
from steelyard.apps.people.models import Person, Team
from steelyard.engine.kpi import Kpi
from steelyard.engine.periods import Period

DEFINITION, TARGET, WEIGHT, DATA, GONE = "definition", "target", "weight", "data", "gone"
# A value that was kept with twelve digits is the same within this.
SAME = 1e-9


@dataclass(frozen=True)
class Line:
    """One KPI then and now; `reasons` say what changed (codes above), `withheld` why it is not shown."""

    id: str
    kpi: Kpi | None
    dimension: str
    unit: str
    then: Mapping[str, Any]
    now: float | None
    now_target: float | None
    reasons: tuple[str, ...]
    withheld: str = ""


@dataclass(frozen=True)
class Kept:
    """A kept scorecard beside the one that the same month has now."""

    evaluation: Evaluation
    unit: Unit
    period: Period
    lines: tuple[Line, ...]
    then: Total
    now: Scorecard | None
    since: QuerySet[Snapshot]

    @property
    def changed(self) -> list[Line]:
        return [line for line in self.lines if line.reasons]


def month_due(today: datetime.date) -> Period | None:
    """The last month that the data cover, once the calendar leaves no more time for late entries."""
    points = newest_points()
    if points is None:
        return None
    month = Period.containing(points.last, grain="month")
    if not is_complete(points, month):
        month = month.previous()
    is_settled = month.end + datetime.timedelta(days=settings.STEELYARD_KEEP_AFTER_DAYS) <= today
    is_kept = Evaluation.objects.filter(starts=month.start, unit_kind=UnitKind.COMPANY).exists()
    return month if is_settled and month.start >= points.first.replace(day=1) and not is_kept else None


def units_measured(points: PointSet, period: Period) -> list[Unit]:
    """The company, the teams and the people who have any figure in a period; the company comes last.

    With the company kept, the month is: a run that was cut off is seen to be so.
    """
    rows = KpiPoint.objects.filter(
        point_set=points, grain=period.grain, starts=period.start, value__isnull=False
    )
    codes = rows.exclude(unit_kind=UnitKind.COMPANY).order_by("unit_kind", "unit")
    names = {
        str(UnitKind.TEAM): dict(Team.objects.values_list("code", "name")),
        str(UnitKind.MEMBER): dict(Person.objects.values_list("code", "name")),
    }
    listed = [
        Unit(kind, code, names[kind][code])
        for kind, code in codes.values_list("unit_kind", "unit").distinct()
        if code in names[kind]
    ]
    return [*listed, COMPANY]


def evaluations_of(viewer: Any, unit: Unit) -> list[Evaluation]:
    """The kept months of a unit that the viewer has come to by `unit_for`, the newest first."""
    authorize(viewer, "measure.see")
    return list(
        Evaluation.objects.filter(unit_kind=unit.kind, unit=unit.code).select_related("actor", "snapshot")
    )


def kept_seen_by(viewer: Any, public_id: str) -> Kept:
    """One kept month; that of a unit which is not the viewer's to see is as unknown as any."""
    authorize(viewer, "measure.see")
    found = get_object_or_404(Evaluation.objects.select_related("snapshot", "actor"), public_id=public_id)
    key = f"{found.unit_kind}:{found.unit}" if found.unit else str(found.unit_kind)
    unit, period = unit_for(viewer, key), Period.parse(found.period)
    now = scorecard_of(viewer, unit=key, period=found.period)
    veil = veil_for(viewer, unit, now)
    lines = tuple(lines_of(found.card, now, period=period, veil=veil))
    since = Snapshot.objects.filter(pk__gt=found.snapshot_id).exclude(cause=Snapshot.Cause.ORGANISATION)
    return Kept(
        evaluation=found,
        unit=unit,
        period=period,
        lines=lines,
        then=total_then(lines),
        now=now,
        since=since.select_related("import_record__source"),
    )


def veil_for(viewer: Any, unit: Unit, now: Scorecard | None) -> Veil | None:
    """What the viewer may not see of single people, by the rule of the page of today."""
    if now is None:
        return None
    return veil_of(viewer, unit, now.points, grain="month", reach=reach_of(viewer), staff=staff())


def total_then(lines: Sequence[Line]) -> Total:
    """The total as this viewer may see it: without what is withheld from them."""
    return total_of(
        Part(
            line.id,
            int(line.then["weight"]),
            line.then["value"],
            line.then["target"],
            line.then["attainment"],
            line.then["points"],
            reason="" if line.then["points"] is not None else "no-value",
        )
        for line in lines
        if not line.withheld
    )


def lines_of(
    card: Mapping[str, Any], now: Scorecard | None, *, period: Period, veil: Veil | None
) -> list[Line]:
    known = known_kpis()
    standing = {each.kpi.id: each for each in (*now.standings, *now.others)} if now else {}
    found = []
    for then in card["kpis"]:
        kpi, here = known.get(then["kpi"]), standing.get(then["kpi"])
        withheld = then["withheld"] or withheld_now(kpi, then["dimension"], period=period, veil=veil)
        weight = now.weight_of(then["kpi"]) if now else then["weight"]
        value, target = (short(here.value), short(here.target)) if here else (None, None)
        reasons = () if withheld else tuple(reasons_of(then, kpi, value=value, target=target, weight=weight))
        line = Line(
            id=then["kpi"],
            kpi=kpi,
            dimension=then["dimension"],
            unit=then["unit"],
            then=then,
            now=value,
            now_target=target,
            reasons=reasons,
            withheld=withheld,
        )
        if then["weight"] or then["value"] is not None or reasons:
            found.append(line)
    return found


def withheld_now(kpi: Kpi | None, dimension: str, *, period: Period, veil: Veil | None) -> str:
    if kpi is not None and veil is not None:
        return veil.reason(kpi, period)
    return SMALL_GROUP if dimension == "people" else ""


def reasons_of(
    then: Mapping[str, Any], kpi: Kpi | None, *, value: float | None, target: float | None, weight: int
) -> list[str]:
    """Why a figure of then reads differently now; a new definition explains a new value."""
    if kpi is None:
        return [GONE]
    reasons = []
    if kpi.version != then["version"]:
        reasons.append(DEFINITION)
    elif differs(value, then["value"]):
        reasons.append(DATA)
    if differs(target, then["target"]):
        reasons.append(TARGET)
    if weight != then["weight"]:
        reasons.append(WEIGHT)
    return reasons


def differs(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is not other
    return abs(one - other) > SAME * max(1.0, abs(other))

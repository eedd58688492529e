"""What to expect of a unit's KPI: which series are worked out, and how what was worked out is read."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from steelyard.apps.goals.models import Goal, GoalVersion, Outlook
from steelyard.apps.measure.models import KpiPoint, PointSet, UnitKind
from steelyard.apps.measure.queries.calendar import fiscal_start, period_of
from steelyard.apps.measure.queries.definitions import known_kpis
from steelyard.apps.measure.queries.points import is_complete
from steelyard.apps.measure.queries.templates import shown_first
from steelyard.apps.process.models import WorkCalendar
from steelyard.engine.kpi import Kpi
from steelyard.engine.periods import Grain, Period
from steelyard.errors import Refused

MONTH: Grain = "month"
# How many months ahead: a year, and the months in which it is planned.
HORIZON = 15
# Without a calendar of its own a site has the holidays that a new calendar begins with.
COUNTRY = "CN"
# KPIs that are looked ahead of before anybody has set a goal on them.
FIRST = 1


@dataclass(frozen=True, order=True)
class Series:
    """One KPI of one unit."""

    kpi: str
    kind: str
    unit: str

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.unit}" if self.unit else self.kind


@dataclass(frozen=True)
class Brief:
    """What is kept beside the quantiles. `signal_months` are those with a signal, by side, newest last."""

    starts: date
    status: str = ""
    limits: tuple[float, float] | None = None
    signal_months: tuple[tuple[str, str], ...] = ()
    profile: Any = None
    denominators: tuple[float, ...] = ()


def wanted_series(points: PointSet) -> list[Series]:
    """What goals and targets are about, and the first KPI of the scorecards for everybody.

    A KPI that adds up over teams and people is wanted of all of them as soon as one has a goal or a
    target: so a cascade finds what to expect of each.
    """
    known = known_kpis()
    aimed = aimed_at(points)
    spread = {kpi for kpi, *_ in aimed if kpi in known and (known[kpi].additive or by_parts(known[kpi]))}
    spread |= set([kpi for kpi in shown_first(points.last) if known[kpi].additive_over_time][:FIRST])
    found = {Series(*each) for each in aimed if each[0] in known}
    found |= {Series(kpi, *unit) for kpi in spread for unit in units_with(points, kpi)}
    return sorted(each for each in found if each.kpi not in points.missing)


def aimed_at(points: PointSet) -> set[tuple[str, str, str]]:
    """KPI, kind of unit and unit of every standing goal, of those who share it, and of every target."""
    standing = GoalVersion.objects.filter(
        goal__state=Goal.State.ACTIVE, kind__in=GoalVersion.WITH_KPI, goal__current__pk__isnull=False
    ).exclude(kpi="")
    owners = standing.values_list("kpi", "goal__owner_kind", "goal__team__code", "goal__person__code")
    found = {(kpi, kind, team or person or "") for kpi, kind, team, person in owners.order_by().distinct()}
    shared = standing.filter(credits__isnull=False).order_by().distinct()
    for kpi, team, person in shared.values_list("kpi", "credits__team__code", "credits__person__code"):
        found.add((kpi, str(UnitKind.TEAM if team else UnitKind.MEMBER), team or person or ""))
    since = date(points.last.year - 1, points.last.month, 1)
    given = KpiPoint.objects.filter(point_set=points, target__isnull=False, starts__gte=since)
    return found | set(given.order_by().values_list("kpi", "unit_kind", "unit").distinct())


def units_with(points: PointSet, kpi: str) -> list[tuple[str, str]]:
    """Kinds and codes of the units with a record of a KPI in the last year of the data."""
    since = date(points.last.year - 1, points.last.month, 1)
    rows = KpiPoint.objects.filter(point_set=points, kpi=kpi, grain=MONTH, starts__gte=since, n__gt=0)
    return list(rows.order_by().values_list("unit_kind", "unit").distinct())


def complete_until(points: PointSet) -> date:
    """The first day that the complete months of the data do not reach."""
    month = period_of(points.last, MONTH)
    return month.end if is_complete(points, month) else month.start


def months_between(starts: date, ends: date) -> tuple[Period, ...]:
    """The months that a stretch of days touches; `ends` is exclusive."""
    return _months(starts, ends, fiscal_start())


@lru_cache(maxsize=4096)
def _months(starts: date, ends: date, fiscal: int) -> tuple[Period, ...]:
    """Thousands of goals have the same days; the months know in which month the fiscal year starts."""
    month, found = Period.containing(starts, grain=MONTH, fiscal_start=fiscal), []
    while month.start < ends:
        found.append(month)
        month = month.next()
    return tuple(found)


def months_ahead(starts: date, count: int) -> list[Period]:
    """So many months from the one that holds a day."""
    found = [period_of(starts, MONTH)]
    while len(found) < count:
        found.append(found[-1].next())
    return found


def by_parts(kpi: Kpi) -> bool:
    """Whether a ratio over several months is the sum of its numerators over that of its denominators.

    Not so where a part hangs on the end of the period: what is collected of a quarter's dues is more than
    what is collected of each month's within the month.
    """
    parts = kpi.parts if kpi.is_ratio and kpi.scale is None else ()
    return bool(parts) and all(
        part.is_additive and part.when == "period" and part.target is None and not part.timing
        for part in parts
    )


def country() -> str | None:
    """Whose holidays move: those of the site's newest working calendar; None for nobody's."""
    from steelyard.apps.process.queries.calendars import read_yaml

    newest = WorkCalendar.objects.order_by("-version").first()
    if newest is None:
        return COUNTRY
    told = read_yaml(newest.document).get("holidays") or ""
    first = told[0] if isinstance(told, list) else told
    return str(first).partition("-")[0] or None


def briefs_of(points: PointSet, series: Collection[Series]) -> dict[Series, Brief]:
    """The briefs of many series; one query a kind of unit."""
    found = {}
    for rows in _rows(points, series):
        names = ("kpi", "unit_kind", "unit", "starts", "brief")
        for kpi, kind, unit, starts, brief in rows.values_list(*names):
            found[Series(kpi, kind, unit)] = brief_of(starts, brief)
    return {each: found[each] for each in series if each in found}


def outlooks_of(points: PointSet, series: Collection[Series]) -> dict[Series, Any]:
    """The distributions themselves; each is some kilobytes, so ask for those that are shown."""
    found = {}
    for rows in _rows(points, series):
        for kpi, kind, unit, document in rows.values_list("kpi", "unit_kind", "unit", "document"):
            found[Series(kpi, kind, unit)] = read_outlook(document)
    return {each: found[each] for each in series if found.get(each) is not None}


def read_outlook(document: dict[str, Any]) -> Any:
    """None for what an older version wrote: the next job writes it anew."""
    from steelyard.engine.forecast import Outlook as Expected

    try:
        return Expected.from_json(document)
    except Refused as refusal:
        if refusal.code != "forecast.not-an-outlook":
            raise
        return None


def _rows(points: PointSet, series: Collection[Series]) -> Iterable[Any]:
    kpis = {each.kpi for each in series}
    for kind in sorted({each.kind for each in series}):
        units = {each.unit for each in series if each.kind == kind}
        rows = Outlook.objects.filter(point_set=points, unit_kind=kind, kpi__in=kpis, unit__in=units)
        yield rows.order_by()


def brief_of(starts: date, brief: dict[str, Any]) -> Brief:
    from steelyard.engine.forecast import Profile

    profile = brief.get("profile")
    signal = brief.get("signal") or {}
    limits = signal.get("limits")
    return Brief(
        starts=starts,
        status=signal.get("status", ""),
        limits=(limits[0], limits[1]) if limits else None,
        signal_months=tuple((month, side) for month, side in signal.get("months", ())),
        profile=Profile(**{**profile, "shares": tuple(profile["shares"])}) if profile else None,
        denominators=tuple(brief.get("denominators", ())),
    )

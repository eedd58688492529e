"""What goals have come to so far, out of the KPI points: a few questions for thousands of goals.

What sums over time is summed over the months; a ratio is its numerators over its denominators, never an
average of ratios; anything else (a median, a stock) is read for the stretch itself, else of its last month.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, Sum

from steelyard.apps.goals.models import Credit, Goal, GoalVersion
from steelyard.apps.goals.queries.outlooks import MONTH, Series, by_parts, complete_until
from steelyard.apps.goals.queries.sight import unit_of
from steelyard.apps.measure.models import KpiPoint, PointSet, UnitKind
from steelyard.apps.measure.queries.calendar import grains, period_of
from steelyard.apps.measure.queries.definitions import once_known_kpis
from steelyard.apps.measure.queries.staff import staff
from steelyard.engine.kpi import Kpi


@dataclass(frozen=True, order=True)
class Stretch:
    """One series over the days of a goal, from the month that holds the first."""

    series: Series
    starts: date
    ends: date


@dataclass(frozen=True)
class Actual:
    """`value` is everything so far, `settled` up to the last complete month alone; None where unknown."""

    value: float | None = None
    settled: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    settled_parts: tuple[float, float] | None = None
    n: int = 0


NOTHING = Actual()


def mode_of(kpi: Kpi) -> str:
    """How months make a whole: `total`, `ratio` or `level`."""
    if kpi.additive_over_time:
        return "total"
    return "ratio" if by_parts(kpi) else "level"


def series_counted(goals: Collection[Goal]) -> dict[int, tuple[Series, ...]]:
    """Whose figures count for each goal: its owner's and, of a shared one, those of all who have a part.

    The company's own figures hold everybody's already, and a team's those of the teams below it.
    """
    with_kpi = [goal for goal in goals if goal.current is not None and goal.current.kpi]
    shared: dict[int, list[tuple[str, str]]] = {}
    # What only a team or a person owns can be shared with somebody who is not counted in it.
    open_to = [goal.current_id for goal in with_kpi if goal.owner_kind != UnitKind.COMPANY]
    credits = Credit.objects.filter(version_id__in=open_to).order_by("pk")
    for version, team, person in credits.values_list("version_id", "team__code", "person__code"):
        kind = UnitKind.TEAM if team else UnitKind.MEMBER
        shared.setdefault(version, []).append((str(kind), team or person or ""))
    found = {}
    for goal in with_kpi:
        own = unit_of(goal)
        kpi = goal.current.kpi  # type: ignore[union-attr]
        units = _apart([(str(own.kind), own.code), *shared.get(goal.current_id or 0, ())])
        found[goal.pk] = tuple(Series(kpi, kind, code) for kind, code in units)
    return found


def _apart(units: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Units of which none is counted in another one."""
    if len(units) == 1:
        return units
    people, listed = staff(), list(dict.fromkeys(units))
    teams = {code for kind, code in listed if kind == UnitKind.TEAM}
    inside = {below for team in teams for below in people.below.get(team, frozenset()) - {team}}
    within = {team for each in teams for team in people.below.get(each, frozenset({each}))}
    today = {place.person for place in people.places if place.end is None and place.team in within}
    return [
        (kind, code)
        for kind, code in listed
        if code not in (inside if kind == UnitKind.TEAM else today if kind == UnitKind.MEMBER else ())
    ]


def stretch_of(series: Series, version: GoalVersion) -> Stretch:
    return Stretch(series, period_of(version.starts, MONTH).start, version.ends)


def actuals_of(points: PointSet, stretches: Collection[Stretch]) -> dict[Stretch, Actual]:
    """What each came to; one question for each stretch of days and kind of unit."""
    known, until = once_known_kpis(), complete_until(points)
    found: dict[Stretch, Actual] = {}
    groups: dict[tuple[date, date, str, str], list[Stretch]] = {}
    for each in stretches:
        kpi = known.get(each.series.kpi)
        if kpi is not None:
            key = (each.starts, each.ends, each.series.kind, "level" if mode_of(kpi) == "level" else "sum")
            groups.setdefault(key, []).append(each)
    for (starts, ends, kind, how), same in groups.items():
        rows = KpiPoint.objects.filter(
            point_set=points,
            unit_kind=kind,
            unit__in={each.series.unit for each in same},
            kpi__in={each.series.kpi for each in same},
        ).order_by()
        if how == "sum":
            told = _sums(rows, starts=starts, ends=ends, until=until, known=known)
        else:
            told = _levels(rows, starts=starts, ends=ends, until=until, known=known)
        for each in same:
            found[each] = told.get((each.series.kpi, each.series.unit), NOTHING)
    return found


def _sums(
    rows: Any, *, starts: date, ends: date, until: date, known: Mapping[str, Kpi]
) -> dict[tuple[str, str], Actual]:
    """Sums of the values, or of numerators and denominators, of the months."""
    settled = Q(starts__lt=until)
    months = rows.filter(grain=MONTH, starts__gte=starts, starts__lt=ends).values_list("kpi", "unit")
    sums = months.annotate(
        Sum("value"),
        Sum("numerator"),
        Sum("denominator"),
        Sum("n"),
        settled_value=Sum("value", filter=settled),
        settled_numerator=Sum("numerator", filter=settled),
        settled_denominator=Sum("denominator", filter=settled),
    )
    found = {}
    for kpi, unit, value, top, bottom, n, done, done_top, done_bottom in sums:
        if mode_of(known[kpi]) == "total":
            found[kpi, unit] = Actual(value, done, n=n or 0)
        else:
            parts = (done_top or 0.0, done_bottom) if done_bottom else None
            found[kpi, unit] = Actual(
                ratio(top, bottom), ratio(done_top, done_bottom), top, bottom, parts, n or 0
            )
    return found


def _levels(
    rows: Any, *, starts: date, ends: date, until: date, known: Mapping[str, Kpi]
) -> dict[tuple[str, str], Actual]:
    """The figure of the stretch itself where it is a period, else of its last complete month."""
    names = ("kpi", "unit", "starts", "value", "numerator", "denominator", "n")
    months = rows.filter(grain=MONTH, starts__gte=starts, starts__lt=min(ends, until), value__isnull=False)
    found: dict[tuple[str, str], tuple[date, Actual]] = {}
    for kpi, unit, at, value, top, bottom, n in months.values_list(*names):
        if (kpi, unit) not in found or found[kpi, unit][0] < at:
            found[kpi, unit] = (at, Actual(value, value, top, bottom, n=n))
    grain = next((grain for grain in grains() if _is_period(grain, starts, ends)), None)
    if grain is not None and grain != MONTH:
        whole = rows.filter(grain=grain, starts=starts, value__isnull=False)
        for kpi, unit, at, value, top, bottom, n in whole.values_list(*names):
            if not is_stock(known[kpi]):
                found[kpi, unit] = (at, Actual(value, value, top, bottom, n=n))
    return {key: actual for key, (_at, actual) in found.items()}


def is_stock(kpi: Kpi) -> bool:
    """What stands on a day: of a stretch it is the end that counts."""
    return kpi.kind == "snapshot" or any(part.when != "period" for part in kpi.parts)


def _is_period(grain: str, starts: date, ends: date) -> bool:
    period = period_of(starts, grain)
    return (period.start, period.end) == (starts, ends)


def together(kpi: Kpi, actuals: Iterable[Actual]) -> Actual:
    """Several units as one: sums are added, ratios made of the sums of their parts; a level is the first."""
    listed = list(actuals)
    if len(listed) < 2 or mode_of(kpi) == "level":
        return next(iter(listed), NOTHING)
    n = sum(each.n for each in listed)
    if mode_of(kpi) == "total":
        return Actual(_sum(each.value for each in listed), _sum(each.settled for each in listed), n=n)
    top, bottom = _sum(each.numerator for each in listed), _sum(each.denominator for each in listed)
    parts = [each.settled_parts for each in listed if each.settled_parts is not None]
    done = (sum(part[0] for part in parts), sum(part[1] for part in parts)) if parts else None
    return Actual(ratio(top, bottom), ratio(*done) if done else None, top, bottom, done, n)


def ratio(numerator: float | None, denominator: float | None) -> float | None:
    return None if numerator is None or not denominator else numerator / denominator


def _sum(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None

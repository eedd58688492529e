"""Teams down, KPIs across: where each team stands in one period, as the viewer may see it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from steelyard.apps.access.policy import authorize
from steelyard.apps.measure.models import KpiPoint, PointSet, UnitKind
from steelyard.apps.measure.queries.definitions import known_kpis
from steelyard.apps.measure.queries.kept import kept_large
from steelyard.apps.measure.queries.points import (
    History,
    Point,
    default_period,
    histories,
    is_complete,
    newest_points,
    period_for,
)
from steelyard.apps.measure.queries.scorecard import parts_of
from steelyard.apps.measure.queries.staff import Staff, staff
from steelyard.apps.measure.queries.standings import Standing, standing_of
from steelyard.apps.measure.queries.templates import Templates
from steelyard.apps.measure.queries.total import Total, total_of
from steelyard.apps.measure.queries.units import COMPANY, Reach, Unit, reach_of
from steelyard.apps.measure.queries.veil import veil_of
from steelyard.engine.kpi import Kpi
from steelyard.engine.kpi.definitions import DIMENSIONS
from steelyard.engine.periods import Period
from steelyard.errors import Refused

SCORE = "score"
# One team's judged KPIs of one period, everything that nobody is told already left out.
Judged = Mapping[str, Mapping[str, Standing]]


@dataclass(frozen=True)
class HeatRow:
    """A unit, how deep it lies in the tree, its figures by KPI, and its total."""

    unit: Unit
    depth: int
    standings: Mapping[str, Standing]
    total: Total


@dataclass(frozen=True)
class Heat:
    period: Period
    points: PointSet
    kpis: tuple[Kpi, ...]
    rows: tuple[HeatRow, ...]
    sort: str
    is_descending: bool
    is_complete: bool


def heat_of(viewer: Any, *, period: str = "", sort: str = "", is_descending: bool = True) -> Heat | None:
    """The teams that a viewer sees, under the company where it is theirs; None while there are no points."""
    authorize(viewer, "measure.see")
    points = newest_points()
    if points is None:
        return None
    when = period_for(points, period) if period else default_period(points)
    reach, people = reach_of(viewer), staff()
    units = tree_of(reach, people)
    if not units:
        raise Refused("measure.no-unit", 404)
    rows = rows_of(viewer, units, when, points, reach=reach, people=people)
    kpis = columns_of(rows)
    chosen = sort if sort == SCORE or sort in {kpi.id for kpi in kpis} else ""
    return Heat(
        period=when,
        points=points,
        kpis=kpis,
        rows=tuple(sorted_rows(rows, chosen, is_descending=is_descending)),
        sort=chosen,
        is_descending=is_descending,
        is_complete=is_complete(points, when),
    )


def tree_of(reach: Reach, people: Staff) -> list[tuple[Unit, int]]:
    """The company and the teams in the order of the tree, each with its depth among those that are seen."""
    seen = set(people.teams) if reach.is_company else set(reach.teams)
    listed: list[tuple[Unit, int]] = [(COMPANY, 0)] if reach.is_company else []

    def add(team: str, depth: int) -> None:
        if team in seen:
            listed.append((Unit(UnitKind.TEAM, team, people.teams[team].name), depth))
        for child in people.children_of(team):
            add(child, depth + (team in seen))

    for top in people.children_of(None):
        add(top, int(reach.is_company))
    return listed


def rows_of(
    viewer: Any,
    units: Sequence[tuple[Unit, int]],
    period: Period,
    points: PointSet,
    *,
    reach: Reach,
    people: Staff,
) -> list[HeatRow]:
    templates = Templates(points, period.start, people)
    weights = {unit.key: found.weights for unit, _ in units if (found := templates.of(unit))}
    known = known_kpis()
    names = tuple(name for name in known if any(name in held for held in weights.values()))
    told = tuple(name for name in names if name not in points.missing)
    judged = judged_teams(points, period, told)
    rows = []
    for unit, depth in units:
        veil = veil_of(viewer, unit, points, grain=str(period.grain), reach=reach, staff=people)
        standings = {
            name: blank(each, reason) if (reason := veil.reason(each.kpi, period)) else each
            for name, each in judged.get(unit.key, {}).items()
        }
        own = weights.get(unit.key, {})
        total = total_of(parts_of(own, standings, missing=points.missing))
        rows.append(HeatRow(unit, depth, standings, total))
    return rows


def judged_teams(points: PointSet, period: Period, kpis: Sequence[str]) -> Judged:
    """Every team and the company, judged once for a set of points; whose eyes it is for comes after."""
    key = ("heat", points.pk, str(points.computed_at), period.label, kpis, _versions(kpis))
    return kept_large(key, lambda: _judged_teams(points, period, kpis))


def _versions(kpis: Iterable[str]) -> tuple[int, ...]:
    known = known_kpis()
    return tuple(known[kpi].version for kpi in kpis)


def _judged_teams(points: PointSet, period: Period, kpis: Sequence[str]) -> Judged:
    known = known_kpis()
    found = {COMPANY.key: histories(points, COMPANY, period=period, kpis=kpis)}
    for team, held in team_histories(points, period, kpis).items():
        found[Unit(UnitKind.TEAM, team).key] = held
    return {
        unit: {
            kpi: slim(standing_of(known[kpi], held.get(kpi, {}), period=period, points=points))
            for kpi in kpis
        }
        for unit, held in found.items()
    }


def team_histories(points: PointSet, period: Period, kpis: Sequence[str]) -> dict[str, dict[str, History]]:
    """Team → KPI → history, in one query."""
    rows = KpiPoint.objects.filter(
        point_set=points,
        unit_kind=UnitKind.TEAM,
        grain=period.grain,
        starts__lte=period.start,
        kpi__in=list(kpis),
    )
    found: dict[str, dict[str, History]] = {}
    names = ("value", "numerator", "denominator", "n", "target", "target_rule")
    for team, kpi, starts, *fields in rows.values_list("unit", "kpi", "starts", *names).order_by():
        found.setdefault(team, {}).setdefault(kpi, {})[starts] = Point(*fields)
    return found


def slim(each: Standing) -> Standing:
    """Without the history: a cell shows one period."""
    signal = replace(
        each.signal, index=0, rules=each.signal.rules[-1:], bands=each.signal.bands[-1:], starts=(0,)
    )
    return replace(each, signal=signal, history=each.history[-1:], labels=each.labels[-1:])


def blank(each: Standing, reason: str) -> Standing:
    """A figure that is withheld: what is left says so, and nothing else."""
    bare = Point(target=each.now.target, target_rule=each.now.target_rule)
    signal = replace(each.signal, status="too-early", side=None, rules=((),), bands=(None,), limits=None)
    return replace(
        each,
        now=bare,
        before=Point(),
        year_ago=Point(),
        history=(bare,),
        signal=signal,
        judgement="missing",
        withheld=reason,
    )


def columns_of(rows: Iterable[HeatRow]) -> tuple[Kpi, ...]:
    """The KPIs that any team has a value or a reason to have none of, by dimension."""
    known = known_kpis()
    shown = {
        name
        for row in rows
        for name, each in row.standings.items()
        if each.value is not None or each.target is not None or each.withheld
    }
    listed = [kpi for kpi in known.values() if kpi.id in shown]
    return tuple(kpi for dimension in DIMENSIONS for kpi in listed if kpi.dimension == dimension)


def sorted_rows(rows: Sequence[HeatRow], sort: str, *, is_descending: bool) -> list[HeatRow]:
    """By what is shown of a column, in a flat list; what has no figure or is withheld stands last."""
    if not sort:
        return list(rows)

    def figure(row: HeatRow) -> float | None:
        return row.total.score if sort == SCORE else getattr(row.standings.get(sort), "value", None)

    told = [(value, row) for row in rows if (value := figure(row)) is not None]
    told.sort(key=lambda pair: pair[0], reverse=is_descending)
    untold = [row for row in rows if figure(row) is None]
    return [replace(row, depth=0) for row in [*(row for _, row in told), *untold]]

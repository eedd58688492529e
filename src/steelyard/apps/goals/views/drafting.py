"""What the check of a draft rests on: the owner's history and how often such targets were reached."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from steelyard.apps.goals.actions.outlooks import History, expected_of, histories_of
from steelyard.apps.goals.models import Goal
from steelyard.apps.goals.queries.outlooks import HORIZON, Series, complete_until, country, months_between
from steelyard.apps.goals.queries.rights import sees_chance, sees_figures
from steelyard.apps.goals.views.saying import as_goal
from steelyard.apps.measure.models import KpiPoint, PointSet
from steelyard.apps.measure.queries.calendar import main_grain, period_of
from steelyard.apps.measure.queries.definitions import known_kpis
from steelyard.apps.measure.queries.points import newest_points
from steelyard.apps.measure.queries.units import Unit
from steelyard.apps.measure.words.names import unit_name
from steelyard.engine.periods import Period
from steelyard.engine.smart import Draft
from steelyard.errors import Refused
from steelyard.web.numbers import is_chinese

if TYPE_CHECKING:
    from steelyard.engine.forecast import Outlook


@dataclass(frozen=True)
class Baseline:
    """Where the KPI of an owner stands: the same days a year ago for a sum, else the newest period."""

    period: Period
    value: float


def draft_of(
    viewer: Any, told: Mapping[str, Any], *, owner: Unit | None, goal: Goal | None, parent: str, cause: str
) -> Draft:
    """What is typed so far; the history only for who may see what follows from it."""
    thing = goal or (as_goal(owner) if owner else None)
    ends = told.get("ends")
    return Draft(
        text=told.get("title") or "",
        lang="zh" if is_chinese() else "en",
        kpi=told.get("kpi") or "",
        baseline=number(told.get("baseline")),
        target=number(told.get("target")),
        unit=told.get("unit") or "",
        start=told.get("starts"),
        end=ends - datetime.timedelta(days=1) if ends else None,
        owner=unit_name(owner) if owner else "",
        parent=parent,
        cause=cause or told.get("why") or "",
        history=history_for(viewer, told, owner=owner, thing=thing),
        kind=told.get("kind") or "",
    )


def number(value: Any) -> float | None:
    return None if value is None else float(value)


def history_for(
    viewer: Any, told: Mapping[str, Any], *, owner: Unit | None, thing: Goal | None
) -> list[float | None]:
    """Month by month from the first record on, up to the goal's beginning as far as months are complete."""
    past = past_of(viewer, told, owner=owner, thing=thing)
    return list(past.values) if past else []


def outlook_for(
    viewer: Any, told: Mapping[str, Any], *, owner: Unit | None, goal: Goal | None
) -> "Outlook | None":
    """What the goal's own page expects, where the goal begins with the next month: one chance, not two."""
    thing = goal or (as_goal(owner) if owner else None)
    past = past_of(viewer, told, owner=owner, thing=thing)
    starts, ends = told.get("starts"), told.get("ends")
    if past is None or not starts or not ends:
        return None
    kpi, ahead = known_kpis()[told["kpi"]], months_between(starts, ends)
    follows = len(months_between(past.starts, starts)) == len(past.values)
    if not (kpi.additive_over_time and follows and len(ahead) <= HORIZON):
        return None
    try:
        return expected_of(kpi, past, holidays=country())
    except Refused as refused:
        if not refused.code.startswith("forecast."):
            raise
        return None  # too short: the check itself says so


def past_of(
    viewer: Any, told: Mapping[str, Any], *, owner: Unit | None, thing: Goal | None
) -> History | None:
    """The months of the owner's KPI, for who may see what follows from them."""
    points, kpi = newest_points(), told.get("kpi") or ""
    if thing is None or owner is None or points is None or kpi not in known_kpis():
        return None
    if not (sees_chance(viewer, thing) and sees_figures(viewer, thing)):
        return None
    until = complete_until(points)
    if starts := told.get("starts"):
        until = min(until, period_of(starts, "month").start)
    series = Series(kpi, str(owner.kind), owner.code)
    return histories_of(points, (series,), until=until).get(series)


def past_targets(viewer: Any, thing: Goal, *, owner: Unit, kpi: str) -> list[tuple[float, float]]:
    """(target, actual) of the complete quarters that had a target."""
    points = newest_points()
    if points is None or not (sees_chance(viewer, thing) and sees_figures(viewer, thing)):
        return []
    rows = rows_of(points, owner, kpi=kpi, grain=main_grain()).exclude(target=None).exclude(value=None)
    found = rows.order_by("starts").values_list("starts", "target", "value")
    until = complete_until(points)
    return [
        (target, value) for starts, target, value in found if period_of(starts, main_grain()).end <= until
    ]


def baseline_for(viewer: Any, owner: Unit, *, kpi: str, period: Period | None) -> Baseline | None:
    """For a sum the same period a year ago, which a season can be told by; else the newest quarter."""
    points, known = newest_points(), known_kpis().get(kpi)
    if points is None or known is None or not sees_figures(viewer, as_goal(owner)):
        return None
    newest = period_of(complete_until(points) - datetime.timedelta(days=1), main_grain())
    newest = newest if newest.end <= complete_until(points) else newest.previous()
    wanted = [period.year_ago(), newest] if period and known.additive_over_time else [newest]
    if period and known.additive_over_time:
        wanted = [wanted[0], wanted[0].year_ago(), newest]
    for each in wanted:
        found = rows_of(points, owner, kpi=kpi, grain=str(each.grain)).filter(starts=each.start)
        value = found.values_list("value", flat=True).first()
        if value is not None and each.end <= complete_until(points):
            return Baseline(each, value)
    return None


def rows_of(points: PointSet, owner: Unit, *, kpi: str, grain: str) -> Any:
    return KpiPoint.objects.filter(
        point_set=points, unit_kind=owner.kind, unit=owner.code, grain=grain, kpi=kpi
    )

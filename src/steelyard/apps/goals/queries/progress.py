"""How goals stand, many at a time: so far, against pace, what may come of it. Codes and numbers, no words."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils import timezone

from steelyard.apps.goals.models import CheckIn, Goal, GoalVersion, Milestone
from steelyard.apps.goals.queries.actuals import (
    NOTHING,
    Actual,
    Stretch,
    actuals_of,
    mode_of,
    series_counted,
    stretch_of,
    together,
)
from steelyard.apps.goals.queries.outlooks import Brief, Series, briefs_of, complete_until, outlooks_of
from steelyard.apps.goals.queries.paces import (
    attainment_of,
    chance_of,
    direction_of,
    expected_by,
    slices_of,
)
from steelyard.apps.goals.queries.rights import sees_chance, sees_figures
from steelyard.apps.goals.queries.sight import unit_of
from steelyard.apps.goals.queries.standing import (
    WITHHELD,
    Progress,
    by_check_ins,
    by_steps,
    settled_at_zero,
    status_of,
    without_chance,
)
from steelyard.apps.measure.models import PointSet
from steelyard.apps.measure.queries.calendar import main_grain, period_of
from steelyard.apps.measure.queries.definitions import once_known_kpis
from steelyard.apps.measure.queries.points import newest_points
from steelyard.apps.measure.queries.staff import staff
from steelyard.apps.measure.queries.units import reach_of
from steelyard.apps.measure.queries.veil import veil_of
from steelyard.engine.kpi import Kpi

__all__ = ["Progress", "all_progress_of", "outcome_of", "progress_of"]


def progress_of(
    viewer: Any, goals: Iterable[Goal], *, today: date | None = None, is_brief: bool = False
) -> dict[int, Progress]:
    """Goal's id → how it stands, as the viewer may see it.

    Brief, without forecasts and chances, it answers for thousands: each forecast is some kilobytes.
    Goals come as `goals_seen_by` brings them, with owner and current version.
    """
    listed = [goal for goal in goals if goal.current is not None]
    shown = [goal for goal in listed if sees_figures(viewer, goal)]
    found = dict.fromkeys((goal.pk for goal in listed), WITHHELD)
    found |= all_progress_of(shown, today=today, is_brief=is_brief)
    for goal, reason in veiled(viewer, shown):
        found[goal.pk] = Progress("withheld", withheld=reason)
    for goal in shown:
        if found[goal.pk].chance is not None and not sees_chance(viewer, goal):
            found[goal.pk] = without_chance(found[goal.pk])
    return found


def veiled(viewer: Any, goals: Iterable[Goal]) -> list[tuple[Goal, str]]:
    """Goals whose figure is withheld as on the scorecard: of small groups, of too few answers."""
    known, points = once_known_kpis(), newest_points()
    guarded = [
        goal
        for goal in goals
        if goal.current
        and (kpi := known.get(goal.current.kpi))
        and (kpi.dimension == "people" or kpi.floor is not None)
    ]
    if points is None or not guarded:
        return []
    period = period_of(points.last, main_grain())
    found = []
    for goal in guarded:
        veil = veil_of(
            viewer,
            unit_of(goal),
            points,
            grain=str(period.grain),
            reach=reach_of(viewer),
            staff=staff(),
        )
        reason = veil.reason(known[goal.current.kpi], period)  # type: ignore[union-attr]
        if reason:
            found.append((goal, reason))
    return found


def all_progress_of(
    goals: Sequence[Goal], *, today: date | None = None, is_brief: bool = False
) -> dict[int, Progress]:
    """The same for whoever may see everything: jobs, and what is kept when a goal is closed."""
    day, points, known = today or timezone.localdate(), newest_points(), once_known_kpis()
    measured = [goal for goal in goals if goal.current and goal.current.kpi in known]
    counted = series_counted(measured)
    facts = facts_of(points, measured, counted, is_brief=is_brief) if points else None
    said = told_of(goals)
    steps = steps_of(goals)
    found = {}
    for goal in goals:
        version = goal.current
        if version is None:
            continue
        if version.kind not in GoalVersion.WITH_KPI:
            made = by_steps(version, steps.get(goal.pk, ()), today=day)
        elif version.kpi and facts is not None and version.kpi in known:
            made = by_kpi(goal, version, known[version.kpi], facts)
        elif version.kpi:
            made = Progress("no-data")
        else:
            made = by_check_ins(version, said.get(goal.pk, ()), today=day)
        newest = next(iter(said.get(goal.pk, ())), None)
        made = replace(made, confidence=newest.confidence if newest else None)
        found[goal.pk] = closed(goal, made)
    return found


@dataclass(frozen=True)
class Facts:
    """What the points and outlooks say of all the goals that are asked for."""

    until: date
    last: date
    counted: Mapping[int, tuple[Series, ...]]
    actuals: Mapping[Stretch, Actual]
    briefs: Mapping[Series, Brief]
    outlooks: Mapping[Series, Any]


def facts_of(
    points: PointSet, goals: Sequence[Goal], counted: Mapping[int, tuple[Series, ...]], *, is_brief: bool
) -> Facts:
    stretches = {
        stretch_of(series, goal.current)  # type: ignore[arg-type]
        for goal in goals
        for series in counted[goal.pk]
    }
    every = {each.series for each in stretches}
    single = {series[0] for series in counted.values() if len(series) == 1}
    return Facts(
        until=complete_until(points),
        last=points.last,
        counted=counted,
        actuals=actuals_of(points, stretches),
        briefs=briefs_of(points, every),
        # Of several units together nobody knows how they hang together: no forecast.
        outlooks={} if is_brief else outlooks_of(points, single),
    )


def by_kpi(goal: Goal, version: GoalVersion, kpi: Kpi, facts: Facts) -> Progress:
    """Out of the figures: so far, what was asked for by now, and by which rule it stands as it does."""
    series, mode = facts.counted[goal.pk], mode_of(kpi)
    actual = together(kpi, (facts.actuals.get(stretch_of(each, version), NOTHING) for each in series))
    briefs = [facts.briefs[each] for each in series if each in facts.briefs]
    profile = briefs[0].profile if briefs else None
    slices, rule = slices_of(version, mode=mode, profile=profile)
    until = min(facts.until, slices[-1].month.end)
    if mode == "total" and briefs and until > version.starts:
        actual = settled_at_zero(actual)
    expected = expected_by(slices, rule, mode=mode, until=until)
    direction = direction_of(version, kpi)
    made = Progress(
        status="",
        direction=direction,
        mode=mode,
        actual=actual.value,
        settled=actual.settled,
        numerator=actual.numerator,
        denominator=actual.denominator,
        target=None if version.target is None else float(version.target),
        expected=expected.value,
        rule=rule,
        share=expected.share,
        until=until if until > slices[0].month.start else None,
        limits=briefs[0].limits if briefs else None,
        counted=series,
    )
    if actual.value is not None and made.target is not None:
        made = replace(
            made, attainment=attainment_of(version, actual.value, made.target, direction=direction)
        )
    if actual.settled is not None and expected.value is not None:
        to_date = attainment_of(version, actual.settled, expected.value, direction=direction)
        made = replace(made, to_date=to_date)
    status = status_of(version, made, briefs, has_begun=facts.last >= version.starts, until=facts.until)
    return replace(made, status=status, **_chance(version, kpi, made, facts, actual, status=status))


def _chance(
    version: GoalVersion, kpi: Kpi, made: Progress, facts: Facts, actual: Actual, *, status: str
) -> dict[str, Any]:
    """The forecast as fields; none for what is over, shared, or too short of history."""
    series = made.counted[0] if len(made.counted) == 1 else None
    if series is None or series not in facts.outlooks or status in ("missed", "no-data"):
        return {}
    found = chance_of(version, kpi, facts.outlooks[series], facts.briefs[series], actual, mode=made.mode)
    if found is None:
        return {}
    chance = 1.0 if status == "reached" else found.chance
    return {"chance": chance, "low": found.low, "middle": found.middle, "high": found.high}


def closed(goal: Goal, made: Progress) -> Progress:
    """What was kept when a goal was closed stays, whatever the figures say since."""
    kept = goal.outcome or {}
    if goal.state != Goal.State.CLOSED or kept.get("is_reached") is None:
        return made
    status = (
        "done"
        if kept["is_reached"] and made.mode == "steps"
        else "reached"
        if kept["is_reached"]
        else "missed"
    )
    made = replace(without_chance(made), status=status)
    if kept.get("actual") is None:
        return made
    attainment = kept.get("attainment")
    return replace(
        made,
        actual=float(kept["actual"]),
        target=float(kept["target"]) if kept.get("target") is not None else made.target,
        attainment=None if attainment is None else float(attainment),
    )


def outcome_of(goal: Goal) -> dict[str, Any]:
    """What is kept when a goal is closed: numbers as text of twelve digits, and where they come from."""
    made, points = all_progress_of([goal], is_brief=True)[goal.pk], newest_points()
    kpi = once_known_kpis().get(goal.current.kpi) if goal.current else None
    is_reached = made.status in ("reached", "done")
    return {
        "target": _text(made.target),
        "actual": _text(made.actual),
        "attainment": _text(made.attainment),
        "is_reached": is_reached if made.is_told else None,
        "steps": [made.steps_done, made.steps] if made.mode == "steps" else None,
        "snapshot": points.snapshot_id if points and kpi else None,
        "kpi_version": kpi.version if kpi else None,
    }


def _text(value: float | None) -> str | None:
    return None if value is None else f"{value:.12g}"


def told_of(goals: Collection[Goal]) -> dict[int, list[CheckIn]]:
    """Check-ins that stand, the newest first."""
    found: dict[int, list[CheckIn]] = {}
    rows = CheckIn.objects.filter(goal__in=[goal.pk for goal in goals], withdrawn_at=None)
    for each in rows.order_by("-on", "-pk"):
        found.setdefault(each.goal_id, []).append(each)
    return found


def steps_of(goals: Collection[Goal]) -> dict[int, list[Milestone]]:
    """Milestones that were not dropped, in order."""
    with_steps = [goal.pk for goal in goals if goal.current and goal.current.kind not in GoalVersion.WITH_KPI]
    found: dict[int, list[Milestone]] = {}
    if with_steps:
        for each in Milestone.objects.filter(goal__in=with_steps, dropped_at=None):
            found.setdefault(each.goal_id, []).append(each)
    return found

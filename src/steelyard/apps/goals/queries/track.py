"""One goal month by month: what was asked for, what came in, and where the months ahead may end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from steelyard.apps.goals.models import Goal, GoalVersion
from steelyard.apps.goals.queries.actuals import (
    NOTHING,
    Actual,
    actuals_of,
    mode_of,
    ratio,
    series_counted,
    stretch_of,
    together,
)
from steelyard.apps.goals.queries.outlooks import MONTH, Series, briefs_of, complete_until, outlooks_of
from steelyard.apps.goals.queries.paces import End, Slice, asked_of, end_after, slices_of
from steelyard.apps.goals.queries.standing import settled_at_zero
from steelyard.apps.measure.models import KpiPoint, PointSet
from steelyard.apps.measure.queries.definitions import once_known_kpis
from steelyard.apps.measure.queries.points import newest_points
from steelyard.engine.periods import Period

Parts = tuple[float | None, float | None, float | None]
Edges = tuple[float, float]
HALF, MOST = (0.25, 0.75), (0.1, 0.9)


@dataclass(frozen=True)
class Step:
    """One month. `asked` and `actual` are of the month, `asked_so_far` and `so_far` from the first one on.

    Ahead there are no actuals but the middle, half and most of where `so_far` may end.
    """

    month: Period
    asked: float
    asked_so_far: float | None
    actual: float | None = None
    so_far: float | None = None
    is_running: bool = False
    middle: float | None = None
    half: Edges | None = None
    most: Edges | None = None


@dataclass(frozen=True)
class Track:
    """`mode` is total, ratio or level; `rule` says where the months come from; `n` months of history."""

    steps: tuple[Step, ...]
    mode: str
    rule: str
    series: tuple[Series, ...]
    points: PointSet
    n: int = 0
    is_calibrated: bool = False


def track_of(goal: Goal) -> Track | None:
    """For whoever may see the goal's figures; None where no KPI measures it, or nothing is computed yet."""
    points, version = newest_points(), goal.current
    kpi = once_known_kpis().get(version.kpi) if version else None
    if points is None or version is None or kpi is None:
        return None
    mode, series = mode_of(kpi), series_counted([goal])[goal.pk]
    briefs = briefs_of(points, series)
    actual = together(kpi, _actuals(points, series, version))
    profile = next((brief.profile for brief in briefs.values()), None)
    slices, rule = slices_of(version, mode=mode, profile=profile)
    found = months_of(points, series, starts=slices[0].month.start, ends=version.ends)
    if mode == "total" and briefs and complete_until(points) > version.starts:
        actual = settled_at_zero(actual)
    outlook = outlooks_of(points, series).get(series[0]) if len(series) == 1 else None
    ahead = _Ahead(version, outlook, briefs.get(series[0]), actual, mode)
    return Track(
        steps=tuple(_steps(slices, found, mode=mode, points=points, ahead=ahead, starts=bool(briefs))),
        mode=mode,
        rule=rule,
        series=series,
        points=points,
        n=outlook.n if outlook else 0,
        is_calibrated=bool(outlook and outlook.calibration.source != "none"),
    )


def _actuals(points: PointSet, series: Sequence[Series], version: GoalVersion) -> list[Actual]:
    stretches = [stretch_of(each, version) for each in series]
    found = actuals_of(points, stretches)
    return [found.get(each, NOTHING) for each in stretches]


def months_of(
    points: PointSet, series: Sequence[Series], *, starts: date, ends: date
) -> dict[date, list[Parts]]:
    """Month → value, numerator and denominator of each series that has some."""
    found: dict[date, list[Parts]] = {}
    for kind in sorted({each.kind for each in series}):
        rows = KpiPoint.objects.filter(
            point_set=points,
            unit_kind=kind,
            unit__in=[each.unit for each in series if each.kind == kind],
            kpi=series[0].kpi,
            grain=MONTH,
            starts__gte=starts,
            starts__lt=ends,
        ).order_by()
        for at, *parts in rows.values_list("starts", "value", "numerator", "denominator"):
            found.setdefault(at, []).append((parts[0], parts[1], parts[2]))
    return found


@dataclass(frozen=True)
class _Ahead:
    version: GoalVersion
    outlook: Any
    brief: Any
    actual: Actual
    mode: str

    def after(self, months: int) -> End | None:
        if self.outlook is None or self.brief is None:
            return None
        return end_after(self.version, self.outlook, self.brief, self.actual, mode=self.mode, months=months)


def _steps(
    slices: Sequence[Slice],
    found: Mapping[date, Sequence[Parts]],
    *,
    mode: str,
    points: PointSet,
    ahead: _Ahead,
    starts: bool,
) -> list[Step]:
    until, steps = complete_until(points), list[Step]()
    seen: list[Parts] = []
    coming = 0
    for place, each in enumerate(slices):
        rows = found.get(each.month.start, ())
        asked = asked_of(slices[: place + 1], mode=mode)
        if each.month.end <= until:
            seen += rows
            actual = _whole(rows, mode=mode)
            if actual is None and mode == "total" and starts:
                actual = 0.0
            so_far = actual if mode == "level" else _whole(seen, mode=mode)
            steps.append(Step(each.month, each.value, asked, actual, so_far))
            continue
        coming += 1
        is_running = each.month.start <= points.last
        actual = _whole(rows, mode=mode) if is_running else None
        end = ahead.after(coming)
        steps.append(
            Step(
                each.month,
                each.value,
                asked,
                actual,
                is_running=is_running,
                middle=end.at(0.5) if end else None,
                half=(end.at(HALF[0]), end.at(HALF[1])) if end else None,
                most=(end.at(MOST[0]), end.at(MOST[1])) if end else None,
            )
        )
    return steps


def _whole(rows: Sequence[Parts], *, mode: str) -> float | None:
    """Months and units together: sums are added, a ratio is made of the sums of its parts."""
    if mode == "ratio":
        return ratio(sum(row[1] or 0.0 for row in rows), sum(row[2] or 0.0 for row in rows))
    known = [row[0] for row in rows if row[0] is not None]
    if not known:
        return None
    return sum(known) if mode == "total" else known[-1]

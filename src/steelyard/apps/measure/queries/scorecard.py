"""Where a unit stands: each KPI against its target, a year ago, the period before and its usual variation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from steelyard.apps.access.policy import authorize
from steelyard.apps.measure.models import PointSet
from steelyard.apps.measure.queries.definitions import known_kpis
from steelyard.apps.measure.queries.points import (
    NONE,
    History,
    Point,
    default_period,
    histories,
    is_behind,
    is_complete,
    newest_points,
    period_for,
)
from steelyard.apps.measure.queries.units import Unit, home_unit, unit_for
from steelyard.engine.kpi import Kpi
from steelyard.engine.periods import Period, periods
from steelyard.engine.signals import Signal, judge_signal
from steelyard.web import beam

# What a first look asks for; the rest of the catalogue are their factors, one click away.
ON_SCORECARD = (
    "won_revenue",
    "win_rate",
    "average_deal_size",
    "opportunities",
    "pipeline_coverage",
    "sales_cycle_days",
    "invoiced",
    "collected",
    "collection_rate",
    "overdue_amount",
    "dso",
    "late_share",
)
SEASON = {"month": 12, "quarter": 4}
# More history than this changes no limit for the better, and a chart no longer shows it.
LONGEST = 60


@dataclass(frozen=True)
class Gap:
    """A KPI that cannot be told, and what the data lack: a column, or ("" ) the whole table."""

    kpi: Kpi
    table: str
    column: str


@dataclass(frozen=True)
class Standing:
    """One KPI of one unit in one period, judged; numbers and codes, no words."""

    kpi: Kpi
    period: Period
    now: Point
    before: Point
    year_ago: Point
    signal: Signal
    judgement: str
    history: tuple[Point, ...]
    labels: tuple[Period, ...]

    @property
    def value(self) -> float | None:
        return self.now.value

    @property
    def target(self) -> float | None:
        return self.now.target

    @property
    def is_signal(self) -> bool:
        return self.signal.status == "signal"

    @property
    def is_signal_of_gap(self) -> bool:
        """A signal that has to do with the distance to the target, not one that runs the other way."""
        return beam.is_signal_of_gap(self.signal.side, actual=self.value, target=self.target)

    @property
    def is_contrary(self) -> bool:
        """A signal that runs the other way than the distance to the target."""
        return self.is_signal and not self.is_signal_of_gap

    @property
    def is_told(self) -> bool:
        """Whether there is history enough to tell a signal from none."""
        return self.signal.status in ("signal", "no-signal")

    @property
    def limits(self) -> tuple[float, float] | None:
        band = self.signal.bands[-1]
        return (band.lower, band.upper) if band else None

    @property
    def is_off_target(self) -> bool:
        """Worse than the target, whether or not that is a signal."""
        return self.judgement == "worse" or (self.judgement == "usual" and is_worse(self.kpi, self.now))


@dataclass(frozen=True)
class Scorecard:
    unit: Unit
    period: Period
    points: PointSet
    standings: tuple[Standing, ...]
    others: tuple[Standing, ...]
    gaps: tuple[Gap, ...]
    is_complete: bool
    is_behind: bool

    @property
    def measured(self) -> list[Standing]:
        return [each for each in self.standings if each.value is not None]

    @property
    def told(self) -> list[Standing]:
        """Those of which a signal can be told from none."""
        return [each for each in self.measured if each.is_told]

    @property
    def signals(self) -> list[Standing]:
        return [each for each in self.measured if each.is_signal]

    @property
    def usual_shortfalls(self) -> list[Standing]:
        """Below target, and no signal: to be left alone."""
        return [
            each
            for each in self.measured
            if each.judgement == "usual" and each.is_off_target and not each.is_signal
        ]

    @property
    def lead(self) -> Standing | None:
        """What the headline speaks of: the first KPI of the list that can be told."""
        return next(iter(self.measured), None)


def scorecard_of(viewer: Any, *, unit: str = "", period: str = "") -> Scorecard | None:
    """The scorecard of a unit in a period; None while there are no points at all."""
    authorize(viewer, "measure.see")
    points = newest_points()
    if points is None:
        return None
    chosen = unit_for(viewer, unit) if unit else home_unit(viewer)
    when = period_for(points, period) if period else default_period(points)
    known = known_kpis()
    found = histories(points, chosen, period=when)
    told = [kpi for kpi in known.values() if kpi.id not in points.missing]
    judged = {kpi.id: standing_of(kpi, found.get(kpi.id, {}), period=when, points=points) for kpi in told}
    shown = [name for name in ON_SCORECARD if name in judged]
    return Scorecard(
        unit=chosen,
        period=when,
        points=points,
        standings=tuple(judged[name] for name in shown),
        others=tuple(each for name, each in judged.items() if name not in shown),
        gaps=tuple(gaps_of(points, ON_SCORECARD)),
        is_complete=is_complete(points, when),
        is_behind=is_behind(points),
    )


@dataclass(frozen=True)
class KpiView:
    """One KPI of one unit in one period."""

    standing: Standing
    unit: Unit
    period: Period
    points: PointSet


def kpi_view(viewer: Any, kpi: Kpi, points: PointSet, *, unit: str = "", period: str = "") -> KpiView:
    """The standing of one KPI, as it is on the scorecard."""
    authorize(viewer, "measure.see")
    chosen = unit_for(viewer, unit) if unit else home_unit(viewer)
    when = period_for(points, period) if period else default_period(points)
    history = histories(points, chosen, period=when, kpis=[kpi.id]).get(kpi.id, {})
    return KpiView(standing_of(kpi, history, period=when, points=points), chosen, when, points)


def gaps_of(points: PointSet, names: Iterable[str]) -> list[Gap]:
    known = known_kpis()
    return [Gap(known[name], **points.missing[name]) for name in names if name in points.missing]


def standing_of(kpi: Kpi, history: History, *, period: Period, points: PointSet) -> Standing:
    """Judge a KPI by its own history up to the period, as one would have on that day."""
    series = series_of(points, period)
    past = [history.get(each.start, NONE) for each in series]
    # Before the first record there was nothing to measure: such zeros would pull the limits down.
    empty = min(next((place for place, point in enumerate(past) if point.n), len(past)), len(past) - 1)
    series, past = series[empty:], past[empty:]
    now = past[-1]
    signal = signal_of(kpi, [point.value for point in past], grain=str(period.grain))
    band = signal.bands[-1]
    judgement = beam.judge(
        now.value,
        target=now.target,
        limits=(band.lower, band.upper) if band else None,
        direction=kpi.direction,
        is_signal=beam.is_signal_of_gap(signal.side, actual=now.value, target=now.target),
    )
    return Standing(
        kpi=kpi,
        period=period,
        now=now,
        before=_at(history, period.previous(), since=series[0]),
        year_ago=_at(history, period.year_ago(), since=series[0]),
        signal=signal,
        judgement=judgement,
        history=tuple(past),
        labels=tuple(series),
    )


def series_of(points: PointSet, period: Period) -> list[Period]:
    """The periods of the chart: those of the data up to the one looked at, which is always there."""
    listed = periods(period.grain, min(points.first, period.start), period)
    return listed[-LONGEST:]


def signal_of(kpi: Kpi, values: Sequence[float | None], *, grain: str) -> Signal:
    """XmR limits that stop where the KPI itself must, with the season taken out where one shows."""
    known = [value for value in values if value is not None]
    return judge_signal(
        values,
        season=SEASON.get(grain),
        floor=0.0 if not known or min(known) >= 0 else None,
        ceiling=1.0 if kpi.unit == "percent" and known and max(known) <= 1 else None,
    )


def is_worse(kpi: Kpi, point: Point) -> bool:
    if point.value is None or point.target is None:
        return False
    return point.value > point.target if kpi.direction == "down" else point.value < point.target


def _at(history: History, period: Period, *, since: Period) -> Point:
    """The point of a period; before the first record there is none, not a zero."""
    return history.get(period.start, NONE) if period.start >= since.start else NONE

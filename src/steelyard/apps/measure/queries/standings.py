"""One KPI of one unit in one period, judged by its own history: numbers and codes, no words."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from steelyard.apps.measure.models import PointSet
from steelyard.apps.measure.queries.definitions import once_known_kpis
from steelyard.apps.measure.queries.peers import Peers
from steelyard.apps.measure.queries.points import NONE, History, Point
from steelyard.apps.measure.queries.veil import Veil
from steelyard.engine.kpi import Kpi
from steelyard.engine.periods import Period, periods
from steelyard.engine.signals import Signal, judge_signal
from steelyard.web import beam

SEASON = {"month": 12, "quarter": 4, "fiscal-quarter": 4}
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
    """`withheld` says why a figure is not shown, see `veil`; without peers there are too few to tell."""

    kpi: Kpi
    period: Period
    now: Point
    before: Point
    year_ago: Point
    signal: Signal
    judgement: str
    history: tuple[Point, ...]
    labels: tuple[Period, ...]
    peers: Peers | None = None
    withheld: str = ""

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


def gaps_of(points: PointSet, names: Iterable[str]) -> list[Gap]:
    known = once_known_kpis()
    return [
        Gap(known[name], **points.missing[name]) for name in names if name in points.missing and name in known
    ]


def standing_of(
    kpi: Kpi,
    history: History,
    *,
    period: Period,
    points: PointSet,
    veil: Veil | None = None,
    peers: Mapping[str, Peers] | None = None,
) -> Standing:
    """Judge a KPI by its own history up to the period, as one would have on that day."""
    if veil is not None:
        history = veil.over(kpi, history, grain=str(period.grain))
    series = series_of(points.first, period)
    past = [history.get(each.start, NONE) for each in series]
    # Before the first record there was nothing to measure: such zeros would pull the limits down.
    empty = min(next((place for place, point in enumerate(past) if point.n), len(past)), len(past) - 1)
    series, past = series[empty:], past[empty:]
    if not past[-1].n and len(past) == 1 and past[0].target is None and kpi.kind != "formula":
        past = [NONE]  # a unit that never had a record of it is not measured, though the sum is 0
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
        peers=(peers or {}).get(kpi.id),
        withheld=veil.reason(kpi, period) if veil else "",
    )


@lru_cache(maxsize=64)
def series_of(first: datetime.date, period: Period) -> list[Period]:
    """The periods of the chart: those of the data up to the one looked at, which is always there."""
    return periods(period.grain, min(first, period.start), period)[-LONGEST:]


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

"""The KPI's own past: is the period a signal in it, and since when is the level another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from steelyard.engine.diagnosis.finding import Change, SignalFinding
from steelyard.engine.kpi import Kpi, Row, judge, summarise
from steelyard.engine.periods import RANGE, Grain, Period
from steelyard.engine.signals import adjusted, change_point, judge_signal, seasonal_factors

SEASON = {"month": 12, "quarter": 4, "fiscal-quarter": 4}
MONTHS_BACK = 48
_BACK = {
    "day": 90,
    "week": 104,
    "month": 48,
    "quarter": 20,
    "fiscal-quarter": 20,
    "year": 10,
    "fiscal-year": 10,
}
_FINE: dict[str, Grain] = {"day": "day", "week": "week"}


@dataclass(frozen=True)
class History:
    """Rows of the KPI up to the period: at its own grain, and at the finer one that dates a change."""

    own: tuple[Row, ...]
    fine: tuple[Row, ...]


def read_history(tables: Any, kpi: Kpi, *, period: Period, **options: Any) -> History:
    """Read both series in one pass; months (weeks, days) before the first record are left out."""
    own, fine = periods_before(period)
    rows = judge(summarise(tables, kpi, periods=[*own, *fine], **options))
    return History(from_first(rows[: len(own)]), from_first(rows[len(own) :]))


def periods_before(period: Period) -> tuple[list[Period], list[Period]]:
    """List the periods of the same grain up to this one, and the months (weeks, days) up to its end.

    A range of days has no series that it is the last point of: no signal can be told of it.
    """
    own = [period] if period.grain == RANGE else _back(period, count=_BACK[period.grain])
    grain = _FINE.get(period.grain, "month")
    if grain == period.grain:
        return own, own
    last = Period.containing(_day_before(period.end), grain=grain, fiscal_start=period.fiscal_start)
    return own, _back(last, count=MONTHS_BACK)


def signal_of(kpi: Kpi, history: Sequence[Row]) -> SignalFinding:
    """Judge the last point of the series."""
    values = [None if row.value is None else float(row.value) for row in history]
    if not values:
        return SignalFinding("too-early", None, (), None, None, 0)
    floor, ceiling = _bounds(kpi)
    season = SEASON.get(history[-1].period.grain)
    found = judge_signal(values, season=season, floor=floor, ceiling=ceiling)
    band = found.bands[found.index]
    limits = None if band is None else {"centre": band.centre, "lower": band.lower, "upper": band.upper}
    return SignalFinding(
        status=found.status,
        side=found.side,
        rules=tuple(found.rules[found.index]),
        limits=limits,
        adjusted=found.adjustment,
        n=sum(value is not None for value in values),
    )


def change_of(history: Sequence[Row]) -> Change | None:
    """Find the period from which on the level is another, the season taken out."""
    if not history:
        return None
    values = [None if row.value is None else float(row.value) for row in history]
    length = SEASON.get(history[0].period.grain)
    level = adjusted(values, season=seasonal_factors(values, length=length) if length else None)
    found = change_point(level)
    if found is None:
        return None
    return Change(history[found.index].period.label, found.before, found.after, found.p_value)


def shown(history: Sequence[Row]) -> tuple[Mapping[str, Any], ...]:
    """Return the series as a chart needs it."""
    return tuple({"period": row.period.label, "value": row.value, "n": row.n} for row in history)


def _bounds(kpi: Kpi) -> tuple[float | None, float | None]:
    if kpi.unit == "percent":
        return 0.0, 1.0
    return (0.0, None) if kpi.unit in ("count", "days", "hours", "times") else (None, None)


def from_first(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Leave out what lies before the first record."""
    first = next((place for place, row in enumerate(rows) if row.n), len(rows))
    return tuple(rows[first:])


def _back(last: Period, *, count: int) -> list[Period]:
    listed = [last]
    while len(listed) < count and listed[0].start.year > 1901:
        listed.insert(0, listed[0].previous())
    return listed


def _day_before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)

"""What the start form offers: KPIs that the data can tell, periods that they cover, values to cut by."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from steelyard.apps.access.policy import authorize
from steelyard.apps.data.models import Snapshot
from steelyard.apps.data.queries import facts, newest_snapshot
from steelyard.apps.diagnose.queries.asking import Question
from steelyard.apps.measure.queries.calendar import grains, main_grain, period_of, periods_of
from steelyard.apps.measure.queries.definitions import known_kpi, known_kpis
from steelyard.apps.measure.queries.kept import kept, key_of
from steelyard.apps.measure.queries.points import default_period, newest_points
from steelyard.apps.measure.queries.scorecard import kpi_view
from steelyard.engine import kpi as engine
from steelyard.engine.kpi import Kpi
from steelyard.engine.periods import Grain, Period
from steelyard.errors import Refused

MOST_PERIODS: Mapping[Grain, int] = {
    "fiscal-quarter": 12,
    "quarter": 12,
    "month": 18,
    "fiscal-year": 5,
    "year": 5,
}
MOST_VALUES = 200


@dataclass(frozen=True)
class Choices:
    """KPIs in the order of the catalogue; periods by grain, the newest first; the one to start from."""

    kpis: tuple[Kpi, ...]
    periods: Mapping[str, tuple[Period, ...]]
    start: Period | None


def choices_for(viewer: Any) -> Choices | None:
    """None while there are no data at all."""
    authorize(viewer, "diagnose.see")
    snapshot = newest_snapshot()
    if snapshot is None or snapshot.data_to is None:
        return None

    known = known_kpis()

    def ask() -> tuple[Kpi, ...]:
        with facts(snapshot.versions) as lake:
            return tuple(engine.available(lake.tables, list(known), definitions=known)[0])

    return Choices(kept(key_of(snapshot, "available"), ask), _periods(snapshot), _start(snapshot))


def values_for(asked: Question, dimension: str) -> list[str]:
    """The values of a dimension within a question, for a list to pick from."""
    snapshot = newest_snapshot()
    if snapshot is None:
        return []

    def ask() -> list[str]:
        with facts(snapshot.versions) as lake:
            summary = engine.summarise(
                lake.tables,
                asked.kpi,
                periods=[asked.period],
                by=[dimension],
                where=asked.within,
                base_currency=settings.STEELYARD_CURRENCY,
                definitions=known_kpis(),
            )
            found = {row.by[dimension] for row in engine.judge(summary)}
        return sorted(each for each in found if each is not None)[:MOST_VALUES]

    return kept(key_of(snapshot, "values", asked.kpi.id, asked.period.label, dimension, asked.within), ask)


def likely_baseline(viewer: Any, kpi: str, period: str) -> str:
    """A year ago; where the data do not reach back so far, the period before."""
    points = newest_points()
    if points is None or kpi in points.missing:
        return "year-ago"
    try:
        each = kpi_view(viewer, known_kpi(kpi), points, period=period).standing
    except Refused:
        return "year-ago"  # what was asked cannot be answered; sending the form says why
    return "previous" if each.year_ago.value is None and each.before.value is not None else "year-ago"


def _periods(snapshot: Snapshot) -> dict[str, tuple[Period, ...]]:
    first, last = _span(snapshot)
    return {grain: tuple(periods_of(grain, first, last)[::-1][: MOST_PERIODS[grain]]) for grain in grains()}


def _span(snapshot: Snapshot) -> tuple[Any, Any]:
    points = newest_points()
    if points is not None:
        return points.first, points.last
    last = snapshot.data_to
    return Period.containing(last, grain="year").previous().start, last  # type: ignore[arg-type]


def _start(snapshot: Snapshot) -> Period:
    points = newest_points()
    if points is not None:
        return default_period(points)
    return period_of(snapshot.data_to, main_grain())  # type: ignore[arg-type]

"""Work out what to expect of every KPI that somebody aims at, once a computation of points is whole."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db import transaction

from steelyard.apps.access.policy import record
from steelyard.apps.goals.models import GoalVersion, Outlook
from steelyard.apps.goals.queries.actuals import NOTHING, mode_of
from steelyard.apps.goals.queries.outlooks import (
    HORIZON,
    MONTH,
    Brief,
    Series,
    by_parts,
    complete_until,
    country,
    months_ahead,
    months_between,
    wanted_series,
)
from steelyard.apps.goals.queries.paces import chance_of
from steelyard.apps.goals.queries.waiting import waiting_for_chance
from steelyard.apps.jobs.actions import JobHandle
from steelyard.apps.measure.models import KpiPoint, PointSet
from steelyard.apps.measure.queries.definitions import known_kpis
from steelyard.apps.measure.queries.points import newest_points
from steelyard.apps.measure.queries.scorecard import short, signal_of
from steelyard.engine.kpi import Kpi
from steelyard.errors import Refused

SEASON = 12
# Series whose histories are read together, and written in one short transaction.
BATCH = 100
# A longer past says little of the year ahead.
LONGEST = 60


@dataclass(frozen=True)
class History:
    """A unit's months from its first record on, up to the last complete one; a missing month is None."""

    starts: date
    values: tuple[float | None, ...]
    numerators: tuple[float | None, ...]
    denominators: tuple[float | None, ...]


def compute_outlooks(handle: JobHandle, points: PointSet) -> dict[str, Any]:
    """Keep an outlook for every series that has history enough; of an overtaken set nobody would read any."""
    if points != newest_points():
        return {"points": points.pk, "outlooks": 0, "too_short": 0}
    series, kept, done = wanted_series(points), 0, 0
    starts = complete_until(points)
    Outlook.objects.filter(point_set=points).delete()
    for some in _batches(series):
        handle.progress(done, len(series), "outlooks")
        rows = list(_outlooks(points, some, starts=starts))
        with transaction.atomic():
            if not PointSet.objects.filter(pk=points.pk).exists():
                return {"points": points.pk, "outlooks": 0, "too_short": 0}
            Outlook.objects.bulk_create(rows)
        kept, done = kept + len(rows), done + len(some)
    handle.progress(done, len(series), "outlooks")
    chances = keep_chances(points)
    with transaction.atomic():
        record(handle.actor, "goals.outlooks", points, outlooks=kept, series=len(series), chances=chances)
    return {"points": points.pk, "outlooks": kept, "too_short": len(series) - kept}


def _batches(series: Sequence[Series]) -> Iterator[tuple[Series, ...]]:
    """Of one KPI and one kind of unit each: their histories are one question."""
    for _of, same in groupby(series, key=attrgetter("kpi", "kind")):
        listed = tuple(same)
        yield from (listed[first : first + BATCH] for first in range(0, len(listed), BATCH))


def _outlooks(points: PointSet, some: Sequence[Series], *, starts: date) -> Iterator[Outlook]:
    kpi, holidays = known_kpis()[some[0].kpi], country()
    histories = histories_of(points, some, until=starts)
    for each in some:
        history = histories.get(each)
        if history is None:
            continue
        try:
            document = expected_of(kpi, history, holidays=holidays).as_json()
        except Refused as refusal:
            if not refusal.code.startswith("forecast."):
                raise
            continue  # too short, or nothing that could be forecast: the goal's page says so
        yield Outlook(
            point_set=points,
            kpi=each.kpi,
            unit_kind=each.kind,
            unit=each.unit,
            starts=starts,
            document=document,
            brief=brief_of(kpi, history, holidays=holidays),
        )


def keep_chances(points: PointSet) -> int:
    """The chance at the start of goals that have none yet, by what was known before their first month."""
    waiting: dict[tuple[str, str, date], list[tuple[GoalVersion, Series]]] = {}
    for version, series in waiting_for_chance(points):
        until = min(complete_until(points), months_ahead(version.starts, 1)[0].start)
        waiting.setdefault((series.kpi, series.kind, until), []).append((version, series))
    kept = 0
    for (kpi, _kind, until), same in sorted(waiting.items()):
        listed = sorted({series for _version, series in same})
        found: dict[Series, tuple[Any, Brief]] = {}
        for first in range(0, len(listed), BATCH):
            found |= _known_before(points, known_kpis()[kpi], listed[first : first + BATCH], until=until)
        done = [
            version
            for version, series in same
            if series in found and _told_chance(version, known_kpis()[kpi], *found[series])
        ]
        with transaction.atomic():
            GoalVersion.objects.bulk_update(done, ["chance_at_start"], batch_size=500)
        kept += len(done)
    return kept


def _known_before(
    points: PointSet, kpi: Kpi, some: Sequence[Series], *, until: date
) -> dict[Series, tuple[Any, Brief]]:
    holidays, found = country(), {}
    for series, history in histories_of(points, some, until=until).items():
        try:
            expected = expected_of(kpi, history, holidays=holidays)
        except Refused as refusal:
            if not refusal.code.startswith("forecast."):
                raise
            continue  # too short a history: nobody could tell at the start
        coming = tuple(_denominators(history)) if by_parts(kpi) else ()
        found[series] = (expected, Brief(starts=until, denominators=coming))
    return found


def _told_chance(version: GoalVersion, kpi: Kpi, expected: Any, brief: Brief) -> bool:
    found = chance_of(version, kpi, expected, brief, NOTHING, mode=mode_of(kpi))
    if found is None:
        return False
    version.chance_at_start = short(found.chance)
    return True


def histories_of(points: PointSet, some: Sequence[Series], *, until: date) -> dict[Series, History]:
    """The complete months of series of one KPI and one kind of unit; one query."""
    rows = KpiPoint.objects.filter(
        point_set=points,
        unit_kind=some[0].kind,
        unit__in=[each.unit for each in some],
        grain=MONTH,
        kpi=some[0].kpi,
        starts__lt=until,
    )
    found: dict[str, dict[date, tuple[Any, ...]]] = {}
    names = ("unit", "starts", "value", "numerator", "denominator", "n")
    for unit, starts, *figures in rows.order_by().values_list(*names):
        found.setdefault(unit, {})[starts] = tuple(figures)
    histories = {each: _history(found.get(each.unit, {}), until=until) for each in some}
    return {each: history for each, history in histories.items() if history is not None}


def _history(months: Mapping[date, tuple[Any, ...]], *, until: date) -> History | None:
    """Before its first record there was nothing to measure: such zeros would pull everything down."""
    first = min((starts for starts, figures in months.items() if figures[-1]), default=None)
    if first is None:
        return None
    listed = months_between(first, until)[-LONGEST:]
    rows = [months.get(month.start, (None, None, None, 0)) for month in listed]
    values, numerators, denominators, _counts = zip(*rows, strict=True)
    return History(listed[0].start, values, numerators, denominators)


def expected_of(kpi: Kpi, history: History, *, holidays: str | None) -> Any:
    """What a KPI is expected to come to; of a ratio, of both its parts together."""
    from steelyard.engine import forecast

    months: dict[str, Any] = {"horizon": HORIZON, "season": SEASON}
    if by_parts(kpi):
        return forecast.ratio_outlook_of(history.numerators, history.denominators, **months)
    known = [value for value in history.values if value is not None]
    return forecast.outlook_of(
        _filled(history.values) if kpi.additive_over_time else history.values,
        starts=history.starts,
        grain=MONTH,
        country=holidays,
        is_positive=min(known, default=0.0) >= 0,
        **months,
    )


def brief_of(kpi: Kpi, history: History, *, holidays: str | None) -> dict[str, Any]:
    """What a page of many goals asks of the same series."""
    return {
        "signal": _signal(kpi, history),
        "profile": _profile(kpi, history, holidays=holidays),
        "denominators": _denominators(history) if by_parts(kpi) else [],
    }


def _signal(kpi: Kpi, history: History) -> dict[str, Any]:
    """Where the newest month stands, and which months of the last year were a signal, to which side."""
    signal = signal_of(kpi, history.values, grain=MONTH)
    months = months_ahead(history.starts, len(history.values))
    band = signal.bands[-1]
    told = [
        (month.label, "above" if value > at.centre else "below")
        for month, value, rules, at in zip(months, history.values, signal.rules, signal.bands, strict=True)
        if rules and at is not None and value is not None
    ]
    return {
        "status": signal.status,
        "limits": [short(band.lower), short(band.upper)] if band else None,
        "months": [each for each in told if each[0] >= months[-min(SEASON, len(months))].label],
    }


def _profile(kpi: Kpi, history: History, *, holidays: str | None) -> dict[str, Any] | None:
    """How a year falls on its months: of what sums over time only."""
    from steelyard.engine.forecast import seasonal_profile

    if not kpi.additive_over_time:
        return None
    profile = seasonal_profile(
        _filled(history.values), season=SEASON, starts=history.starts, grain=MONTH, country=holidays
    )
    return _shortened(asdict(profile))


def _denominators(history: History) -> list[float]:
    """What the denominators of 1, 2, … months ahead should come to: those of a year before."""
    last = _filled(history.denominators)[-SEASON:]
    return [
        short(sum(last[place % len(last)] for place in range(ahead))) or 0.0
        for ahead in range(1, HORIZON + 1)
    ]


def _filled(values: Sequence[float | None]) -> list[float]:
    """Of what is summed, a month without a record is a zero once records have begun."""
    return [value or 0.0 for value in values]


def _shortened(profile: dict[str, Any]) -> dict[str, Any]:
    return {
        **profile,
        "shares": [short(share) for share in profile["shares"]],
        "holiday": short(profile["holiday"]),
    }

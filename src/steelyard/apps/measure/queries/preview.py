"""What a declaration would come to, on the newest data, before it counts for anybody."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

from steelyard.apps.access.policy import authorize
from steelyard.apps.data.models import Snapshot
from steelyard.apps.measure.queries.cuts import labels_of
from steelyard.apps.measure.queries.definitions import with_kpi
from steelyard.apps.measure.queries.figures import opened, rows_within_reach, snapshot_or_refuse, within_reach
from steelyard.apps.measure.queries.points import GRACE, default_period, newest_points
from steelyard.apps.measure.queries.records import columns_of, newest_first
from steelyard.engine import kpi as engine
from steelyard.engine.kpi import Kpi, Row
from steelyard.engine.periods import Period
from steelyard.errors import Refused

if TYPE_CHECKING:
    from steelyard.engine.kpi.dimensions import Where
    from steelyard.lake.facts import Facts

MONTHS, SAMPLES, TEAMS = 12, 5, 8
MOST_COLUMNS = 7
# Longer than this and nobody goes on typing; the figures themselves are computed by a job, without haste.
LIMIT_SECONDS = 10.0
SLOW_SECONDS = 2.0


@dataclass(frozen=True)
class Preview:
    """`now` is the last complete quarter, `series` its last twelve months; `seconds` it took to tell."""

    kpi: Kpi
    period: Period
    now: Row
    series: tuple[Row, ...]
    teams: tuple[tuple[str, Row], ...]
    columns: tuple[str, ...]
    records: tuple[tuple[Any, ...], ...]
    seconds: float

    @property
    def is_slow(self) -> bool:
        return self.seconds > SLOW_SECONDS


def preview_of(viewer: Any, kpi: Kpi) -> Preview:
    """Compute a KPI that is declared nowhere yet; Refused where the data lack it or it takes too long."""
    authorize(viewer, "measure.define")
    snapshot = snapshot_or_refuse()
    period = _period(snapshot)
    month = Period.containing(period.end, grain="month").previous()
    months = [month]
    while len(months) < MONTHS:
        months.insert(0, months[0].previous())
    within = within_reach(viewer, by=(), where={})
    started = time.monotonic()
    with opened(snapshot) as lake, limited(lake):
        now, *series = _rows(lake, kpi, periods=[period, *months], where=within)
        teams = _teams(lake, kpi, period=period, where=within)
        columns, records = _records(lake, kpi, period=period, where=rows_within_reach(viewer, {}))
    return Preview(
        kpi=kpi,
        period=period,
        now=now,
        series=tuple(series),
        teams=teams,
        columns=columns,
        records=records,
        seconds=time.monotonic() - started,
    )


@contextmanager
def limited(lake: "Facts", seconds: float = LIMIT_SECONDS) -> Iterator[None]:
    """Stop the engine when it takes longer than anybody waits."""
    import duckdb

    timer = threading.Timer(seconds, lake.connection.con.interrupt)
    timer.start()
    try:
        yield
    except duckdb.InterruptException as error:
        raise Refused("kpi.preview-too-slow", 503, seconds=int(seconds)) from error
    finally:
        timer.cancel()


def _period(snapshot: Snapshot) -> Period:
    points = newest_points()
    if points is not None:
        return default_period(points)
    if snapshot.data_to is None:
        raise Refused("measure.no-data", 409)
    running = Period.containing(snapshot.data_to, grain="quarter")
    return running if snapshot.data_to + GRACE >= running.end else running.previous()


def _rows(
    lake: "Facts", kpi: Kpi, *, periods: list[Period], where: "Where", by: tuple[str, ...] = ()
) -> list[Row]:
    summary = engine.summarise(
        lake.tables,
        kpi,
        periods=periods,
        by=by,
        where=where,
        base_currency=settings.STEELYARD_CURRENCY,
        definitions=with_kpi(kpi),
    )
    return engine.judge(summary)


def _teams(lake: "Facts", kpi: Kpi, *, period: Period, where: "Where") -> tuple[tuple[str, Row], ...]:
    if "team" not in engine.dimensions(lake.tables, kpi, definitions=with_kpi(kpi)):
        return ()
    rows = _rows(lake, kpi, periods=[period], where=where, by=("team",))
    names = labels_of("team", [row.by["team"] for row in rows])
    ordered = sorted(rows, key=lambda row: -row.n)[:TEAMS]
    return tuple((names.get(row.by["team"] or "", row.by["team"] or ""), row) for row in ordered)


def _records(
    lake: "Facts", kpi: Kpi, *, period: Period, where: "Where"
) -> tuple[tuple[str, ...], tuple[tuple[Any, ...], ...]]:
    """The newest few; a formula has none of its own."""
    if kpi.formula is not None:
        return (), ()
    table = engine.records(lake.tables, kpi, period=period, where=where, definitions=with_kpi(kpi))
    table = table.select(*columns_of(table, kpi)[:MOST_COLUMNS])
    found = newest_first(table).limit(SAMPLES).to_pyarrow()
    return tuple(found.column_names), tuple(tuple(row.values()) for row in found.to_pylist())

"""Compute the points of a snapshot: every KPI for each unit and period."""

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from steelyard.apps.access.policy import record
from steelyard.apps.data.models import Snapshot
from steelyard.apps.data.queries import facts
from steelyard.apps.jobs.actions import JobHandle, enqueue
from steelyard.apps.measure.actions.target_points import Target, TargetPoints, target_points
from steelyard.apps.measure.models import KpiPoint, PointSet, UnitKind
from steelyard.apps.measure.queries.calendar import fiscal_start, grains
from steelyard.apps.measure.queries.definitions import definitions_stamp, known_kpis
from steelyard.engine import kpi as engine
from steelyard.engine.kpi import Kpi, Points
from steelyard.engine.kpi.happened import HAPPENED, happened
from steelyard.engine.kpi.lacking import Columns
from steelyard.engine.kpi.relations import Tables
from steelyard.engine.periods import Period
from steelyard.errors import Refused
from steelyard.lake.tables import TABLES

# A typing error in one date must not make a thousand empty months.
LONGEST_YEARS = 10
# As many points as are written, or taken away, before others have their turn at the database.
BATCH = 20_000
STEPS = 2
COLUMNS = (
    "point_set_id",
    "unit_kind",
    "unit",
    "grain",
    "kpi",
    "kpi_version",
    "period",
    "starts",
    "numerator",
    "denominator",
    "value",
    "n",
    "target",
    "target_rule",
)
NO_FIGURES = (None, None, None, 0)
NO_TARGET: "Target" = (None, "")
Cells = tuple[Any, ...]


class Overtaken(Exception):
    """Another computation of this or a newer snapshot has begun: nobody would read these points."""


@dataclass(frozen=True)
class Computed:
    """What a computation found: blocks of points, targets beside them, and what the data lack."""

    blocks: Sequence[Points]
    targets: TargetPoints
    missing: Mapping[str, Mapping[str, str]]
    lacks: Mapping[str, Columns]
    first: datetime.date
    last: datetime.date
    currency: str


def compute_points(handle: JobHandle, snapshot: Snapshot) -> dict[str, Any]:
    """Work out every KPI of a snapshot for each unit and period; readers take them once they are whole."""
    handle.progress(0, STEPS, "computing")
    stamp = definitions_stamp()
    with facts(snapshot.versions) as lake:
        computed = computed_of(lake.tables, snapshot)
    handle.progress(1, STEPS, "saving")
    try:
        if definitions_stamp() != stamp:
            raise Overtaken  # a definition changed meanwhile, and has asked for a computation of its own
        written = save_points(handle, snapshot, computed)
    except Overtaken:
        return {"snapshot": snapshot.pk, "points": 0, "missing": []}
    return {"snapshot": snapshot.pk, "points": written, "missing": sorted(computed.missing)}


def computed_of(tables: Tables, snapshot: Snapshot) -> Computed:
    """The points of all KPIs that the data can tell."""
    first, last = span_of(tables, snapshot)
    definitions = known_kpis()
    kpis, refused = engine.available(tables, list(definitions), definitions=definitions)
    missing = {kpi: _lacking(refusal) for kpi, refusal in refused.items()}

    def ask(wanted: Sequence[Kpi]) -> list[Points]:
        return list(
            engine.points(
                tables,
                wanted,
                grain=grains(),
                first=first,
                last=last,
                fiscal_start=fiscal_start(),
                base_currency=settings.STEELYARD_CURRENCY,
                definitions=definitions,
            )
        )

    blocks = asked_one_by_one(ask, kpis, missing)
    told = {each.kpi.id: each.kpi for each in blocks}
    standard = {name: spec.columns for name, spec in TABLES.items()}
    return Computed(
        blocks=blocks,
        targets=target_points(tables, told),
        missing=missing,
        lacks=engine.lacking(tables, list(refused), standard=standard, definitions=definitions),
        first=first,
        last=last,
        currency=currency_of(tables),
    )


def asked_one_by_one(
    ask: Callable[[Sequence[Kpi]], list[Points]], kpis: Sequence[Kpi], missing: dict[str, dict[str, str]]
) -> list[Points]:
    """All at once; where an amount has no rate, each KPI by itself, to keep the others."""
    try:
        return ask(kpis)
    except Refused as refusal:
        if refusal.code != "kpi.missing-rate":
            raise
        if len(kpis) == 1:
            missing[kpis[0].id] = {"table": "exchange_rates", "column": str(refusal.params["currency"])}
            return []
    return [block for kpi in kpis for block in asked_one_by_one(ask, [kpi], missing)]


def save_points(handle: JobHandle, snapshot: Snapshot, computed: Computed) -> int:
    """Write a new set in many short transactions; the last one makes it the set that is read."""
    with transaction.atomic():
        Snapshot.objects.select_for_update().filter(pk=snapshot.pk).first()
        if PointSet.objects.filter(snapshot_id__gt=snapshot.pk).exists():
            raise Overtaken
        points = PointSet.objects.create(
            snapshot=snapshot,
            first=computed.first,
            last=computed.last,
            currency=computed.currency,
            missing=computed.missing,
            lacks=computed.lacks,
        )
    remove_unread(handle, points)
    written = 0
    rows = rows_of(points, computed)
    while batch := list(islice(rows, BATCH)):
        handle.raise_if_stopped()
        with transaction.atomic():
            if not PointSet.objects.filter(pk=points.pk).exists():
                raise Overtaken
            insert(batch)
        written += len(batch)
    with transaction.atomic():
        if not PointSet.objects.filter(pk=points.pk).update(is_whole=True):
            raise Overtaken
        record(handle.actor, "measure.compute", points, points=written)
        for kind in settings.STEELYARD_AFTER_POINTS:
            enqueue(handle.actor, kind, {"points": points.pk}, key=f"{kind}:{points.pk}")
    return written


def remove_unread(handle: JobHandle, points: PointSet) -> None:
    """Take away what died half-way, and every whole set but the newest, which is being read."""
    whole = PointSet.objects.filter(is_whole=True).values_list("pk", flat=True)[:1]
    for unread in PointSet.objects.exclude(pk__in=[points.pk, *whole]):
        doomed = KpiPoint.objects.filter(point_set=unread).order_by().values_list("pk", flat=True)
        while batch := list(doomed[:BATCH]):
            handle.raise_if_stopped()
            KpiPoint.objects.filter(pk__range=(min(batch), max(batch)), point_set=unread).delete()
        unread.delete()


def rows_of(points: PointSet, computed: Computed) -> Iterator[Cells]:
    """The rows in the order of reading: unit, grain, KPI, period; then targets without a figure."""
    beside = dict(computed.targets)
    for kind in UnitKind.values:
        blocks = sorted((each for each in computed.blocks if each.unit_kind == kind), key=_by_kpi)
        for place, code in enumerate(blocks[0].codes if blocks else ()):
            for grain in grains():
                for block in blocks:
                    targets = beside.pop((kind, code, block.kpi.id, grain), {})
                    yield from _rows_of_unit(points, block, place, code, grain, targets)
    known = {each.kpi.id: each.kpi for each in computed.blocks}
    for (kind, code, kpi, of_grain), targets in sorted(beside.items()):
        unit = (points.pk, kind, code, of_grain, kpi, known[kpi].version)
        for period, target in targets.items():
            yield (*unit, period.label, _date(period), *NO_FIGURES, *target)


def _rows_of_unit(
    points: PointSet, block: Points, place: int, code: str, grain: str, targets: Mapping[Period, Target]
) -> Iterator[Cells]:
    """One KPI of one unit over the periods of a grain; a target stands also where there is no figure."""
    unit = (points.pk, block.unit_kind, code, grain, block.kpi.id, block.kpi.version)
    kept = block.kept[:, place].tolist()
    if not targets and not any(kept):
        return
    arrays = (block.numerator, block.denominator, block.value, block.n)
    columns = [each[:, place].tolist() for each in arrays]
    left = dict(targets)
    for period, is_kept, *figures in zip(block.periods, kept, *columns, strict=True):
        if is_kept and period.grain == grain:
            target = left.pop(period, NO_TARGET)
            shown = [None if each != each else each for each in figures]
            yield (*unit, period.label, _date(period), *shown, *target)
    for period, target in left.items():
        yield (*unit, period.label, _date(period), *NO_FIGURES, *target)


def insert(rows: Sequence[Cells]) -> None:
    """The ORM would take ten times as long."""
    quoted = ", ".join(connection.ops.quote_name(column) for column in COLUMNS)
    table = KpiPoint._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(COLUMNS))
        cursor.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({marks})", rows)  # noqa: S608  own names


@cache
def _date(period: Period) -> Any:
    return connection.ops.adapt_datefield_value(period.start)


def _by_kpi(block: Points) -> str:
    return block.kpi.id


def span_of(tables: Tables, snapshot: Snapshot) -> tuple[datetime.date, datetime.date]:
    """The first and the last day that the facts tell of, by the dates of what happened."""
    last = snapshot.data_to or snapshot.created_at.date()
    edges = happened(tables, since=last.replace(year=last.year - LONGEST_YEARS, day=1))
    return min(edges[0], last) if edges else last, last


def currency_of(tables: Tables) -> str:
    """The currency that figures come in: the only one there is, else the one that all are converted to."""
    found: set[str] = set()
    for name in HAPPENED:
        if name in tables and "currency" in tables[name].columns:
            column = tables[name].currency.strip().upper().nullif("")
            found |= {each for each in column.as_table().distinct().to_pyarrow()[0].to_pylist() if each}
    return found.pop() if len(found) == 1 else settings.STEELYARD_CURRENCY


def _lacking(refusal: Refused) -> dict[str, str]:
    return {name: str(refusal.params.get(name, "")) for name in ("table", "column")}

"""The records behind a figure: a page of them to read, all of them to export."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis
from django.core.paginator import Page, Paginator

from steelyard.apps.access.policy import authorize
from steelyard.apps.measure.queries.definitions import known_kpi, known_kpis
from steelyard.apps.measure.queries.figures import OF_PERSONS, opened, rows_within_reach, snapshot_or_refuse
from steelyard.apps.measure.queries.kept import kept, key_of
from steelyard.engine import kpi as engine
from steelyard.engine.kpi import Kpi
from steelyard.engine.periods import Period

if TYPE_CHECKING:
    import ibis.expr.types as ir

SIZE = 50
PARTS = ("numerator", "denominator")


@dataclass(frozen=True)
class Records:
    """One page of rows; `is_narrowed` says that the figure has more rows than the viewer may see."""

    kpi: Kpi
    period: Period
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    page: Page[Any]
    part: str
    is_narrowed: bool


def records_page(
    viewer: Any, kpi: str, *, period: Period, where: Mapping[str, Any], part: str = "", page: Any = 1
) -> Records:
    authorize(viewer, "measure.records")
    found = known_kpi(kpi)
    key = key_of(snapshot_or_refuse(), "records", kpi, period, rows_within_reach(viewer, where), part)

    def ask_total() -> int:
        with _records(viewer, found, period=period, where=where, part=part) as table:
            return int(table.count().to_pyarrow().as_py())

    shown = Paginator(range(kept((key, "total"), ask_total)), SIZE).get_page(page)

    def ask_rows() -> tuple[tuple[str, ...], tuple[tuple[Any, ...], ...]]:
        first = max(shown.start_index() - 1, 0)
        with _records(viewer, found, period=period, where=where, part=part) as table:
            rows = newest_first(table).limit(SIZE, offset=first).to_pyarrow()
        return tuple(rows.column_names), tuple(tuple(row.values()) for row in rows.to_pylist())

    columns, rows = kept((key, shown.number), ask_rows)
    return Records(
        kpi=found,
        period=period,
        columns=columns,
        rows=rows,
        page=shown,
        part=part if part in PARTS else "",
        is_narrowed=is_narrowed(viewer, where),
    )


@contextmanager
def records_batches(
    viewer: Any, kpi: str, *, period: Period, where: Mapping[str, Any], part: str = ""
) -> Iterator[tuple[list[str], Iterator[list[tuple[Any, ...]]]]]:
    """All rows that the viewer may see, in batches, as long as the block is open: (columns, batches)."""
    found = known_kpi(kpi)
    with _records(viewer, found, period=period, where=where, part=part) as table:
        reader = newest_first(table).to_pyarrow_batches(chunk_size=10_000)
        yield (
            list(reader.schema.names),
            ([tuple(row.values()) for row in batch.to_pylist()] for batch in reader),
        )


def is_narrowed(viewer: Any, where: Mapping[str, Any]) -> bool:
    """Whether a viewer gets only their own rows of a figure that has more."""
    return "member" in rows_within_reach(viewer, where) and "member" not in where


@contextmanager
def _records(
    viewer: Any, kpi: Kpi, *, period: Period, where: Mapping[str, Any], part: str
) -> Iterator["ir.Table"]:
    authorize(viewer, "measure.records")
    within = rows_within_reach(viewer, where)
    with opened(snapshot_or_refuse()) as lake:
        table = engine.records(
            lake.tables,
            kpi,
            period=period,
            where=within,
            part=part if part in PARTS else None,
            definitions=known_kpis(),
        )
        yield table.select(*columns_of(table, kpi))


def columns_of(table: "ir.Table", kpi: Kpi) -> list[str]:
    """What the KPI is made of comes first: the record's id, its date, its amount, its owner."""
    names = [name for name in table.columns if not name.startswith("_")]
    parts = kpi.parts
    wanted = [
        *[name for name in names if name.endswith("_id")][:1],
        *(part.date for part in parts),
        *(name for part in parts for name in part.measure.columns),
        *(name for name in names if name in OF_PERSONS),
    ]
    first = [name for name in dict.fromkeys(wanted) if name in names]
    return [*first, *(name for name in names if name not in first)]


def newest_first(table: "ir.Table") -> "ir.Table":
    """Newest first; the ids settle the rest, so that pages never overlap."""
    kinds = table.schema()
    days = [name for name in table.columns if kinds[name].is_date() or kinds[name].is_timestamp()]
    ids = [name for name in table.columns if name.endswith("_id")]
    return table.order_by([*(ibis.desc(name) for name in days[-1:]), *ids, *days[:-1]])

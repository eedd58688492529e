"""Is a declaration one that this site can compute? Its words, its place among the others, its columns."""

import datetime
import json
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.urls import resolve, reverse
from django.utils import timezone

from steelyard.apps.data.queries import generation, lake, lake_root, newest_versions
from steelyard.apps.measure.queries.definitions import once_known_kpis, with_kpi
from steelyard.engine.drivers.formula import Formula
from steelyard.engine.kpi import Kpi, parse
from steelyard.engine.kpi.definitions import Condition, Part
from steelyard.engine.kpi.lacking import STANDARD_TYPES
from steelyard.errors import Refused
from steelyard.lake.tables import ORGANISATION_TABLES, TABLES

if TYPE_CHECKING:
    import ibis.expr.types as ir

Columns = Mapping[str, str]
# Stand for something else among the drivers of a diagnosis.
TAKEN = ("target", "segment")
TEXT, WHEN, NUMBER = "text", "date", "number"


def plain(document: Any) -> Any:
    """As it is kept: dates are texts in a declaration, whatever YAML takes them for."""
    return json.loads(json.dumps(document, default=str))


def declared(document: Any) -> Kpi:
    """The KPI that a document declares, checked as far as that goes without its figures."""
    kpi = parse(document)
    _check_id(kpi)
    _check_day(kpi)
    if kpi.formula is not None and not Formula.parse(kpi.formula).names:
        raise _invalid(kpi, "formula", "names-no-kpi")
    for part in kpi.parts:
        if part.target is not None and part.target not in once_known_kpis():
            raise _invalid(kpi, "target", "unknown-kpi")
    with_kpi(kpi)
    check_columns(kpi)
    return kpi


def _check_id(kpi: Kpi) -> None:
    """An id stands in an address and in formulas: it must not be a page's name or a driver's."""
    if kpi.id in TAKEN or resolve(reverse("kpi", args=[kpi.id])).url_name != "kpi":
        raise _invalid(kpi, "id", "taken")
    if resolve(reverse("catalogue_kpi", args=[kpi.id])).url_name != "catalogue_kpi":
        raise _invalid(kpi, "id", "taken")
    known = once_known_kpis().get(kpi.id)
    if known is not None and known.unit != kpi.unit:
        raise _invalid(kpi, "unit", "unit-stays")


def _check_day(kpi: Kpi) -> None:
    if kpi.valid_from is None:
        return
    try:
        day = datetime.date.fromisoformat(kpi.valid_from)
    except ValueError as error:
        raise _invalid(kpi, "valid_from", "no-date") from error
    if day > timezone.localdate():
        raise _invalid(kpi, "valid_from", "in-the-future")


def check_columns(kpi: Kpi) -> None:
    """Every table and column that is named exists, and holds what the KPI does with it."""
    tables = known_tables()
    for part in kpi.parts:
        found = tables.get(part.table)
        if found is None and _is_derived(part.table):
            continue  # made of the organisation, which has no rows to look at here
        if found is None:
            raise Refused("kpi.unknown-table", kpi=kpi.id, key="table", table=part.table)
        for key, name, wanted in _uses(part):
            if name not in found:
                raise Refused("kpi.unknown-column", kpi=kpi.id, key=key, table=part.table, column=name)
            if wanted and found[name] != wanted:
                raise Refused(
                    "kpi.column-kind", kpi=kpi.id, key=key, table=part.table, column=name, wanted=wanted
                )
        for condition in part.where:
            _check_values(kpi, part, condition)


def _is_derived(table: str) -> bool:
    from steelyard.engine.kpi.sources import DERIVED

    return table in DERIVED


def _uses(part: Part) -> Iterator[tuple[str, str, str]]:
    """(key of the declaration, column, what it must hold; "" for anything)."""
    yield "date", part.date, WHEN
    is_span = len(part.measure.columns) == 2
    kinds = {"sum": NUMBER, "squares": NUMBER, "quantile": WHEN if is_span else NUMBER}
    kind = kinds.get(part.measure.kind, "")
    for name in part.measure.columns:
        yield "measure", name, kind
    for each in part.where:
        yield f"where.{each.column}", each.column, NUMBER if each.test in ("less", "more") else ""
    for timing in part.timing:
        yield "timing", timing.column, WHEN
    if part.complete is not None:
        yield "complete", part.complete, NUMBER


def _check_values(kpi: Kpi, part: Part, condition: Condition) -> None:
    """A closed column holds a few words only; another one would never be met."""
    spec = TABLES.get(part.table)
    known = spec.values.get(condition.column) if spec else None
    if known is None or condition.test != "in":
        return
    wrong = [str(value) for value in condition.values if value not in known]
    if wrong:
        key = f"where.{condition.column}"
        raise Refused(
            "kpi.never-met", kpi=kpi.id, key=key, column=condition.column, value=wrong[0], known=list(known)
        )


def known_tables() -> "dict[str, Columns]":
    """Every table that a KPI can read, the standard ones and what is derived from them, with its columns.

    Column → "text", "date" or "number". One without a date is left out: its rows are in no period.
    """
    return _tables(lake_root(), generation(), tuple(sorted(newest_versions().items())))


def numbers_in(tables: Mapping[str, str]) -> dict[str, set[str]]:
    """Name → the columns of its table that hold numbers, so that what is typed is read as such."""
    known = known_tables()
    return {
        name: {column for column, kind in known.get(table, {}).items() if kind == NUMBER}
        for name, table in tables.items()
    }


def facts_behind(table: str) -> tuple[str, ...]:
    """The tables of facts that a table of the catalogue is read from."""
    return _needs(table)


@lru_cache(maxsize=2)
def _tables(
    root: Path, generation: tuple[int, int], versions: tuple[tuple[str, int], ...]
) -> "dict[str, Columns]":
    from steelyard.engine.kpi.sources import DERIVED

    empty = _empty_tables(dict(versions))
    names = [*TABLES, *sorted(set(empty) - set(TABLES)), *DERIVED]
    found = {name: columns for name in names if (columns := _columns_of(empty, name)) is not None}
    return {name: columns for name, columns in found.items() if WHEN in columns.values()}


@cache
def _needs(table: str) -> tuple[str, ...]:
    from steelyard.engine.kpi.sources import relation

    try:
        return relation(_empty_tables({}), table).needs
    except Refused as refusal:
        return (str(refusal.params.get("table", table)),)


def _columns_of(tables: "dict[str, ir.Table]", name: str) -> dict[str, str] | None:
    """None for a relation that cannot even be built on tables without a row."""
    from steelyard.engine.kpi.sources import relation

    try:
        schema = relation(tables, name).table.schema()
    except Refused:
        return None
    return {column: _kind_of(schema[column]) for column in schema if not column.startswith("_")}


def _empty_tables(versions: Mapping[str, int]) -> "dict[str, ir.Table]":
    """Tables of facts without a row: what can be built on them can be built on the facts.

    They have the standard columns, and those that files have brought besides.
    """
    import ibis

    columns = {name: dict(spec.columns) for name, spec in TABLES.items()}
    for table, version in versions.items():
        if table not in ORGANISATION_TABLES and not table.startswith("org_"):
            held = {name: kind for name, kind in lake().columns(table, version).items() if name[0] != "_"}
            columns[table] = {**held, **columns.get(table, {})}
    return {
        name: ibis.table(
            {column: STANDARD_TYPES.get(kind, "string") for column, kind in kinds.items()}, name=name
        )
        for name, kinds in columns.items()
    }


def _kind_of(kind: Any) -> str:
    if kind.is_date() or kind.is_timestamp():
        return WHEN
    return NUMBER if kind.is_numeric() else TEXT


def _invalid(kpi: Kpi, key: str, reason: str) -> Refused:
    return Refused("kpi.invalid", kpi=kpi.id, key=key, reason=reason)

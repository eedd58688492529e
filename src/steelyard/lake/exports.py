"""Rows as CSV that a spreadsheet opens without running anything in it, and that we import again unchanged."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from steelyard.lake import sql
from steelyard.lake.cells import as_cell
from steelyard.lake.store import Lake
from steelyard.lake.tables import IMPORT_COLUMN, table_spec


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write rows with a byte order mark, which Excel wants for Chinese; the number of rows."""
    count = 0
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in rows:
            writer.writerow([as_cell(value) for value in row])
            count += 1
    return count


def export_table(lake: Lake, table: str, version: int, path: Path) -> int:
    """Write a whole table, ordered by its key, without the lake's own column; the number of rows."""
    schema: Mapping[str, str] = lake.columns(table, version)
    names = [name for name in schema if name != IMPORT_COLUMN]
    query = sql.parquet(lake.files(table, version), schema)
    with duckdb.connect() as connection:
        found = connection.execute(
            f"SELECT {sql.names(names)} FROM ({query}) ORDER BY {sql.names(table_spec(table).key)}"  # noqa: S608
        )
        return write_csv(path, names, _fetched(found))


def _fetched(found: duckdb.DuckDBPyConnection) -> Iterable[Sequence[Any]]:
    while rows := found.fetchmany(10_000):
        yield from rows

"""Rows as CSV that a spreadsheet opens without running anything in it, and that we import again unchanged."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from steelyard.lake import sql
from steelyard.lake.store import Lake
from steelyard.lake.tables import IMPORT_COLUMN, table_spec

# A text that starts so is a formula to a spreadsheet; one that starts with a quote before such a sign is
# quoted once more, so that reading it takes off exactly the quote that writing put on.
_RISKY = re.compile(r"[=+\-@\t\r]|'[=+\-@\t\r']")


def neutralised(text: str) -> str:
    """The text with a quote before what a spreadsheet would take for a formula."""
    return f"'{text}" if _RISKY.match(text) else text


def as_cell(value: Any) -> str:
    """A value as it stands in a CSV file: numbers stay numbers, dates are ISO, texts are made harmless."""
    if value is None:
        return ""
    if isinstance(value, str):
        return neutralised(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        plain = f"{value:f}"
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    return repr(value) if isinstance(value, float) else str(value)


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

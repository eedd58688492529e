"""A digest of a table's content that no order of rows, files or columns changes."""

from collections.abc import Iterable, Mapping

import duckdb

from steelyard.lake import sql
from steelyard.lake.tables import IMPORT_COLUMN


def digest_of(files: Iterable[str], schema: Mapping[str, str]) -> str:
    """Rows, and the sum of their MD5 halves, over the columns that hold a value anywhere.

    A column without a value counts as absent: undoing the import that brought it leaves it empty.
    """
    query = sql.parquet(files, schema)
    with duckdb.connect() as connection:
        columns = _filled(connection, query, [name for name in schema if name != IMPORT_COLUMN])
        if not columns:
            return "0:0:0"
        cells = ", ".join(
            f"coalesce({sql.text(name + '=')} || {sql.name(name)}::VARCHAR, '')" for name in sorted(columns)
        )
        row = f"concat_ws(chr(31), {cells})"
        count, low, high = connection.execute(
            f"SELECT count(*), sum(md5_number_lower(r)::HUGEINT), sum(md5_number_upper(r)::HUGEINT) "  # noqa: S608
            f"FROM (SELECT {row} AS r FROM ({query}))"
        ).fetchall()[0]
    return f"{count}:{low or 0:x}:{high or 0:x}"


def _filled(connection: duckdb.DuckDBPyConnection, query: str, names: list[str]) -> list[str]:
    counts = ", ".join(f"count({sql.name(name)})" for name in names)
    found = connection.execute(f"SELECT {counts} FROM ({query})").fetchall()[0]  # noqa: S608
    return [name for name, count in zip(names, found, strict=True) if count]

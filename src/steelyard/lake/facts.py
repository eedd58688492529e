"""Reading the lake: Ibis on a DuckDB that can reach the lake's tables and nothing else."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from steelyard.lake import sql

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend

    from steelyard.lake.store import Lake


@dataclass(frozen=True)
class Facts:
    """The tables of one set of versions, as long as the connection is open."""

    tables: "Mapping[str, ir.Table]"
    connection: "Backend"
    versions: Mapping[str, int]


@contextmanager
def opened(lake: "Lake", versions: Mapping[str, int], *, threads: int, memory_limit: str) -> Iterator[Facts]:
    """Open the tables of these versions on a locked connection of their own."""
    import ibis  # half a second, which a verb that reads no facts need not wait for

    connection = ibis.duckdb.connect(threads=threads, memory_limit=memory_limit)
    try:
        # On the raw connection: Ibis would parse each statement first, and knows no such settings.
        raw = connection.con
        raw.execute(f"SET allowed_directories = [{sql.text(str(lake.tables))}]")
        raw.execute("SET enable_external_access = false")
        raw.execute("SET TimeZone = 'UTC'")
        raw.execute("SET lock_configuration = true")
        for table, version in versions.items():
            query = sql.parquet(lake.files(table, version), lake.columns(table, version))
            raw.execute(f"CREATE VIEW {sql.name(table)} AS {query}")
        tables = {table: connection.table(table) for table in versions}
        yield Facts(tables=tables, connection=connection, versions=dict(versions))
    finally:
        connection.disconnect()

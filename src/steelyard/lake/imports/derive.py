"""Changes of stage and owner that no export tells, read off two successive snapshots of opportunities."""
# ruff: noqa: S608  (names and texts in these statements pass steelyard.lake.sql, which quotes them)

from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from steelyard.lake import sql
from steelyard.lake.imports.snapshots import OWNER_CHANGES, STAGE_CHANGES, FullSnapshot
from steelyard.lake.imports.stage import Staged, StagedTable
from steelyard.lake.store import Lake
from steelyard.lake.tables import IMPORT_COLUMN, table_spec

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

OPPORTUNITIES = "opportunities"
# Table of changes → the column of opportunities whose change it tells, and where from and to are written.
_WATCHED = {
    STAGE_CHANGES: ("stage", "from_stage", "to_stage"),
    OWNER_CHANGES: ("owner", "from_owner", "to_owner"),
}


def derive(
    connection: "duckdb.DuckDBPyConnection",
    staged: Staged,
    lake: Lake,
    versions: "Mapping[str, int]",
    taken: FullSnapshot,
) -> dict[str, StagedTable]:
    """Stage the changes against the stored opportunities, on a connection with `staged` and `stored`.

    Each happened after the snapshot before and not later than this one: `changed_at` is when this one was
    taken, `observed_after` when that one was. The first snapshot of a source has nothing to be held against.
    """
    if OPPORTUNITIES not in taken.before:
        return {}
    found = {}
    for table in taken.derives:
        query = _changes(staged.facts[OPPORTUNITIES], table, taken)
        if table in versions:
            # What a file says about the very moment is exact, and stays.
            known = sql.parquet(lake.files(table, versions[table]), lake.columns(table, versions[table]))
            query = f"SELECT * FROM ({query}) ANTI JOIN ({known}) USING (opportunity_id, changed_at)"
        if each := _written(connection, staged, table, query):
            found[table] = each
    return found


def _changes(opportunities: StagedTable, table: str, taken: FullSnapshot) -> str:
    column, before, after = _WATCHED[table]
    at, since = (f"TIMESTAMP '{moment.isoformat(' ')}'" for moment in _moments(taken))
    changed = f"t.{column} IS NOT NULL AND s.{column} IS DISTINCT FROM t.{column}"
    if table == STAGE_CHANGES:
        changed = f"({changed}) OR ({_is_first_seen(opportunities, since)})"
    return (
        f"SELECT s.opportunity_id, {at} AS changed_at, s.{column} AS {after}, t.{column} AS {before}, "
        f"{since} AS observed_after FROM staged s LEFT JOIN stored t USING (opportunity_id) WHERE {changed}"
    )


def _is_first_seen(opportunities: StagedTable, since: str) -> str:
    """Whether an opportunity is seen for the first time, and began after the snapshot before.

    One that is known to be older came to its stage at a time that nobody saw.
    """
    if "created_on" not in opportunities.schema:
        return "t.opportunity_id IS NULL"
    return f"t.opportunity_id IS NULL AND coalesce(s.created_on >= CAST({since} AS DATE), true)"


def _moments(taken: FullSnapshot) -> tuple[Any, Any]:
    return taken.as_of, taken.before[OPPORTUNITIES]


def _written(
    connection: "duckdb.DuckDBPyConnection", staged: Staged, table: str, query: str
) -> StagedTable | None:
    folder = staged.folder / table
    folder.mkdir(exist_ok=True)
    path = folder / "derived.parquet"
    connection.execute(
        f"COPY (SELECT *, {sql.text(staged.import_id)} AS {sql.name(IMPORT_COLUMN)} FROM ({query}) "
        f"ORDER BY opportunity_id) TO {sql.text(str(path))} (FORMAT parquet)"
    )
    rows = pq.read_metadata(path).num_rows
    if not rows:
        return None
    _, before, after = _WATCHED[table]
    columns = ("opportunity_id", "changed_at", after, before, "observed_after")
    return StagedTable(
        name=table,
        read=0,
        rows=rows,
        duplicates=0,
        rejected=0,
        files=(str(path),),
        file_rows=(rows,),
        schema={name: table_spec(table).columns[name] for name in columns},
        read_as={},
    )

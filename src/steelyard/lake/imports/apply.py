"""Writing a plan to the lake: one Delta commit for each table, nothing published yet."""
# ruff: noqa: S608  (names and texts in these statements pass steelyard.lake.sql, which quotes them)

import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from steelyard.lake import delta, sql
from steelyard.lake.imports.plan import Plan, comparison
from steelyard.lake.imports.retire import retired_path
from steelyard.lake.imports.stage import StagedTable
from steelyard.lake.store import Lake
from steelyard.lake.tables import IMPORT_COLUMN, table_spec


def apply(plan: Plan, lake: Lake, import_id: str) -> dict[str, int]:
    """Commit the staged rows; table → new version, for the tables that change.

    Call it under `lake.lock()`, and publish the versions before the lock is given up: what another writer
    finds above the published versions it takes away.
    """
    changed: dict[str, int] = {}
    with lake.lock():
        lake.recover_tables(plan.counts, plan.base)
        for name, staged in plan.staged.facts.items():
            counts = plan.counts[name]
            if counts.changes:
                gone = retired_path(plan.staged.folder, name) if counts.retired else None
                version = plan.base.get(name)
                changed[name] = _commit(lake, staged, version, import_id, updated=counts.updated, gone=gone)
    return changed


def _commit(
    lake: Lake,
    staged: StagedTable,
    version: int | None,
    import_id: str,
    *,
    updated: int,
    gone: Path | None,
) -> int:
    path = lake.path(staged.name)
    path.mkdir(parents=True, exist_ok=True)
    schema = {**staged.schema, IMPORT_COLUMN: "text"}
    remove: list[Path] = []
    # A replayed import writes other files than it wrote first: older versions still name those.
    prefix = f"{import_id}-{secrets.token_hex(4)}"
    if version is None or not lake.files(staged.name, version):
        add = _linked(staged, path, prefix)
    else:
        schema = {**lake.columns(staged.name, version), **schema}
        add, remove = _merged(lake, staged, version, schema, prefix, updated=updated, gone=gone)
    return delta.commit(path, schema=schema, add=add, remove=remove, metadata={"import": import_id})


def _linked(staged: StagedTable, path: Path, prefix: str) -> list[tuple[Path, int]]:
    """The staged files under new names in the table's folder, with no byte written again."""
    added = []
    for number, (file, rows) in enumerate(zip(staged.files, staged.file_rows, strict=True)):
        target = path / f"{prefix}-{number}.parquet"
        try:
            os.link(file, target)
        except OSError:
            shutil.copyfile(file, target)
        added.append((target, rows))
    return added


def _merged(
    lake: Lake,
    staged: StagedTable,
    version: int,
    schema: Mapping[str, str],
    prefix: str,
    *,
    updated: int,
    gone: Path | None,
) -> tuple[list[tuple[Path, int]], list[Path]]:
    """Created rows in new files; files that hold an updated or a retired row written anew."""
    path, key = lake.path(staged.name), sql.names(table_spec(staged.name).key)
    with comparison(staged, lake, version) as connection:
        connection.execute(f"CREATE TEMP TABLE fresh AS SELECT {key} FROM compared WHERE NOT _found")
        query = f"SELECT staged.* FROM staged SEMI JOIN fresh USING ({key})"
        added = _copy(connection, query, path, f"{prefix}-new")
        if not (updated or gone):
            return added, []
        connection.execute(
            f"CREATE TEMP TABLE newer AS SELECT {key} FROM compared WHERE _found AND NOT _same"
        )
        retired = f"SELECT {key} FROM read_parquet({sql.text(str(gone))})" if gone else "FROM newer LIMIT 0"
        connection.execute(f"CREATE TEMP TABLE gone AS {retired}")
        old = _touched(connection, lake.files(staged.name, version), key)
        stored = lake.columns(staged.name, version)
        cells = ", ".join(_cell(name, staged.schema, stored) for name in schema)
        source = sql.parquet(old, stored)
        query = (
            f"SELECT {cells} FROM (SELECT * FROM ({source}) ANTI JOIN gone USING ({key})) t LEFT JOIN "
            f"(SELECT staged.*, true AS _newer FROM staged SEMI JOIN newer USING ({key})) s USING ({key})"
        )
        added += _copy(connection, query, path, f"{prefix}-kept")
    return added, [Path(each) for each in old]


def _touched(connection: duckdb.DuckDBPyConnection, files: list[str], key: str) -> list[str]:
    listed = ", ".join(sql.text(each) for each in files)
    found = connection.execute(
        f"SELECT DISTINCT filename FROM read_parquet([{listed}], filename = true, union_by_name = true) "
        f"SEMI JOIN (FROM newer UNION ALL FROM gone) USING ({key}) ORDER BY filename"
    ).fetchall()
    return [each for (each,) in found]


def _cell(name: str, staged: Mapping[str, str], stored: Mapping[str, str]) -> str:
    """A column of a rewritten row: the import's value where it has one for a newer row."""
    quoted = sql.name(name)
    if name not in staged and name != IMPORT_COLUMN:
        return f"t.{quoted}"
    kept = f"t.{quoted}" if name in stored else f"NULL::{sql.DUCK[staged[name]]}"
    return f"CASE WHEN s._newer THEN s.{quoted} ELSE {kept} END AS {quoted}"


def _copy(
    connection: duckdb.DuckDBPyConnection, query: str, path: Path, prefix: str
) -> list[tuple[Path, int]]:
    """Write a query as Parquet files into the table's folder; those that hold rows."""
    folder = path / f".{prefix}"
    shutil.rmtree(folder, ignore_errors=True)
    connection.execute(f"COPY ({query}) TO {sql.text(str(folder))} (FORMAT parquet, FILE_SIZE_BYTES '256MB')")
    added = []
    for number, file in enumerate(sorted(folder.iterdir())):
        if rows := pq.read_metadata(file).num_rows:
            target = path / f"{prefix}-{number}.parquet"
            os.replace(file, target)
            added.append((target, rows))
    shutil.rmtree(folder)
    return added

"""Rows that a full snapshot no longer has: which ones they are, and which are kept for want of proof."""
# ruff: noqa: S608  (names and texts in these statements pass steelyard.lake.sql, which quotes them)

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from steelyard.errors import Refused
from steelyard.lake import sql
from steelyard.lake.imports.snapshots import FullSnapshot
from steelyard.lake.imports.stage import Staged, StagedTable
from steelyard.lake.tables import IMPORT_COLUMN, table_spec

if TYPE_CHECKING:
    import duckdb

FOLDER = "retired"
_DATES = ("date", "timestamp")


@dataclass(frozen=True)
class Retiring:
    """Of the `held` rows that the source has in the covered stretch, `retired` go.

    `spared` rows are absent, too, and stay: a rejected row whose key cannot be read may be one of them.
    """

    held: int = 0
    retired: int = 0
    spared: int = 0


def retire(
    connection: "duckdb.DuckDBPyConnection", staged: StagedTable, stored: dict[str, str], taken: FullSnapshot
) -> Retiring:
    """Make the table `gone` of rows to retire from `stored`, beside the views `staged` and `stored`."""
    key = sql.names(table_spec(staged.name).key)
    connection.execute(f"CREATE TEMP VIEW held AS {_held(connection, staged, stored, taken)}")
    absent = f"SELECT held.* FROM held ANTI JOIN staged USING ({key})"
    unread = f"read_parquet({sql.text(staged.unread)})" if staged.unread else ""
    if unread:
        absent = f"SELECT * FROM ({absent}) ANTI JOIN {unread} USING ({key})"
    connection.execute(f"CREATE TEMP TABLE gone AS {absent}")
    held, gone = connection.execute(
        "SELECT (SELECT count(*) FROM held), (SELECT count(*) FROM gone)"
    ).fetchall()[0]
    if unread and gone and _has_unknown_keys(connection, staged, unread):
        connection.execute("DELETE FROM gone")
        return Retiring(held=held, spared=gone)
    return Retiring(held=held, retired=gone)


def require_covered(staged: Staged, taken: FullSnapshot) -> None:
    """Refuse a stretch of a date column that no table of the snapshot has."""
    kinds = [table.schema.get(taken.covers) for table in staged.facts.values()]
    if taken.covers and kinds and not any(kind in _DATES for kind in kinds):
        raise Refused("snapshot.no-such-date", column=taken.covers)


def write_retired(connection: "duckdb.DuckDBPyConnection", folder: Path, table: str) -> None:
    """Keep the rows of `gone` beside the rejects, to be looked at for as long as the import is."""
    key = sql.names(table_spec(table).key)
    path = retired_path(folder, table)
    path.parent.mkdir(exist_ok=True)
    connection.execute(
        f"COPY (SELECT * EXCLUDE ({sql.name(IMPORT_COLUMN)}) FROM gone ORDER BY {key}) "
        f"TO {sql.text(str(path))} (FORMAT parquet)"
    )


def retired_path(folder: Path, table: str) -> Path:
    return folder / FOLDER / f"{table}.parquet"


def forget_retired(staged: Staged) -> None:
    """What an earlier look at these files would have retired."""
    for table in staged.facts:
        retired_path(staged.folder, table).unlink(missing_ok=True)


def retired_in(folder: Path, table: str, *, limit: int, offset: int = 0) -> list[dict[str, object]]:
    """Rows that an import retired, or would retire, in the order of their keys."""
    path = retired_path(folder, table)
    return pq.read_table(path).slice(offset, limit).to_pylist() if path.exists() else []


def _held(
    connection: "duckdb.DuckDBPyConnection", staged: StagedTable, stored: dict[str, str], taken: FullSnapshot
) -> str:
    """The stored rows of the source's imports within the stretch that the snapshot covers."""
    connection.execute("CREATE TEMP TABLE own (id VARCHAR)")
    connection.executemany("INSERT INTO own VALUES (?)", [[each] for each in sorted(taken.imports)])
    mine = f"SELECT * FROM stored WHERE {sql.name(IMPORT_COLUMN)} IN (SELECT id FROM own)"
    if not taken.covers:
        return mine
    # A table without the column says nothing about a stretch of it: it is read as an increment.
    if staged.schema.get(taken.covers) not in _DATES or stored.get(taken.covers) not in _DATES:
        return f"{mine} AND false"
    day = f"CAST({sql.name(taken.covers)} AS DATE)"
    first, last = connection.execute(f"SELECT min({day}), max({day}) FROM staged").fetchall()[0]
    return f"{mine} AND {day} BETWEEN {_day(taken.first or first)} AND {_day(taken.last or last)}"


def _day(day: datetime.date | None) -> str:
    return f"DATE '{day:%Y-%m-%d}'" if day else "NULL"


def _has_unknown_keys(connection: "duckdb.DuckDBPyConnection", staged: StagedTable, unread: str) -> bool:
    empty = " OR ".join(f"{sql.name(name)} IS NULL" for name in table_spec(staged.name).key)
    return bool(connection.execute(f"SELECT count(*) FROM {unread} WHERE {empty}").fetchall()[0][0])

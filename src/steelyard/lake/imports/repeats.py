"""Rows of one key in what an import brings: the same again, in conflict, or tied in time and both kept."""
# ruff: noqa: S608  (names and texts in these statements pass steelyard.lake.sql, which quotes them)

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from steelyard.lake import sql
from steelyard.lake.tables import TableSpec

if TYPE_CHECKING:
    import duckdb

_PLACE = "_file, _line, _rule"


@dataclass(frozen=True)
class Repeats:
    """How many rows say what an earlier one said, contradict one, or are moved by an instant to be kept."""

    duplicates: int
    conflicts: int
    ties: int = 0


def find_repeats(
    connection: "duckdb.DuckDBPyConnection",
    spec: TableSpec,
    columns: Sequence[str],
    good: str,
    *,
    are_namesakes: bool = False,
) -> Repeats:
    """Make the table `later` of the rows that are not taken: place, _same, _code, key."""
    if spec.tied:
        return _find_ties(connection, spec, columns, good)
    key, listed = sql.names(spec.key), ", ".join(f"a.{sql.name(name)}" for name in spec.key)
    # Rows of a key that comes more than once, in the order of the files, beside the first of them.
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE repeated AS SELECT {_PLACE}, {sql.names(columns)}, "
        f"row_number() OVER (PARTITION BY {key} ORDER BY {_PLACE}) AS _nth "
        f"FROM {_of_repeated_keys(good, key)}"
    )
    same = " AND ".join(f"a.{sql.name(name)} IS NOT DISTINCT FROM b.{sql.name(name)}" for name in columns)
    # Where the name stands for the code, rows of one name may be two people: none of them is taken.
    code, which = ("namesake", "true") if are_namesakes else ("duplicate-key", "a._nth > 1")
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE later AS "
        f"SELECT a._file, a._line, a._rule, ({same}) AND {sql.text(code)} <> 'namesake' AS _same, "
        f"{sql.text(code)} AS _code, {listed} FROM repeated a JOIN repeated b USING ({key}) "
        f"WHERE {which} AND b._nth = 1"
    )
    return Repeats(*_counted(connection))


def taken(spec: TableSpec, columns: Sequence[str], good: str) -> str:
    """A query for the rows that are taken, after their repeats were found."""
    rows = f"SELECT * FROM ({good}) ANTI JOIN later USING ({_PLACE})"
    if not spec.tied:
        return f"SELECT {sql.names(columns)} FROM ({rows})"
    time = sql.name(spec.tied)
    listed = ", ".join(
        f"coalesce(t._moved, g.{time}) AS {time}" if name == spec.tied else f"g.{sql.name(name)}"
        for name in columns
    )
    return f"SELECT {listed} FROM ({rows}) g LEFT JOIN tied t USING ({_PLACE})"


def _find_ties(
    connection: "duckdb.DuckDBPyConnection", spec: TableSpec, columns: Sequence[str], good: str
) -> Repeats:
    """Rows that differ at one time follow each other by a microsecond, in the order of the files."""
    key, time = sql.names(spec.key), sql.name(spec.tied)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE repeated AS SELECT {_PLACE}, {key}, row_number() OVER "
        f"(PARTITION BY {sql.names(columns)} ORDER BY {_PLACE}) AS _copy FROM {_of_repeated_keys(good, key)}"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE tied AS SELECT * REPLACE ({time} + to_microseconds(_after) AS _moved) "
        f"FROM (SELECT {_PLACE}, {key}, NULL::TIMESTAMP AS _moved, "
        f"row_number() OVER (PARTITION BY {key} ORDER BY {_PLACE}) - 1 AS _after "
        f"FROM repeated WHERE _copy = 1) WHERE _after > 0"
    )
    others = " AND ".join(
        f"g.{sql.name(name)} = t.{sql.name(name)}" for name in spec.key if name != spec.tied
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE later AS "
        f"SELECT {_PLACE}, true AS _same, 'duplicate-key' AS _code, {key} FROM repeated WHERE _copy > 1 "
        f"UNION ALL SELECT {_PLACE}, false, 'duplicate-key', {key} FROM tied t "
        f"SEMI JOIN ({good}) g ON {others} AND g.{time} = t._moved"
    )
    duplicates, conflicts = _counted(connection)
    ties = connection.execute(f"SELECT count(*) FROM tied ANTI JOIN later USING ({_PLACE})").fetchall()[0][0]
    return Repeats(duplicates, conflicts, ties)


def _of_repeated_keys(good: str, key: str) -> str:
    counted = f"SELECT {key} FROM ({good}) GROUP BY ALL HAVING count(*) > 1"
    return f"({good}) SEMI JOIN ({counted}) USING ({key})"


def _counted(connection: "duckdb.DuckDBPyConnection") -> tuple[int, int]:
    duplicates, conflicts = connection.execute(
        "SELECT count(*) FILTER (_same), count(*) FILTER (NOT _same) FROM later"
    ).fetchall()[0]
    return duplicates, conflicts

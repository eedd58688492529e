"""What an import would change: every row read is created, updated, unchanged or rejected."""
# ruff: noqa: S608  (names and texts in these statements pass steelyard.lake.sql, which quotes them)

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any

import duckdb

from steelyard.lake import sql
from steelyard.lake.imports.derive import OPPORTUNITIES, derive
from steelyard.lake.imports.retire import (
    Retiring,
    forget_retired,
    require_covered,
    retire,
    write_retired,
)
from steelyard.lake.imports.snapshots import FullSnapshot
from steelyard.lake.imports.stage import Staged, StagedTable
from steelyard.lake.store import Lake
from steelyard.lake.tables import IMPORT_COLUMN, table_spec


@dataclass(frozen=True)
class Counts:
    """read == created + updated + unchanged + rejected; what a snapshot does beyond its own rows beside it.

    Of the `held` rows that its source had, `retired` go, and `spared` are absent and stay. `derived` are
    changes read off two successive snapshots.
    """

    read: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    retired: int = 0
    held: int = 0
    spared: int = 0
    derived: int = 0

    @property
    def changes(self) -> int:
        """How many rows of the table become other than they were."""
        return self.created + self.updated + self.retired + self.derived

    def as_dict(self) -> dict[str, int]:
        """For JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Plan:
    """The staged rows held against published versions. `base` has the version of each table that exists."""

    staged: Staged
    counts: Mapping[str, Counts]
    base: Mapping[str, int]

    @property
    def total(self) -> Counts:
        """All tables together, those of the organisation left out."""
        sums = [counts.as_dict() for counts in self.counts.values()]
        return Counts(**{name: sum(each[name] for each in sums) for name in Counts.__annotations__})

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {table: counts.as_dict() for table, counts in self.counts.items()}


def plan(
    staged: Staged, lake: Lake, versions: Mapping[str, int], *, taken: FullSnapshot | None = None
) -> Plan:
    """Count what each staged fact table would create and update in the published versions.

    A full snapshot (`taken`) also retires what it no longer has, and tells which stages and owners changed.
    """
    forget_retired(staged)
    if taken is not None:
        require_covered(staged, taken)
    counts: dict[str, Counts] = {}
    derived: dict[str, StagedTable] = {}
    for name, table in staged.facts.items():
        counts[name], changes = _held_against(staged, table, lake, versions, taken)
        derived |= changes
    counts |= {name: Counts(0, 0, 0, 0, 0, derived=table.rows) for name, table in derived.items()}
    base = {table: versions[table] for table in counts if table in versions}
    return Plan(staged=replace(staged, facts={**staged.facts, **derived}), counts=counts, base=base)


def _held_against(
    staged: Staged, table: StagedTable, lake: Lake, versions: Mapping[str, int], taken: FullSnapshot | None
) -> tuple[Counts, dict[str, StagedTable]]:
    """The counts of one table, and the changes that it tells of others."""
    version = versions.get(table.name)
    if version is None or not (table.rows or taken):
        return _counted(table, created=table.rows), {}
    with comparison(table, lake, version) as connection:
        created, updated, same = connection.execute(
            "SELECT count(*) FILTER (NOT _found), count(*) FILTER (_found AND NOT _same), "
            "count(*) FILTER (_found AND _same) FROM compared"
        ).fetchall()[0]
        counts = _counted(table, created=created, updated=updated, same=same)
        if taken is None:
            return counts, {}
        gone = retire(connection, table, lake.columns(table.name, version), taken)
        if gone.retired:
            write_retired(connection, staged.folder, table.name)
        changes = derive(connection, staged, lake, versions, taken) if table.name == OPPORTUNITIES else {}
        return replace(counts, **_told(gone)), changes


def _counted(table: StagedTable, *, created: int, updated: int = 0, same: int = 0) -> Counts:
    return Counts(
        read=table.read,
        created=created,
        updated=updated,
        unchanged=same + table.duplicates,
        rejected=table.rejected,
    )


def _told(gone: Retiring) -> dict[str, int]:
    return {"retired": gone.retired, "held": gone.held, "spared": gone.spared}


@contextmanager
def comparison(staged: StagedTable, lake: Lake, version: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the views `staged` and `stored`, and `compared`: key, _found, _same.

    Only the columns that the import has are held against the stored ones; the others keep their values.
    """
    spec = table_spec(staged.name)
    stored = lake.columns(staged.name, version)
    key = spec.key
    same = " AND ".join(
        f"s.{sql.name(name)} IS NOT DISTINCT FROM "
        + (f"t.{sql.name(name)}" if name in stored else f"NULL::{sql.DUCK[kind]}")
        for name, kind in staged.schema.items()
        if name not in key
    )
    on = " AND ".join(f"s.{sql.name(name)} = t.{sql.name(name)}" for name in key)
    spill = lake.staging / "spill"
    spill.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute("SET memory_limit = '900MiB'")
        connection.execute(f"SET temp_directory = {sql.text(str(spill))}")
        connection.execute("SET threads = 2")
        connection.execute("SET preserve_insertion_order = false")
        schema = {**staged.schema, IMPORT_COLUMN: "text"}
        connection.execute(f"CREATE VIEW staged AS {sql.parquet(staged.files, schema)}")
        connection.execute(f"CREATE VIEW stored AS {sql.parquet(lake.files(staged.name, version), stored)}")
        keys = ", ".join(f"s.{sql.name(name)}" for name in key)
        connection.execute(
            f"CREATE TEMP VIEW compared AS SELECT {keys}, t.{sql.name(key[0])} IS NOT NULL AS _found, "
            f"({same or 'true'}) AS _same FROM staged s LEFT JOIN stored t ON {on}"
        )
        yield connection

"""Staging an import: files and a mapping to typed Parquet, in a child process."""

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from steelyard.lake.imports.limits import Limits
from steelyard.lake.imports.mapping import ImportMapping
from steelyard.lake.imports.originals import Original
from steelyard.lake.imports.process import Progress, run_child
from steelyard.lake.store import Lake


@dataclass(frozen=True)
class StagedTable:
    """Typed rows of one table, each key once; `duplicates` are rows equal to an earlier one.

    `unread` is a file with the keys of the rejected rows, as far as they can be told. `dropped` counts rows
    that are no records, totals and notes; `left_out` shows the first of them. `ties` are rows whose key
    another has, and that were moved by an instant.
    """

    name: str
    read: int
    rows: int
    duplicates: int
    rejected: int
    files: tuple[str, ...]
    file_rows: tuple[int, ...]
    schema: Mapping[str, str]
    read_as: Mapping[str, Mapping[str, str]]
    dropped: int = 0
    left_out: Sequence[Mapping[str, Any]] = ()
    unread: str = ""
    ties: int = 0


@dataclass(frozen=True)
class Staged:
    """What an import brings: facts for the lake, the organisation for SQL, and rejects."""

    import_id: str
    folder: Path
    facts: Mapping[str, StagedTable]
    organisation: Mapping[str, StagedTable]
    files: Sequence[Mapping[str, Any]]
    names: Sequence[str]

    def rejects(self, *, limit: int = 1000, offset: int = 0) -> list[dict[str, Any]]:
        """Rejected cells in the order of the files: table, file, line, column, code, value."""
        return rejects_in(self.folder, self.names, limit=limit, offset=offset)

    def organisation_rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of `people`, `teams`, `memberships` or `manager_links`, to be written to SQL."""
        staged = self.organisation[table]
        return [
            {name: row[name] for name in staged.schema}
            for file in staged.files
            for row in pq.read_table(file).to_pylist()
        ]


def discard_rows(staged: Staged) -> None:
    """Remove what was staged and keep the rejects, which are shown for as long as the import is."""
    for table in (*staged.facts.values(), *staged.organisation.values()):
        shutil.rmtree(staged.folder / table.name, ignore_errors=True)
        if table.unread:
            Path(table.unread).unlink(missing_ok=True)


def rejects_in(
    folder: Path, names: Sequence[str], *, limit: int = 1000, offset: int = 0
) -> list[dict[str, Any]]:
    """The rejected cells that a staging folder keeps, however long ago it was staged."""
    path = folder / "rejects.parquet"
    if not path.exists():
        return []
    rows = pq.read_table(path).slice(offset, limit).to_pylist()
    return [{"file": _place(names[row.pop("_file")], row.pop("sheet", "")), **row} for row in rows]


def _place(name: str, sheet: str) -> str:
    """The file, and of a workbook with several sheets the sheet: a line alone would not be found."""
    return f"{name} · {sheet}" if sheet else name


def stage(
    originals: Sequence[Original],
    mapping: ImportMapping,
    *,
    lake: Lake,
    import_id: str,
    limits: Limits | None = None,
    tables: Iterable[str] = (),
    versions: Mapping[str, int] | None = None,
    zone: str = "UTC",
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Staged:
    """Parse the originals into `staging/<import id>`; Refused when they cannot be read.

    `tables` restricts what the mapping feeds; `versions` tell which extra columns are numbers already. The
    lake keeps times as clocks on the wall show them: one that names its zone is brought to those of `zone`.
    """
    known = {table: lake.columns(table, version) for table, version in (versions or {}).items()}
    folder = lake.staging / import_id
    answer = run_child(
        "stage",
        folder,
        limits=limits or Limits.command_line(),
        given={
            "originals": [each.as_dict() for each in originals],
            "mapping": mapping.document,
            "tables": list(tables),
            "known": known,
            "import_id": import_id,
            "zone": zone,
        },
        progress=progress,
        cancelled=cancelled,
    )
    staged = {name: (_table(name, each), each["organisation"]) for name, each in answer["tables"].items()}
    return Staged(
        import_id=import_id,
        folder=folder,
        facts={name: table for name, (table, organisation) in staged.items() if not organisation},
        organisation={name: table for name, (table, organisation) in staged.items() if organisation},
        files=answer["files"],
        names=[each.name for each in originals],
    )


def _table(name: str, found: Mapping[str, Any]) -> StagedTable:
    return StagedTable(
        name=name,
        read=found["read"],
        rows=sum(each["rows"] for each in found["files"]),
        duplicates=found["duplicates"],
        rejected=found["rejected"],
        files=tuple(each["path"] for each in found["files"]),
        file_rows=tuple(each["rows"] for each in found["files"]),
        schema=found["schema"],
        read_as=found["read_as"],
        dropped=found["dropped"],
        left_out=found["left_out"],
        unread=found.get("unread", ""),
        ties=found.get("ties", 0),
    )

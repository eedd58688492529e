"""The lake: business facts as Delta tables in one folder."""

import secrets
import shutil
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from steelyard.errors import Refused
from steelyard.lake import delta, facts
from steelyard.lake.digest import digest_of
from steelyard.lake.facts import Facts
from steelyard.lake.locks import file_lock


class Lake:
    """A folder with `tables/` (Delta), `originals/`, `staging/` and one lock.

    Versions are Delta's; which versions belong together and are published is the SQL database's to say.
    """

    def __init__(self, root: Path) -> None:
        self.root = Path(root).resolve()
        self.tables = self.root / "tables"
        self.originals = self.root / "quarantine" / "originals"
        self.staging = self.root / "staging"
        self._files: dict[tuple[str, int], list[str]] = {}
        self._files_lock = threading.Lock()

    def versions(self) -> dict[str, int]:
        """Table → newest version on disk, published or not."""
        return {path.name: delta.head(path) for path in self._paths()}

    def columns(self, table: str, version: int) -> dict[str, str]:
        """Column → kind ("text", "money", …) of a version, with `_import`."""
        return delta.columns(self.path(table), version)

    def rows(self, table: str, version: int) -> int:
        """How many rows a version has, from the files' own footers."""
        return sum(pq.read_metadata(each).num_rows for each in self.files(table, version))

    def files(self, table: str, version: int) -> list[str]:
        """The active Parquet files of a version; a version never changes, so they are kept in memory."""
        key = (table, version)
        with self._files_lock:
            if key in self._files:
                return self._files[key]
        found = delta.files(self.path(table), version)
        with self._files_lock:
            self._files[key] = found
        return found

    def open(
        self, versions: Mapping[str, int], *, threads: int = 2, memory_limit: str = "1GB"
    ) -> AbstractContextManager[Facts]:
        """The tables of these versions, to read through Ibis; nothing outside the lake can be reached."""
        return facts.opened(self, versions, threads=threads, memory_limit=memory_limit)

    def digest(self, table: str, version: int) -> str:
        """A digest of the content that depends on no order of rows or files, nor on who imported a row."""
        return digest_of(self.files(table, version), self.columns(table, version))

    @contextmanager
    def lock(self, *, timeout: float = 600.0) -> Iterator[None]:
        """The writer's lock, held from plan to publish; Refused("lake.busy", 503) after the timeout."""
        with file_lock(self.root / "writer.lock", timeout=timeout):
            yield

    def path(self, table: str) -> Path:
        """The folder of a table."""
        if not table.isidentifier():
            raise Refused("lake.unknown-table", 404, table=table)
        return self.tables / table

    def restore(self, table: str, version: int, *, import_id: str = "") -> int:
        """Undo: make the content of an older version the newest one; the version that then stands."""
        with self.lock():
            if delta.head(self.path(table)) == version:
                return version
            metadata = {"restored": str(version), "import": import_id}
            return delta.restore(self.path(table), version, metadata=metadata)

    def clear(self, table: str, *, import_id: str = "") -> int:
        """Undo a table's first import: a version without a row; older versions stay readable."""
        with self.lock():
            path = self.path(table)
            version = delta.head(path)
            files = [Path(each) for each in self.files(table, version)]
            schema = self.columns(table, version)
            return delta.commit(path, schema=schema, remove=files, metadata={"import": import_id})

    def recover(self, published: Mapping[str, int]) -> dict[str, int]:
        """Take away what was committed and never published; table → version that now stands on top.

        A table that was never published is moved aside; on any other the published version is restored.
        Call it under the lock, at start and before a write.
        """
        with self.lock():
            changed = self.recover_tables([path.name for path in self._paths()], published)
            for orphan in (each for path in self._paths() for each in delta.orphans(path)):
                shutil.rmtree(orphan) if orphan.is_dir() else orphan.unlink()
        return changed

    def recover_tables(self, tables: Iterable[str], published: Mapping[str, int]) -> dict[str, int]:
        """The same for these tables alone."""
        changed: dict[str, int] = {}
        for path in (self.path(table) for table in tables):
            if path.name not in published:
                if delta.exists(path):
                    self._move_aside(path)
                    changed[path.name] = -1
            elif not self._stands_on(path, published[path.name]):
                changed[path.name] = self.restore(path.name, published[path.name])
        return changed

    def write_frozen(self, name: str, table: pa.Table, *, import_id: str = "") -> int:
        """Replace a frozen organisation table; the same content keeps its version."""
        with self.lock():
            path = self.path(name)
            schema = {field.name: delta.kind_of(field.type) for field in table.schema}
            table = table.cast(pa.schema([(n, delta.arrow_type(kind)) for n, kind in schema.items()]))
            path.mkdir(parents=True, exist_ok=True)
            version = delta.head(path) if delta.exists(path) else None
            file = path / f"frozen-{0 if version is None else version + 1}-{secrets.token_hex(4)}.parquet"
            pq.write_table(table, file)
            same = version is not None and self.columns(name, version) == schema
            if same and version is not None and digest_of([str(file)], schema) == self.digest(name, version):
                file.unlink()
                return version
            old = [] if version is None else [Path(each) for each in self.files(name, version)]
            return delta.commit(
                path,
                schema=schema,
                add=[(file, table.num_rows)],
                remove=old,
                metadata={"import": import_id},
            )

    def _paths(self) -> list[Path]:
        if not self.tables.is_dir():
            return []
        return sorted(path for path in self.tables.iterdir() if delta.exists(path))

    def _stands_on(self, path: Path, version: int) -> bool:
        """Whether the newest version is the published one, or says that it restores just that one."""
        newest = delta.head(path)
        return newest == version or delta.metadata_of(path, newest).get("restored") == str(version)

    def _move_aside(self, path: Path) -> None:
        aside = self.root / "unpublished" / path.name
        shutil.rmtree(aside, ignore_errors=True)
        aside.parent.mkdir(parents=True, exist_ok=True)
        path.rename(aside)

"""A lake in a temporary folder and an importer that plays the caller: it keeps the published versions."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from steelyard.lake.imports.apply import apply
from steelyard.lake.imports.limits import Limits
from steelyard.lake.imports.mapping import ImportMapping
from steelyard.lake.imports.originals import keep_original
from steelyard.lake.imports.plan import Plan, plan
from steelyard.lake.imports.stage import Staged, stage
from steelyard.lake.store import Lake
from tests.shared import SHARED

ROOT = Path(__file__).parents[2]
# Small, so that a bomb needs no real size and a hang no real patience.
LIMITS = Limits(seconds=60, memory=1 << 30, free_expansion=1 << 20, unpacked=1 << 28, size=64 << 20)


class Importer:
    """Runs imports into one lake and holds what would be the newest snapshot."""

    def __init__(self, lake: Lake) -> None:
        self.lake = lake
        self.versions: dict[str, int] = {}
        self.last: Staged | None = None
        self.count = 0
        self.limits = LIMITS

    def stage(
        self, files: Sequence[Path], mapping: Mapping[str, Any] | ImportMapping, **options: Any
    ) -> Staged:
        """Keep and stage the files."""
        self.count += 1
        limits = options.pop("limits", self.limits)
        originals = [keep_original(Path(file), self.lake.root, limits=limits) for file in files]
        parsed = mapping if isinstance(mapping, ImportMapping) else ImportMapping.parse(mapping)
        self.last = stage(
            originals,
            parsed,
            lake=self.lake,
            import_id=f"import{self.count}",
            limits=limits,
            versions=self.versions,
            **options,
        )
        return self.last

    def run(self, files: Sequence[Path], mapping: Mapping[str, Any] | ImportMapping, **options: Any) -> Plan:
        """A whole import, published."""
        staged = self.stage(files, mapping, **options)
        with self.lake.lock():
            planned = plan(staged, self.lake, self.versions)
            self.versions.update(apply(planned, self.lake, staged.import_id))
        for counts in planned.counts.values():
            assert counts.read == counts.created + counts.updated + counts.unchanged + counts.rejected
        return planned

    def rejects(self) -> list[tuple[Any, Any, Any]]:
        """(line, column, code) of what the last import rejected."""
        assert self.last is not None
        return [(each["line"], each["column"], each["code"]) for each in self.last.rejects()]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows that a query finds in the published versions."""
        with self.lake.open(self.versions) as facts:
            return facts.connection.con.execute(query).fetchall()


@pytest.fixture(scope="session")
def importer_on() -> Callable[[Path], Importer]:
    """Makes an importer for a lake in a folder."""
    return lambda folder: Importer(Lake(folder))


@pytest.fixture
def importer(tmp_path: Path, importer_on: Callable[[Path], Importer]) -> Importer:
    return importer_on(tmp_path / "lake")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    folder = SHARED
    if not folder.is_dir():
        pytest.skip("the shared data are not here (STEELYARD_SHARED_DATA)")
    return folder


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Write a file into the temporary folder."""

    def written(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return written

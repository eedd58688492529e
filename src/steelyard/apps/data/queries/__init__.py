"""Reads of sources, imports and snapshots, and the one door to the facts themselves."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404

from steelyard.apps.data.models import Import, Snapshot, Source
from steelyard.apps.data.queries.retired import changes

if TYPE_CHECKING:
    from steelyard.lake.facts import Facts
    from steelyard.lake.pool import Pool
    from steelyard.lake.store import Lake


Generation = tuple[int, int]


def lake() -> "Lake":
    return _lake(lake_root(), generation())


def lake_root() -> Path:
    return Path(settings.STEELYARD_DATA) / "lake"


def generation() -> Generation:
    """Which folder of tables this is: another process may have put a rebuilt one in its place."""
    try:
        found = (lake_root() / "tables").stat()
    except FileNotFoundError:
        return (0, 0)
    return (found.st_ino, found.st_ctime_ns)


# What is known of the files of one folder of tables holds for that folder alone.
@lru_cache(maxsize=1)
def _lake(root: Path, generation: Generation) -> "Lake":
    from steelyard.lake.store import Lake

    return Lake(root)


@lru_cache(maxsize=1)
def _pool(root: Path, generation: Generation) -> "Pool[Facts]":
    from steelyard.engine.kpi import prepared
    from steelyard.engine.namesakes import answered
    from steelyard.lake.pool import Pool

    return Pool(
        _lake(root, generation), lambda opened: replace(opened, tables=prepared(answered(opened.tables)))
    )


def newest_snapshot() -> Snapshot | None:
    return Snapshot.objects.first()


def newest_versions() -> dict[str, int]:
    snapshot = newest_snapshot()
    return dict(snapshot.versions) if snapshot else {}


@contextmanager
def facts(versions: Mapping[str, int]) -> Iterator["Facts"]:
    """The facts of a snapshot, open to read; whose rows an actor may see is the caller's query to say."""
    with _pool(lake_root(), generation()).open(versions) as opened:
        yield opened


def data_date(viewer: Any) -> datetime.date | None:
    """Up to which day the newest snapshot tells."""
    snapshot = newest_snapshot()
    return snapshot.data_to if snapshot else None


def imports_seen_by(viewer: Any) -> QuerySet[Import]:
    """The journal of imports is for those who keep data."""
    from steelyard.apps.access.policy import can

    if not can(viewer, "data.import"):
        return Import.objects.none()
    return Import.objects.select_related("source", "actor")


def sources_seen_by(viewer: Any) -> QuerySet[Source]:
    from steelyard.apps.access.policy import can

    return Source.objects.all() if can(viewer, "data.sources") else Source.objects.none()


def holdings_seen_by(viewer: Any) -> dict[str, list[dict[str, Any]]]:
    """Tables with their rows and columns, sources with their imports, snapshots from the newest."""
    from steelyard.apps.access.policy import authorize

    authorize(viewer, "data.see")
    sources = Source.objects.annotate(count=Count("imports"))
    snapshots = Snapshot.objects.values("pk", "cause", "created_at", "data_to")
    return {
        "tables": [table_holding(name, version) for name, version in sorted(newest_versions().items())],
        "sources": [{"source": each.name, "imports": each.count} for each in sources],
        "snapshots": [
            {
                "snapshot": each["pk"],
                "cause": each["cause"],
                "made": each["created_at"].isoformat(timespec="seconds"),
                "data_to": each["data_to"] and each["data_to"].isoformat(),
            }
            for each in snapshots
        ],
    }


def table_holding(table: str, version: int) -> dict[str, Any]:
    columns = [name for name in lake().columns(table, version) if not name.startswith("_")]
    return {"table": table, "rows": lake().rows(table, version), "columns": len(columns), "version": version}


def rejects_of(viewer: Any, taken: Import, *, limit: int, offset: int = 0) -> list[dict[str, Any]]:
    """Rejected cells of the last reading: table, file, line, column, code, value; then people and teams."""
    from steelyard.apps.access.policy import authorize
    from steelyard.lake.imports.stage import rejects_in

    authorize(viewer, "data.import", taken)
    folder = lake().staging / taken.public_id
    staged = rejects_in(folder, taken.file_names, limit=limit, offset=offset)
    start = max(0, offset - _staged_rejects(folder))
    rest = taken.counts.get("organisation_rejects", [])[start : start + limit - len(staged)]
    return staged + [{"file": "", "column": "", "value": "", "line": each["row"], **each} for each in rest]


class Rejects(Sequence[dict[str, Any]]):
    """All rejected cells of an import as a list that reads only the part that is asked for."""

    def __init__(self, viewer: Any, taken: Import) -> None:
        self.viewer, self.taken = viewer, taken

    def __len__(self) -> int:
        folder = lake().staging / self.taken.public_id
        return _staged_rejects(folder) + len(self.taken.counts.get("organisation_rejects", []))

    def __getitem__(self, part: Any) -> Any:
        span = part if isinstance(part, slice) else slice(part, part + 1)
        start, stop, _step = span.indices(len(self))
        found = rejects_of(self.viewer, self.taken, limit=stop - start, offset=start)
        return found if isinstance(part, slice) else found[0]


def _staged_rejects(folder: Path) -> int:
    import pyarrow.parquet as pq

    path = folder / "rejects.parquet"
    return int(pq.read_metadata(path).num_rows) if path.exists() else 0


@dataclass(frozen=True)
class Holding:
    """A table as the data room lists it: how many rows, and the import that changed it last."""

    table: str
    rows: int
    changed: Import | None

    @property
    def changed_at(self) -> datetime.datetime | None:
        return self.changed.published_at if self.changed else None


def tables_seen_by(viewer: Any) -> list[Holding]:
    """The tables of facts in the newest snapshot; people and teams are shown in their own room."""
    from steelyard.apps.access.policy import authorize

    authorize(viewer, "data.see")
    changes = _last_changes()
    return [
        Holding(table, lake().rows(table, version), changes.get(table))
        for table, version in sorted(newest_versions().items())
        if not table.startswith("org_")
    ]


def import_seen_by(viewer: Any, public_id: str) -> Import:
    return get_object_or_404(imports_seen_by(viewer), public_id=public_id)


def source_seen_by(viewer: Any, name: str) -> Source:
    return get_object_or_404(sources_seen_by(viewer), name=name)


def is_undoable(taken: Import) -> bool:
    """Whether taking it back would change a table; of a snapshot, also that it was ever taken."""
    tables = taken.counts.get("tables", {}).values()
    has_changed = any("retired" in each and changes(each) for each in tables)
    return taken.state == Import.State.PUBLISHED and (has_changed or taken.is_snapshot)


def _last_changes() -> dict[str, Import]:
    found: dict[str, Import] = {}
    published = Import.objects.filter(state=Import.State.PUBLISHED).select_related("source")
    for taken in published.defer("inspections", "mapping").order_by("-published_at"):
        for table, counts in taken.counts.get("tables", {}).items():
            if changes(counts):
                found.setdefault(table, taken)
    return found

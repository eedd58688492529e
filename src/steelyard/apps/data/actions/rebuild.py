"""The lake made anew from the kept originals, equal by content, and put in place in one step."""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from steelyard.apps.access.policy import authorize, record
from steelyard.apps.data.actions.history import History, full_snapshot
from steelyard.apps.data.actions.imports import staged_for
from steelyard.apps.data.actions.snapshots import declare_rebuilt, finish_rebuild, rebuilt_root, writing
from steelyard.apps.data.models import Import, Snapshot
from steelyard.apps.data.queries import lake
from steelyard.apps.jobs.actions import JobHandle
from steelyard.errors import Refused
from steelyard.lake.imports.apply import apply
from steelyard.lake.imports.plan import plan
from steelyard.lake.store import Lake


def rebuild(handle: JobHandle) -> dict[str, Any]:
    """Replay every snapshot's cause in order; refuse, and change nothing, where content differs."""
    authorize(handle.actor, "data.import")
    with writing():
        history = History.load()
        fresh = Lake(rebuilt_root())
        shutil.rmtree(fresh.root, ignore_errors=True)
        fresh.tables.mkdir(parents=True)
        versions: dict[int, dict[str, int]] = {}
        for place, snapshot in enumerate(history.snapshots):
            handle.progress(place, len(history.snapshots), "replaying")
            replay = _Replay(handle, fresh, history, history.snapshots[place - 1] if place else None)
            versions[snapshot.pk] = replay.of(snapshot, versions)
            _require_equal(snapshot, fresh, versions[snapshot.pk])
        handle.raise_if_stopped()
        declare_rebuilt(versions)
        finish_rebuild()
        record(handle.actor, "data.rebuild", None, snapshots=len(history.snapshots))
    last = history.snapshots[-1].pk if history.snapshots else 0
    return {"snapshots": len(history.snapshots), "tables": len(versions.get(last, {}))}


@dataclass(frozen=True)
class _Replay:
    """The making of one snapshot anew, on what stood at the one before it."""

    handle: JobHandle
    fresh: Lake
    history: History
    earlier: Snapshot | None

    @property
    def moment(self) -> int:
        return self.earlier.pk if self.earlier else 0

    def of(self, snapshot: Snapshot, known: Mapping[int, dict[str, int]]) -> dict[str, int]:
        versions = dict(known[self.moment]) if self.earlier else {}
        cause, taken = snapshot.cause, snapshot.import_record
        if cause == Snapshot.Cause.IMPORT and taken:
            versions |= self.applied(taken, versions, self.history.before(taken, self.moment))
        if cause == Snapshot.Cause.UNDO and taken:
            versions |= self.undone(taken, versions, known)
        return versions | _thaw(self.fresh, snapshot)

    def undone(
        self, taken: Import, versions: dict[str, int], known: Mapping[int, dict[str, int]]
    ) -> dict[str, int]:
        tables = self.history.tables_of(taken, self.moment) & set(versions)
        since, replayed = self.history.way_without(taken, tables, self.moment)
        then = known[since.pk] if since else {}
        for table in sorted(tables):
            known_then = table in then
            versions[table] = (
                self.fresh.restore(table, then[table]) if known_then else self.fresh.clear(table)
            )
        for later in replayed:
            before = [each for each in self.history.before(later, self.moment) if each.pk != taken.pk]
            versions |= self.applied(later, versions, before, only=tables)
        return versions

    def applied(
        self, taken: Import, versions: dict[str, int], before: list[Import], *, only: Iterable[str] = ()
    ) -> dict[str, int]:
        with staged_for(self.handle, taken, only=only, into=self.fresh, versions=versions) as staged:
            planned = plan(staged, self.fresh, versions, taken=full_snapshot(taken, before))
            return apply(planned, self.fresh, taken.public_id)


def _thaw(fresh: Lake, snapshot: Snapshot) -> dict[str, int]:
    """The organisation as it was frozen with this snapshot."""
    import pyarrow.parquet as pq

    return {
        name: fresh.write_frozen(name, pq.read_table(lake().originals / sha256))
        for name, sha256 in snapshot.organisation.items()
    }


def _require_equal(snapshot: Snapshot, fresh: Lake, versions: dict[str, int]) -> None:
    for table, version in snapshot.versions.items():
        if fresh.digest(table, versions[table]) != lake().digest(table, version):
            raise Refused("rebuild.differs", 409, table=table, snapshot=snapshot.pk)

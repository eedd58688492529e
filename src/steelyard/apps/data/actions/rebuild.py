"""The lake made anew from the kept originals, equal by content, and put in place in one step."""

import shutil
from collections.abc import Iterable
from typing import Any

from steelyard.apps.access.policy import authorize, record
from steelyard.apps.data.actions.imports import fact_tables, later_imports, snapshot_before, staged_for
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
        snapshots = list(Snapshot.objects.order_by("pk"))
        fresh = Lake(rebuilt_root())
        shutil.rmtree(fresh.root, ignore_errors=True)
        fresh.tables.mkdir(parents=True)
        versions: dict[int, dict[str, int]] = {}
        for place, snapshot in enumerate(snapshots):
            handle.progress(place, len(snapshots), "replaying")
            versions[snapshot.pk] = _replay(handle, fresh, snapshot, versions)
            _require_equal(snapshot, fresh, versions[snapshot.pk])
        handle.raise_if_stopped()
        declare_rebuilt(versions)
        finish_rebuild()
        record(handle.actor, "data.rebuild", None, snapshots=len(snapshots))
    return {"snapshots": len(snapshots), "tables": len(versions[snapshots[-1].pk]) if snapshots else 0}


def _replay(
    handle: JobHandle, fresh: Lake, snapshot: Snapshot, known: dict[int, dict[str, int]]
) -> dict[str, int]:
    before = Snapshot.objects.filter(pk__lt=snapshot.pk).first()
    versions = dict(known[before.pk]) if before else {}
    if snapshot.cause == Snapshot.Cause.IMPORT and snapshot.import_record:
        versions |= _apply(handle, fresh, snapshot.import_record, versions)
    if snapshot.cause == Snapshot.Cause.UNDO and snapshot.import_record:
        versions |= _replay_undo(handle, fresh, snapshot, versions, known)
    return versions | _thaw(fresh, snapshot)


def _replay_undo(
    handle: JobHandle,
    fresh: Lake,
    snapshot: Snapshot,
    versions: dict[str, int],
    known: dict[int, dict[str, int]],
) -> dict[str, int]:
    undone = snapshot.import_record
    assert undone is not None  # noqa: S101  an undo names its import
    earlier = snapshot_before(undone)
    then = known[earlier.pk] if earlier else {}
    for table in sorted(fact_tables(undone)):
        versions[table] = fresh.restore(table, then[table]) if table in then else fresh.clear(table)
    for later in _standing_then(later_imports(undone, even_undone=True), snapshot):
        versions |= _apply(handle, fresh, later, versions, only=fact_tables(undone))
    return versions


def _standing_then(imports: Iterable[Import], snapshot: Snapshot) -> list[Import]:
    """Of these imports, the ones that were published and not yet undone when the snapshot was made."""
    gone = set(
        Snapshot.objects.filter(cause=Snapshot.Cause.UNDO, pk__lt=snapshot.pk).values_list(
            "import_record", flat=True
        )
    )
    came = Snapshot.objects.filter(cause=Snapshot.Cause.IMPORT, pk__lt=snapshot.pk)
    here = set(came.values_list("import_record", flat=True))
    return [each for each in imports if each.pk in here and each.pk not in gone]


def _apply(
    handle: JobHandle, fresh: Lake, taken: Import, versions: dict[str, int], *, only: Iterable[str] = ()
) -> dict[str, int]:
    with staged_for(handle, taken, only=only, into=fresh, versions=versions) as staged:
        return apply(plan(staged, fresh, versions), fresh, taken.public_id)


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

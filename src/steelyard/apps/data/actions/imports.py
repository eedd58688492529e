"""An import's way: taken in, mapped, checked, published, undone."""

import csv
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from steelyard.apps.access.policy import authorize, record
from steelyard.apps.data.actions.snapshots import publish_snapshot, settle, writing
from steelyard.apps.data.models import Import, Snapshot, Source
from steelyard.apps.data.queries import lake, newest_versions
from steelyard.apps.jobs.actions import Actor, JobHandle, account_of
from steelyard.apps.people.actions import import_organisation
from steelyard.errors import Refused
from steelyard.lake.imports.apply import apply
from steelyard.lake.imports.inspect import Inspection, inspect
from steelyard.lake.imports.limits import Limits
from steelyard.lake.imports.mapping import ImportMapping
from steelyard.lake.imports.originals import Original, keep_original
from steelyard.lake.imports.plan import Plan, plan
from steelyard.lake.imports.stage import Staged, discard_rows, stage
from steelyard.lake.store import Lake

OPEN = (Import.State.UPLOADED, Import.State.CHECKED)
COUNTED = ("read", "created", "updated", "unchanged", "rejected")


def take_in(
    actor: Actor,
    files: Iterable[tuple[str, Path]],
    *,
    limits: Limits,
    table: str = "all",
    mapping: Mapping[str, Any] | None = None,
    may: str = "data.import",
) -> Import:
    """Keep the files as they are, look into them, and propose how to read them (into `table`, if said).

    Where a mapping is known already, they are looked at as it reads them.
    """
    authorize(actor, may)
    originals = [keep_original(path, lake().root, limits=limits, name=name) for name, path in files]
    if not originals:
        raise Refused("import.no-file")
    named = "" if table == "all" else table
    reads = _reads(originals, mapping)
    inspections = [
        inspect(original, limits=limits, table=named, read=read)
        for original, read in zip(originals, reads, strict=True)
    ]
    with transaction.atomic():
        taken = Import.objects.create(
            actor=account_of(actor),
            originals=[original.as_dict() for original in originals],
            inspections=[inspection.as_dict() for inspection in inspections],
            mapping=detected_mapping(inspections),
        )
        record(actor, "data.take-in", taken, files=taken.file_names)
    return taken


def _reads(originals: Sequence[Original], mapping: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """How a mapping reads each file."""
    if mapping is None:
        return [{} for _ in originals]
    parsed = ImportMapping.parse(mapping)
    return [parsed.reading(each.name, parsed.aliases(each.name)[0]) for each in originals]


def detected_mapping(inspections: Sequence[Inspection]) -> dict[str, Any]:
    """The likeliest table of each file; files that feed the same table are read as one."""
    best = {each.name: each.suggestions[0] for each in inspections if each.suggestions}
    tables = {suggestion.table for suggestion in best.values()}
    if len(tables) == 1:
        first = next(iter(best.values()))
        return {"table": first.table, "columns": dict(first.columns)}
    return {
        "files": {suggestion.table: name for name, suggestion in best.items()},
        "tables": {each.table: {"from": each.table, "columns": dict(each.columns)} for each in best.values()},
    }


def set_mapping(actor: Actor, taken: Import, mapping: Mapping[str, Any], *, may: str = "data.import") -> None:
    """Say how to read the files; a source with a name remembers it for the next time."""
    authorize(actor, may, taken)
    parsed = ImportMapping.parse(mapping)
    with transaction.atomic():
        locked = Import.objects.select_for_update().get(pk=taken.pk)
        if locked.state not in OPEN:
            raise Refused("import.already-decided", 409, state=locked.state)
        locked.mapping = dict(parsed.document)
        locked.state = Import.State.UPLOADED
        locked.counts = {}
        if parsed.source:
            remembered = {"mapping": locked.mapping}
            locked.source, _ = Source.objects.update_or_create(name=parsed.source, defaults=remembered)
        locked.save(update_fields=["mapping", "state", "counts", "source"])
        record(actor, "data.set-mapping", locked, source=parsed.source)
    taken.refresh_from_db()


def discard(actor: Actor, taken: Import) -> None:
    """Drop an import that was never published; its originals stay."""
    authorize(actor, "data.import", taken)
    with transaction.atomic():
        if not Import.objects.filter(pk=taken.pk, state__in=OPEN).update(state=Import.State.DISCARDED):
            raise Refused("import.already-decided", 409, state=taken.state)
        record(actor, "data.discard", taken)
    taken.refresh_from_db()


def check(handle: JobHandle, taken: Import) -> dict[str, Any]:
    """The dry run: read everything, compare it with what is there, change nothing."""
    settle()
    with staged_for(handle, taken) as staged:
        planned = plan(staged, lake(), newest_versions())
        with transaction.atomic():
            organisation = _take_organisation(handle, staged)
            transaction.set_rollback(True)
    counts = counts_of(planned, organisation)
    with transaction.atomic():
        Import.objects.filter(pk=taken.pk, state__in=OPEN).update(counts=counts, state=Import.State.CHECKED)
        record(handle.actor, "data.check", taken, **counts["total"])
    return counts


def publish(handle: JobHandle, taken: Import) -> dict[str, Any]:
    """Commit the rows to the lake and publish one snapshot; a second run finds it done."""
    taken.refresh_from_db()
    if taken.state == Import.State.PUBLISHED:
        return taken.counts
    if taken.state not in OPEN:
        raise Refused("import.already-decided", 409, state=taken.state)
    settle()
    with staged_for(handle, taken) as staged, writing() as base:
        handle.progress(0, 0, "publishing")
        planned = plan(staged, lake(), base)
        versions = {**base, **apply(planned, lake(), taken.public_id)}
        handle.raise_if_stopped()
        with transaction.atomic():
            organisation = _take_organisation(handle, staged)
            snapshot = publish_snapshot(handle.actor, Snapshot.Cause.IMPORT, taken, versions)
            counts = counts_of(planned, organisation) | {"snapshot": snapshot.pk}
            Import.objects.filter(pk=taken.pk).update(
                counts=counts, state=Import.State.PUBLISHED, published_at=timezone.now()
            )
            record(handle.actor, "data.publish", taken, snapshot=snapshot.pk, **counts["total"])
    return counts


def undo(handle: JobHandle, taken: Import) -> dict[str, Any]:
    """Take an import back as one unit; later imports of the same tables are replayed on top."""
    taken.refresh_from_db()
    if taken.state == Import.State.UNDONE:
        return {"replayed": 0}
    with writing() as base:
        before = versions_before(taken)
        replayed = later_imports(taken)
        tables = fact_tables(taken)
        versions = base | {table: _taken_back(table, before.get(table), taken) for table in tables}
        for place, later in enumerate(replayed):
            handle.progress(place, len(replayed), "replaying")
            with staged_for(handle, later, only=tables) as staged:
                versions |= apply(plan(staged, lake(), versions), lake(), later.public_id)
        with transaction.atomic():
            snapshot = publish_snapshot(handle.actor, Snapshot.Cause.UNDO, taken, versions)
            Import.objects.filter(pk=taken.pk).update(state=Import.State.UNDONE)
            record(handle.actor, "data.undo", taken, snapshot=snapshot.pk, replayed=len(replayed))
    return {"snapshot": snapshot.pk, "replayed": len(replayed)}


def import_rows(
    actor: Actor,
    *,
    table: str,
    rows: Sequence[Mapping[str, Any]],
    source: str,
    may: str = "data.import",
) -> Import:
    """Rows that were typed in take the way of every file: kept, mapped, checked, published, undoable.

    `may` is the right asked for: who may set targets need not be allowed to import files.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{table}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        taken = take_in(actor, [(path.name, path)], limits=Limits.browser(), may=may)
    columns = {name: name for name in rows[0]}
    set_mapping(actor, taken, {"source": source, "table": table, "columns": columns}, may=may)
    return taken


def later_imports(taken: Import, *, even_undone: bool = False) -> list[Import]:
    """Published imports after this one that touched a fact table of its own, oldest first."""
    states = [Import.State.PUBLISHED, *([Import.State.UNDONE] if even_undone else [])]
    after = Import.objects.filter(
        state__in=states,
        snapshots__cause=Snapshot.Cause.IMPORT,
        snapshots__pk__gt=_snapshot_of(taken).pk,
    )
    mine = fact_tables(taken)
    return [later for later in after.order_by("snapshots__pk") if mine & fact_tables(later)]


def snapshot_before(taken: Import) -> Snapshot | None:
    return Snapshot.objects.filter(pk__lt=_snapshot_of(taken).pk).first()


def versions_before(taken: Import) -> dict[str, int]:
    before = snapshot_before(taken)
    return dict(before.versions) if before else {}


def fact_tables(taken: Import) -> set[str]:
    """The tables that an import changed in the lake."""
    facts = taken.counts.get("tables", {}).items()
    return {table for table, counts in facts if "retired" in counts and counts["created"] + counts["updated"]}


@contextmanager
def staged_for(
    handle: JobHandle,
    taken: Import,
    *,
    only: Iterable[str] = (),
    into: Lake | None = None,
    versions: Mapping[str, int] | None = None,
) -> Iterator[Staged]:
    """The import's rows, typed, from its kept originals and its own mapping; of them only rejects stay.

    How large the files may be was judged when they were taken in.
    """
    mapping = ImportMapping.parse(taken.mapping)
    home = lake().originals
    staged = stage(
        [Original(**each | {"path": str(home / each["sha256"])}) for each in taken.originals],
        mapping,
        lake=into or lake(),
        import_id=taken.public_id,
        limits=Limits.command_line(),
        tables={rule.table for rule in mapping.tables} & set(only),
        versions=newest_versions() if versions is None else versions,
        progress=handle.progress,
        cancelled=handle.is_stopped,
    )
    try:
        yield staged
    finally:
        discard_rows(staged)


def counts_of(planned: Plan, organisation: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Counts by table and in total; `rejects` of the organisation beside them."""
    tables = {
        **planned.as_dict(),
        **{name: {n: each[n] for n in COUNTED} for name, each in organisation.items()},
    }
    total = {name: sum(counts[name] for counts in tables.values()) for name in COUNTED}
    rejects = [{"table": name, **reject} for name, each in organisation.items() for reject in each["rejects"]]
    return {"total": total, "tables": tables, "organisation_rejects": rejects}


def _take_organisation(handle: JobHandle, staged: Staged) -> dict[str, dict[str, Any]]:
    if not staged.organisation:
        return {}
    rows = {table: staged.organisation_rows(table) for table in staged.organisation}
    told = import_organisation(handle.actor, **rows)
    return {table: _with_staged(told[table], staged.organisation[table]) for table in rows}


def _with_staged(counts: dict[str, Any], table: Any) -> dict[str, Any]:
    """Rows that staging set aside were read too."""
    return counts | {
        "read": table.read,
        "unchanged": counts["unchanged"] + table.duplicates,
        "rejected": counts["rejected"] + table.rejected,
    }


def _taken_back(table: str, version: int | None, taken: Import) -> int:
    if version is None:
        return lake().clear(table, import_id=taken.public_id)
    return lake().restore(table, version, import_id=taken.public_id)


def _snapshot_of(taken: Import) -> Snapshot:
    found = taken.snapshots.filter(cause=Snapshot.Cause.IMPORT).first()
    if found is None:
        raise Refused("import.changed-nothing", 409)
    return found

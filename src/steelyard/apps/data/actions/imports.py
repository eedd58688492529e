"""An import's way: taken in, mapped, checked, published, undone."""

import csv
import datetime
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from steelyard.apps.access.policy import authorize, record
from steelyard.apps.data.actions.history import History, full_snapshot, is_fed
from steelyard.apps.data.actions.recognising import Looked, look, looked_at, proposed, reads_of
from steelyard.apps.data.actions.snapshots import publish_snapshot, settle, writing
from steelyard.apps.data.actions.time import exported_at
from steelyard.apps.data.models import Import, Snapshot, Source
from steelyard.apps.data.queries import lake, newest_versions
from steelyard.apps.data.queries.names import names_of_staged
from steelyard.apps.data.queries.retired import retiring_most
from steelyard.apps.jobs.actions import Actor, JobHandle, account_of
from steelyard.apps.people.actions import import_organisation
from steelyard.errors import Refused
from steelyard.lake.imports.apply import apply
from steelyard.lake.imports.limits import Limits
from steelyard.lake.imports.mapping import ImportMapping
from steelyard.lake.imports.originals import Original, keep_original
from steelyard.lake.imports.plan import Plan, plan
from steelyard.lake.imports.snapshots import FullSnapshot
from steelyard.lake.imports.stage import Staged, discard_rows, stage
from steelyard.lake.store import Lake

OPEN = (Import.State.UPLOADED, Import.State.CHECKED)
SHOWN_LEFT_OUT = 50
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

    Where a mapping is known already, they are looked at as it reads them; files of a known source take its.
    """
    authorize(actor, may)
    originals = [keep_original(path, lake().root, limits=limits, name=name) for name, path in files]
    if not originals:
        raise Refused("import.no-file")
    named = "" if table == "all" else table
    if mapping is None:
        looked = looked_at(originals, limits=limits, table=named)
    else:
        looked = Looked(look(originals, reads_of(originals, mapping), limits=limits, table=named))
    with transaction.atomic():
        taken = Import.objects.create(
            actor=account_of(actor),
            source=looked.source,
            originals=[original.as_dict() for original in originals],
            inspections=looked.inspections,
            mapping=looked.mapping or proposed(looked.inspections, table=named),
            as_of=exported_at([original.name for original in originals]),
        )
        record(actor, "data.take-in", taken, files=taken.file_names)
    return taken


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
        locked.retiring_confirmed = None
        locked.as_of = locked.as_of or exported_at(locked.file_names)
        if parsed.source:
            remembered = {"mapping": locked.mapping, **in_time(parsed)}
            locked.source, _ = Source.objects.update_or_create(name=parsed.source, defaults=remembered)
        locked.save(update_fields=["mapping", "state", "counts", "source", "retiring_confirmed", "as_of"])
        record(actor, "data.set-mapping", locked, source=parsed.source)
    taken.refresh_from_db()


def in_time(mapping: ImportMapping) -> dict[str, str]:
    """What a source keeps of its mapping beside it."""
    reading = Source.Reading.SNAPSHOT if mapping.is_snapshot else Source.Reading.INCREMENT
    return {"reading": reading.value, "period_column": mapping.covers}


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
        before = full_snapshot(taken, History.load().before(taken))
        planned = plan(staged, lake(), newest_versions(), taken=before)
        require_newest(planned, before)
        with transaction.atomic():
            organisation = _take_organisation(handle, staged)
            transaction.set_rollback(True)
        names = names_of_staged(taken, staged)
    counts = counts_of(planned, organisation) | {"names": names}
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
        before = full_snapshot(taken, History.load().before(taken))
        planned = plan(staged, lake(), base, taken=before)
        require_newest(planned, before)
        require_confirmed(planned, taken)
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
    """Take an import back as one unit; what stands after it is replayed on top, in order."""
    taken.refresh_from_db()
    if taken.state == Import.State.UNDONE:
        return {"replayed": 0}
    with writing() as base:
        history = History.load()
        tables = history.tables_of(taken) & set(base)
        if not tables:
            raise Refused("import.changed-nothing", 409)
        since, replayed = history.way_without(taken, tables)
        then = since.versions if since else {}
        versions = base | {table: _taken_back(table, then.get(table), taken) for table in tables}
        recounted: dict[int, dict[str, Any]] = {}
        for place, later in enumerate(replayed):
            handle.progress(place, len(replayed), "replaying")
            before = [each for each in history.before(later) if each.pk != taken.pk]
            with staged_for(handle, later, only=tables, versions=versions) as staged:
                planned = plan(staged, lake(), versions, taken=full_snapshot(later, before))
                versions |= apply(planned, lake(), later.public_id)
            recounted[later.pk] = recount(later, planned)
        with transaction.atomic():
            snapshot = publish_snapshot(handle.actor, Snapshot.Cause.UNDO, taken, versions)
            Import.objects.filter(pk=taken.pk).update(state=Import.State.UNDONE)
            for pk, counts in recounted.items():
                Import.objects.filter(pk=pk).update(counts=counts)
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
        columns = {name: name for name in rows[0]}
        mapping = {"source": source, "table": table, "columns": columns}
        taken = take_in(actor, [(path.name, path)], limits=Limits.browser(), mapping=mapping, may=may)
    set_mapping(actor, taken, mapping, may=may)
    return taken


def later_imports(taken: Import) -> list[Import]:
    """The imports that are replayed when this one is undone, oldest first."""
    history = History.load()
    _, replayed = history.way_without(taken, history.tables_of(taken))
    return replayed


def require_newest(planned: Plan, taken: FullSnapshot | None) -> None:
    """Refuse a snapshot that is older than the last one, and another of the same moment that differs."""
    if taken is None:
        return
    for table, counts in planned.counts.items():
        last = taken.before.get(table)
        if last is not None and taken.as_of < last:
            raise Refused("snapshot.older", 409, as_of=_told(taken.as_of), newest=_told(last))
        if last == taken.as_of and counts.changes:
            raise Refused("snapshot.same-time", 409, as_of=_told(taken.as_of))


def require_confirmed(planned: Plan, taken: Import) -> None:
    """A snapshot that would take away most rows of its source has to be confirmed in so many words."""
    most = retiring_most(planned.as_dict())
    if most and sum(counts.retired for counts in planned.counts.values()) > (taken.retiring_confirmed or 0):
        raise Refused("snapshot.retires-most", 409, **most[0])


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
        zone=settings.TIME_ZONE,
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
    staged = {**planned.staged.facts, **planned.staged.organisation}
    return {
        "total": total,
        "tables": tables,
        "organisation_rejects": rejects,
        "dropped": {name: table.dropped for name, table in staged.items() if table.dropped},
        "ties": {name: table.ties for name, table in staged.items() if table.ties},
        "left_out": [each for table in staged.values() for each in table.left_out][:SHOWN_LEFT_OUT],
    }


def recount(taken: Import, planned: Plan) -> dict[str, Any]:
    """The counts of a replayed import, whose tables were not all read again."""
    tables = {
        table: counts
        for table, counts in taken.counts["tables"].items()
        if "retired" not in counts or is_fed(taken, table)
    }
    tables |= planned.as_dict()
    total = {name: sum(counts[name] for counts in tables.values()) for name in COUNTED}
    return taken.counts | {"total": total, "tables": tables}


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


def _told(moment: datetime.datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}".removesuffix(":00").removesuffix(" 00:00")

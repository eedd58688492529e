"""Publishing: the organisation frozen beside the facts, and one row that says what is true from now on."""

import datetime
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from steelyard.apps.access.policy import record
from steelyard.apps.data.models import Import, Snapshot
from steelyard.apps.data.queries import lake, lake_root, newest_snapshot, newest_versions
from steelyard.apps.data.queries.names import ANSWERS, frozen_answers
from steelyard.apps.jobs.actions import Actor, JobHandle, enqueue
from steelyard.apps.people.queries import organisation_tables
from steelyard.errors import Refused

REBUILT = "rebuilt.json"


@contextmanager
def writing(*, timeout: float = 600.0) -> Iterator[dict[str, int]]:
    """The writer's lock, and the versions that stand; what died half-way is finished or taken away first."""
    with lake().lock(timeout=timeout):
        finish_rebuild()
        base = newest_versions()
        lake().recover(base)
        yield base


def settle() -> None:
    """At a start: finish or take away what died half-way, unless a writer is at work, who does the same."""
    try:
        with writing(timeout=0):
            return
    except Refused as busy:
        if busy.code != "lake.busy":
            raise


def rebuilt_root() -> Path:
    return lake_root().with_name("lake.rebuilding")


def declare_rebuilt(versions: Mapping[int, Mapping[str, int]]) -> None:
    """From here on the rebuilt tables count: whatever happens, the next writer puts them in place."""
    draft = rebuilt_root() / "draft.json"
    draft.write_text(json.dumps(versions), encoding="utf-8")
    draft.rename(rebuilt_root() / REBUILT)


def finish_rebuild() -> None:
    """Put declared tables in place and give the snapshots their versions; every step can be done twice."""
    fresh, home = rebuilt_root(), lake_root()
    declared, aside = fresh / REBUILT, home / "tables.before-rebuild"
    if not declared.exists():
        return
    if (fresh / "tables").exists():
        if (home / "tables").exists():
            shutil.rmtree(aside, ignore_errors=True)
            (home / "tables").rename(aside)
        (fresh / "tables").rename(home / "tables")
    versions = json.loads(declared.read_text(encoding="utf-8"))
    with transaction.atomic():
        for pk, each in versions.items():
            Snapshot.objects.filter(pk=int(pk)).update(versions=each)
    declared.unlink()
    shutil.rmtree(aside, ignore_errors=True)
    shutil.rmtree(fresh)


def publish_organisation(handle: JobHandle) -> dict[str, Any]:
    """Freeze people and teams as they are now beside the newest facts."""
    with writing() as base, transaction.atomic():
        snapshot = publish_snapshot(handle.actor, Snapshot.Cause.ORGANISATION, None, base)
        record(handle.actor, "data.publish-organisation", snapshot)
    return {"snapshot": snapshot.pk}


def publish_snapshot(
    actor: Actor, cause: Snapshot.Cause, taken: Import | None, versions: Mapping[str, int]
) -> Snapshot:
    """The new snapshot, or the newest one where nothing differs from it. Called under the lake's lock."""
    frozen, originals = _freeze_organisation()
    now = {**versions, **frozen}
    newest = newest_snapshot()
    # An undo is told even where it changes nothing: history is read off the snapshots.
    if newest is not None and newest.versions == now and cause != Snapshot.Cause.UNDO:
        return newest
    snapshot = Snapshot.objects.create(
        cause=cause,
        import_record=taken,
        versions=now,
        organisation=originals,
        data_to=_last_day(now),
    )
    for kind in settings.STEELYARD_AFTER_PUBLICATION:
        enqueue(actor, kind, {"snapshot": snapshot.pk}, key=f"{kind}:{snapshot.pk}")
    return snapshot


def _freeze_organisation() -> tuple[dict[str, int], dict[str, str]]:
    """Versions of the frozen tables, and the SHA-256 under which each one's content is kept."""
    import pyarrow.parquet as pq

    from steelyard.lake.imports.originals import keep_original

    versions, originals = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for name, table in _organisation().items():
            path = Path(folder) / f"{name}.parquet"
            pq.write_table(table, path)
            originals[name] = keep_original(path, lake().root).sha256
            versions[name] = lake().write_frozen(name, table)
    return versions, originals


def _organisation() -> dict[str, Any]:
    """People, teams and what was answered about names; once there were answers, none is said, too."""
    return frozen_answers(organisation_tables(), was_frozen=ANSWERS in newest_versions())


def _last_day(versions: Mapping[str, int]) -> datetime.date | None:
    """The last day on which something happened in any table."""
    from steelyard.engine.kpi.happened import HAPPENED, happened

    here = {table: version for table, version in versions.items() if table in HAPPENED}
    if not here:
        return None
    with lake().open(here) as facts:
        edges = happened(facts.tables)
    return edges[1] if edges else None

"""Jobs of the data app. Each can be run twice: what is done is found done.

The lake's libraries take a second to load, so a job loads them and the web's start does not.
"""

from typing import Any

from steelyard.apps.data.models import Import, Snapshot
from steelyard.apps.data.queries import newest_snapshot
from steelyard.apps.jobs.actions import JobHandle
from steelyard.apps.jobs.tasks import job


@job("data.check", may="data.import", expired="retry")
def check(handle: JobHandle, public_id: str) -> dict[str, Any]:
    from steelyard.apps.data import actions

    return actions.check(handle, Import.objects.get(public_id=public_id))


@job("data.publish", may="data.import", expired="retry")
def publish(handle: JobHandle, public_id: str) -> dict[str, Any]:
    from steelyard.apps.data import actions

    return actions.publish(handle, Import.objects.get(public_id=public_id))


@job("data.undo", may="data.import", expired="retry")
def undo(handle: JobHandle, public_id: str) -> dict[str, Any]:
    from steelyard.apps.data import actions

    return actions.undo(handle, Import.objects.get(public_id=public_id))


@job("data.watch", may="data.import", expired="retry")
def watch(handle: JobHandle, folder: str, files: list[list[Any]]) -> dict[str, Any]:
    """Import files that were seen to lie still in a folder of the inbox."""
    from steelyard.apps.data import actions

    return actions.receive(handle, folder, files)


@job("data.organisation", may="data.publish-organisation", expired="retry")
def organisation(handle: JobHandle) -> dict[str, Any]:
    from steelyard.apps.data import actions

    return actions.publish_organisation(handle)


@job("data.quality", may="data.check-quality", expired="retry")
def quality(handle: JobHandle, snapshot: int | None = None) -> dict[str, Any]:
    """Check the facts of a snapshot, the newest unless one is named; an overtaken one has no readers."""
    from steelyard.apps.data import actions

    newest = newest_snapshot()
    found = Snapshot.objects.get(pk=snapshot) if snapshot else newest
    if found is None or found != newest:
        return {"snapshot": found and found.pk, "findings": 0}
    return actions.check_quality(handle, found)


@job("data.rebuild", may="data.import", expired="end")
def rebuild(handle: JobHandle) -> dict[str, Any]:
    from steelyard.apps.data import actions

    return actions.rebuild(handle)

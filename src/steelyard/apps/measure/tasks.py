"""Jobs of measuring. The engine's libraries take a second to load, so a job loads them, not the start."""

from typing import Any

from steelyard.apps.data.models import Snapshot
from steelyard.apps.data.queries import newest_snapshot
from steelyard.apps.jobs.actions import JobHandle
from steelyard.apps.jobs.tasks import job


@job("measure.points", may="measure.compute", expired="retry")
def compute_points(handle: JobHandle, snapshot: int | None = None) -> dict[str, Any]:
    """The points of a snapshot, the newest unless one is named; an overtaken one has no readers."""
    newest = newest_snapshot()
    from steelyard.apps.measure import actions

    found = Snapshot.objects.get(pk=snapshot) if snapshot else newest
    if found is None or found != newest:
        return {"snapshot": found and found.pk, "points": 0, "missing": []}
    return actions.compute_points(handle, found)


@job("measure.keep", may="measure.keep", expired="retry")
def keep_month(handle: JobHandle, month: str) -> dict[str, Any]:
    """A month's scorecards, kept as they stand."""
    from steelyard.apps.measure import actions

    return actions.keep_month(handle, month)


@job("measure.publish-targets", may="measure.targets", expired="retry")
def publish_targets(handle: JobHandle, public_id: str) -> dict[str, Any]:
    """Publish targets that were typed in; whoever may set targets may not publish any other import so."""
    from steelyard.apps.data import actions as data
    from steelyard.apps.measure.queries.targets import typed_targets

    return data.publish(handle, typed_targets(handle.actor).get(public_id=public_id))


@job("measure.undo-targets", may="measure.targets", expired="retry")
def undo_targets(handle: JobHandle, public_id: str) -> dict[str, Any]:
    from steelyard.apps.data import actions as data
    from steelyard.apps.measure.queries.targets import typed_targets

    return data.undo(handle, typed_targets(handle.actor).get(public_id=public_id))

"""Jobs of measuring."""

from typing import Any

from steelyard.apps.data.models import Snapshot
from steelyard.apps.data.queries import newest_snapshot
from steelyard.apps.jobs.actions import JobHandle
from steelyard.apps.jobs.tasks import job
from steelyard.apps.measure import actions


@job("measure.points", may="measure.compute", expired="retry")
def compute_points(handle: JobHandle, snapshot: int | None = None) -> dict[str, Any]:
    """The points of a snapshot, the newest unless one is named; an overtaken one has no readers."""
    newest = newest_snapshot()
    found = Snapshot.objects.get(pk=snapshot) if snapshot else newest
    if found is None or found != newest:
        return {"snapshot": found and found.pk, "points": 0, "missing": []}
    return actions.compute_points(handle, found)

"""Jobs of measuring."""

from typing import Any

from steelyard.apps.data.models import Snapshot
from steelyard.apps.data.queries import newest_snapshot
from steelyard.apps.jobs.actions import JobHandle
from steelyard.apps.jobs.tasks import job
from steelyard.apps.measure import actions


@job("measure.points", may="measure.compute", expired="retry")
def compute_points(handle: JobHandle, snapshot: int | None = None) -> dict[str, Any]:
    """The points of a snapshot, the newest unless one is named."""
    found = Snapshot.objects.get(pk=snapshot) if snapshot else newest_snapshot()
    if found is None:
        return {"snapshot": None, "points": 0, "missing": []}
    return actions.compute_points(handle, found)

"""Jobs of goals. The engine's libraries take a second to load, so a job loads them, not the start."""

from collections.abc import Sequence
from typing import Any

from steelyard.apps.jobs.actions import JobHandle
from steelyard.apps.jobs.tasks import job
from steelyard.apps.measure.models import PointSet


@job("goals.outlooks", may="goals.compute", expired="retry")
def compute_outlooks(handle: JobHandle, points: int | None = None) -> dict[str, Any]:
    """What to expect after a set of points, the newest unless one is named."""
    from steelyard.apps.goals.actions import outlooks
    from steelyard.apps.measure.queries.points import newest_points

    found = PointSet.objects.filter(pk=points).first() if points else newest_points()
    if found is None:
        return {"points": points, "outlooks": 0, "too_short": 0}
    return outlooks.compute_outlooks(handle, found)


@job("goals.publish-targets", may="goals.set", expired="retry")
def publish_targets(handle: JobHandle, goals: Sequence[int] = (), cascade: str = "") -> dict[str, Any]:
    """The numbers of goals as targets of the scorecard."""
    from steelyard.apps.goals.actions import targets

    return targets.publish_targets(handle, goals=goals, cascade=cascade)

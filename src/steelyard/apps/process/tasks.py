"""Jobs of the process room."""

from typing import Any

from steelyard.apps.jobs.actions import JobHandle
from steelyard.apps.jobs.tasks import job


@job("process.what-if", may="process.keep", expired="retry")
def what_if(handle: JobHandle, scenario: str) -> dict[str, Any]:
    """One scenario, which must still be the actor's to see."""
    from steelyard.apps.process.actions.scenarios import work_out
    from steelyard.apps.process.queries.scenarios import scenario_seen_by

    handle.progress(0, 1, "playing")
    made = work_out(handle.actor, scenario_seen_by(handle.actor, scenario))
    return {"scenario": made.public_id}

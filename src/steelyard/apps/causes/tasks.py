"""Jobs of causes."""

from typing import Any

from steelyard.apps.jobs.actions import JobHandle
from steelyard.apps.jobs.tasks import job


@job("causes.test", may="causes.edit", expired="retry")
def test_lenses(handle: JobHandle, diagnosis: str) -> dict[str, Any]:
    """The lenses of one diagnosis, which must still be the actor's to see."""
    from steelyard.apps.causes import actions
    from steelyard.apps.diagnose.queries.saved import diagnosis_seen_by

    found = diagnosis_seen_by(handle.actor, diagnosis)
    made = actions.test_lenses(
        handle.actor, found, progress=lambda lens, done, total: handle.progress(done, total, lens)
    )
    return {"run": made.pk}

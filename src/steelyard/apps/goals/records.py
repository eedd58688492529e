"""Goals as records that people talk about."""

from typing import Any

from django.urls import reverse

from steelyard.apps.comments.kinds import Record, declare
from steelyard.apps.goals.actions.places import title_of
from steelyard.apps.goals.queries.seen import goal_seen_by


@declare("goal")
def goal(viewer: Any, key: str) -> Record:
    """For whoever sees the goal."""
    found = goal_seen_by(viewer, key)
    return Record("goal", key, title_of(found), reverse("goal", args=[key]))

"""What waits for a decision: the viewer's to take, and the viewer's own that others decide on."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from steelyard.apps.access.policy import can
from steelyard.apps.goals.models import Credit, GoalVersion
from steelyard.apps.goals.queries.rights import may_approve
from steelyard.apps.goals.queries.sight import Sight, sight_of
from steelyard.errors import Refused
from steelyard.web.once import kept_for_once

State = GoalVersion.State


def proposals_for(viewer: Any) -> list[GoalVersion]:
    """Those that the viewer may approve or reject, the oldest first."""
    if not can(viewer, "goals.approve"):
        return []
    with kept_for_once():
        found = waiting().filter(within(sight_of(viewer)))
        return [each for each in found if may_approve(viewer, each)]


def proposals_by(viewer: Any) -> list[GoalVersion]:
    """The viewer's own that wait for somebody else."""
    return list(waiting().filter(author_id=viewer.pk)) if viewer.pk is not None else []


def proposal_for(viewer: Any, public_id: str, number: int) -> GoalVersion:
    """One that the viewer may decide on; any other is as unknown as none."""
    found = waiting().filter(goal__public_id=public_id, number=number).first()
    if found is None or not may_approve(viewer, found):
        raise Refused("access.denied", 404)
    return found


def waiting() -> QuerySet[GoalVersion]:
    credits = Prefetch("credits", Credit.objects.select_related("team", "person"))
    return (
        GoalVersion.objects.filter(state=State.PROPOSED, goal__state__in=("proposed", "active"))
        .select_related("goal__team", "goal__person", "goal__current", "author", "parent__current", "theme")
        .prefetch_related(credits)
        .order_by("pk")
    )


def within(sight: Sight) -> Q:
    """Goals of those whom the viewer stands above."""
    if sight.is_leader:
        return Q(pk__isnull=False)
    below = sight.managed - sight.led
    return Q(goal__team__in=below) | Q(goal__person__in=sight.reports)

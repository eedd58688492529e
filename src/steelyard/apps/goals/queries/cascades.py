"""The only door to cascades: drafts are their maker's, the rest is for whoever may divide the goal."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, QuerySet

from steelyard.apps.access.policy import authorize
from steelyard.apps.goals.models import Cascade, Goal
from steelyard.apps.goals.queries.seen import goal_seen_by, may_spread
from steelyard.errors import Refused

State = Cascade.State


def goal_to_divide(viewer: Any, public_id: str) -> Goal:
    """A goal that the viewer may divide; any other is as unknown as none."""
    authorize(viewer, "goals.spread")
    goal = goal_seen_by(viewer, public_id)
    if not may_spread(viewer, goal):
        raise Refused("access.denied", 404)
    return goal


def cascade_seen_by(viewer: Any, public_id: str) -> Cascade:
    authorize(viewer, "goals.spread")
    found = _joined(Cascade.objects.filter(public_id=public_id)).first()
    if found is None or not is_seen(viewer, found):
        raise Refused("access.denied", 404)
    return found


def is_seen(viewer: Any, found: Cascade) -> bool:
    if found.state == State.DRAFT and found.created_by_id != viewer.pk:
        return False
    return may_spread(viewer, found.goal)


def cascades_of(viewer: Any, goal: Goal) -> list[Cascade]:
    """The newest first; drafts of others are not among them."""
    rows: Iterable[Cascade] = _joined(goal.cascades.all()).defer("document", "result")
    return [each for each in rows if is_seen(viewer, each)]


def draft_of(viewer: Any, goal: Goal) -> Cascade | None:
    return _joined(goal.cascades.filter(state=State.DRAFT, created_by=viewer)).first()


def applied_to(goal: Goal) -> Cascade | None:
    """The cascade that divides a goal now."""
    return goal.cascades.filter(state=State.APPLIED).first()


def is_overtaken(found: Cascade) -> bool:
    """Whether goals that it divided have been changed since."""
    return found.state == State.APPLIED and found.versions.exclude(pk=F("goal__current")).exists()


def _joined(rows: QuerySet[Cascade]) -> QuerySet[Cascade]:
    return rows.select_related(
        "goal__current__cascade", "goal__team", "goal__person", "created_by", "applied_by"
    )

"""What a goal said, and says: its versions, the one that holds on a day, what changed between two."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Q, QuerySet

from steelyard.apps.goals.models import Goal, GoalVersion
from steelyard.apps.goals.queries.rights import sees_pay, stands_above
from steelyard.apps.goals.queries.sight import owner_of, sight_of

State = GoalVersion.State
COMPARED = (
    "title",
    "kind",
    "kpi",
    "unit",
    "baseline",
    "target",
    "target_high",
    "levels",
    "starts",
    "ends",
    "plan",
    "parent",
    "theme",
    "over",
    "why",
    "finding",
    "cause",
    "consequences",
    "steps",
    "credits",
)


@dataclass(frozen=True)
class Change:
    """One field that two versions say differently."""

    field: str
    before: Any
    after: Any


def versions_seen_by(viewer: Any, goal: Goal) -> QuerySet[GoalVersion]:
    """The newest first. What was approved is for whoever sees the goal, the rest for those it concerns."""
    found = (
        GoalVersion.objects.filter(goal=goal)
        .select_related("author", "decided_by", "theme", "parent__current", "finding", "cause", "cascade")
        .prefetch_related("credits__team", "credits__person")
        .order_by("-number")
    )
    owner = owner_of(goal)
    if sight_of(viewer).is_own(owner) or stands_above(viewer, owner):
        return found
    own = Q(author_id=viewer.pk) if viewer.pk is not None else Q(pk__in=[])
    return found.filter(own | Q(state__in=(State.APPROVED, State.UNDONE)))


def version_on(goal: Goal, day: datetime.date) -> GoalVersion | None:
    """The newest approved version that holds on a day; None before the first."""
    approved = goal.versions.filter(state=State.APPROVED, valid_from__lte=day)
    return approved.order_by("-number").first()


def newest_number(goal: Goal) -> int:
    """What a change has to name as the version that it was made on."""
    return goal.versions.aggregate(newest=Max("number"))["newest"] or 0


def changes_between(viewer: Any, before: GoalVersion, after: GoalVersion) -> tuple[Change, ...]:
    """What the later one says otherwise; what it pays only to who may see it."""
    pairs = [(name, said(viewer, before, name), said(viewer, after, name)) for name in COMPARED]
    return tuple(Change(name, old, new) for name, old, new in pairs if old != new)


def said(viewer: Any, version: GoalVersion, name: str) -> Any:
    """What a version says in one field, as the viewer may read it."""
    if name == "consequences":
        return consequences_seen_by(viewer, version)
    if name == "credits":
        return [(each.team or each.person, each.share) for each in version.credits.all()]
    return getattr(version, name)


def consequences_seen_by(viewer: Any, version: GoalVersion) -> list[dict[str, Any]]:
    """What follows when the goal is reached; of pay, to who may not see it, only that there is some."""
    if sees_pay(viewer, version.goal):
        return [dict(each) for each in version.consequences]
    return without_pay(version.consequences)


def without_pay(consequences: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"at": each["at"], "kind": "pay", "text": "", "amount": None, "is_hidden": True}
        if each["kind"] == "pay"
        else {**each, "amount": None}
        for each in consequences
    ]

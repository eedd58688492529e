"""How goals weigh: those of an owner in a stretch of days, or the parts of a goal. Together 100."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from steelyard.apps.goals.models import Goal, WeightSet
from steelyard.apps.goals.queries.rights import stands_above
from steelyard.apps.goals.queries.seen import goals_of, goals_seen_by
from steelyard.apps.goals.queries.sight import Owner, owner_of
from steelyard.apps.measure.models import UnitKind
from steelyard.apps.measure.queries.units import Unit
from steelyard.apps.people.models import Person, Team

WHOLE = Decimal(100)


@dataclass(frozen=True)
class Weighed:
    """A goal and its weight; None where it was set after the weights were."""

    goal: Goal
    weight: Decimal | None


@dataclass(frozen=True)
class Weights:
    """The open goals with their weights, and those that count no more: closed, moved or withdrawn since."""

    goals: tuple[Weighed, ...]
    gone: tuple[Weighed, ...]
    stated: WeightSet | None

    @property
    def covered(self) -> Decimal:
        """How much of the 100 is on goals that are open: 62 of 100."""
        return sum((each.weight for each in self.goals if each.weight is not None), Decimal(0))

    @property
    def is_stated(self) -> bool:
        return self.stated is not None

    @property
    def is_complete(self) -> bool:
        """Every open goal has a weight, and these are 100."""
        return self.covered == WHOLE and all(each.weight is not None for each in self.goals)


def weights_of(viewer: Any, thing: Unit | Owner, *, starts: datetime.date, ends: datetime.date) -> Weights:
    """The weights of an owner's goals in the days from `starts` until before `ends`."""
    owner = owner_of(thing)
    open_goals = list(in_stretch(goals_of(viewer, owner), starts, ends))
    stated = stated_for(owner).filter(starts=starts, ends=ends).select_related("author").first()
    return weighed(viewer, open_goals, stated)


def weights_of_parts(viewer: Any, parent: Goal) -> Weights:
    """The weights of the goals right below one; the viewer sees the parent."""
    parts = goals_seen_by(viewer).filter(state=Goal.State.ACTIVE, current__parent=parent)
    stated = WeightSet.objects.filter(parent=parent).select_related("author").first()
    return weighed(viewer, list(parts.order_by("pk")), stated)


def may_weigh(actor: Any, thing: Unit | Owner | Goal) -> bool:
    """Who stands above the owner; for the parts of a goal, who stands above it or above each of its parts."""
    if stands_above(actor, thing):
        return True
    if not isinstance(thing, Goal):
        return False
    parts = list(Goal.objects.filter(state=Goal.State.ACTIVE, current__parent=thing))
    return bool(parts) and all(stands_above(actor, each) for each in parts)


def in_stretch(goals: QuerySet[Goal], starts: datetime.date, ends: datetime.date) -> QuerySet[Goal]:
    """Open goals that run in these days, if only in some of them."""
    running = goals.filter(state=Goal.State.ACTIVE, current__starts__lt=ends, current__ends__gt=starts)
    return running.order_by("pk")


def stated_for(owner: Owner) -> QuerySet[WeightSet]:
    return WeightSet.objects.filter(owner_kind=owner.kind, owner=code_of(owner), parent=None)


def code_of(owner: Owner) -> str:
    """The code of a team or a person; the company has none."""
    if owner.kind == UnitKind.TEAM:
        return Team.objects.values_list("code", flat=True).get(pk=owner.team or 0)
    if owner.kind == UnitKind.MEMBER:
        return Person.objects.values_list("code", flat=True).get(pk=owner.person or 0)
    return ""


def weighed(viewer: Any, goals: Sequence[Goal], stated: WeightSet | None) -> Weights:
    said: Mapping[str, str] = stated.weights if stated else {}
    known = {goal.public_id for goal in goals}
    gone = goals_seen_by(viewer).filter(public_id__in=[key for key in said if key not in known])
    return Weights(
        goals=tuple(Weighed(goal, _weight(said, goal)) for goal in goals),
        gone=tuple(Weighed(goal, _weight(said, goal)) for goal in gone.order_by("pk")),
        stated=stated,
    )


def _weight(said: Mapping[str, str], goal: Goal) -> Decimal | None:
    return Decimal(said[goal.public_id]) if goal.public_id in said else None

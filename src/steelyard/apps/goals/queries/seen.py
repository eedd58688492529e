"""The only door to goals: whose a viewer sees; one that is not theirs to see is as unknown as any."""

from typing import Any

from django.db.models import Q, QuerySet

from steelyard.apps.access.policy import can
from steelyard.apps.goals.models import Credit, Goal
from steelyard.apps.goals.queries.rights import (
    may_approve,
    may_check_in,
    may_propose,
    may_set,
    may_spread,
    sees_chance,
    sees_figures,
    sees_pay,
    stands_above,
    units_proposable_by,
    units_settable_by,
)
from steelyard.apps.goals.queries.sight import Owner, Sight, owner_of, settings_now, sight_of, unit_of
from steelyard.apps.goals.queries.versions import newest_number, version_on
from steelyard.apps.measure.models import UnitKind
from steelyard.apps.measure.queries.units import Unit
from steelyard.errors import Refused

__all__ = [
    "Owner",
    "Sight",
    "by_measure",
    "goal_seen_by",
    "goals_of",
    "goals_seen_by",
    "may_approve",
    "may_check_in",
    "may_propose",
    "may_set",
    "may_spread",
    "newest_number",
    "owner_of",
    "sees_chance",
    "sees_figures",
    "sees_pay",
    "settings_now",
    "sight_of",
    "stands_above",
    "unit_of",
    "units_proposable_by",
    "units_settable_by",
    "version_on",
]
State = Goal.State
HELD = (State.ACTIVE, State.CLOSED)
JOINED = ("team", "person", "current__theme", "current__parent__current")


def goals_seen_by(viewer: Any) -> QuerySet[Goal]:
    """What holds or held, of whom the viewer sees goals; what is proposed, where it concerns them."""
    if not can(viewer, "goals.see"):
        return Goal.objects.none()
    sight = sight_of(viewer)
    held = Q(state__in=HELD) & seen_by(sight)
    return Goal.objects.filter(held | (~Q(state__in=HELD) & concerning(viewer, sight))).select_related(
        *JOINED
    )


def goal_seen_by(viewer: Any, public_id: str) -> Goal:
    found = goals_seen_by(viewer).filter(public_id=public_id).first()
    if found is None:
        raise Refused("access.denied", 404)
    return found


def goals_of(viewer: Any, thing: Unit | Owner) -> QuerySet[Goal]:
    """The goals of one owner that the viewer sees."""
    return goals_seen_by(viewer).filter(**owner_of(thing).columns)


def by_measure(viewer: Any, kpi: str, unit: Unit | None = None) -> QuerySet[Goal]:
    """Active goals that a KPI measures, of one unit or of all that the viewer sees."""
    found = goals_of(viewer, unit) if unit is not None else goals_seen_by(viewer)
    return found.filter(state=State.ACTIVE, current__kpi=kpi)


def seen_by(sight: Sight) -> Q:
    """The company's, those of teams around and above, of people one leads, one's own, shared ones."""
    if sight.is_company:
        return Q(pk__isnull=False)
    shared = Credit.objects.filter(Q(person=sight.person) if sight.person else Q(pk__in=[]))
    shared |= Credit.objects.filter(team__in=sight.teams)
    return (
        Q(owner_kind=UnitKind.COMPANY)
        | Q(team__in=sight.above)
        | Q(person__in=sight.people)
        | Q(current__in=shared.values("version_id"))
    )


def concerning(viewer: Any, sight: Sight) -> Q:
    """Proposals: their author's, their owner's, and whose it is to approve them."""
    own = Q(created_by=viewer.pk) if viewer.pk is not None else Q(pk__in=[])
    if sight.is_leader:
        return Q(pk__isnull=False)
    theirs = [*sight.reports, *([sight.person] if sight.person else [])]
    return own | Q(team__in=sight.managed) | Q(person__in=theirs)

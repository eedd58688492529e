"""Who may set, propose, approve and follow which goals; what of a goal an account may read."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils import timezone

from steelyard.apps.access.policy import can
from steelyard.apps.accounts.models import Role
from steelyard.apps.goals.models import Goal, GoalVersion
from steelyard.apps.goals.queries.sight import Owner, owner_of, settings_now, sight_of
from steelyard.apps.measure.models import UnitKind
from steelyard.apps.measure.queries.units import COMPANY, Unit
from steelyard.apps.people.models import Membership, Person, Team
from steelyard.errors import Refused

Thing = Goal | Unit | Owner
SEES_PAY = (Role.LEADER, Role.COMPENSATION, Role.FINANCE)


def stands_above(actor: Any, thing: Thing) -> bool:
    """Whether goals of this owner are the actor's to answer for, whatever has to be approved."""
    return can(actor, "goals.set") and sight_of(actor).stands_above(owner_of(thing))


def may_set(actor: Any, thing: Thing) -> bool:
    """Whether what the actor says of such a goal holds at once."""
    is_waiting = settings_now().managers_need_approval and not sight_of(actor).is_leader
    return not is_waiting and stands_above(actor, thing)


def may_propose(actor: Any, thing: Thing) -> bool:
    """One's own goals, those of a team that one leads, and whatever one could set."""
    if not can(actor, "goals.propose"):
        return False
    owner = owner_of(thing)
    return sight_of(actor).is_own(owner) or stands_above(actor, owner)


def may_share(actor: Any, owner: Owner, shared: Iterable[Owner]) -> bool:
    """Whether the actor stands above everybody who gets a part: a goal across teams needs who leads both."""
    return all(each == owner or stands_above(actor, each) for each in shared)


def may_approve(actor: Any, version: GoalVersion) -> bool:
    """Who stands above the owner and wrote no word of it; above its author, where managers' changes wait."""
    if version.state != GoalVersion.State.PROPOSED or not can(actor, "goals.approve"):
        return False
    sight, owner = sight_of(actor), owner_of(version.goal)
    shared = [credited(each) for each in version.credits.all()]
    if not (stands_above(actor, owner) and may_share(actor, owner, shared)):
        return False
    if version.author_id == actor.pk:
        return sight.is_top
    if sight.is_leader or not settings_now().managers_need_approval:
        return True
    author = Person.objects.filter(user_id=version.author_id).values_list("pk", flat=True).first()
    return not stands_above(version.author, owner) or author in sight.reports


def may_spread(actor: Any, goal: Goal) -> bool:
    """Divide a goal over teams and people: who stands above, and who leads the team whose goal it is."""
    if not can(actor, "goals.spread"):
        return False
    owner = owner_of(goal)
    return stands_above(actor, owner) or (owner.kind == UnitKind.TEAM and sight_of(actor).is_own(owner))


def may_check_in(actor: Any, goal: Goal) -> bool:
    """The owner, who has a part in it, who leads the team, and who stands above."""
    if not can(actor, "goals.check-in"):
        return False
    sight, owner = sight_of(actor), owner_of(goal)
    if sight.is_own(owner) or stands_above(actor, owner):
        return True
    shared = goal.current.credits.all() if goal.current else ()
    return any(sight.is_own(credited(each)) for each in shared)


def sees_figures(viewer: Any, goal: Goal) -> bool:
    """Whether the actuals of the goal's owner are the viewer's to see, as on the scorecard."""
    sight = sight_of(viewer)
    if sight.is_company or goal.owner_kind == UnitKind.COMPANY:
        return sight.is_company
    return goal.team_id in sight.teams if goal.team_id else goal.person_id in sight.people


def sees_chance(viewer: Any, goal: Goal) -> bool:
    """Who sets and approves, and who serves all of it; whose goal it is, only where the site shows it."""
    sight, owner = sight_of(viewer), owner_of(goal)
    if settings_now().members_see_chance and sees_figures(viewer, goal):
        return True
    if owner.kind == UnitKind.MEMBER and owner.person == sight.person:
        return sight.is_top
    if sight.is_company or stands_above(viewer, owner):
        return True
    return owner.kind == UnitKind.TEAM and owner.team in sight.managed


def sees_pay(viewer: Any, goal: Goal) -> bool:
    """What a goal pays: its owner, who leads the owner, leader, compensation, finance; nobody else.

    A team's goal is its people's; the company's is paid by nobody's right but those roles'.
    """
    if not can(viewer, "goals.see"):
        return False
    sight, owner = sight_of(viewer), owner_of(goal)
    if viewer.has_role(*SEES_PAY):
        return True
    if owner.kind == UnitKind.TEAM:
        return owner.team in sight.teams
    if owner.kind == UnitKind.MEMBER:
        return owner.person is not None and (owner.person == sight.person or owner.person in sight.reports)
    return False


def units_settable_by(actor: Any) -> list[Unit]:
    """Whose goals hold at once when the actor sets them: the company, teams, people."""
    if settings_now().managers_need_approval and not sight_of(actor).is_leader:
        return []
    return _units(actor, lambda owner: stands_above(actor, owner))


def units_proposable_by(actor: Any) -> list[Unit]:
    """Those, and for whom the actor may propose one."""
    return _units(actor, lambda owner: may_propose(actor, owner))


def credited(credit: Any) -> Owner:
    """Whose a part in a goal is; of a `Credit` or of a part that is only said."""
    if credit.team_id is not None:
        return Owner(UnitKind.TEAM, team=credit.team_id)
    return Owner(UnitKind.MEMBER, person=credit.person_id)


def check_stands_above(actor: Any, thing: Thing) -> None:
    """Refuse as if the goal did not exist."""
    if not stands_above(actor, thing):
        raise Refused("access.denied", 404)


def _units(actor: Any, is_theirs: Any) -> list[Unit]:
    """Who has left is nobody's to set a new goal for."""
    gone = Q(valid_to__lte=timezone.localdate())
    here = Membership.objects.exclude(gone).values("person_id")
    teams = Team.objects.values_list("pk", "code", "name")
    persons = Person.objects.filter(Q(pk__in=here) | Q(memberships=None)).values_list("pk", "code", "name")
    company = [COMPANY] if is_theirs(Owner(UnitKind.COMPANY)) else []
    return [
        *company,
        *(
            Unit(UnitKind.TEAM, code, name)
            for pk, code, name in teams
            if is_theirs(Owner(UnitKind.TEAM, team=pk))
        ),
        *(
            Unit(UnitKind.MEMBER, code, name)
            for pk, code, name in persons
            if is_theirs(Owner(UnitKind.MEMBER, person=pk))
        ),
    ]

"""A member's own first page: their figures, their team's, and who can see what about them."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from steelyard.apps.accounts.models import Role, User
from steelyard.apps.measure.models import UnitKind
from steelyard.apps.measure.queries.scorecard import Scorecard, Standing, scorecard_of
from steelyard.apps.measure.queries.units import reach_of
from steelyard.apps.people import queries as people
from steelyard.apps.people.models import Membership, Person, Team, TeamRole

SEES_ALL = (Role.LEADER, Role.ANALYST, Role.COMPENSATION, Role.FINANCE)


@dataclass(frozen=True)
class Witness:
    """Somebody who can see a person's figures, and by which right."""

    name: str
    right: str  # self | manager | leader | analyst | compensation | finance


@dataclass(frozen=True)
class Mine:
    person: Person
    own: Scorecard | None
    teams: tuple[Scorecard, ...]
    witnesses: tuple[Witness, ...]

    @property
    def measured(self) -> list[Standing]:
        """What there is about the person at all: KPIs with at least one record of theirs."""
        return (
            [each for each in self.own.measured if each.now.n or each.target is not None] if self.own else []
        )

    @property
    def next_steps(self) -> list[tuple[str, Standing]]:
        """At most three things to do, as codes: what is a signal first, then what is short of target."""
        bad = [each for each in self.measured if each.is_signal and each.judgement == "worse"]
        short = [each for each in self.measured if each.is_off_target and each not in bad]
        steps: list[tuple[str, Standing]] = [("look-into", each) for each in bad]
        steps += [("keep-an-eye", each) for each in short]
        steps += [("check-records", each) for each in self.measured[:1]]
        return steps[:3]


def has_own_page(viewer: Any) -> bool:
    """Those who see the company or lead a team start with the scorecard; a member starts with 我的."""
    reach = reach_of(viewer)
    return reach.person is not None and not reach.is_company and not reach.led


def mine_of(viewer: Any, *, period: str = "") -> Mine | None:
    """None for an account that belongs to no person."""
    person = people.person_of(viewer)
    if person is None:
        return None
    own = scorecard_of(viewer, unit=f"{UnitKind.MEMBER}:{person.code}", period=period)
    codes = sorted(reach_of(viewer).teams) if own else []
    teams = (scorecard_of(viewer, unit=f"{UnitKind.TEAM}:{code}", period=period) for code in codes)
    return Mine(
        person=person,
        own=own,
        teams=tuple(card for card in teams if card is not None),
        witnesses=tuple(witnesses_of(person)),
    )


def witnesses_of(person: Person) -> list[Witness]:
    """Who can see a person's figures today: they themselves, those who lead them, those who serve all."""
    found = [Witness(person.name, "self")]
    today = Membership.objects.filter(people.holds_on(timezone.localdate()))
    own = set(today.filter(person=person).values_list("team_id", flat=True))
    above = set(own)
    parents = dict(Team.objects.values_list("id", "parent_id"))
    for team in own:
        step = parents.get(team)
        while step is not None and step not in above:
            above.add(step)
            step = parents.get(step)
    leading = today.filter(team_id__in=above, role=TeamRole.MANAGER, person__user__is_active=True)
    for entry in leading.exclude(person=person).select_related("person__user").order_by("person__name"):
        user = entry.person.user
        if user is not None and user.has_role(Role.MANAGER):
            found.append(Witness(entry.person.name, "manager"))
    for other in User.objects.filter(is_active=True).exclude(person=person).order_by("name"):
        right = next((role for role in SEES_ALL if other.has_role(role)), None)
        if right is not None:
            found.append(Witness(other.name, str(right)))
    return found

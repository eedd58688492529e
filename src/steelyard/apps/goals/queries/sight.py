"""Where an account stands to the teams and people whose goals are asked for; looked up once a request."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from steelyard.apps.access.policy import can
from steelyard.apps.accounts.models import Role
from steelyard.apps.goals.models import Goal, GoalSettings
from steelyard.apps.measure.models import UnitKind
from steelyard.apps.measure.queries.units import Unit, seen_scope
from steelyard.apps.people import queries as people
from steelyard.apps.people.models import LinkKind, ManagerLink, Membership, Person, Team, TeamRole
from steelyard.errors import Refused
from steelyard.web.once import once

# The key under which the settings are kept for a request.
SETTINGS = "goals.settings"


@dataclass(frozen=True)
class Owner:
    """Whose a goal is, by the ids of the rows."""

    kind: str
    team: int | None = None
    person: int | None = None

    @property
    def columns(self) -> dict[str, Any]:
        """As a goal's row has it."""
        return {"owner_kind": self.kind, "team_id": self.team, "person_id": self.person}


@dataclass(frozen=True)
class Sight:
    """`teams` are the account's own and those below where it leads, `above` these with all over them.

    `led` are led directly, `managed` with those below; `reports` are the people of managed teams, without
    the account's own person and without who leads the same team; `people` are those whose figures are seen.
    `is_top`: a leader above whom nobody stands.
    """

    is_leader: bool = False
    is_company: bool = False
    is_top: bool = False
    person: int | None = None
    teams: frozenset[int] = frozenset()
    above: frozenset[int] = frozenset()
    led: frozenset[int] = frozenset()
    managed: frozenset[int] = frozenset()
    reports: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()

    def stands_above(self, owner: Owner) -> bool:
        """Whether goals of this owner are the account's to set, as the organisation stands."""
        if owner.kind == UnitKind.MEMBER and owner.person == self.person:
            return self.is_top
        if self.is_leader:
            return True
        if owner.kind == UnitKind.TEAM:
            return owner.team in self.managed - self.led
        return owner.kind == UnitKind.MEMBER and owner.person in self.reports

    def is_own(self, owner: Owner) -> bool:
        """The account's own goals, and those of a team that it leads."""
        if owner.kind == UnitKind.MEMBER:
            return owner.person is not None and owner.person == self.person
        return owner.kind == UnitKind.TEAM and owner.team in self.led


def sight_of(actor: Any) -> Sight:
    return once(("goals.sight", actor.pk, tuple(actor.roles)), lambda: _sight_of(actor))


def settings_now() -> GoalSettings:
    """The newest settings; until somebody chooses, the ones that ship."""
    return once(SETTINGS, lambda: GoalSettings.objects.first() or GoalSettings())


def owner_of(thing: Goal | Unit | Owner) -> Owner:
    """Raises Refused for a unit that is not there."""
    if isinstance(thing, Owner):
        return thing
    if isinstance(thing, Goal):
        return Owner(thing.owner_kind, thing.team_id, thing.person_id)
    if thing.kind == UnitKind.COMPANY and not thing.code:
        return Owner(UnitKind.COMPANY)
    rows: Any = {UnitKind.TEAM: Team, UnitKind.MEMBER: Person}.get(UnitKind(thing.kind))
    found = rows.objects.filter(code=thing.code).values_list("pk", flat=True).first() if rows else None
    if found is None:
        raise Refused("access.denied", 404)
    if thing.kind == UnitKind.TEAM:
        return Owner(UnitKind.TEAM, team=found)
    return Owner(UnitKind.MEMBER, person=found)


def unit_of(goal: Goal) -> Unit:
    """Whose figures measure the goal."""
    if goal.team is not None:
        return Unit(UnitKind.TEAM, goal.team.code, goal.team.name)
    if goal.person is not None:
        return Unit(UnitKind.MEMBER, goal.person.code, goal.person.name)
    return Unit()


def _sight_of(actor: Any) -> Sight:
    if not can(actor, "goals.see"):
        return Sight()
    scope, person = seen_scope(actor), people.person_of(actor)
    parents = dict(Team.objects.values_list("pk", "parent_id"))
    teams = frozenset(Team.objects.filter(code__in=scope.teams).values_list("pk", flat=True))
    own = person.pk if person else None
    held = _held_today() if person else []
    led = _led_by(own, held) if actor.has_role(Role.MANAGER) else frozenset()
    managed = frozenset(people.with_those_below(led)) if led else frozenset()
    below = [(who, team, role) for who, team, role in held if team in managed and who != own]
    is_leader = bool(actor.has_role(Role.LEADER))
    return Sight(
        is_leader=is_leader,
        is_company=scope.company,
        is_top=is_leader and not _has_somebody_above(own, held, parents),
        person=own,
        teams=teams,
        above=with_those_above(teams, parents),
        led=led,
        managed=managed,
        reports=frozenset(who for who, team, role in below if not (role == TeamRole.MANAGER and team in led)),
        people=frozenset([*(who for who, _team, _role in below), *([own] if own else [])]),
    )


def with_those_above(teams: Iterable[int], parents: Mapping[int, int | None]) -> frozenset[int]:
    found: set[int] = set()
    for team in teams:
        at: int | None = team
        while at is not None and at not in found:
            found.add(at)
            at = parents.get(at)
    return frozenset(found)


def _held_today() -> list[tuple[int, int, str]]:
    """(person, team, role) of everybody, today."""
    today = Membership.objects.filter(people.holds_on(timezone.localdate()))
    return list(today.values_list("person_id", "team_id", "role"))


def _led_by(person: int | None, held: Iterable[tuple[int, int, str]]) -> frozenset[int]:
    return frozenset(team for who, team, role in held if who == person and role == TeamRole.MANAGER)


def _has_somebody_above(
    person: int | None, held: list[tuple[int, int, str]], parents: Mapping[int, int | None]
) -> bool:
    if person is None:
        return False
    if _reports_to(person, timezone.localdate()):
        return True
    led = _led_by(person, held)
    over = with_those_above((team for who, team, _ in held if who == person), parents) - led
    return any(team in over and who != person and role == TeamRole.MANAGER for who, team, role in held)


def _reports_to(person: int, day: datetime.date) -> bool:
    solid = ManagerLink.objects.filter(people.holds_on(day), person_id=person, kind=LinkKind.SOLID)
    return solid.exists()

"""Whose figures a viewer may look at: the company, teams, people. What is not in here does not exist."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from steelyard.apps.access.policy import Scope, can, scope_of
from steelyard.apps.measure.models import UnitKind
from steelyard.apps.people import queries as people
from steelyard.apps.people.models import Membership, Person, Team
from steelyard.errors import Refused
from steelyard.web.once import once


@dataclass(frozen=True)
class Unit:
    kind: str = UnitKind.COMPANY
    code: str = ""
    name: str = ""

    @property
    def key(self) -> str:
        """How the unit stands in an address: `company`, `team:EAST`, `member:P001`."""
        return f"{self.kind}:{self.code}" if self.code else str(self.kind)


COMPANY = Unit()


@dataclass(frozen=True)
class Reach:
    """What a viewer may look at: figures of `teams`, people and rows of the teams they lead, themselves."""

    is_company: bool
    teams: frozenset[str]
    led: frozenset[str]
    person: str | None
    below: dict[str, frozenset[str]]

    @property
    def is_empty(self) -> bool:
        return not (self.is_company or self.teams or self.person)

    def with_below(self, codes: Iterable[str]) -> list[str]:
        """Teams and those under them: a team's figures include the teams below it."""
        return sorted({each for code in codes for each in self.below.get(code, frozenset({code}))})


def reach_of(viewer: Any) -> Reach:
    """Looked up once a request: rights that are taken away hold from the next one on."""
    return once(("measure.reach", viewer.pk), lambda: _reach_of(viewer))


def _reach_of(viewer: Any) -> Reach:
    scope: Scope = seen_scope(viewer)
    rows = list(Team.objects.values_list("id", "code", "parent_id"))
    led = set() if scope.company else people.managed_by(viewer)
    return Reach(
        is_company=scope.company,
        teams=scope.teams,
        led=frozenset(code for pk, code, _ in rows if pk in led),
        person=scope.person,
        below=teams_below(rows),
    )


def seen_scope(viewer: Any) -> Scope:
    return once(("measure.scope", viewer.pk), lambda: scope_of(viewer))


def teams_below(rows: Iterable[tuple[Any, str, Any]]) -> dict[str, frozenset[str]]:
    """Team code → the codes of itself and every team under it; rows of (id, code, parent's id)."""
    codes: dict[Any, str] = {}
    children: dict[Any, list[Any]] = {}
    for pk, code, parent in rows:
        codes[pk] = code
        children.setdefault(parent, []).append(pk)

    def found(pk: Any, seen: frozenset[Any]) -> set[str]:
        below = [each for each in children.get(pk, ()) if each not in seen]
        return {codes[pk]}.union(*(found(each, seen | {each}) for each in below))

    return {code: frozenset(found(pk, frozenset({pk}))) for pk, code in codes.items()}


def units_seen_by(viewer: Any) -> list[Unit]:
    """The company where it is theirs to see, then teams, as a list to choose from."""
    scope = seen_scope(viewer)
    teams = Team.objects.all() if scope.company else Team.objects.filter(code__in=scope.teams)
    listed = [Unit(UnitKind.TEAM, code, name) for code, name in teams.values_list("code", "name")]
    return [COMPANY, *listed] if scope.company else listed


def members_seen_by(viewer: Any, unit: Unit) -> list[Unit]:
    """The people of a team (now, or of the person's own team) whose figures a viewer may look at."""
    seen = persons_seen_by(viewer)
    if unit.kind == UnitKind.COMPANY:
        return []
    today = Membership.objects.filter(people.holds_on(timezone.localdate()))
    if unit.kind == UnitKind.TEAM:
        ids = people.with_those_below(Team.objects.filter(code=unit.code).values_list("id", flat=True))
    else:
        ids = set(today.filter(person__code=unit.code).values_list("team_id", flat=True))
    members = seen.filter(memberships__in=today.filter(team_id__in=ids)).distinct()
    return [Unit(UnitKind.MEMBER, code, name) for code, name in members.values_list("code", "name")]


def persons_seen_by(viewer: Any) -> Any:
    """People whose figures a viewer may look at: person-level figures need a right of their own."""
    scope = seen_scope(viewer)
    if can(viewer, "measure.see", fields={"member"}):
        return Person.objects.all() if scope.company else people.people_led_by(viewer)
    return Person.objects.filter(code=scope.person) if scope.person else Person.objects.none()


def home_unit(viewer: Any) -> Unit:
    """Where a viewer starts: the company, the team they lead or are in, themselves."""
    scope = seen_scope(viewer)
    if scope.company:
        return COMPANY
    reach = reach_of(viewer)
    top = [code for code in sorted(reach.led) if not _has_above(code, reach)]
    codes = top or sorted(reach.teams)
    if codes:
        return Unit(UnitKind.TEAM, codes[0], Team.objects.get(code=codes[0]).name)
    if scope.person:
        return _member(viewer, scope.person)
    raise Refused("measure.no-unit", 404)


def unit_for(viewer: Any, key: str) -> Unit:
    """The unit that an address names; one that is not the viewer's to see is as unknown as any."""
    kind, _, code = key.partition(":")
    scope = seen_scope(viewer)
    if kind == UnitKind.COMPANY and not code and scope.company:
        return COMPANY
    if kind == UnitKind.MEMBER:
        return _member(viewer, code)
    if kind == UnitKind.TEAM and (scope.company or code in scope.teams):
        team = Team.objects.filter(code=code).first()
        if team is not None:
            return Unit(UnitKind.TEAM, team.code, team.name)
    raise Refused("access.denied", 404)


def _member(viewer: Any, code: str) -> Unit:
    person = persons_seen_by(viewer).filter(code=code).first()
    if person is None:
        raise Refused("access.denied", 404)
    return Unit(UnitKind.MEMBER, person.code, person.name)


def _has_above(code: str, reach: Reach) -> bool:
    return any(code in below and other != code for other, below in reach.below.items() if other in reach.led)

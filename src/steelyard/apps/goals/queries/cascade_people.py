"""Who takes part in a cascade: the tree of teams below a goal's owner, and its people in the period."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from steelyard.apps.goals.models import Goal
from steelyard.apps.measure.models import KpiPoint, PointSet, UnitKind
from steelyard.apps.people.models import Membership, Team, TeamRole
from steelyard.apps.people.queries import with_those_below

COMPANY = "company"


@dataclass(frozen=True)
class Branch:
    """A team of the tree; `parent` is a key, None right below the goal's owner."""

    key: str
    name: str
    parent: str | None


@dataclass(frozen=True)
class Taker:
    """A person who takes part; `joins` and `leaves` only where these days lie inside the period."""

    key: str
    name: str
    parent: str | None
    joins: date | None = None
    leaves: date | None = None


@dataclass(frozen=True)
class Parties:
    branches: tuple[Branch, ...]
    takers: tuple[Taker, ...]


def key_of_team(code: str) -> str:
    return f"{UnitKind.TEAM}:{code}"


def key_of_person(code: str) -> str:
    return f"{UnitKind.MEMBER}:{code}"


def owner_key(goal: Goal) -> str:
    """The goal's owner as a unit of the plan: `company`, `team:EAST`, `member:P001`."""
    if goal.team_id:
        return key_of_team(goal.team.code)  # type: ignore[union-attr]
    return key_of_person(goal.person.code) if goal.person_id else COMPANY  # type: ignore[union-attr]


def teams_below(goal: Goal) -> list[Team]:
    """The teams that a goal can be divided over: all, or its own with those under it."""
    every = Team.objects.select_related("parent").order_by("name", "code")
    if goal.owner_kind == UnitKind.COMPANY:
        return list(every)
    if goal.owner_kind == UnitKind.MEMBER:
        return []
    return list(every.filter(pk__in=with_those_below([goal.team_id])))  # type: ignore[list-item]


def teams_with_figures(points: PointSet | None, kpi: str) -> set[str]:
    """Codes of teams that the KPI has figures of: those whom it makes sense to ask for it."""
    if points is None:
        return set()
    rows = KpiPoint.objects.filter(
        point_set=points, unit_kind=UnitKind.TEAM, kpi=kpi, grain="year", value__isnull=False
    )
    return {code for code, value in rows.values_list("unit", "value").order_by() if value}


def parties_of(
    goal: Goal,
    *,
    starts: date,
    ends: date,
    teams: Collection[str] | None = None,
    with_managers: bool = False,
) -> Parties:
    """The tree as it stands in the period: teams with nobody in them stay only if they were chosen."""
    if goal.owner_kind == UnitKind.MEMBER:
        return Parties((), ())
    below = teams_below(goal)
    chosen = [team for team in below if teams is None or team.code in teams]
    takers = takers_in(chosen, starts=starts, ends=ends, with_managers=with_managers, root=goal.team_id)
    kept = _with_those_above(chosen, below, root=goal.team_id)
    branches = tuple(
        Branch(key_of_team(team.code), team.name, _parent_key(team, root=goal.team_id, kept=kept))
        for team in below
        if team.pk in kept
    )
    return Parties(branches, takers)


def takers_in(
    teams: Iterable[Team],
    *,
    starts: date,
    ends: date,
    with_managers: bool,
    root: int | None,
) -> tuple[Taker, ...]:
    """People of these teams in the period, each in the team of the newest membership, by name."""
    inside = (
        Membership.objects.filter(team__in=list(teams), valid_from__lt=ends)
        .exclude(valid_to__lte=starts)
        .exclude(person__left_on__lt=starts)
        .select_related("person", "team")
        .order_by("valid_from")
    )
    spans: dict[int, list[Membership]] = {}
    for entry in inside:
        spans.setdefault(entry.person_id, []).append(entry)
    found = [
        _taker(entries, starts=starts, ends=ends, root=root)
        for entries in spans.values()
        if with_managers or entries[-1].role != TeamRole.MANAGER
    ]
    return tuple(sorted(found, key=lambda taker: (taker.name, taker.key)))


def _taker(entries: list[Membership], *, starts: date, ends: date, root: int | None) -> Taker:
    person, last = entries[-1].person, entries[-1]
    joins = max(filter(None, (entries[0].valid_from, person.joined_on)))
    leaves = min(filter(None, (last.valid_to, person.left_on)), default=None)
    return Taker(
        key_of_person(person.code),
        person.name,
        None if last.team_id == root else key_of_team(last.team.code),
        joins if joins > starts else None,
        leaves if leaves is not None and leaves < ends else None,
    )


def _with_those_above(chosen: Iterable[Team], below: Iterable[Team], *, root: int | None) -> set[int]:
    """The chosen teams and what stands between them and the owner."""
    parents = {team.pk: team.parent_id for team in below}
    kept: set[int] = set()
    for team in chosen:
        at: int | None = team.pk
        while at is not None and at != root and at in parents and at not in kept:
            kept.add(at)
            at = parents[at]
    return kept


def _parent_key(team: Team, *, root: int | None, kept: set[int]) -> str | None:
    if team.parent is None or team.parent_id == root or team.parent_id not in kept:
        return None
    return key_of_team(team.parent.code)

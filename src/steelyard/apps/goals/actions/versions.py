"""Versions by the thousand, in one transaction: what a cascade or a workbook says of many goals at once."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Max, OuterRef, Subquery
from django.utils import timezone

from steelyard.apps.access.policy import record
from steelyard.apps.accounts.models import User
from steelyard.apps.goals.actions.holding import first_day, follow_steps, reason_of
from steelyard.apps.goals.actions.places import (
    check_links,
    check_no_circle,
    lock_goals,
    named,
    parents_with,
    title_of,
)
from steelyard.apps.goals.actions.said import GoalSaid, checked, fields_of, said_of
from steelyard.apps.goals.actions.targets import ask_for_targets
from steelyard.apps.goals.models import Cascade, Credit, Goal, GoalVersion
from steelyard.apps.goals.queries.rights import credited, may_propose, may_set, may_share, may_spread
from steelyard.apps.goals.queries.sight import Owner, owner_of
from steelyard.apps.goals.queries.targets import held_goals
from steelyard.apps.measure.models import UnitKind
from steelyard.apps.measure.queries.definitions import known_kpis
from steelyard.apps.measure.queries.units import Unit
from steelyard.apps.people.models import Person, Team
from steelyard.errors import Refused
from steelyard.web.once import kept_for_once

State = GoalVersion.State
# So many rows a statement.
CHUNK = 500
LINKS = ("parent", "theme", "finding", "cause")


@dataclass(frozen=True)
class Row:
    """One version to be: of a new goal of `unit`, or of `goal`.

    `above` is the `key` of another row of the same call, whose goal becomes the parent.
    """

    said: GoalSaid
    unit: Unit | Owner | None = None
    goal: Goal | None = None
    key: str = ""
    above: str = ""


def add_versions(
    actor: User,
    rows: Sequence[Row],
    *,
    cascade: Cascade | None = None,
    reason: str = "",
    valid_from: datetime.date | None = None,
) -> list[GoalVersion]:
    """All of them or none, in the order of the rows; each holds where the actor may set it, else it waits.

    The scorecard's targets follow. A goal that is divided may get its plan and `over` from whoever may
    spread it.
    """
    with kept_for_once(), transaction.atomic():
        lock_goals()
        owners = _owners_of(rows)
        goals_before = _goals_before(rows)
        _check_rows(actor, rows, goals_before)
        at_once = [
            _holds(actor, row, owner, cascade=cascade) for row, owner in zip(rows, owners, strict=True)
        ]
        kpis = known_kpis()
        told = [checked(row.said, kpis=kpis) for row in rows]
        goals = _goals_of(actor, rows, owners, goals_before)
        told = _below(rows, told, goals)
        _check_places(told, goals, at_once)
        versions = _written(
            told, goals, author=actor, cascade=cascade, reason=reason_of(reason), valid_from=valid_from
        )
        held = [version for version, holds in zip(versions, at_once, strict=True) if holds]
        _put_in_force(actor, held)
        record(actor, "goals.add-versions", cascade, goals=len(rows), held=len(held))
        if held:
            holding = held_goals().filter(pk__in=[each.goal_id for each in held])
            ask_for_targets(actor, goals=() if cascade else holding, cascade=cascade)
    return versions


def undo_versions(actor: User, cascade: Cascade) -> int:
    """The versions before hold again; a goal that there was none of is withdrawn. How many goals were."""
    with kept_for_once(), transaction.atomic():
        lock_goals()
        if not may_spread(actor, cascade.goal):
            raise Refused("access.denied", 404)
        of_it = GoalVersion.objects.filter(cascade=cascade, state__in=(State.APPROVED, State.PROPOSED))
        goals = list(Goal.objects.filter(versions__in=of_it).distinct().select_related("current"))
        _check_untouched(goals, cascade)
        of_it.update(state=State.UNDONE)
        _take_back([goal.pk for goal in goals])
        record(actor, "goals.undo-versions", cascade, goals=len(goals))
        ask_for_targets(actor, cascade=cascade)
    return len(goals)


def _take_back(goals: Sequence[int]) -> None:
    gone: list[int] = []
    for few in _chunks(goals):
        theirs = Goal.objects.filter(pk__in=few)
        without = theirs.exclude(versions__state=State.APPROVED)
        gone += without.values_list("pk", flat=True)
        without.update(current=None, state=Goal.State.WITHDRAWN)
        theirs.exclude(state=Goal.State.WITHDRAWN).update(current=_newest_approved())
    _check_nothing_below(gone)
    for version in _with_steps(goals):
        follow_steps(version)


def _owners_of(rows: Sequence[Row]) -> list[Owner]:
    """By two look-ups, however many rows."""
    coded = [row.unit for row in rows if isinstance(row.unit, Unit) and row.unit.code]
    teams = _pks(Team, [unit.code for unit in coded if unit.kind == UnitKind.TEAM])
    persons = _pks(Person, [unit.code for unit in coded if unit.kind == UnitKind.MEMBER])

    def owner(row: Row) -> Owner:
        if row.goal is not None:
            return owner_of(row.goal)
        if row.unit is None:
            raise Refused("access.denied", 404)
        if isinstance(row.unit, Owner) or not row.unit.code:
            return owner_of(row.unit)
        pks = teams if row.unit.kind == UnitKind.TEAM else persons
        if row.unit.code not in pks:
            raise Refused("access.denied", 404)
        pk = pks[row.unit.code]
        is_team = row.unit.kind == UnitKind.TEAM
        return Owner(UnitKind.TEAM, team=pk) if is_team else Owner(UnitKind.MEMBER, person=pk)

    return [owner(row) for row in rows]


def _pks(rows: Any, codes: Sequence[str]) -> dict[str, int]:
    return dict(rows.objects.filter(code__in=codes).values_list("code", "pk")) if codes else {}


def _goals_before(rows: Sequence[Row]) -> dict[int, Goal]:
    """As they stand behind the lock."""
    pks = [row.goal.pk for row in rows if row.goal is not None]
    found: dict[int, Goal] = {}
    for few in _chunks(pks):
        found |= {goal.pk: goal for goal in Goal.objects.filter(pk__in=few).select_related("current")}
    if len(found) < len(pks):
        raise Refused("goals.said-twice", 409)
    return found


def _check_rows(actor: User, rows: Sequence[Row], before: Mapping[int, Goal]) -> None:
    keys = [row.key for row in rows if row.key]
    if len(set(keys)) < len(keys) or any(row.above and row.above not in keys for row in rows):
        raise Refused("goals.said-twice", 409)
    for goal in before.values():
        if goal.state == Goal.State.CLOSED:
            raise Refused("goals.closed", 409)
        if goal.state == Goal.State.WITHDRAWN:
            raise Refused("goals.withdrawn", 409)
    checked_links: set[tuple[int | None, ...]] = set()
    for row in rows:
        held = before[row.goal.pk].current if row.goal is not None else None
        links = tuple(getattr(getattr(row.said, name), "pk", None) for name in LINKS)
        if held is None and links in checked_links:
            continue
        check_links(actor, row.said, held)
        checked_links.add(links)


def _holds(actor: User, row: Row, owner: Owner, *, cascade: Cascade | None) -> bool:
    if may_set(actor, owner) and may_share(actor, owner, (credited(each) for each in row.said.credits)):
        return True
    if _is_only_spread(row, cascade) and row.goal is not None and may_spread(actor, row.goal):
        return True
    if may_propose(actor, owner):
        return False
    raise Refused("access.denied", 404)


def _is_only_spread(row: Row, cascade: Cascade | None) -> bool:
    """The goal that is divided itself: nothing of it is said otherwise but how it is divided."""
    if cascade is None or row.goal is None or row.goal.pk != cascade.goal_id:
        return False
    held = Goal.objects.select_related("current").get(pk=row.goal.pk).current
    if held is None or row.above:
        return False
    return row.said == replace(said_of(held), plan=row.said.plan, over=row.said.over)


def _goals_of(
    actor: User, rows: Sequence[Row], owners: Sequence[Owner], before: Mapping[int, Goal]
) -> list[Goal]:
    """Those that are there, and the new ones made at once."""
    fresh = [
        Goal(owner_kind=owner.kind, team_id=owner.team, person_id=owner.person, created_by=actor)
        for row, owner in zip(rows, owners, strict=True)
        if row.goal is None
    ]
    made = iter(Goal.objects.bulk_create(fresh, batch_size=CHUNK))
    return [before[row.goal.pk] if row.goal is not None else next(made) for row in rows]


def _below(rows: Sequence[Row], told: Sequence[GoalSaid], goals: Sequence[Goal]) -> list[GoalSaid]:
    by_key = {row.key: goal for row, goal in zip(rows, goals, strict=True) if row.key}
    return [
        replace(each, parent=by_key[row.above]) if row.above else each
        for row, each in zip(rows, told, strict=True)
    ]


def _check_places(told: Sequence[GoalSaid], goals: Sequence[Goal], at_once: Sequence[bool]) -> None:
    """Every parent holds, or comes to hold with the rest; nobody hangs below themselves."""
    holding = [(goal, said.parent) for goal, said, holds in zip(goals, told, at_once, strict=True) if holds]
    coming = {goal.pk for goal, _parent in holding}
    outside = {parent.pk: parent for _goal, parent in holding if parent and parent.pk not in coming}
    for few in _chunks(outside):
        standing = Goal.objects.filter(pk__in=few, state=Goal.State.ACTIVE)
        for pk in set(few) - set(standing.values_list("pk", flat=True)):
            raise Refused("goals.parent-not-open", 409, parent=title_of(outside[pk]))
    changed = {goal.pk: parent.pk if parent else None for goal, parent in holding}
    check_no_circle(changed, parents_with(changed))


def _written(
    told: Sequence[GoalSaid],
    goals: Sequence[Goal],
    *,
    author: User,
    cascade: Cascade | None,
    reason: str,
    valid_from: datetime.date | None,
) -> list[GoalVersion]:
    numbers: dict[int, int] = {}
    for few in _chunks([goal.pk for goal in goals]):
        newest = GoalVersion.objects.filter(goal__in=few).order_by().values("goal_id")
        numbers |= dict(newest.annotate(newest=Max("number")).values_list("goal_id", "newest"))
    if len({goal.pk for goal in goals}) < len(goals):
        raise Refused("goals.said-twice", 409)
    versions = [
        GoalVersion(
            goal=goal,
            number=numbers.get(goal.pk, 0) + 1,
            author=author,
            reason=reason,
            cascade=cascade,
            valid_from=valid_from or first_day(said, is_first=goal.pk not in numbers),
            **fields_of(said),
        )
        for goal, said in zip(goals, told, strict=True)
    ]
    made = GoalVersion.objects.bulk_create(versions, batch_size=CHUNK)
    Credit.objects.bulk_create(
        Credit(version=version, team_id=each.team_id, person_id=each.person_id, share=each.share)
        for version, said in zip(made, told, strict=True)
        for each in said.credits
    )
    return made


def _put_in_force(actor: User, versions: Sequence[GoalVersion]) -> None:
    """As for one, in a few statements."""
    decided: dict[str, Any] = {"decided_by": actor, "decided_at": timezone.now()}
    for few in _chunks(versions):
        GoalVersion.objects.filter(pk__in=[each.pk for each in few]).update(state=State.APPROVED, **decided)
        goals = Goal.objects.filter(pk__in=[each.goal_id for each in few])
        goals.update(current=_newest_approved(), state=Goal.State.ACTIVE)
        older = GoalVersion.objects.filter(goal__in=[each.goal_id for each in few], state=State.PROPOSED)
        older.update(state=State.REJECTED, **decided)
    for version in versions:
        version.state = State.APPROVED
        version.decided_by, version.decided_at = actor, decided["decided_at"]
        version.goal.current, version.goal.state = version, Goal.State.ACTIVE
    for version in _with_steps([each.goal_id for each in versions]):
        follow_steps(version)


def _with_steps(goals: Sequence[int]) -> Iterator[GoalVersion]:
    """What holds of those goals that have milestones, or had."""
    for few in _chunks(goals):
        held = GoalVersion.objects.filter(pk__in=Goal.objects.filter(pk__in=few).values("current"))
        yield from held.exclude(steps=[], goal__milestones=None).distinct()


def _newest_approved() -> Subquery:
    approved = GoalVersion.objects.filter(goal=OuterRef("pk"), state=State.APPROVED)
    return Subquery(approved.order_by("-number").values("pk")[:1])


def _check_untouched(goals: Sequence[Goal], cascade: Cascade) -> None:
    """What was said of a goal after the cascade would be lost."""
    approved = GoalVersion.objects.filter(cascade=cascade, state=State.APPROVED)
    held = set(approved.values_list("goal_id", flat=True))
    since = [
        goal.current.title
        for goal in goals
        if goal.current is not None
        and (goal.state == Goal.State.CLOSED or (goal.pk in held and goal.current.cascade_id != cascade.pk))
    ]
    if since:
        raise Refused("goals.changed-since", 409, goals=named(since), count=len(since))


def _check_nothing_below(withdrawn: Sequence[int]) -> None:
    titles: list[str] = []
    for few in _chunks(withdrawn):
        below = Goal.objects.filter(state=Goal.State.ACTIVE, current__parent__in=few).order_by("pk")
        titles += below.values_list("current__title", flat=True)
    if titles:
        raise Refused("goals.open-parts", 409, goals=named(titles), count=len(titles))


def _chunks(rows: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(rows)
    while few := list(islice(left, CHUNK)):
        yield few

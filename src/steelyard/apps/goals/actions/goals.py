"""Writes on goals, one function an intent: set, change, approve, close, reopen."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from steelyard.apps.access.policy import record
from steelyard.apps.accounts.models import User
from steelyard.apps.goals.actions.holding import put_in_force, reason_of, write_version
from steelyard.apps.goals.actions.places import (
    check_links,
    check_no_open_parts,
    check_place,
    lock_goals,
)
from steelyard.apps.goals.actions.plans import plan_moved
from steelyard.apps.goals.actions.said import GoalSaid, Share, Step, checked, said_of
from steelyard.apps.goals.errors import Overtaken
from steelyard.apps.goals.models import Cascade, Goal, GoalVersion
from steelyard.apps.goals.queries.rights import (
    Owner,
    check_stands_above,
    credited,
    may_approve,
    may_propose,
    may_set,
    may_share,
)
from steelyard.apps.goals.queries.sight import owner_of
from steelyard.apps.measure.queries.units import Unit
from steelyard.errors import Refused

__all__ = [
    "GoalSaid",
    "Share",
    "Step",
    "approve",
    "change_goal",
    "close_goal",
    "holds_at_once",
    "reject",
    "reopen_goal",
    "said_of",
    "set_goal",
    "withdraw_proposal",
]
State = Goal.State
# What a cascade has divided: a change of these by hand would break its sums.
DIVIDED = ("kind", "kpi", "target", "plan", "starts", "ends", "parent")


def set_goal(
    actor: User,
    unit: Unit | Owner,
    said: GoalSaid,
    *,
    reason: str = "",
    valid_from: datetime.date | None = None,
) -> Goal:
    """Make a goal: it holds at once where the actor may set it, else it is proposed."""
    owner = owner_of(unit)
    at_once = holds_at_once(actor, owner, said)
    told = checked(said)
    check_links(actor, told, None)
    with transaction.atomic():
        lock_goals()
        check_place(None, told.parent)
        goal = Goal.objects.create(
            owner_kind=owner.kind, team_id=owner.team, person_id=owner.person, created_by=actor
        )
        version = write_version(goal, told, author=actor, reason=reason, valid_from=valid_from)
        if at_once:
            put_in_force(actor, version)
        record(actor, "goals.set" if at_once else "goals.propose", goal, version=1)
    goal.refresh_from_db()
    return goal


def change_goal(
    actor: User,
    goal: Goal,
    said: GoalSaid,
    *,
    reason: str,
    based_on: int,
    valid_from: datetime.date | None = None,
    leaves_cascade: bool = False,
) -> GoalVersion:
    """Say it anew, as a version of its own with its reason; `based_on` is the newest that the actor read.

    What a cascade divided is changed there, so that its sums stay; `leaves_cascade` takes the goal out of
    it, and the difference shows. Where the number changes and the plan does not, the plan goes along.
    """
    at_once = holds_at_once(actor, owner_of(goal), said)
    with transaction.atomic():
        lock_goals()
        stands = Goal.objects.select_for_update(of=("self",)).get(pk=goal.pk)
        check_open(stands)
        newest = stands.versions.select_related("author").order_by("-number")[0]
        if newest.number != based_on:
            raise Overtaken(newest, said, by=newest.author.name, number=newest.number)
        before = stands.current
        told = checked(plan_moved(said, newest, before))
        why = reason_of(reason, is_needed=before is not None)
        cascade = _cascade_kept(told, before, leaves_cascade=leaves_cascade)
        check_links(actor, told, newest)
        check_place(stands, told.parent)
        version = write_version(
            stands, told, author=actor, reason=why, valid_from=valid_from, cascade=cascade
        )
        _withdraw_own(actor, version)
        if at_once:
            put_in_force(actor, version)
        record(actor, "goals.change", stands, version=version.number, holds=at_once)
    goal.refresh_from_db()
    return version


def approve(actor: User, version: GoalVersion, note: str = "") -> GoalVersion:
    """Put a proposal in force; never one's own, unless nobody stands above."""
    if not may_approve(actor, version):
        _refuse_decided(actor, version)
    with transaction.atomic():
        lock_goals()
        goal = Goal.objects.select_for_update(of=("self",)).select_related("current").get(pk=version.goal_id)
        check_open(goal)
        if goal.current is not None and goal.current.number > version.number:
            raise Refused("goals.superseded", 409, number=goal.current.number)
        check_place(goal, version.parent)
        put_in_force(actor, version, note=note)
        record(actor, "goals.approve", goal, version=version.number)
    return version


def reject(actor: User, version: GoalVersion, note: str) -> GoalVersion:
    """Say no, and why; the author can propose it otherwise."""
    if not may_approve(actor, version):
        _refuse_decided(actor, version)
    why = reason_of(note, is_needed=True)
    fields = {"decided_by": actor, "decided_at": timezone.now(), "decision_note": why}
    _decide(actor, version, GoalVersion.State.REJECTED, "goals.reject", **fields)
    return version


def withdraw_proposal(actor: User, version: GoalVersion) -> GoalVersion:
    """The author takes a proposal back; a goal that never held goes with its last one."""
    if version.author_id != actor.pk:
        raise Refused("access.denied", 404)
    _decide(actor, version, GoalVersion.State.WITHDRAWN, "goals.withdraw")
    return version


def close_goal(actor: User, goal: Goal, *, note: str = "", outcome: Mapping[str, Any] | None = None) -> Goal:
    """It is over: what it came to is frozen. Open parts are named, and keep it open."""
    check_stands_above(actor, goal)
    with transaction.atomic():
        lock_goals()
        check_open(Goal.objects.get(pk=goal.pk))
        check_no_open_parts(goal)
        frozen = {**(outcome or {}), "note": reason_of(note)}
        fields = {"outcome": frozen, "closed_by": actor, "closed_at": timezone.now()}
        if not Goal.objects.filter(pk=goal.pk, state=State.ACTIVE).update(state=State.CLOSED, **fields):
            raise Refused("goals.not-active", 409)
        waiting = GoalVersion.objects.filter(goal=goal, state=GoalVersion.State.PROPOSED)
        waiting.update(state=GoalVersion.State.REJECTED, decided_by=actor, decided_at=fields["closed_at"])
        record(actor, "goals.close", goal, version=goal.current.number if goal.current else 0)
    goal.refresh_from_db()
    return goal


def reopen_goal(actor: User, goal: Goal, reason: str) -> Goal:
    """Open it again; what it had come to is kept in the audit trail."""
    check_stands_above(actor, goal)
    why = reason_of(reason, is_needed=True)
    with transaction.atomic():
        lock_goals()
        stands = Goal.objects.select_for_update(of=("self",)).select_related("current").get(pk=goal.pk)
        if stands.state != State.CLOSED or stands.current is None:
            raise Refused("goals.not-closed", 409)
        check_place(stands, stands.current.parent)
        Goal.objects.filter(pk=goal.pk).update(
            state=State.ACTIVE, outcome=None, closed_by=None, closed_at=None
        )
        record(actor, "goals.reopen", goal, reason=why, outcome=stands.outcome)
    goal.refresh_from_db()
    return goal


def holds_at_once(actor: User, owner: Owner, said: GoalSaid) -> bool:
    """Whether it holds when the actor says it, or waits; refused to who may neither set nor propose it."""
    if may_set(actor, owner) and may_share(actor, owner, (credited(each) for each in said.credits)):
        return True
    if may_propose(actor, owner):
        return False
    raise Refused("access.denied", 404)


def check_open(goal: Goal) -> None:
    if goal.state == State.CLOSED:
        raise Refused("goals.closed", 409)
    if goal.state == State.WITHDRAWN:
        raise Refused("goals.withdrawn", 409)


def _cascade_kept(told: GoalSaid, before: GoalVersion | None, *, leaves_cascade: bool) -> Cascade | None:
    """The cascade that goes on dividing the goal: where its number stays, the goal stays in it."""
    held = before.cascade if before else None
    if held is None or held.state != Cascade.State.APPLIED:
        return None
    old = said_of(before) if before else told
    if all(_plain(getattr(old, name)) == _plain(getattr(told, name)) for name in DIVIDED):
        return held
    if not leaves_cascade:
        raise Refused("goals.in-cascade", 409)
    return None


def _plain(held: Any) -> Any:
    return [[each[0], *map(Decimal, each[1:])] for each in held] if isinstance(held, list | tuple) else held


def _withdraw_own(actor: User, version: GoalVersion) -> None:
    """Who proposes anew replaces what they had proposed before."""
    own = GoalVersion.objects.filter(goal=version.goal_id, author=actor, state=GoalVersion.State.PROPOSED)
    own.exclude(pk=version.pk).update(state=GoalVersion.State.WITHDRAWN)


def _decide(actor: User, version: GoalVersion, state: GoalVersion.State, action: str, **fields: Any) -> None:
    with transaction.atomic():
        lock_goals()
        waiting = GoalVersion.objects.filter(pk=version.pk, state=GoalVersion.State.PROPOSED)
        if not waiting.update(state=state, **fields):
            raise Refused("goals.decided-already", 409)
        goal = version.goal
        if state == GoalVersion.State.WITHDRAWN and not _is_waiting(goal):
            Goal.objects.filter(pk=goal.pk, state=State.PROPOSED).update(state=State.WITHDRAWN)
        record(actor, action, goal, version=version.number)
    version.refresh_from_db()


def _is_waiting(goal: Goal) -> bool:
    return goal.versions.filter(state=GoalVersion.State.PROPOSED).exists()


def _refuse_decided(actor: User, version: GoalVersion) -> None:
    """Who could have decided is told that it is done; to anybody else there is nothing."""
    as_proposed = GoalVersion.objects.select_related("goal").get(pk=version.pk)
    as_proposed.state = GoalVersion.State.PROPOSED
    if version.state != GoalVersion.State.PROPOSED and may_approve(actor, as_proposed):
        raise Refused("goals.decided-already", 409)
    raise Refused("access.denied", 404)

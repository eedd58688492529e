"""One version of a goal: written, and put in force once. None is rewritten."""

import datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone

from steelyard.apps.goals.actions.said import GoalSaid, fields_of
from steelyard.apps.goals.actions.targets import ask_for_targets
from steelyard.apps.goals.models import Cascade, Credit, Goal, GoalVersion, Milestone
from steelyard.apps.goals.queries.targets import held_goals
from steelyard.errors import Refused

State = GoalVersion.State
LONGEST_REASON = 400


def write_version(
    goal: Goal,
    said: GoalSaid,
    *,
    author: Any,
    reason: str,
    valid_from: datetime.date | None,
    cascade: Cascade | None = None,
) -> GoalVersion:
    """The next version, proposed; whoever may puts it in force."""
    newest = goal.versions.aggregate(newest=Max("number"))["newest"] or 0
    version = GoalVersion.objects.create(
        goal=goal,
        number=newest + 1,
        author=author,
        reason=reason_of(reason),
        valid_from=valid_from or first_day(said, is_first=newest == 0),
        cascade=cascade,
        **fields_of(said),
    )
    Credit.objects.bulk_create(
        Credit(version=version, team_id=each.team_id, person_id=each.person_id, share=each.share)
        for each in said.credits
    )
    return version


def put_in_force(actor: Any, version: GoalVersion, *, note: str = "") -> None:
    """Once: who comes second is told that it is decided. Proposals that are older are set aside."""
    now = timezone.now()
    decided = {"decided_by": actor, "decided_at": now}
    waiting = GoalVersion.objects.filter(pk=version.pk, state=State.PROPOSED)
    if not waiting.update(state=State.APPROVED, decision_note=reason_of(note), **decided):
        raise Refused("goals.decided-already", 409)
    Goal.objects.filter(pk=version.goal_id).update(current=version, state=Goal.State.ACTIVE)
    older = GoalVersion.objects.filter(goal=version.goal_id, state=State.PROPOSED, number__lt=version.number)
    older.update(state=State.REJECTED, **decided)
    version.refresh_from_db(fields=["state", "decision_note", "decided_by", "decided_at"])
    follow_steps(version)
    ask_for_targets(actor, goals=held_goals().filter(pk=version.goal_id))


def follow_steps(version: GoalVersion) -> None:
    """The goal's milestones become those of the version; what was done stays done."""
    standing = {each.public_id: each for each in Milestone.objects.filter(goal=version.goal_id)}
    kept: set[str] = set()
    for position, step in enumerate(version.steps, start=1):
        kept.add(step["key"])
        fields = {"title": step["title"], "due_on": step["due_on"], "position": position, "dropped_at": None}
        if step["key"] in standing:
            Milestone.objects.filter(pk=standing[step["key"]].pk).update(**fields)
        else:
            Milestone.objects.create(goal_id=version.goal_id, public_id=step["key"], **fields)
    gone = [each.pk for key, each in standing.items() if key not in kept and each.dropped_at is None]
    Milestone.objects.filter(pk__in=gone).update(dropped_at=timezone.now())


def first_day(said: GoalSaid, *, is_first: bool) -> datetime.date:
    """A goal holds from its first day on, also when it is written down later; a change from today on."""
    today = timezone.localdate()
    return min(today, said.starts) if is_first and said.starts else today


def reason_of(given: str, *, is_needed: bool = False) -> str:
    told = " ".join(given.split())
    if is_needed and not told:
        raise Refused("goals.no-reason")
    if len(told) > LONGEST_REASON:
        raise Refused("goals.text-too-long", most=LONGEST_REASON)
    return told

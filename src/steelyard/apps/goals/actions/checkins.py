"""Writes on how a goal goes: check-ins with a note and confidence, milestones that are done."""

import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from steelyard.apps.access.policy import record
from steelyard.apps.accounts.models import User
from steelyard.apps.goals.actions.said import number, text
from steelyard.apps.goals.models import CheckIn, Goal, Milestone
from steelyard.apps.goals.queries.rights import may_check_in, stands_above
from steelyard.errors import Refused


def check_in(
    actor: User,
    goal: Goal,
    *,
    on: datetime.date,
    note: str = "",
    confidence: int,
    value: Decimal | None = None,
) -> CheckIn:
    """Say how it goes; a goal that no KPI measures gets its figure here, as it stands on that day."""
    _check(actor, goal, on)
    if confidence not in CheckIn.Confidence.values:
        raise Refused("goals.no-confidence")
    version = Goal.objects.select_related("current").get(pk=goal.pk).current
    if version is None:
        raise Refused("goals.not-active", 409)
    told = number(value)
    if told is not None and version.kpi:
        raise Refused("goals.figure-comes-from-kpi")
    with transaction.atomic():
        made = CheckIn.objects.create(
            goal=goal,
            version=version,
            on=on,
            note=text(note),
            confidence=confidence,
            value=told,
            author=actor,
        )
        record(actor, "goals.check-in", goal, check_in=made.public_id, confidence=confidence)
    return made


def withdraw_check_in(actor: User, found: CheckIn) -> None:
    """Out of sight, by who wrote it or stands above; the row stays."""
    if found.author_id != actor.pk and not stands_above(actor, found.goal):
        raise Refused("access.denied", 404)
    with transaction.atomic():
        if not CheckIn.objects.filter(pk=found.pk, withdrawn_at=None).update(withdrawn_at=timezone.now()):
            raise Refused("goals.check-in-withdrawn", 409)
        record(actor, "goals.withdraw-check-in", found.goal, check_in=found.public_id)
    found.refresh_from_db()


def tick(actor: User, milestone: Milestone, done_on: datetime.date | None) -> Milestone:
    """A milestone is done on that day; None takes it back."""
    _check(actor, milestone.goal, done_on)
    if milestone.dropped_at is not None:
        raise Refused("goals.milestone-dropped", 409)
    with transaction.atomic():
        done_by = actor if done_on else None
        Milestone.objects.filter(pk=milestone.pk).update(done_on=done_on, done_by=done_by)
        record(actor, "goals.tick", milestone, goal=milestone.goal.public_id, done_on=str(done_on or ""))
    milestone.refresh_from_db()
    return milestone


def _check(actor: User, goal: Goal, on: datetime.date | None) -> None:
    if not may_check_in(actor, goal):
        raise Refused("access.denied", 404)
    state = Goal.objects.values_list("state", flat=True).get(pk=goal.pk)
    if state != Goal.State.ACTIVE:
        raise Refused("goals.closed" if state == Goal.State.CLOSED else "goals.not-active", 409)
    if on is not None and on > timezone.localdate():
        raise Refused("goals.in-the-future")

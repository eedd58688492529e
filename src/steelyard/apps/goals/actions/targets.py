"""Approved numbers become the scorecard's targets: one import for each change, undone with it."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from steelyard.apps.access.policy import record
from steelyard.apps.data.actions import import_rows, publish, undo
from steelyard.apps.data.models import Import
from steelyard.apps.goals.models import Cascade, Goal
from steelyard.apps.goals.queries.targets import (
    TargetRow,
    changed_rows,
    goals_of_cascade,
    held_goals,
    is_target,
)
from steelyard.apps.jobs.actions import Actor, JobHandle, account_of, enqueue
from steelyard.apps.jobs.models import Job
from steelyard.apps.measure.queries.targets import FROM_GOALS

KIND = "goals.publish-targets"
MAY = "goals.set"
# Of what stood there before so much is told in the audit trail; all of it stays in the imports.
TOLD = 50


def ask_for_targets(
    actor: Actor, *, goals: Iterable[Goal] = (), cascade: Cascade | None = None
) -> Job | None:
    """Ask that the scorecard follows these goals, or all of a cascade that was applied or undone.

    Called inside the transaction of the change. Without a goal that a KPI measures there is nothing to ask.
    """
    if cascade is not None:
        return enqueue(actor, KIND, {"cascade": cascade.public_id})
    wanted = {goal.pk for goal in goals if is_target(goal)}
    if not wanted:
        return None
    return _joined(actor, wanted) or enqueue(actor, KIND, {"goals": sorted(wanted)})


def _joined(actor: Actor, wanted: set[int]) -> Job | None:
    """The actor's own job that still waits for its turn takes these goals along: one import for them all."""
    mine = Job.objects.filter(kind=KIND, actor=account_of(actor), state=Job.State.QUEUED)
    waiting = mine.filter(args__has_key="goals").order_by("-pk").first()
    if waiting is None:
        return None
    args = {"goals": sorted(wanted | set(waiting.args["goals"]))}
    # A worker may have taken it a moment ago: then it has read what it had.
    return waiting if mine.filter(pk=waiting.pk, args=waiting.args).update(args=args) else None


def publish_targets(handle: JobHandle, *, goals: Iterable[int] = (), cascade: str = "") -> dict[str, Any]:
    """Publish what differs; a second run finds nothing to do."""
    if cascade:
        found = Cascade.objects.get(public_id=cascade)
        taken_back = _take_back(handle, found) if found.state == Cascade.State.UNDONE else 0
        return {"taken_back": taken_back, **_publish(handle, goals_of_cascade(found.pk))}
    return _publish(handle, list(held_goals().filter(pk__in=list(goals))))


def _publish(handle: JobHandle, goals: Iterable[Goal]) -> dict[str, Any]:
    rows = changed_rows(goals)
    if not rows:
        return {"import": None, "targets": 0, "replaced": 0}
    told = [{"kpi": r.kpi, "period": r.period, "unit": r.unit, "value": f"{r.value:f}"} for r in rows]
    taken = import_rows(handle.actor, table="targets", rows=told, source=FROM_GOALS, may=MAY)
    publish(handle, taken)
    replaced = [each for each in rows if each.before is not None]
    with transaction.atomic():
        before = [_told(each) for each in replaced[:TOLD]]
        record(handle.actor, KIND, taken, targets=len(rows), replaced=len(replaced), before=before)
    return {"import": taken.public_id, "targets": len(rows), "replaced": len(replaced)}


def _told(row: TargetRow) -> list[str]:
    return [row.kpi, row.unit, row.period, f"{row.before:f}"]


def _take_back(handle: JobHandle, cascade: Cascade) -> int:
    """The imports that the cascade was published by, newest first; what stood before stands again."""
    jobs = Job.objects.filter(kind=KIND, args={"cascade": cascade.public_id}, state=Job.State.DONE)
    names = [(job.result or {}).get("import") for job in jobs.order_by("-pk")]
    taken_back = 0
    for name in filter(None, names):
        taken = Import.objects.get(public_id=name)
        if taken.state == Import.State.PUBLISHED:
            undo(handle, taken)
            taken_back += 1
    return taken_back

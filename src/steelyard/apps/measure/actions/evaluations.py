"""Keep a month's scorecards: what each unit was told, for good."""

import datetime
from importlib.metadata import version
from typing import Any

from django.db import transaction
from django.utils import timezone

from steelyard.apps.access.policy import LOCAL_OPERATOR, authorize, record
from steelyard.apps.jobs.actions import Actor, JobHandle, account_of, enqueue
from steelyard.apps.jobs.models import Job
from steelyard.apps.measure.models import Evaluation
from steelyard.apps.measure.queries.evaluations import month_due, units_measured
from steelyard.apps.measure.queries.points import is_complete, newest_points, period_for
from steelyard.apps.measure.queries.scorecard import as_dict, scorecard_of
from steelyard.errors import Refused


def ask_to_keep(actor: Actor, month: str) -> Job:
    """Keep a month now, without waiting for the calendar; what is kept already stays as it is."""
    authorize(actor, "measure.keep")
    points = newest_points()
    if points is None:
        raise Refused("measure.no-data", 409)
    period = period_for(points, month)
    if period.grain != "month":
        raise Refused("measure.keeps-months", period=period.label)
    if not is_complete(points, period):
        raise Refused("measure.month-not-over", 409, period=period.label, last=points.last.isoformat())
    return enqueue(actor, "measure.keep", {"month": period.label})


def keep_what_is_due(today: datetime.date | None = None) -> Job | None:
    """Ask for the last month once the calendar says so; asked again, it answers with the same job."""
    month = month_due(today or timezone.localdate())
    if month is None:
        return None
    return enqueue(LOCAL_OPERATOR, "measure.keep", {"month": month.label}, key=f"keep:{month.label}")


def keep_month(handle: JobHandle, month: str) -> dict[str, Any]:
    """One row a unit; a second run goes on where the first was cut off."""
    points = newest_points()
    if points is None:
        raise Refused("measure.no-data", 409)
    period = period_for(points, month)
    units = units_measured(points, period)
    kept = {
        (kind, unit)
        for kind, unit in Evaluation.objects.filter(starts=period.start).values_list("unit_kind", "unit")
    }
    made = 0
    for done, unit in enumerate(units):
        if done % 10 == 0:
            handle.progress(done, len(units), "keeping")
        # Kept whole: who looks at it later sees of it what is theirs to see.
        card = None if (unit.kind, unit.code) in kept else _card(unit.key, period.label)
        if card is None:
            continue
        Evaluation.objects.get_or_create(
            starts=period.start,
            unit_kind=unit.kind,
            unit=unit.code,
            defaults={
                "period": period.label,
                "card": card,
                "snapshot_id": points.snapshot_id,
                "engine_version": version("steelyard"),
                "actor": account_of(handle.actor),
            },
        )
        made += 1
    with transaction.atomic():
        record(handle.actor, "measure.keep", None, period=period.label, units=made)
    return {"period": period.label, "units": made, "kept_before": len(kept)}


def _card(unit: str, period: str) -> dict[str, Any] | None:
    card = scorecard_of(LOCAL_OPERATOR, unit=unit, period=period)
    return as_dict(card) if card is not None else None

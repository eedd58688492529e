"""Writes on weights: all the goals of an owner, or all the parts of a goal, at once and 100 together."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from steelyard.apps.access.policy import record
from steelyard.apps.accounts.models import User
from steelyard.apps.goals.actions.holding import reason_of
from steelyard.apps.goals.actions.places import lock_goals, named, title_of
from steelyard.apps.goals.actions.said import shown
from steelyard.apps.goals.models import Goal, WeightSet
from steelyard.apps.goals.queries.sight import Owner, owner_of
from steelyard.apps.goals.queries.weights import WHOLE, code_of, in_stretch, may_weigh
from steelyard.apps.measure.queries.units import Unit
from steelyard.errors import Refused

CENT = Decimal("0.01")


def set_weights(
    actor: User,
    thing: Unit | Owner | Goal,
    weights: Mapping[Goal, Decimal],
    *,
    starts: datetime.date | None = None,
    ends: datetime.date | None = None,
    reason: str = "",
) -> WeightSet:
    """Weigh an owner's goals of a stretch of days, or the parts of a goal; what was stated before stays."""
    if not may_weigh(actor, thing):
        raise Refused("access.denied", 404)
    with transaction.atomic():
        lock_goals()
        _check(weights, _to_weigh(thing, starts, ends))
        made = WeightSet.objects.create(
            **_place(thing, starts, ends),
            weights={goal.public_id: str(weight.quantize(CENT)) for goal, weight in weights.items()},
            reason=reason_of(reason),
            author=actor,
        )
        record(actor, "goals.weigh", made, goals=len(weights))
    return made


def _to_weigh(
    thing: Unit | Owner | Goal, starts: datetime.date | None, ends: datetime.date | None
) -> list[Goal]:
    if isinstance(thing, Goal):
        return list(Goal.objects.filter(state=Goal.State.ACTIVE, current__parent=thing).order_by("pk"))
    if starts is None or ends is None or ends <= starts:
        raise Refused("goals.ends-before-start")
    owner = owner_of(thing)
    theirs = Goal.objects.filter(owner_kind=owner.kind, team=owner.team, person=owner.person)
    return list(in_stretch(theirs, starts, ends))


def _place(
    thing: Unit | Owner | Goal, starts: datetime.date | None, ends: datetime.date | None
) -> dict[str, Any]:
    if isinstance(thing, Goal):
        return {"parent": thing}
    owner = owner_of(thing)
    return {"owner_kind": owner.kind, "owner": code_of(owner), "starts": starts, "ends": ends}


def _check(weights: Mapping[Goal, Decimal], goals: list[Goal]) -> None:
    if not goals:
        raise Refused("goals.nothing-to-weigh", 409)
    if any(goal not in goals for goal in weights):
        raise Refused("goals.weight-of-another", 409)
    if missing := [title_of(goal) for goal in goals if goal not in weights]:
        raise Refused("goals.weights-missing", goals=named(missing))
    if any(not _is_percent(weight) for weight in weights.values()):
        raise Refused("goals.bad-weight")
    if (whole := sum(weights.values(), Decimal(0))) != WHOLE:
        raise Refused("goals.weights-not-whole", whole=shown(whole))


def _is_percent(weight: Decimal) -> bool:
    return weight.is_finite() and 0 <= weight <= WHOLE and weight == weight.quantize(CENT)

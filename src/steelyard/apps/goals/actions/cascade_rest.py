"""Divide the rest of a period anew: months that are over stay as they were set, or as they turned out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from django.db import transaction

from steelyard.apps.access.policy import record
from steelyard.apps.accounts.models import User
from steelyard.apps.goals.actions.cascades import check_may_spread, divide, forget_drafts, methods_of
from steelyard.apps.goals.models import Cascade, Goal
from steelyard.apps.goals.queries.cascade_figures import Past, exact, past_of
from steelyard.apps.goals.queries.cascade_filling import (
    Choices,
    check_total,
    is_bound,
    plan_for,
    root_of,
    usual_step,
    with_outlooks,
)
from steelyard.apps.goals.queries.cascade_standing import goals_below, months_of, plan_that_holds
from steelyard.apps.goals.queries.rights import stands_above
from steelyard.apps.measure.queries.calendar import read_period
from steelyard.apps.measure.queries.points import newest_points
from steelyard.engine.cascade import Plan, UnitPlan
from steelyard.errors import Refused

Fixed = Mapping[str, Mapping[str, Decimal]]


def recascade(
    actor: User,
    goal: Goal,
    *,
    from_period: str,
    by_actuals: bool = False,
    total: Decimal | None = None,
    choices: Choices | None = None,
) -> Cascade:
    """A draft in which the months before `from_period` are closed, and the rest is divided anew."""
    check_may_spread(actor, goal)
    if total is not None and (is_bound(goal) or not stands_above(actor, goal)):
        raise Refused("goals.total-is-from-above", 409)
    chosen = choices or Choices()
    holds, _cells = plan_that_holds(goal)
    if from_period not in holds.periods:
        raise Refused("cascade.unknown-period", place="", value=from_period[:20])
    closed = holds.periods[: holds.periods.index(from_period)]
    plan = plan_for(goal, chosen)
    if total is not None and plan.kind == "sum":
        check_total(total, minor=plan.minor)
    plan = plan if total is None else replace(plan, total=total)
    fixed = _reached(plan, goal, closed) if by_actuals else _as_set(goal, closed)
    plan = _closed(plan, holds, fixed, from_period=from_period)
    plan = replace(plan, step=usual_step(plan))
    version = goal.current
    if version is not None:
        plan = with_outlooks(plan, version, newest_points())
    more = {"choices": chosen.as_json(), "edits": [], "methods": methods_of(plan), "is_rest": True}
    with transaction.atomic():
        forget_drafts(actor, goal)
        made = Cascade(goal=goal, document={}, created_by=actor)
        divide(made, plan, more=more)
        record(actor, "goals.recascade", made, goal=goal.public_id, from_period=from_period)
    return made


def _as_set(goal: Goal, closed: tuple[str, ...]) -> Fixed:
    """The targets of the closed months, of everybody who had some."""
    below = {root_of(goal): goal, **goals_below(goal)}
    found = {
        key: {label: value for label, value in months_of(each).items() if label in closed}
        for key, each in below.items()
    }
    return {key: line for key, line in found.items() if line}


def _reached(plan: Plan, goal: Goal, closed: tuple[str, ...]) -> Fixed:
    """What the closed months came to, of those who take part; a month without a figure came to nothing."""
    version = goal.current
    if version is None or not version.kpi:
        raise Refused("goals.no-actuals", 409)
    ends = read_period(closed[-1]).end if closed else version.starts
    past = past_of(newest_points(), version.kpi, plan.leaves, before=ends)
    known = {month.label: at for at, month in enumerate(past.months)}
    missing = [label for label in closed if label not in known]
    if missing:
        raise Refused("goals.no-actuals-yet", 409, period=missing[0])
    return {
        code: {label: _figure(past, code, known[label], plan) for label in closed} for code in plan.leaves
    }


def _figure(past: Past, code: str, at: int, plan: Plan) -> Decimal:
    row = past.values.get(code)
    value = row[at] if row else None
    return exact(max(value or 0.0, 0.0)).quantize(Decimal(1).scaleb(-plan.minor))


def _closed(plan: Plan, holds: Plan, fixed: Fixed, *, from_period: str) -> Plan:
    """The closed months, and those who had a part of them and are gone by now."""
    before = read_period(from_period).start - timedelta(days=1)
    known = {plan.root, *plan.unit}
    gone = [replace(holds.unit[code], capacity=(), leaves=before) for code in fixed if code not in known]
    units = (*plan.units, *_with_parents(gone, known))
    held = {code: line for code, line in fixed.items() if code in {plan.root, *(each.code for each in units)}}
    labels = {label for line in fixed.values() for label in line}
    zeros = dict.fromkeys(labels, Decimal(0))
    missing = {code: zeros for code in _ends(units) if code not in held} if labels else {}
    locks = tuple(lock for lock in plan.locks if lock.period not in labels)
    return replace(plan, units=units, fixed={**held, **missing}, locks=locks)


def _with_parents(gone: list[UnitPlan], known: set[str]) -> list[UnitPlan]:
    codes = known | {each.code for each in gone}
    return [each if each.parent in codes else replace(each, parent=None) for each in gone]


def _ends(units: tuple[UnitPlan, ...]) -> list[str]:
    parents = {unit.parent for unit in units}
    return [unit.code for unit in units if unit.code not in parents]

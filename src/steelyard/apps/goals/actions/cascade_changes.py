"""Months changed after a goal was divided: from what holds, each change with what gives way to it."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db import transaction

from steelyard.apps.access.policy import record
from steelyard.apps.accounts.models import User
from steelyard.apps.goals.actions.cascade_edits import Deed, lock_of
from steelyard.apps.goals.actions.cascades import (
    check_draft,
    check_may_spread,
    divide,
    edit_plan,
    forget_drafts,
    plan_of,
)
from steelyard.apps.goals.actions.plans import divided
from steelyard.apps.goals.models import Cascade, Goal
from steelyard.apps.goals.queries.cascade_filling import usual_step
from steelyard.apps.goals.queries.cascade_plans import plan_kept
from steelyard.apps.goals.queries.cascade_sheets import Sheet, read, sheet_of
from steelyard.apps.goals.queries.cascade_standing import plan_that_holds
from steelyard.engine.cascade import Allocation, Lock, Plan, cascade, change_cell
from steelyard.errors import Refused

WAYS = ("siblings", "months", "parent")
Change = tuple[str, str | None, str, str]


def start_change(actor: User, goal: Goal) -> Cascade:
    """A draft of what holds now, to change single months of."""
    check_may_spread(actor, goal)
    plan, held = plan_that_holds(goal)
    plan = replace(plan, step=usual_step(plan))
    with transaction.atomic():
        forget_drafts(actor, goal)
        made = Cascade(goal=goal, document={}, created_by=actor)
        divide(
            made,
            plan,
            allocation=exactly(plan, held),
            more={"is_change": True, "changes": [], "base": plan.as_document()},
        )
        made.result["base_sheet"] = made.result["sheet"]  # type: ignore[index]
        made.save(update_fields=["result"])
        record(actor, "goals.start-change", made, goal=goal.public_id)
    return made


def change_cells(
    actor: User, found: Cascade, deeds: Sequence[Deed], *, give_way: str, based_on: int
) -> Cascade:
    """Take typed cells: as locks of a draft that is divided anew, or each with what gives way to it."""
    if not (found.result or {}).get("is_change"):
        return edit_plan(actor, found, deeds, based_on=based_on)
    check_draft(actor, found, based_on=based_on)
    way = give_way if give_way in WAYS else WAYS[0]
    changes: list[Change] = [
        (deed.unit, deed.period, deed.value, way) for deed in deeds if deed.value is not None
    ]
    if not changes:
        return found
    plan = plan_of(found)
    plan, allocation = made(plan, exactly(plan, held_in(sheet_of(found))), changes)
    kept = [*(found.result or {}).get("changes", ()), [list(each) for each in changes]]
    divide(found, plan, allocation=allocation, more={"changes": kept})
    return found


def change_back(actor: User, found: Cascade, *, based_on: int) -> Cascade:
    """All changes but the last, made again from what holds."""
    check_draft(actor, found, based_on=based_on)
    result: dict[str, Any] = found.result or {}
    if not result.get("changes"):
        raise Refused("goals.nothing-to-take-back", 409)
    left = result["changes"][:-1]
    plan = plan_kept(result["base"])
    plan, allocation = made(
        plan,
        exactly(plan, held_in(read(result["base_sheet"]))),
        [tuple(each) for group in left for each in group],
    )
    divide(found, plan, allocation=allocation, more={"changes": left})
    return found


def made(plan: Plan, allocation: Allocation, changes: Sequence[Any]) -> tuple[Plan, Allocation]:
    """One change after the other; what was locked for one only is free for the next."""
    for unit, period, value, way in changes:
        if period is None:
            raise Refused("goals.change-months-only")
        lock = lock_of(plan, unit, period, value)
        if way == "months" and _is_bound(plan):
            allocation = exchanged(plan, allocation, lock)
            extra = plan.extra
        else:
            after, allocation = change_cell(
                plan, allocation, unit=unit, period=period, value=lock.value, give_way=way
            )
            extra = after.extra
        locks = tuple(each for each in plan.locks if (each.unit, each.period) != (unit, period))
        plan = replace(plan, locks=(*locks, lock), extra=extra)
    return plan, allocation


def exchanged(plan: Plan, allocation: Allocation, lock: Lock) -> Allocation:
    """Other months of the unit give way where those above it must stay: colleagues take them in exchange."""
    given = {each.period for each in plan.locks if each.unit == lock.unit} | {lock.period}
    loose = [label for label in plan.periods if label not in given]
    held = {label: allocation.of(lock.unit, label) or Decimal(0) for label in plan.periods}
    rest = sum((held[label] for label in loose), Decimal(0)) - (lock.value - held[str(lock.period)])
    if rest < 0 or not any(held[label] for label in loose):
        raise Refused("goals.no-other-months", unit=lock.unit, period=lock.period)
    parts = divided(rest, [held[label] for label in loose])
    for label, value in [(lock.period, lock.value), *zip(loose, parts, strict=True)]:
        _plan, allocation = change_cell(
            plan, allocation, unit=lock.unit, period=str(label), value=value, give_way="siblings"
        )
    return allocation


def _is_bound(plan: Plan) -> bool:
    return any(lock.unit == plan.root for lock in plan.locks)


def exactly(plan: Plan, held: dict[tuple[str, str], Decimal]) -> Allocation:
    """The allocation that has these cells: everything locked, nothing left to divide."""
    locks = tuple(Lock(unit, period, value) for (unit, period), value in held.items())
    return cascade(replace(plan, locks=locks, step=None, method="equal"))


def held_in(sheet: Sheet) -> dict[tuple[str, str], Decimal]:
    """The cells of people and of teams that nobody is below."""
    return {
        (line.key, label): value
        for line in sheet.people
        for label, value in zip(sheet.periods, line.values, strict=True)
        if value is not None
    }

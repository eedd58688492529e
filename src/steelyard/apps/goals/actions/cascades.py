"""Writes on cascades before they are applied: begin, choose, change, take back. Each divides anew."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction

from steelyard.apps.access.policy import authorize, record
from steelyard.apps.accounts.models import User
from steelyard.apps.goals.actions.cascade_edits import Deed, done
from steelyard.apps.goals.models import Cascade, Goal
from steelyard.apps.goals.queries.cascade_filling import Choices, is_bound, plan_for, root_of, usual_step
from steelyard.apps.goals.queries.cascade_plans import plan_kept
from steelyard.apps.goals.queries.cascade_sheets import kept
from steelyard.apps.goals.queries.seen import may_spread
from steelyard.engine.cascade import METHODS, Allocation, Plan, cascade, compare_methods
from steelyard.errors import Refused

# So many changes can be taken back, one after the other.
KEPT_EDITS = 50


def check_may_spread(actor: User, goal: Goal) -> None:
    authorize(actor, "goals.spread")
    if not may_spread(actor, goal):
        raise Refused("access.denied", 404)
    if goal.state != Goal.State.ACTIVE:
        raise Refused("goals.not-active", 409)


def start_cascade(actor: User, goal: Goal, choices: Choices | None = None) -> Cascade:
    """A draft that is filled from the organisation and the figures, and divided by every method."""
    check_may_spread(actor, goal)
    chosen = choices or Choices()
    plan = plan_for(goal, chosen)
    plan = replace(plan, step=usual_step(plan))
    with transaction.atomic():
        forget_drafts(actor, goal)
        made = Cascade(goal=goal, document={}, created_by=actor)
        divide(made, plan, more={"choices": chosen.as_json(), "edits": [], "methods": methods_of(plan)})
        record(actor, "goals.start-cascade", made, goal=goal.public_id)
    return made


def forget_drafts(actor: User, goal: Goal) -> None:
    """One draft a goal and account: another beginning takes the place of the one before."""
    Cascade.objects.filter(goal=goal, created_by=actor, state=Cascade.State.DRAFT).delete()


def methods_of(plan: Plan) -> dict[str, Any]:
    """By method what each unit would get; a method that the plan cannot serve says why."""
    found: dict[str, Any] = {}
    for method in METHODS:
        try:
            check_method(replace(plan, method=method))
            allocation = compare_methods(plan, methods=(method,))[method]
        except Refused as refusal:
            found[method] = {"refused": [refusal.code, refusal.params]}
            continue
        sheet = kept(replace(plan, method=method), allocation)
        names = ("totals", "chances", "fairness", "warnings")
        found[method] = {name: sheet[name] for name in names}
    return found


def check_method(plan: Plan) -> None:
    """An equal chance needs to know what may be expected, of some of the people at least."""
    if plan.method == "fair" and not any(unit.outlook is not None for unit in plan.units):
        raise Refused("goals.no-outlooks")


def choose_method(actor: User, found: Cascade, method: str, *, based_on: int) -> Cascade:
    if method not in METHODS:
        raise Refused("cascade.bad-method", value=method[:20], methods=list(METHODS))
    return edit_plan(actor, found, [Deed("method", value=method)], based_on=based_on)


def edit_plan(actor: User, found: Cascade, deeds: Sequence[Deed], *, based_on: int) -> Cascade:
    """Set or take away what the deeds say, and divide anew; nothing is kept of what cannot be met."""

    if is_bound(found.goal) and any(
        deed.what == "lock" and deed.unit == root_of(found.goal) for deed in deeds
    ):
        raise Refused("goals.month-from-above")

    def changed(plan: Plan) -> tuple[Plan, list[Deed], Allocation | None]:
        after, back = done(plan, deeds)
        return after, back, None

    return _changed(actor, found, changed, based_on=based_on)


def step_back(actor: User, found: Cascade, *, based_on: int) -> Cascade:
    """Take the last change back."""
    check_draft(actor, found, based_on=based_on)
    edits: list[Any] = list((found.result or {}).get("edits", ()))
    if not edits:
        raise Refused("goals.nothing-to-take-back", 409)
    deeds = [Deed.of_json(each) for each in edits.pop()]
    plan, _back = done(plan_of(found), deeds)
    divide(found, plan, more={"edits": edits})
    return found


def plan_of(found: Cascade) -> Plan:
    return plan_kept(found.document)


def check_draft(actor: User, found: Cascade, *, based_on: int) -> None:
    check_may_spread(actor, found.goal)
    if found.state != Cascade.State.DRAFT:
        raise Refused("goals.cascade-is-applied", 409)
    if found.version != based_on:
        raise Refused("goals.cascade-edited", 409)


def _changed(
    actor: User,
    found: Cascade,
    change: Callable[[Plan], tuple[Plan, list[Deed], Allocation | None]],
    *,
    based_on: int,
) -> Cascade:
    check_draft(actor, found, based_on=based_on)
    plan, back, allocation = change(plan_of(found))
    if not back:
        return found
    edits = [*(found.result or {}).get("edits", ()), [each.as_json() for each in back]]
    divide(found, plan, allocation=allocation, more={"edits": edits[-KEPT_EDITS:]})
    return found


def divide(
    found: Cascade, plan: Plan, *, allocation: Allocation | None = None, more: dict[str, Any] | None = None
) -> None:
    """Keep the plan and what it comes to; a plan that cannot be met is refused before anything is kept."""
    check_method(plan)
    sheet = kept(plan, allocation or cascade(plan))
    before = found.version if found.pk else 0
    found.document = plan.as_document()
    found.result = {**(found.result or {}), **(more or {}), "sheet": sheet}
    found.version = before + 1
    if not before:
        found.save()
        return
    fields = {"document": found.document, "result": found.result, "version": found.version}
    if not Cascade.objects.filter(pk=found.pk, version=before).update(**fields):
        raise Refused("goals.cascade-edited", 409)

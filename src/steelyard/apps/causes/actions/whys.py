"""Writes on the five whys: an answer, a branch, a stop."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from steelyard.apps.access.policy import authorize, record
from steelyard.apps.accounts.models import User
from steelyard.apps.causes.actions.wordings import said, save_over
from steelyard.apps.causes.models import Cause, Why
from steelyard.apps.diagnose.models import Diagnosis
from steelyard.errors import Refused

# Five is the habit; where it takes twice as many, the question was another one.
DEEPEST = 10


def add_why(
    actor: User,
    diagnosis: Diagnosis,
    *,
    text: str,
    parent: Why | None = None,
    cause: Cause | None = None,
    is_actionable: bool = False,
) -> Why:
    """An answer: to the gap itself, to a cause, or to another answer (as a branch of it)."""
    authorize(actor, "causes.edit")
    told = said(text)
    for above in (parent, cause):
        if above is not None and above.diagnosis_id != diagnosis.pk:
            raise Refused("access.denied", 404)
    if parent is not None and depth_of(parent) >= DEEPEST:
        raise Refused("causes.too-deep", 409, most=DEEPEST)
    root_cause = parent.cause if parent else cause
    with transaction.atomic():
        beside = Why.objects.filter(diagnosis=diagnosis, parent=parent, cause=root_cause)
        made = Why.objects.create(
            diagnosis=diagnosis,
            parent=parent,
            cause=root_cause,
            text=told,
            position=(beside.aggregate(last=Max("position"))["last"] or 0) + 1,
            is_actionable=is_actionable,
            created_by=actor,
            worded_by=actor,
        )
        record(actor, "causes.add-why", made, diagnosis=diagnosis.public_id)
    return made


def change_why(actor: User, why: Why, *, text: str, is_actionable: bool, based_on: int) -> Why:
    authorize(actor, "causes.edit")
    return save_over(
        actor,
        why,
        based_on=based_on,
        action="causes.change-why",
        text=said(text),
        is_actionable=is_actionable,
    )


def withdraw_why(actor: User, why: Why) -> None:
    """Out of the tree, with what hangs below it; it can be brought back."""
    _put(actor, why, action="causes.withdraw-why", is_withdrawn=True)


def restore_why(actor: User, why: Why) -> None:
    _put(actor, why, action="causes.restore-why", is_withdrawn=False)


def depth_of(why: Why) -> int:
    """1 for a root."""
    depth, above = 1, why.parent
    while above is not None:
        depth, above = depth + 1, above.parent
    return depth


def _put(actor: User, why: Why, *, action: str, is_withdrawn: bool) -> None:
    authorize(actor, "causes.edit")
    with transaction.atomic():
        why.withdrawn_at = timezone.now() if is_withdrawn else None
        why.save(update_fields=["withdrawn_at"])
        record(actor, action, why)

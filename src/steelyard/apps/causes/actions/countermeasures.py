"""Writes on countermeasures: list options, weigh them, choose one."""

from django.db import transaction
from django.utils import timezone

from steelyard.apps.access.policy import authorize, record
from steelyard.apps.accounts.models import User
from steelyard.apps.causes.actions.wordings import said, save_over
from steelyard.apps.causes.models import Cause, Countermeasure
from steelyard.errors import Refused

LONGEST_NOTE = 2000


def add_countermeasure(
    actor: User, cause: Cause, *, text: str, impact: int, effort: int, risk: int, note: str = ""
) -> Countermeasure:
    authorize(actor, "causes.edit")
    _check(impact, effort, risk)
    with transaction.atomic():
        made = Countermeasure.objects.create(
            cause=cause,
            text=said(text),
            impact=impact,
            effort=effort,
            risk=risk,
            note=_note(note),
            created_by=actor,
            worded_by=actor,
        )
        record(actor, "causes.add-countermeasure", made, cause=cause.public_id)
    return made


def change_countermeasure(
    actor: User,
    option: Countermeasure,
    *,
    text: str,
    impact: int,
    effort: int,
    risk: int,
    note: str,
    based_on: int,
) -> Countermeasure:
    authorize(actor, "causes.edit")
    _check(impact, effort, risk)
    return save_over(
        actor,
        option,
        based_on=based_on,
        action="causes.change-countermeasure",
        text=said(text),
        impact=impact,
        effort=effort,
        risk=risk,
        note=_note(note),
    )


def choose(actor: User, option: Countermeasure) -> None:
    """This one, and no other of its cause."""
    authorize(actor, "causes.confirm")
    if option.withdrawn_at is not None:
        raise Refused("causes.withdrawn", 409)
    with transaction.atomic():
        Cause.objects.select_for_update().get(pk=option.cause_id)
        Countermeasure.objects.filter(cause=option.cause_id, chosen=True).update(chosen=False)
        option.chosen = True
        option.save(update_fields=["chosen"])
        record(actor, "causes.choose", option, cause=option.cause.public_id)


def choose_none(actor: User, option: Countermeasure) -> None:
    """Take the choice back."""
    authorize(actor, "causes.confirm")
    with transaction.atomic():
        option.chosen = False
        option.save(update_fields=["chosen"])
        record(actor, "causes.choose-none", option, cause=option.cause.public_id)


def withdraw_countermeasure(actor: User, option: Countermeasure) -> None:
    authorize(actor, "causes.edit")
    with transaction.atomic():
        option.withdrawn_at, option.chosen = timezone.now(), False
        option.save(update_fields=["withdrawn_at", "chosen"])
        record(actor, "causes.withdraw-countermeasure", option)


def restore_countermeasure(actor: User, option: Countermeasure) -> None:
    authorize(actor, "causes.edit")
    with transaction.atomic():
        option.withdrawn_at = None
        option.save(update_fields=["withdrawn_at"])
        record(actor, "causes.restore-countermeasure", option)


def _check(*weighed: int) -> None:
    if not all(1 <= each <= 5 for each in weighed):
        raise Refused("causes.not-weighed")


def _note(text: str) -> str:
    return said(text, longest=LONGEST_NOTE) if text.strip() else ""

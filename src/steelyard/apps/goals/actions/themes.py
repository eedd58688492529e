"""Writes on themes of the strategy: add, change, order, retire, bring back."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from steelyard.apps.access.models import AuditEntry
from steelyard.apps.access.policy import authorize, record
from steelyard.apps.accounts.models import User
from steelyard.apps.goals.actions.places import lock_goals
from steelyard.apps.goals.actions.said import line, text
from steelyard.apps.goals.errors import Overtaken
from steelyard.apps.goals.models import Theme
from steelyard.errors import Refused

LONGEST_TITLE = 120
LONGEST_MEASURE = 200


def add_theme(actor: User, *, title: str, measure: str = "", note: str = "") -> Theme:
    authorize(actor, "goals.themes")
    fields = _said(title, measure, note)
    with transaction.atomic():
        lock_goals()
        last = Theme.objects.aggregate(last=Max("position"))["last"] or 0
        made = Theme.objects.create(position=last + 1, created_by=actor, **fields)
        record(actor, "goals.add-theme", made)
    return made


def change_theme(actor: User, theme: Theme, *, title: str, measure: str, note: str, based_on: int) -> Theme:
    """Word it otherwise; who read an older wording is told what stands."""
    authorize(actor, "goals.themes")
    fields = _said(title, measure, note)
    with transaction.atomic():
        unchanged = Theme.objects.filter(pk=theme.pk, version=based_on)
        if not unchanged.update(version=F("version") + 1, **fields):
            stands = Theme.objects.get(pk=theme.pk)
            raise Overtaken(stands, fields, by=_last_writer(stands), number=stands.version)
        record(actor, "goals.change-theme", theme, version=based_on + 1)
    theme.refresh_from_db()
    return theme


def retire_theme(actor: User, theme: Theme) -> Theme:
    """No goal can be put below it any more; those that are stay."""
    authorize(actor, "goals.themes")
    with transaction.atomic():
        Theme.objects.filter(pk=theme.pk, retired_at=None).update(retired_at=timezone.now())
        record(actor, "goals.retire-theme", theme)
    theme.refresh_from_db()
    return theme


def restore_theme(actor: User, theme: Theme) -> Theme:
    authorize(actor, "goals.themes")
    with transaction.atomic():
        Theme.objects.filter(pk=theme.pk).update(retired_at=None)
        record(actor, "goals.restore-theme", theme)
    theme.refresh_from_db()
    return theme


def order_themes(actor: User, public_ids: Sequence[str]) -> None:
    """Every theme that holds, in the order that is wanted; retired ones come after."""
    authorize(actor, "goals.themes")
    with transaction.atomic():
        lock_goals()
        holding = {each.public_id: each for each in Theme.objects.filter(retired_at=None)}
        if set(public_ids) != set(holding) or len(public_ids) != len(holding):
            raise Refused("goals.other-themes", 409)
        for position, key in enumerate(public_ids, start=1):
            Theme.objects.filter(pk=holding[key].pk).update(position=position)
        record(actor, "goals.order-themes", themes=list(public_ids))


def _said(title: str, measure: str, note: str) -> dict[str, str]:
    told = " ".join(measure.split())
    if len(told) > LONGEST_MEASURE:
        raise Refused("goals.text-too-long", most=LONGEST_MEASURE)
    return {"title": line(title, longest=LONGEST_TITLE), "measure": told, "note": text(note)}


def _last_writer(theme: Theme) -> str:
    wrote = AuditEntry.objects.filter(object_kind=theme._meta.label_lower, object_id=theme.public_id)
    newest = wrote.filter(action="goals.change-theme").first()
    return newest.actor_label if newest else theme.created_by.name

"""Apply a cascade, in one transaction, as versions of goals; and take it back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from steelyard.apps.access.policy import record
from steelyard.apps.accounts.models import User
from steelyard.apps.goals.actions.cascades import check_draft, check_may_spread
from steelyard.apps.goals.actions.said import GoalSaid, said_of
from steelyard.apps.goals.actions.versions import Row, add_versions, undo_versions
from steelyard.apps.goals.models import Cascade, GoalVersion
from steelyard.apps.goals.queries.cascade_plans import histories_kept
from steelyard.apps.goals.queries.cascade_preview import Becoming, becoming
from steelyard.apps.goals.queries.cascade_sheets import Sheet, sheet_of
from steelyard.apps.measure.models import UnitKind
from steelyard.apps.measure.queries.units import Unit
from steelyard.errors import Refused

State = Cascade.State
# What applying and undoing change of the row; the rest of it is large.
NEW = ("state", "applied_by", "applied_at", "undone_at", "replaces")


def apply_cascade(
    actor: User, found: Cascade, *, based_on: int, title: str, reason: str = "", told: str = ""
) -> Cascade:
    """Each unit's goal gets a version with its months; what was there before becomes a former version.

    `title` is for goals that there are none of yet, `told` the reason where the actor gave none.
    """
    check_draft(actor, found, based_on=based_on)
    sheet = sheet_of(found)
    if not sheet.is_exact:
        raise Refused("goals.cascade-not-exact", 409)
    is_change = bool((found.result or {}).get("is_change"))
    if is_change and sheet.declared and not reason.strip():
        raise Refused("goals.difference-needs-reason")
    with transaction.atomic():
        if not _take(found, based_on=based_on, actor=actor):
            raise Refused("goals.cascade-edited", 409)
        lines = [each for each in becoming(found, sheet) if each.is_changed or not is_change]
        rows = rows_of(found, sheet, lines, title=title)
        if rows:
            add_versions(actor, rows, cascade=found, reason=reason or told)
        record(actor, "goals.apply-cascade", found, goals=len(rows), total=str(sheet.total))
        _replace_former(found)
    found.refresh_from_db(fields=NEW)
    return found


def undo_cascade(actor: User, found: Cascade) -> Cascade:
    """What held before holds again; goals that there were none of are withdrawn."""
    check_may_spread(actor, found.goal)
    with transaction.atomic():
        applied = Cascade.objects.filter(pk=found.pk, state=State.APPLIED)
        if not applied.update(state=State.UNDONE, undone_at=timezone.now()):
            raise Refused("goals.cascade-not-applied", 409)
        count = undo_versions(actor, found)
        if found.replaces_id is not None:
            former = Cascade.objects.filter(pk=found.replaces_id, state=State.REPLACED)
            former.update(state=State.APPLIED)
        record(actor, "goals.undo-cascade", found, goals=count)
    found.refresh_from_db(fields=NEW)
    return found


def _take(found: Cascade, *, based_on: int, actor: User) -> bool:
    """Only one of two who apply the same draft does."""
    draft = Cascade.objects.filter(pk=found.pk, state=State.DRAFT, version=based_on)
    applied = Cascade.objects.filter(goal=found.goal_id, state=State.APPLIED).order_by("-pk")
    former = applied.values_list("pk", flat=True).first()
    fields = {"applied_by": actor, "applied_at": timezone.now(), "replaces_id": former}
    return bool(draft.update(state=State.APPLIED, **fields))


def _replace_former(found: Cascade) -> None:
    """The cascade before is replaced once no goal says any more what it said."""
    found.refresh_from_db(fields=["replaces"])
    if found.replaces_id is None:
        return
    stands = GoalVersion.objects.filter(cascade=found.replaces_id, goal__current=F("pk"))
    if not stands.exists():
        Cascade.objects.filter(pk=found.replaces_id).update(state=State.REPLACED)


def rows_of(found: Cascade, sheet: Sheet, lines: Sequence[Becoming], *, title: str) -> list[Row]:
    """One version to be for each line; new goals hang below the goal of the unit above."""
    goals = {each.key: each.goal for each in lines if each.goal is not None}
    coming = {each.key for each in lines}
    if found.goal.current is None:
        raise Refused("goals.not-active", 409)
    template = _template(found.goal.current, title=title)
    past = {code: _year_before(held, sheet) for code, held in histories_kept(found.document).items()}
    rows = []
    for each in lines:
        parent = each.line.parent if each.line is not None else None
        changed: dict[str, Any] = {"target": each.after, "plan": each.plan, "over": each.over}
        above = ""
        if parent is not None and parent in goals:
            changed["parent"] = goals[parent]
        elif parent is not None and parent in coming:
            above = parent
        if each.goal is not None and each.goal.current is not None:
            said = replace(said_of(each.goal.current), **changed)
            rows.append(Row(said=said, goal=each.goal, key=each.key, above=above))
        else:
            said = replace(template, baseline=past.get(each.key), **changed)
            rows.append(Row(said=said, unit=unit_of(each.key), key=each.key, above=above))
    return rows


def unit_of(key: str) -> Unit:
    kind, _colon, code = key.partition(":")
    return Unit(UnitKind(kind), code)


def _template(version: GoalVersion, *, title: str) -> GoalSaid:
    """What a new goal below takes over: the why and what follows, but nobody's pay."""
    return GoalSaid(
        title=title,
        kind=version.kind,
        starts=version.starts,
        ends=version.ends,
        kpi=version.kpi,
        unit=version.unit,
        why=version.why,
        finding=version.finding,
        cause=version.cause,
        consequences=[
            {**each, "amount": None}
            for each in version.consequences
            if each["text"] and each["kind"] != "pay"
        ],
    )


def _year_before(past: Mapping[str, Decimal], sheet: Sheet) -> Decimal | None:
    """What the same months came to a year before, where all of them are known."""
    labels = [f"{int(label[:4]) - 1}{label[4:]}" for label in sheet.periods if label[:4].isdecimal()]
    values = [past.get(label) for label in labels]
    if sheet.is_ratio or not values or None in values:
        return None
    return sum((value for value in values if value is not None), Decimal(0))

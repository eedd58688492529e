"""What two versions of a goal say differently, in words."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from steelyard.apps.goals.models import GoalVersion
from steelyard.apps.goals.queries.versions import Change
from steelyard.apps.goals.words import names
from steelyard.web import numbers

AMOUNTS = ("baseline", "target", "target_high")


def field_name(field: str) -> str:
    return {
        "title": pgettext("of a goal", "Goal"),
        "kind": pgettext("of a goal", "Kind"),
        "kpi": pgettext("of a goal", "Measured by"),
        "unit": pgettext("of a goal", "Unit"),
        "baseline": pgettext("of a goal", "Baseline"),
        "target": pgettext("of a goal", "Target"),
        "target_high": pgettext("of a goal", "Upper edge"),
        "levels": pgettext("of a goal", "Further levels"),
        "starts": pgettext("of a goal", "From"),
        "ends": pgettext("of a goal", "To"),
        "plan": pgettext("of a goal", "Months"),
        "parent": pgettext("of a goal", "Goal above"),
        "theme": pgettext("of a goal", "Theme"),
        "over": pgettext("of a goal", "Over-assigned"),
        "why": pgettext("of a goal", "Why"),
        "finding": pgettext("of a goal", "Finding"),
        "cause": pgettext("of a goal", "Cause"),
        "consequences": pgettext("of a goal", "What follows"),
        "steps": pgettext("of a goal", "Milestones"),
        "credits": pgettext("of a goal", "Shared credit"),
    }[field]


def change_line(
    change: Change, *, before: GoalVersion, after: GoalVersion, currency: str = "CNY"
) -> dict[str, str]:
    """Field, what it was, what it is."""
    return {
        "field": field_name(change.field),
        "before": told(change.field, change.before, before, currency=currency),
        "after": told(change.field, change.after, after, currency=currency),
    }


def told(field: str, value: Any, version: GoalVersion, *, currency: str) -> str:
    if value is None or value == "" or value == []:
        return _("none")
    if field in AMOUNTS:
        return names.amount(value, version.unit, currency=currency).exact
    if field == "kind":
        return names.kind_name(value)
    if field == "kpi":
        return names.kpi_name(value)
    if field == "ends":
        return names.day(value - datetime.timedelta(days=1))
    if field == "starts":
        return names.day(value)
    if field == "over":
        return numbers.percent(value)
    if field == "finding":
        return _("a finding")
    if isinstance(value, list):
        parts = [part(field, each, version, currency=currency) for each in value]
        return ("；" if numbers.is_chinese() else "; ").join(parts)
    return str(value)


def part(field: str, each: Any, version: GoalVersion, *, currency: str) -> str:
    """One of a list: a month, a level, a step, a share, what follows."""
    if field == "plan":
        return f"{names.plan_label(each[0])} {amount(each[1], version, currency=currency)}"
    if field == "levels":
        return f"{names.level_name(each['level'])} {amount(each['value'], version, currency=currency)}"
    if field == "steps":
        return f"{each['title']} ({names.short_day(datetime.date.fromisoformat(each['due_on']))})"
    if field == "credits":
        whose, share = each
        return f"{whose} {numbers.percent(share / 100, digits=0)}"
    return consequence(each, currency=currency)


def amount(text: str, version: GoalVersion, *, currency: str) -> str:
    return names.amount(Decimal(text), version.unit, currency=currency).text


def consequence(each: Mapping[str, Any], *, currency: str) -> str:
    at = names.reached_at(Decimal(str(each["at"])))
    if each.get("is_hidden"):
        return _("at %(share)s: pay") % {"share": at}
    paid = numbers.money(Decimal(each["amount"]), currency=currency, exact=True) if each["amount"] else ""
    said = " ".join(text for text in (paid, each["text"]) if text)
    return _("at %(share)s: %(said)s") % {"share": at, "said": said}

"""Potential, limits and leave of the people of a cascade, as a sheet of their own."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from steelyard.apps.access.policy import door
from steelyard.apps.goals.actions.cascades import edit_plan, plan_of
from steelyard.apps.goals.forms import amounts
from steelyard.apps.goals.forms.cascades import Unreadable, days_of, deeds_of, field_name, typed_in
from steelyard.apps.goals.models import Cascade
from steelyard.apps.goals.queries.cascade_sheets import Sheet, sheet_of, visible
from steelyard.apps.goals.queries.cascades import cascade_seen_by
from steelyard.apps.goals.views.cascade_showing import around, is_late, opened_of, short_month, version_of
from steelyard.apps.goals.views.cascades import based_on, is_fragment
from steelyard.apps.goals.words import cascades as words
from steelyard.apps.jobs.views import actor_of
from steelyard.engine.cascade import Plan, UnitPlan
from steelyard.errors import Refused

LIMITS = ("potential", "floor", "ceiling")


@door("goals.spread")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cascade_people(request: HttpRequest, public_id: str) -> HttpResponse:
    found = cascade_seen_by(request.user, public_id)
    if is_late(request, found):
        return redirect("cascade", public_id)
    sheet, plan = sheet_of(found), plan_of(found)
    shown = texts_of(plan, unit=version_of(found).unit)
    if request.method != "POST":
        return people_page(request, found, sheet, plan)
    typed = typed_in(request.POST)
    try:
        deeds = deeds_of(typed, sheet, unit=version_of(found).unit, shown=shown)
        edit_plan(actor_of(request), found, deeds, based_on=based_on(request))
    except Unreadable as fault:
        return people_page(request, found, sheet, plan, typed=typed, wrong=fault.cells)
    except Refused as refusal:
        if refusal.status == 404:
            raise
        refused = words.refusal(refusal, sheet.by_key)
        return people_page(request, found, sheet, plan, typed=typed, refused=refused)
    if not is_fragment(request):
        return redirect("cascade_people", public_id)
    return people_page(request, found, sheet_of(found), plan_of(found))


def people_page(
    request: HttpRequest,
    found: Cascade,
    sheet: Sheet,
    plan: Plan,
    *,
    typed: Any = None,
    wrong: Any = None,
    refused: str = "",
) -> HttpResponse:
    opened = opened_of(request, sheet)
    shown = texts_of(plan, unit=version_of(found).unit) | (typed or {})
    context = {
        **around(found, "cascade_people"),
        "headline": words.limits_headline(plan),
        "lede": _(
            "Leave is in working days of the month; whoever joins or leaves counts for the days between."
        ),
        "columns": [column_name(what) for what in LIMITS],
        "months": [short_month(label) for label in plan.periods],
        "rows": [
            person_row(plan.unit[line.key], plan, shown, wrong or {}, depth=min(line.depth, 4))
            if line.is_person or not line.is_parent
            else {"name": words.unit_name(line), "depth": min(line.depth, 4)}
            for line in visible(sheet, opened)[1:]
            if line.key in plan.unit
        ],
        "opened": ",".join(opened),
        "refused": refused or next(iter((wrong or {}).values()), ""),
        "is_fragment": is_fragment(request),
    }
    name = "goals/cascade_limits.html" if is_fragment(request) else "goals/cascade_people.html"
    return render(request, name, context, status=422 if refused or wrong else 200)


def person_row(unit: UnitPlan, plan: Plan, shown: Any, wrong: Any, *, depth: int) -> dict[str, Any]:
    fields = [(field_name(what, unit.code), column_name(what), False) for what in LIMITS]
    fields += [(field_name("leave", unit.code, label), short_month(label), True) for label in plan.periods]
    return {
        "name": unit.name or unit.code,
        "depth": depth,
        "span": words.span(unit.joins, unit.leaves),
        "cells": [
            {
                "name": name,
                "value": shown.get(name, ""),
                "wrong": wrong.get(name, ""),
                "label": label,
                "told": f"{unit.name}, {label}",
                "is_short": is_short,
            }
            for name, label, is_short in fields
        ],
    }


def texts_of(plan: Plan, *, unit: str) -> dict[str, str]:
    """What each field shows."""
    found = {}
    for code in plan.leaves:
        each = plan.unit.get(code)
        if each is None:
            continue
        found[field_name("potential", code)] = amounts.write(each.potential, unit="count")
        found[field_name("floor", code)] = amounts.write(each.floor, unit=unit)
        found[field_name("ceiling", code)] = amounts.write(each.ceiling, unit=unit)
        for label, share in zip(plan.periods, each.leave, strict=False):
            found[field_name("leave", code, label)] = amounts.write(
                days_of(share, label) or None, unit="days"
            )
    return found


def column_name(what: str) -> str:
    return {
        "potential": _("Potential"),
        "floor": pgettext("limit of a person", "Floor"),
        "ceiling": _("Ceiling"),
    }[what]

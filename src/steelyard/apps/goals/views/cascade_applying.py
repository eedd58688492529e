"""A cascade before and after it holds: preview, apply, undo, change months, divide the rest."""

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from steelyard.apps.access.policy import door
from steelyard.apps.goals.actions.cascade_applying import apply_cascade, undo_cascade
from steelyard.apps.goals.actions.cascade_changes import start_change
from steelyard.apps.goals.actions.cascade_rest import recascade as divide_rest
from steelyard.apps.goals.forms import amounts
from steelyard.apps.goals.forms.cascades import ApplyForm, RestForm
from steelyard.apps.goals.models import Cascade, Goal
from steelyard.apps.goals.queries.cascade_filling import is_bound
from steelyard.apps.goals.queries.cascade_preview import Becoming, becoming
from steelyard.apps.goals.queries.cascade_sheets import Sheet, sheet_of, visible
from steelyard.apps.goals.queries.cascade_standing import months_of
from steelyard.apps.goals.queries.cascades import cascade_seen_by, goal_to_divide
from steelyard.apps.goals.queries.rights import stands_above
from steelyard.apps.goals.views.cascade_showing import around, fold_of, is_late, opened_of, version_of
from steelyard.apps.goals.views.cascades import based_on
from steelyard.apps.goals.views.frame import currency
from steelyard.apps.goals.words import cascades as words
from steelyard.apps.goals.words import names
from steelyard.apps.jobs.views import actor_of
from steelyard.errors import Refused
from steelyard.web.words import sentence


@door("goals.spread")
@never_cache
@require_safe
def preview_cascade(request: HttpRequest, public_id: str) -> HttpResponse:
    """What each goal becomes, and who would be set up to fail."""
    found = cascade_seen_by(request.user, public_id)
    if is_late(request, found):
        return redirect("cascade", public_id)
    return preview_page(request, found)


def preview_page(
    request: HttpRequest,
    found: Cascade,
    *,
    form: ApplyForm | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    sheet, unit = sheet_of(found), version_of(found).unit
    lines = becoming(found, sheet)
    is_change = bool((found.result or {}).get("is_change"))
    opened = opened_of(request, sheet)
    known = {line.key for line in visible(sheet, opened)}
    rows = [
        each for each in lines if (each.is_changed if is_change else each.line is None or each.key in known)
    ]
    low = sheet.low
    context = {
        **around(found, "preview_cascade"),
        "headline": words.preview_headline(lines, sheet, unit=unit, currency=currency()),
        "lede": words.lede(sheet),
        "fairness": words.fairness(sheet.fairness) if sheet.fairness else "",
        "warnings": words.warned(sheet.warnings, sheet.by_key),
        "declared": words.declared(sheet, unit=unit, currency=currency()),
        "rows": [preview_row(each, found, sheet, opened=opened) for each in rows],
        "has_chances": sheet.fairness is not None,
        "low": len(low),
        "is_change": is_change,
        "form": form or ApplyForm(),
        "refused": refused,
    }
    return render(request, "goals/cascade_preview.html", context, status=status)


def preview_row(each: Becoming, found: Cascade, sheet: Sheet, *, opened: Collection[str]) -> dict[str, Any]:
    line, unit = each.line, version_of(found).unit
    address = reverse("preview_cascade", args=[found.public_id])
    place = (
        fold_of(line, sheet, opened=opened, address=address)
        if line is not None
        else {"name": names.owner_name(each.goal) if each.goal else each.key, "depth": 1}
    )
    return {
        **place,
        "before": names.amount(each.before, unit, currency=currency()) if each.goal else None,
        "after": names.amount(each.after, unit, currency=currency()),
        "is_new": each.goal is None,
        "is_left_out": line is None,
        "is_same": not each.is_changed,
        "chance": words.percent(line.chance) if line is not None and line.chance is not None else "",
        "is_low": line is not None and line.is_low and not line.is_parent,
    }


@door("goals.spread")
@require_POST
def apply(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make it hold."""
    found = cascade_seen_by(request.user, public_id)
    form = ApplyForm(request.POST)
    if not form.is_valid():
        return preview_page(request, found, form=form, status=422)
    try:
        apply_cascade(
            actor_of(request),
            found,
            based_on=based_on(request),
            title=words.goal_title(version_of(found)),
            reason=form.cleaned_data["reason"],
            told=words.usual_reason(found),
        )
    except Refused as refusal:
        if refusal.status == 404:
            raise
        return preview_page(
            request,
            found,
            form=form,
            refused=words.refusal(refusal, sheet_of(found).by_key),
            status=refusal.status,
        )
    count = found.versions.count()
    told = ngettext("%(number)s goal has a new version.", "%(number)s goals have a new version.", count)
    messages.success(request, told % {"number": count})
    return redirect("cascade", public_id)


@door("goals.spread")
@require_POST
def undo(request: HttpRequest, public_id: str) -> HttpResponse:
    """What held before holds again."""
    found = cascade_seen_by(request.user, public_id)
    try:
        undo_cascade(actor_of(request), found)
        messages.success(request, _("The cascade is undone: what held before holds again."))
    except Refused as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, sentence(refusal))
    return redirect("cascade", public_id)


@door("goals.spread")
@require_POST
def change_months(request: HttpRequest, public_id: str) -> HttpResponse:
    """A draft of what holds, to change single months of."""
    goal = goal_to_divide(request.user, public_id)
    try:
        return redirect("cascade", start_change(actor_of(request), goal).public_id)
    except Refused as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, words.refusal(refusal, {}))
        return redirect("new_cascade", public_id)


@door("goals.spread")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recascade(request: HttpRequest, public_id: str) -> HttpResponse:
    """The rest of the period anew: from which month on, and what the months before count as."""
    goal = goal_to_divide(request.user, public_id)
    if goal.current is None:
        raise Refused("access.denied", 404)
    form = rest_form(request, goal)
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            made = divide_rest(actor_of(request), goal, **form.said())
            return redirect("cascade_methods", made.public_id)
        except Refused as refusal:
            if refusal.status == 404:
                raise
            refused = words.refusal(refusal, {})
    context = {
        "goal": goal,
        "goal_title": goal.current.title,
        "headline": _("Divide the rest of %(stretch)s anew") % {"stretch": names.stretch_of(goal.current)},
        "form": form,
        "refused": refused,
    }
    return render(request, "goals/cascade_rest.html", context, status=422 if form.is_bound else 200)


def rest_form(request: HttpRequest, goal: Goal) -> RestForm:
    version = goal.current
    assert version is not None  # noqa: S101  asked before
    may_set = stands_above(request.user, goal) and not is_bound(goal)
    months = [(label, words.month(label)) for label in months_of(goal)]
    return RestForm(
        request.POST if request.method == "POST" else None,
        months=months,
        unit=version.unit,
        total=amounts.write(version.target, unit=version.unit) if may_set else None,
        has_kpi=bool(version.kpi),
    )

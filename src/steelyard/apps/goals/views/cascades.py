"""Dividing a goal: begin, compare the methods, change cells, take changes back."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from steelyard.apps.access.policy import door
from steelyard.apps.goals.actions.cascade_changes import change_back, change_cells
from steelyard.apps.goals.actions.cascades import choose_method, edit_plan, start_cascade, step_back
from steelyard.apps.goals.forms import amounts
from steelyard.apps.goals.forms.cascades import (
    ChoicesForm,
    RulesForm,
    Unreadable,
    deeds_of,
    typed_in,
)
from steelyard.apps.goals.models import Cascade, Goal
from steelyard.apps.goals.queries.cascade_choices import potentials, team_choices
from steelyard.apps.goals.queries.cascade_filling import PIPELINE, Choices, check_divisible, usual_teams
from steelyard.apps.goals.queries.cascade_sheets import Sheet, sheet_of, visible
from steelyard.apps.goals.queries.cascade_standing import goals_below
from steelyard.apps.goals.queries.cascades import (
    applied_to,
    cascade_seen_by,
    cascades_of,
    draft_of,
    goal_to_divide,
    is_overtaken,
)
from steelyard.apps.goals.views.cascade_showing import (
    around,
    fold_of,
    grid_of,
    is_late,
    opened_of,
    shown_texts,
    told,
    version_of,
)
from steelyard.apps.goals.views.frame import currency
from steelyard.apps.goals.words import cascades as words
from steelyard.apps.goals.words import names
from steelyard.apps.jobs.views import actor_of
from steelyard.apps.measure.queries.points import newest_points
from steelyard.errors import Refused
from steelyard.web.words import sentence


@door("goals.spread")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_cascade(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who takes part; then a draft with every method."""
    goal = goal_to_divide(request.user, public_id)
    if goal.current is None:
        raise Refused("access.denied", 404)
    refused = ""
    try:
        check_divisible(goal.current)
    except Refused as refusal:
        return begin_page(request, goal, None, refused=sentence(refusal), status=409)
    form = choices_form(goal, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = start_cascade(actor_of(request), goal, choices_of(form))
            return redirect("cascade_methods", made.public_id)
        except Refused as refusal:
            if refusal.status == 404:
                raise
            refused = words.refusal(refusal, {})
    return begin_page(request, goal, form, refused=refused, status=422 if form.is_bound else 200)


def begin_page(
    request: HttpRequest, goal: Goal, form: ChoicesForm | None, *, refused: str, status: int
) -> HttpResponse:
    version = goal.current
    assert version is not None  # noqa: S101  asked before
    applied = applied_to(goal)
    context = {
        "goal": goal,
        "goal_title": version.title,
        "form": form,
        "refused": refused,
        "amount": names.target_words(version, currency=currency()),
        "stretch": names.stretch_of(version),
        "owner": names.owner_name(goal),
        "draft": draft_of(request.user, goal),
        "applied": applied,
        "applied_href": reverse("cascade", args=[applied.public_id]) if applied else "",
        "again": reverse("recascade", args=[goal.public_id]),
        "may_change": applied is None and bool(goals_below(goal)),
        "former": [former_line(each) for each in cascades_of(request.user, goal) if each.state != "draft"],
    }
    return render(request, "goals/cascade_new.html", context, status=status)


def former_line(found: Cascade) -> dict[str, Any]:
    return {
        "href": reverse("cascade", args=[found.public_id]),
        "state": words.state_name(found.state),
        "at": found.applied_at,
        "by": found.applied_by.name if found.applied_by else "",
    }


def choices_form(goal: Goal, data: Any) -> ChoicesForm:
    points = newest_points()
    listed = [(kpi, names.kpi_name(kpi)) for kpi in potentials(points)]
    initial = {
        "teams": list(usual_teams(goal, points)),
        "potential": PIPELINE if PIPELINE in dict(listed) else "",
    }
    return ChoicesForm(data, initial=initial, teams=team_choices(goal), potentials=listed)


def choices_of(form: ChoicesForm) -> Choices:
    said = form.cleaned_data
    teams = said.get("teams")
    return Choices(tuple(teams) if teams else None, bool(said.get("with_managers")), said["potential"])


@door("goals.spread")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cascade_methods(request: HttpRequest, public_id: str) -> HttpResponse:
    """The methods side by side, and the choice of one."""
    found = cascade_seen_by(request.user, public_id)
    if is_late(request, found):
        return redirect("cascade", public_id)
    refused = ""
    if request.method == "POST":
        try:
            choose_method(
                actor_of(request), found, request.POST.get("method", ""), based_on=based_on(request)
            )
            return redirect("cascade", public_id)
        except Refused as refusal:
            if refusal.status == 404:
                raise
            refused = words.refusal(refusal, sheet_of(found).by_key)
    sheet = sheet_of(found)
    context = {
        **around(found, "cascade_methods"),
        "headline": words.comparing(sheet, unit=version_of(found).unit, currency=currency()),
        "lede": words.comparing_lede((found.result or {}).get("methods", {})),
        "refused": refused,
        **comparison(found, sheet, opened=opened_of(request, sheet)),
    }
    return render(request, "goals/cascade_methods.html", context, status=422 if refused else 200)


def comparison(found: Cascade, sheet: Sheet, *, opened: Collection[str]) -> dict[str, Any]:
    held, unit = (found.result or {}).get("methods", {}), version_of(found).unit
    first = words.most_alike(held) or sheet.method
    methods = [
        {
            **each,
            "is_here": each["key"] == sheet.method,
            "is_first": each["key"] == first,
            "refused": refused_words(held.get(each["key"], {}), sheet),
            "fairness": words.fairness(held.get(each["key"], {}).get("fairness")),
            "low": words.low_words(held.get(each["key"], {})),
        }
        for each in words.methods()
    ]
    shown = [each for each in methods if not each["refused"]]
    lines = [
        {
            **fold_of(line, sheet, opened=opened, address=reverse("cascade_methods", args=[found.public_id])),
            "cells": [
                {
                    "name": each["name"],
                    "text": names.amount(
                        _total(held, str(each["key"]), line.key), unit, currency=currency()
                    ).text,
                    "chance": words.percent(held[each["key"]]["chances"].get(line.key))
                    if line.key in held[each["key"]]["chances"]
                    else "",
                }
                for each in shown
            ],
        }
        for line in visible(sheet, opened)
    ]
    return {"methods": methods, "shown": shown, "lines": lines}


def refused_words(kept: Mapping[str, Any], sheet: Sheet) -> str:
    """Why a method does not serve the plan; empty where it does."""
    if "refused" not in kept:
        return ""
    code, params = kept["refused"]
    return words.refusal(Refused(code, **params), sheet.by_key)


def _total(held: Any, method: str, key: str) -> Any:
    figure = held[method]["totals"].get(key)
    text = figure[0] if isinstance(figure, list) else figure
    return None if text is None else Decimal(text)


@door("goals.spread")
@never_cache
@require_safe
def cascade(request: HttpRequest, public_id: str) -> HttpResponse:
    """The sheet: units down, months across."""
    found = cascade_seen_by(request.user, public_id)
    name = "goals/cascade_sheet.html" if is_fragment(request) else "goals/cascade.html"
    return render(request, name, sheet_context(request, found))


@door("goals.spread")
@require_POST
def cascade_cell(request: HttpRequest, public_id: str) -> HttpResponse:
    """What was typed into cells: a number locks, an empty cell is let go."""
    found = cascade_seen_by(request.user, public_id)
    sheet, unit = sheet_of(found), version_of(found).unit
    typed = typed_in(request.POST)
    if request.POST.get("unlock"):
        typed = {request.POST["unlock"]: ""}
    try:
        deeds = deeds_of(typed, sheet, unit=unit, shown=shown_texts(sheet, unit=unit))
        change_cells(
            actor_of(request),
            found,
            deeds,
            give_way=request.POST.get("give_way", ""),
            based_on=based_on(request),
        )
    except Unreadable as fault:
        return sheet_again(request, found, typed=typed, wrong=fault.cells)
    except Refused as refusal:
        if refusal.status == 404:
            raise
        return sheet_again(request, found, typed=typed, refused=words.refusal(refusal, sheet.by_key))
    return after(request, found)


@door("goals.spread")
@require_POST
def cascade_back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take the last change back."""
    found = cascade_seen_by(request.user, public_id)
    try:
        take = change_back if (found.result or {}).get("is_change") else step_back
        take(actor_of(request), found, based_on=based_on(request))
    except Refused as refusal:
        if refusal.status == 404:
            raise
        return sheet_again(request, found, refused=sentence(refusal))
    return after(request, found)


@door("goals.spread")
@require_POST
def cascade_rules(request: HttpRequest, public_id: str) -> HttpResponse:
    """The rounding step and the declared over-assignment."""
    found = cascade_seen_by(request.user, public_id)
    sheet = sheet_of(found)
    form = rules_form(found, sheet, request.POST)
    if not form.is_valid():
        return sheet_again(request, found, rules=form)
    try:
        edit_plan(actor_of(request), found, form.deeds(sheet.root.key), based_on=based_on(request))
    except Refused as refusal:
        if refusal.status == 404:
            raise
        return sheet_again(request, found, rules=form, refused=words.refusal(refusal, sheet.by_key))
    return after(request, found)


def rules_form(found: Cascade, sheet: Sheet, data: Any = None) -> RulesForm:
    unit = version_of(found).unit
    initial = {
        "step": amounts.write(sheet.step, unit="count"),
        "over_root": amounts.write(sheet.over.get(sheet.root.key), unit="percent").rstrip("%"),
        "over_teams": amounts.write(sheet.over.get("team"), unit="percent").rstrip("%"),
    }
    smallest = Decimal(1).scaleb(-sheet.minor)
    return RulesForm(data, initial=initial, unit=unit, smallest=smallest, has_teams=bool(sheet.teams))


def based_on(request: HttpRequest) -> int:
    """The version that the form was filled on."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else 0


def is_fragment(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False)) and not getattr(request.htmx, "boosted", False)  # type: ignore[attr-defined]


def after(request: HttpRequest, found: Cascade) -> HttpResponse:
    """The sheet as it is now: as a fragment, or on its page."""
    if is_fragment(request):
        return render(request, "goals/cascade_sheet.html", sheet_context(request, found))
    opened = request.POST.get("open")
    query = f"?open={opened}" if opened is not None else ""
    return HttpResponseRedirect(f"{reverse('cascade', args=[found.public_id])}{query}")


def sheet_again(request: HttpRequest, found: Cascade, *, refused: str = "", **more: Any) -> HttpResponse:
    """The sheet as it was, with what was typed and why it was not taken."""
    context = sheet_context(request, cascade_seen_by(request.user, found.public_id), refused=refused, **more)
    name = "goals/cascade_sheet.html" if is_fragment(request) else "goals/cascade.html"
    return render(request, name, context, status=422)


def sheet_context(
    request: HttpRequest,
    found: Cascade,
    *,
    refused: str = "",
    typed: Any = None,
    wrong: Any = None,
    rules: RulesForm | None = None,
) -> dict[str, Any]:
    sheet = sheet_of(found)
    is_draft = found.state == Cascade.State.DRAFT
    return {
        **around(found, "cascade"),
        **told(found, sheet),
        **grid_of(
            found,
            sheet,
            opened=opened_of(request, sheet),
            may_type=is_draft,
            typed=typed if refused or wrong else None,
            wrong=wrong or (dict.fromkeys(typed, refused) if typed and refused else None),
        ),
        "refused": refused or next(iter((wrong or {}).values()), ""),
        "rules": rules or rules_form(found, sheet),
        "is_change": bool((found.result or {}).get("is_change")),
        "is_overtaken": is_overtaken(found),
        "give_way": request.POST.get("give_way", "siblings"),
        "ways": words.ways(),
        "method": words.method_name(sheet.method),
        "unlock_words": _("Let go of the lock"),
        "is_fragment": is_fragment(request),
    }

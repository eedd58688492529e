"""Kept months: the list of a unit, and one of them beside what it says now."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from steelyard.apps.access.policy import can, door
from steelyard.apps.measure import actions
from steelyard.apps.measure.queries import evaluations as queries
from steelyard.apps.measure.queries.evaluations import Kept, Line
from steelyard.apps.measure.queries.points import default_period, newest_points, period_choices
from steelyard.apps.measure.queries.total import Total
from steelyard.apps.measure.queries.units import home_unit, unit_for
from steelyard.apps.measure.views import links
from steelyard.apps.measure.views.picking import picker
from steelyard.apps.measure.views.scorecard import nothing_yet
from steelyard.apps.measure.views.tabs import tabs
from steelyard.apps.measure.words import evaluations as words
from steelyard.apps.measure.words import names, totals
from steelyard.engine.kpi.definitions import DIMENSIONS
from steelyard.engine.periods import Period
from steelyard.web import numbers

CHANGED_SHOWN = 20


@door("measure.see")
@require_safe
def kept_months(request: HttpRequest) -> HttpResponse:
    points = newest_points()
    if points is None:
        return nothing_yet(request)
    text = request.GET.get("unit", "")
    unit = unit_for(request.user, text) if text else home_unit(request.user)
    found = queries.evaluations_of(request.user, unit)
    may_keep = can(request.user, "measure.keep")
    kept = {each.starts for each in found}
    shown = {
        "tabs": tabs(request, "kept_months", unit=unit, period=None),
        "picker": picker(request, points=points, unit=unit, period=default_period(points)),
        "rows": [
            {
                "name": names.period_name(Period.parse(each.period)),
                "href": reverse("kept_month", args=[each.public_id]),
                "signals": len(each.card["total"]["signals"]),
                "evaluation": each,
            }
            for each in found
        ],
        "to_keep": [
            {"value": each.label, "label": names.period_name(each)}
            for each in period_choices(points, "month")
            if each.start not in kept
        ][:12]
        if may_keep
        else [],
    }
    return render(request, "measure/kept_months.html", shown)


@door("measure.keep")
@require_POST
def keep_month(request: HttpRequest) -> HttpResponse:
    job = actions.ask_to_keep(request.user, request.POST.get("month", ""))  # type: ignore[arg-type]
    return redirect("job", public_id=job.public_id)


@door("measure.see")
@require_safe
def kept_month(request: HttpRequest, public_id: str) -> HttpResponse:
    kept = queries.kept_seen_by(request.user, public_id)
    return render(request, "measure/kept_month.html", context_of(request, kept))


def context_of(request: HttpRequest, kept: Kept) -> dict[str, Any]:
    currency = kept.evaluation.card["currency"]
    return {
        "kept": kept,
        "tabs": tabs(request, "kept_months", unit=kept.unit, period=None),
        "headline": words.headline(kept),
        "unit_name": names.unit_name(kept.unit),
        "period_name": names.period_name(kept.period),
        "then": total_of(kept.then),
        "now": total_of(kept.now.total) if kept.now else None,
        "today": links.scorecard(kept.unit, kept.period),
        "groups": groups([line for line in kept.lines if is_in_total(line) or line.reasons], currency),
        "others": groups(
            [line for line in kept.lines if not is_in_total(line) and not line.reasons], currency
        ),
        "since": kept.since[:CHANGED_SHOWN],
        "may_see_imports": can(request.user, "data.import"),
    }


def groups(lines: list[Line], currency: str) -> list[dict[str, Any]]:
    """By dimension; one without a line is left out."""
    return [
        {"label": names.part_of_scorecard(dimension), "rows": rows}
        for dimension in DIMENSIONS
        if (rows := [row_of(line, currency) for line in lines if line.dimension == dimension])
    ]


def total_of(total: Total) -> dict[str, Any]:
    return {
        "is_told": total.score is not None,
        "score": totals.score(total),
        "measured": totals.measured(total),
    }


def is_in_total(line: Line) -> bool:
    return bool(line.then["weight"])


def row_of(line: Line, currency: str) -> dict[str, Any]:
    then, now = line.then["value"], line.now
    if line.withheld:
        return {"name": words.name(line), "withheld": totals.reason(line.withheld)}
    return {
        "name": words.name(line),
        "weight": line.then["weight"] or "",
        "then": words.figure(then, line, currency=currency),
        "target": words.figure(line.then["target"], line, currency=currency),
        "judgement": words.judgement(line),
        "now": words.figure(now, line, currency=currency),
        "change": numbers.change(now, then, unit=line.unit, currency=currency) if line.reasons else "",
        "reasons": words.reasons(line),
    }

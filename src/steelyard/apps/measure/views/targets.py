"""Targets typed into a grid: saving is an import of its own, watched as a job and undoable."""

import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from steelyard.apps.access.policy import door
from steelyard.apps.jobs.models import Job
from steelyard.apps.measure import actions
from steelyard.apps.measure.models import UnitKind
from steelyard.apps.measure.queries.calendar import grains, main_grain
from steelyard.apps.measure.queries.definitions import known_kpis
from steelyard.apps.measure.queries.points import newest_points
from steelyard.apps.measure.queries.targets import Grid, newest_typed, targets_grid, typed_targets
from steelyard.apps.measure.queries.templates import shown_first
from steelyard.apps.measure.words import names
from steelyard.errors import Refused
from steelyard.web import numbers
from steelyard.web.words import sentence

BEFORE, AFTER = 3, 2


@door("measure.targets")
@require_http_methods(["GET", "HEAD", "POST"])
def targets(request: HttpRequest) -> HttpResponse:
    kpi, year, grain = asked(request)
    grid = targets_grid(request.user, kpi=kpi, year=year, grain=grain)
    if request.method != "POST":
        return render(request, "measure/targets.html", context_of(request, grid))
    typed = typed_in(request, grid)
    try:
        job = actions.type_targets(request.user, grid, typed)  # type: ignore[arg-type]
    except Refused as refusal:
        messages.error(request, sentence(refusal))
        return render(
            request, "measure/targets.html", context_of(request, grid, typed), status=refusal.status
        )
    return HttpResponseRedirect(watched(job, grid))


@door("measure.targets")
@require_POST
def undo_targets(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take the last typed-in targets back."""
    taken = get_object_or_404(typed_targets(request.user), public_id=public_id)
    job = actions.undo_typed_targets(request.user, taken)  # type: ignore[arg-type]
    return HttpResponseRedirect(f"{reverse('job', args=[job.public_id])}?next={reverse('targets')}")


def asked(request: HttpRequest) -> tuple[str, int, str]:
    """What the grid is of; what makes no sense falls back to this year's quarters of won revenue."""
    points = newest_points()
    year = request.GET.get("year", "")
    grain = request.GET.get("grain", "")
    return (
        request.GET.get("kpi") or shown_first(today())[0],
        int(year) if year.isdecimal() and len(year) == 4 else (points.last.year if points else today().year),
        grain if grain in grains() else main_grain(),
    )


def today() -> datetime.date:
    return timezone.localdate()


def watched(job: Job, grid: Grid) -> str:
    """The job's page, which comes back to the grid when it is done."""
    back = f"{reverse('targets')}%3Fkpi={grid.kpi.id}%26year={grid.year}%26grain={grid.grain}"
    return f"{reverse('job', args=[job.public_id])}?next={back}"


def typed_in(request: HttpRequest, grid: Grid) -> dict[tuple[str, str], str]:
    """(unit, period) → the text of the cell."""
    return {
        (unit.code, period.label): request.POST[field_name(row, column)]
        for row, unit in enumerate(grid.units)
        for column, period in enumerate(grid.periods)
        if field_name(row, column) in request.POST
    }


def field_name(row: int, column: int) -> str:
    return f"c{row}-{column}"


def context_of(
    request: HttpRequest, grid: Grid, typed: dict[tuple[str, str], str] | None = None
) -> dict[str, Any]:
    known = known_kpis()
    return {
        "grid": grid,
        "kpi_name": names.kpi_name(grid.kpi),
        "kpis": [
            {"value": name, "label": names.kpi_name(known[name]), "is_here": name == grid.kpi.id}
            for name in shown_first(today())
        ],
        "years": [
            {"value": year, "label": year, "is_here": year == grid.year}
            for year in range(grid.year - BEFORE, grid.year + AFTER + 1)
        ],
        "grains": [
            {"value": each, "label": names.grain_name(each), "is_here": each == grid.grain}
            for each in grains()
        ],
        "columns": [names.period_name(period) for period in grid.periods],
        "rows": [
            {
                "name": names.unit_name(unit),
                "is_member": unit.kind == UnitKind.MEMBER,
                "cells": [
                    {
                        "name": field_name(row, column),
                        "label": f"{names.unit_name(unit)}, {names.period_name(period)}",
                        "value": shown(grid, unit.code, period.label, typed),
                        "is_from_goal": (unit.code, period.label) in grid.from_goals,
                    }
                    for column, period in enumerate(grid.periods)
                ],
            }
            for row, unit in enumerate(grid.units)
        ],
        "last": newest_typed(request.user),
        "is_percent": grid.kpi.unit == "percent",
        "has_goals": bool(grid.from_goals),
    }


def shown(grid: Grid, unit: str, period: str, typed: dict[tuple[str, str], str] | None) -> str:
    """As typed, when something was refused; else what is set, exactly."""
    if typed is not None and (unit, period) in typed:
        return typed[unit, period]
    value = grid.values.get((unit, period))
    if value is None:
        return ""
    if grid.kpi.unit == "percent":
        return f"{numbers.decimal(round(value * 100, 10)):f}".rstrip("0").rstrip(".") + "%"
    return f"{value:,.2f}".rstrip("0").rstrip(".")

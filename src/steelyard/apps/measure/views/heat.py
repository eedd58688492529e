"""The heat table: teams down, KPIs across; colour judges against a target and nothing else."""

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from steelyard.apps.access.policy import door
from steelyard.apps.measure.queries.heat import SCORE, Heat, HeatRow, heat_of
from steelyard.apps.measure.queries.standings import Standing
from steelyard.apps.measure.views import links
from steelyard.apps.measure.views.picking import periods_to_pick
from steelyard.apps.measure.views.scorecard import nothing_yet
from steelyard.apps.measure.views.tabs import tabs
from steelyard.apps.measure.words import heat as words
from steelyard.apps.measure.words import names, totals
from steelyard.engine.kpi import Kpi
from steelyard.web import numbers

# A deeper tree is not told apart by more room.
DEEPEST = 4


@door("measure.see")
@require_safe
def heat(request: HttpRequest) -> HttpResponse:
    found = heat_of(
        request.user,
        period=request.GET.get("period", ""),
        sort=request.GET.get("sort", ""),
        is_descending=request.GET.get("order", "") != "up",
    )
    if found is None:
        return nothing_yet(request)
    return render(request, "measure/heat.html", context_of(request, found))


def context_of(request: HttpRequest, found: Heat) -> dict[str, Any]:
    return {
        "heat": found,
        "tabs": tabs(request, "heat", unit=None, period=found.period),
        "period_name": names.period_name(found.period),
        "periods": periods_to_pick(found.points, found.period),
        "headline": words.headline(found),
        "lede": words.lede(found),
        "dimensions": [
            {"label": names.part_of_scorecard(dimension), "count": len(list(kpis))}
            for dimension, kpis in groupby(found.kpis, key=lambda kpi: kpi.dimension)
        ],
        "columns": [
            column(found, SCORE, pgettext("of a scorecard", "Total")),
            *(column(found, kpi.id, names.kpi_name(kpi)) for kpi in found.kpis),
        ],
        "rows": [row_of(found, row) for row in found.rows],
        "tree": links.heat(found.period) if found.sort else "",
    }


def column(found: Heat, name: str, label: str) -> dict[str, Any]:
    """A head that sorts: downwards first, then upwards."""
    is_here = name == found.sort
    order = "up" if is_here and found.is_descending else "down"
    return {
        "label": label,
        "href": links.heat(found.period, sort=name, order=order),
        "sorted": ("descending" if found.is_descending else "ascending") if is_here else "",
        "arrow": ("↓" if found.is_descending else "↑") if is_here else "",
    }


def row_of(found: Heat, row: HeatRow) -> dict[str, Any]:
    return {
        "name": names.unit_name(row.unit),
        "href": links.scorecard(row.unit, found.period),
        "depth": min(row.depth, DEEPEST),
        "score": totals.score(row.total),
        "measured": _("of %(measured)d measured") % {"measured": row.total.measured},
        "is_told": row.total.score is not None,
        "cells": [cell(found, row, kpi) for kpi in found.kpis],
    }


def cell(found: Heat, row: HeatRow, kpi: Kpi) -> dict[str, Any]:
    """A value with its judgement as a sign, a colour and a word; or why there is no value."""
    each = row.standings.get(kpi.id)
    if each is None or (each.value is None and not each.withheld):
        return {"text": numbers.MISSING, "tone": "none", "words": _("no data")}
    if each.withheld:
        return {"text": "***", "tone": "withheld", "words": totals.reason(each.withheld)}
    shown = numbers.figure(each.value, unit=kpi.unit, currency=found.points.currency)
    return {
        "text": shown.text,
        "exact": shown.exact,
        "href": links.kpi(kpi.id, unit=row.unit, period=found.period),
        "tone": {"on-target": "better", "no-target": "plain"}.get(each.judgement, each.judgement),
        "sign": words.SIGNS.get(each.judgement, ""),
        "words": words.judgement(each),
        "distance": distance(each, currency=found.points.currency),
    }


def distance(each: Standing, *, currency: str) -> str:
    if each.target is None:
        return ""
    return numbers.difference(each.value, each.target, unit=each.kpi.unit, currency=currency)

"""The trend wall: small charts drawn here as plain SVG, so that forty of them cost nothing to show."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from steelyard.apps.access.policy import door
from steelyard.apps.measure.queries.standings import Standing
from steelyard.apps.measure.queries.wall import MONTHS, Wall, wall_of
from steelyard.apps.measure.views import links
from steelyard.apps.measure.views.picking import picker
from steelyard.apps.measure.views.scorecard import nothing_yet
from steelyard.apps.measure.views.tabs import tabs
from steelyard.apps.measure.words import names, sentences, totals
from steelyard.apps.measure.words import wall as words
from steelyard.engine.kpi.definitions import DIMENSIONS
from steelyard.web import numbers
from steelyard.web.spark import spark


@door("measure.see")
@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    found = wall_of(request.user, unit=request.GET.get("unit", ""), period=request.GET.get("period", ""))
    if found is None:
        return nothing_yet(request)
    return render(request, "measure/wall.html", context_of(request, found))


def context_of(request: HttpRequest, found: Wall) -> dict[str, Any]:
    return {
        "tabs": tabs(request, "wall", unit=found.unit, period=found.period),
        "picker": picker(request, points=found.points, unit=found.unit, period=found.period),
        "headline": words.headline(found),
        "lede": words.lede(found),
        "groups": [
            {"label": names.part_of_scorecard(dimension), "panels": panels}
            for dimension in DIMENSIONS
            if (panels := [panel(found, each) for each in found.standings if each.kpi.dimension == dimension])
        ],
    }


def panel(found: Wall, each: Standing) -> dict[str, Any]:
    """One KPI: its chart, the value of the last month, and in words whether that is a signal."""
    shown = numbers.figure(each.value, unit=each.kpi.unit, currency=found.points.currency)
    history, rules = each.history[-MONTHS:], each.signal.rules[-MONTHS:]
    return {
        "name": names.kpi_name(each.kpi),
        "href": links.kpi(each.kpi.id, unit=found.unit, period=found.month),
        "value": shown,
        "note": note(each),
        "is_signal": each.is_signal,
        "withheld": totals.reason(each.withheld) if each.withheld else "",
        "spark": spark(
            [point.value for point in history],
            bands=[(band.lower, band.upper) if band else None for band in each.signal.bands[-MONTHS:]],
            targets=[point.target for point in history],
            signals=[bool(fired) for fired in rules],
        ),
        "label": _("%(kpi)s, %(first)s to %(last)s: %(value)s. %(note)s")
        % {
            "kpi": names.kpi_name(each.kpi),
            "first": names.period_name(each.labels[-len(history)]),
            "last": names.period_name(each.labels[-1]),
            "value": shown.text,
            "note": sentences.capital(note(each)),
        },
    }


def note(each: Standing) -> str:
    if each.value is None:
        return _("no value in this period")
    return sentences.rule_words(each) if each.is_signal else words.quiet(each)

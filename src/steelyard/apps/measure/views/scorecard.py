"""The scorecard: where the unit stands, in one sentence and one beam a KPI."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from steelyard.apps.access.policy import can, door
from steelyard.apps.data.queries import newest_snapshot
from steelyard.apps.jobs.actions import enqueue
from steelyard.apps.measure.queries.scorecard import Scorecard, Standing, scorecard_of
from steelyard.apps.measure.views import links
from steelyard.apps.measure.views.picking import picker
from steelyard.apps.measure.views.showing import beam_of
from steelyard.apps.measure.words import names, sentences
from steelyard.engine.kpi.definitions import DIMENSIONS


@door("measure.see")
@require_safe
def scorecard(request: HttpRequest) -> HttpResponse:
    card = scorecard_of(request.user, unit=request.GET.get("unit", ""), period=request.GET.get("period", ""))
    if card is None:
        return nothing_yet(request)
    return render(request, "measure/scorecard.html", context_of(request, card))


@door("measure.compute")
@require_POST
def compute(request: HttpRequest) -> HttpResponse:
    """Ask for the figures anew: for the case that their job was cancelled or failed."""
    job = enqueue(request.user, "measure.points", {})  # type: ignore[arg-type]
    messages.success(request, _("The figures are being computed."))
    return redirect("job", public_id=job.public_id)


def nothing_yet(request: HttpRequest) -> HttpResponse:
    """No figures: because there are no data, or because their job has not ended yet."""
    snapshot = newest_snapshot()
    has_data = snapshot is not None and snapshot.data_to is not None
    shown = {"has_data": has_data, "may_import": can(request.user, "data.import")}
    return render(request, "measure/nothing_yet.html", shown)


def context_of(request: HttpRequest, card: Scorecard) -> dict[str, Any]:
    return {
        "card": card,
        "picker": picker(request, points=card.points, unit=card.unit, period=card.period),
        "headline": sentences.headline(card),
        "lede": sentences.lede(card),
        "groups": groups(card, card.standings),
        "others": [
            {
                "name": names.kpi_name(each.kpi),
                "href": links.kpi(each.kpi.id, unit=card.unit, period=card.period),
                "each": each,
            }
            for each in card.others
        ],
        "gaps": [sentences.gap(each) for each in card.gaps],
        "may_import": can(request.user, "data.import"),
        "may_diagnose": can(request.user, "diagnose.start"),
        "may_set_targets": can(request.user, "measure.targets"),
        "diagnose": links.diagnose(card.lead.kpi.id, unit=card.unit, period=card.period) if card.lead else "",
    }


def groups(card: Scorecard, standings: Sequence[Standing]) -> list[dict[str, Any]]:
    """The four dimensions, each with its beams; one without a KPI is left out."""
    found = []
    for dimension in DIMENSIONS:
        rows = [
            beam_of(each, unit=card.unit, currency=card.points.currency)
            for each in standings
            if each.kpi.dimension == dimension and (each.value is not None or each.target is not None)
        ]
        if rows:
            found.append({"label": names.part_of_scorecard(dimension), "rows": rows})
    return found

"""What the data can tell, and what to add next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from steelyard.apps.access.policy import can, door
from steelyard.apps.measure.queries import readiness as queries
from steelyard.apps.measure.views.tabs import tabs
from steelyard.apps.measure.words import names
from steelyard.apps.measure.words import readiness as words


@door("measure.see")
@require_safe
def readiness(request: HttpRequest) -> HttpResponse:
    found = queries.readiness(request.user)
    shown = {
        "headline": words.headline(found),
        "tabs": tabs(request, "readiness", unit=None, period=None),
        "told": [
            {
                "label": names.part_of_scorecard(dimension),
                "kpis": [
                    {"name": names.kpi_name(kpi), "href": reverse("kpi", args=[kpi.id])} for kpi in kpis
                ],
            }
            for dimension, kpis in found.told.items()
        ],
        "depths": [{"is_there": each.is_there, "text": words.depth(each)} for each in found.depths],
        "steps": [
            words.step(each) | {"opens": [names.kpi_name(kpi) for kpi in each.opens]} for each in found.steps
        ],
        "may_import": can(request.user, "data.import"),
    }
    return render(request, "measure/readiness.html", shown)

"""The short of it for other rooms' pages, fetched by its address."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from steelyard.apps.process.queries import findings
from steelyard.apps.process.queries.seen import log_seen_by
from steelyard.apps.process.views.frame import asked_of, query_of
from steelyard.apps.process.views.map import edge_lines
from steelyard.apps.process.words import headlines
from steelyard.web.doors import door

LINES = 3


@door("process.see")
@require_safe
def process_panel(request: HttpRequest) -> HttpResponse:
    """Total waiting and the worst transitions of a team and a period; nothing where no log tells of them.

    Opened as a page of its own, it is the room.
    """
    if not getattr(request, "htmx", False):
        return redirect(f"{reverse('process_map')}{query_of(asked_of(request.GET))}")
    seen = log_seen_by(request.user, asked_of(request.GET))
    if seen is None or not len(seen.log):
        return HttpResponse("")
    found = findings.map_of(seen)
    shown = {
        "headline": headlines.map_headline(found),
        "lede": headlines.map_lede(
            found,
            median_cycle=findings.median_cycle_of(seen),
            has_starts=seen.log.started is not None,
        ),
        "lines": edge_lines(found)[:LINES],
        "href": f"{reverse('process_map')}{query_of(seen.asked)}",
    }
    return render(request, "process/panel.html", shown)

"""The room's tables and its map to take along: CSV, XLSX, SVG, PDF."""

import io

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from steelyard.apps.process.queries import findings
from steelyard.apps.process.queries.seen import Seen, log_seen_by
from steelyard.apps.process.views.drawing import default_detail, shown_of
from steelyard.apps.process.views.frame import asked_of
from steelyard.apps.process.views.map import detail_asked, label_of, view_asked
from steelyard.apps.process.views.paper import map_pdf
from steelyard.apps.process.views.sheets import SHEETS, Wanted
from steelyard.charts.flow import standing_svg
from steelyard.errors import Refused
from steelyard.web.doors import door
from steelyard.web.downloads import CSV, PDF, XLSX, attachment, write_csv, write_xlsx

WRITERS = {"csv": (write_csv, CSV), "xlsx": (write_xlsx, XLSX)}
SVG = "image/svg+xml"


@door("process.see")
@require_safe
def table(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """Any table of the room, all of its rows."""
    if name not in SHEETS:
        raise Refused("access.denied", 404)
    sheet = SHEETS[name](Wanted(request.user, seen_or_refuse(request), request.GET))
    write, kind = WRITERS[form]
    target = io.BytesIO()
    write(target, sheet.columns, [sheet.rows])
    return attachment(target.getvalue(), f"{name}.{form}", kind)


@door("process.see")
@require_safe
def map_svg(request: HttpRequest) -> HttpResponse:
    return attachment(drawn(request, seen_or_refuse(request)).encode(), "process-map.svg", SVG)


@door("process.see")
@require_safe
def map_as_pdf(request: HttpRequest) -> HttpResponse:
    seen = seen_or_refuse(request)
    paper = map_pdf(seen, drawn(request, seen), view=view_asked(request), viewer=request.user)
    return attachment(paper, "process-map.pdf", PDF)


def drawn(request: HttpRequest, seen: Seen) -> str:
    found, view = findings.map_of(seen), view_asked(request)
    shown = shown_of(found, view=view, detail=detail_asked(request) or default_detail(found))
    return standing_svg(shown.drawing, label=label_of(seen, view), language=get_language() or "en")


def seen_or_refuse(request: HttpRequest) -> Seen:
    seen = log_seen_by(request.user, asked_of(request.GET))
    if seen is None:
        raise Refused("process.no-log", 409)
    return seen

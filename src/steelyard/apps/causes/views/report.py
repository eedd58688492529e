"""The report of a diagnosis, as a page and on paper, to be passed on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from steelyard.apps.causes.queries.seen import diagnosis_for
from steelyard.apps.causes.views.argument import report_for
from steelyard.apps.causes.views.frame import frame
from steelyard.apps.causes.views.paper import pdf_of
from steelyard.apps.causes.words import report
from steelyard.apps.diagnose.views.exports import file_name
from steelyard.web.doors import door
from steelyard.web.downloads import PDF, attachment


@door("causes.see")
@require_safe
def page(request: HttpRequest, public_id: str) -> HttpResponse:
    diagnosis = diagnosis_for(request.user, public_id)
    around = frame(request, diagnosis, "report")
    found = report_for(request.user, diagnosis, gap=around["gap"])
    shown = {
        "report": found,
        "sheet": found.sheet,
        "lines": found.lines,
        "drawn": found.drawn,
        "legend": found.legend,
        "headline": found.sheet.headline.text,
        "unexplained": report.unexplained(found.lenses),
    }
    # On the report nothing is edited: it shows what is passed on.
    return render(request, "causes/report.html", around | shown | {"may_edit": False, "may_confirm": False})


@door("causes.see")
@require_safe
def pdf(request: HttpRequest, public_id: str) -> HttpResponse:
    diagnosis = diagnosis_for(request.user, public_id)
    found = report_for(request.user, diagnosis, gap=frame(request, diagnosis, "report")["gap"])
    return attachment(pdf_of(found, viewer=request.user), f"report-{file_name(diagnosis, 'pdf')}", PDF)

"""A diagnosis to take along: PDF, picture, figures."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from steelyard.apps.diagnose.models import Diagnosis
from steelyard.apps.diagnose.queries.answers import answer_json
from steelyard.apps.diagnose.queries.saved import diagnosis_seen_by
from steelyard.apps.diagnose.views.paper import pdf_of, png_of
from steelyard.apps.diagnose.views.parts import sheet_of
from steelyard.apps.diagnose.views.workbook import workbook_of
from steelyard.web.doors import door
from steelyard.web.downloads import PDF, XLSX, attachment, disposition


@door("diagnose.see")
@require_safe
def pdf(request: HttpRequest, public_id: str) -> HttpResponse:
    found = diagnosis_seen_by(request.user, public_id)
    return attachment(pdf_of(found, viewer=request.user), file_name(found, "pdf"), PDF)


@door("diagnose.see")
@require_safe
def png(request: HttpRequest, public_id: str) -> HttpResponse:
    found = diagnosis_seen_by(request.user, public_id)
    return attachment(png_of(found), file_name(found, "png"), "image/png")


@door("diagnose.see")
@require_safe
def figures_json(request: HttpRequest, public_id: str) -> HttpResponse:
    found = diagnosis_seen_by(request.user, public_id)
    response = JsonResponse(answer_json(found), json_dumps_params={"ensure_ascii": False})
    response.headers["Content-Disposition"] = disposition(file_name(found, "json"))
    return response


@door("diagnose.see")
@require_safe
def figures_xlsx(request: HttpRequest, public_id: str) -> HttpResponse:
    found = diagnosis_seen_by(request.user, public_id)
    return attachment(workbook_of(sheet_of(found)), file_name(found, "xlsx"), XLSX)


def file_name(diagnosis: Diagnosis, ending: str) -> str:
    return f"{diagnosis.kpi}-{diagnosis.period}-{diagnosis.against}.{ending}"

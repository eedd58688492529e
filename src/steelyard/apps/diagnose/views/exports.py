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

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@door("diagnose.see")
@require_safe
def pdf(request: HttpRequest, public_id: str) -> HttpResponse:
    found = diagnosis_seen_by(request.user, public_id)
    return attached(pdf_of(found, viewer=request.user), found, "pdf", "application/pdf")


@door("diagnose.see")
@require_safe
def png(request: HttpRequest, public_id: str) -> HttpResponse:
    found = diagnosis_seen_by(request.user, public_id)
    return attached(png_of(found), found, "png", "image/png")


@door("diagnose.see")
@require_safe
def figures_json(request: HttpRequest, public_id: str) -> HttpResponse:
    found = diagnosis_seen_by(request.user, public_id)
    response = JsonResponse(answer_json(found), json_dumps_params={"ensure_ascii": False})
    response["Content-Disposition"] = disposition(found, "json")
    return response


@door("diagnose.see")
@require_safe
def figures_xlsx(request: HttpRequest, public_id: str) -> HttpResponse:
    found = diagnosis_seen_by(request.user, public_id)
    return attached(workbook_of(sheet_of(found)), found, "xlsx", XLSX)


def attached(content: bytes, diagnosis: Diagnosis, ending: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = disposition(diagnosis, ending)
    return response


def disposition(diagnosis: Diagnosis, ending: str) -> str:
    return f'attachment; filename="{diagnosis.kpi}-{diagnosis.period}-{diagnosis.against}.{ending}"'

"""A diagnosis to take along: PDF, picture, figures."""

import io

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from steelyard.apps.diagnose.models import Diagnosis
from steelyard.apps.diagnose.queries.answers import answer_json
from steelyard.apps.diagnose.queries.saved import diagnosis_seen_by
from steelyard.apps.diagnose.views.paper import pdf_of, png_of
from steelyard.apps.diagnose.views.parts import Sheet, sheet_of
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


def workbook_of(sheet: Sheet) -> bytes:
    """Figures as numbers, names as text: a name that looks like a formula stays text."""
    import xlsxwriter

    reading = sheet.reading
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        first = book.add_worksheet(_("Diagnosis"))
        rows: list[list[object]] = [
            [sheet.headline.text],
            [_("Data"), sheet.data_line],
            [_("Actual"), reading.actual],
            [_("Held against"), reading.baseline],
            [pgettext("to a baseline", "Gap"), reading.gap],
        ]
        _write(first, rows)
        drivers = [[_("Driver"), _("Effect on the gap"), _("Low"), _("High"), _("Before"), _("Now")]]
        for line, each in zip(sheet.drivers, reading.drivers, strict=True):
            drivers.append([line.name, each.contribution, each.low, each.high, each.baseline, each.actual])
        _write(book.add_worksheet(_("Drivers")), drivers)
        for title, found in ((_("Segments"), reading.segments), (_("Bright spots"), reading.bright_spots)):
            dimensions = sorted({name for each in found for name in each.where})
            table = [
                [*dimensions, _("Effect on the gap"), _("Low"), _("High"), "p", "n", _("Now"), _("Expected")]
            ]
            for each in found:
                own = [each.where.get(name, "") or "" for name in dimensions]
                table.append(
                    [*own, each.contribution, each.low, each.high, each.p, each.n, each.actual, each.expected]
                )
            _write(book.add_worksheet(title), table)
    return target.getvalue()


def _write(page, rows) -> None:  # type: ignore[no-untyped-def]
    for place, row in enumerate(rows):
        page.write_row(place, 0, row)

"""The records behind a figure, page by page, and as a file."""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from tempfile import TemporaryFile
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from steelyard.apps.access.policy import door
from steelyard.apps.measure.queries.calendar import read_period
from steelyard.apps.measure.queries.cuts import labels_of
from steelyard.apps.measure.queries.figures import kpi_seen, where_of
from steelyard.apps.measure.queries.points import default_period, newest_points
from steelyard.apps.measure.queries.records import records_batches, records_page
from steelyard.apps.measure.queries.units import Unit, home_unit, unit_for
from steelyard.apps.measure.views import links
from steelyard.apps.measure.views.scorecard import nothing_yet
from steelyard.apps.measure.words import names
from steelyard.engine.kpi import Kpi
from steelyard.engine.periods import Period
from steelyard.errors import Refused
from steelyard.web import numbers
from steelyard.web.downloads import CSV, XLSX, write_csv, write_xlsx

OBSERVED_AFTER = "observed_after"


@door("measure.records")
@require_safe
def records(request: HttpRequest, kpi: str) -> HttpResponse:
    declared = kpi_seen(request.user, kpi)
    if newest_points() is None:
        return nothing_yet(request)
    unit, period = place_of(request)
    where = links.where_asked(request.GET)
    found = records_page(
        request.user,
        kpi,
        period=period,
        where={**where_of(unit), **where},
        part=request.GET.get("part", ""),
        page=request.GET.get("page"),
    )
    shown = {
        "found": found,
        "kpi": declared,
        "kpi_name": names.kpi_name(declared),
        "unit_name": names.unit_name(unit),
        "period_name": names.period_name(period),
        "conditions": [
            names.condition(name, labels_of(name, [value]).get(value or "", value or ""))
            for name, value in where.items()
        ],
        "columns": [
            column(name, found.rows, place)
            for place, name in enumerate(found.columns)
            if name != OBSERVED_AFTER
        ],
        "rows": [cells(found.columns, row) for row in found.rows],
        "back": links.kpi(kpi, unit=unit, period=period),
        "query": request.GET.urlencode(),
    }
    return render(request, "measure/records.html", shown)


@door("measure.records")
@require_safe
def export(request: HttpRequest, kpi: str, form: str) -> HttpResponse | StreamingHttpResponse:
    """All of them as a file: the same rows that the page shows, under the same rule of who may see what."""
    declared = kpi_seen(request.user, kpi)
    unit, period = place_of(request)
    file = TemporaryFile()  # noqa: SIM115  the answer closes it
    where = {**where_of(unit), **links.where_asked(request.GET)}
    with records_batches(request.user, kpi, period=period, where=where, part=request.GET.get("part", "")) as (
        columns,
        batches,
    ):
        write = write_csv if form == "csv" else write_xlsx
        write(file, columns, batches)
    file.seek(0)
    return FileResponse(
        file,
        as_attachment=True,
        filename=file_name(declared, unit, period, form),
        content_type=CSV if form == "csv" else XLSX,
    )


def place_of(request: HttpRequest) -> tuple[Unit, Period]:
    unit = request.GET.get("unit", "")
    chosen = unit_for(request.user, unit) if unit else home_unit(request.user)
    text = request.GET.get("period", "")
    if text:
        return chosen, read_period(text)
    points = newest_points()
    if points is None:
        raise Refused("measure.no-data", 409)
    return chosen, default_period(points)


def file_name(kpi: Kpi, unit: Unit, period: Period, form: str) -> str:
    return "-".join(filter(None, (kpi.id, period.label, unit.code))) + f".{form}"


def column(name: str, rows: Any, place: int) -> dict[str, Any]:
    is_figure = any(isinstance(row[place], int | float | Decimal) for row in rows)
    return {"name": names.column_name(name), "is_figure": is_figure}


def cells(columns: Sequence[str], row: Sequence[Any]) -> list[dict[str, Any]]:
    """The cells of a row; of a change that was read off two exports, between which of them it was seen."""
    since = dict(zip(columns, row, strict=True)).get(OBSERVED_AFTER)
    return [
        observed(since, value) if name == "changed_at" and since and value else cell(value)
        for name, value in zip(columns, row, strict=True)
        if name != OBSERVED_AFTER
    ]


def observed(since: datetime.datetime, until: datetime.datetime) -> dict[str, Any]:
    told = _("observed between %(since)s and %(until)s")
    return cell(told % {"since": cell(since)["text"], "until": cell(until)["text"]})


def cell(value: Any) -> dict[str, Any]:
    is_figure = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    if value is None or value == "":
        return {"text": numbers.MISSING, "is_figure": False}
    if isinstance(value, datetime.datetime):
        return {"text": f"{value:%Y-%m-%d %H:%M}", "is_figure": False}
    if is_figure:
        text = (
            numbers.money(value, currency="", exact=True)
            if isinstance(value, Decimal)
            else numbers.count(value)
        )
        return {"text": text, "is_figure": True}
    return {"text": str(value), "is_figure": False}

"""The quality of data: what was found by source, the rows, and what is accepted as it is."""

from decimal import Decimal
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from steelyard.apps.data import actions
from steelyard.apps.data.models import QualityAcceptance
from steelyard.apps.data.queries import quality as queries
from steelyard.apps.data.queries.quality import Told
from steelyard.apps.data.words import column_label, table_label
from steelyard.apps.data.words import quality as words
from steelyard.apps.jobs.views import actor_of
from steelyard.errors import Refused
from steelyard.lake.cells import as_cell
from steelyard.web import numbers
from steelyard.web.doors import can, door
from steelyard.web.downloads import CSV, XLSX, write_csv, write_xlsx
from steelyard.web.words import sentence

TYPES = {"csv": CSV, "xlsx": XLSX}
ASK = ("unknown-owner", "ambiguous-owner")
MOST_KPIS = 6


@door("data.quality")
@require_safe
def quality(request: HttpRequest) -> HttpResponse:
    """All sources, or with ?source= one of them."""
    source = request.GET.get("source")
    found = queries.quality_seen_by(request.user, source)
    remarks = len(found.open) - found.faults
    shown = {
        "found": found,
        "headline": words.headline(found.faults, remarks, source=source),
        "lines": [line(each) for each in found.open],
        "accepted": [line(each) for each in found.accepted],
        "tabs": tabs(request, source) if found.is_checked else [],
        "source": source,
        "may_accept": can(request.user, "data.accept-finding"),
        "may_answer": can(request.user, "data.names"),
        "may_import": can(request.user, "data.import"),
    }
    return render(request, "data/quality.html", shown)


def quality_headline(request: HttpRequest) -> str:
    """What the newest check came to, for who may read it."""
    if not can(request.user, "data.quality"):
        return ""
    found = queries.quality_seen_by(request.user)
    if not found.is_checked:
        return ""
    return words.headline(found.faults, len(found.open) - found.faults, source=None)


@door("data.quality")
@require_safe
def finding(request: HttpRequest, public_id: str) -> HttpResponse:
    """What it is, what it does, what to do, and the rows."""
    found = queries.finding_rows(request.user, public_id, page=request.GET.get("page"))
    shown = {
        "line": line(found.told),
        "public_id": public_id,
        "columns": [
            {"name": column_label(name), "is_figure": is_figure(found.rows, place)}
            for place, name in enumerate(found.columns)
        ],
        "rows": [[cell(value) for value in row] for row in found.rows],
        "page": found.page,
        "may_accept": can(request.user, "data.accept-finding"),
    }
    return render(request, "data/finding.html", shown)


@door("data.quality")
@require_safe
def finding_file(request: HttpRequest, public_id: str, form: str) -> FileResponse:
    """All the rows as a file."""
    file = TemporaryFile()  # noqa: SIM115  the answer closes it
    told = queries.finding_seen_by(request.user, public_id).finding
    with queries.finding_batches(request.user, public_id) as (columns, batches):
        (write_csv if form == "csv" else write_xlsx)(file, columns, batches)
    file.seek(0)
    name = f"{told.table}-{told.rule}.{form}"
    return FileResponse(file, as_attachment=True, filename=name, content_type=TYPES[form])


@door("data.accept-finding")
@require_POST
def accept(request: HttpRequest, public_id: str) -> HttpResponse:
    told = queries.finding_seen_by(request.user, public_id)
    try:
        actions.accept_finding(actor_of(request), told, request.POST.get("reason", ""))
    except Refused as refused:
        messages.error(request, sentence(refused))
        return redirect("finding", public_id)
    messages.success(request, _("Accepted as it is; it can be taken back below."))
    return redirect("quality")


@door("data.accept-finding")
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    actions.withdraw_acceptance(actor_of(request), get_object_or_404(QualityAcceptance, pk=number))
    messages.success(request, _("Taken back: the finding counts again."))
    return redirect("quality")


def tabs(request: HttpRequest, here: str | None) -> list[dict[str, Any]]:
    """All, and each source with how much was found."""
    address = reverse("quality")
    found = [{"label": _("All sources"), "href": address, "is_here": here is None}]
    for source, faults, remarks in queries.sources_checked(request.user):
        label = f"{words.source_label(source)} · {faults + remarks}"
        found.append(
            {"label": label, "href": f"{address}?{urlencode({'source': source})}", "is_here": here == source}
        )
    return found if len(found) > 2 else []


def line(told: Told) -> dict[str, Any]:
    """A finding as a page tells it."""
    each = told.finding
    return {
        "told": told,
        "sentence": words.told(each),
        "effect": words.EFFECTS[each.rule],
        "advice": words.ADVICE[each.rule],
        "source": words.source_label(each.source),
        "table": table_label(each.table),
        "is_fault": each.severity == "fault",
        "amount": each.amount,
        "kpis": kpis_touched(told),
        "gaps": each.detail.get("gaps", [])[::-1],
        "names": [text for text, _n in each.detail.get("names", [])[:5]],
        "asks": each.rule in ASK,
        "has_rows": each.rule != "gap",
        "acceptance": told.acceptance,
    }


def kpis_touched(told: Told) -> list[str]:
    """The shipped KPIs whose figures it touches, by name."""
    from steelyard.engine.kpi import catalogue

    language, known = "zh" if numbers.is_chinese() else "en", catalogue()
    found = [known[kpi].names[language] for kpi in told.finding.detail.get("kpis", []) if kpi in known]
    return found[:MOST_KPIS]


def is_figure(rows: Any, place: int) -> bool:
    return any(isinstance(row[place], int | float | Decimal) for row in rows)


def cell(value: Any) -> dict[str, Any]:
    if value is None or value == "":
        return {"text": numbers.MISSING, "is_figure": False}
    if isinstance(value, Decimal):
        return {"text": numbers.money(value, currency="", exact=True), "is_figure": True}
    if isinstance(value, int | float):
        return {"text": numbers.count(value), "is_figure": True}
    return {"text": value if isinstance(value, str) else as_cell(value), "is_figure": False}

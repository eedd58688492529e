"""A scorecard to take along: a workbook with its own charts, or pages on paper."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from steelyard.apps.access.policy import door
from steelyard.apps.measure.queries.scorecard import Scorecard, scorecard_of
from steelyard.apps.measure.views.paper import pdf_of
from steelyard.apps.measure.views.workbook import workbook_of
from steelyard.errors import Refused
from steelyard.web.downloads import PDF, XLSX, attachment


@door("measure.see")
@require_safe
def scorecard_pdf(request: HttpRequest) -> HttpResponse:
    card = card_asked(request)
    return attachment(pdf_of(card, request), f"{file_name(card)}.pdf", PDF)


@door("measure.see")
@require_safe
def scorecard_xlsx(request: HttpRequest) -> HttpResponse:
    card = card_asked(request)
    return attachment(workbook_of(card, request), f"{file_name(card)}.xlsx", XLSX)


def card_asked(request: HttpRequest) -> Scorecard:
    """The scorecard of the address, as this viewer sees it on the page."""
    card = scorecard_of(request.user, unit=request.GET.get("unit", ""), period=request.GET.get("period", ""))
    if card is None:
        raise Refused("measure.no-data", 409)
    return card


def file_name(card: Scorecard) -> str:
    return "-".join(filter(None, ("scorecard", card.unit.code, card.period.label)))

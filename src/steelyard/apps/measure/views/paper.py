"""A scorecard on paper: the sheet that the PDF is set from."""

from django.http import HttpRequest
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from steelyard.apps.measure.queries.scorecard import Scorecard
from steelyard.apps.measure.views import links
from steelyard.apps.measure.views.scorecard import groups, total_context
from steelyard.apps.measure.words import names, sentences, totals
from steelyard.web.pdf import ScorecardSheet, scorecard_pdf
from steelyard.web.pdf.beams import beam_line


def pdf_of(card: Scorecard, request: HttpRequest) -> bytes:
    return scorecard_pdf(sheet_of(card, request))


def sheet_of(card: Scorecard, request: HttpRequest) -> ScorecardSheet:
    unit, period = names.unit_name(card.unit), names.period_name(card.period)
    found = groups(card, card.standings)
    legend = _("notch = target · ring = a year ago · weight = now · band = usual variation")
    data: ScorecardSheet = {
        "language": get_language() or "en",
        "brand": str(_("Steelyard")),
        "title": " · ".join([_("Scorecard"), unit, period]),
        "crumb": [_("Scorecard"), unit, period],
        "headline": sentences.headline(card),
        "lede": sentences.lede(card),
        "footer": footer(card, request),
        # Typst counts the pages itself.
        "page_of": _("Page %(number)s of %(count)s") % {"number": "{n}", "count": "{m}"},
        "dimensions": [
            {
                "title": group["label"],
                "note": legend if place == 0 else "",
                "lines": [beam_line(row) for row in group["rows"]],
            }
            for place, group in enumerate(found)
        ],
    }
    total = total_context(card)
    if total["is_told"]:
        data["total"] = {
            "title": total["score"],
            "note": total["measured"],
            "headings": [_("KPI"), _("Weight"), _("Attainment"), pgettext("of a scorecard", "Points")],
            "rows": [
                [line["name"], str(line["weight"]), line["attainment"], line["points"]]
                for line in total["lines"]
            ],
        }
    if withheld := totals.withheld(card):
        data["left_out"] = {"title": _("Not shown"), "note": "", "text": withheld}
    data["link"] = {
        "title": _("The same view"),
        "note": "",
        "text": request.build_absolute_uri(links.scorecard(card.unit, card.period)),
    }
    return data


def footer(card: Scorecard, request: HttpRequest) -> list[str]:
    snapshot = _("Snapshot %(snapshot)s") % {"snapshot": card.points.snapshot_id}
    name = getattr(request.user, "name", "")
    printed = [_("Printed for %(name)s") % {"name": name}] if name else []
    return [names.period_name(card.period), snapshot, *printed]

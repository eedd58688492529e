"""What stands around every page of a diagnosis's causes: whose gap it is, and the ways to look at it."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from steelyard.apps.causes.queries.reading import ReportReading, report_reading
from steelyard.apps.causes.queries.testing import newest_run
from steelyard.apps.diagnose.models import Diagnosis
from steelyard.apps.diagnose.queries.reading import reading_of
from steelyard.apps.diagnose.words import headline, names, phrases
from steelyard.web.doors import can


def frame(request: HttpRequest, diagnosis: Diagnosis, here: str) -> dict[str, Any]:
    """For the templates: the diagnosis, its sentence, the tabs, and what the viewer may do."""
    reading = reading_of(diagnosis.result)
    shown = {
        "kpi": names.kpi_name(reading.kpi),
        "period": names.period_name(reading.period),
    }
    short, told = phrases.capital(_("%(kpi)s, %(period)s") % shown), headline.headline(reading)
    return {
        "diagnosis": diagnosis,
        "problem": told.text,
        "gap": gap_of(short, told.emphasis),
        "short": short,
        "tabs": [
            {"label": label, "href": reverse(name, args=[diagnosis.public_id]), "is_here": name == here}
            for name, label in (
                ("lenses", _("Lenses")),
                ("fishbone", _("Fishbone diagram")),
                ("whys", _("Five whys")),
                ("countermeasures", _("Countermeasures")),
                ("report", _("Report")),
            )
        ],
        "interval_title": _("95% interval"),
        "may_edit": can(request.user, "causes.edit"),
        "may_confirm": can(request.user, "causes.confirm"),
        "may_set_goals": can(request.user, "goals.propose"),
    }


def gap_of(short: str, standing: str) -> str:
    """Won revenue, Q4 2025: 11.8% lower than a year ago. What the causes are causes of."""
    return _("%(kpi)s: %(standing)s") % {"kpi": short, "standing": standing} if standing else short


def report_of(diagnosis: Diagnosis) -> ReportReading | None:
    """The newest test of the lenses, read back; None while there is none."""
    run = newest_run(diagnosis)
    return report_reading(run.result, currency=diagnosis.result["currency"]) if run else None

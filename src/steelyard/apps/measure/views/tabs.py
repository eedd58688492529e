"""The ways to look at where one stands: scorecard, teams, trends; and what they are made of."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from steelyard.apps.access.policy import can
from steelyard.apps.measure.queries.units import Unit
from steelyard.apps.measure.views import links
from steelyard.engine.periods import Period


def tabs(
    request: HttpRequest, here: str, *, unit: Unit | None, period: Period | None
) -> list[dict[str, Any]]:
    """Items of the kit's tabs; the unit and the period go along."""
    query = links.query(unit, period)
    listed = [
        ("scorecard", _("Scorecard"), query),
        ("heat", _("Teams"), links.query(None, period)),
        ("wall", _("Trend wall"), query),
        ("kept_months", _("Kept months"), f"?{urlencode({'unit': unit.key})}" if unit else ""),
        ("readiness", _("What the data can tell"), ""),
        ("catalogue", _("KPI catalogue"), ""),
    ]
    if can(request.user, "measure.weights"):
        listed.append(("weights", _("Weights"), ""))
    return [
        {"label": label, "href": f"{reverse(name)}{query}", "is_here": name == here}
        for name, label, query in listed
    ]

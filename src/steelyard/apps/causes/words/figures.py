"""A figure or a survey's cell that somebody brought as evidence, in a sentence, and where it opens."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from steelyard.apps.diagnose.words import names
from steelyard.apps.measure.queries.definitions import once_known_kpis
from steelyard.web import numbers

Figure = Mapping[str, Any]


def told(figure: Figure, *, currency: str) -> str:
    """“I have what I need”: 42% of 12 answers favourable (East, 2025-Q4)."""
    if figure.get("kind") == "survey":
        return _("“%(question)s”: %(share)s of %(n)s answers favourable (%(team)s, %(wave)s)") % {
            "question": figure["question"],
            "share": numbers.percent(figure["share"], digits=0),
            "n": numbers.count(figure["answers"]),
            "team": figure.get("team_name") or figure["team"],
            "wave": figure["wave"],
        }
    if figure.get("kind") == "figure":
        return _("%(kpi)s of %(unit)s in %(period)s: %(value)s") % {
            "kpi": names.kpi_name(figure["kpi"]),
            "unit": figure.get("team_name") or _("the company"),
            "period": names.period_name(figure["period"]),
            "value": _value(figure, currency),
        }
    return ""


def href(figure: Figure) -> str:
    """The records behind it."""
    if figure.get("kind") != "figure":
        return ""
    query = urlencode({"unit": figure["unit"], "period": figure["period"]})
    return f"{reverse('kpi', args=[figure['kpi']])}?{query}"


def _value(figure: Figure, currency: str) -> str:
    kpi = once_known_kpis().get(figure["kpi"])
    unit = kpi.unit if kpi else "count"
    return numbers.figure(figure["value"], unit=unit, currency=currency).text

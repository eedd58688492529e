"""What a lens found, in sentences: facts, checks, charts, and what is missing, each by its code.

A code that is newer than these words is left out rather than shown as a code.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from steelyard.apps.causes.queries.reading import Check, Fact, Missing, Place, ReportReading, Series
from steelyard.apps.causes.words import amounts
from steelyard.apps.causes.words.codes import (
    CHART_UNITS,
    CHARTS,
    CHECKS,
    COUNTED,
    FACTS,
    LABELS,
    LEVELS,
    OTHERWISE,
    SHARES,
)
from steelyard.apps.diagnose.words import names, phrases
from steelyard.apps.measure.queries.definitions import once_known_kpis
from steelyard.apps.measure.words.names import column_name
from steelyard.web import numbers


def fact(report: ReportReading, each: Fact) -> str:
    return _said(FACTS, each.code, each.params, report)


def check(report: ReportReading, each: Check) -> str:
    """What must be true; the chip beside it says whether it is."""
    return _said(CHECKS, each.code, each.params, report)


def check_figures(report: ReportReading, each: Check) -> str:
    """What the check rests on: +4.2 hours (2.9 to 5.4) · n 412 · by chance 1.2%."""
    parts = []
    if each.effect is not None:
        span = amounts.interval(each.low, each.high, each.unit, report.currency)
        form = amounts.amount if each.code in LEVELS else amounts.effect
        size = form(each.effect, each.unit, report.currency)
        parts.append(_("%(size)s (%(span)s)") % {"size": size, "span": span} if span else size)
    if each.n:
        parts.append(_("n %(count)s") % {"count": numbers.count(each.n)})
    if each.p is not None:
        parts.append(_("by chance %(share)s") % {"share": amounts.chance(each.p)})
    return " · ".join(parts)


def chart(report: ReportReading, each: Series) -> str:
    return _said(CHARTS, each.code, {}, report) or _("What the lens looked at")


def chart_unit(code: str) -> str:
    """The unit of a chart's values, where it is not the one of the lens's effect."""
    return CHART_UNITS.get(code, "")


def mark_name(code: str) -> str:
    """What the upright line in a row of a chart stands for."""
    return str(LABELS["target" if code == "goals.target-and-forecast" else "then"])


def share_reason(code: str) -> str:
    """Why no share of the gap can be stated."""
    return str(SHARES.get(code, ""))


def missing(each: Missing) -> str:
    """What is lacking, by table and columns or by how many more it takes."""
    shown = {
        "table": names.table_name(each.table),
        "columns": phrases.listed([column_name(column) for column in each.columns]),
    }
    if form := OTHERWISE.get(each.code):
        return str(form)
    if each.code == "lens.too-few" and each.params.get("found") is None:
        return _("Too few %(of)s: %(needed)s are needed.") % (shown | _counts(each))
    if each.code == "lens.too-few":
        return _("Too few %(of)s: %(found)s, where %(needed)s are needed.") % (shown | _counts(each))
    if each.code == "lens.no-columns" and each.columns:
        return _("What %(table)s lacks: %(columns)s.") % shown
    return _("There are no %(table)s yet.") % shown


def _counts(each: Missing) -> dict[str, str]:
    counted = each.params.get("of", "")
    return {
        "of": str(COUNTED.get(str(counted), counted)),
        "found": amount(each.params.get("found")),
        "needed": amount(each.params.get("needed")),
    }


def place(report: ReportReading, each: Place) -> str:
    """Where it was found, and where not."""
    if not each.where:
        return _("Found throughout, not in one place alone.")
    found = names.segment_name(each.where, report.names)
    if each.elsewhere:
        others = [names.segment_name(where, report.names) for where in each.elsewhere[:3]]
        return _("Found in %(place)s, not in %(others)s.") % {
            "place": found,
            "others": phrases.listed(others),
        }
    return _("Found in %(place)s.") % {"place": found}


def before(is_before: bool | None, since: str) -> str:
    shown = {"period": names.period_name(since)} if since else {}
    if is_before and since:
        return _("It came before the result: since %(period)s.") % shown
    if is_before:
        return _("It came before the result.")
    if is_before is False:
        return _("It did not come before the result.")
    return _("Whether it came before the result cannot be told.")


def label(report: ReportReading, text: Any) -> str:
    """A row of a chart: a period, a team, a person, or a word of the data itself."""
    told = "" if text is None else str(text)
    for known in report.names.values():
        if told in known:
            return known[told]
    return str(LABELS[told]) if told in LABELS else names.period_name(told)


def amount(value: Any) -> str:
    return numbers.count(value) if isinstance(value, int | float) else str(value or numbers.MISSING)


def _said(forms: Mapping[str, Any], code: str, params: Mapping[str, Any], report: ReportReading) -> str:
    """The sentence of a code, or of its group."""
    form = forms.get(f"{code}.{params.get('group')}") or forms.get(code)
    return "" if form is None else str(form) % Shown(params, report)


class Shown(dict[str, str]):
    """The parameters of a sentence, each in the form that its placeholder asks for: %(now|percent)s."""

    def __init__(self, params: Mapping[str, Any], report: ReportReading) -> None:
        super().__init__()
        self.params, self.report = params, report

    def __missing__(self, key: str) -> str:
        name, _bar, form = key.partition("|")
        return self.told(name, self.params.get(name), form)

    def told(self, name: str, value: Any, form: str) -> str:
        if name == "dimension":
            return names.dimension_name(str(value)).lower()
        if isinstance(value, Mapping):
            return names.segment_name(value, self.report.names) if value else _("the whole company")
        if name == "people" and isinstance(value, int):
            return ngettext("%(n)s person", "%(n)s people", value) % {"n": numbers.count(value)}
        if isinstance(value, list | tuple):
            return phrases.listed([self.told(name, each, form) for each in value])
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self.figure(value, form)
        if value is None:
            return _("the whole company") if name in ("team", "unit") else numbers.MISSING
        return label(self.report, value)

    def figure(self, value: float, form: str) -> str:
        if form == "signed-points":
            return numbers.points(value)
        if form == "points":
            return numbers.points(value).lstrip(f"+{numbers.MINUS}")
        if form == "number":
            return numbers.count(round(abs(value), 1))
        return amounts.amount(value, unit_of(self.report, form), self.report.currency)


def unit_of(report: ReportReading, form: str) -> str:
    """A form is a unit, or the KPI's own."""
    if form != "kpi":
        return form or "count"
    kpi = once_known_kpis().get(report.kpi)
    return "share" if kpi and kpi.unit == "percent" else kpi.unit if kpi else "count"

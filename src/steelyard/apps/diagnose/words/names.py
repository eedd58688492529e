"""Names inside a diagnosis: by the ids and labels that a stored answer holds."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from steelyard.apps.diagnose.queries.reading import TARGET
from steelyard.apps.measure.queries.calendar import read_period
from steelyard.apps.measure.queries.definitions import once_known_kpis
from steelyard.apps.measure.words import names as measure
from steelyard.errors import Refused
from steelyard.web.numbers import is_chinese

Names = Mapping[str, Mapping[str, str]]
# As titles these English names are short forms; a sentence needs a noun. The Chinese names are nouns.
NOUNS = {
    "invoiced": "invoiced amount",
    "invoiced_due": "amount falling due",
    "collected": "cash collected",
    "collected_from_earlier_due": "cash collected from earlier dues",
    "collected_ahead": "cash collected ahead",
    "collected_before_period": "cash collected before the period",
    "receivable": "receivable amount",
    "overdue_amount": "overdue amount",
}
NAMED_GRAINS = ("month", "quarter", "year", "fiscal-quarter", "fiscal-year", "range")


def kpi_name(kpi: str) -> str:
    """The KPI as a title; the target stands among the drivers too."""
    if kpi == TARGET:
        return _("Target against a year ago")
    known = once_known_kpis().get(kpi)
    return measure.kpi_name(known) if known else kpi


def kpi_inside(kpi: str) -> str:
    """The KPI inside a sentence."""
    if kpi == TARGET:
        return _("the target against a year ago")
    known = once_known_kpis().get(kpi)
    if kpi in NOUNS and not is_chinese():
        return NOUNS[kpi]
    return measure.kpi_inside(known) if known else kpi


def kpi_note(kpi: str) -> str:
    known = once_known_kpis().get(kpi)
    return measure.kpi_note(known) if known else ""


def period_name(label: str) -> str:
    """Q4 2017; 2017年四季度. Weeks and days keep their label, which both languages read."""
    try:
        period = read_period(label)
    except Refused:
        return label
    return measure.period_name(period) if period.grain in NAMED_GRAINS else label


def dimension_name(name: str) -> str:
    known = {"segment": _("Customer segment"), "channel": _("Channel"), "campaign": _("Campaign")}
    return known.get(name) or measure.dimension_name(name)


def condition(name: str, label: str) -> str:
    return measure.condition(name, label)


def table_name(name: str) -> str:
    return measure.table_name(name)


def value_name(dimension: str, value: Any, names: Names) -> str:
    """One value of a dimension; several are listed, a missing one is said to be missing."""
    if isinstance(value, list | tuple):
        return pgettext("between names", ", ").join(value_name(dimension, each, names) for each in value)
    if value is None or value == "":
        return _("no %(dimension)s") % {"dimension": dimension_name(dimension).lower()}
    return names.get(dimension, {}).get(str(value), str(value))


def segment_name(where: Mapping[str, Any], names: Names) -> str:
    """Central · GTX."""
    shown = [value_name(dimension, value, names) for dimension, value in where.items()]
    return " · ".join(shown) if shown else _("everything")


def segment_dimensions(where: Mapping[str, Any]) -> str:
    """Region · Product: what the parts of the name are."""
    return " · ".join(dimension_name(dimension) for dimension in where)


def against_name(against: str, baseline_period: str | None) -> str:
    """What the KPI was held against."""
    if against == TARGET:
        return pgettext("to compare with", "target")
    if against == "previous":
        return _("the period before")
    if against == "year-ago":
        return _("a year ago")
    return period_name(baseline_period or against)

"""Parts of sentences: how a KPI stands to its baseline, which way a driver went."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from steelyard.apps.diagnose.queries.reading import TARGET, Driver, Reading, Segment
from steelyard.apps.diagnose.words import figures, names
from steelyard.apps.measure.queries.definitions import once_known_kpis
from steelyard.engine.kpi import Kpi


def standing(reading: Reading) -> str:
    """18.4% short of target; 3.1 pt higher than in Q3 2017. It is the part that colour may judge."""
    if reading.gap is None or reading.baseline is None:
        return ""
    if reading.side == 0:
        return _on_baseline(reading)
    shown = {"distance": figures.distance(reading)}
    if reading.is_target:
        return _from_target(reading) % shown
    below, above = reading.side < 0, reading.side > 0
    if reading.against == "year-ago":
        return (
            _("%(distance)s lower than a year ago") if below else _("%(distance)s higher than a year ago")
        ) % shown
    shown["period"] = names.period_name(reading.baseline_period or "")
    if above:
        return _("%(distance)s higher than in %(period)s") % shown
    return _("%(distance)s lower than in %(period)s") % shown


def _on_baseline(reading: Reading) -> str:
    if reading.is_target:
        return _("exactly on target")
    if reading.against == "year-ago":
        return _("the same as a year ago")
    return _("the same as in %(period)s") % {"period": names.period_name(reading.baseline_period or "")}


def _from_target(reading: Reading) -> str:
    if reading.side > 0:
        return _("%(distance)s above target")
    if reading.wanted > 0 and reading.unit != "percent":
        return _("%(distance)s short of target")
    return _("%(distance)s below target")


def driver(each: Driver) -> str:
    """A lower win rate; fewer opportunities closed. Which way the factor itself went."""
    if each.kpi == TARGET:
        return (
            _("a target above last year's value")
            if each.contribution < 0
            else _("a target below last year's value")
        )
    kpi = once_known_kpis().get(each.kpi)
    shown = {"kpi": names.kpi_inside(each.kpi)}
    if kpi is None or each.change == 0:
        return pgettext("driver", "%(kpi)s") % shown
    return _driver_form(kpi, is_up=each.change > 0) % shown


def _driver_form(kpi: Kpi, *, is_up: bool) -> str:
    if kpi.unit == "count":
        return _("more %(kpi)s") if is_up else _("fewer %(kpi)s")
    if kpi.kind == "quantile":
        return _("a longer %(kpi)s") if is_up else _("a shorter %(kpi)s")
    if kpi.unit == "percent":
        return _("a higher %(kpi)s") if is_up else _("a lower %(kpi)s")
    if kpi.unit == "money" and kpi.is_ratio:
        return _("a larger %(kpi)s") if is_up else _("a smaller %(kpi)s")
    return _("higher %(kpi)s") if is_up else _("lower %(kpi)s")


def segment(reading: Reading, each: Segment) -> str:
    return names.segment_name(each.where, reading.names)


def listed(texts: list[str]) -> str:
    """a; a and b; a, b and c."""
    if len(texts) < 2:
        return "".join(texts)
    head = pgettext("between names", ", ").join(texts[:-1])
    return _("%(first)s and %(last)s") % {"first": head, "last": texts[-1]}


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]

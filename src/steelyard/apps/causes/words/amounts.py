"""Figures of the lenses in words: effects with their unit, intervals, shares of the gap."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from steelyard.web import numbers
from steelyard.web.numbers import MINUS

LARGEST_SHARE = 9.99


def effect(value: float | None, unit: str, currency: str = "") -> str:
    """A signed difference: +4.2 hours, −8.9 pt, ×1.4; "" where there is none."""
    if value is None:
        return ""
    if unit == "percentage-points":
        return numbers.points(value)
    if unit == "times":
        return pgettext("a ratio", "%(number)s×") % {"number": numbers.count(round(value, 2))}
    text = amount(value, unit, currency)
    return f"+{text}" if value > 0 else text


def amount(value: float | None, unit: str, currency: str = "") -> str:
    """The same without a sign of its own."""
    if value is None:
        return numbers.MISSING
    if unit == "percentage-points":
        return numbers.points(value).lstrip(f"+{MINUS}")
    if unit in ("share", "percent"):
        return numbers.percent(value)
    if unit in ("money", "hours", "days", "score", "times"):
        return numbers.figure(value, unit=unit, currency=currency).text
    return numbers.count(round(value, 2))


def interval(low: float | None, high: float | None, unit: str, currency: str = "") -> str:
    if low is None or high is None:
        return ""
    return _("%(low)s to %(high)s") % {
        "low": effect(low, unit, currency),
        "high": effect(high, unit, currency),
    }


def share(value: float | None) -> str:
    """A share of the gap; nothing where that says nothing."""
    return "" if value is None or abs(value) > LARGEST_SHARE else numbers.percent(value, digits=0)


def share_span(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return ""
    return _("%(low)s to %(high)s") % {"low": share(low), "high": share(high)}


def chance(p: float | None) -> str:
    """How often chance alone would do as much."""
    if p is None:
        return ""
    return "< 0.1%" if p < 0.001 else numbers.percent(p, digits=1 if p < 0.1 else 0)

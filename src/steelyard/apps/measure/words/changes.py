"""What changed since the last visit, in a line and a short list."""

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from steelyard.apps.measure.queries.calendar import read_period
from steelyard.apps.measure.queries.changes import (
    CORRECTED,
    MEASURED,
    MISSED,
    NEW_SIGNAL,
    REACHED,
    Change,
    Changes,
)
from steelyard.apps.measure.words import names, sentences
from steelyard.web import numbers

SHOWN = 6


def line(changes: Changes) -> str:
    """Since 12 November: 2 new signals, 1 target missed."""
    if changes.since is None:
        return _("From the next visit on, what changed since this one stands here.")
    since = date_format(localtime(changes.since), "DATE_FORMAT")
    if not changes.listed:
        return _("Since your visit of %(day)s nothing has changed.") % {"day": since}
    counted = [count(code, len(changes.of(code))) for code in CODES if changes.of(code)]
    return _("Since your visit of %(day)s: %(changes)s.") % {
        "day": since,
        "changes": pgettext("between changes", ", ").join(counted),
    }


CODES = (NEW_SIGNAL, MISSED, REACHED, MEASURED, CORRECTED)


def count(code: str, number: int) -> str:
    text = {
        NEW_SIGNAL: ngettext("%(number)d new signal", "%(number)d new signals", number),
        MISSED: ngettext("%(number)d target no longer met", "%(number)d targets no longer met", number),
        REACHED: ngettext("%(number)d target reached", "%(number)d targets reached", number),
        MEASURED: ngettext("%(number)d KPI newly measured", "%(number)d KPIs newly measured", number),
        CORRECTED: ngettext("%(number)d past figure corrected", "%(number)d past figures corrected", number),
    }[code]
    return text % {"number": number}


def item(change: Change, *, currency: str) -> str:
    """One change, after the KPI's name."""
    each = change.standing
    if change.code == CORRECTED:
        shown = {
            "period": names.period_name(read_period(change.period)),
            "was": figure(change.was, change, currency=currency),
            "now": figure(change.now, change, currency=currency),
        }
        return _("%(period)s corrected: it was %(was)s and is %(now)s") % shown
    if change.code == NEW_SIGNAL:
        return _("a new signal: %(rule)s") % {"rule": sentences.rule_words(each)}
    shown = {"value": figure(each.value, change, currency=currency)}
    if change.code == MISSED:
        return _("now worse than target, at %(value)s") % shown
    if change.code == REACHED:
        return _("now on target or better, at %(value)s") % shown
    return _("measured for the first time: %(value)s") % shown


def figure(value: float | None, change: Change, *, currency: str) -> str:
    kpi = change.standing.kpi
    return numbers.unbroken(numbers.figure(value, unit=kpi.unit, currency=currency).text)

"""Kept months in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from steelyard.apps.measure.queries import evaluations as codes
from steelyard.apps.measure.queries.evaluations import Kept, Line
from steelyard.apps.measure.queries.total import Total
from steelyard.apps.measure.words import names, totals
from steelyard.web import numbers
from steelyard.web.beams import judgement_words


def headline(kept: Kept) -> str:
    """What the month's total was, and whether the same month reads differently now."""
    shown = {"unit": names.unit_name(kept.unit), "period": names.period_name(kept.period)}
    shown["score"] = score(kept.then)
    count = len(kept.changed)
    if kept.then.score is None:
        text = _("%(unit)s, %(period)s, as it was kept: no total.")
    elif not count:
        text = _("%(unit)s, %(period)s: total %(score)s of 100. It still reads the same.")
    else:
        text = ngettext(
            "%(unit)s, %(period)s: total %(score)s of 100 when it was kept; "
            "one figure reads differently now.",
            "%(unit)s, %(period)s: total %(score)s of 100 when it was kept; "
            "%(count)d figures read differently now.",
            count,
        )
    return text % (shown | {"count": count})


def score(total: Total) -> str:
    return totals.score(total)


def reasons(line: Line) -> str:
    told = {
        codes.DEFINITION: _("its definition changed"),
        codes.DATA: _("the data changed"),
        codes.TARGET: _("its target changed"),
        codes.WEIGHT: _("its weight changed"),
        codes.GONE: _("there is no such KPI any more"),
    }
    return "; ".join(told[code] for code in line.reasons)


def name(line: Line) -> str:
    return names.kpi_name(line.kpi) if line.kpi else line.id


def judgement(line: Line) -> str:
    return judgement_words(line.then["judgement"])


def figure(value: float | None, line: Line, *, currency: str) -> numbers.Shown:
    return numbers.figure(value, unit=line.unit, currency=currency)

"""Standings as the components of the kit show them: beams and the process behaviour chart."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from steelyard.apps.measure.queries.scorecard import Standing
from steelyard.apps.measure.queries.units import Unit
from steelyard.apps.measure.views import links
from steelyard.apps.measure.words import names, sentences
from steelyard.charts import xmr
from steelyard.charts.wording import Wording
from steelyard.web import numbers
from steelyard.web.beams import Row, beam_row


@dataclass(frozen=True)
class Chart:
    """A chart with the table that says the same."""

    label: str
    spec: dict[str, Any]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def beam_of(
    each: Standing,
    *,
    unit: Unit,
    currency: str,
    note: str | None = None,
    href: str = "",
    compare: tuple[tuple[str, str], ...] = (),
) -> Row:
    """It leads to the page of the KPI, or to where that page itself says."""
    low, high = each.limits or (None, None)
    return beam_row(
        names.kpi_name(each.kpi),
        each.value,
        target=each.target,
        before=each.year_ago.value,
        peers=each.peers.value if each.peers else None,
        low=low,
        high=high,
        direction=each.kpi.direction,
        unit=each.kpi.unit,
        currency=currency,
        is_signal=each.is_signal_of_gap,
        is_contrary=each.is_contrary,
        note=sentences.note(each, currency=currency) if note is None else note,
        href=href or links.kpi(each.kpi.id, unit=unit, period=each.period),
        compare=compare,
    )


def chart_of(each: Standing, *, currency: str) -> Chart:
    label = _("%(kpi)s with its natural process limits") % {"kpi": names.kpi_name(each.kpi)}
    unit = each.kpi.unit
    words = Wording(
        language=get_language() or "en",
        description=label,
        figure=lambda value: numbers.figure(value, unit=unit, currency=currency).text,
        change=lambda value: numbers.figure(value, unit=unit, currency=currency).text,
        tick=lambda value: tick(value, unit=unit),
        labels={
            "period": _("Period"),
            "value": names.kpi_name(each.kpi),
            "mean": _("Mean"),
            "lower": _("Lower limit"),
            "upper": _("Upper limit"),
            "target": pgettext("of a KPI", "Target"),
            "signal": _("Signal"),
            "no-signal": pgettext("signal", "none"),
            "outside": _("Outside the limits"),
            "run": _("Eight on one side"),
            "near-limit": _("Three of four near a limit"),
            "change": _("Change of level"),
        },
    )
    points = xmr.points_of(
        each.signal,
        values=[point.value for point in each.history],
        labels=[names.period_name(period) for period in each.labels],
        targets=[point.target for point in each.history],
        direction=each.kpi.direction,
    )
    table = xmr.table_of(points, words=words)
    return Chart(label, xmr.chart(points, words=words), table.columns, table.rows[::-1])


def tick(value: float, *, unit: str) -> str:
    """A round number on an axis, without what the title says already."""
    if unit == "percent":
        return numbers.percent(value, digits=0 if abs(value) >= 0.1 or value == 0 else 1)
    return numbers.count(value, exact=abs(value) < 1000)

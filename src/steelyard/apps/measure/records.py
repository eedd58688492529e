"""Figures as records that people talk about: a KPI, a period, a unit."""

from typing import Any

from steelyard.apps.comments.kinds import Record, declare
from steelyard.apps.measure.queries.calendar import read_period
from steelyard.apps.measure.queries.figures import BAR, kpi_seen
from steelyard.apps.measure.queries.units import unit_for
from steelyard.apps.measure.views import links
from steelyard.apps.measure.words import names


@declare("figure")
def figure(viewer: Any, key: str) -> Record:
    kpi, period, unit = [*key.split(BAR), "", ""][:3]
    seen, when, whose = kpi_seen(viewer, kpi), read_period(period), unit_for(viewer, unit)
    label = " · ".join((names.kpi_name(seen), names.period_name(when), names.unit_name(whose)))
    return Record("figure", key, label, links.kpi(seen.id, unit=whose, period=when))

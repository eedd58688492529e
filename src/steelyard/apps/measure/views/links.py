"""Addresses between the pages of measuring: the unit and the period go along."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from steelyard.apps.measure.queries.units import Unit
from steelyard.engine.periods import Period

WHERE = "where."


def kpi(name: str, *, unit: Unit, period: Period) -> str:
    return f"{reverse('kpi', args=[name])}?{_query(unit, period)}"


def scorecard(unit: Unit, period: Period) -> str:
    return f"{reverse('scorecard')}?{_query(unit, period)}"


def cut(name: str, *, unit: Unit, period: Period, by: str) -> str:
    return f"{reverse('kpi', args=[name])}?{_query(unit, period, by=by)}#cut"


def cut_fragment(name: str, *, unit: Unit, period: Period, by: str) -> str:
    return f"{reverse('kpi_cut', args=[name])}?{_query(unit, period, by=by)}"


def records(
    name: str, *, unit: Unit, period: Period, where: Mapping[str, Any] | None = None, part: str = ""
) -> str:
    asked = {f"{WHERE}{name}": "" if value is None else str(value) for name, value in (where or {}).items()}
    if part:
        asked["part"] = part
    return f"{reverse('kpi_records', args=[name])}?{_query(unit, period, **asked)}"


def diagnose(name: str, *, unit: Unit, period: Period) -> str:
    where = {f"{WHERE}{unit.kind}": unit.code} if unit.code else {}
    return f"/diagnose/new?{urlencode({'kpi': name, 'period': period.label, **where})}"


def set_goal(name: str, *, unit: Unit) -> str:
    """The form of a goal of this KPI, for this unit."""
    return f"{reverse('new_goal')}?{urlencode({'kpi': name, 'owner': unit.key})}"


def where_asked(query: Mapping[str, str]) -> dict[str, str | None]:
    """The conditions of an address; an empty one asks for rows without a value."""
    return {
        name.removeprefix(WHERE): value or None for name, value in query.items() if name.startswith(WHERE)
    }


def heat(period: Period, **more: str) -> str:
    return f"{reverse('heat')}?{urlencode({'period': period.label, **more})}"


def wall(unit: Unit, period: Period) -> str:
    return f"{reverse('wall')}?{_query(unit, period)}"


def query(unit: Unit | None, period: Period | None) -> str:
    """What of a unit and a period is known, as the tail of an address."""
    known = {"unit": unit.key} if unit else {}
    known |= {"period": period.label} if period else {}
    return f"?{urlencode(known)}" if known else ""


def _query(unit: Unit, period: Period, **more: str) -> str:
    return urlencode({"unit": unit.key, "period": period.label, **more})

"""The unit and the period a page is about, and what else could be picked."""

from typing import Any

from django.http import HttpRequest

from steelyard.apps.measure.models import PointSet
from steelyard.apps.measure.queries.calendar import grains
from steelyard.apps.measure.queries.points import period_choices
from steelyard.apps.measure.queries.units import Unit, members_seen_by, units_seen_by
from steelyard.apps.measure.words import names
from steelyard.engine.periods import Period

# Quarters first: they are what is looked at most; where there is a fiscal year, its own.
ORDER = ("fiscal-quarter", "quarter", "month", "fiscal-year", "year")


def picker(request: HttpRequest, *, points: PointSet, unit: Unit, period: Period) -> dict[str, Any]:
    """What the two selects of a page offer; nothing that the viewer may not see."""
    units = units_seen_by(request.user)
    members = members_seen_by(request.user, unit)
    known = {each.key for each in [*units, *members]}
    return {
        "units": [_option(each, unit) for each in units],
        "members": [_option(each, unit) for each in [*members, *([] if unit.key in known else [unit])]],
        "periods": periods_to_pick(points, period),
        "period": period,
        "period_name": names.period_name(period),
        "unit": unit,
        "unit_name": names.unit_name(unit),
    }


def periods_to_pick(points: PointSet, period: Period) -> list[dict[str, Any]]:
    """The periods of the data by their length, the newest first."""
    return [
        {
            "label": names.grain_name(grain),
            "options": [
                {"value": each.label, "label": names.period_name(each), "is_here": each == period}
                for each in period_choices(points, grain)
            ],
        }
        for grain in ORDER
        if grain in grains()
    ]


def _option(each: Unit, chosen: Unit) -> dict[str, Any]:
    return {"value": each.key, "label": names.unit_name(each), "is_here": each.key == chosen.key}

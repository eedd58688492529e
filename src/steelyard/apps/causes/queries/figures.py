"""A KPI's figure of the company or a team, to be kept as evidence; and what there is to choose from."""

from typing import Any

from steelyard.apps.measure.queries.definitions import known_kpi
from steelyard.apps.measure.queries.points import newest_points, period_choices
from steelyard.apps.measure.queries.scorecard import kpi_view
from steelyard.engine.periods import Period
from steelyard.errors import Refused

GRAINS = ("quarter", "month")
MOST_PERIODS = {"quarter": 8, "month": 18}


def kpi_figure(viewer: Any, *, kpi: str, period: str, unit: str) -> dict[str, Any]:
    """The figure, as the viewer may see it; one that is withheld or unknown is refused."""
    points = newest_points()
    if points is None:
        raise Refused("causes.no-figure", 404)
    view = kpi_view(viewer, known_kpi(kpi), points, unit=unit, period=period)
    if view.standing.value is None or view.standing.withheld or view.unit.kind == "member":
        raise Refused("causes.no-figure", 404)
    return {
        "kind": "figure",
        "kpi": kpi,
        "period": view.period.label,
        "unit": view.unit.key,
        "team": view.unit.code,
        "team_name": view.unit.name,
        "value": float(view.standing.value),
        "snapshot": points.snapshot_id,
    }


def periods_known() -> list[Period]:
    """Quarters, then months, the newest first."""
    points = newest_points()
    if points is None:
        return []
    return [each for grain in GRAINS for each in period_choices(points, grain)[: MOST_PERIODS[grain]]]

"""Which goals have no chance kept from their start yet."""

from collections.abc import Iterator

from steelyard.apps.goals.models import Goal, GoalVersion
from steelyard.apps.goals.queries.actuals import series_counted
from steelyard.apps.goals.queries.outlooks import Series
from steelyard.apps.measure.models import PointSet
from steelyard.apps.measure.queries.definitions import known_kpis


def waiting_for_chance(points: PointSet) -> Iterator[tuple[GoalVersion, Series]]:
    """Versions that hold of goals whose figures are one unit's."""
    held = Goal.objects.filter(
        state__in=(Goal.State.ACTIVE, Goal.State.CLOSED),
        current__chance_at_start=None,
        current__kind__in=GoalVersion.WITH_KPI,
        current__kpi__in=[kpi for kpi in known_kpis() if kpi not in points.missing],
        current__target__isnull=False,
    )
    goals = {goal.pk: goal for goal in held.select_related("current", "team", "person")}
    for pk, series in series_counted(list(goals.values())).items():
        version = goals[pk].current
        if version is not None and len(series) == 1:
            yield version, series[0]

"""What can be chosen before a goal is divided: teams, and what tells people's potential."""

from steelyard.apps.goals.models import Goal
from steelyard.apps.goals.queries.cascade_people import teams_below
from steelyard.apps.measure.models import KpiPoint, PointSet, UnitKind
from steelyard.apps.measure.queries.definitions import known_kpis

# What a person has in hand tells what may come of it.
IN_HAND = ("open_pipeline", "opportunities", "leads", "receivable", "overdue_amount", "contract_value")


def team_choices(goal: Goal) -> list[tuple[str, str]]:
    return [(team.code, team.name) for team in teams_below(goal)]


def potentials(points: PointSet | None) -> list[str]:
    """KPIs of people that can tell a potential, as far as the data have them."""
    if points is None:
        return []
    rows = KpiPoint.objects.filter(
        point_set=points, unit_kind=UnitKind.MEMBER, grain="month", kpi__in=IN_HAND, value__gt=0
    )
    held, known = set(rows.order_by().values_list("kpi", flat=True).distinct()), known_kpis()
    return [kpi for kpi in IN_HAND if kpi in held and kpi in known]

"""A goal's page tells one chance: its check and its forecast rest on the same months."""

import datetime
from decimal import Decimal
from typing import Any

import pytest

from steelyard.apps.access.policy import LOCAL_OPERATOR
from steelyard.apps.goals.models import Goal
from steelyard.apps.goals.queries.progress import progress_of
from steelyard.apps.goals.queries.sight import unit_of
from steelyard.apps.goals.views.drafting import draft_of, outlook_for
from steelyard.apps.jobs.actions import run_here
from steelyard.apps.measure.models import KpiPoint
from steelyard.engine.smart.check import check
from tests.apps.goals import aims

pytestmark = pytest.mark.django_db
YEAR = (datetime.date(2026, 1, 1), datetime.date(2027, 1, 1))
# A level that wanders within its season.
MONTHS = [100.0 + 8 * (place % 12 in (2, 5, 8, 11)) + (place * 7) % 5 for place in range(48)]


def told(goal: Goal) -> dict[str, Any]:
    version = goal.current
    return {name: getattr(version, name) for name in ("title", "kpi", "target", "unit", "starts", "ends")}


def checked(leader: Any, goal: Goal) -> float | None:
    said, owner = told(goal), unit_of(goal)
    draft = draft_of(leader, said, owner=owner, goal=goal, parent="", cause="")
    return check(draft, outlook=outlook_for(leader, said, owner=owner, goal=goal)).chance


def test_the_check_and_the_forecast_say_the_same(leader: Any) -> None:
    points = aims.point_set()
    aims.months(points, "won_revenue", "company", "", MONTHS, starts=datetime.date(2022, 1, 1))
    goal = aims.goal(leader, title="Win 1,260", target=Decimal(1260), starts=YEAR[0], ends=YEAR[1])
    run_here(LOCAL_OPERATOR, "goals.outlooks", {"points": points.pk})
    made = progress_of(leader, [goal], today=datetime.date(2026, 1, 10))[goal.pk]
    assert made.chance is not None
    assert checked(leader, goal) == pytest.approx(made.chance, abs=1e-6)


def test_months_without_a_record_before_the_first_one_count_for_nothing(leader: Any) -> None:
    points = aims.point_set(first=datetime.date(2021, 8, 1))
    aims.months(points, "won_revenue", "company", "", MONTHS, starts=datetime.date(2022, 1, 1))
    goal = aims.goal(leader, title="Win 1,260", target=Decimal(1260), starts=YEAR[0], ends=YEAR[1])
    before = checked(leader, goal)
    aims.months(points, "won_revenue", "company", "", [0.0] * 5, starts=datetime.date(2021, 8, 1))
    KpiPoint.objects.filter(starts__lt=datetime.date(2022, 1, 1)).update(n=0)
    assert checked(leader, goal) == before is not None


def test_what_came_in_since_the_goal_began_does_not_tell_whether_it_was_achievable(leader: Any) -> None:
    points = aims.point_set()
    aims.months(points, "won_revenue", "company", "", MONTHS, starts=datetime.date(2022, 1, 1))
    goal = aims.goal(
        leader, title="Win 1,260", target=Decimal(1260), starts=datetime.date(2025, 1, 1), ends=YEAR[0]
    )
    draft = draft_of(leader, told(goal), owner=unit_of(goal), goal=goal, parent="", cause="")
    assert draft.history == MONTHS[:36]

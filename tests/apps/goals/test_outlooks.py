"""What is worked out after each computation of points: of whom, how much, and once."""

import datetime
import math
from decimal import Decimal
from typing import Any

import pytest

from steelyard.apps.access.policy import LOCAL_OPERATOR
from steelyard.apps.accounts.models import User
from steelyard.apps.goals.models import GoalVersion, Outlook
from steelyard.apps.goals.queries.outlooks import Series, briefs_of, outlooks_of, wanted_series
from steelyard.apps.goals.queries.progress import progress_of
from steelyard.apps.jobs.actions import run_here
from steelyard.apps.measure.models import KpiPoint, PointSet
from tests.apps.goals.aims import goal, months, point_set
from tests.conftest import Organisation

pytestmark = pytest.mark.django_db(transaction=True)
FIRST = datetime.date(2022, 1, 1)


def season(level: float, count: int = 48) -> list[float]:
    """A year that ends high, with a small wave of another length."""
    return [
        level * (1 + 0.4 * math.sin(2 * math.pi * place / 12)) * (1 + 0.05 * math.sin(place * 2.4))
        for place in range(count)
    ]


@pytest.fixture
def points(db: None) -> PointSet:
    """Four years of the company, East and Lin; Mate has five months, and Marketing other figures."""
    made = point_set()
    for kind, unit, level in (("company", "", 300.0), ("team", "east", 200.0), ("member", "p1", 100.0)):
        months(made, "won_revenue", kind, unit, season(level), starts=FIRST)
    months(made, "won_revenue", "member", "p2", season(50, 5), starts=datetime.date(2025, 8, 1))
    months(made, "leads", "team", "marketing", season(40), starts=FIRST)
    return made


def compute(points: PointSet) -> dict[str, Any]:
    return run_here(LOCAL_OPERATOR, "goals.outlooks", {"points": points.pk}).result or {}


def test_without_goals_only_the_first_kpi_is_looked_ahead_of(points: PointSet):
    assert {each.kpi for each in wanted_series(points)} == {"won_revenue"}
    assert compute(points) == {"points": points.pk, "outlooks": 3, "too_short": 1}


def test_a_target_makes_its_kpi_wanted_of_everybody(points: PointSet):
    KpiPoint.objects.filter(kpi="leads", period="2025-12").update(target=50)
    assert Series("leads", "team", "marketing") in wanted_series(points)


def test_a_goal_makes_its_kpi_wanted_of_everybody(points: PointSet, leader: User):
    goal(leader, kpi="leads", unit="count")
    assert Series("leads", "team", "marketing") in wanted_series(points)


def test_what_is_kept_can_be_read_back(points: PointSet):
    compute(points)
    own = Series("won_revenue", "member", "p1")
    found = outlooks_of(points, [own])[own]
    assert 1000 < found.quantile(0.5, 12) < 1400
    assert found.chance(1000, 12) > found.chance(1200, 12) > found.chance(1400, 12)
    brief = briefs_of(points, [own])[own]
    assert brief.starts == datetime.date(2026, 1, 1)
    assert brief.status in ("signal", "no-signal")
    shares = brief.profile.for_periods(datetime.date(2026, 1, 1), 12)
    assert sum(shares) == pytest.approx(1)
    assert shares[3] > 2 * shares[9]


def test_the_same_points_give_the_same_bytes(points: PointSet):
    compute(points)
    before = list(Outlook.objects.order_by("kpi", "unit").values_list("document", "brief"))
    compute(points)
    assert list(Outlook.objects.order_by("kpi", "unit").values_list("document", "brief")) == before


def test_an_overtaken_set_has_no_readers(points: PointSet):
    point_set()
    assert compute(points)["outlooks"] == 0


def test_the_chance_at_the_start_is_of_what_was_known_then_and_is_kept_once(
    points: PointSet, leader: User, organisation: Organisation
):
    """A goal for 2025 is judged by 2022 to 2024, whatever 2025 brought."""
    east = organisation.east
    likely = goal(leader, team=east, target=Decimal(2000))
    unlikely = goal(leader, team=east, target=Decimal(5000))
    short = goal(leader, person=organisation.mate_person)
    compute(points)
    chances = dict(GoalVersion.objects.values_list("goal_id", "chance_at_start"))
    assert chances[likely.pk] > 0.9
    assert chances[unlikely.pk] < 0.01
    assert chances[short.pk] is None
    KpiPoint.objects.filter(point_set=points, starts__lt=datetime.date(2025, 1, 1)).update(value=1)
    compute(points)
    assert dict(GoalVersion.objects.values_list("goal_id", "chance_at_start")) == chances


def test_a_year_that_is_still_to_come_has_its_chance(points: PointSet, leader: User):
    compute(points)
    ahead = {"starts": datetime.date(2026, 1, 1), "ends": datetime.date(2027, 1, 1)}
    made = goal(leader, target=Decimal(3600), **ahead)
    found = progress_of(leader, [made])[made.pk]
    assert (found.status, found.rule) == ("not-begun", "profile")
    assert 0.2 < found.chance < 0.8
    assert found.low < found.middle < found.high
    later = {"starts": datetime.date(2026, 2, 1), "ends": datetime.date(2027, 2, 1)}
    made = goal(leader, target=Decimal(3600), **later)
    assert 0.2 < progress_of(leader, [made])[made.pk].chance < 0.8

"""How goals stand: hand-worked figures, whose they are to see, and how many questions thousands take."""

import datetime
from dataclasses import asdict
from decimal import Decimal
from typing import Any

import pytest

from steelyard.apps.accounts.models import User
from steelyard.apps.goals.models import CheckIn, Credit, Goal, GoalSettings, Milestone
from steelyard.apps.goals.queries.progress import outcome_of, progress_of
from steelyard.engine.forecast import Profile
from steelyard.web.once import one_request
from tests.apps.goals.aims import goal, month, months, outlook, point_set
from tests.conftest import Organisation

pytestmark = pytest.mark.django_db
JUNE = datetime.date(2025, 6, 30)
YEAR_PLAN = [[f"2025-{number:02}", "60.00" if number <= 6 else "140.00"] for number in range(1, 13)]


def of(viewer: User, made: Goal, **more: Any) -> Any:
    return progress_of(viewer, [made], **more)[made.pk]


def test_a_plan_sets_the_pace_and_not_a_straight_line(leader: User):
    """Half the year is gone and 400 of 1,200 are in: the plan asked for 360 by now."""
    points = point_set(last=JUNE)
    months(points, "won_revenue", "company", "", [60, 70, 50, 80, 70, 70])
    outlook(points, "won_revenue", "company", "")
    found = of(leader, goal(leader, plan=YEAR_PLAN))
    assert (found.status, found.rule) == ("on-pace", "plan")
    assert (found.actual, found.settled, found.expected) == (400, 400, 360)
    assert found.share == pytest.approx(0.3)
    assert found.attainment == pytest.approx(1 / 3)
    assert found.to_date == pytest.approx(400 / 360)
    assert found.until == datetime.date(2025, 7, 1)


def test_without_a_plan_the_season_sets_the_pace(leader: User):
    """A season that brings a quarter of the year by June asks for 300, not for 600."""
    profile = Profile((1 / 24,) * 6 + (3 / 24,) * 6, "month", "ratio", 3)
    points = point_set(last=JUNE)
    months(points, "won_revenue", "company", "", [50] * 6)
    outlook(points, "won_revenue", "company", "", profile=asdict(profile))
    found = of(leader, goal(leader))
    assert found.rule == "profile"
    assert found.expected == pytest.approx(300)
    assert found.status == "on-pace"


def test_without_any_history_months_count_alike_and_it_is_said(leader: User):
    points = point_set(last=JUNE)
    months(points, "won_revenue", "company", "", [50] * 6)
    found = of(leader, goal(leader))
    assert (found.rule, found.expected, found.status) == ("equal", pytest.approx(600), "below-pace")
    assert found.chance is None


def test_below_pace_inside_the_limits_is_no_signal(leader: User):
    points = point_set(last=JUNE)
    months(points, "won_revenue", "company", "", [50] * 6)
    outlook(points, "won_revenue", "company", "")
    assert of(leader, goal(leader)).status == "no-signal"


@pytest.mark.parametrize(
    ("fired", "status"),
    [
        (["2025-05", "below"], "behind"),
        (["2025-05", "above"], "no-signal"),
        (["2025-01", "below"], "no-signal"),
    ],
)
def test_a_recent_signal_to_the_worse_side_is_behind(leader: User, fired: list[str], status: str):
    points = point_set(last=JUNE)
    months(points, "won_revenue", "company", "", [50] * 6)
    signal = {"status": "signal", "limits": [50, 150], "months": [fired]}
    outlook(points, "won_revenue", "company", "", signal=signal)
    assert of(leader, goal(leader)).status == status


def test_the_chance_is_of_what_is_missing_in_the_months_that_are_left(leader: User):
    """400 are in, 800 are missing; the six months left bring 800 ± 100: even odds."""
    points = point_set(last=JUNE)
    months(points, "won_revenue", "company", "", [60, 70, 50, 80, 70, 70])
    outlook(points, "won_revenue", "company", "", ahead={"mean": 800.0, "spread": 100.0, "periods": 6})
    found = of(leader, goal(leader, plan=YEAR_PLAN))
    assert found.chance == pytest.approx(0.5)
    assert (found.low, found.middle, found.high) == pytest.approx((1071.84, 1200, 1328.16), abs=0.01)
    harder = of(leader, goal(leader, target=Decimal(1300)))
    assert harder.chance == pytest.approx(0.158655, abs=1e-5)


def test_a_ratio_is_made_of_its_parts(leader: User):
    """10 of 100 and 30 of 60 are 25 %, not the mean of 10 % and 50 %."""
    points = point_set(last=datetime.date(2025, 2, 28))
    months(points, "win_rate", "company", "", [(10, 100), (30, 60)])
    made = goal(leader, kpi="win_rate", unit="percent", kind="keep-above", target=Decimal("0.24"))
    found = of(leader, made)
    assert (found.actual, found.mode, found.rule) == (0.25, "ratio", "standing")
    assert (found.numerator, found.denominator) == (40, 160)
    assert found.status == "on-pace"


def test_the_chance_of_a_ratio_weighs_what_is_in_with_what_is_coming(leader: User):
    """40 of 160 are in and 160 more are to come: 30 % at the end needs 35 % from now on."""
    points = point_set(last=datetime.date(2025, 2, 28))
    months(points, "win_rate", "company", "", [(10, 100), (30, 60)])
    ahead = {"mean": 0.35, "spread": 0.05, "periods": 1}
    outlook(points, "win_rate", "company", "", ahead=ahead, denominators=[160.0])
    made = goal(
        leader, kpi="win_rate", unit="percent", target=Decimal("0.30"), ends=datetime.date(2025, 4, 1)
    )
    found = of(leader, made)
    assert found.chance == pytest.approx(0.5)
    assert found.middle == pytest.approx(0.30)


def test_lower_is_better_runs_the_other_way(leader: User):
    points = point_set(last=JUNE)
    months(points, "speed_to_lead", "company", "", [30, 28, 26, 24, 22, 20])
    made = goal(leader, kpi="speed_to_lead", unit="hours", kind="keep-below", target=Decimal(24))
    found = of(leader, made)
    assert (found.direction, found.mode, found.actual, found.status) == ("down", "level", 20, "on-pace")
    assert found.attainment == pytest.approx(2 - 20 / 24)


def test_a_goal_that_several_share_counts_all_of_their_figures(leader: User, organisation: Organisation):
    """East wins 20 of 100, Marketing 30 of 50: together 50 of 150. A member of East is in East already."""
    points = point_set(last=datetime.date(2025, 1, 31))
    months(points, "win_rate", "team", "east", [(20, 100)])
    months(points, "win_rate", "team", "marketing", [(30, 50)])
    months(points, "win_rate", "member", "p1", [(20, 80)])
    made = goal(leader, team=organisation.east, kpi="win_rate", unit="percent", target=Decimal("0.3"))
    Credit.objects.create(version=made.current, team=organisation.east, share=50)
    Credit.objects.create(version=made.current, team=organisation.marketing, share=30)
    Credit.objects.create(version=made.current, person=organisation.person, share=20)
    found = of(leader, made)
    assert [each.unit for each in found.counted] == ["east", "marketing"]
    assert found.actual == pytest.approx(50 / 150)


def test_a_year_that_is_over_is_reached_or_missed(leader: User):
    points = point_set()
    months(points, "won_revenue", "company", "", [100] * 12)
    assert of(leader, goal(leader)).status == "reached"
    assert of(leader, goal(leader, target=Decimal("1200.01"))).status == "missed"


@pytest.mark.parametrize(
    ("last", "status"),
    [
        (datetime.date(2024, 12, 31), "not-begun"),
        (datetime.date(2025, 1, 10), "just-begun"),
    ],
)
def test_before_the_first_month_is_complete(leader: User, last: datetime.date, status: str):
    points = point_set(last=last)
    months(points, "won_revenue", "company", "", [100] * 12, starts=month(2024, 1))
    if status == "just-begun":
        months(points, "won_revenue", "company", "", [40])
    found = of(leader, goal(leader))
    assert found.status == status
    assert found.until is None


def test_the_running_month_counts_as_actual_but_not_for_the_pace(leader: User):
    points = point_set(last=datetime.date(2025, 2, 10))
    months(points, "won_revenue", "company", "", [100, 30])
    found = of(leader, goal(leader))
    assert (found.actual, found.settled, found.expected) == (130, 100, pytest.approx(100))


def test_no_figures_is_not_zero(leader: User, organisation: Organisation):
    point_set(last=JUNE)
    assert of(leader, goal(leader, team=organisation.west)).status == "no-data"


@pytest.mark.parametrize(
    ("done", "today", "status"),
    [
        ((True, True), datetime.date(2025, 3, 1), "done"),
        ((True, False), datetime.date(2025, 3, 1), "on-pace"),
        ((True, False), datetime.date(2025, 7, 1), "behind"),
        ((False, False), datetime.date(2024, 12, 1), "not-begun"),
        ((True, False), datetime.date(2026, 1, 1), "missed"),
    ],
)
def test_steps(leader: User, done: tuple[bool, bool], today: datetime.date, status: str):
    made = goal(leader, kind="milestones", kpi="", unit="", target=None)
    for due, is_done in zip((datetime.date(2025, 2, 1), JUNE), done, strict=True):
        day = due if is_done else None
        Milestone.objects.create(goal=made, title="A step", due_on=due, done_on=day)
    found = of(leader, made, today=today)
    assert (found.status, found.steps, found.steps_done) == (status, 2, sum(done))


def test_a_number_of_its_own_comes_from_check_ins(leader: User):
    """From 100 to 300 in a year: after half of it 200 were asked for, and 180 were told."""
    made = goal(leader, kpi="", unit="customers", baseline=Decimal(100), target=Decimal(300))
    told = {"goal": made, "version": made.current, "author": leader, "confidence": 3}
    CheckIn.objects.create(**told, on=datetime.date(2025, 3, 1), value=Decimal(150))
    CheckIn.objects.create(**told, on=datetime.date(2025, 7, 2), value=Decimal(180))
    found = of(leader, made, today=datetime.date(2025, 7, 3))
    assert (found.status, found.actual, found.confidence) == ("below-pace", 180, 3)
    assert found.expected == pytest.approx(100 + 200 * 182 / 365)


def test_what_was_kept_at_the_close_stays(leader: User):
    points = point_set()
    months(points, "won_revenue", "company", "", [100] * 12)
    made = goal(leader)
    kept = outcome_of(made)
    assert kept["is_reached"] is True
    assert (kept["target"], kept["actual"], kept["attainment"]) == ("1200", "1200", "1")
    Goal.objects.filter(pk=made.pk).update(state="closed", outcome=kept)
    points.points.filter(period="2025-12").update(value=0)
    made = Goal.objects.select_related("current", "team", "person").get(pk=made.pk)
    assert (of(leader, made).status, of(leader, made).actual) == ("reached", 1200)


def test_whose_figures_and_whose_chance(leader: User, organisation: Organisation):
    """The owner sees figures, and a chance only where the site shows it; a mate sees neither."""
    points = point_set(last=JUNE)
    months(points, "won_revenue", "member", "p1", [50] * 6)
    outlook(points, "won_revenue", "member", "p1")
    made = goal(leader, person=organisation.person)
    assert of(leader, made).chance is not None
    assert of(organisation.manager, made).chance is not None
    own = of(organisation.member, made)
    assert (own.actual, own.chance, own.middle) == (300, None, None)
    assert of(organisation.mate, made).status == "withheld"
    assert of(organisation.mate, made).actual is None
    GoalSettings.objects.create(members_see_chance=True, author=leader)
    assert of(organisation.member, made).chance is not None
    assert of(organisation.mate, made).chance is None


def test_thousands_take_as_many_questions_as_a_few(
    leader: User, organisation: Organisation, django_assert_max_num_queries: Any
):
    points = point_set(last=JUNE)
    for kind, unit in (("company", ""), ("team", "east"), ("team", "west"), ("member", "p1")):
        months(points, "won_revenue", kind, unit, [50] * 6)
        outlook(points, "won_revenue", kind, unit)
    owners = [{}, {"team": organisation.east}, {"team": organisation.west}, {"person": organisation.person}]
    made = [goal(leader, **owner) for owner in owners * 10]
    with one_request(), django_assert_max_num_queries(20):
        found = progress_of(leader, made)
    assert len(found) == 40
    assert {each.status for each in found.values()} == {"no-signal"}

"""Goals as targets of the scorecard: each unit's own part, one import a change, undone with it."""

import datetime
from decimal import Decimal
from typing import Any

import pytest

from steelyard.apps.accounts.models import User
from steelyard.apps.data.models import Import
from steelyard.apps.goals.actions.targets import ask_for_targets
from steelyard.apps.goals.models import Cascade, Goal, GoalVersion
from steelyard.apps.goals.queries.targets import changed_rows
from steelyard.apps.jobs.actions import run
from steelyard.apps.jobs.models import Job
from steelyard.apps.measure.queries.points import newest_points
from tests.apps.goals.aims import goal
from tests.apps.measure.conftest import lake, publish, published  # noqa: F401  fixtures
from tests.conftest import Organisation

pytestmark = pytest.mark.django_db(transaction=True)
PLAN = [[f"2026-{number:02}", "100.00"] for number in range(1, 13)]
YEAR = {"starts": datetime.date(2026, 1, 1), "ends": datetime.date(2027, 1, 1)}


def rows(*goals: Goal) -> dict[tuple[str, str], Decimal]:
    return {(row.unit, row.period): row.value for row in changed_rows(goals)}


def follow(leader: User, *goals: Goal, **more: Any) -> dict[str, Any]:
    """Ask, publish, and compute the points anew."""
    job = ask_for_targets(leader, goals=goals, **more)
    assert job is not None
    done = run(job.pk, raising=True)
    points = Job.objects.filter(kind="measure.points", state="queued").order_by("pk").last()
    if points is not None:
        run(points.pk, raising=True)
    return (done.result if done else None) or {}


def target(unit: str, period: str, kind: str = "team") -> float | None:
    points = newest_points()
    assert points is not None
    found = points.points.filter(kpi="won_revenue", unit_kind=kind, unit=unit, period=period).first()
    return found.target if found else None


def test_a_plan_gives_its_months(published: Any, leader: User, organisation: Organisation):  # noqa: F811
    made = goal(leader, person=organisation.person, plan=PLAN, **YEAR)
    found = rows(made)
    assert len(found) == 12
    assert found["p1", "2026-01"] == 100


def test_without_a_plan_the_whole_stretch_has_one(published: Any, leader: User, organisation: Organisation):  # noqa: F811
    assert rows(goal(leader, **YEAR)) == {("company", "2026"): 1200}


def test_a_longer_period_that_was_typed_in_follows(published: Any, leader: User, organisation: Organisation):  # noqa: F811
    """East had 1,800 for the last quarter of 2025: its months alone would not be asked."""
    plan = [[f"2025-{number:02}", "100.00"] for number in range(1, 13)]
    found = rows(goal(leader, team=organisation.east, plan=plan))
    assert found["east", "2025-Q4"] == 300
    assert len(found) == 13


def test_a_standing_share_holds_in_every_period(published: Any, leader: User, organisation: Organisation):  # noqa: F811
    made = goal(leader, kpi="win_rate", unit="percent", kind="keep-above", target=Decimal("0.4"), **YEAR)
    found = rows(made)
    assert len(found) == 12 + 4 + 1
    assert set(found.values()) == {Decimal("0.4")}


def test_a_ratio_with_a_plan_is_summed_by_its_parts(published: Any, leader: User, organisation: Organisation):  # noqa: F811
    plan = [
        ["2026-01", "0.10", "10.00", "100.00"],
        ["2026-02", "0.50", "30.00", "60.00"],
        ["2026-03", "0.50", "20.00", "40.00"],
    ]
    stretch = {"starts": datetime.date(2026, 1, 1), "ends": datetime.date(2026, 4, 1)}
    made = goal(leader, kpi="win_rate", unit="percent", target=Decimal("0.3"), plan=plan, **stretch)
    assert rows(made)["company", "2026-Q1"] == Decimal("0.3")
    assert rows(made)["company", "2026-02"] == Decimal("0.50")


def test_a_range_is_no_target(published: Any, leader: User, organisation: Organisation):  # noqa: F811
    made = goal(leader, kpi="win_rate", kind="band", target=Decimal("0.2"), target_high=Decimal("0.4"))
    assert rows(made) == {}


def test_a_team_with_people_gets_what_the_teams_below_leave(
    published: Any,  # noqa: F811
    leader: User,
    organisation: Organisation,
):
    """Sales has only its manager: its number stands as it is. With a member of its own, East's comes off."""
    from steelyard.apps.people.models import Membership, Person

    east = goal(leader, team=organisation.east, plan=PLAN, **YEAR)
    sales = goal(leader, team=organisation.sales, plan=[[p, "250.00"] for p, _ in PLAN], **YEAR)
    assert rows(sales)["sales", "2026-01"] == 250
    someone = Person.objects.create(code="p9", name="Own")
    since = datetime.date(2020, 1, 1)
    Membership.objects.create(person=someone, team=organisation.sales, role="member", valid_from=since)
    assert rows(sales)["sales", "2026-01"] == 150
    # A change below moves what is left above.
    assert ("sales", "2026-01") in rows(east)


def test_publishing_is_one_import_and_the_scorecard_follows(
    published: Any,  # noqa: F811
    leader: User,
    organisation: Organisation,
):
    plan = [["2025-10", "500.00"], ["2025-11", "500.00"], ["2025-12", "500.00"]]
    stretch = {"starts": datetime.date(2025, 10, 1), "ends": datetime.date(2026, 1, 1)}
    assert target("east", "2025-Q4") == 1800
    made = goal(leader, team=organisation.east, target=Decimal(1500), plan=plan, **stretch)
    told = follow(leader, made)
    assert (told["targets"], told["replaced"]) == (4, 1)
    assert target("east", "2025-Q4") == 1500
    assert target("east", "2025-11") == 500
    taken = Import.objects.get(public_id=told["import"])
    assert (taken.mapping["source"], taken.counts["total"]["read"]) == ("goals", 4)
    assert follow(leader, made)["targets"] == 0


def test_an_undone_cascade_gives_back_what_was_typed_in(
    published: Any,  # noqa: F811
    leader: User,
    organisation: Organisation,
):
    plan = [["2025-10", "500.00"], ["2025-11", "500.00"], ["2025-12", "500.00"]]
    stretch = {"starts": datetime.date(2025, 10, 1), "ends": datetime.date(2026, 1, 1)}
    made = goal(leader, team=organisation.east, target=Decimal(1500), plan=plan, **stretch)
    cascade = Cascade.objects.create(goal=made, document={}, state="applied", created_by=leader)
    GoalVersion.objects.filter(goal=made).update(cascade=cascade)
    follow(leader, cascade=cascade)
    assert target("east", "2025-Q4") == 1500
    Cascade.objects.filter(pk=cascade.pk).update(state="undone")
    Goal.objects.filter(pk=made.pk).update(current=None, state="withdrawn")
    assert follow(leader, cascade=cascade)["taken_back"] == 1
    assert target("east", "2025-Q4") == 1800
    assert target("east", "2025-11") is None


def test_the_page_of_targets_says_which_follow_goals(
    published: Any,  # noqa: F811
    leader: User,
    organisation: Organisation,
    log_in: Any,
):
    plan = [["2025-Q4", "1500.00"]]
    stretch = {"starts": datetime.date(2025, 10, 1), "ends": datetime.date(2026, 1, 1)}
    follow(leader, goal(leader, team=organisation.east, target=Decimal(1500), plan=plan, **stretch))
    client = log_in(leader)
    page = client.get("/measure/targets/?kpi=won_revenue&year=2025&grain=quarter").content.decode()
    assert 'value="1,500" aria-label="East, Q4 2025" title="Set by a goal' in page
    assert "are set by goals" in page

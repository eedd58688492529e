"""A kept month stays as it was, says what reads differently now, and shows nobody more than they may see."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from steelyard.apps.access.policy import LOCAL_OPERATOR
from steelyard.apps.accounts.models import User
from steelyard.apps.jobs.actions import run_here
from steelyard.apps.measure import actions
from steelyard.apps.measure.models import Evaluation
from steelyard.apps.measure.queries.evaluations import kept_seen_by, month_due
from steelyard.errors import Refused
from tests.apps.measure.conftest import TARGETS, Publish, deals

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
LogIn = Callable[[User], Client]
DECEMBER = {"kpi": "won_revenue", "period": "2025-12", "unit": "east", "value": 600.0, "_import": "i"}


@pytest.fixture
def kept(publish: Publish) -> None:
    publish(opportunities=deals(), targets=[*TARGETS, DECEMBER])
    run_here(LOCAL_OPERATOR, "measure.keep", {"month": "2025-12"})


def of(unit: str) -> Evaluation:
    return Evaluation.objects.get(unit=unit, period="2025-12")


def line(viewer: Any, unit: str, kpi: str) -> Any:
    found = kept_seen_by(viewer, of(unit).public_id)
    return next(each for each in found.lines if each.id == kpi)


def test_every_unit_with_a_figure_is_kept_once(kept: None):
    assert set(Evaluation.objects.values_list("unit", flat=True)) == {
        *("", "east", "sales", "marketing"),
        *("p1", "p2", "p3"),
    }
    again = run_here(LOCAL_OPERATOR, "measure.keep", {"month": "2025-12"})
    assert (again.result["units"], again.result["kept_before"]) == (0, 7)


def test_what_was_cut_off_is_finished_by_the_next_run(kept: None):
    before = of("east").card
    Evaluation.objects.filter(unit__in=["p1", ""]).delete()
    run_here(LOCAL_OPERATOR, "measure.keep", {"month": "2025-12"})
    assert Evaluation.objects.count() == 7
    assert of("east").card == before


def test_corrected_data_change_the_month_and_not_what_was_kept(kept: None, publish: Publish, leader: User):
    was = of("east").card
    corrected = [
        each | {"amount": Decimal(900)} if each["closed_on"] == datetime.date(2025, 12, 20) else each
        for each in deals()
    ]
    publish(opportunities=corrected, targets=[*TARGETS, DECEMBER | {"value": 500.0}])
    found = line(leader, "east", "won_revenue")
    assert (found.then["value"], found.now) == (300, 1800)
    assert set(found.reasons) == {"data", "target"}
    assert line(leader, "east", "win_rate").reasons == ()
    assert of("east").card == was
    seen = kept_seen_by(leader, of("east").public_id)
    assert seen.then.score != seen.now.total.score
    assert [each.pk for each in seen.since] != []


def test_the_page_says_what_reads_differently(kept: None, publish: Publish, leader: User, log_in: LogIn):
    path = reverse("kept_month", args=[of("").public_id])
    assert "It still reads the same" in log_in(leader).get(path).content.decode()
    publish(opportunities=deals()[:-2], targets=[*TARGETS, DECEMBER])
    page = log_in(leader).get(path).content.decode()
    assert "read differently now" in page
    assert "the data changed" in page


def test_who_may_look_at_which_kept_month(
    kept: None, leader: User, manager: User, member: User, administrator: User, log_in: LogIn
):
    may = {
        "": [leader],
        "east": [leader, manager, member],
        "p1": [leader, manager, member],
        "p2": [leader, manager],
        "marketing": [leader],
        "p3": [leader],
    }
    for unit, viewers in may.items():
        path = reverse("kept_month", args=[of(unit).public_id])
        for viewer in (leader, manager, member, administrator):
            wanted = 200 if viewer in viewers else 404
            assert log_in(viewer).get(path).status_code == wanted, (unit, viewer)
    unknown = log_in(member).get(reverse("kept_month", args=["nothing-of-this-name"]))
    forbidden = log_in(member).get(reverse("kept_month", args=[of("p3").public_id]))
    assert unknown.status_code == forbidden.status_code == 404


def test_peoples_figures_of_a_small_team_are_kept_from_its_members(kept: None, manager: User, member: User):
    """East has two people: one of them would read the other's figure off the team's."""
    east = of("east")
    people = {"kpi": "learning_hours", "dimension": "people", "unit": "hours", "weight": 10}
    figures = {"value": 7.5, "target": 5.0, "attainment": 1.5, "points": 12.0, "version": 1}
    other = east.card["kpis"][0] | {"withheld": ""} | people | figures
    east.card["kpis"].append(other)
    east.save(update_fields=["card"])
    assert line(manager, "east", "learning_hours").then["value"] == 7.5
    hidden = kept_seen_by(member, east.public_id)
    assert next(each for each in hidden.lines if each.id == "learning_hours").withheld == "small-group"
    assert "learning_hours" not in {part.kpi for part in hidden.then.parts}


def test_a_page_withholds_the_figure_itself(kept: None, member: User, log_in: LogIn):
    east = of("east")
    more = {"kpi": "learning_hours", "dimension": "people", "unit": "count", "weight": 10, "value": 123456.0}
    east.card["kpis"].append(east.card["kpis"][0] | more)
    east.save(update_fields=["card"])
    page = log_in(member).get(reverse("kept_month", args=[east.public_id])).content.decode()
    assert "withheld: fewer than five people" in page
    assert "123,456" not in page


@pytest.mark.parametrize(
    ("today", "due"),
    [("2026-01-04", None), ("2026-01-05", None), ("2026-01-06", "2025-12"), ("2026-03-01", "2025-12")],
)
def test_a_month_is_due_some_days_after_its_end(published: Any, today: str, due: str | None):
    found = month_due(datetime.date.fromisoformat(today))
    assert (found.label if found else None) == due


def test_the_calendar_asks_once(published: Any):
    today = datetime.date(2026, 1, 9)
    first, again = actions.keep_what_is_due(today), actions.keep_what_is_due(today)
    assert first.pk == again.pk
    run_here(LOCAL_OPERATOR, "measure.keep", {"month": "2025-12"})
    assert actions.keep_what_is_due(today) is None


def test_a_month_that_the_data_do_not_cover_is_refused(published: Any, leader: User):
    with pytest.raises(Refused, match=r"measure\.month-not-over"):
        actions.ask_to_keep(leader, "2026-01")
    with pytest.raises(Refused, match=r"measure\.keeps-months"):
        actions.ask_to_keep(leader, "2025-Q4")


def test_only_who_may_keep_is_offered_to(published: Any, leader: User, member: User, log_in: LogIn):
    assert "Keep this month now" in log_in(leader).get(reverse("kept_months")).content.decode()
    page = log_in(member).get(reverse("kept_months"))
    assert page.status_code == 200
    assert "Keep this month now" not in page.content.decode()
    assert log_in(member).post(reverse("keep_month"), {"month": "2025-12"}).status_code == 404
    assert log_in(leader).post(reverse("keep_month"), {"month": "2025-12"}).status_code == 302

"""From one number to everybody's months: begin, compare, lock, take back, preview, apply, undo."""

import datetime
import re
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils.html import strip_tags

from steelyard.apps.access.models import AuditEntry
from steelyard.apps.goals.models import Cascade, Goal, GoalVersion
from steelyard.apps.goals.queries.cascade_plans import plan_kept
from steelyard.apps.goals.queries.cascade_sheets import sheet_of
from steelyard.apps.people.models import Membership, Person
from steelyard.engine.cascade import Plan
from tests.apps.goals.aims import months, point_set
from tests.apps.goals.cascading import company_goal, figures, fresh, held, send, start, sums_hold, value
from tests.conftest import LONG_AGO

pytestmark = pytest.mark.django_db


@pytest.fixture
def west(organisation):
    person = Person.objects.create(code="p4", name="Wu")
    Membership.objects.create(person=person, team=organisation.west, role="member", valid_from=LONG_AGO)
    return person


@pytest.fixture
def divided(west, leader, log_in):
    """A client of the leader and a draft by history."""
    figures()
    client = log_in(leader)
    return client, start(client, company_goal(leader))


def test_the_methods_stand_side_by_side_with_what_is_likely(west, leader, log_in):
    figures()
    client, made = log_in(leader), company_goal(leader)
    found = start(client, made, method="equal")
    page = strip_tags(client.get(f"/aim/cascade/{found.public_id}/methods/").content.decode())
    assert "How should ¥12.0\u00a0k be divided over 3 teams and 3 people?" in page
    assert "Chances are most alike with" in page
    assert fresh(found).result["methods"]["equal"]["totals"]["member:p1"] == "4000.00"


def test_history_divides_as_the_past_was(divided):
    _client, found = divided
    assert value(found, "member:p1") == 2000
    assert value(found, "member:p2") == 4000
    assert value(found, "team:west") == value(found, "member:p4") == 6000
    assert value(found, "company") == 12_000
    assert sheet_of(fresh(found)).is_exact


def test_teams_without_figures_and_managers_are_not_asked_for(west, leader, log_in):
    figures()
    page = log_in(leader).get(f"/aim/goal/{company_goal(leader).public_id}/divide/").content.decode()
    assert re.search(r'value="east"[^>]*checked', page)
    assert not re.search(r'value="marketing"[^>]*checked', page)
    found = start(log_in(leader), Goal.objects.get(), with_managers="on")
    assert "member:p0" in sheet_of(found).by_key


def test_a_typed_cell_locks_the_rest_gives_way_and_the_change_can_be_taken_back(divided):
    client, found = divided
    before = value(found, "member:p1", "2026-03")
    answer = send(client, found, "cell", {"lock|member:p1|2026-03": "500"}, HTTP_HX_REQUEST="true")
    assert answer.status_code == 200
    assert 'id="cascade-headline"' in answer.content.decode()
    assert value(found, "member:p1", "2026-03") == 500
    assert value(found, "company") == 12_000
    assert send(client, found, "back", {}).status_code == 302
    assert value(found, "member:p1", "2026-03") == before
    assert sheet_of(fresh(found)).by_key["member:p1"].locked == frozenset()


def test_an_emptied_cell_is_let_go(divided):
    client, found = divided
    send(client, found, "cell", {"lock|member:p1|2026-03": "500"})
    send(client, found, "cell", {"lock|member:p1|2026-03": ""})
    assert sheet_of(fresh(found)).by_key["member:p1"].locked == frozenset()


def test_what_cannot_be_met_is_refused_by_name_and_keeps_what_was_typed(divided):
    client, found = divided
    sent = {"lock|member:p1|2026-03": "99000"}
    answer = send(client, found, "cell", sent, HTTP_HX_REQUEST="true")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Lin Yue 林悦" in page
    assert "member:p1, " not in page
    assert 'value="99000"' in page
    assert 'aria-invalid="true"' in page
    assert sheet_of(fresh(found)).by_key["member:p1"].locked == frozenset()


def test_no_number_is_told_and_nothing_changes(divided):
    client, found = divided
    answer = send(client, found, "cell", {"lock|member:p1|2026-03": "much"})
    assert answer.status_code == 422
    assert "“much” is no number." in answer.content.decode()


def test_who_edits_an_older_version_is_told(divided):
    client, found = divided
    sent = {"version": 1, "lock|member:p1|2026-03": "500"}
    answer = client.post(f"/aim/cascade/{found.public_id}/cell", sent)
    assert answer.status_code == 422
    assert "changed in another window" in answer.content.decode()


def test_limits_and_leave_count(divided):
    client, found = divided
    send(client, found, "people/", {"ceiling|member:p4|": "3,000", "leave|member:p1|2026-02": "10"})
    assert value(found, "member:p4") == 3000
    page = client.get(f"/aim/cascade/{found.public_id}/people/").content.decode()
    assert re.search(r'name="leave\|member:p1\|2026-02" value="10"', page)
    answer = send(client, found, "people/", {"leave|member:p1|2026-02": "40"})
    assert answer.status_code == 422
    assert "working days" in answer.content.decode()


def test_over_assignment_is_declared_and_stands_in_the_goals(divided):
    client, found = divided
    assert send(client, found, "rules", {"step": "1", "over_root": "", "over_teams": "5"}).status_code == 302
    assert value(found, "company") == 12_000
    people = sum(value(found, key) for key in ("member:p1", "member:p2"))
    assert people == value(found, "team:east") * Decimal("1.05")
    page = client.get(f"/aim/cascade/{found.public_id}/preview/").content.decode()
    assert "Those below East carry" in page
    send(client, found, "apply", {"reason": ""})
    assert held("east").current.over == Decimal("0.05")
    page = client.get(f"/aim/goal/{held('east').public_id}/").content.decode()
    assert "5.0% more than this goal on purpose: over-assignment" in page


def test_applying_makes_goals_whose_sums_hold_and_undoing_takes_them_back(divided, organisation):
    client, found = divided
    made = Goal.objects.get()
    page = client.get(f"/aim/cascade/{found.public_id}/preview/").content.decode()
    assert "6 new goals and 1 changed goal" in page
    answer = send(client, found, "apply", {"reason": "The board has decided."})
    assert answer.status_code == 302
    assert fresh(found).state == Cascade.State.APPLIED
    sums_hold(made)
    lin = held("p1").current
    assert lin.target == 2000
    assert lin.parent == held("east")
    assert held("east").current.parent == held("sales")
    assert lin.baseline == 1200  # the same months a year before
    assert lin.reason == "The board has decided."
    assert len(lin.plan) == 12
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"goals.start-cascade", "goals.apply-cascade"} <= actions
    assert client.post(f"/aim/cascade/{found.public_id}/undo").status_code == 302
    assert list(Goal.objects.filter(state="active")) == [made]
    assert Goal.objects.get(pk=made.pk).current.number == 1
    assert GoalVersion.objects.filter(state="undone").count() == 7


def test_a_goal_that_stands_gets_a_version_and_keeps_its_words(divided, organisation, leader):
    from tests.apps.goals.aims import goal
    from tests.apps.goals.cascading import YEAR

    client, found = divided
    own = goal(leader, person=organisation.person, title="林悦的目标", why="Own words", **YEAR)
    send(client, found, "apply", {})
    current = Goal.objects.get(pk=own.pk).current
    assert (current.number, current.title, current.why, current.target) == (
        2,
        "林悦的目标",
        "Own words",
        2000,
    )


def test_dividing_again_replaces_and_undoing_brings_the_former_back(divided):
    client, first = divided
    send(client, first, "apply", {})
    second = start(client, Goal.objects.get(pk=first.goal_id), method="equal")
    send(client, second, "apply", {})
    assert held("p1").current.target == 4000
    assert (fresh(first).state, fresh(second).state) == ("replaced", "applied")
    client.post(f"/aim/cascade/{second.public_id}/undo")
    assert held("p1").current.target == 2000
    assert fresh(first).state == "applied"


def test_a_team_that_no_longer_takes_part_is_left_with_nothing(divided):
    client, first = divided
    send(client, first, "apply", {})
    second = start(client, Goal.objects.get(pk=first.goal_id), teams=["east"])
    page = client.get(f"/aim/cascade/{second.public_id}/preview/").content.decode()
    assert "no longer takes part" in page
    send(client, second, "apply", {})
    assert held("p4").current.target == 0
    assert held("p1").current.target + held("p2").current.target == 12_000


def test_without_outlooks_no_chance_is_told_and_the_page_says_why(west, leader, log_in):
    figures(with_outlooks=False)
    client = log_in(leader)
    found = start(client, company_goal(leader))
    page = client.get(f"/aim/cascade/{found.public_id}/").content.decode()
    assert "No chances are shown" in page
    methods = client.get(f"/aim/cascade/{found.public_id}/methods/").content.decode()
    assert "so an equal chance cannot be found" in methods


def test_who_is_set_up_to_fail_is_named(west, leader, log_in):
    figures()
    client = log_in(leader)
    found = start(client, company_goal(leader, target=Decimal(7200)))
    send(client, found, "cell", {"lock|member:p1|": "3000"})
    page = client.get(f"/aim/cascade/{found.public_id}/").content.decode()
    assert "1 person is set up to fail" in page
    assert "Lin Yue 林悦" in page


def test_what_is_no_sum_and_no_ratio_cannot_be_divided(organisation, leader, log_in):
    made = company_goal(leader, kind="keep-below", kpi="receivable")
    answer = log_in(leader).get(f"/aim/goal/{made.public_id}/divide/")
    assert answer.status_code == 409
    assert "can be divided" in answer.content.decode()


def test_a_persons_goal_is_divided_over_months_alone(west, organisation, leader, log_in):
    from tests.apps.goals.aims import goal
    from tests.apps.goals.cascading import YEAR

    figures()
    client = log_in(leader)
    made = goal(leader, person=organisation.person, target=Decimal(1200), **YEAR)
    answer = client.post(f"/aim/goal/{made.public_id}/divide/", {"potential": ""})
    found = Cascade.objects.get()
    assert "1200" in str(found.result["sheet"]["totals"]["whole"])
    assert answer.status_code == 302
    send(client, found, "apply", {})
    current = Goal.objects.get(pk=made.pk).current
    assert Goal.objects.count() == 1
    assert sum(Decimal(row[1]) for row in current.plan) == 1200


def test_the_rest_of_the_year_is_divided_anew_after_a_change_of_the_total(divided):
    client, first = divided
    send(client, first, "apply", {})
    made = Goal.objects.get(pk=first.goal_id)
    before = dict(held("p1").current.plan)
    sent = {"from_period": "2026-07", "by": "set", "total": "15,000"}
    answer = client.post(f"/aim/goal/{made.public_id}/divide/rest/", sent)
    assert answer.status_code == 302, answer.content.decode()
    second = Cascade.objects.first()
    send(client, second, "methods/", {"method": "history"})
    send(client, second, "apply", {})
    sums_hold(made)
    assert Goal.objects.get(pk=made.pk).current.target == 15_000
    after = dict(held("p1").current.plan)
    assert [Decimal(after[f"2026-{at:02}"]) for at in range(1, 7)] == [
        Decimal(before[f"2026-{at:02}"]) for at in range(1, 7)
    ]
    assert Decimal(after["2026-09"]) > Decimal(before["2026-09"])


def test_the_rest_by_what_was_reached_needs_data_of_these_months(divided):
    client, first = divided
    send(client, first, "apply", {})
    made = Goal.objects.get(pk=first.goal_id)
    sent = {"from_period": "2026-04", "by": "reached", "total": "12,000"}
    answer = client.post(f"/aim/goal/{made.public_id}/divide/rest/", sent)
    assert answer.status_code == 422
    assert "The data do not reach the end of Jan 2026 yet." in answer.content.decode()


def ratio_figures() -> None:
    """Win rates: Lin 30 of 100 a month, Mate 60 of 100, Wu 45 of 100, alike in three years."""
    points = point_set()
    for code, pair in {"p1": (30, 100), "p2": (60, 100), "p4": (45, 100)}.items():
        months(points, "win_rate", "member", code, [pair] * 36, starts=datetime.date(2023, 1, 1))


def test_a_ratio_is_divided_by_its_two_parts(west, leader, log_in):
    ratio_figures()
    client = log_in(leader)
    made = company_goal(leader, kind="keep-above", kpi="win_rate", unit="percent", target=Decimal("0.5"))
    found = start(client, made)
    page = client.get(f"/aim/cascade/{found.public_id}/").content.decode()
    assert "50.0% is divided over 3 teams and 3 people." in page
    assert send(client, found, "apply", {}).status_code == 302
    current = Goal.objects.get(pk=made.pk).current
    assert current.target == Decimal("0.5")
    parts = [held(code).current.plan for code in ("p1", "p2", "p4")]
    for at, (_label, ratio, part, base) in enumerate(current.plan):
        assert sum(Decimal(plan[at][2]) for plan in parts) == Decimal(part)
        assert sum(Decimal(plan[at][3]) for plan in parts) == Decimal(base)
        assert Decimal(part) / Decimal(base) == pytest.approx(Decimal(ratio), abs=Decimal("0.000001"))
    whole = [sum(Decimal(row[place]) for row in current.plan) for place in (2, 3)]
    assert whole[0] / whole[1] == Decimal("0.5")
    assert held("p2").current.target > held("p1").current.target


def test_a_kept_plan_reads_as_the_engine_reads_it(divided):
    _client, found = divided
    send(_client, found, "people/", {"ceiling|member:p4|": "3,000", "leave|member:p1|2026-02": "10"})
    send(_client, found, "cell", {"lock|member:p1|2026-03": "500"})
    send(_client, found, "rules", {"step": "10", "over_root": "", "over_teams": "5"})
    document = fresh(found).document
    kept, read = plan_kept(document), Plan.load(document)
    outlooks = [[each.outlook and each.outlook.as_json() for each in plan.units] for plan in (kept, read)]
    assert outlooks[0] == outlooks[1]
    bare = [
        replace(plan, units=tuple(replace(each, outlook=None) for each in plan.units))
        for plan in (kept, read)
    ]
    assert bare[0] == bare[1]

"""Who divides what: the leader all, a manager their own people, nobody else anything."""

import pytest

from steelyard.apps.goals.models import Cascade, Goal
from steelyard.apps.people.models import Membership, Person
from tests.apps.goals.cascading import company_goal, figures, fresh, held, send, start, sums_hold, value
from tests.conftest import LONG_AGO

pytestmark = pytest.mark.django_db


@pytest.fixture
def other_manager(organisation, make_user):
    user = make_user("manager", name="Other")
    person = Person.objects.create(code="p9", name="Other", user=user)
    Membership.objects.create(person=person, team=organisation.marketing, role="manager", valid_from=LONG_AGO)
    return user


@pytest.fixture
def applied(organisation, leader, log_in):
    """The company's goal, divided and in force."""
    wu = Person.objects.create(code="p4", name="Wu")
    Membership.objects.create(person=wu, team=organisation.west, role="member", valid_from=LONG_AGO)
    figures()
    client = log_in(leader)
    found = start(client, company_goal(leader))
    send(client, found, "apply", {})
    return fresh(found)


PAGES = ("", "methods/", "people/", "table/", "table.xlsx", "preview/")


@pytest.mark.parametrize("page", PAGES)
def test_a_cascade_of_the_company_is_the_leaders(page, applied, manager, member, other_manager, log_in):
    for viewer in (manager, member, other_manager):
        assert log_in(viewer).get(f"/aim/cascade/{applied.public_id}/{page}").status_code == 404


def test_a_draft_is_its_makers_alone(applied, leader, make_user, log_in):
    draft = start(log_in(leader), applied.goal)
    second = make_user("leader", name="second leader")
    assert log_in(leader).get(f"/aim/cascade/{draft.public_id}/").status_code == 200
    assert log_in(second).get(f"/aim/cascade/{draft.public_id}/").status_code == 404
    assert log_in(second).get(f"/aim/cascade/{applied.public_id}/").status_code == 200


def test_only_who_leads_a_team_divides_its_goal(applied, manager, member, other_manager, log_in):
    address = f"/aim/goal/{held('sales').public_id}/divide/"
    assert log_in(manager).get(address).status_code == 200
    for viewer in (member, other_manager):
        assert log_in(viewer).get(address).status_code == 404
        assert log_in(viewer).post(f"{address}months").status_code == 404
    assert log_in(manager).get(f"/aim/goal/{applied.goal.public_id}/divide/").status_code == 404


def changing(client, team: str = "sales") -> Cascade:
    answer = client.post(f"/aim/goal/{held(team).public_id}/divide/months")
    assert answer.status_code == 302, answer.content.decode()
    return Cascade.objects.first()


def test_a_manager_changes_a_month_and_colleagues_give_way(applied, manager, log_in):
    client = log_in(manager)
    found = changing(client)
    before, team = value(found, "member:p2", "2026-03"), value(found, "team:east", "2026-03")
    answer = send(client, found, "cell", {"lock|member:p1|2026-03": "300", "give_way": "siblings"})
    assert answer.status_code == 302, answer.content.decode()
    assert value(found, "team:east", "2026-03") == team
    assert value(found, "member:p2", "2026-03") == before - (300 - team + before)
    assert send(client, found, "apply", {"reason": "Lin has the fair."}).status_code == 302
    assert dict(held("p1").current.plan)["2026-03"] == "300.00"
    assert held("p1").current.reason == "Lin has the fair."
    assert held("p4").current.number == 1  # nobody else has a new version
    sums_hold(Goal.objects.get(pk=applied.goal_id))
    assert fresh(applied).state == "applied"


def test_other_months_give_way_and_the_persons_year_stays(applied, manager, log_in):
    client = log_in(manager)
    found = changing(client)
    total, team = value(found, "member:p1"), value(found, "team:east", "2026-03")
    answer = send(client, found, "cell", {"lock|member:p1|2026-03": "200", "give_way": "months"})
    assert answer.status_code == 302, answer.content.decode().partition("notice-refused")[2][:300]
    assert value(found, "member:p1", "2026-03") == 200
    assert value(found, "member:p1") == total
    assert value(found, "team:east", "2026-03") == team


def test_a_difference_is_declared_where_nobody_gives_way(applied, manager, log_in):
    client = log_in(manager)
    found = changing(client)
    team, mate = value(found, "team:east"), value(found, "member:p2")
    send(client, found, "cell", {"lock|member:p1|2026-03": "300", "give_way": "parent"})
    assert value(found, "team:east") == team
    assert value(found, "member:p2") == mate
    page = client.get(f"/aim/cascade/{found.public_id}/preview/").content.decode()
    assert "Those below East carry" in page
    answer = send(client, found, "apply", {"reason": ""})
    assert answer.status_code == 400
    assert "Say why" in answer.content.decode()
    assert send(client, found, "apply", {"reason": "A new client"}).status_code == 302
    assert held("east").current.over > 0
    assert held("east").current.target == team
    assert held("p1").current.target == 2133


def test_changes_are_taken_back_one_by_one(applied, manager, log_in):
    client = log_in(manager)
    found = changing(client)
    before = value(found, "member:p1", "2026-03")
    send(client, found, "cell", {"lock|member:p1|2026-03": "300", "give_way": "siblings"})
    send(client, found, "cell", {"lock|member:p1|2026-04": "250", "give_way": "siblings"})
    send(client, found, "back", {})
    assert value(found, "member:p1", "2026-03") == 300
    send(client, found, "back", {})
    assert value(found, "member:p1", "2026-03") == before


def test_the_months_of_the_whole_are_from_above(applied, manager, log_in):
    client = log_in(manager)
    found = changing(client)
    answer = send(client, found, "cell", {"lock|team:sales|2026-03": "1", "give_way": "siblings"})
    assert answer.status_code == 422
    answer = client.post(
        f"/aim/goal/{held('sales').public_id}/divide/rest/",
        {"from_period": "2026-07", "by": "set", "total": "1"},
    )
    assert answer.status_code == 302  # the field is not theirs, and what is sent in it is not read
    assert Cascade.objects.first().result["sheet"]["total"] == "12000"


def test_a_manager_divides_the_teams_goal_anew_within_its_months(applied, manager, log_in):
    client = log_in(manager)
    team = held("sales")
    found = start(client, team, teams=["east", "west"], method="equal")
    assert value(found, "team:sales", "2026-03") == dict(team.current.plan)["2026-03"] or True
    answer = send(client, found, "apply", {})
    assert answer.status_code == 302, answer.content.decode()
    assert held("p1").current.target == 4000
    sums_hold(Goal.objects.get(pk=applied.goal_id))


def test_undoing_what_others_changed_since_is_refused(applied, manager, leader, log_in):
    client = log_in(manager)
    found = changing(client)
    send(client, found, "cell", {"lock|member:p1|2026-03": "300", "give_way": "siblings"})
    send(client, found, "apply", {})
    page = log_in(leader).post(f"/aim/cascade/{applied.public_id}/undo", follow=True).content.decode()
    assert "changed or closed after this cascade" in page
    assert fresh(applied).state == "applied"


def test_a_member_sees_their_own_goal_and_no_colleagues_numbers(applied, member, log_in):
    client = log_in(member)
    page = client.get(f"/aim/goal/{held('p1').public_id}/").content.decode()
    assert "2,000" in page or "2.00 k" in page
    assert "Divide it" not in page
    assert client.get(f"/aim/goal/{held('p2').public_id}/").status_code == 404

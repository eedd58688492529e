"""The room: what an owner, a team mate, a stranger, a manager and a leader find there."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from steelyard.apps.goals.actions.goals import set_goal
from steelyard.apps.goals.actions.themes import add_theme
from steelyard.apps.goals.models import Goal, Theme, WeightSet
from tests.apps.goals.made import company, member, said, team

pytestmark = pytest.mark.django_db
PAY = [
    {"at": "1.00", "kind": "pay", "amount": "9000"},
    {"at": "1.20", "kind": "growth", "text": "Own a region"},
]
LogIn = Callable[[Any], Any]


@pytest.fixture
def own(leader: Any, organisation: Any) -> Goal:
    """A goal of Lin Yue, of East, with what it pays."""
    return set_goal(leader, member(organisation.person), said("Win 12", consequences=PAY, why="For Qingdao"))


@pytest.fixture
def whole(leader: Any) -> Goal:
    theme = add_theme(leader, title="Grow in the south", measure="A third of revenue")
    return set_goal(leader, company(), said("Win it all", theme=theme))


def body(client: Any, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return str(response.content.decode())


def test_an_owner_reads_why_and_what_follows(own: Goal, organisation: Any, log_in: LogIn) -> None:
    page = body(log_in(organisation.member), "/aim/")
    for text in ("Win 12", "For Qingdao", "at 100%", "¥9,000", "Own a region"):
        assert text in page


def test_a_team_mate_and_a_stranger_see_none_of_it(own: Goal, organisation: Any, log_in: LogIn) -> None:
    for other in (organisation.mate, organisation.stranger):
        client = log_in(other)
        assert "Win 12" not in body(client, "/aim/")
        assert client.get(f"/aim/goal/{own.public_id}/").status_code == 404


def test_pay_is_hidden_from_who_may_see_the_goal_but_not_pay(
    own: Goal, analyst: Any, compensation: Any, log_in: LogIn
) -> None:
    path = f"/aim/goal/{own.public_id}/"
    assert "9,000" not in body(log_in(analyst), path)
    assert "¥9,000" in body(log_in(compensation), path)


def test_an_administrator_finds_no_room(administrator: Any, log_in: LogIn) -> None:
    assert log_in(administrator).get("/aim/").status_code == 404


def test_a_leader_reads_the_goals_by_theme(whole: Goal, leader: Any, log_in: LogIn) -> None:
    page = body(log_in(leader), "/aim/")
    assert page.index("Grow in the south") < page.index("Win it all")


def test_a_manager_begins_with_the_people(own: Goal, organisation: Any, log_in: LogIn) -> None:
    page = body(log_in(organisation.manager), "/aim/")
    assert "Lin Yue 林悦" in page
    assert "set a goal" in page  # for those who have none


def test_an_empty_room_helps(leader: Any, member: Any, log_in: LogIn) -> None:
    assert "Set the year's first goal" in body(log_in(leader), "/aim/")
    assert "Propose a goal" in body(log_in(member), "/aim/")


def test_who_may_propose_nothing_is_offered_nothing(organisation: Any, analyst: Any, log_in: LogIn) -> None:
    organisation.stranger_person.user = analyst
    organisation.stranger_person.save(update_fields=["user"])
    client = log_in(analyst)
    for path in ("/aim/", "/aim/mine/", "/aim/mine/panel/", "/aim/teams/?team=east"):
        assert "/aim/new/" not in body(client, path), path


def test_the_panel_of_a_members_first_page(own: Goal, organisation: Any, log_in: LogIn) -> None:
    assert "Win 12" in body(log_in(organisation.member), "/aim/mine/panel/")
    assert "Win 12" not in body(log_in(organisation.mate), "/aim/mine/panel/")


def test_more_goals_ask_no_more_questions(
    leader: Any, organisation: Any, log_in: LogIn, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        set_goal(leader, member(organisation.person), said(f"Win {number}"))
        set_goal(leader, team(organisation.east), said(f"East {number}"))
    client = log_in(organisation.member)
    with django_assert_max_num_queries(35):
        client.get("/aim/")
    client = log_in(organisation.manager)
    with django_assert_max_num_queries(50):
        client.get("/aim/")


def test_a_member_begins_with_the_weights_of_their_own(
    own: Goal, whole: Goal, organisation: Any, log_in: LogIn
) -> None:
    assert organisation.person.name in body(log_in(organisation.member), "/aim/weights/").split("</h1>")[0]


def test_weights_are_shown_with_their_sum_and_saved(
    own: Goal, leader: Any, organisation: Any, log_in: LogIn
) -> None:
    other = set_goal(leader, member(organisation.person), said("Call back"))
    stretch = f"{datetime.date(2027, 1, 1)}..{datetime.date(2028, 1, 1)}"
    path = f"/aim/weights/of/member:{organisation.person.code}/?of={stretch}"
    client = log_in(leader)
    typed = {f"weight-{own.public_id}": "70", f"weight-{other.public_id}": "20"}
    refused = client.post(path, typed)
    assert refused.status_code == 422
    assert 'value="70"' in refused.content.decode()  # nothing typed is lost
    assert "<b data-sum>90</b>" in refused.content.decode()
    assert client.post(path, typed | {f"weight-{other.public_id}": "30"}).status_code == 302
    assert "<b data-sum>100</b>" in body(client, path)
    assert log_in(organisation.mate).get(path).status_code == 404


def test_rules_are_read_by_all_and_changed_by_the_leader(leader: Any, member: Any, log_in: LogIn) -> None:
    assert "Change them" not in body(log_in(member), "/aim/rules/")
    assert log_in(member).post("/aim/rules/", {}).status_code == 404
    client = log_in(leader)
    assert client.post("/aim/rules/", {"floor_en": "Base", "members_see_chance": "on"}).status_code == 302
    assert "Base" in body(client, "/aim/rules/")


def test_themes_are_kept_by_the_leader(leader: Any, member: Any, log_in: LogIn) -> None:
    client = log_in(leader)
    for title in ("First", "Second"):
        assert client.post("/aim/themes/new/", {"title": title}).status_code == 302
    page = body(client, "/aim/themes/")
    assert page.index("First") < page.index("Second")
    key = Theme.objects.get(title="Second").public_id
    assert client.post(f"/aim/themes/{key}/move", {"to": "up"}).status_code == 302
    page = body(client, "/aim/themes/")
    assert page.index("Second") < page.index("First")
    assert client.post(f"/aim/themes/{key}/retire").status_code == 302
    assert client.post(f"/aim/themes/{key}/restore").status_code == 302
    assert log_in(member).post(f"/aim/themes/{key}/retire").status_code == 404
    assert "Second" in body(log_in(member), "/aim/themes/")


def test_an_older_wording_of_a_theme_is_told(leader: Any, log_in: LogIn) -> None:
    theme = add_theme(leader, title="Old")
    client = log_in(leader)
    path = f"/aim/themes/{theme.public_id}/change/"
    assert client.post(path, {"title": "New", "version": 1}).status_code == 302
    late = client.post(path, {"title": "Mine", "version": 1})
    assert late.status_code == 422
    assert "New" in late.content.decode()
    assert "Mine" in late.content.decode()


def test_decimals_of_weights_are_kept(own: Goal, leader: Any, organisation: Any, log_in: LogIn) -> None:
    path = f"/aim/weights/of/member:{organisation.person.code}/"
    assert log_in(leader).post(path, {f"weight-{own.public_id}": "100.00%"}).status_code == 302
    kept = WeightSet.objects.get().weights
    assert Decimal(kept[own.public_id]) == 100

"""The page of a goal, and what can be done there: decide, close, reopen, tick."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from steelyard.apps.goals.actions.goals import set_goal
from steelyard.apps.goals.actions.said import Step
from steelyard.apps.goals.models import Goal, Milestone
from tests.apps.goals.made import company, member, said, team

pytestmark = pytest.mark.django_db
LogIn = Callable[[Any], Any]


@pytest.fixture
def above(leader: Any, organisation: Any) -> Goal:
    whole = set_goal(leader, company(), said("Win it all"))
    return set_goal(leader, team(organisation.east), said("East wins", parent=whole))


@pytest.fixture
def goal(leader: Any, organisation: Any, above: Goal) -> Goal:
    steps = [Step("Train everybody", datetime.date(2027, 3, 31))]
    told = said("Hand over", kind="milestones", kpi="", target=None, parent=above, milestones=steps)
    return set_goal(leader, member(organisation.person), told)


def page(client: Any, goal: Goal) -> str:
    response = client.get(f"/aim/goal/{goal.public_id}/")
    assert response.status_code == 200
    return str(response.content.decode())


def test_the_chain_runs_up_and_down(goal: Goal, above: Goal, leader: Any, log_in: LogIn) -> None:
    client = log_in(leader)
    told = page(client, goal).split('id="chain"')[1]
    assert told.index("Win it all") < told.index("East wins")
    assert "Hand over" in page(client, above)


def test_the_owner_ticks_a_step_and_takes_it_back(goal: Goal, organisation: Any, log_in: LogIn) -> None:
    step = Milestone.objects.get(goal=goal)
    path = f"/aim/goal/{goal.public_id}/steps/{step.public_id}/tick"
    for other in (organisation.mate, organisation.stranger):
        assert log_in(other).post(path).status_code == 404
    client = log_in(organisation.member)
    assert client.post(path).status_code == 302
    step.refresh_from_db()
    assert step.done_on is not None
    client.post(path)
    step.refresh_from_db()
    assert step.done_on is None


def test_a_goal_with_open_parts_stays_open(goal: Goal, above: Goal, leader: Any, log_in: LogIn) -> None:
    client = log_in(leader)
    refused = client.post(f"/aim/goal/{above.public_id}/close", {"note": "All said"})
    assert refused.status_code == 422
    assert "Hand over" in refused.content.decode()
    assert "All said" in refused.content.decode()


def test_who_stands_above_closes_and_reopens(
    goal: Goal, organisation: Any, leader: Any, log_in: LogIn
) -> None:
    path = f"/aim/goal/{goal.public_id}"
    assert log_in(organisation.member).post(f"{path}/close", {"note": ""}).status_code == 404
    client = log_in(leader)
    assert client.post(f"{path}/close", {"note": "Done well"}).status_code == 302
    assert "Done well" in page(client, goal)
    assert client.post(f"{path}/reopen", {"reason": ""}).status_code == 422
    assert client.post(f"{path}/reopen", {"reason": "Too early"}).status_code == 302
    goal.refresh_from_db()
    assert goal.state == "active"


def test_who_leads_decides_with_a_word(organisation: Any, log_in: LogIn) -> None:
    proposed = set_goal(organisation.member, member(organisation.person), said("Mine"))
    manager = log_in(organisation.manager)
    assert "Mine" in manager.get("/aim/proposals/").content.decode()
    path = f"/aim/proposals/{proposed.public_id}/1/decide"
    assert log_in(organisation.member).post(path, {"decision": "approve"}).status_code == 404
    assert log_in(organisation.stranger).post(path, {"decision": "approve"}).status_code == 404
    silent = manager.post(path, {"decision": "reject", "note": ""})
    assert silent.status_code == 422
    assert manager.post(path, {"decision": "approve", "note": "Good"}).status_code == 302
    proposed.refresh_from_db()
    assert proposed.state == "active"
    assert manager.post(path, {"decision": "approve"}).status_code == 404


def test_a_proposal_is_nobodys_business_but_theirs(organisation: Any, log_in: LogIn) -> None:
    proposed = set_goal(organisation.member, member(organisation.person), said("Mine"))
    for other in (organisation.mate, organisation.stranger):
        assert log_in(other).get(f"/aim/goal/{proposed.public_id}/").status_code == 404
        assert "Mine" not in log_in(other).get("/aim/proposals/").content.decode()


def test_people_talk_about_a_goal(goal: Goal, organisation: Any, log_in: LogIn) -> None:
    path = f"/comments/on/goal/{goal.public_id}/"
    assert log_in(organisation.member).get(path).status_code == 200
    assert log_in(organisation.stranger).get(path).status_code == 404


def test_a_goal_asks_few_questions(
    above: Goal, leader: Any, organisation: Any, log_in: LogIn, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        set_goal(leader, member(organisation.person), said(f"Win {number}", parent=above))
    client = log_in(leader)
    with django_assert_max_num_queries(60):
        client.get(f"/aim/goal/{above.public_id}/")

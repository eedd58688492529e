"""The form of a goal: short, checked while one writes, and nothing typed is lost."""

import html
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from steelyard.apps.goals.actions.goals import Share, change_goal, said_of, set_goal
from steelyard.apps.goals.models import Goal
from steelyard.apps.goals.queries.seen import newest_number
from tests.apps.goals.made import company, member, said, team

pytestmark = pytest.mark.django_db
LogIn = Callable[[Any], Any]
TYPED = {
    "owner": "company",
    "title": "Raise the win rate to 63% in 2027",
    "kpi": "win_rate",
    "target": "63%",
    "period": "2027",
    "why": "Fewer wasted offers",
    "follows-0-at": "100%",
    "follows-0-amount": "9,000",
    "follows-1-at": "120%",
    "follows-1-kind": "growth",
    "follows-1-text": "Lead a region",
    "step-0-title": "Train everybody",
    "step-0-due_on": "2027-03-31",
}


def made(client: Any, **fields: str) -> Goal:
    response = client.post("/aim/new/", TYPED | fields)
    assert response.status_code == 302, response.content.decode()
    return Goal.objects.select_related("current").latest("pk")


def test_a_leader_sets_a_goal(leader: Any, log_in: LogIn) -> None:
    goal = made(log_in(leader))
    version = goal.current
    assert version is not None
    assert goal.state == "active"
    assert (version.kind, version.unit, str(version.target)) == ("reach", "percent", "0.630000")
    assert (version.starts.isoformat(), version.ends.isoformat()) == ("2027-01-01", "2028-01-01")
    assert version.consequences[0] == {"at": "1.00", "kind": "pay", "text": "", "amount": "9000.00"}
    assert version.consequences[1]["text"] == "Lead a region"
    assert [step["title"] for step in version.steps] == ["Train everybody"]


def test_a_member_proposes_their_own_and_nobody_elses(organisation: Any, log_in: LogIn) -> None:
    client = log_in(organisation.member)
    goal = made(client, owner=f"member:{organisation.person.code}")
    assert goal.state == "proposed"
    refused = client.post("/aim/new/", TYPED | {"owner": f"member:{organisation.mate_person.code}"})
    assert refused.status_code == 422
    assert client.post("/aim/new/", TYPED).status_code == 422  # nor for the company


def test_what_was_typed_stays_when_it_is_refused(leader: Any, log_in: LogIn) -> None:
    client = log_in(leader)
    for change in ({"target": "many"}, {"target": ""}, {"period": ""}, {"shared-0-unit": "team:east"}):
        refused = client.post("/aim/new/", TYPED | change)
        assert refused.status_code == 422
        page = refused.content.decode()
        assert "Raise the win rate to 63% in 2027" in page
        assert 'value="Lead a region"' in page
    assert Goal.objects.count() == 0


def test_a_number_without_a_unit_is_refused(leader: Any, log_in: LogIn) -> None:
    client = log_in(leader)
    assert client.post("/aim/new/", TYPED | {"kpi": "", "target": "20", "unit": ""}).status_code == 422
    goal = made(client, kpi="", target="20", unit="customers")
    assert goal.current is not None
    assert goal.current.unit == "customers"


def test_without_a_number_it_is_handed_over_or_not(leader: Any, log_in: LogIn) -> None:
    goal = made(log_in(leader), kpi="", target="")
    assert goal.current is not None
    assert goal.current.kind == "deliverable"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("120万", 1_200_000),
        ("1,200,000", 1_200_000),
        ("1.2m", 1_200_000),
        ("¥1.5 k", 1_500),
        ("1亿元", 10**8),
    ],
)
def test_amounts_as_people_write_them(typed: str, kept: int, leader: Any, log_in: LogIn) -> None:
    goal = made(log_in(leader), kpi="won_revenue", target=typed)
    assert goal.current is not None
    assert goal.current.target == kept


def test_the_kpi_fills_what_it_knows(leader: Any, log_in: LogIn) -> None:
    page = log_in(leader).post("/aim/new/", TYPED | {"do": "fill"}).content.decode()
    assert 'name="unit" value="percent"' in page
    assert Goal.objects.count() == 0


def test_each_letter_is_told_and_mended_by_a_button(leader: Any, log_in: LogIn) -> None:
    client = log_in(leader)
    vague = {"owner": "company", "title": "Grow MQLs to 500 and cut CPL to 200", "period": "2027"}
    page = client.post("/aim/check", vague).content.decode()
    for name in ("Specific", "Measurable", "Achievable", "Relevant", "Time-bound"):
        assert name in page
    assert 'value="repair:specific:smart.split"' in page
    mended = client.post("/aim/new/", vague | {"do": "repair:specific:smart.split"}).content.decode()
    assert ">\nGrow MQLs to 500</textarea>" in mended
    assert "cut CPL to 200</a>" in mended  # the other half is offered as a goal of its own


def test_without_a_script_a_button_checks(leader: Any, log_in: LogIn) -> None:
    page = log_in(leader).post("/aim/new/", TYPED | {"do": "check"})
    assert page.status_code == 200
    assert "Measurable" in page.content.decode()


def test_how_likely_is_for_who_sets_the_goal(organisation: Any, log_in: LogIn) -> None:
    typed = TYPED | {"owner": f"member:{organisation.person.code}"}
    page = log_in(organisation.member).post("/aim/check", typed).content.decode()
    assert "who sets and approves the goal sees" in page


def test_a_form_can_begin_with_a_kpi_a_team_and_a_goal_above(
    leader: Any, organisation: Any, log_in: LogIn
) -> None:
    above = set_goal(leader, company(), said("Win it all"))
    client = log_in(leader)
    page = client.get(f"/aim/new/?team=east&parent={above.public_id}").content.decode()
    assert '<option value="team:east" selected>' in page
    assert f'<option value="{above.public_id}" selected>' in page
    assert '<option value="won_revenue" selected>' in page
    assert '<option value="win_rate" selected>' in client.get("/aim/new/?kpi=win_rate").content.decode()


@pytest.fixture
def goal(leader: Any, organisation: Any) -> Goal:
    return set_goal(
        leader, member(organisation.person), said("Win 12", levels=[{"level": "floor", "value": "9"}])
    )


def changed(goal: Goal, **fields: str) -> dict[str, str]:
    return {
        "title": "Win 14",
        "kpi": "won_revenue",
        "target": "1400000",
        "period": "2027",
        "reason": "Two accounts more",
        "version": str(newest_number(goal)),
    } | fields


def test_a_change_needs_its_reason_and_keeps_the_version_before(
    goal: Goal, leader: Any, log_in: LogIn
) -> None:
    client, path = log_in(leader), f"/aim/goal/{goal.public_id}/change/"
    assert "1,200,000" in client.get(path).content.decode()
    assert client.post(path, changed(goal, reason="")).status_code == 422
    assert client.post(path, changed(goal)).status_code == 302
    history = client.get(f"/aim/goal/{goal.public_id}/versions/").content.decode()
    assert "Two accounts more" in history
    assert "<del>Win 12</del>" in history
    assert "<ins>Win 14</ins>" in history


def test_two_writers_keep_both_texts(goal: Goal, leader: Any, log_in: LogIn) -> None:
    late = changed(goal)
    version = goal.current
    assert version is not None
    change_goal(leader, goal, replace(said_of(version), title="Win 13"), reason="Again", based_on=1)
    client, path = log_in(leader), f"/aim/goal/{goal.public_id}/change/"
    told = client.post(path, late)
    assert told.status_code == 409
    page = told.content.decode()
    assert "<ins>Win 13</ins>" in page
    assert "Win 14" in page
    assert client.post(path, late | {"version": "2"}).status_code == 302


def test_a_stranger_finds_no_form(goal: Goal, organisation: Any, log_in: LogIn) -> None:
    for other in (organisation.mate, organisation.stranger):
        client = log_in(other)
        assert client.get(f"/aim/goal/{goal.public_id}/change/").status_code == 404
        assert client.post(f"/aim/goal/{goal.public_id}/change/", changed(goal)).status_code == 404


def test_a_proposal_is_withdrawn_and_begun_anew(organisation: Any, log_in: LogIn) -> None:
    client = log_in(organisation.member)
    goal = made(client, owner=f"member:{organisation.person.code}")
    assert client.post(f"/aim/proposals/{goal.public_id}/1/withdraw").status_code == 302
    page = client.get(f"/aim/goal/{goal.public_id}/").content.decode()
    assert f"/aim/new/?like={goal.public_id}" in page
    anew = client.get(f"/aim/new/?like={goal.public_id}").content.decode()
    assert "Raise the win rate to 63% in 2027" in anew
    assert 'value="Lead a region"' in anew


FAR = "Give a day from 1990 to 2199."


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"period": "", "starts": "2027-01-01", "last": "9999-12-31"}, FAR),
        ({"period": "", "starts": "0001-01-01", "last": "2027-12-31"}, FAR),
        ({"step-0-due_on": "9999-12-31"}, FAR),
        ({"period": "", "starts": "2027-05-01", "last": "2027-01-01"}, "The last day lies before the first."),
        ({"step-0-title": "y" * 201}, "200"),
        ({"follows-1-text": "y" * 301}, "300"),
        ({"title": "长" * 10_000}, "300"),
        ({"target": "1e400"}, "is no number"),
        ({"target": "NaN"}, "is no number"),
        ({"shared-0-unit": "team:nope", "shared-0-share": "100"}, "Whose share is it?"),
        ({"shared-0-unit": "company", "shared-0-share": "100"}, "Whose share is it?"),
    ],
)
def test_what_cannot_be_kept_is_told_and_stays(
    typed: dict[str, str], told: str, organisation: Any, leader: Any, log_in: LogIn
) -> None:
    answer = log_in(leader).post("/aim/new/", TYPED | typed)
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 422
    assert told in page
    assert all(text in page for name, text in typed.items() if text and not name.endswith("-unit"))
    assert not Goal.objects.exists()


def test_the_check_while_one_writes_bears_any_day(leader: Any, log_in: LogIn) -> None:
    client = log_in(leader)
    for last in ("9999-12-31", "0001-02-01"):
        sent = TYPED | {"period": "", "starts": "0001-01-01", "last": last}
        assert client.post("/aim/check", sent).status_code == 200


def test_a_percentage_of_what_follows_is_kept_as_it_was_typed(leader: Any, log_in: LogIn) -> None:
    client = log_in(leader)
    goal = made(client, **{"follows-0-at": "92.5%"})
    assert goal.current is not None
    assert [each["at"] for each in goal.current.consequences] == ["0.925", "1.20"]
    assert "92.5%" in client.get(f"/aim/goal/{goal.public_id}/").content.decode()


def test_steps_of_another_goal_are_not_taken_over(leader: Any, log_in: LogIn) -> None:
    """Neither by a forged key, nor where a goal begins as another one did."""
    client = log_in(leader)
    first = made(client)
    step = first.milestones.get()
    page = client.get(f"/aim/new/?like={first.public_id}").content.decode()
    assert f'value="{step.title}"' in page
    second = made(client, **{"step-0-key": step.public_id})
    assert second.milestones.get().public_id != step.public_id
    step.refresh_from_db()
    assert step.goal == first


def test_a_new_goal_is_not_begun_from_a_proposal_that_is_not_yours_to_read(
    organisation: Any, leader: Any, log_in: LogIn
) -> None:
    """A manager proposes another number for the team's goal, which the team reads as it stands."""
    goal = set_goal(leader, team(organisation.sales), said(title="Raise the win rate to 63%"))
    before = goal.current
    assert before is not None
    told = replace(said_of(before), title="Raise the win rate to 99%")
    change_goal(organisation.manager, goal, told, reason="Better leads", based_on=newest_number(goal))
    address = f"/aim/new/?like={goal.public_id}"
    assert "to 99%" in log_in(leader).get(address).content.decode()
    assert "to 63%" in log_in(organisation.member).get(address).content.decode()


def test_who_has_a_part_keeps_it_where_the_owner_changes_the_goal(
    organisation: Any, leader: Any, log_in: LogIn
) -> None:
    """A member stands above none of the others, and still sends their parts back as they were."""
    person, mate = organisation.person, organisation.mate_person
    told = said(credits=(Share(person, Decimal(60)), Share(mate, Decimal(40))))
    goal = set_goal(leader, member(person), told)
    page = log_in(organisation.member).get(f"/aim/goal/{goal.public_id}/change/").content.decode()
    assert f'<option value="member:{mate.code}" selected>' in page

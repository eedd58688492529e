"""Goals are set by who stands above, proposed by their owner, and unknown to a stranger."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest

from steelyard.apps.access.models import AuditEntry
from steelyard.apps.goals.actions import goals as actions
from steelyard.apps.goals.models import Goal, GoalVersion
from steelyard.apps.goals.queries import seen
from tests.apps.goals.made import company, member, refusal, said, team

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_leader_sets_the_companys_goal_at_once(leader, organisation):
    goal = actions.set_goal(leader, company(), said())
    assert (goal.state, goal.current.number, goal.current.unit) == ("active", 1, "money")
    assert goal.current.decided_by == leader
    for viewer in (leader, organisation.manager, organisation.member, organisation.stranger):
        assert seen.goal_seen_by(viewer, goal.public_id) == goal
    assert AuditEntry.objects.get(action="goals.set").object_id == goal.public_id


def test_a_manager_sets_goals_of_their_people_and_teams_below(organisation):
    boss = organisation.manager
    own = actions.set_goal(boss, member(organisation.person), said())
    below = actions.set_goal(boss, team(organisation.east), said())
    led = actions.set_goal(boss, team(organisation.sales), said())
    assert [each.state for each in (own, below, led)] == ["active", "active", "proposed"]
    for unit in (company(), team(organisation.marketing), member(organisation.stranger_person)):
        assert refusal(lambda unit=unit: actions.set_goal(boss, unit, said())) == "access.denied"
    assert Goal.objects.count() == 3


def test_a_member_proposes_and_a_stranger_never_learns_of_it(organisation, analyst):
    own, stranger = organisation.member, organisation.stranger
    goal = actions.set_goal(own, member(organisation.person), said())
    version = goal.versions.get()
    assert (goal.state, goal.current) == ("proposed", None)
    assert refusal(lambda: actions.approve(own, version)) == "access.denied"
    assert refusal(lambda: actions.approve(stranger, version)) == "access.denied"
    for viewer in (stranger, organisation.mate, analyst):
        assert refusal(lambda viewer=viewer: seen.goal_seen_by(viewer, goal.public_id)) == "access.denied"
    actions.approve(organisation.manager, version, "Good")
    goal.refresh_from_db()
    assert (goal.state, goal.current.decision_note) == ("active", "Good")
    assert seen.goal_seen_by(analyst, goal.public_id)
    assert refusal(lambda: seen.goal_seen_by(stranger, goal.public_id)) == "access.denied"
    assert refusal(lambda: seen.goal_seen_by(own, "no such goal")) == "access.denied"


def test_a_change_is_a_version_with_a_reason_and_the_old_one_stays(organisation):
    boss = organisation.manager
    goal = actions.set_goal(boss, member(organisation.person), said(), valid_from=datetime.date(2027, 1, 1))
    more = replace(actions.said_of(goal.current), target=Decimal(1_500_000))
    assert refusal(lambda: actions.change_goal(boss, goal, more, reason=" ", based_on=1)) == "goals.no-reason"
    actions.change_goal(
        boss, goal, more, reason="A region more", based_on=1, valid_from=datetime.date(2027, 4, 1)
    )
    march, april = (seen.version_on(goal, datetime.date(2027, month, 28)) for month in (3, 4))
    assert (march.target, april.target) == (1_200_000, 1_500_000)
    assert seen.version_on(goal, datetime.date(2026, 1, 1)) is None
    assert (goal.current, goal.current.reason) == (april, "A region more")


def test_who_changes_an_older_version_is_told_what_stands(leader, organisation):
    goal = actions.set_goal(leader, team(organisation.sales), said("One"))
    actions.change_goal(leader, goal, said("Two"), reason="Clearer", based_on=1)
    with pytest.raises(actions.Overtaken) as overtaken:
        actions.change_goal(leader, goal, said("Three"), reason="Also", based_on=1)
    assert (overtaken.value.stands.title, overtaken.value.sent.title) == ("Two", "Three")
    assert overtaken.value.number == 2
    assert GoalVersion.objects.count() == 2

"""Who reads and does what with a goal: its owner, who stands above, a stranger; pay and chances apart."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest

from steelyard.apps.access.policy import LOCAL_OPERATOR
from steelyard.apps.goals.actions import goals as actions
from steelyard.apps.goals.actions.settings import change_settings
from steelyard.apps.goals.models import Goal, GoalVersion
from steelyard.apps.goals.queries import seen
from steelyard.apps.goals.queries.approvals import proposal_for, proposals_by, proposals_for
from steelyard.apps.goals.queries.versions import changes_between, consequences_seen_by, versions_seen_by
from steelyard.apps.people.models import ManagerLink, Membership, Person
from tests.apps.goals.made import LONG_AGO, company, member, refusal, said, team

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PAID = [
    {"at": "1.00", "kind": "pay", "text": "Three percent", "amount": "9000.00"},
    {"at": "1.20", "kind": "growth", "text": "A team of one's own", "amount": None},
]


@pytest.fixture
def goal(organisation):
    """Lin Yue's, set by the manager above."""
    return actions.set_goal(organisation.manager, member(organisation.person), said(consequences=PAID))


@pytest.fixture
def settings_of(leader):
    def change(**switches):
        usual = {"members_see_chance": False, "managers_need_approval": False, "level_names": {}}
        return change_settings(leader, **{**usual, **switches})

    return change


def join(person_of, team_of, user, *, role="member"):
    person = Person.objects.create(code=person_of, name=person_of, user=user)
    Membership.objects.create(person=person, team=team_of, role=role, valid_from=LONG_AGO)
    return person


def test_a_persons_goal_is_seen_by_themselves_and_above(organisation, goal, leader, analyst, finance):
    for viewer in (organisation.member, organisation.manager, leader, analyst, finance, LOCAL_OPERATOR):
        assert seen.goal_seen_by(viewer, goal.public_id) == goal
    for viewer in (organisation.mate, organisation.stranger):
        assert refusal(lambda viewer=viewer: seen.goal_seen_by(viewer, goal.public_id)) == "access.denied"


def test_the_administrators_role_opens_no_goals(administrator, goal, make_user, organisation):
    assert not seen.goals_seen_by(administrator).exists()
    both = make_user("manager", "administrator")
    join("b1", organisation.marketing, both, role="manager")
    assert not seen.goals_seen_by(both).exists(), "as administrator they open everybody's page, no goals"
    assert not seen.sees_pay(both, goal)


def test_teams_see_their_own_goals_and_those_above(organisation, leader):
    sales = actions.set_goal(leader, team(organisation.sales), said("Sales"))
    east = actions.set_goal(leader, team(organisation.east), said("East"))
    west = actions.set_goal(leader, team(organisation.west), said("West"))
    assert set(seen.goals_seen_by(organisation.member)) == {sales, east}
    assert set(seen.goals_seen_by(organisation.manager)) == {sales, east, west}
    assert not seen.goals_seen_by(organisation.stranger).exists()


def test_pay_is_for_the_owner_and_who_leads_them(
    organisation, goal, leader, analyst, finance, compensation, administrator
):
    for viewer in (organisation.member, organisation.manager, leader, finance, compensation):
        assert seen.sees_pay(viewer, goal)
        assert consequences_seen_by(viewer, goal.current)[0]["amount"] == "9000.00"
    for viewer in (analyst, administrator, organisation.mate, organisation.stranger, LOCAL_OPERATOR):
        assert not seen.sees_pay(viewer, goal)
        hidden, open_one = consequences_seen_by(viewer, goal.current)
        assert (hidden["amount"], hidden["text"], hidden["is_hidden"]) == (None, "", True)
        assert open_one["text"] == "A team of one's own"


def test_what_it_pays_is_no_change_to_who_may_not_see_it(organisation, goal, analyst):
    more = [{**PAID[0], "amount": "12000.00"}, PAID[1]]
    told = replace(actions.said_of(goal.current), consequences=more)
    after = actions.change_goal(organisation.manager, goal, told, reason="The plan is new", based_on=1)
    before = goal.versions.get(number=1)
    assert [each.field for each in changes_between(organisation.member, before, after)] == ["consequences"]
    assert changes_between(analyst, before, after) == ()


def test_chances_are_for_who_sets_and_approves(organisation, goal, leader, analyst, settings_of):
    own, boss = organisation.member, organisation.manager
    for viewer in (boss, leader, analyst):
        assert seen.sees_chance(viewer, goal)
    for viewer in (own, organisation.mate, organisation.stranger):
        assert not seen.sees_chance(viewer, goal)
    settings_of(members_see_chance=True)
    assert seen.sees_chance(own, goal)
    assert not seen.sees_chance(organisation.mate, goal)
    assert not seen.sees_chance(organisation.stranger, goal)


def test_figures_are_those_of_the_scorecard(organisation, goal, leader, analyst):
    whole = actions.set_goal(leader, company(), said())
    east = actions.set_goal(leader, team(organisation.east), said())
    sales = actions.set_goal(leader, team(organisation.sales), said())
    rows = {
        organisation.member: (False, False, True, True),
        organisation.mate: (False, False, True, False),
        organisation.manager: (False, True, True, True),
        organisation.stranger: (False, False, False, False),
        analyst: (True, True, True, True),
    }
    for viewer, wanted in rows.items():
        assert tuple(seen.sees_figures(viewer, each) for each in (whole, sales, east, goal)) == wanted


def test_a_goal_that_is_shared_is_seen_by_who_has_a_part(organisation, leader):
    parts = [
        actions.Share(organisation.east, Decimal(60)),
        actions.Share(organisation.stranger_person, Decimal(40)),
    ]
    told = said("A fair together", credits=parts)
    waiting = actions.set_goal(organisation.manager, team(organisation.east), told)
    assert waiting.state == "proposed", "the manager does not stand above everybody who has a part"
    assert not seen.goals_seen_by(organisation.stranger).exists()
    version = waiting.versions.get()
    assert refusal(lambda: actions.approve(organisation.manager, version)) == "access.denied"
    actions.approve(leader, version)
    assert list(seen.goals_seen_by(organisation.stranger)) == [waiting]
    waiting.refresh_from_db()
    assert seen.may_check_in(organisation.stranger, waiting)
    assert not seen.may_set(organisation.stranger, waiting)


def test_nobody_sets_their_own_goal_except_at_the_top(organisation, make_user):
    deputy, chief = make_user("leader", name="Deputy"), make_user("leader", name="Chief")
    top = join("c1", organisation.sales, chief)
    second = join("c2", organisation.sales, deputy)
    assert actions.set_goal(chief, member(top), said()).state == "proposed", "Boss manages Sales"
    organisation.manager_person.memberships.update(role="member")
    assert actions.set_goal(chief, member(top), said()).state == "active"
    ManagerLink.objects.create(person=second, manager=top, valid_from=LONG_AGO)
    own = actions.set_goal(deputy, member(second), said())
    version = own.versions.get()
    assert version.state == "proposed"
    assert refusal(lambda: actions.approve(deputy, version)) == "access.denied"
    assert actions.approve(chief, version).state == "approved"


def test_who_leads_the_same_team_is_not_above(organisation, make_user):
    peer = make_user("manager", name="Peer")
    person = join("p9", organisation.sales, peer, role="manager")
    for actor, unit in (
        (organisation.manager, member(person)),
        (peer, member(organisation.manager_person)),
    ):
        assert not seen.may_set(actor, unit)
        assert refusal(lambda a=actor, u=unit: actions.set_goal(a, u, said())) == "access.denied"


def test_where_managers_changes_wait_somebody_above_decides(organisation, leader, make_user, settings_of):
    head = make_user("manager", name="Head of East")
    join("h1", organisation.east, head, role="manager")
    settings_of(managers_need_approval=True)
    unit = member(organisation.person)
    assert seen.units_settable_by(head) == []
    waiting = actions.set_goal(head, unit, said())
    version = waiting.versions.get()
    assert (version.state, proposals_by(head)) == ("proposed", [version])
    assert proposals_for(head) == []
    assert proposals_for(organisation.manager) == [version], "Sales stands above East"
    actions.approve(organisation.manager, version)
    own = actions.set_goal(organisation.member, unit, said())
    assert actions.approve(head, own.versions.get()).state == "approved", "a member's proposal, as ever"
    assert actions.set_goal(leader, unit, said()).state == "active"


def test_proposals_wait_for_those_above_and_nobody_else(organisation, leader, analyst):
    goal = actions.set_goal(organisation.member, member(organisation.person), said())
    version = goal.versions.get()
    for viewer in (leader, organisation.manager):
        assert proposals_for(viewer) == [version]
        assert proposal_for(viewer, goal.public_id, 1) == version
    for viewer in (organisation.member, organisation.mate, organisation.stranger, analyst):
        assert proposals_for(viewer) == []
        assert refusal(lambda viewer=viewer: proposal_for(viewer, goal.public_id, 1)) == "access.denied"
    assert proposals_by(organisation.member) == [version]


def test_proposed_versions_are_read_by_those_they_concern(organisation, goal, analyst):
    less = replace(actions.said_of(goal.current), target=Decimal(900_000))
    actions.change_goal(organisation.member, goal, less, reason="A customer left", based_on=1)
    for viewer in (organisation.member, organisation.manager):
        assert [each.number for each in versions_seen_by(viewer, goal)] == [2, 1]
    assert [each.number for each in versions_seen_by(analyst, goal)] == [1]
    goal.refresh_from_db()
    assert goal.current.number == 1


def test_a_strangers_deeds_are_refused_and_change_nothing(organisation, goal, leader):
    stranger = organisation.stranger
    actions.change_goal(organisation.member, goal, said("Mine"), reason="Mine", based_on=1)
    version = goal.versions.get(number=2)
    before = list(GoalVersion.objects.values()), list(Goal.objects.values())
    deeds = [
        lambda: actions.change_goal(stranger, goal, said("Theirs"), reason="x", based_on=2),
        lambda: actions.approve(stranger, version),
        lambda: actions.reject(stranger, version, "No"),
        lambda: actions.withdraw_proposal(stranger, version),
        lambda: actions.close_goal(stranger, goal),
        lambda: actions.reopen_goal(stranger, goal, "Again"),
        lambda: actions.set_goal(stranger, member(organisation.stranger_person), said(parent=goal)),
    ]
    for deed in deeds:
        assert refusal(deed) == "access.denied"
    assert (list(GoalVersion.objects.values()), list(Goal.objects.values())) == before


def test_units_to_choose_from(organisation, leader, analyst):
    assert {unit.key for unit in seen.units_settable_by(organisation.manager)} == {
        "team:east",
        "team:west",
        "member:p1",
        "member:p2",
    }
    assert {unit.key for unit in seen.units_proposable_by(organisation.manager)} == {
        "team:sales",
        "team:east",
        "team:west",
        "member:p0",
        "member:p1",
        "member:p2",
    }
    assert [unit.key for unit in seen.units_proposable_by(organisation.member)] == ["member:p1"]
    assert len(seen.units_settable_by(leader)) == 9
    assert seen.units_settable_by(analyst) == seen.units_proposable_by(analyst) == []


def test_who_has_left_is_not_offered(organisation, leader):
    Membership.objects.filter(person=organisation.person).update(valid_to=datetime.date(2020, 1, 1))
    assert "member:p1" not in {unit.key for unit in seen.units_proposable_by(leader)}
    assert "member:p2" in {unit.key for unit in seen.units_proposable_by(leader)}


def test_rights_follow_the_organisation_of_today(organisation, goal):
    Membership.objects.filter(person=organisation.person).update(valid_to=datetime.date(2020, 1, 1))
    assert not seen.may_set(organisation.manager, goal)
    assert refusal(lambda: seen.goal_seen_by(organisation.manager, goal.public_id)) == "access.denied"
    assert seen.goal_seen_by(organisation.member, goal.public_id) == goal


def test_goals_are_found_by_their_measure(organisation, goal, leader):
    east = actions.set_goal(leader, team(organisation.east), said())
    actions.set_goal(leader, team(organisation.east), said(kpi="", unit="customers"))
    assert list(seen.by_measure(leader, "won_revenue")) == [goal, east]
    assert list(seen.by_measure(leader, "won_revenue", team(organisation.east))) == [east]
    assert list(seen.by_measure(organisation.stranger, "won_revenue")) == []

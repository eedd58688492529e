"""Versions by the thousand: all or none, by right, taken back as a whole, fast."""

import time
from dataclasses import replace
from decimal import Decimal

import pytest

from steelyard.apps.goals.actions import goals as actions
from steelyard.apps.goals.actions.versions import Row, add_versions, undo_versions
from steelyard.apps.goals.models import Cascade, Goal, GoalVersion
from steelyard.apps.people.models import Membership, Person
from tests.apps.goals.made import LONG_AGO, company, member, refusal, said, team

pytestmark = [pytest.mark.django_db, pytest.mark.database]
MONTHS = tuple(f"2027-{month:02}" for month in range(1, 13))


def planned(whole):
    return [[month, str(Decimal(whole) / 12)] for month in MONTHS]


def cascade_of(actor, goal):
    return Cascade.objects.create(goal=goal, document={}, created_by=actor, state=Cascade.State.APPLIED)


def rows_of(goal, organisation):
    """The company over Sales over East over Lin Yue."""
    root = replace(actions.said_of(goal.current), plan=planned(1_200_000), over=Decimal("0.05"))
    return [
        Row(said("Sales", target=1_260_000, plan=planned(1_260_000)), team(organisation.sales), key="s"),
        Row(said("Lin Yue"), member(organisation.person), key="p1", above="e"),
        Row(said("East"), team(organisation.east), key="e", above="s"),
        Row(root, goal=goal, key="company"),
    ]


def test_all_come_to_hold_and_hang_where_they_belong(leader, organisation):
    goal = actions.set_goal(leader, company(), said())
    rows = rows_of(goal, organisation)
    rows[0] = replace(rows[0], above="company")
    made = add_versions(leader, rows, cascade=cascade_of(leader, goal), reason="The year")
    goals = [Goal.objects.select_related("current").get(pk=each.goal_id) for each in made]
    assert [each.current.title for each in goals] == ["Sales", "Lin Yue", "East", "Win new customers"]
    assert [each.current.parent for each in goals] == [goals[3], goals[2], goals[0], None]
    assert {each.state for each in goals} == {"active"}
    assert (goals[3].current.number, goals[3].current.over) == (2, Decimal("0.05"))


def test_undone_the_versions_before_hold_again(leader, organisation):
    goal = actions.set_goal(leader, company(), said())
    cascade = cascade_of(leader, goal)
    made = add_versions(leader, rows_of(goal, organisation), cascade=cascade)
    assert undo_versions(leader, cascade) == 4
    goal.refresh_from_db()
    assert (goal.state, goal.current.number) == ("active", 1)
    assert set(Goal.objects.exclude(pk=goal.pk).values_list("state", "current")) == {("withdrawn", None)}
    assert {each.state for each in GoalVersion.objects.filter(cascade=cascade)} == {"undone"}
    assert len(made) == 4


def test_what_was_changed_since_is_not_lost_by_undoing(leader, organisation):
    goal = actions.set_goal(leader, company(), said())
    cascade = cascade_of(leader, goal)
    made = add_versions(leader, rows_of(goal, organisation), cascade=cascade)
    sales = Goal.objects.get(pk=made[0].goal_id)
    more = replace(actions.said_of(made[0]), target=Decimal(1))

    def change(**how):
        return actions.change_goal(leader, sales, more, reason="Otherwise", based_on=1, **how)

    assert refusal(change) == "goals.in-cascade"
    assert change(leaves_cascade=True).cascade is None
    assert refusal(lambda: undo_versions(leader, cascade)) == "goals.changed-since"
    assert not GoalVersion.objects.filter(state="undone").exists()


def test_who_leads_a_team_spreads_its_goal_and_says_nothing_else_of_it(leader, organisation):
    boss = organisation.manager
    goal = actions.set_goal(leader, team(organisation.sales), said())
    cascade = cascade_of(boss, goal)
    below = Row(said("Lin Yue", parent=goal), member(organisation.person))
    over = Row(replace(actions.said_of(goal.current), over=Decimal("0.1")), goal=goal)
    made = add_versions(boss, [over, below], cascade=cascade)
    assert [each.state for each in made] == ["approved", "approved"]
    less = Row(replace(actions.said_of(made[0]), target=Decimal(1)), goal=goal)
    assert add_versions(boss, [less], cascade=cascade)[0].state == "proposed"
    stranger = organisation.stranger
    assert refusal(lambda: add_versions(stranger, [below], cascade=cascade)) == "access.denied"
    assert refusal(lambda: undo_versions(stranger, cascade)) == "access.denied"


def test_one_row_that_is_refused_refuses_all(leader, organisation):
    boss = organisation.manager
    rows = [
        Row(said("Lin Yue"), member(organisation.person)),
        Row(said("Not theirs"), member(organisation.stranger_person)),
    ]
    assert refusal(lambda: add_versions(boss, rows)) == "access.denied"
    circle = [
        Row(said("One"), team(organisation.east), key="a", above="b"),
        Row(said("Two"), team(organisation.west), key="b", above="a"),
    ]
    assert refusal(lambda: add_versions(leader, circle)) == "goals.circle"
    unknown = [Row(said("One"), team(organisation.east), above="nobody")]
    assert refusal(lambda: add_versions(leader, unknown)) == "goals.said-twice"
    assert not Goal.objects.exists()


@pytest.mark.slow
def test_three_thousand_goals_are_kept_in_two_seconds(leader, organisation):
    people = Person.objects.bulk_create(Person(code=f"m{n}", name=f"Member {n}") for n in range(1000))
    Membership.objects.bulk_create(
        Membership(person=each, team=organisation.east, valid_from=LONG_AGO) for each in people
    )
    goal = actions.set_goal(leader, company(), said())
    told = said("A part", target=Decimal(1200), plan=planned(1200), parent=goal)
    rows = [Row(told, member(each)) for each in people for _ in range(3)]
    began = time.process_time()
    add_versions(leader, rows, cascade=cascade_of(leader, goal))
    took = time.process_time() - began
    print(f"{took:.2f} s")
    assert Goal.objects.filter(state="active", current__parent=goal).count() == 3000
    assert took < 8, "2 seconds on a machine of its own"

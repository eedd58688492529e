"""Approving, rejecting, withdrawing, moving, closing, reopening: in order, once, and by right."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from steelyard.apps.access.models import AuditEntry
from steelyard.apps.goals.actions import goals as actions
from steelyard.apps.goals.actions.themes import add_theme, retire_theme
from steelyard.apps.goals.models import Milestone
from tests.apps.goals.made import company, member, refusal, said, team

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def line(leader, organisation):
    """The company over Sales over Lin Yue."""
    top = actions.set_goal(leader, company(), said("Company"))
    middle = actions.set_goal(leader, team(organisation.sales), said("Sales", parent=top))
    own = actions.set_goal(leader, member(organisation.person), said("Lin Yue", parent=middle))
    return top, middle, own


def move(actor, goal, parent, *, number=1):
    told = replace(actions.said_of(goal.current), parent=parent)
    return actions.change_goal(actor, goal, told, reason="Moved", based_on=number)


def test_no_goal_comes_to_hang_below_itself(leader, line):
    top, middle, own = line
    for parent in (own, middle, top):
        assert refusal(lambda parent=parent: move(leader, top, parent)) == "goals.circle"
    move(leader, own, top)
    move(leader, middle, own)
    assert middle.current.parent == own


def test_a_circle_of_proposals_is_refused_when_it_would_close(leader, organisation, line):
    _top, middle, own = line
    waiting = move(organisation.member, own, None)
    actions.approve(leader, waiting)
    first = move(organisation.manager, middle, own)
    assert first.state == "proposed"
    move(leader, own, middle, number=2)
    assert refusal(lambda: actions.approve(leader, first)) == "goals.circle"
    middle.refresh_from_db()
    assert middle.current.number == 1


def test_a_parent_must_hold_and_be_seen(leader, organisation, line):
    top, _middle, own = line
    proposed = actions.set_goal(organisation.manager, team(organisation.sales), said("Not yet"))
    assert refusal(lambda: move(leader, own, proposed)) == "goals.parent-not-open"
    alone = actions.set_goal(leader, member(organisation.stranger_person), said("Theirs"))
    assert refusal(lambda: move(organisation.manager, own, alone)) == "access.denied"
    move(organisation.manager, own, top)


def test_a_goal_closes_after_its_parts(leader, organisation, line):
    top, middle, own = line
    with pytest.raises(actions.Refused) as refused:
        actions.close_goal(leader, top)
    assert (refused.value.code, refused.value.params["goals"]) == ("goals.open-parts", ["Sales"])
    assert refusal(lambda: actions.close_goal(organisation.member, own)) == "access.denied"
    actions.close_goal(organisation.manager, own, note="Done", outcome={"actual": "1300000.00"})
    assert (own.state, own.outcome) == ("closed", {"actual": "1300000.00", "note": "Done"})
    actions.close_goal(leader, middle)
    actions.close_goal(leader, top)
    assert refusal(lambda: actions.reopen_goal(leader, middle, "Again")) == "goals.parent-not-open"


def test_a_closed_goal_stays_as_it_was(leader, organisation, line):
    own = line[2]
    waiting = move(organisation.member, own, None)
    actions.close_goal(organisation.manager, own)
    waiting.refresh_from_db()
    assert waiting.state == "rejected", "what waited went with it"
    assert refusal(lambda: move(leader, own, None, number=2)) == "goals.closed"
    assert refusal(lambda: actions.close_goal(leader, own)) == "goals.closed"
    assert refusal(lambda: move(leader, line[1], own)) == "goals.parent-not-open"


def test_reopened_what_it_had_come_to_is_in_the_audit_trail(organisation, line):
    own, boss = line[2], organisation.manager
    assert refusal(lambda: actions.reopen_goal(boss, own, "Why not")) == "goals.not-closed"
    actions.close_goal(boss, own, outcome={"actual": "7"})
    assert refusal(lambda: actions.reopen_goal(boss, own, "")) == "goals.no-reason"
    actions.reopen_goal(boss, own, "A credit note came late")
    assert (own.state, own.outcome, own.closed_by) == ("active", None, None)
    told = AuditEntry.objects.get(action="goals.reopen").detail
    assert told["outcome"]["actual"] == "7"
    assert told["reason"] == "A credit note came late"


def test_rejected_it_can_be_proposed_otherwise_and_withdrawn_it_is_over(organisation):
    own, boss = organisation.member, organisation.manager
    goal = actions.set_goal(own, member(organisation.person), said())
    first = goal.versions.get()
    assert refusal(lambda: actions.reject(boss, first, " ")) == "goals.no-reason"
    actions.reject(boss, first, "Too little")
    assert refusal(lambda: actions.approve(boss, first)) == "goals.decided-already"
    second = actions.change_goal(own, goal, said(target=Decimal(2_000_000)), reason="", based_on=1)
    third = actions.change_goal(own, goal, said(target=Decimal(1_900_000)), reason="", based_on=2)
    second.refresh_from_db()
    assert (second.state, third.state) == ("withdrawn", "proposed")
    assert refusal(lambda: actions.withdraw_proposal(boss, third)) == "access.denied"
    actions.withdraw_proposal(own, third)
    goal.refresh_from_db()
    assert goal.state == "withdrawn"
    assert refusal(lambda: actions.change_goal(own, goal, said(), reason="", based_on=3)) == "goals.withdrawn"


def test_an_older_proposal_cannot_hold_after_a_newer_version(organisation, line):
    own = line[2]
    waiting = move(organisation.member, own, None)
    more = replace(actions.said_of(own.current), target=Decimal(1))
    actions.change_goal(organisation.manager, own, more, reason="Less", based_on=2)
    waiting.refresh_from_db()
    assert waiting.state == "rejected"
    assert refusal(lambda: actions.approve(organisation.manager, waiting)) == "goals.decided-already"


def test_milestones_follow_the_version_that_holds(organisation):
    boss = organisation.manager
    steps = (actions.Step("Draft", date(2027, 3, 1)), actions.Step("Signed", date(2027, 6, 1)))
    told = said("Contract", kind="milestones", kpi="", target=None, milestones=steps)
    goal = actions.set_goal(boss, member(organisation.person), told)
    draft = goal.milestones.get(title="Draft")
    kept = actions.said_of(goal.current)
    later = (replace(kept.milestones[0], title="First draft"), actions.Step("Paid", date(2027, 9, 1)))
    proposed = actions.change_goal(
        organisation.member, goal, replace(kept, milestones=later), reason="Paid counts", based_on=1
    )
    assert [each.title for each in goal.milestones.all()] == ["Draft", "Signed"]
    actions.approve(boss, proposed)
    standing = goal.milestones.filter(dropped_at=None)
    assert [(each.title, each.pk == draft.pk) for each in standing] == [
        ("First draft", True),
        ("Paid", False),
    ]
    assert Milestone.objects.exclude(dropped_at=None).get().title == "Signed"
    assert [step["title"] for step in goal.versions.get(number=1).steps] == ["Draft", "Signed"]


def test_nothing_new_hangs_below_a_retired_theme(leader, line):
    theme = add_theme(leader, title="Grow")
    top = actions.set_goal(leader, company(), said("Company", theme=theme))
    retire_theme(leader, theme)
    assert refusal(lambda: actions.set_goal(leader, company(), said(theme=theme))) == "goals.theme-retired"
    more = replace(actions.said_of(top.current), title="Company, again")
    assert actions.change_goal(leader, top, more, reason="Clearer", based_on=1).theme == theme

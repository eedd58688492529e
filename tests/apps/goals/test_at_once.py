"""Two people at one goal: one effect, and no word lost; on both databases, with threads of their own."""

import threading
from dataclasses import replace

import pytest
from django.db import connection

from steelyard.apps.access.models import AuditEntry
from steelyard.apps.goals.actions import goals as actions
from steelyard.apps.goals.models import Goal, GoalVersion
from steelyard.errors import Refused
from tests.apps.goals.made import company, member, said, team

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def at_once(*deeds):
    """What each of the deeds ends with, begun together: "done" or the code of the refusal."""
    gate, ends = threading.Barrier(len(deeds)), {}

    def run(place, deed):
        gate.wait()
        try:
            deed()
            ends[place] = "done"
        except Refused as refused:
            ends[place] = refused.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return [ends[place] for place in range(len(deeds))]


def fetched(version):
    """As another request has it."""
    return GoalVersion.objects.select_related("goal").get(pk=version.pk)


def test_two_approvals_of_one_version_have_one_effect(leader, organisation):
    goal = actions.set_goal(organisation.member, member(organisation.person), said())
    version = goal.versions.get()
    one, two, three = fetched(version), fetched(version), fetched(version)
    ends = at_once(
        lambda: actions.approve(leader, one),
        lambda: actions.approve(organisation.manager, two),
        lambda: actions.reject(organisation.manager, three, "No"),
    )
    assert sorted(ends) == ["done", "goals.decided-already", "goals.decided-already"]
    told = AuditEntry.objects.filter(action__in=("goals.approve", "goals.reject"))
    assert told.count() == 1
    goal.refresh_from_db()
    assert (goal.state == "active") == (told.get().action == "goals.approve")


def test_two_changes_of_one_version_lose_nothing(leader, organisation):
    goal = actions.set_goal(leader, team(organisation.east), said())

    def change(actor, title):
        told = replace(actions.said_of(goal.current), title=title)
        return lambda: actions.change_goal(
            actor, Goal.objects.get(pk=goal.pk), told, reason=title, based_on=1
        )

    ends = at_once(change(leader, "One"), change(organisation.manager, "Two"))
    assert sorted(ends) == ["done", "goals.overtaken"]
    assert list(goal.versions.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_two_moves_make_no_circle_together(leader, organisation):
    one = actions.set_goal(leader, team(organisation.east), said("One"))
    two = actions.set_goal(leader, team(organisation.west), said("Two"))

    def move(goal, parent):
        told = replace(actions.said_of(goal.current), parent=parent)
        return lambda: actions.change_goal(leader, Goal.objects.get(pk=goal.pk), told, reason="x", based_on=1)

    assert sorted(at_once(move(one, two), move(two, one))) == ["done", "goals.circle"]


def test_a_parent_does_not_close_while_a_part_comes_to_hang_below(leader, organisation):
    top = actions.set_goal(leader, company(), said())
    ends = at_once(
        lambda: actions.close_goal(leader, Goal.objects.get(pk=top.pk)),
        lambda: actions.set_goal(leader, team(organisation.east), said(parent=top)),
    )
    assert ends in (["done", "goals.parent-not-open"], ["goals.open-parts", "done"])

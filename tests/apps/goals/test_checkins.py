"""Check-ins, milestones that are done, themes, and the site's own settings."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from steelyard.apps.goals.actions import goals as actions
from steelyard.apps.goals.actions.checkins import check_in, tick, withdraw_check_in
from steelyard.apps.goals.actions.settings import change_settings
from steelyard.apps.goals.actions.themes import (
    add_theme,
    change_theme,
    order_themes,
    restore_theme,
    retire_theme,
)
from steelyard.apps.goals.errors import Overtaken
from steelyard.apps.goals.models import CheckIn, GoalSettings, Theme
from steelyard.apps.goals.queries.seen import settings_now
from tests.apps.goals.made import member, refusal, said, team

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PLAIN = {"kpi": "", "unit": "customers", "target": Decimal(20)}


def today():
    return timezone.localdate()


@pytest.fixture
def goal(organisation):
    return actions.set_goal(organisation.manager, member(organisation.person), said(**PLAIN))


def test_the_owner_and_who_stands_above_say_how_it_goes(organisation, goal, analyst):
    said_so = check_in(
        organisation.member, goal, on=today(), note="Two signed", confidence=4, value=Decimal(2)
    )
    check_in(organisation.manager, goal, on=today(), confidence=3)
    assert (said_so.version, said_so.value) == (goal.current, 2)
    for actor in (organisation.mate, organisation.stranger, analyst):
        assert refusal(lambda actor=actor: check_in(actor, goal, on=today(), confidence=3)) == "access.denied"
        assert refusal(lambda actor=actor: withdraw_check_in(actor, said_so)) == "access.denied"
    withdraw_check_in(organisation.manager, said_so)
    assert refusal(lambda: withdraw_check_in(organisation.member, said_so)) == "goals.check-in-withdrawn"
    assert CheckIn.objects.count() == 2


def test_what_a_check_in_cannot_say(organisation, goal, leader):
    def refused(found=goal, **fields):
        usual = {"on": today(), "confidence": 3}
        return refusal(lambda: check_in(organisation.member, found, **{**usual, **fields}))

    assert refused(on=today() + datetime.timedelta(days=1)) == "goals.in-the-future"
    assert refused(confidence=6) == "goals.no-confidence"
    measured = actions.set_goal(leader, member(organisation.person), said())
    assert refused(measured, value=Decimal(1)) == "goals.figure-comes-from-kpi"
    waiting = actions.set_goal(organisation.member, member(organisation.person), said())
    assert refused(waiting) == "goals.not-active"
    actions.close_goal(leader, goal)
    assert refused() == "goals.closed"


def test_a_team_goal_is_followed_by_who_leads_it(organisation, leader):
    sales = actions.set_goal(leader, team(organisation.sales), said(**PLAIN))
    assert check_in(organisation.manager, sales, on=today(), confidence=5)
    assert refusal(lambda: check_in(organisation.member, sales, on=today(), confidence=5)) == "access.denied"


def test_a_deliverable_is_ticked_and_unticked(organisation):
    told = said("Price list", kind="deliverable", kpi="", target=None)
    goal = actions.set_goal(organisation.manager, member(organisation.person), told)
    only = goal.milestones.get()
    assert refusal(lambda: tick(organisation.stranger, only, today())) == "access.denied"
    tomorrow = today() + datetime.timedelta(days=1)
    assert refusal(lambda: tick(organisation.member, only, tomorrow)) == "goals.in-the-future"
    tick(organisation.member, only, today())
    assert (only.done_on, only.done_by) == (today(), organisation.member)
    tick(organisation.manager, only, None)
    assert (only.done_on, only.done_by) == (None, None)
    only.dropped_at = timezone.now()
    assert refusal(lambda: tick(organisation.member, only, today())) == "goals.milestone-dropped"


def test_themes_are_the_leaders(leader, organisation, analyst):
    grow = add_theme(leader, title="Grow", measure="Share of the region")
    keep = add_theme(leader, title="Keep customers")
    for actor in (organisation.manager, organisation.member, analyst):
        assert refusal(lambda actor=actor: add_theme(actor, title="Mine")) == "access.denied"
    order_themes(leader, [keep.public_id, grow.public_id])
    assert list(Theme.objects.all()) == [keep, grow]
    assert refusal(lambda: order_themes(leader, [keep.public_id])) == "goals.other-themes"
    change_theme(leader, grow, title="Grow fast", measure="", note="", based_on=1)
    with pytest.raises(Overtaken) as overtaken:
        change_theme(leader, grow, title="Grow slowly", measure="", note="", based_on=1)
    assert (overtaken.value.stands.title, overtaken.value.sent["title"]) == ("Grow fast", "Grow slowly")
    retire_theme(leader, keep)
    order_themes(leader, [grow.public_id])
    restore_theme(leader, keep)
    assert Theme.objects.filter(retired_at=None).count() == 2


def test_settings_are_added_and_everybody_goes_by_the_newest(leader, organisation):
    switches = {"members_see_chance": True, "managers_need_approval": False}
    names = {"zh": {"floor": " 及格线 ", "stretch": ""}, "en": {}}
    assert (
        refusal(lambda: change_settings(organisation.manager, level_names={}, **switches)) == "access.denied"
    )
    change_settings(leader, level_names=names, **switches)
    assert settings_now().level_names == {"zh": {"floor": "及格线"}}
    same = {"en": {"floor": "Base", "target": "Base"}}
    assert refusal(lambda: change_settings(leader, level_names=same, **switches)) == "goals.same-level-names"
    unknown = {"fr": {"floor": "Base"}}
    assert refusal(lambda: change_settings(leader, level_names=unknown, **switches)) == "goals.bad-levels"
    change_settings(leader, level_names={}, members_see_chance=False, managers_need_approval=True)
    assert settings_now().managers_need_approval
    assert GoalSettings.objects.count() == 2

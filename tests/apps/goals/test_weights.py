"""Weights are 100 over every open goal of an owner and stretch; what is set or closed later shows."""

from datetime import date
from decimal import Decimal

import pytest

from steelyard.apps.goals.actions import goals as actions
from steelyard.apps.goals.actions.weights import set_weights
from steelyard.apps.goals.models import WeightSet
from steelyard.apps.goals.queries.weights import may_weigh, weights_of, weights_of_parts
from steelyard.errors import Refused
from tests.apps.goals.made import YEAR, member, refusal, said, team

pytestmark = [pytest.mark.django_db, pytest.mark.database]
DAYS = {"starts": YEAR[0], "ends": YEAR[1]}


@pytest.fixture
def three(organisation):
    unit = member(organisation.person)
    return [actions.set_goal(organisation.manager, unit, said(f"Goal {n}")) for n in (1, 2, 3)]


def percent(*weights):
    return [Decimal(each) for each in weights]


def test_they_are_a_hundred_together(organisation, three):
    boss, unit = organisation.manager, member(organisation.person)
    for weights, whole in ((percent(40, 30, 20), "90"), (percent(40, 30, "30.01"), "100.01")):
        with pytest.raises(Refused) as refused:
            set_weights(boss, unit, dict(zip(three, weights, strict=True)), **DAYS)
        assert (refused.value.code, refused.value.params) == ("goals.weights-not-whole", {"whole": whole})
    missing = dict(zip(three[:2], percent(50, 50), strict=True))
    assert refusal(lambda: set_weights(boss, unit, missing, **DAYS)) == "goals.weights-missing"
    below_zero = dict(zip(three, percent(120, -10, -10), strict=True))
    assert refusal(lambda: set_weights(boss, unit, below_zero, **DAYS)) == "goals.bad-weight"
    assert not WeightSet.objects.exists()
    set_weights(boss, unit, dict(zip(three, percent(40, "33.33", "26.67"), strict=True)), **DAYS)
    found = weights_of(organisation.member, unit, **DAYS)
    assert (found.covered, found.is_complete) == (100, True)


def test_what_is_set_or_closed_later_leaves_them_incomplete(organisation, three):
    boss, unit = organisation.manager, member(organisation.person)
    set_weights(boss, unit, dict(zip(three, percent(38, 32, 30), strict=True)), **DAYS)
    new = actions.set_goal(boss, unit, said("Goal 4"))
    assert not weights_of(boss, unit, **DAYS).is_complete
    actions.close_goal(boss, three[0])
    found = weights_of(boss, unit, **DAYS)
    assert (found.covered, found.is_complete) == (62, False)
    assert [(each.goal, each.weight) for each in found.goals] == [(three[1], 32), (three[2], 30), (new, None)]
    assert [(each.goal, each.weight) for each in found.gone] == [(three[0], 38)]
    gone = dict(zip(three, percent(38, 32, 30), strict=True))
    assert refusal(lambda: set_weights(boss, unit, gone, **DAYS)) == "goals.weight-of-another"


def test_each_stretch_of_days_has_its_own(organisation, three):
    boss, unit = organisation.manager, member(organisation.person)
    quarter = {"starts": date(2027, 1, 1), "ends": date(2027, 4, 1)}
    assert not weights_of(boss, unit, **quarter).is_stated
    assert refusal(lambda: set_weights(boss, unit, {}, starts=date(2030, 1, 1), ends=date(2030, 4, 1))) == (
        "goals.nothing-to-weigh"
    )
    assert refusal(lambda: set_weights(boss, unit, {})) == "goals.ends-before-start"
    set_weights(boss, unit, dict(zip(three, percent(50, 50, 0), strict=True)), **quarter)
    assert weights_of(boss, unit, **quarter).is_complete
    assert not weights_of(boss, unit, **DAYS).is_stated


def test_the_parts_of_a_goal_weigh_too(organisation, leader):
    sales = actions.set_goal(leader, team(organisation.sales), said("Sales"))
    parts = [
        actions.set_goal(leader, member(each), said("Part", parent=sales))
        for each in (organisation.person, organisation.mate_person)
    ]
    boss = organisation.manager
    assert may_weigh(boss, sales), "each of its parts is theirs to set"
    set_weights(boss, sales, dict(zip(parts, percent(70, 30), strict=True)))
    assert weights_of_parts(leader, sales).is_complete
    actions.set_goal(leader, team(organisation.marketing), said("Not theirs", parent=sales))
    assert not may_weigh(boss, sales)


def test_only_who_stands_above_weighs(organisation, three, analyst):
    unit = member(organisation.person)
    whole = dict(zip(three, percent(40, 30, 30), strict=True))
    for actor in (organisation.member, organisation.mate, organisation.stranger, analyst):
        assert refusal(lambda actor=actor: set_weights(actor, unit, whole, **DAYS)) == "access.denied"
    assert weights_of(organisation.stranger, unit, **DAYS).goals == ()
    assert len(weights_of(analyst, unit, **DAYS).goals) == 3

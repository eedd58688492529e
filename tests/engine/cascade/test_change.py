"""A value by hand, and the rest of the year anew: all sums hold, and what need not move does not."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from steelyard.engine.cascade import Plan, cascade, change_cell, recascade
from steelyard.errors import Refused
from tests.engine.cascade.plans import faults, random_document

PLAN = Plan.load("{total: 1200, periods: 2026-Q1, profile: equal, step: 10, units: {T: [a, b], U: [c, d]}}")
FOUND = cascade(PLAN)
FIRST, SECOND, THIRD = PLAN.periods


def table(found, *units: str) -> list[list[int]]:
    return [[int(found.of(unit, month)) for month in PLAN.periods] for unit in units]


def test_before():
    assert table(FOUND, *"abcd") == [[100, 100, 100]] * 4


def test_siblings_give_way_in_the_same_month():
    plan, found = change_cell(PLAN, FOUND, unit="a", period=SECOND, value=Decimal(130))
    assert table(found, *"abcd") == [[100, 130, 100], [100, 70, 100], [100] * 3, [100] * 3]
    assert found.is_exact
    assert [(lock.unit, lock.period, lock.value) for lock in plan.locks] == [("a", SECOND, 130)]


def test_the_units_own_months_give_way_and_the_team_follows():
    _, found = change_cell(PLAN, FOUND, unit="a", period=SECOND, value=Decimal(140), give_way="months")
    assert table(found, "a", "b", "T") == [[80, 140, 80], [100] * 3, [180, 240, 180]]
    assert found.of("a") == 300
    assert found.is_exact


def test_the_parent_declares_the_difference():
    plan, found = change_cell(PLAN, FOUND, unit="a", period=SECOND, value=Decimal(130), give_way="parent")
    assert table(found, "a", "b", "T") == [[100, 130, 100], [100] * 3, [200] * 3]
    assert found.is_exact
    (line,) = found.declared
    assert (line.unit, line.value) == ("T", 30)
    assert Plan.load(plan.as_document()) == plan


def test_a_team_is_changed_and_its_people_follow():
    _, found = change_cell(PLAN, FOUND, unit="T", period=FIRST, value=Decimal(300))
    assert table(found, "T", "U", "a", "c") == [
        [300, 200, 200],
        [100, 200, 200],
        [150, 100, 100],
        [50, 100, 100],
    ]


def test_one_change_after_the_other():
    plan, found = change_cell(PLAN, FOUND, unit="a", period=SECOND, value=Decimal(130))
    plan, found = change_cell(plan, found, unit="a", period=SECOND, value=Decimal(110))
    plan, found = change_cell(plan, found, unit="b", period=THIRD, value=Decimal(5))
    assert table(found, "a", "b") == [[100, 110, 195], [100, 90, 5]]


def test_where_all_that_should_give_way_is_locked_it_is_refused():
    plan = Plan.load({**PLAN.as_document(), "locks": {"b": {SECOND: 100}}})
    with pytest.raises(Refused) as refusal:
        change_cell(plan, cascade(plan), unit="a", period=SECOND, value=Decimal(130))
    assert refusal.value.code == "cascade.nobody-gives-way"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"unit": "x"}, "unknown-unit"),
        ({"period": "2027-01"}, "unknown-period"),
        ({"value": Decimal(-1)}, "below-zero"),
        ({"give_way": "nobody"}, "bad-give-way"),
    ],
)
def test_a_change_that_means_nothing_is_refused(change: dict, code: str):
    with pytest.raises(Refused) as refusal:
        change_cell(PLAN, FOUND, **{"unit": "a", "period": FIRST, "value": Decimal(1), **change})
    assert refusal.value.code == f"cascade.{code}"


def test_the_rest_of_the_year_carries_what_is_missing():
    reached = {unit: {FIRST: Decimal(value)} for unit, value in zip("abcd", (40, 100, 100, 60), strict=True)}
    plan, found = recascade(PLAN, FOUND, from_period=SECOND, actuals=reached)
    assert table(found, "company") == [[300, 450, 450]]
    assert [int(found.of(unit, FIRST)) for unit in "abcd"] == [40, 100, 100, 60]
    assert found.is_exact
    with pytest.raises(Refused) as refusal:
        change_cell(plan, found, unit="a", period=FIRST, value=Decimal(3))
    assert refusal.value.code == "cascade.closed-period"


def test_without_actuals_the_old_targets_stand_and_a_new_total_is_for_the_rest():
    _, found = recascade(PLAN, FOUND, from_period=SECOND, total=Decimal(1400))
    assert table(found, "company") == [[400, 500, 500]]
    assert [int(found.of(unit, FIRST)) for unit in "abcd"] == [100] * 4
    assert found.is_exact


def test_an_actual_that_is_missing_is_not_zero():
    with pytest.raises(Refused) as refusal:
        recascade(PLAN, FOUND, from_period=SECOND, actuals={"a": {FIRST: Decimal(9)}})
    assert refusal.value.code == "cascade.actuals-missing"


def test_over_assignment_is_for_what_is_still_open():
    plan = Plan.load({**PLAN.as_document(), "over": {"team": "0.1"}})
    before = cascade(plan)
    _, found = recascade(plan, before, from_period=THIRD)
    assert found.is_exact
    assert [found.of("T", month) for month in (FIRST, SECOND)] == [
        before.of("T", month) for month in (FIRST, SECOND)
    ]
    reached = {unit: {FIRST: Decimal(110), SECOND: Decimal(90)} for unit in "abcd"}
    _, found = recascade(plan, before, from_period=THIRD, actuals=reached)
    assert found.of("T", FIRST) == 220
    assert found.of("company") == 1200


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**9),
    way=st.sampled_from(["siblings", "months", "parent"]),
    over=st.booleans(),
    factor=st.floats(0, 2),
)
def test_a_change_keeps_all_sums(seed: int, way: str, over: bool, factor: float):
    plan, found = possible(seed, over=over)
    dice = np.random.default_rng(seed)
    unit = str(dice.choice([one.code for one in plan.units if one.code != plan.root]))
    period = str(dice.choice(plan.periods))
    value = Decimal(round(float(found.of(unit, period)) * factor))
    try:
        changed, after = change_cell(plan, found, unit=unit, period=period, value=value, give_way=way)
    except Refused as refusal:
        # Nobody may be free to give way, or the cell itself be bound.
        assume(refusal.code not in ("cascade.nobody-gives-way", "cascade.lock-above-ceiling"))
        assume(refusal.code not in ("cascade.lock-below-floor", "cascade.locked-while-absent"))
        raise
    assert after.is_exact
    assert after.of(unit, period) == value
    assert after.of(plan.root) == plan.total
    if way != "parent" and not over:
        assert faults(changed, after) == []
    if way == "months" and not over:
        assert after.of(unit) == found.of(unit)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9), over=st.booleans(), reached=st.floats(0, 1.2))
def test_the_rest_of_the_year_keeps_all_sums(seed: int, over: bool, reached: float):
    plan, found = possible(seed, over=over)
    start = plan.periods[len(plan.periods) // 2]
    past = plan.periods[: len(plan.periods) // 2]
    actuals = {
        code: {month: Decimal(round(float(found.of(code, month)) * reached)) for month in past}
        for code in plan.leaves
    }
    try:
        changed, after = recascade(plan, found, from_period=start, actuals=actuals)
    except Refused as refusal:
        # What is missing may not find room under the ceilings that are left.
        assume(not refusal.code.startswith("cascade."))
        raise
    assert after.is_exact
    assert after.of(plan.root) == changed.total
    assert all(
        after.of(code, month) == value for code, line in actuals.items() for month, value in line.items()
    )


def possible(seed: int, *, over: bool):
    plan = Plan.load(random_document(seed, over=over, loose=True))
    try:
        return plan, cascade(plan)
    except Refused:
        assume(False)
        raise

"""What cannot be met is refused, and the constraint is named."""

import pytest

from steelyard.engine.cascade import Plan, cascade
from steelyard.errors import Refused

UNITS = "units: {T: {units: [a, b]}, U: {units: [c]}}, periods: 2026-Q1, total: 300"


def refused(text: str) -> Refused:
    with pytest.raises(Refused) as refusal:
        cascade(Plan.load(f"{{{text}}}"))
    return refusal.value


@pytest.mark.parametrize(
    ("text", "code", "params"),
    [
        (
            f"{UNITS}, locks: {{a: 200, c: 150}}",
            "locks-above-total",
            {"needed": "350", "total": "300", "constraints": ("a", "c")},
        ),
        (
            f"{UNITS}, locks: {{a: {{2026-01: 301}}}}",
            "locks-above-total",
            {"constraints": ("a 2026-01",)},
        ),
        (f"{UNITS}, locks: {{a: 100, b: 100, c: 50}}", "ceilings-below-total", {"ceilings": "250"}),
        (f"{UNITS}, locks: {{company: 400}}", "lock-above-ceiling", {"lock": "400", "bound": "300"}),
        (f"{UNITS}, locks: {{T: 100, a: 60, b: 60}}", "parts-above", {"place": "T", "needed": "120"}),
        (f"{UNITS}, locks: {{T: 100, a: 30, b: 60}}", "parts-below", {"place": "T", "allowed": "100"}),
        (
            f"{UNITS}, locks: {{T: {{2026-02: 50}}, a: {{2026-02: 60}}}}",
            "parts-above",
            {"place": "T 2026-02", "needed": "60", "allowed": "50"},
        ),
        (
            "periods: [p, q], total: 9, units: [{code: a, floor: 5, ceiling: 4}, b]",
            "floor-above-ceiling",
            {"unit": "a", "floor": "5", "ceiling": "4"},
        ),
        (
            "periods: [p, q], total: 9, units: [{code: a, floors: {p: 5}, ceilings: {p: 4}}, b]",
            "floor-above-ceiling",
            {"place": "a p"},
        ),
        (
            "periods: [p], total: 9, units: [{code: a, floor: 5}, {code: b, floor: 6}]",
            "floors-above-total",
            {"needed": "11", "total": "9", "constraints": ("a", "b")},
        ),
        (
            "periods: [p], total: 9, units: [{code: a, ceiling: 3}, {code: b, ceiling: 4}]",
            "ceilings-below-total",
            {"ceilings": "7", "constraints": ("a", "b")},
        ),
        (
            "periods: [p], total: 9, units: [{code: a, floor: 3, lock: 2}, b]",
            "lock-below-floor",
            {"unit": "a", "lock": "2", "bound": "3"},
        ),
        (
            "periods: [p], total: 9, units: [{code: a, ceiling: 3, lock: 4}, b]",
            "lock-above-ceiling",
            {"unit": "a", "lock": "4", "bound": "3"},
        ),
        (
            "periods: 2026-Q1, total: 9, units: [{code: a, joins: 2026-02, lock: {2026-01: 2}}, b]",
            "locked-while-absent",
            {"place": "a 2026-01"},
        ),
        (
            "periods: [p, q], total: 9, units: [a, b], fixed: {a: {p: 6}, b: {p: 6}}",
            "fixed-above-total",
            {"fixed": "12", "total": "9"},
        ),
    ],
)
def test_the_constraint_is_named(text: str, code: str, params: dict):
    found = refused(text)
    assert found.code == f"cascade.{code}"
    assert {name: found.params[name] for name in params} == params


def test_bounds_that_only_together_leave_no_room_are_named_and_no_others():
    # a is there in q only, so his total of 25 and b's floor of 27 are 6 more than the team may have then.
    found = refused(
        "total: 220, periods: [2026-01, 2026-02], units: [c, {code: T, lock: {2026-02: 46}, units: ["
        "{code: a, joins: 2026-02, lock: 25}, {code: b, floors: {2026-02: 27}}, {code: d, floor: 1}]}]"
    )
    assert found.code == "cascade.cannot-be-met"
    assert found.params == {"constraints": ("T 2026-02", "a", "b 2026-02"), "short": "6"}


def test_locks_of_all_levels_are_kept_at_once():
    plan = Plan.load(
        f"{{{UNITS}, step: 10, locks: [{{unit: a, period: 2026-01, value: 33}},"
        " {unit: T, period: 2026-02, value: 77}, {unit: b, value: 91}, {period: 2026-03, value: 55}]}"
    )
    found = cascade(plan)
    assert found.is_exact
    assert found.of("a", "2026-01") == 33
    assert found.of("T", "2026-02") == 77
    assert found.of("b") == 91
    assert found.of("company", "2026-03") == 55
    assert found.of("company") == 300
    (cell,) = [cell for cell in found.cells if cell.is_locked]
    assert (cell.unit, cell.period) == ("a", "2026-01")


def test_both_margins_are_kept_where_nothing_is_bound():
    plan = Plan.load(
        "{total: 1000, periods: 2026-Q1, profile: [3, 4, 3], step: 10, units: {a: 5, b: 3, c: 2}}"
    )
    found = cascade(plan)
    assert [int(found.of(unit)) for unit in "abc"] == [500, 300, 200]
    assert [int(found.of("company", month)) for month in plan.periods] == [300, 400, 300]


def test_a_step_that_bounds_leave_no_room_for_is_given_up_and_told():
    plan = Plan.load(
        "{total: 95, periods: [p], step: 10, units: [{code: a, floor: 31, ceiling: 34},"
        " {code: b, floor: 31, ceiling: 34}, {code: c, floor: 27, ceiling: 29}]}"
    )
    found = cascade(plan)
    assert found.is_exact
    assert sum(cell.value for cell in found.cells) == 95


def test_periods_that_locks_push_off_the_profile_are_told():
    found = cascade(
        Plan.load("{total: 300, periods: 2026-Q1, profile: equal, units: [a], locks: {a: {2026-01: 200}}}")
    )
    (line,) = [line for line in found.warnings if line.code == "cascade.profile-bent"]
    assert line.params["periods"] == ("2026-01", "2026-02", "2026-03")
    assert [int(found.of("a", month)) for month in found.periods] == [200, 50, 50]

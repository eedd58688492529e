"""What every method gives, against tables worked by hand."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from steelyard.engine.cascade import METHODS, Plan, cascade, compare_methods
from steelyard.engine.cascade.rounding import largest_remainder
from steelyard.engine.forecast.holiday import holiday_shares
from steelyard.errors import Refused

MONTHS = "periods: [2026-01, 2026-02, 2026-03]"


def carried(text: str):
    return cascade(Plan.load(text))


def totals(found, *units: str) -> list[int]:
    return [int(found.of(unit)) for unit in units]


def codes(found) -> list[str]:
    return [line.code for line in found.warnings]


def test_the_published_seats_of_the_largest_remainder():
    votes = np.array([47000, 16000, 15900, 12000, 6100, 3100.0])
    assert largest_remainder(votes, 10).tolist() == [5, 2, 1, 1, 1, 0]
    found = carried(
        "{total: 10, periods: [y], method: history, "
        "units: {A: 47000, B: 16000, C: 15900, D: 12000, E: 6100, F: 3100}}"
    )
    assert totals(found, *"ABCDEF") == [5, 2, 1, 1, 1, 0]


def test_of_equal_remainders_the_first_code_goes_first_whatever_the_order():
    text = "{total: 100, periods: [y], units: [%s]}"
    for order in ("a, b, c", "c, a, b"):
        assert totals(carried(text % order), *"abc") == [34, 33, 33]


def test_equal_is_equal_for_each_month_that_somebody_is_there():
    found = carried(
        f"{{total: 600, {MONTHS}, method: equal, profile: equal,"
        " units: [a, {code: b, joins: 2026-02-01}, {code: c, leaves: 2026-01-31}]}"
    )
    assert [[int(found.of(unit, month)) for month in found.periods] for unit in "abc"] == [
        [100, 100, 100],
        [0, 100, 100],
        [100, 0, 0],
    ]


def test_a_joiner_has_the_days_of_the_month():
    found = carried(
        "{total: 4700, periods: [2026-01], method: equal, units: [a, {code: b, joins: 2026-01-17}]}"
    )
    # 15 of 31 days against 31 of 31.
    assert totals(found, "a", "b") == [3167, 1533]


def test_the_profile_gives_the_months_and_history_the_people():
    found = carried(f"{{total: 1000, {MONTHS}, profile: [1, 2, 7], units: {{a: 3, b: 1}}}}")
    assert [int(found.of("company", month)) for month in found.periods] == [100, 200, 700]
    assert [int(found.of("a", month)) for month in found.periods] == [75, 150, 525]


def test_a_dated_past_gives_the_profile_and_says_so():
    past = ", ".join(f"2025-{month:02}: {month}" for month in range(1, 13))
    found = carried(
        f"{{total: 7800, periods: 2026, units: {{a: {{history: {{{past}}}}}, b: {{history: {{{past}}}}}}}}}"
    )
    assert [int(found.of("company", month)) for month in found.periods] == [
        100 * turn for turn in range(1, 13)
    ]
    assert "cascade.profile-from-history" in codes(found)


def test_the_new_year_takes_its_share_from_the_month_that_it_falls_in():
    """The week of 春节 took half of its month; in 2025 most of it lies in January, in 2026 in February."""
    past = {}
    for year in range(2022, 2025):
        weeks = holiday_shares(date(year, 1, 1), count=12, grain="month", country="CN")
        past |= {f"{year}-{month + 1:02}": str(round(1000 * (1 - weeks[month] / 2))) for month in range(12)}
    document = {"total": 12000, "units": {"a": {"history": past}, "b": {"history": past}}, "country": "CN"}
    shares = {}
    for year in (2025, 2026):
        found = cascade(Plan.load({**document, "periods": str(year)}))
        shares[year] = [float(found.of("company", f"{year}-0{month}")) for month in (1, 2, 3)]
    january, february, march = shares[2026]
    assert january / march == pytest.approx(1, abs=0.05)
    assert february / march == pytest.approx(0.5, abs=0.08)
    assert shares[2025][0] < shares[2026][0]
    assert shares[2025][1] > shares[2026][1]
    del document["country"]
    without = cascade(Plan.load({**document, "periods": "2026"}))
    assert float(without.of("company", "2026-02")) > february


def test_the_same_months_of_a_part_of_a_year_are_enough_and_lists_line_up_with_undated_periods():
    found = carried(
        "{total: 30, periods: [2026-05, 2026-06], units: {a: {history: {2025-05: 1, 2025-06: 2}}}}"
    )
    assert [int(found.of("a", month)) for month in found.periods] == [10, 20]
    found = carried("{total: 100, periods: [Q1, Q2], units: {a: [1, 2], b: [3, 4]}}")
    assert [int(found.of("company", label)) for label in found.periods] == [40, 60]


def test_half_a_past_counts_as_what_the_others_did_in_that_half():
    # a made 90 over the year, 60 of them in its second half; b made 60 in the second half alone.
    found = carried("{total: 100, periods: [y], units: {a: [10, 20, 30, 30], b: [null, null, 30, 30]}}")
    assert totals(found, "a", "b") == [50, 50]


def test_who_has_no_past_gets_the_median_of_the_peers_per_head_and_it_is_told():
    found = carried(
        "{total: 1000, periods: [y], method: history, units: {a: 100, b: 300, c: 200, d: {capacity: 0.5}}}"
    )
    assert totals(found, *"abcd") == [143, 428, 286, 143]
    (line,) = [line for line in found.warnings if line.code == "cascade.median-of-peers"]
    assert line.params["units"] == ("d",)


def test_a_team_without_past_gets_the_median_of_the_teams():
    found = carried(
        "{total: 90, periods: [y], method: history, "
        "units: {A: {units: {a: 10, b: 20}}, B: {units: {c: 30}}, C: [d, e]}}"
    )
    # Per head A made 15 and B 30; the median is 22.5, and C has two.
    assert totals(found, "A", "B", "C", "d") == [26, 26, 38, 19]


def test_potential_and_capacity_with_leave():
    found = compare_methods(
        Plan.load(
            "{total: 400, periods: [2026-01, 2026-02], profile: equal, units: ["
            "{code: a, potential: 3}, {code: b, potential: 1, leave: {2026-02: 0.5}}]}"
        ),
        ("potential", "capacity"),
    )
    assert totals(found["potential"], "a", "b") == [300, 100]
    assert [int(found["capacity"].of("b", month)) for month in ("2026-01", "2026-02")] == [100, 67]


def test_leave_in_days_is_a_share_of_the_working_days():
    plan = Plan.load("{total: 1, periods: [2026-02], units: [{code: a, leave: 5}, b]}")
    assert plan.unit["a"].leave == (Decimal(5) / 20,)


def test_a_closed_year_is_split_among_who_is_still_there():
    found = carried(f"{{total: 300, {MONTHS}, profile: equal, units: [a, {{code: b, leaves: 2026-02-28}}]}}")
    assert [int(found.of("a", month)) for month in found.periods] == [50, 50, 100]


def test_what_the_step_cannot_hold_is_in_one_cell_and_told():
    found = carried("{total: 1234567, step: 1000, periods: 2026, units: {a: 3, b: 2, c: 2}}")
    assert found.is_exact
    assert [line.value for line in found.moved] == [567]
    odd = [cell for cell in found.cells if cell.value % 1000]
    assert [(cell.unit, cell.period) for cell in odd] == [(found.moved[0].unit, found.moved[0].period)]


def test_a_lock_that_is_no_multiple_moves_one_other_cell_of_its_month():
    found = carried(
        "{total: 120000, step: 1000, periods: [2026-01, 2026-02, 2026-03], profile: equal, units: [a, b, c],"
        " locks: [{unit: a, period: 2026-02, value: 12345}]}"
    )
    assert [(line.period, line.value) for line in found.moved] == [("2026-02", 655)]
    assert [int(found.of("company", month)) for month in found.periods] == [40000, 40000, 40000]


def test_over_assignment_is_declared_and_exact():
    found = carried(
        "{total: 1000, minor: 2, periods: 2026-Q1, over: {team: 5%, company: 10%}, "
        "units: {A: [a, b], B: [c]}}"
    )
    assert found.of("A") + found.of("B") == 1100
    assert abs(found.of("a") + found.of("b") - found.of("A") * Decimal("1.05")) < Decimal("0.01")
    assert {line.unit: line.share for line in found.declared} == {
        "company": Decimal("0.1"),
        "A": Decimal("0.05"),
        "B": Decimal("0.05"),
    }
    assert found.is_exact


@pytest.mark.parametrize("key", ["team", "teams", "A", "region", "1", "*"])
def test_over_assignment_by_level_code_depth_and_for_the_lowest(key: str):
    found = carried(
        f"{{total: 1000, periods: [y], over: {{'{key}': 0.1}},"
        " units: [{code: A, level: region, units: [a, b]}, c]}"
    )
    assert found.of("a") + found.of("b") == (found.of("A") * Decimal("1.1")).quantize(Decimal(1))


def test_the_method_is_taken_from_what_is_there():
    assert [
        Plan.load(f"{{total: 1, periods: [y], units: [{{code: a, {said}}}, b]}}").method
        for said in ("history: 2", "potential: 2", "capacity: 2", "name: A")
    ] == ["history", "potential", "capacity", "equal"]


def test_nothing_to_share_by_is_refused():
    for text in ("method: potential, units: [a, b]", "method: history, units: {a: 0, b: 0}"):
        with pytest.raises(Refused) as refusal:
            carried(f"{{total: 10, periods: [y], {text}}}")
        assert refusal.value.code == "cascade.no-weights"


def test_all_methods_side_by_side_keep_every_sum():
    units = ", ".join(
        f"{{code: u{place}, history: [{place + 2}, {place * 3 % 7 + 1}, 4], potential: {place + 1}}}"
        for place in range(7)
    )
    found = compare_methods(Plan.load(f"{{total: 12345.67, periods: 2026, units: [{units}]}}"))
    assert set(found) == set(METHODS)
    assert all(one.is_exact for one in found.values())
    assert all(sum(cell.value for cell in one.cells) == Decimal("12345.67") for one in found.values())


def test_a_total_of_zero_gives_zeros():
    assert {cell.value for cell in carried("{total: 0, periods: 2026, units: [a, b]}").cells} == {Decimal(0)}


def test_large_money_stays_exact():
    found = carried("{total: 80000000000000.11, periods: 2026, units: {a: 1, b: 1.5, c: 7}}")
    assert sum(cell.value for cell in found.cells) == Decimal("80000000000000.11")

"""Σ numerators ÷ Σ denominators is the target, exactly, wherever it is asked."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.engine.cascade import Plan, cascade
from steelyard.errors import Refused


def exactly(found, unit: str, period: str | None = None) -> Fraction:
    top, base = found.parts(unit, period)
    return Fraction(top) / Fraction(base)


@settings(max_examples=60, deadline=None)
@given(
    target=st.decimals("0.001", "0.999", places=3),
    base=st.integers(100, 10**7),
    rates=st.lists(st.integers(1, 90), min_size=2, max_size=6),
    method=st.sampled_from(["equal", "history", "potential"]),
)
def test_the_whole_is_the_target_in_every_period(target, base, rates, method):
    units = [
        {
            "code": f"u{place}",
            "parent": f"T{place % 2}",
            "potential": rate,
            "history": {"numerator": [rate, rate], "denominator": [100, 100 + place]},
        }
        for place, rate in enumerate(rates)
    ]
    found = cascade(
        Plan.load(
            {
                "kind": "ratio",
                "total": str(target),
                "denominator": base,
                "periods": "2026-Q1",
                "method": method,
                "units": ["T0", "T1", *units],
            }
        )
    )
    assert found.is_exact
    for period in (*found.periods, None):
        assert exactly(found, "company", period) == Fraction(target)
    for part in (0, 1):
        cells = [(cell.numerator, cell.denominator)[part] for cell in found.cells]
        assert sum(cells) == found.parts("company")[part]


def test_equal_gives_everybody_the_same_ratio_and_history_the_same_differences():
    text = (
        "{kind: ratio, total: 0.3, denominator: 1000, periods: [y], method: %s, units: {"
        "a: {denominator: 500, history: {numerator: [20], denominator: [100]}},"
        "b: {denominator: 500, history: {numerator: [40], denominator: [100]}}}}"
    )
    found = cascade(Plan.load(text % "equal"))
    assert [found.of(unit) for unit in "ab"] == [Decimal("0.3"), Decimal("0.3")]
    found = cascade(Plan.load(text % "history"))
    assert [found.of(unit) for unit in "ab"] == [Decimal("0.2"), Decimal("0.4")]


def test_fair_ratios_are_equally_likely():
    units = [
        {"code": "a", "denominator": 4000, "mean": 0.20, "spread": 0.02},
        {"code": "b", "denominator": 1000, "mean": 0.30, "spread": 0.06},
    ]
    found = cascade(
        Plan.load({"kind": "ratio", "total": "0.24", "periods": ["y"], "method": "fair", "units": units})
    )
    assert found.fairness.spread < 1e-2
    assert exactly(found, "company") == Fraction(24, 100)


def test_locks_floors_and_ceilings_are_ratios():
    found = cascade(
        Plan.load(
            "{kind: ratio, total: 0.25, denominator: 900, periods: [p, q], profile: equal, method: equal,"
            " units: [{code: a, denominator: 300, lock: {p: 0.4}}, {code: b, denominator: 300, ceiling: 0.2},"
            " {code: c, denominator: 300}]}"
        )
    )
    assert found.is_exact
    assert found.of("a", "p") == Decimal("0.4")
    assert found.of("b") <= Decimal("0.2")
    assert exactly(found, "company") == Fraction(1, 4)


def test_a_lock_without_a_base_is_refused():
    with pytest.raises(Refused) as refusal:
        cascade(
            Plan.load(
                "{kind: ratio, total: 0.2, periods: [y], units: [{code: a, denominator: 0, lock: 0.3},"
                " {code: b, denominator: 5}]}"
            )
        )
    assert refusal.value.code == "cascade.ratio-without-base"


def test_a_cell_without_a_base_has_no_ratio():
    found = cascade(
        Plan.load(
            "{kind: ratio, total: 0.2, periods: [p, q], units: [{code: a, denominator: [0, 10]},"
            " {code: b, denominator: [10, 10]}]}"
        )
    )
    assert found.of("a", "p") is None
    assert found.as_json()["cells"][0]["value"] is None

"""KPI trees: the parts and the residual are the gap, also where a rate has no value."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steelyard.engine.drivers import Formula, decompose
from steelyard.errors import Refused

WON = Formula.parse("opportunities_closed × win_rate × average_deal_size")
COLLECTED = Formula.parse(
    "invoiced_due × collection_rate + collected_from_earlier_due + collected_ahead − collected_before_period"
)
OPPORTUNITIES = Formula.parse("leads × opportunities_per_lead + opportunities_without_lead")
LEADS = Formula.parse("spend ÷ cost_per_lead + leads_without_spend")


def ratio(numerator, denominator):
    return numerator / denominator if denominator else None


def won_point(closed, won, revenue):
    return {
        "opportunities_closed": closed,
        "win_rate": ratio(won, closed),
        "average_deal_size": ratio(revenue, won),
    }


def leads_point(spend, leads, rest=0):
    return {"spend": spend, "cost_per_lead": ratio(spend, leads), "leads_without_spend": rest}


def parts(found):
    return {each.factor: each.contribution for each in found.contributions}


def assert_adds_up(found):
    terms = [*parts(found).values(), found.residual]
    assert abs(math.fsum(terms) - found.gap) <= 1e-9 * max(1.0, math.fsum(map(abs, terms)))


def test_worked_by_hand():
    """Das Gupta's three-factor formula: Δa · (2bc + 2BC + bC + Bc) / 6."""
    found = decompose(WON, actual=won_point(50, 20, 3000), baseline=won_point(40, 20, 2000), gap=1000)
    a, b, c = (40, 50), (0.5, 0.4), (100, 150)
    volume = 10 * (2 * b[0] * c[0] + 2 * b[1] * c[1] + b[0] * c[1] + b[1] * c[0]) / 6
    rate = -0.1 * (2 * a[0] * c[0] + 2 * a[1] * c[1] + a[0] * c[1] + a[1] * c[0]) / 6
    size = 50 * (2 * a[0] * b[0] + 2 * a[1] * b[1] + a[0] * b[1] + a[1] * b[0]) / 6
    assert parts(found) == pytest.approx(
        {"opportunities_closed": volume, "win_rate": rate, "average_deal_size": size}
    )
    assert [each.factor for each in found.contributions] == [
        "average_deal_size",
        "win_rate",
        "opportunities_closed",
    ]
    assert found.residual == 0.0


@pytest.mark.parametrize(
    ("actual", "baseline", "expected"),
    [
        pytest.param((10, 5, 500), (0, 0, 0), (500, 0, 0), id="nothing closed then: all volume"),
        pytest.param((0, 0, 0), (10, 5, 500), (-500, 0, 0), id="nothing closed now: all volume"),
        pytest.param((8, 0, 0), (8, 4, 400), (0, -400, 0), id="nothing won now: all win rate"),
        pytest.param((10, 0, 0), (8, 4, 400), (50, -450, 0), id="more closed, nothing won"),
        pytest.param((8, 0, 0), (0, 0, 0), (0, 0, 0), id="nothing won either way"),
        pytest.param((0, 0, 0), (0, 0, 0), (0, 0, 0), id="nothing at all"),
    ],
)
def test_a_rate_without_volume_is_held(actual, baseline, expected):
    now, then = won_point(*actual), won_point(*baseline)
    found = decompose(WON, actual=now, baseline=then, gap=actual[2] - baseline[2])
    names = ("opportunities_closed", "win_rate", "average_deal_size")
    assert parts(found) == pytest.approx(dict(zip(names, expected, strict=True)))
    assert found.residual == 0.0


@pytest.mark.parametrize(
    ("actual", "baseline", "expected"),
    [
        pytest.param((50, 10), (100, 20), (-10, 0), id="half the money"),
        pytest.param((50, 0), (50, 10), (0, -10), id="money without a lead: cost per lead"),
        pytest.param((0, 0), (50, 10), (-10, 0), id="no money: spend"),
        pytest.param((50, 10), (50, 0), (0, 10), id="the way back"),
        pytest.param((100, 0), (50, 10), (5, -15), id="more money without a lead"),
        pytest.param((50, 0), (0, 0), (0, 0), id="never a lead"),
    ],
)
def test_money_without_a_lead(actual, baseline, expected):
    found = decompose(
        LEADS, actual=leads_point(*actual), baseline=leads_point(*baseline), gap=actual[1] - baseline[1]
    )
    assert parts(found) == pytest.approx(
        {"spend": expected[0], "cost_per_lead": expected[1], "leads_without_spend": 0}
    )
    assert found.residual == 0.0


def test_a_value_that_is_missing_though_it_matters_is_refused():
    broken = {**won_point(8, 4, 400), "win_rate": None}
    with pytest.raises(Refused) as refusal:
        decompose(WON, actual=won_point(8, 4, 400), baseline=broken)
    assert refusal.value.code == "drivers.undefined-factor"
    assert refusal.value.params == {"names": ["win_rate"], "period": "baseline"}


def test_a_division_by_zero_and_an_infinite_value_are_refused():
    with pytest.raises(Refused, match=r"drivers\.division-by-zero"):
        decompose(Formula.parse("a / b"), actual={"a": 1, "b": 0}, baseline={"a": 1, "b": 1})
    with pytest.raises(Refused, match=r"drivers\.not-a-number"):
        decompose(Formula.parse("a * b"), actual={"a": 1, "b": math.inf}, baseline={"a": 1, "b": 1})
    with pytest.raises(Refused, match=r"formula\.missing-value"):
        decompose(Formula.parse("a * b"), actual={"a": 1}, baseline={"a": 1, "b": 1})


def test_what_the_factors_do_not_explain_is_the_residual():
    found = decompose(WON, actual=won_point(10, 5, 600), baseline=won_point(10, 5, 500), gap=130)
    assert (found.gap, found.residual) == (130, pytest.approx(30))
    assert_adds_up(found)


def test_lmdi_over_a_sum_of_products():
    now, then = (
        {"leads": 120, "opportunities_per_lead": 0.2, "opportunities_without_lead": 6},
        {"leads": 100, "opportunities_per_lead": 0.25, "opportunities_without_lead": 5},
    )
    found = decompose(OPPORTUNITIES, actual=now, baseline=then, gap=0, method="lmdi")
    weight = (24 - 25) / math.log(24 / 25)
    assert parts(found) == pytest.approx(
        {
            "leads": weight * math.log(1.2),
            "opportunities_per_lead": weight * math.log(0.8),
            "opportunities_without_lead": 1,
        }
    )
    assert (found.method, found.residual) == ("lmdi", 0.0)
    with pytest.raises(Refused, match=r"lmdi\.non-positive"):
        decompose(OPPORTUNITIES, actual={**now, "leads": 0}, baseline=then, method="lmdi")


def test_numbers_of_numpy_do_not_overflow():
    big = np.int64(2**62)
    found = decompose(
        Formula.parse("a * b"), actual={"a": big, "b": big}, baseline={"a": 0, "b": np.float64(1)}
    )
    assert sum(parts(found).values()) == 2.0**124


COUNTS = st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(0, 10**7)).map(
    lambda c: (max(c[:2]), min(c[:2]), c[2] if min(c[:2]) else 0)
)


@given(COUNTS, COUNTS)
def test_won_revenue_has_no_residual_whatever_the_counts(now, then):
    actual, baseline = won_point(*now), won_point(*then)
    found = decompose(WON, actual=actual, baseline=baseline, gap=now[2] - then[2])
    assert found.residual == 0.0
    assert_adds_up(found)
    back = decompose(WON, actual=baseline, baseline=actual, gap=then[2] - now[2])
    assert parts(back) == pytest.approx({name: -part for name, part in parts(found).items()})


MONEY = st.integers(-(10**7), 10**7)


@given(*[st.tuples(st.integers(0, 10**7), *[MONEY] * 4)] * 2)
def test_collected_has_no_residual(now, then):
    def point(due, on_due, earlier, ahead, before):
        on_due = on_due if due else 0
        names = ("collected_from_earlier_due", "collected_ahead", "collected_before_period")
        rest = dict(zip(names, (earlier, ahead, before), strict=True))
        return {
            "invoiced_due": due,
            "collection_rate": ratio(on_due, due),
            **rest,
        }, on_due + earlier + ahead - before

    (actual, after), (baseline, before) = point(*now), point(*then)
    found = decompose(COLLECTED, actual=actual, baseline=baseline, gap=after - before)
    assert found.residual == 0.0
    assert_adds_up(found)


@given(*[st.tuples(*[st.integers(0, 1000)] * 3)] * 2)
def test_leads_has_no_residual(now, then):
    gap = now[1] * bool(now[0]) + now[2] - then[1] * bool(then[0]) - then[2]
    points = [leads_point(spend, leads if spend else 0, rest) for spend, leads, rest in (now, then)]
    found = decompose(LEADS, actual=points[0], baseline=points[1], gap=gap)
    assert found.residual == 0.0


def test_exact_ratios_give_an_exact_split():
    found = decompose(
        Formula.parse("a * b"),
        actual={"a": 3, "b": Fraction(1, 3)},
        baseline={"a": 6, "b": Fraction(1, 6)},
    )
    assert parts(found) == {"a": -0.75, "b": 0.75}
    assert [each.factor for each in found.contributions] == ["a", "b"]


@given(COUNTS, COUNTS)
def test_the_order_of_the_formula_changes_no_byte(now, then):
    other = Formula.parse("average_deal_size × opportunities_closed × win_rate")
    actual, baseline = won_point(*now), won_point(*then)
    swapped = dict(reversed(actual.items()))
    assert repr(decompose(WON, actual=actual, baseline=baseline)) == repr(
        decompose(other, actual=swapped, baseline=baseline)
    )

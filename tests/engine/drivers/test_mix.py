"""Mix and rate of a ratio: worked tables, categories that come and go, sums."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steelyard.engine.drivers import mix_and_rate, shapley
from steelyard.errors import Refused


def lines(found):
    return {each.category: each for each in found.categories}


def test_simpsons_paradox_shows_as_rate_up_and_mix_down():
    """Every channel converts better, the whole converts worse: leads moved to the weak channel."""
    found = mix_and_rate(
        baseline={"ads": (5, 100), "referral": (90, 300)}, actual={"ads": (18, 300), "referral": (32, 100)}
    )
    assert found.baseline == 0.2375
    assert found.actual == 0.125
    assert found.rate == pytest.approx(0.5 * 0.01 + 0.5 * 0.02)
    assert found.mix == pytest.approx(-0.1275)
    assert {name: line.mix for name, line in lines(found).items()} == pytest.approx(
        {"ads": (0.055 - 0.18125) * 0.5, "referral": (0.31 - 0.18125) * -0.5}
    )


def test_a_new_category_is_all_mix():
    found = mix_and_rate(baseline={"a": (10, 20)}, actual={"a": (10, 20), "new": (0, 20)})
    assert (found.gap, found.mix, found.rate) == (-0.25, -0.25, 0.0)
    new = lines(found)["new"]
    assert (new.rate, new.baseline_rate, new.actual_rate) == (0.0, None, 0.0)


def test_a_category_that_is_gone_is_all_mix():
    found = mix_and_rate(baseline={"a": (10, 20), None: (0, 20)}, actual={"a": (10, 20)})
    assert (found.gap, found.mix, found.rate) == (0.25, 0.25, 0.0)
    assert lines(found)[None].actual_share == 0.0


def test_a_numerator_without_a_denominator_moves_the_rate():
    found = mix_and_rate(baseline={"a": (10, 20), "fee": (0, 0)}, actual={"a": (10, 20), "fee": (-4, 0)})
    assert lines(found)["fee"].rate == pytest.approx(-0.2)
    assert found.mix == 0.0


@pytest.mark.parametrize("period", ["baseline", "actual"])
def test_a_period_without_any_denominator_is_refused(period):
    sides = {"baseline": {"a": (1, 2)}, "actual": {"a": (1, 2)}, period: {"a": (0, 0)}}
    with pytest.raises(Refused) as refusal:
        mix_and_rate(**sides)
    assert (refusal.value.code, refusal.value.params) == ("mix.no-denominator", {"period": period})


CELLS = st.tuples(st.integers(0, 10), st.integers(0, 90)).map(lambda c: (c[0], c[0] + c[1]))
SIDES = st.dictionaries(st.sampled_from("abcdefgh"), CELLS, min_size=1).filter(
    lambda side: sum(d for _, d in side.values())
)


@given(SIDES, SIDES)
def test_lines_sum_to_the_gap(baseline, actual):
    found = mix_and_rate(baseline=baseline, actual=actual)
    parts = [part for line in found.categories for part in (line.mix, line.rate)]
    assert abs(math.fsum(parts) - found.gap) <= 1e-9
    assert abs(found.mix + found.rate - found.gap) <= 1e-9
    back = mix_and_rate(baseline=actual, actual=baseline)
    assert back.mix == pytest.approx(-found.mix, abs=1e-12)


@given(SIDES, SIDES, st.randoms(use_true_random=False))
def test_the_order_of_categories_changes_no_byte(baseline, actual, chance):
    shuffled = []
    for side in (baseline, actual):
        items = list(side.items())
        chance.shuffle(items)
        shuffled.append(dict(items))
    first = mix_and_rate(baseline=baseline, actual=actual)
    assert repr(first) == repr(mix_and_rate(baseline=shuffled[0], actual=shuffled[1]))


@given(st.lists(st.tuples(*[st.integers(1, 50)] * 4), min_size=1, max_size=6))
def test_the_two_sums_are_shapley_values(rows):
    """With every category in both periods: shares as one factor, rates as the other."""
    baseline = {str(i): (a, b) for i, (a, b, _, _) in enumerate(rows)}
    actual = {str(i): (c, d) for i, (_, _, c, d) in enumerate(rows)}

    def factors(side):
        whole = sum(d for _, d in side.values())
        return {"mix": [d / whole for _, d in side.values()], "rate": [n / d for n, d in side.values()]}

    expected = shapley(
        lambda v: math.fsum(s * r for s, r in zip(v["mix"], v["rate"], strict=True)),
        baseline=factors(baseline),
        actual=factors(actual),
    )
    found = mix_and_rate(baseline=baseline, actual=actual)
    assert (found.mix, found.rate) == pytest.approx((expected["mix"], expected["rate"]), abs=1e-9)

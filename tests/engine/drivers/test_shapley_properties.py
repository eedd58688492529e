"""What defines the Shapley value, on random factors with zeros and negative values."""

import itertools
import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steelyard.engine.drivers import shapley, shapley_product
from steelyard.errors import Refused

NUMBERS = st.one_of(st.just(0), st.integers(-50, 50), st.fractions(-5, 5, max_denominator=7))
PERIODS = st.integers(1, 5).flatmap(
    lambda n: st.tuples(*(st.lists(NUMBERS, min_size=n, max_size=n) for _ in range(2)))
)


def named(values):
    return dict(zip("abcdefghij", values, strict=False))


def product(point):
    return math.prod(point.values())


def mixed(point):
    first, *rest = point.values()
    return first * sum(rest, Fraction(1)) ** 2 - sum(rest)


def by_orders(value, baseline, actual):
    """The definition itself: the mean step over all orders of switching."""
    total = dict.fromkeys(actual, Fraction(0))
    orders = list(itertools.permutations(actual))
    for names in orders:
        point = dict(baseline)
        for name in names:
            before = value(point)
            point[name] = actual[name]
            total[name] += Fraction(value(point) - before, len(orders))
    return total


@given(PERIODS)
def test_equals_the_definition_and_the_closed_form(periods):
    baseline, actual = map(named, periods)
    expected = by_orders(product, baseline, actual)
    assert shapley(product, baseline=baseline, actual=actual) == expected
    assert shapley_product(baseline=baseline, actual=actual) == expected


@given(PERIODS)
def test_parts_sum_to_the_whole(periods):
    baseline, actual = map(named, periods)
    found = shapley(mixed, baseline=baseline, actual=actual)
    assert sum(found.values()) == mixed(actual) - mixed(baseline)


@given(PERIODS)
def test_the_way_back_is_the_way_there_with_the_other_sign(periods):
    baseline, actual = map(named, periods)
    there = shapley(mixed, baseline=baseline, actual=actual)
    back = shapley(mixed, baseline=actual, actual=baseline)
    assert there == {name: -part for name, part in back.items()}


@given(PERIODS, NUMBERS)
def test_a_factor_without_effect_gets_nothing_and_changes_nothing(periods, other):
    baseline, actual = map(named, periods)
    found = shapley(
        lambda point: product({name: v for name, v in point.items() if name != "z"}),
        baseline={**baseline, "z": 0},
        actual={**actual, "z": other},
    )
    assert found.pop("z") == 0
    assert found == shapley(product, baseline=baseline, actual=actual)


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_factors_that_do_the_same_get_the_same(old, new, other_old, other_new):
    found = shapley(
        product, baseline={"a": old, "b": old, "c": other_old}, actual={"a": new, "b": new, "c": other_new}
    )
    assert found["a"] == found["b"]


FLOATS = st.floats(-1e6, 1e6, allow_nan=False)


@given(st.lists(st.tuples(FLOATS, FLOATS), min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_factors_changes_no_byte(pairs, chance):
    names = list("abcdefg"[: len(pairs)])
    baseline, actual = (named(side) for side in zip(*pairs, strict=True))
    chance.shuffle(names)

    def value(point):
        return math.fsum(sorted(point.values())) * point["a"]

    first = shapley(value, baseline=baseline, actual=actual)
    second = shapley(
        value,
        baseline={name: baseline[name] for name in names},
        actual={name: actual[name] for name in names},
    )
    assert repr(first) == repr(second)
    terms = [*first.values()]
    gap = value(actual) - value(baseline)
    assert abs(math.fsum(terms) - gap) <= 1e-9 * max(1, math.fsum(map(abs, terms)))


def test_more_than_twelve_changed_factors_are_refused_but_not_as_a_product():
    baseline = {f"f{i}": 1 for i in range(13)}
    actual = dict.fromkeys(baseline, 2)
    with pytest.raises(Refused, match=r"drivers\.too-many-factors"):
        shapley(product, baseline=baseline, actual=actual)
    found = shapley_product(baseline=baseline, actual=actual)
    assert set(found.values()) == {Fraction(2**13 - 1, 13)}


@pytest.mark.parametrize("split", [lambda **p: shapley(product, **p), shapley_product])
def test_different_names_are_refused(split):
    with pytest.raises(Refused, match=r"drivers\.different-factors"):
        split(baseline={"a": 1}, actual={"b": 1})

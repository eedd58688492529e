"""Figures that were published, and what must hold of any counts."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steelyard.engine.lenses.chance import (
    Moments,
    between_variance,
    heterogeneity,
    mean_contrast,
    rate_change,
    rate_contrast,
    wilson,
)

counts = st.tuples(st.integers(0, 200), st.integers(1, 200)).map(lambda pair: (min(pair), max(pair)))


@pytest.mark.parametrize(
    ("now", "then", "low", "high"),
    [  # Newcombe (1998), table II, method 10
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_the_interval_of_a_change_is_newcombes(now, then, low, high):
    found = rate_change(now, then)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_wilson_as_published():
    assert [round(each, 4) for each in wilson(81, 263)] == [
        0.2553,
        0.3662,
    ]  # Newcombe (1998), Vollset's example


def test_welch_as_in_his_own_terms():
    one, two = Moments.of(4, 40, 412), Moments.of(9, 63, 513)
    found = mean_contrast((one, two), (1, -1))
    variance = 4 / 4 + 9 / 9
    assert found.value == 3
    assert found.error == pytest.approx(math.sqrt(variance))
    assert found.df == pytest.approx(variance**2 / (1 / 3 + 1 / 8))


def test_people_who_differ_by_chance_alone_have_no_variance_between_them():
    tries = np.full(40, 50.0)
    drawn = np.random.default_rng(1).binomial(50, 0.6, 40).astype(float)
    variance, p = between_variance(drawn, tries)
    assert variance < 0.002
    assert p > 0.05


def test_people_who_differ_do():
    tries = np.full(40, 50.0)
    rates = np.where(np.arange(40) % 2, 0.7, 0.5)
    variance, p = between_variance(tries * rates, tries)
    assert variance == pytest.approx(0.01 - 0.24 / 50, abs=0.001)
    assert p < 0.01


def test_strata_that_agree_are_not_apart():
    assert heterogeneity([0.1, 0.1, 0.1], [0.02, 0.03, 0.04])[1] == pytest.approx(1.0)


@given(counts, counts)
def test_a_change_turned_round_is_its_mirror(now, then):
    one, two = rate_change(now, then), rate_change(then, now)
    assert one.value == pytest.approx(-two.value)
    assert (one.low, one.high) == pytest.approx((-two.high, -two.low))
    assert one.low - 1e-12 <= one.value <= one.high + 1e-12


@given(counts, counts)
def test_what_changed_alike_everywhere_is_no_contrast(now, then):
    assert rate_contrast(now, then, now, then).value == pytest.approx(0.0)

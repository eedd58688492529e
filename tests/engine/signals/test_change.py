"""Change points: Nile, agreement with ruptures, silence on noise."""

import csv
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.engine.signals import change_point, suggest_starts
from steelyard.errors import Refused
from tests.shared import SHARED

NILE = SHARED / "stats" / "datasets_Nile.csv"


@pytest.mark.skipif(not NILE.exists(), reason=f"no {NILE}")
def test_the_nile_changed_in_1898():
    with NILE.open() as file:
        rows = [(int(row["time"]), float(row["value"])) for row in csv.DictReader(file)]
    values = [value for _, value in rows]
    found = change_point(values)
    assert (found.index, rows[found.index - 1][0]) == (28, 1898)
    assert (found.before, found.after) == pytest.approx((1097.75, 849.9722), abs=5e-5)
    assert found.p_value == 1 / 2000
    assert suggest_starts(values) == (28,)


def random_series(seed):
    chance = np.random.default_rng(seed)
    n = int(chance.integers(8, 60))
    jump = chance.integers(2, n - 2)
    return chance.normal(size=n) + np.where(np.arange(n) >= jump, chance.normal(0, 3), 0)


@pytest.mark.parametrize("seed", range(40))
def test_the_split_is_that_of_ruptures(seed):
    from ruptures.detection import Dynp

    series = random_series(seed)
    expected = Dynp(model="l2", min_size=2, jump=1).fit(series).predict(n_bkps=1)[0]
    assert change_point(series.tolist(), alpha=1.0).index == expected


@pytest.mark.parametrize("n", [8, 24, 48])
def test_noise_is_no_change(n):
    chance = random.Random(n)
    draws = 400
    alarms = sum(change_point([chance.gauss(50, 5) for _ in range(n)]) is not None for _ in range(draws))
    assert alarms / draws <= 0.08


def test_noise_suggests_no_baseline():
    chance = random.Random(9)
    alarms = sum(bool(suggest_starts([chance.gauss(50, 5) for _ in range(36)])) for _ in range(100))
    assert alarms <= 8


def test_a_change_three_months_ago_is_seen():
    chance = random.Random(2)
    found = []
    for _ in range(50):
        values = [chance.gauss(0, 1) - (4 if month >= 21 else 0) for month in range(24)]
        found.append(change_point(values))
    assert sum(each is not None and each.index == 21 and each.difference < 0 for each in found) >= 40


def test_up_and_down_again_gives_two_baselines():
    chance = random.Random(4)
    values = [chance.gauss(3 if 12 <= month < 24 else 0, 0.7) for month in range(36)]
    assert suggest_starts(values) == (12, 24)


def test_points_without_a_value_are_passed_over():
    found = change_point([1.0, None, 1.1, 0.9, 1.0, None, 5.0, 5.1, 4.9, None, 5.0, 5.2])
    assert found.index == 6


@pytest.mark.parametrize("values", [[], [1.0, 1.0, 9.0, 9.0, 9.0], [0.1] * 20, [None] * 20])
def test_too_few_or_equal_values_give_none(values):
    assert change_point(values) is None
    assert suggest_starts(values) == ()


def test_very_long_series_are_refused():
    with pytest.raises(Refused, match=r"signals\.too-many-points"):
        suggest_starts([1.0] * 401)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(-100, 100), min_size=6, max_size=30), st.integers(-1000, 1000))
def test_shifting_and_mirroring_keep_the_split(values, shift):
    first = change_point(values, alpha=1.0)
    second = change_point([shift - value for value in values], alpha=1.0)
    assert (first and first.index) == (second and second.index)
    if first:
        assert second.difference == pytest.approx(-first.difference)

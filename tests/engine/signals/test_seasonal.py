"""Seasonal factors against R's decompose, and when there is no season to speak of."""

import csv
import random

import pytest

from steelyard.engine.signals import adjusted, seasonal_factors
from steelyard.errors import Refused
from tests.shared import SHARED

PASSENGERS = SHARED / "stats" / "datasets_AirPassengers.csv"


@pytest.mark.skipif(not PASSENGERS.exists(), reason=f"no {PASSENGERS}")
def test_air_passengers_as_in_r():
    with PASSENGERS.open() as file:
        values = [float(row["value"]) for row in csv.DictReader(file)]
    season = seasonal_factors(values, length=12)
    # fmt: off
    assert season.factors == pytest.approx(
        [0.91023037, 0.88362532, 1.00736629, 0.97590601, 0.98137803, 1.11277583, 1.22655554, 1.21991097,
         1.06049193, 0.92175724, 0.80117808, 0.89882439], abs=1e-7)
    # fmt: on
    assert (season.kind, season.cycles) == ("ratio", 11)
    assert seasonal_factors(adjusted(values, season=season), length=12) is None


def test_an_odd_cycle_with_negative_values_by_difference():
    pattern = [-3.0, 0.0, 0.0, 0.0, 0.0, 1.0, 2.0]
    season = seasonal_factors([each + 1 for each in pattern * 4], length=7)
    assert season.kind == "difference"
    assert season.factors == pytest.approx(pattern)
    assert adjusted([-2.0, None], season=season) == [pytest.approx(1.0), None]
    assert season.restore(season.remove(5.0, index=3), index=3) == 5.0


def test_a_trend_is_no_season():
    assert seasonal_factors([100.0 + 3 * i for i in range(48)], length=12) is None


def test_noise_is_no_season():
    chance = random.Random(1)
    found = [seasonal_factors([chance.gauss(100, 10) for _ in range(36)], length=12) for _ in range(300)]
    assert sum(each is not None for each in found) <= 3


def test_two_years_are_too_few():
    pattern = [1.0] * 11 + [3.0]
    assert seasonal_factors(pattern * 2, length=12) is None
    assert seasonal_factors(pattern * 3, length=12) is not None


def test_a_gap_takes_out_only_what_it_touches():
    values: list[float | None] = [1.0, 2.0, 3.0, 2.0] * 8
    values[5] = None
    assert seasonal_factors(values, length=4).factors == pytest.approx([0.5, 1.0, 1.5, 1.0])


def test_refusals():
    with pytest.raises(Refused, match=r"signals\.season-too-short"):
        seasonal_factors([1.0] * 9, length=1)
    with pytest.raises(Refused, match=r"signals\.season-non-positive"):
        seasonal_factors([0.0, 1.0] * 9, length=2, kind="ratio")

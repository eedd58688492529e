"""The profile of a year: the published factors, a holiday that moves, what it says when it knows little."""

import csv
import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.engine.forecast import outlook_of, pace, seasonal_profile
from steelyard.engine.forecast.holiday import holiday_shares
from steelyard.errors import Refused
from tests.shared import SHARED

AIR = SHARED / "stats" / "datasets_AirPassengers.csv"
# R: decompose(AirPassengers, "multiplicative")$figure
PUBLISHED = (
    *(0.91023037, 0.88362532, 1.00736629, 0.97590601, 0.98137803, 1.11277583),
    *(1.22655554, 1.21991097, 1.06049193, 0.92175724, 0.80117808, 0.89882439),
)
JANUARY = date(2015, 1, 1)


@pytest.mark.skipif(not AIR.exists(), reason=f"{AIR} is not there")
def test_air_passengers_have_the_factors_of_r() -> None:
    rows = csv.DictReader(AIR.read_text(encoding="utf-8").splitlines())
    values = [float(row["value"]) for row in rows]
    profile = seasonal_profile(values, starts=date(1949, 1, 1))
    assert [share * 12 for share in profile.shares] == pytest.approx(PUBLISHED, abs=1e-8)
    assert (profile.method, profile.n_years, profile.holiday) == ("ratio", 12, 0)


def planted(
    months: int, *, effect: float, seed: int = 0, noise: float = 0.03
) -> tuple[list[float], np.ndarray]:
    """Return a series whose 春节 multiplies by e**effect, and its share of each month."""
    moved = holiday_shares(JANUARY, count=months, grain="month", country="CN")
    season = 0.2 * np.sin(np.arange(months) * math.pi / 6)
    error = noise * np.random.default_rng(seed).normal(size=months)
    return np.exp(6 + 0.005 * np.arange(months) + season + effect * moved + error).tolist(), moved


def test_a_holiday_that_moves_is_found() -> None:
    history, _moved = planted(96, effect=-0.5)
    profile = seasonal_profile(history, starts=JANUARY, country="CN")
    assert profile.holiday == pytest.approx(-0.5, abs=0.06)


def test_the_holiday_is_where_it_falls_in_a_coming_year() -> None:
    """2023: all of it in January; 2024: all in February; 2025: four days in January, three in February."""
    history, _moved = planted(96, effect=-0.5)
    told, blurred = (seasonal_profile(history, starts=JANUARY, country=country) for country in ("CN", None))
    for year in (2023, 2024, 2025, 2026):
        first = (year - 2015) * 12
        truth = np.array(planted(first + 12, effect=-0.5, noise=0)[0][first:])
        shares = truth / truth.sum()
        mine, theirs = (np.array(profile.for_year(year))[:2] for profile in (told, blurred))
        assert mine == pytest.approx(shares[:2], rel=0.06)
        assert np.abs(mine - shares[:2]).max() <= np.abs(theirs - shares[:2]).max() + 0.002
    assert told.for_year(2023)[0] < told.for_year(2024)[0] * 0.7


def test_a_forecast_has_it_too() -> None:
    """January 2023 held the whole holiday, as the Januaries of most years before did not."""
    history, _moved = planted(96, effect=-0.5)
    truth = planted(99, effect=-0.5, noise=0)[0][96:]
    told = outlook_of(history, horizon=3, starts=JANUARY, country="CN")
    blurred = outlook_of(history, horizon=3)
    assert told.periods[:, 20] == pytest.approx(truth, rel=0.06)
    assert abs(told.periods[0, 20] / truth[0] - 1) < abs(blurred.periods[0, 20] / truth[0] - 1) / 3


def test_no_holiday_effect_is_made_up() -> None:
    found = [
        seasonal_profile(planted(96, effect=0.0, seed=seed)[0], starts=JANUARY, country="CN").holiday
        for seed in range(20)
    ]
    assert np.mean(np.abs(found)) < 0.02


def test_the_lunar_week_lies_where_the_calendar_has_it() -> None:
    """New Year's Day: 2024-02-10, 2023-01-22, 2020-01-25; the week runs from the day before."""
    for year, expected in (
        (2024, (0, 1)),
        (2023, (1, 0)),
        (2020, (1, 0)),
        (2028, (1, 0)),
        (2025, (4 / 7, 3 / 7)),
    ):
        found = holiday_shares(date(year, 1, 1), count=2, grain="month", country="CN")
        assert found == pytest.approx(expected)


def test_easter_moves_between_march_and_april() -> None:
    """Good Friday to Easter Monday: 29 March to 1 April 2024, 18 to 21 April 2025."""
    found = holiday_shares(date(2024, 1, 1), count=24, grain="month", country="DE")
    assert found[2:4] == pytest.approx([0.75, 0.25])
    assert found[14:16] == pytest.approx([0, 1])
    assert holiday_shares(date(2024, 1, 1), count=24, grain="month", country="US").sum() == 0


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0, 1e4), min_size=1, max_size=60), st.integers(1, 12), st.integers(2015, 2030))
def test_shares_are_a_year(history: list[float], month: int, year: int) -> None:
    profile = seasonal_profile(history, starts=date(2015, month, 1), country="CN")
    shares = profile.for_year(year)
    assert (len(shares), sum(shares)) == (12, pytest.approx(1, abs=1e-12))
    assert min(shares) >= 0
    fiscal = profile.for_periods(date(year, 4, 1), 12)
    assert sum(fiscal) == pytest.approx(1, abs=1e-12)


def test_a_history_that_begins_within_the_year_has_its_months_right() -> None:
    history, _moved = planted(96, effect=0.0)
    whole = seasonal_profile(history, starts=JANUARY)
    later = seasonal_profile(history[5:], starts=date(2015, 6, 1))
    assert later.shares == pytest.approx(whole.shares, abs=0.003)


def test_two_years_are_taken_and_less_is_equal() -> None:
    history, _moved = planted(24, effect=0.0, noise=0.0)
    two = seasonal_profile(history, starts=JANUARY)
    assert (two.method, two.n_years) == ("ratio", 2)
    assert two.shares[3] > two.shares[9] * 1.3
    one = seasonal_profile(history[:23], starts=JANUARY)
    assert (one.method, one.shares) == ("equal", (1 / 12,) * 12)


def test_other_grains_have_no_profile() -> None:
    with pytest.raises(Refused, match="unknown-grain"):
        seasonal_profile([1.0] * 60, starts=JANUARY, grain="week")
    with pytest.raises(Refused, match="bad-season"):
        seasonal_profile([1.0] * 60, starts=JANUARY, season=7)


def test_pace_goes_by_the_profile_and_not_by_time() -> None:
    history, _moved = planted(96, effect=-0.5, noise=0.0)
    shares = seasonal_profile(history, starts=JANUARY, country="CN").for_year(2023)
    found = pace([40, None], target=1200, profile=shares, elapsed=1)
    assert found.rule == "profile"
    assert found.expected_by_now == pytest.approx(1200 * shares[0], rel=1e-9)
    assert found.difference == pytest.approx(40 - found.expected_by_now)
    half = pace([40], target=1200, profile=shares, elapsed=0.5)
    assert half.expected_by_now == pytest.approx(found.expected_by_now / 2, rel=1e-9)


def test_pace_without_a_profile_says_so() -> None:
    found = pace([5], target=60, profile=None, elapsed=3, periods=12)
    assert (found.rule, found.expected_by_now, found.share_elapsed) == ("equal", 15, 0.25)
    assert pace([5], target=60, profile=[0.5, 0.5], elapsed=2).share_elapsed == 1
    with pytest.raises(Refused, match="bad-elapsed"):
        pace([5], target=60, profile=[0.5, 0.5], elapsed=3)

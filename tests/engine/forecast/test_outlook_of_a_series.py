"""The outlook of a series: what it must give, whatever the series is like."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.engine.forecast import Calibration, Outlook, outlook_of, ratio_outlook_of
from steelyard.errors import Refused

positive = st.lists(st.floats(1.5, 1e5), min_size=6, max_size=60)
counts = st.lists(st.integers(0, 4).map(float), min_size=6, max_size=40)
signed = st.lists(st.floats(-1e4, 1e4), min_size=6, max_size=40)
seeds = st.integers(0, 2**32 - 1)


def noise(count: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=count)


def test_independent_months_come_near_to_their_arithmetic() -> None:
    """240 months of N(10, 2): of four, 45 is reached with 0.1056, up to what the sample and caution add."""
    chances = [
        outlook_of((10 + 2 * noise(240, seed)).tolist(), horizon=4, season=1).chance(45) for seed in range(20)
    ]
    assert np.mean(chances) == pytest.approx(0.10565, abs=0.04)


def test_a_season_is_carried_on() -> None:
    shape = np.tile([60.0, 80, 100, 160], 6)
    history = shape * np.exp(0.02 * noise(24, 3))
    outlook = outlook_of(history.tolist(), horizon=4, grain="quarter")
    assert outlook.season == 4
    middle = outlook.periods[:, 20]
    assert middle == pytest.approx(shape[:4], rel=0.06)
    assert outlook.quantile(0.5) == pytest.approx(400, rel=0.04)


def test_a_steady_growth_goes_on() -> None:
    history = 100 * np.exp(0.02 * np.arange(60) + 0.01 * noise(60, 5))
    outlook = outlook_of(history.tolist(), horizon=12, season=1)
    last_year = history[-12:].sum()
    assert 1.1 * last_year < outlook.quantile(0.5) < 1.3 * last_year
    assert outlook.chance(last_year) > 0.95


def test_more_of_the_past_makes_the_future_no_wider() -> None:
    history = (100 + 10 * noise(96, 7)).tolist()
    widths = [
        outlook.quantile(0.9) - outlook.quantile(0.1)
        for outlook in (outlook_of(history[-count:], horizon=12) for count in (8, 30, 96))
    ]
    assert widths[0] > widths[1] > widths[2] * 0.9


def test_a_few_months_are_refused_and_said_how_few() -> None:
    with pytest.raises(Refused) as refused:
        outlook_of([1.0, None, 3, 4, None, 5, 6], horizon=3)
    assert (refused.value.code, refused.value.params) == ("forecast.too-short", {"found": 5, "needed": 6})


@pytest.mark.parametrize(
    ("code", "history", "how"),
    [
        ("forecast.bad-horizon", [1.0] * 9, {"horizon": 0}),
        ("forecast.bad-season", [1.0] * 9, {"horizon": 3, "season": 0}),
        ("forecast.not-a-number", [1.0, float("nan"), *[1.0] * 9], {"horizon": 3}),
        (
            "forecast.unknown-country",
            [1.0] * 9,
            {"horizon": 3, "country": "XX", "starts": date(2024, 1, 1)},
        ),
    ],
)
def test_what_cannot_be_is_refused(code: str, history: list[float], how: dict) -> None:
    with pytest.raises(Refused) as refused:
        outlook_of(history, **how)
    assert refused.value.code == code


def test_what_never_changed_does_not_change() -> None:
    outlook = outlook_of([7.0] * 30, horizon=12)
    assert (outlook.method, outlook.quantile(0.1), outlook.mean()) == ("constant", 84, pytest.approx(84))
    assert (outlook.chance(84), outlook.chance(84.1)) == (1, 0)
    assert outlook_of([0.0] * 9, horizon=3).chance(1) == 0


def test_missing_months_are_filled_for_the_level_alone() -> None:
    history: list[float | None] = (100 + 5 * noise(48, 11)).tolist()
    whole = outlook_of(history, horizon=6)
    for place in (3, 17, 18, 30, 40):
        history[place] = None
    holed = outlook_of(history, horizon=6)
    assert holed.n == whole.n - 5
    assert holed.quantile(0.5) == pytest.approx(whole.quantile(0.5), rel=0.03)


def test_months_missing_at_the_end_are_not_counted_in_the_total() -> None:
    shape = np.tile([60.0, 80, 100, 160], 8) * np.exp(0.01 * noise(32, 13))
    late = outlook_of([*shape[:-1].tolist(), None], horizon=1, grain="quarter")
    assert late.quantile(0.5) == pytest.approx(60, rel=0.06)
    assert outlook_of([None, None, *shape.tolist()], horizon=1, grain="quarter").n == 32


def test_deals_of_one_person_are_drawn_and_never_negative() -> None:
    deals = np.random.default_rng(1).poisson(0.6, 36).astype(float)
    outlook = outlook_of(deals.tolist(), horizon=3)
    assert (outlook.method, outlook.floor, outlook.step) == ("resampling", 0, 1)
    assert outlook.totals.min() >= 0
    assert outlook.periods.min() >= 0
    assert outlook.chance(0) == 1
    assert outlook.chance(1, 1) == pytest.approx(np.mean(deals > 0), abs=0.15)


def test_a_pool_of_like_series_sets_the_spread() -> None:
    history = (100 + 10 * noise(14, 17)).tolist()
    tight, wide = (
        outlook_of(history, horizon=12, season=1, pool=Calibration(factor)) for factor in (0.5, 2.0)
    )
    assert wide.spread() > 2 * tight.spread()
    assert tight.calibration.source == "own" or tight.calibration.origins == 0


@settings(max_examples=40, deadline=None)
@given(st.one_of(positive, counts, signed), st.integers(1, 14))
def test_quantiles_are_in_order_and_finite(history: list[float], horizon: int) -> None:
    outlook = outlook_of(history, horizon=horizon, sims=200)
    for table in (outlook.totals, outlook.periods):
        assert np.isfinite(table).all()
        assert (np.diff(table, axis=1) >= 0).all()
    rounding = 1e-6 * np.abs(outlook.totals).max()
    assert outlook.totals[0] == pytest.approx(outlook.periods[0], abs=rounding)
    if min(history) >= 0:
        assert outlook.totals.min() >= 0
    assert 0 <= outlook.chance(sum(history)) <= 1


@settings(max_examples=30, deadline=None)
@given(positive, st.sampled_from([0.01, 1000.0, 1e6]))
def test_the_unit_does_not_matter(history: list[float], unit: float) -> None:
    history = [value + 0.123456 for value in history]
    plain, scaled = (outlook_of([value * by for value in history], horizon=6) for by in (1.0, unit))
    largest = np.abs(plain.totals).max()
    assert scaled.totals / unit == pytest.approx(plain.totals, rel=1e-5, abs=1e-6 * largest)


@settings(max_examples=20, deadline=None)
@given(st.one_of(positive, counts), seeds)
def test_the_same_question_has_the_same_answer(history: list[float], seed: int) -> None:
    answers = [outlook_of(history, horizon=5, seed=seed).as_json() for _ in range(2)]
    assert answers[0] == answers[1]


@settings(max_examples=20, deadline=None)
@given(counts)
def test_a_share_stays_between_nothing_and_all(wins: list[float]) -> None:
    outlook = ratio_outlook_of(wins, [value + 1 for value in wins], horizon=4)
    assert outlook.totals.min() >= 0
    assert outlook.totals.max() <= 1
    assert outlook.chance(1.01) == 0


def test_a_ratio_is_that_of_the_sums() -> None:
    """One month of 1,000 cases at 10 % weighs more than many of 10 at 90 %."""
    wins = [100.0, 9, 9, 100, 9, 9, 100, 9, 9, 100, 9, 9]
    cases = [1000.0, 10, 10, 1000, 10, 10, 1000, 10, 10, 1000, 10, 10]
    outlook = ratio_outlook_of(wins, cases, horizon=12, season=1)
    assert 0.1 < outlook.quantile(0.5) < 0.2
    assert outlook.quantile(0.5, 1) > outlook.quantile(0.5)


def test_a_ratio_of_many_cases_is_surer() -> None:
    random = np.random.default_rng(19)
    few, many = (random.binomial(size, 0.3, 36) for size in (10, 1000))
    spreads = [
        ratio_outlook_of(won.tolist(), [size] * 36, horizon=3).spread()
        for won, size in ((few, 10), (many, 1000))
    ]
    assert spreads[0] > 5 * spreads[1]


def test_a_rate_that_drifts_is_covered_as_promised() -> None:
    """48 months of 1,000 cases, the odds moving by 8 % a month: the year after lies inside its 80 %."""
    inside = []
    for seed in range(60):
        random = np.random.default_rng(seed)
        odds = -0.8 + np.cumsum(0.08 * random.normal(size=48))
        cases = random.poisson(1000, 48)
        won = random.binomial(cases, 1 / (1 + np.exp(-odds)))
        outlook = ratio_outlook_of(won[:36].tolist(), cases[:36].tolist(), horizon=12)
        came = won[36:].sum() / cases[36:].sum()
        inside.append(outlook.quantile(0.1) <= came <= outlook.quantile(0.9))
    assert outlook.method == "smoothing"
    assert 0.68 <= np.mean(inside) <= 0.93


def test_a_margin_may_be_negative() -> None:
    margins = 0.02 + 0.05 * noise(36, 29)
    outlook = ratio_outlook_of((1000 * margins).tolist(), [1000.0] * 36, horizon=3)
    assert (outlook.floor, outlook.ceiling) == (None, None)
    assert outlook.quantile(0.01) < 0 < outlook.quantile(0.99)


def test_ratios_that_are_none_are_refused() -> None:
    with pytest.raises(Refused, match="unequal-length"):
        ratio_outlook_of([1, 2], [1], horizon=1)
    with pytest.raises(Refused, match="no-denominator"):
        ratio_outlook_of([1.0] * 8, [0.0] * 8, horizon=1)


def test_an_outlook_is_small_to_keep() -> None:
    outlook = outlook_of((1e6 + 1e5 * noise(48, 23)).tolist(), horizon=12)
    assert isinstance(Outlook.from_json(outlook.as_json()), Outlook)
    assert len(str(outlook.as_json())) < 16_000

"""XmR: published limits, the three rules, baselines, gaps, seasons, false alarms."""

import math
import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steelyard.engine.signals import fired_rules, judge_signal, process_limits
from steelyard.errors import Refused

# fmt: off
NIST = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
NHS = [-0.56047565, -0.23017749, 1.55870831, 0.07050839, 0.12928774, 1.71506499, 0.46091621, -1.26506123,
       -0.68685285, -0.44566197, 1.22408180, 0.35981383, 0.40077145, 0.11068272, -0.55584113, 1.78691314,
       0.49785048, -1.96661716, 0.70135590, -0.47279141]
# fmt: on
NHS_WITH_OUTLIER = [*NHS[:14], 10.0, *NHS[15:]]


def test_nist_handbook_individuals():
    limits = process_limits(NIST)
    assert limits.centre == pytest.approx(50.81)
    assert limits.moving_range == pytest.approx(1.8778, abs=5e-5)
    assert (limits.upper, limits.lower) == pytest.approx((55.8049, 45.8151), abs=5e-5)
    # NIST divides by d2 = 1.128 where the books multiply by the rounded 2.66.
    assert (limits.upper, limits.lower) == pytest.approx((55.8041, 45.8159), abs=1e-3)


def test_nhs_plot_the_dots_standard():
    limits = process_limits(NHS)
    assert limits.centre == pytest.approx(0.1416238, abs=1e-6)
    assert limits.moving_range == pytest.approx(1.18533962, abs=1e-7)
    assert (limits.lower, limits.upper) == pytest.approx((-3.01138, 3.294627), abs=1e-5)


@pytest.mark.parametrize(
    ("is_screened", "lower", "upper"), [(True, -2.383666, 3.722497), (False, -4.596625, 5.935457)]
)
def test_nhs_plot_the_dots_screening(is_screened, lower, upper):
    limits = process_limits(NHS_WITH_OUTLIER, is_screened=is_screened)
    assert limits.centre == pytest.approx(0.6694159, abs=1e-6)
    assert (limits.lower, limits.upper) == pytest.approx((lower, upper), abs=1e-5)


def test_the_median_variant_has_its_own_constants():
    limits = process_limits(NIST, spread="median")
    ranges = sorted(abs(b - a) for a, b in pairwise(NIST))
    assert limits.moving_range == ranges[4]
    assert limits.upper - limits.centre == pytest.approx(3.145 * ranges[4])
    assert limits.moving_range_limit == pytest.approx(3.865 * ranges[4])
    assert process_limits(NIST).moving_range_limit == pytest.approx(3.268 * 1.8778, abs=1e-3)


def test_limits_from_a_baseline_only():
    assert process_limits([*NIST, 900.0], baseline=(0, 10)) == process_limits(NIST)


@pytest.mark.parametrize("values", [[], [1.0] * 5, [1.0, None] * 6, [None] * 20])
def test_fewer_than_six_values_or_no_neighbours_are_refused(values):
    with pytest.raises(Refused, match=r"signals\.too-few-points"):
        process_limits(values)
    if values:
        found = judge_signal(values)
        assert (found.status, found.limits, set(found.bands)) == ("too-early", None, {None})


def test_nhs_run_test_flags_from_the_last_of_the_run_on():
    values = [1.0] * 8 + [-1.0]
    limits = process_limits([1.0, -1.0] * 4)
    fired = [("run" in rules) * 1 for rules in fired_rules(values, limits=limits, run=7)]
    assert fired == [0, 0, 0, 0, 0, 0, 1, 1, 0]


LIMITS = process_limits([9.0, 11.0] * 20)  # centre 10, moving range 2, limits 10 ± 5.32


@pytest.mark.parametrize(
    ("values", "last"),
    [
        ([10, 15.4], ("outside",)),
        ([10, 4.6], ("outside",)),
        ([10, 15.3], ()),
        ([10.1] * 8, ("run",)),
        ([10.1] * 7, ()),
        ([10.1] * 4 + [10] + [10.1] * 7, ()),
        ([10.1] * 4 + [None] + [10.1] * 4, ("run",)),
        ([13, 13, 13], ("near-limit",)),
        ([7, 7, 10, 7], ("near-limit",)),
        ([13, 13, 13, 10], ()),
        ([13, 7, 13, 10, 13], ()),
        ([13, 13, 7, 7], ()),
        ([13, 12, 13, 12, 13], ()),
        ([13, 13, 16], ("outside", "near-limit")),
    ],
)
def test_rules_at_the_last_point(values, last):
    assert fired_rules(values, limits=LIMITS)[-1] == last


def test_a_series_that_never_moves_has_no_signal():
    found = judge_signal([0.1] * 30)
    assert (found.status, found.side) == ("no-signal", None)
    assert set(found.rules) == {()}


def test_a_point_without_a_value_is_too_early():
    assert judge_signal([*NIST, None]).status == "too-early"
    assert judge_signal([*NIST, None], index=9).status == "no-signal"


def test_a_declared_change_starts_new_limits_and_runs():
    values = [10, 12, 11, 10, 12, 11, 10, 12, 30, 32, 31, 30, 32, 31, 30]
    assert judge_signal(values, index=8).status == "signal"
    found = judge_signal(values, starts=[8])
    assert found.status == "no-signal"
    assert found.starts == (0, 8)
    assert found.limits == process_limits(values[8:])
    assert (found.bands[7].centre, found.bands[8].centre) == pytest.approx((11, 216 / 7))
    assert judge_signal(values, starts=[12]).status == "too-early"


def test_drawn_limits_stop_at_what_is_possible():
    found = judge_signal([0.1, 0.9, 0.2, 0.8, 0.1, 0.9], floor=0.0, ceiling=1.0)
    assert {(band.lower, band.upper) for band in found.bands} == {(0.0, 1.0)}
    assert found.limits.upper > 1


def test_a_point_that_is_not_there_is_refused():
    with pytest.raises(Refused, match=r"signals\.no-such-point"):
        judge_signal(NIST, index=10)
    with pytest.raises(Refused, match=r"signals\.no-such-point"):
        judge_signal([])


def test_a_seasonal_peak_is_no_signal_and_a_missed_peak_is():
    chance = random.Random(5)
    profile = [1.0] * 11 + [2.0]
    values = [100 * profile[i % 12] * chance.gauss(1, 0.03) for i in range(48)]
    assert judge_signal(values).status == "signal"
    found = judge_signal(values, season=12)
    assert (found.status, found.adjustment) == ("no-signal", "ratio")
    band = found.bands[-1]
    assert band.lower < values[-1] < band.upper
    assert band.centre == pytest.approx(200, rel=0.05)
    assert found.bands[-2].centre == pytest.approx(100, rel=0.05)
    missed = judge_signal([*values[:-1], 120.0], season=12)
    assert (missed.status, missed.side) == ("signal", "below")
    assert not missed.bands[-1].lower < 120 < missed.bands[-1].upper


def test_without_a_season_nothing_is_adjusted():
    chance = random.Random(5)
    values = [chance.gauss(100, 10) for _ in range(48)]
    assert judge_signal(values, season=12) == judge_signal(values)


@pytest.mark.parametrize(
    ("n", "season", "most"),
    [(6, None, 0.02), (12, None, 0.02), (24, None, 0.02), (36, 12, 0.03), (48, 12, 0.03)],
)
def test_false_alarms_on_noise(n, season, most):
    chance = random.Random(42)
    profile = [1 + 0.3 * math.sin(math.pi * i / 6) if season else 1 for i in range(n)]
    draws = 400 if season else 1500
    alarms = sum(
        judge_signal([100 * each * chance.gauss(1, 0.08) for each in profile], season=season).status
        == "signal"
        for _ in range(draws)
    )
    assert alarms / draws <= most


@given(st.lists(st.floats(-1e6, 1e6), min_size=6, max_size=40), st.floats(0.01, 100), st.floats(-1e3, 1e3))
def test_limits_move_with_the_scale(values, factor, shift):
    first = process_limits(values)
    second = process_limits([factor * value + shift for value in values])
    size = 1e-9 * max(1.0, abs(shift), *(abs(factor * value) for value in values))
    for name in ("centre", "lower", "upper"):
        assert getattr(second, name) == pytest.approx(
            factor * getattr(first, name) + shift, rel=0, abs=10 * size
        )

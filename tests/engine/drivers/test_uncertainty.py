"""The delta method against a simulation of the same records."""

import random
import statistics

import pytest

from steelyard.engine.drivers import (
    Formula,
    contribution_intervals,
    count_variance,
    decompose,
    mean_variance,
    rate_variance,
)

WON = Formula.parse("opportunities_closed × win_rate × average_deal_size")
TRUTH = ((120, 0.5, 100.0, 40.0), (150, 0.35, 110.0, 40.0))


def sample(chance, expected, win_rate, mean, spread):
    """Poisson closings, each won or not, each won deal with its size."""
    closed = sum(1 for _ in range(4000) if chance.random() < expected / 4000)
    deals = [chance.gauss(mean, spread) for _ in range(closed) if chance.random() < win_rate]
    return closed, deals


def point_and_variance(closed, deals):
    total, squares = sum(deals), sum(deal**2 for deal in deals)
    won = len(deals)
    point = {
        "opportunities_closed": closed,
        "win_rate": won / closed if closed else None,
        "average_deal_size": total / won if won else None,
    }
    variance = {
        "opportunities_closed": count_variance(closed),
        "win_rate": rate_variance(won, n=closed),
        "average_deal_size": mean_variance(won, total=total, sum_of_squares=squares),
    }
    return point, variance


def intervals(then, now):
    (baseline, old), (actual, new) = point_and_variance(*then), point_and_variance(*now)
    found = contribution_intervals(
        WON, actual=actual, baseline=baseline, actual_variance=new, baseline_variance=old
    )
    return {each.factor: each for each in found}


def test_errors_match_and_intervals_cover():
    chance = random.Random(11)
    draws = [intervals(*(sample(chance, *truth) for truth in TRUTH)) for _ in range(300)]
    names = ("opportunities_closed", "win_rate", "average_deal_size")
    (a, b, c, _), (d, e, f, _) = TRUTH
    true = decompose(
        WON,
        actual=dict(zip(names, (d, e, f), strict=True)),
        baseline=dict(zip(names, (a, b, c), strict=True)),
    )
    for each in true.contributions:
        drawn = [draw[each.factor] for draw in draws]
        typical = statistics.fmean(one.standard_error for one in drawn)
        assert typical == pytest.approx(statistics.stdev(one.contribution for one in drawn), rel=0.12)
        covered = statistics.fmean(one.lower <= each.contribution <= one.upper for one in drawn)
        assert 0.91 <= covered <= 0.985


def test_a_target_has_no_noise():
    point = {"opportunities_closed": 100, "win_rate": 0.4, "average_deal_size": 50}
    target = {"opportunities_closed": 100, "win_rate": 0.5, "average_deal_size": 50}
    found = contribution_intervals(
        WON,
        actual=point,
        baseline=target,
        actual_variance={"win_rate": rate_variance(40, n=100)},
        baseline_variance={},
    )
    by_name = {each.factor: each for each in found}
    rate = by_name["win_rate"]
    assert (rate.contribution, rate.is_beyond_noise) == (pytest.approx(-500), True)
    assert rate.standard_error == pytest.approx(100 * 50 * rate_variance(40, n=100) ** 0.5)
    assert by_name["average_deal_size"].standard_error == 0.0


def test_a_spread_that_is_not_known_cannot_be_told():
    found = intervals((100, [50.0] * 20 + [60.0] * 20), (100, [55.0]))
    size = found["average_deal_size"]
    assert (size.standard_error, size.is_beyond_noise) == (None, None)


def test_a_held_rate_moves_with_the_other_period():
    """Nothing closed then: the volume's error is that of the actual revenue."""
    deals = [80.0, 120.0] * 20
    found = intervals((0, []), (100, deals))
    volume = found["opportunities_closed"]
    assert volume.contribution == pytest.approx(4000)
    expected = (
        count_variance(100) * 40**2
        + rate_variance(40, n=100) * (100 * 100) ** 2
        + mean_variance(40, total=4000, sum_of_squares=sum(d * d for d in deals)) * 40**2
        + count_variance(0) * 40**2
    )
    assert volume.standard_error == pytest.approx(expected**0.5)
    assert found["win_rate"].standard_error == pytest.approx(0.0)


def test_variances_by_hand():
    assert mean_variance(3, total=9, sum_of_squares=29) == pytest.approx(1 / 3)
    assert mean_variance(2, total=2e9, sum_of_squares=2e18) == 0.0
    assert mean_variance(1, total=9, sum_of_squares=81) is None
    assert rate_variance(0, n=0) is None
    assert rate_variance(8, n=8) == pytest.approx(8.5 / 9 * 0.5 / 9 / 8)
    assert count_variance(0) == 1.0

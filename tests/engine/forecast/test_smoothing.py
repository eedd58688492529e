"""The smoothing is that of statsmodels, its season the known one, its spread that of its paths."""

import numpy as np
import pytest

from steelyard.engine.forecast import smoothing
from steelyard.engine.forecast.paths import draws_of, paths_of
from steelyard.engine.forecast.season import seasons_by
from steelyard.engine.forecast.smoothing import ALPHA, BETA, PHI, fit

SERIES = 100 + np.cumsum(np.random.default_rng(2).normal(0.4, 3, 60))


def fitted(values: np.ndarray, **how: int):
    known = np.ones(len(values), dtype=bool)
    origins = np.arange(how.pop("first", len(values)), len(values) + 1)
    return fit(
        values, known=known, season=how.pop("season", 1), horizon=how.pop("horizon", 12), origins=origins
    )


@pytest.mark.parametrize("column", [0, 4, 9, 17, 35, 51])
def test_every_set_of_parameters_forecasts_as_statsmodels_does(column: int) -> None:
    from statsmodels.tsa.holtwinters import Holt, SimpleExpSmoothing

    found = fitted(SERIES)
    alpha, beta, phi = ALPHA[column], BETA[column], PHI[column]
    level, trend = (each[0, column] for each in smoothing._start(SERIES[None, :]))
    if beta == 0:
        peer = SimpleExpSmoothing(SERIES, initialization_method="known", initial_level=level)
        expected = peer.fit(smoothing_level=alpha, optimized=False).forecast(12)
    else:
        peer = Holt(
            SERIES,
            damped_trend=phi < 1,
            initialization_method="known",
            initial_level=level,
            initial_trend=trend,
        )
        damping = {"damping_trend": phi} if phi < 1 else {}
        expected = peer.fit(
            smoothing_level=alpha, smoothing_trend=beta / alpha, optimized=False, **damping
        ).forecast(12)
    damped = np.cumsum(phi ** np.arange(1, 13)) if beta else np.zeros(12)
    assert found.level[-1, column] + damped * found.trend[-1, column] == pytest.approx(expected, rel=1e-9)


def test_theta_is_that_of_statsmodels() -> None:
    """Simple smoothing with half the drift of a straight line; here with the same smoothing."""
    from statsmodels.tsa.forecasting.theta import ThetaModel

    peer = ThetaModel(SERIES, deseasonalize=False).fit()
    at = int(np.argmin(np.abs(ALPHA[BETA == 0] - peer.params["alpha"])))
    weights = np.zeros((1, (BETA == 0).sum()))
    weights[0, at] = 1.0
    level = np.full((1, (BETA == 0).sum()), float(peer.forecast(1, theta=np.inf).iloc[0]))
    found = smoothing._theta(SERIES[None, :], level, weights, np.array([len(SERIES)]), 12)[0]
    drift = np.diff(peer.forecast(12, theta=2))
    assert np.diff(found) == pytest.approx(drift, rel=1e-6)
    slope = np.polyfit(np.arange(len(SERIES)), SERIES, 1)[0]
    assert np.diff(found) == pytest.approx(np.full(11, slope / 2), rel=1e-9)


def test_the_variance_of_a_sum_is_worked_by_hand() -> None:
    """Simple smoothing, alpha a: two periods miss by e2 + e1 (1 + a)."""
    simple = int(np.flatnonzero((BETA == 0) & (ALPHA == 0.3))[0])
    assert smoothing._cumulated(3)[:, simple] == pytest.approx(
        [1, 1 + 1.3**2, 1 + 1.3**2 + 1.6**2], rel=1e-12
    )


def test_paths_spread_as_much_as_they_promise() -> None:
    found = fitted(SERIES)
    paths = paths_of(found, draws_of(errors=len(found.errors), horizon=12, sims=20_000, seed=1))
    means = np.cumsum(paths, axis=1) / np.arange(1, 13)
    assert means.std(axis=0) == pytest.approx(found.spread[-1], rel=0.05)
    assert np.median(paths, axis=0) == pytest.approx(found.forecast[-1], abs=0.5)


def test_no_origin_knows_what_comes_after_it() -> None:
    changed = SERIES.copy()
    changed[50:] += 1000
    before, after = (fitted(series, first=30, season=12) for series in (SERIES, changed))
    same = before.origins <= 50
    for name in ("forecast", "weights", "spread"):
        assert np.array_equal(getattr(before, name)[same], getattr(after, name)[same])


def test_a_clear_season_is_found_and_chance_is_not() -> None:
    shape = np.sin(np.arange(12) * np.pi / 6)
    noise = np.random.default_rng(3).normal(size=72)
    at = np.array([72])
    clear = seasons_by(np.tile(shape, 6) + 0.05 * noise, season=12, origins=at)[0]
    assert clear == pytest.approx(shape, abs=0.06)
    assert np.abs(seasons_by(noise, season=12, origins=at)[0]).max() < 0.5
    assert not seasons_by(noise[:20], season=12, origins=np.array([20])).any()

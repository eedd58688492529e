"""The peers of benchmarks/forecast.py: what statsmodels says of the next months, and two naive ways."""

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
PATHS = 1000


@dataclass(frozen=True, eq=False)
class Peers:
    """Forecasts by month, and totals of simulated paths of the ETS model: joint, and with months mixed."""

    months: dict[str, Floats]
    joint: Floats
    independent: Floats


def ask(history: Floats, *, horizon: int, season: int, seed: int) -> Peers:
    """Fit ETS (additive or multiplicative, damped trend, the better AIC) and Theta; forecast naively, too."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel
    from statsmodels.tsa.forecasting.theta import ThetaModel

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fits = [
            ETSModel(
                history, error=kind, trend="add", damped_trend=True, seasonal=kind, seasonal_periods=season
            ).fit(disp=0, maxiter=200)
            for kind in ("add", "mul")
        ]
        best = min(fits, key=lambda each: each.aic if np.isfinite(each.aic) else np.inf)
        ets = np.asarray(best.forecast(horizon))
        paths = np.asarray(best.simulate(horizon, anchor="end", repetitions=PATHS, rng=seed)).T
        theta = np.asarray(ThetaModel(history, period=season).fit().forecast(horizon))
    random = np.random.default_rng(seed)
    mixed = np.column_stack([random.permutation(month) for month in paths.T])
    again = np.resize(history[-season:], horizon)
    months = {
        "naive": np.full(horizon, history[-1]),
        "seasonal naive": again,
        "ETS": ets,
        "Theta": theta,
    }
    return Peers(months, np.cumsum(paths, axis=1), np.cumsum(mixed, axis=1))

"""What to expect of the period after a series: level, growth, season, and how sure that is."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steelyard.engine.lenses.chance import Difference, Floats

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Forecast:
    """What to expect of a unit: the middle, the spread of what happens and the error of the middle."""

    middle: float
    spread: float
    error: float
    df: float
    part: Difference | None = None
    """Of a unit: how it usually stands to the whole."""


def forecast_of(history: Sequence[float | None], *, season: int | None, is_positive: bool) -> Forecast:
    """Say what to expect of the period after a series: last year's level, its growth going on, the season.

    Season and spread come from a curve through all of the series, level and growth from its last two years:
    growth that slows down is not drawn on at its old pace. A short series, or one without a season, has a
    line.

    >>> found = forecast_of([10.0, 12.0, 14.0, 16.0, 18.0, 20.0], season=None, is_positive=False)
    >>> round(found.middle, 6), found.df
    (22.0, 4.0)
    """
    known = np.array(
        [place for place, value in enumerate(history) if value is not None and (value > 0 or not is_positive)]
    )
    values = np.array([scaled(float(history[place] or 0.0), is_positive) for place in known])
    if season is None or len(known) < 2 * season or (np.diff(known) != 1).any():
        return _line(known, values, len(history))
    turns = (known[:, None] % season == np.arange(season)[None, :]).astype(np.float64)
    trend = (known - known.mean()) / season
    design = np.column_stack([turns, trend, trend**2])
    found, *_ = np.linalg.lstsq(design, values, rcond=None)
    left = values - design @ found
    df = float(len(values) - design.shape[1])
    spread = math.sqrt(float(left @ left) / df) if df > 0 else math.inf
    level = values - turns @ found[:season]
    year, before = float(level[-season:].mean()), float(level[-2 * season : -season].mean())
    ahead = (season + 1) / 2 / season
    middle = year + ahead * (year - before) + float(found[len(history) % season])
    error = spread * math.sqrt(((1 + ahead) ** 2 + ahead**2) / season + season / len(values))
    return Forecast(middle, spread, error, df)


def _line(places: Codes, values: Floats, ahead: int) -> Forecast:
    design = np.column_stack([np.ones(len(places)), places.astype(np.float64)])
    new = np.array([1.0, float(ahead)])
    found, *_ = np.linalg.lstsq(design, values, rcond=None)
    left = values - design @ found
    df = float(len(values) - 2)
    spread = math.sqrt(float(left @ left) / df) if df > 0 else math.inf
    leverage = float(new @ np.linalg.pinv(design.T @ design) @ new)
    return Forecast(float(new @ found), spread, spread * math.sqrt(leverage), df)


def scaled(value: float, is_positive: bool) -> float:
    """Return the logarithm of what can only be positive."""
    return math.log(value) if is_positive else value

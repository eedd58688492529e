"""What a count of so many in so many says about the share behind it, and what a median says."""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from steelyard.engine.process.findings import Finding

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Estimate(Finding):
    """A figure and its interval."""

    value: float
    low: float
    high: float


def wilson(hits: int, total: int, *, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The interval of a share.

    Parameters
    ----------
    hits, total
        How many of how many.
    confidence
        Of the two-sided interval, between 0 and 1.

    Returns
    -------
    (low, high)
        Between 0 and 1; (0, 1) for a total of 0.

    Notes
    -----
    Source: Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference,
    JASA 22. With no hit the upper end is z² / (n + z²): near to the rule of three, 3 / n, which is its
    one-sided kin (Hanley & Lippman-Hand 1983, JAMA 249).

    Examples
    --------
    >>> [round(end, 4) for end in wilson(81, 263)]
    [0.2553, 0.3662]
    """
    if not total:
        return 0.0, 1.0
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    rate, square = hits / total, z * z / total
    centre = rate + square / 2
    reach = z * math.sqrt(rate * (1 - rate) / total + square / (4 * total))
    low = 0.0 if hits == 0 else (centre - reach) / (1 + square)
    high = 1.0 if hits == total else (centre + reach) / (1 + square)
    return low, high


def resampled_quantile(
    ascending: npt.NDArray[np.float64], share: float, *, runs: int, random: np.random.Generator
) -> npt.NDArray[np.float64]:
    """Quantiles of `runs` bootstrap samples of sorted values, as many values each as there are.

    No sample is drawn: the ranks that its order statistics have in the values follow a beta law, from
    which they are drawn directly (David & Nagaraja 2003, Order Statistics, 2.1). Cost does not grow
    with the number of values.
    """
    count = len(ascending)
    place = (count - 1) * share
    below = math.floor(place)
    rank = random.beta(below + 1, count - below, runs)
    low = ascending[_drawn(rank, count)]
    if place == below:
        return low
    # The next order statistic lies above this one as the least of what is left.
    rank = rank + (1 - rank) * random.beta(1, count - below - 1, runs)
    return low + (ascending[_drawn(rank, count)] - low) * (place - below)


def quantile_estimate(
    values: npt.ArrayLike, share: float, *, runs: int, random: np.random.Generator
) -> Estimate:
    """A quantile with its bootstrap interval; `values` must not be empty."""
    ascending = np.sort(np.asarray(values, dtype=np.float64))
    drawn = resampled_quantile(ascending, share, runs=runs, random=random)
    low, high = interval_of(drawn)
    return Estimate(float(np.quantile(ascending, share)), low, high)


def interval_of(drawn: npt.NDArray[np.float64], *, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The middle of what was drawn."""
    tail = (1 - confidence) / 2
    low, high = np.quantile(drawn, (tail, 1 - tail))
    return float(low), float(high)


def _drawn(rank: npt.NDArray[np.float64], count: int) -> npt.NDArray[np.int64]:
    return np.minimum((rank * count).astype(np.int64), count - 1)

"""The difference of two shares, and p-values of many tests at once."""

from collections.abc import Sequence
from math import erfc, sqrt

import numpy as np

from steelyard.engine.process.shares import wilson


def share_difference(one: tuple[int, int], other: tuple[int, int]) -> tuple[float, float, float]:
    """Low and high of the other share minus the one (95 %), and the p-value of no difference.

    Notes
    -----
    Interval: Newcombe's hybrid score, method 10. Source: Newcombe, R. G. (1998), Interval estimation for
    the difference between independent proportions, Statistics in Medicine 17. P-value: normal, pooled.

    Examples
    --------
    >>> low, high, p = share_difference((48, 80), (56, 70))
    >>> round(low, 4), round(high, 4), round(p, 4)
    (0.0524, 0.3339, 0.008)
    """
    first, second = one[0] / one[1], other[0] / other[1]
    (low_one, high_one), (low_other, high_other) = wilson(*one), wilson(*other)
    gap = second - first
    low = gap - sqrt((second - low_other) ** 2 + (high_one - first) ** 2)
    high = gap + sqrt((high_other - second) ** 2 + (first - low_one) ** 2)
    pooled = (one[0] + other[0]) / (one[1] + other[1])
    error = sqrt(pooled * (1 - pooled) * (1 / one[1] + 1 / other[1]))
    return low, high, erfc(abs(gap) / error / sqrt(2)) if error else 1.0


def adjusted(p_values: Sequence[float]) -> list[float]:
    """P-values after Benjamini–Hochberg, in their own order.

    Examples
    --------
    >>> [round(p, 4) for p in adjusted([0.01, 0.04, 0.03, 0.5])]
    [0.04, 0.0533, 0.0533, 0.5]
    """
    if not len(p_values):
        return []
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    steps = p[order] * len(p) / np.arange(1, len(p) + 1)
    found = np.empty(len(p))
    found[order] = np.minimum(1, np.minimum.accumulate(steps[::-1])[::-1])
    return found.tolist()

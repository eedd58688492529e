"""How long an activity's work lies although it could begin: also behind other work and nights."""

import numpy as np

from steelyard.engine.process.log import Longs

ROUNDS = 300
ENOUGH = 1e-7
MOST_POINTS = 512


def expected_delay(least: Longs, most: Longs) -> float:
    """Estimate the sum of the delays of which each lies between two bounds.

    Parameters
    ----------
    least
        How long each lay at least: from when it was enabled to the last moment before its start at which
        its performer was at work and free, in microseconds.
    most
        How long it waited: all the time until the start, in microseconds.

    Returns
    -------
    float
        Microseconds in all.

    Notes
    -----
    A delay that ended while the performer was free shows in full (`least` equals `most`); one that ended
    behind other work or at night is known between bounds only. The distribution that makes what was seen
    most likely is found by expectation and maximisation over the lower bounds as its points, and each delay
    that did not show counts with its mean between its bounds. It takes the delays to be alike
    whether or not the performer happened to be busy. Source: Turnbull, "The empirical distribution
    function with arbitrarily grouped, censored and truncated data", JRSS B 38, 1976.

    Examples
    --------
    >>> round(expected_delay(np.array([90, 90, 100, 0, 0]), np.array([90, 90, 100, 95, 500])), 1)
    462.5
    """
    if not len(most):
        return 0.0
    points = np.unique(least)
    if len(points) > MOST_POINTS:
        points = np.unique(np.quantile(points, np.linspace(0, 1, MOST_POINTS), method="lower"))
    low = np.searchsorted(points, least, side="right") - 1
    high = np.searchsorted(points, most, side="right")
    pairs, pair, counts = np.unique(low * (len(points) + 1) + high, return_inverse=True, return_counts=True)
    low, high = np.divmod(pairs, len(points) + 1)
    weights = _most_likely(low, high, counts, len(points))
    before = np.append(0.0, np.cumsum(weights))
    moment = np.append(0.0, np.cumsum(weights * points))
    mass = before[high] - before[low]
    means = np.divide(moment[high] - moment[low], mass, out=points[low].astype(float), where=mass > 0)
    is_shown = least == most
    hidden = np.clip(means[pair], least, most)[~is_shown]
    return float(least[is_shown].sum()) + float(hidden.sum())


def _most_likely(low: Longs, high: Longs, counts: Longs, points: int) -> np.ndarray:
    """Weights of the points, each pair of bounds having seen one of the points between them."""
    weights = np.full(points, 1 / points)
    for _ in range(ROUNDS):
        before = np.append(0.0, np.cumsum(weights))
        mass = np.maximum(before[high] - before[low], np.finfo(float).tiny)
        share = counts / mass
        change = np.bincount(low, share, minlength=points + 1) - np.bincount(
            high, share, minlength=points + 1
        )
        following = weights * np.cumsum(change)[:points]
        following = np.maximum(following, 0) / max(following.sum(), np.finfo(float).tiny)
        is_settled = np.abs(following - weights).sum() < ENOUGH
        weights = following
        if is_settled:
            break
    return weights

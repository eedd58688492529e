"""Sums over stretches of an array, whole arrays of questions at a time."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

NEVER = np.iinfo(np.int64).max


def sums_below(keys: Ints, weights: Ints, low: Ints, high: Ints, limits: Ints) -> Ints:
    """For each question the sum of the weights from place `low` to before `high` whose key is <= its limit.

    A wavelet tree, level by level, without keeping a level: as many steps as the number of places has bits.
    """
    sums = np.zeros(len(low), np.int64)
    asked = np.flatnonzero(low < high)
    if not len(asked):
        return sums
    order = np.argsort(keys, kind="stable")
    ranks = np.empty(len(keys), np.int64)
    ranks[order] = np.arange(len(keys))
    below = np.searchsorted(keys[order], limits[asked], side="right")
    low, high = low[asked], high[asked]
    found = np.zeros(len(asked), np.int64)
    for bit in reversed(range(len(keys).bit_length())):
        is_zero = (ranks >> bit) & 1 == 0
        zeros = np.append(0, np.cumsum(is_zero))
        weight = np.append(0, np.cumsum(np.where(is_zero, weights, 0)))
        is_above = (below >> bit) & 1 == 1
        low_zeros, high_zeros = zeros[low], zeros[high]
        found += np.where(is_above, weight[high] - weight[low], 0)
        low = np.where(is_above, zeros[-1] + low - low_zeros, low_zeros)
        high = np.where(is_above, zeros[-1] + high - high_zeros, high_zeros)
        places = np.append(np.flatnonzero(is_zero), np.flatnonzero(~is_zero))
        ranks, weights = ranks[places], weights[places]
    sums[asked] = found
    return sums


def least_over(size: int, low: Ints, high: Ints, values: Ints) -> Ints:
    """For each place the least value whose stretch (`low` to before `high`) covers it, else `NEVER`."""
    least = np.full(size, NEVER)
    covers = high > low
    low, high, values = low[covers], high[covers], values[covers]
    if not len(low):
        return least
    # Each stretch is two that overlap, both as long as a power of two; those halve level by level.
    levels = np.frexp((high - low).astype(np.float64))[1] - 1
    for level in reversed(range(levels.max() + 1)):
        here = levels == level
        np.minimum.at(least, low[here], values[here])
        np.minimum.at(least, high[here] - (1 << level), values[here])
        if level:
            half = 1 << (level - 1)
            least[half:] = np.minimum(least[half:], least[:-half])
    return least

"""Differences between two sets of times, or two shares, with their intervals and p-values."""

from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
import numpy.typing as npt

from steelyard.engine.process.chances import share_difference
from steelyard.engine.process.findings import Difference
from steelyard.engine.process.groups import SECOND
from steelyard.engine.process.log import Ints, Longs
from steelyard.engine.process.shares import interval_of, resampled_quantile

# Fewer cases than this on either side say nothing about a wait.
FEWEST = 5
RUNS = 1999
NOTHING = Difference(None, None, None, None, None, None)


@dataclass(frozen=True, eq=False)
class Lengths:
    """Times of one edge or activity in seconds, ascending, of so many cases, and the error of their mean.

    `spread` is how many times as large that error is as if every event were a draw of its own.
    """

    ascending: npt.NDArray[np.float64]
    count: int
    cases: int
    mean: float
    error: float
    spread: float


def lengths_of(lengths: Longs, case: Ints) -> Lengths:
    """Take in lengths (microseconds) by case; the error of the mean comes from each case's deviations."""
    seconds = lengths / SECOND
    mean = float(seconds.mean())
    off = seconds - mean
    first = np.flatnonzero(np.diff(case, prepend=-1))
    sums, cases, count = np.add.reduceat(off, first), len(first), len(seconds)
    if cases < 2:
        return Lengths(np.sort(seconds), count, cases, mean, 0.0, 1.0)
    error = sqrt(float((sums**2).sum()) * cases / (cases - 1)) / count
    single = sqrt(float((off**2).sum()) / (count - 1) / count)
    return Lengths(np.sort(seconds), count, cases, mean, error, max(1.0, error / single) if single else 1.0)


def length_contrasts(
    pair: tuple[Lengths | None, Lengths | None], random: np.random.Generator
) -> tuple[Difference, Difference]:
    """The difference of the medians and of the means."""
    one, other = pair
    if one is None or other is None:
        medians = [None if side is None else float(np.median(side.ascending)) for side in pair]
        means = [None if side is None else side.mean for side in pair]
        return replace(NOTHING, one=medians[0], other=medians[1]), replace(
            NOTHING, one=means[0], other=means[1]
        )
    return _medians(one, other, random), _means(one, other)


def _medians(one: Lengths, other: Lengths, random: np.random.Generator) -> Difference:
    values = float(np.median(one.ascending)), float(np.median(other.ascending))
    gap = values[1] - values[0]
    if min(one.cases, other.cases) < FEWEST:
        return Difference(*values, gap, None, None, None)
    drawn = [_drawn(side, middle, random) for side, middle in zip((one, other), values, strict=True)]
    gaps = drawn[1] - drawn[0]
    low, high = interval_of(gaps)
    tail = min(int((gaps <= 0).sum()), int((gaps >= 0).sum()))
    return Difference(*values, gap, low, high, min(1.0, 2 * (tail + 1) / (RUNS + 1)))


def _drawn(side: Lengths, middle: float, random: np.random.Generator) -> npt.NDArray[np.float64]:
    """Medians of bootstrap samples, as far from the middle as events that hang together let them be."""
    return middle + (resampled_quantile(side.ascending, 0.5, runs=RUNS, random=random) - middle) * side.spread


def _means(one: Lengths, other: Lengths) -> Difference:
    from scipy.special import stdtr, stdtrit

    gap = other.mean - one.mean
    if min(one.cases, other.cases) < FEWEST:
        return Difference(one.mean, other.mean, gap, None, None, None)
    squares = one.error**2, other.error**2
    error = sqrt(sum(squares))
    if not error:
        return Difference(one.mean, other.mean, gap, gap, gap, 1.0 if gap == 0 else 0.0)
    freedom = sum(squares) ** 2 / (squares[0] ** 2 / (one.cases - 1) + squares[1] ** 2 / (other.cases - 1))
    half = float(stdtrit(freedom, 0.975)) * error
    p = 2 * float(stdtr(freedom, -abs(gap) / error))
    return Difference(one.mean, other.mean, gap, gap - half, gap + half, p)


def share_contrast(hits: list[int], cases: tuple[int, int]) -> Difference:
    if not min(cases):
        return NOTHING
    shares = hits[0] / cases[0], hits[1] / cases[1]
    found = share_difference((hits[0], cases[0]), (hits[1], cases[1]))
    return Difference(*shares, shares[1] - shares[0], *found)

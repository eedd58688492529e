"""Could chance have done it? Plain arithmetic on counts, means and variances."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, ndtr, stdtr

Floats = NDArray[np.float64]
WIDE = 1.959963984540054


@dataclass(frozen=True)
class Difference:
    """An estimate with its standard error and a 95 % interval; `df` degrees of freedom (inf: normal)."""

    value: float
    error: float
    low: float
    high: float
    df: float = math.inf

    @property
    def z(self) -> float:
        """How many standard errors from zero."""
        if self.error > 0:
            return self.value / self.error
        return math.copysign(math.inf, self.value) if self.value else 0.0

    def p(self, *, sign: int) -> float:
        """Return the one-sided p-value against "not in the direction of `sign`"."""
        if math.isnan(self.z):
            return 1.0
        score = -sign * self.z
        return float(ndtr(score)) if math.isinf(self.df) else float(stdtr(self.df, score))


@dataclass(frozen=True)
class Moments:
    """A count with the mean and the variance of what was counted."""

    n: float
    mean: float
    variance: float

    @classmethod
    def of(cls, n: float, total: float, squares: float) -> "Moments":
        """Make them from a count, a sum and a sum of squares."""
        if n <= 0:
            return cls(0.0, 0.0, 0.0)
        spread = max(squares - total * total / n, 0.0)
        return cls(float(n), total / n, spread / (n - 1) if n > 1 else 0.0)


def estimate(value: float, error: float, *, df: float = math.inf) -> Difference:
    """Return an estimate with its symmetric 95 % interval."""
    wide = WIDE if math.isinf(df) else _quantile(df)
    return Difference(value, error, value - wide * error, value + wide * error, df)


def rate_change(now: tuple[float, float], then: tuple[float, float]) -> Difference:
    """Return how much a rate (successes, of) changed.

    Notes
    -----
    The interval is Newcombe's hybrid of two Wilson intervals, the error that of the pooled rate.
    Source: Newcombe, R. G. (1998), Interval estimation for the difference between independent proportions,
    Statistics in Medicine 17, method 10.

    Examples
    --------
    >>> found = rate_change((56, 70), (48, 80))
    >>> [round(x, 4) for x in (found.value, found.low, found.high)]
    [0.2, 0.0524, 0.3339]
    """
    (won, of), (won_then, of_then) = now, then
    if of <= 0 or of_then <= 0:
        return Difference(0.0, math.inf, -1.0, 1.0)
    one, two = float(won) / float(of), float(won_then) / float(of_then)
    pooled = (won + won_then + 0.5) / (of + of_then + 1)
    error = math.sqrt(pooled * (1 - pooled) * (1 / of + 1 / of_then))
    (low, high), (low_then, high_then) = wilson(won, of), wilson(won_then, of_then)
    change = one - two
    below = math.sqrt((one - low) ** 2 + (high_then - two) ** 2)
    above = math.sqrt((high - one) ** 2 + (two - low_then) ** 2)
    return Difference(change, error, change - below, change + above)


def wilson(successes: float, of: float) -> tuple[float, float]:
    """Return the 95 % score interval of a share. Source: Wilson (1927), JASA 22.

    >>> [round(x, 3) for x in wilson(8, 10)]
    [0.49, 0.943]
    """
    if of <= 0:
        return 0.0, 1.0
    rate, square = successes / of, WIDE**2
    centre = (rate + square / (2 * of)) / (1 + square / of)
    half = WIDE / (1 + square / of) * math.sqrt(rate * (1 - rate) / of + square / (4 * of * of))
    return max(0.0, centre - half), min(1.0, centre + half)


def rate_contrast(
    now: tuple[float, float],
    then: tuple[float, float],
    now_rest: tuple[float, float],
    then_rest: tuple[float, float],
) -> Difference:
    """Return how much more a rate changed than the rest's did (difference in differences)."""
    cells = (now, then, now_rest, then_rest)
    if min(of for _, of in cells) <= 0:
        return Difference(0.0, math.inf, -1.0, 1.0)
    rates = [won / of for won, of in cells]
    smooth = [(won + 0.5) / (of + 1) for won, of in cells]
    variance = sum(rate * (1 - rate) / of for rate, (_, of) in zip(smooth, cells, strict=True))
    return estimate((rates[0] - rates[1]) - (rates[2] - rates[3]), math.sqrt(variance))


def mean_contrast(cells: Sequence[Moments], signs: Sequence[float]) -> Difference:
    """Return a signed sum of means, Welch's error and Satterthwaite's degrees of freedom.

    Source: Welch (1947), Biometrika 34; Satterthwaite (1946), Biometrics Bulletin 2.

    >>> one, two = Moments(10, 5.0, 4.0), Moments(10, 3.0, 4.0)
    >>> found = mean_contrast((one, two), (1, -1))
    >>> found.value, round(found.error, 4), found.df
    (2.0, 0.8944, 18.0)
    """
    if min(cell.n for cell in cells) < 2:
        return Difference(0.0, math.inf, -math.inf, math.inf)
    value = math.fsum(sign * cell.mean for sign, cell in zip(signs, cells, strict=True))
    parts = [sign**2 * cell.variance / cell.n for sign, cell in zip(signs, cells, strict=True)]
    total = math.fsum(parts)
    if total <= 0:
        return estimate(value, 0.0)
    df = total**2 / math.fsum(part**2 / (cell.n - 1) for part, cell in zip(parts, cells, strict=True))
    return estimate(value, math.sqrt(total), df=round(df, 9))


def heterogeneity(values: Sequence[float], errors: Sequence[float]) -> tuple[float, float, int]:
    """Return the common value, and the p-value that all share it, with its degrees of freedom.

    Source: Cochran, W. G. (1954), The combination of estimates from different experiments, Biometrics 10.

    >>> [round(x, 4) for x in heterogeneity([1.0, 3.0], [1.0, 1.0])]
    [2.0, 0.1573, 1]
    """
    weights = [1 / error**2 for error in errors]
    whole = math.fsum(weights)
    common = math.fsum(w * v for w, v in zip(weights, values, strict=True)) / whole
    square = math.fsum(w * (v - common) ** 2 for w, v in zip(weights, values, strict=True))
    df = len(values) - 1
    return common, float(chdtrc(df, square)) if df else 1.0, df


def between_variance(successes: Floats, of: Floats) -> tuple[float, float]:
    """Return the variance of a rate between people beyond chance, and the p-value that there is none.

    Notes
    -----
    Method of moments on the Pearson statistic of the common rate; 0 where people differ no more than
    chance makes them. Wrong for people with fewer than about five tries each; leave them out before.
    Source: Kleinman, J. C. (1973), Proportions with extraneous variance, JASA 68; Tarone (1979).
    """
    total, tries = float(successes.sum()), float(of.sum())
    if len(of) < 2 or tries <= 0 or not 0 < total < tries:
        return 0.0, 1.0
    rate = total / tries
    unit = rate * (1 - rate)
    square = float(((successes - of * rate) ** 2 / (of * unit)).sum())
    df = len(of) - 1
    scale = (tries - float((of**2).sum()) / tries) / unit
    # E[square] = df + variance · (n - Σn²/n - df') / unit, with the small correction left out.
    return max(0.0, (square - df) / scale), float(chdtrc(df, square))


def _quantile(df: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(df, 0.975))

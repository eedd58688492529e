"""How far chance alone moves each driver's contribution: approximate intervals."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist
from typing import Any

from steelyard.engine.drivers.formula import Formula, is_undefined
from steelyard.engine.drivers.ranking import rank
from steelyard.engine.drivers.tree import defined_points, shapley_of

STEP = Fraction(1, 10**6)
Variances = Mapping[str, float | None]


@dataclass(frozen=True)
class ContributionInterval:
    """A contribution with its interval; error and bounds are None where a needed variance is unknown."""

    factor: str
    contribution: float
    standard_error: float | None
    lower: float | None
    upper: float | None

    @property
    def is_beyond_noise(self) -> bool | None:
        """Whether the interval leaves out zero; None where it cannot be told."""
        if self.lower is None or self.upper is None:
            return None
        return self.lower > 0 or self.upper < 0


def contribution_intervals(
    formula: Formula,
    *,
    actual: Mapping[str, Any],
    baseline: Mapping[str, Any],
    actual_variance: Variances,
    baseline_variance: Variances,
    confidence: float = 0.95,
) -> tuple[ContributionInterval, ...]:
    """Give each Shapley contribution an interval from the variances of the factors.

    Parameters
    ----------
    formula, actual, baseline
        As for `decompose`.
    actual_variance, baseline_variance
        Factor to the variance of its value as an estimate (`count_variance`, `rate_variance`,
        `mean_variance`); 0 for a target or another fixed number, None where it is unknown.
        A factor that is left out is fixed.
    confidence
        Of each interval by itself, between 0 and 1.

    Returns
    -------
    tuple of ContributionInterval
        By size of contribution, then by name: the order of `decompose`.

    Raises
    ------
    Refused
        As `decompose` with the Shapley method.

    Notes
    -----
    Approximate (delta method): Var φᵢ = Σⱼ (∂φᵢ/∂xⱼ)² Var xⱼ over the factors of both periods, taken
    as uncorrelated, and a normal interval. That holds well for count × rate × mean of the same
    records, where each next factor is estimated given the one before, from about ten records on; it
    is too narrow for fewer, and for records that come in clusters. Derivatives are differences in
    rational arithmetic, exact for sums and products. The sampling model asks what chance does to
    these records; it does not know how the business varies from month to month: signals do.
    Source: Casella, G. and Berger, R. L. (2002), Statistical Inference, 5.5.4.

    Examples
    --------
    >>> intervals = contribution_intervals(
    ...     Formula.parse("closed * win_rate"),
    ...     actual={"closed": 100, "win_rate": 0.3},
    ...     baseline={"closed": 100, "win_rate": 0.5},
    ...     actual_variance={"closed": count_variance(100), "win_rate": rate_variance(30, n=100)},
    ...     baseline_variance={"closed": count_variance(100), "win_rate": rate_variance(50, n=100)},
    ... )
    >>> [(each.factor, each.contribution, each.is_beyond_noise) for each in intervals]
    [('win_rate', -20.0, True), ('closed', 0.0, False)]
    """
    now, then = defined_points(formula, actual=actual, baseline=baseline)
    split = shapley_of(formula, actual=now, baseline=then)
    estimated = tuple(_estimated(formula, point) for point in (actual, baseline))
    variance = _variances(
        formula, points=(now, then), given=(actual_variance, baseline_variance), estimated=estimated
    )
    wide = NormalDist().inv_cdf(0.5 + confidence / 2)
    ranked = sorted(split, key=lambda name: rank(name, size=float(split[name])))
    return tuple(_interval(name, float(split[name]), variance[name], wide=wide) for name in ranked)


def _interval(name: str, middle: float, variance: float | None, *, wide: float) -> ContributionInterval:
    if variance is None:
        return ContributionInterval(name, middle, None, None, None)
    error = math.sqrt(variance)
    return ContributionInterval(name, middle, error, middle - wide * error, middle + wide * error)


def count_variance(n: int) -> float:
    """Return the variance of a count of independent events (Poisson), at least that of one event.

    >>> count_variance(40)
    40.0
    """
    return float(max(n, 1))


def rate_variance(successes: int, *, n: int) -> float | None:
    """Return the variance of successes ÷ n, None for n = 0.

    The rate inside is (successes + ½) ÷ (n + 1), so that 0 of 8 and 8 of 8 do not look certain.

    >>> rate_variance(50, n=100)
    0.0025
    >>> rate_variance(0, n=8) > 0
    True
    """
    if n == 0:
        return None
    rate = (successes + 0.5) / (n + 1)
    return rate * (1 - rate) / n


def mean_variance(n: int, *, total: float, sum_of_squares: float) -> float | None:
    """Return the variance of a mean from its count, sum and sum of squares, None for n < 2.

    >>> mean_variance(4, total=20, sum_of_squares=120)
    1.6666666666666667
    """
    if n < 2:
        return None
    # Rational, because the difference cancels for large means with a small spread.
    spread = Fraction(sum_of_squares) - Fraction(total) ** 2 / n
    return max(0.0, float(spread / ((n - 1) * n)))


def _estimated(formula: Formula, point: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(name for name in formula.names if not is_undefined(point[name]))


def _variances(
    formula: Formula,
    *,
    points: tuple[Any, Any],
    given: tuple[Variances, Variances],
    estimated: tuple[frozenset[str], ...],
) -> dict[str, float | None]:
    terms: dict[str, list[float] | None] = {name: [] for name in formula.names}
    for side, name in ((side, name) for side in (0, 1) for name in formula.names):
        variance = given[side].get(name, 0.0)
        if variance == 0 or name not in estimated[side]:
            continue
        # A factor that is held at this value in the other period moves there too.
        sides = (side,) if name in estimated[1 - side] else (side, 1 - side)
        for factor, slope in _slopes(formula, points, sides=sides, name=name).items():
            listed = terms[factor]
            if slope == 0 or listed is None:
                continue
            if variance is None:
                terms[factor] = None
            else:
                listed.append(float(slope) ** 2 * variance)
    return {name: None if listed is None else math.fsum(listed) for name, listed in terms.items()}


def _slopes(
    formula: Formula, points: tuple[Any, Any], *, sides: tuple[int, ...], name: str
) -> dict[str, Fraction]:
    """Return the derivative of every contribution by one factor's value."""
    here = points[sides[0]][name]
    step = STEP * max(abs(here), STEP)
    ends = []
    for moved in (here - step, here + step):
        shifted = [dict(point) for point in points]
        for side in sides:
            if shifted[side][name] != math.inf:
                shifted[side][name] = moved
        ends.append(shapley_of(formula, actual=shifted[0], baseline=shifted[1]))
    return {factor: (ends[1][factor] - ends[0][factor]) / (2 * step) for factor in formula.names}

"""Shapley value: a change of a function's value, split over the factors that changed."""

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from steelyard.errors import Refused

MAX_FACTORS = 12

Number = int | float | Fraction


def shapley(
    value: Callable[[dict[str, Any]], Number],
    *,
    baseline: Mapping[str, Any],
    actual: Mapping[str, Any],
) -> dict[str, Any]:
    """Split `value(actual) - value(baseline)` over the factors by the Shapley value.

    Parameters
    ----------
    value
        Function of all factors. It is called once for each way to take every changed factor from
        one of the two periods, so it must be defined there.
    baseline, actual
        The same factor names in both; a factor may be a number or a sequence (a vector of rates).

    Returns
    -------
    dict
        Factor to contribution, by name. The contributions sum to the change: exactly where `value`
        returns int or Fraction, to the last bit of each where it returns float.

    Raises
    ------
    Refused
        `drivers.different-factors` when the names differ, `drivers.too-many-factors` when more
        than 12 factors changed.

    Notes
    -----
    φᵢ = Σ over S without i of |S|! (n-|S|-1)! / n! · (v(S ∪ i) - v(S)). A factor that did not change
    gets 0 and is left out of the search, which changes no other value. No logarithm and no division
    is taken, so zeros and negative values are fine. The sums run in rational arithmetic: the order
    of the factors cannot matter.
    Source: Shapley, L. S. (1953), A value for n-person games. Das Gupta, P. (1993), Standardization
    and decomposition of rates, US Bureau of the Census P23-186, gives the same values.

    Examples
    --------
    >>> shapley(lambda v: v["a"] * v["b"], baseline={"a": 2, "b": 5}, actual={"a": 4, "b": 0})
    {'a': Fraction(5, 1), 'b': Fraction(-15, 1)}
    """
    if set(baseline) != set(actual):
        raise Refused("drivers.different-factors", names=sorted(set(baseline) ^ set(actual)))
    changed = sorted(name for name in actual if not _is_same(baseline[name], actual[name]))
    if len(changed) > MAX_FACTORS:
        raise Refused("drivers.too-many-factors", count=len(changed), limit=MAX_FACTORS)

    worth = []
    for chosen in range(1 << len(changed)):
        taken = {name: actual[name] for bit, name in enumerate(changed) if chosen >> bit & 1}
        worth.append(value({**baseline, **taken}))
    is_exact = all(isinstance(each, int | Fraction) for each in worth)
    exact = [Fraction(each) for each in worth]

    split = {name: Fraction(0) for name in sorted(actual)}
    for bit, name in enumerate(changed):
        split[name] = _average_step(exact, bit=bit, factors=len(changed))
    return split if is_exact else {name: float(part) for name, part in split.items()}


def shapley_product(*, baseline: Mapping[str, Any], actual: Mapping[str, Any]) -> dict[str, Any]:
    """Split the change of a plain product over its factors: the Shapley value in closed form.

    Parameters
    ----------
    baseline, actual
        Factor name to number, the same names in both.

    Returns
    -------
    dict
        Factor to contribution, by name: Fractions where all inputs are int or Fraction, else floats.

    Raises
    ------
    Refused
        `drivers.different-factors` when the names differ.

    Notes
    -----
    A product is multilinear, so φᵢ = Δᵢ · ∫₀¹ Π over j ≠ i of (bⱼ + t Δⱼ) dt: a polynomial, integrated
    term by term. It costs n³ and so has no limit on the number of factors.
    Source: Owen, G. (1972), Multilinear extensions of games, Management Science 18.

    Examples
    --------
    >>> shapley_product(baseline={"a": 2, "b": 5}, actual={"a": 4, "b": 0})
    {'a': Fraction(5, 1), 'b': Fraction(-15, 1)}
    """
    if set(baseline) != set(actual):
        raise Refused("drivers.different-factors", names=sorted(set(baseline) ^ set(actual)))
    names = sorted(actual)
    start = {name: Fraction(baseline[name]) for name in names}
    step = {name: Fraction(actual[name]) - start[name] for name in names}
    split = {}
    for name in names:
        path = [Fraction(1)]
        for other in names:
            if other != name:
                path = _times_line(path, constant=start[other], slope=step[other])
        split[name] = step[name] * sum(part / (power + 1) for power, part in enumerate(path))
    given = [*baseline.values(), *actual.values()]
    is_exact = all(isinstance(each, int | Fraction) for each in given)
    return split if is_exact else {name: float(part) for name, part in split.items()}


def _average_step(worth: list[Fraction], *, bit: int, factors: int) -> Fraction:
    """Return what switching one factor adds, averaged over all orders of switching."""
    by_size = [Fraction(0)] * factors
    for chosen in range(len(worth)):
        if not chosen >> bit & 1:
            by_size[chosen.bit_count()] += worth[chosen | 1 << bit] - worth[chosen]
    parts = (total / (factors * math.comb(factors - 1, size)) for size, total in enumerate(by_size))
    return sum(parts, Fraction(0))


def _times_line(polynomial: list[Fraction], *, constant: Fraction, slope: Fraction) -> list[Fraction]:
    shifted = [Fraction(0), *(slope * part for part in polynomial)]
    kept = [*(constant * part for part in polynomial), Fraction(0)]
    return [low + high for low, high in zip(kept, shifted, strict=True)]


def _is_same(one: Any, other: Any) -> bool:
    if isinstance(one, list | tuple) or isinstance(other, list | tuple):
        return list(one) == list(other)
    return bool(one == other)

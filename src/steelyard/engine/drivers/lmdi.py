"""Logarithmic mean Divisia index: a change of a sum of products, split over the factors."""

import math
from collections.abc import Mapping, Sequence

from steelyard.errors import Refused

Table = Mapping[str, Sequence[float]]


def logarithmic_mean(one: float, other: float) -> float:
    """Return (a - b) / ln(a / b) of two positive numbers, and a where they are equal.

    >>> logarithmic_mean(4.0, 4.0)
    4.0
    >>> round(logarithmic_mean(1.0, math.e), 12) == round(math.e - 1, 12)
    True
    """
    low, high = sorted((one, other))
    growth = (high - low) / low
    if growth == 0:
        return low
    return low * growth / math.log1p(growth)


def lmdi_additive(*, baseline: Table, actual: Table) -> dict[str, float]:
    """Split Σ Π actual - Σ Π baseline over the factors by additive LMDI-I.

    Parameters
    ----------
    baseline, actual
        Factor name to its values, one per category (one category: a list of one), all positive.
        The KPI is the sum over the categories of the product of the factors.

    Returns
    -------
    dict
        Factor to contribution, by name, in the unit of the KPI; they sum to the change.

    Raises
    ------
    Refused
        `drivers.different-factors` when the names differ, `lmdi.unequal-length` when factors do not
        have the same number of categories, `lmdi.non-positive` when a value is not a finite number
        above zero.

    Notes
    -----
    Δₖ = Σᵢ L(Vᵢ¹, Vᵢ⁰) · ln(xₖᵢ¹ / xₖᵢ⁰), L the logarithmic mean. Use the Shapley value where zeros,
    negative values or categories that come and go occur.
    Source: Ang, B. W. (2005), The LMDI approach to decomposition analysis, Energy Policy 33.

    Examples
    --------
    >>> split = lmdi_additive(baseline={"a": [2.0], "b": [4.0]}, actual={"a": [4.0], "b": [2.0]})
    >>> {name: round(part, 6) for name, part in split.items()}
    {'a': 5.545177, 'b': -5.545177}
    """
    before, after = _products(baseline, actual=actual)
    weights = [logarithmic_mean(new, old) for new, old in zip(after, before, strict=True)]
    return {name: _weighted_logs(weights, baseline[name], actual[name]) for name in sorted(actual)}


def lmdi_multiplicative(*, baseline: Table, actual: Table) -> dict[str, float]:
    """Split the ratio Σ Π actual ÷ Σ Π baseline into one index per factor by LMDI-I.

    Parameters
    ----------
    baseline, actual
        As for `lmdi_additive`.

    Returns
    -------
    dict
        Factor to index (1 = no effect), by name; their product is the ratio.

    Raises
    ------
    Refused
        As `lmdi_additive`.

    Notes
    -----
    Dₖ = exp(Σᵢ L(Vᵢ¹, Vᵢ⁰) / L(V¹, V⁰) · ln(xₖᵢ¹ / xₖᵢ⁰)).
    Source: Ang, B. W. (2005), The LMDI approach to decomposition analysis, Energy Policy 33.

    Examples
    --------
    >>> lmdi_multiplicative(baseline={"a": [2.0], "b": [4.0]}, actual={"a": [4.0], "b": [4.0]})
    {'a': 2.0, 'b': 1.0}
    """
    before, after = _products(baseline, actual=actual)
    whole = logarithmic_mean(math.fsum(after), math.fsum(before))
    weights = [logarithmic_mean(new, old) / whole for new, old in zip(after, before, strict=True)]
    return {name: math.exp(_weighted_logs(weights, baseline[name], actual[name])) for name in sorted(actual)}


def _products(baseline: Table, *, actual: Table) -> tuple[list[float], list[float]]:
    if set(baseline) != set(actual):
        raise Refused("drivers.different-factors", names=sorted(set(baseline) ^ set(actual)))
    names = sorted(actual)
    lengths = {len(table[name]) for table in (baseline, actual) for name in names}
    if len(lengths) > 1:
        raise Refused("lmdi.unequal-length", lengths=sorted(lengths))
    low = [
        name for name in names if not all(0 < value < math.inf for value in (*baseline[name], *actual[name]))
    ]
    if low:
        raise Refused("lmdi.non-positive", names=low)
    before, after = (
        [math.prod(row) for row in zip(*(table[name] for name in names), strict=True)]
        for table in (baseline, actual)
    )
    return before, after


def _weighted_logs(weights: Sequence[float], old: Sequence[float], new: Sequence[float]) -> float:
    parts = (
        weight * math.log(after / before) for weight, before, after in zip(weights, old, new, strict=True)
    )
    return math.fsum(parts)

"""A ratio KPI cut by a dimension: what the mix of categories did, and what their rates did."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from steelyard.engine.drivers.ranking import rank
from steelyard.errors import Refused

Counts = Mapping[str | None, tuple[float, float]]


@dataclass(frozen=True)
class CategoryEffect:
    """One category: its share of the denominator, its rate (None without one), and its two effects."""

    category: str | None
    mix: float
    rate: float
    baseline_share: float
    actual_share: float
    baseline_rate: float | None
    actual_rate: float | None

    @property
    def total(self) -> float:
        """The category's part of the gap."""
        return self.mix + self.rate


@dataclass(frozen=True)
class MixAndRate:
    """The gap of a ratio: `mix + rate`, and the same by category."""

    gap: float
    mix: float
    rate: float
    baseline: float
    actual: float
    categories: tuple[CategoryEffect, ...]


def mix_and_rate(*, baseline: Counts, actual: Counts) -> MixAndRate:
    """Split the change of Σ numerator ÷ Σ denominator into a mix effect and a rate effect.

    Parameters
    ----------
    baseline, actual
        Category to (numerator, denominator) in each period; None names the rows without one. A
        category may be absent from either.

    Returns
    -------
    MixAndRate
        In the unit of the ratio. Categories by the size of their part, then by name.

    Raises
    ------
    Refused
        `mix.no-denominator` (with the period) when the denominators of a period sum to 0: the ratio
        has no value there.

    Notes
    -----
    With share s and rate r: rateᵢ = mean(sᵢ) · Δrᵢ and mixᵢ = (mean(rᵢ) - R) · Δsᵢ, R the mean of the
    two overall ratios. R cancels in the sum (Σ Δsᵢ = 0) and gives each line its reading: a category
    that grew helps where it converts better than the whole. The two sums are the Shapley values of
    mix and rate. A category that is new or gone has one rate only: its rate is taken as unchanged,
    so all of its part is mix. A numerator without a denominator moves the rate effect.
    Source: Kitagawa, E. M. (1955), Components of a difference between two rates, JASA 50. Das Gupta
    (1993), US Bureau of the Census P23-186, chapter 5.

    Examples
    --------
    >>> then = {"web": (10, 50), "shop": (40, 50)}
    >>> now = {"web": (16, 80), "shop": (16, 20)}
    >>> found = mix_and_rate(baseline=then, actual=now)
    >>> round(found.gap, 12), round(found.mix, 12), round(found.rate, 12)
    (-0.18, -0.18, 0.0)
    """
    sides = (baseline, actual)
    wholes = [
        _overall(side, period=period) for side, period in zip(sides, ("baseline", "actual"), strict=True)
    ]
    (old, old_size), (new, new_size) = wholes
    effects = [
        _effect(
            category,
            old=baseline.get(category, (0, 0)),
            new=actual.get(category, (0, 0)),
            sizes=(old_size, new_size),
            middle=(old + new) / 2,
        )
        for category in {**baseline, **actual}
    ]
    effects.sort(key=lambda effect: rank(effect.category, size=effect.total))
    return MixAndRate(
        gap=new - old,
        mix=math.fsum(effect.mix for effect in effects),
        rate=math.fsum(effect.rate for effect in effects),
        baseline=old,
        actual=new,
        categories=tuple(effects),
    )


def _overall(side: Counts, *, period: str) -> tuple[float, float]:
    size = math.fsum(denominator for _, denominator in side.values())
    if size == 0:
        raise Refused("mix.no-denominator", period=period)
    return math.fsum(numerator for numerator, _ in side.values()) / size, size


def _effect(
    category: str | None,
    *,
    old: tuple[float, float],
    new: tuple[float, float],
    sizes: tuple[float, float],
    middle: float,
) -> CategoryEffect:
    (old_top, old_base), (new_top, new_base) = ((float(top), float(base)) for top, base in (old, new))
    old_share, new_share = old_base / sizes[0], new_base / sizes[1]
    old_rate = old_top / old_base if old_base else None
    new_rate = new_top / new_base if new_base else None
    rates = [each for each in (old_rate, new_rate) if each is not None]
    typical = sum(rates) / len(rates) if rates else middle
    grown = new_share - old_share
    if len(rates) == 2:
        rate = (old_share + new_share) / 2 * (rates[1] - rates[0])
    else:
        rate = (new_top / sizes[1] - old_top / sizes[0]) - typical * grown
    return CategoryEffect(
        category=category,
        mix=(typical - middle) * grown,
        rate=_zero_if_rounding(rate, scale=abs(typical * grown)),
        baseline_share=old_share,
        actual_share=new_share,
        baseline_rate=old_rate,
        actual_rate=new_rate,
    )


def _zero_if_rounding(value: float, *, scale: float) -> float:
    return 0.0 if abs(value) <= 1e-14 * scale else value

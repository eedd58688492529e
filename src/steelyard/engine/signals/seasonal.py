"""The regular pattern within a year (or week), measured and taken out of a series."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from steelyard.errors import Refused

Kind = Literal["ratio", "difference"]
Series = Sequence[float | None]

MIN_CYCLES = 3
# Below this F the X-11 programme calls a season not identifiable.
MIN_STRENGTH = 7.0


@dataclass(frozen=True)
class Season:
    """One factor per place in the cycle: a ratio to the level (mean 1) or a difference (mean 0)."""

    kind: Kind
    factors: tuple[float, ...]
    strength: float
    cycles: int

    @property
    def widening(self) -> float:
        """How much wider limits must be because the factors are themselves estimates."""
        return math.sqrt(1 + 1 / self.cycles)

    def at(self, index: int) -> float:
        """Return the factor of the point with this index."""
        return self.factors[index % len(self.factors)]

    def remove(self, value: float, *, index: int) -> float:
        """Return the value as it would be in a season of average height."""
        return value / self.at(index) if self.kind == "ratio" else value - self.at(index)

    def restore(self, value: float, *, index: int) -> float:
        """Return an adjusted value on the scale of the raw series: the inverse of `remove`."""
        return value * self.at(index) if self.kind == "ratio" else value + self.at(index)


def seasonal_factors(values: Series, *, length: int, kind: Kind | None = None) -> Season | None:
    """Measure the season of a series by its ratios to (or differences from) a centred moving average.

    Parameters
    ----------
    values
        One value per period in order of time, None where there is none.
    length
        Periods in a cycle: 12 for months, 4 for quarters, 7 for days. At least 2.
    kind
        `"ratio"` where the season grows with the level, `"difference"` where it does not. Left out:
        ratio if all values are positive, else difference.

    Returns
    -------
    Season or None
        None when fewer than three full cycles are there, when a place of the cycle has fewer than
        two ratios, or when no season shows: the F ratio of the variance between places to that
        within them is under 7.

    Raises
    ------
    Refused
        `signals.season-too-short` for a length under 2; `signals.season-non-positive` for ratios of
        values that are not all positive.

    Notes
    -----
    The factors are means over the cycles. A holiday that moves between months (Spring Festival) blurs
    those of its months. A new factor misses by its own error besides the point's: `widening` says by
    how much, √(1 + 1 / ratios per place).
    Source: Macaulay (1931), The smoothing of time series; the factors equal those of R's `decompose`.
    Strength: Shiskin, Young and Musgrave (1967), The X-11 variant, US Bureau of the Census.

    Examples
    --------
    >>> season = seasonal_factors([80.0, 120.0] * 6, length=2)
    >>> season.kind, season.factors
    ('ratio', (0.8, 1.2))
    """
    if length < 2:
        raise Refused("signals.season-too-short", length=length)
    present = [value for value in values if value is not None]
    if len(present) < MIN_CYCLES * length:
        return None
    positive = min(present) > 0
    if kind == "ratio" and not positive:
        raise Refused("signals.season-non-positive")
    chosen: Kind = kind or ("ratio" if positive else "difference")

    places = _by_place(values, length=length, kind=chosen)
    if min(map(len, places)) < 2:
        return None
    strength = _strength(places)
    if strength < MIN_STRENGTH:
        return None
    typical = [_mean(place) for place in places]
    middle = _mean(typical)
    factors = (each / middle if chosen == "ratio" else each - middle for each in typical)
    return Season(kind=chosen, factors=tuple(factors), strength=strength, cycles=min(map(len, places)))


def adjusted(values: Series, *, season: Season | None) -> list[float | None]:
    """Return the series with its season taken out, unchanged where there is none."""
    if season is None:
        return list(values)
    return [
        None if value is None else season.remove(value, index=index) for index, value in enumerate(values)
    ]


def _by_place(values: Series, *, length: int, kind: Kind) -> list[list[float]]:
    places: list[list[float]] = [[] for _ in range(length)]
    for index, level in _centred_averages(values, length=length):
        value = values[index]
        assert value is not None, "a level is made of values that are there"  # noqa: S101
        places[index % length].append(value / level if kind == "ratio" else value - level)
    return places


def _centred_averages(values: Series, *, length: int) -> list[tuple[int, float]]:
    """Average a full cycle around each point; with an even length the two ends weigh half."""
    half = length // 2
    weights = [1.0] * length if length % 2 else [0.5, *[1.0] * (length - 1), 0.5]
    averages = []
    for index in range(half, len(values) - half):
        window = values[index - half : index + half + 1]
        terms = [w * v for w, v in zip(weights, window, strict=True) if v is not None]
        if len(terms) == len(weights):
            averages.append((index, math.fsum(terms) / length))
    return averages


def _strength(places: list[list[float]]) -> float:
    """Return the F ratio of a one-way analysis of variance over the places of the cycle."""
    everything = [value for place in places for value in place]
    middle = _mean(everything)
    between = math.fsum(len(place) * (_mean(place) - middle) ** 2 for place in places)
    within = math.fsum((value - _mean(place)) ** 2 for place in places for value in place)
    if within <= 1e-24 * max(1.0, middle**2):
        return math.inf if between > 1e-20 * max(1.0, middle**2) else 0.0
    return (between / (len(places) - 1)) / (within / (len(everything) - len(places)))


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)

"""How far a leaf strays from its expectation when nothing happened, learned from the table itself."""

from dataclasses import dataclass

import numpy as np

from steelyard.engine.localise.lattice import Codes, Floats

MOST_BANDS = 16
LEAVES_PER_BAND = 100
LEAVES_PER_SMALL_BAND = 12
# Sizes must differ by so many times the usual deviation before they are told apart.
LEAST_RANGE = 4.0
# So many leaves of a band tell its spread well enough while the search goes on.
SAMPLE = 512
NORMAL_QUARTILE = 0.6744897501960817
# A relative spread below this is not believed: it would make a rounding error a finding.
FLOOR = 2e-3
# Nothing counts for more than this many standard deviations, so that one leaf never speaks for its siblings.
CAP = 8.0
TAIL = 0.98
# |t| at TAIL over |t| at one half for these degrees of freedom: benchmarks/localise_null.py prints them.
DEGREES = np.array([2.0, 2.5, 3, 4, 5, 7, 10, 15, 25, 50, 1000])
TAIL_RATIOS = np.array([8.53, 6.819, 5.936, 5.059, 4.631, 4.216, 3.949, 3.765, 3.631, 3.537, 3.453])


def relative_deviation(actual: Floats, expected: Floats) -> tuple[Floats, Floats]:
    """2(v − f)/(|v| + |f|), which lies within ±2, and the size (|v| + |f|)/2."""
    size = (np.abs(actual) + np.abs(expected)) / 2
    return (actual - expected) / np.where(size > 0, size, 1.0), size


def normal_score(z: Floats, degrees: float) -> Floats:
    """The size of a t value as the standard normal value that is as rare. Source: Wallace (1959)."""
    if not np.isfinite(degrees):
        return np.abs(z)
    shrunk = (8 * degrees + 1) / (8 * degrees + 3)
    return shrunk * np.sqrt(degrees * np.log1p(z * z / degrees))


@dataclass(frozen=True, eq=False)
class Noise:
    """Spread of the deviation of each leaf below and above its middle, and degrees of freedom of the tail."""

    middle: Floats
    below: Floats
    above: Floats
    degrees: float

    def scores(self, deviations: Floats, rounding: Floats | None) -> tuple[Floats, Floats]:
        """Each deviation as a standard normal score up to CAP, and its spread."""
        centred = deviations - self.middle
        spread = self.below if self.below is self.above else np.where(centred < 0, self.below, self.above)
        if rounding is not None:
            spread = np.hypot(spread, rounding)
        z = centred / spread
        return np.copysign(np.minimum(normal_score(z, self.degrees), CAP), z), spread


class Bands:
    """Leaves in bands of like size; what holds for a band is drawn out between bands in log size.

    One band where sizes hardly differ beside the deviations: bands then would sort leaves by their error.
    """

    def __init__(self, size: Floats, deviations: Floats) -> None:
        self.log_size = np.log(size)
        count = min(MOST_BANDS, len(size) // LEAVES_PER_BAND)
        self.is_line = count < 4
        if self.is_line:
            count = min(4, len(size) // LEAVES_PER_SMALL_BAND)
        low, high = _quantiles(self.log_size, 0.1, 0.9)
        if high - low < LEAST_RANGE * _quantiles(np.abs(deviations), 0.5)[0]:
            count = 1
        edges = np.unique(_quantiles(self.log_size, *(np.arange(1, max(count, 1)) / max(count, 1))))
        band = np.searchsorted(edges, self.log_size, side="right")
        parts = [np.flatnonzero(band == each) for each in range(len(edges) + 1)]
        self.parts = [part for part in parts if len(part)]
        self.samples = [_sample(part) for part in self.parts]
        self.at = np.array([_quantiles(self.log_size[part], 0.5)[0] for part in self.parts])
        if len(self.at) > 1:
            gaps = np.maximum(np.diff(self.at), 1e-9)
            self.left = np.clip(np.searchsorted(self.at, self.log_size) - 1, 0, len(self.at) - 2)
            self.share = (self.log_size - self.at[self.left]) / gaps[self.left]

    def members(self, alive: np.ndarray, *, sampled: bool) -> list[Codes]:
        """The leaves in play of each band."""
        parts = self.samples if sampled else self.parts
        return [part[alive[part]] for part in parts]

    def spreads(self, spread: Floats, counts: Floats) -> Floats:
        """A spread for each leaf from one for each band: a power of size where bands are few."""
        known = np.maximum(spread, FLOOR)
        levels = np.log(known)
        if len(levels) == 1:
            return np.full(len(self.log_size), known[0])
        levels = self._line(levels, counts) if self.is_line else _smoothed(levels)
        reach = np.clip(self.share, -4.0, 5.0)
        drawn = levels[self.left] + reach * (levels[self.left + 1] - levels[self.left])
        return np.maximum(np.exp(drawn), FLOOR)

    def middles(self, middle: Floats) -> Floats:
        """A middle for each leaf from one for each band."""
        if len(middle) == 1:
            return np.full(len(self.log_size), middle[0])
        levels = _smoothed(middle)
        share = np.clip(self.share, 0.0, 1.0)
        return levels[self.left] + share * (levels[self.left + 1] - levels[self.left])

    def _line(self, levels: Floats, counts: Floats) -> Floats:
        """Spread as a power of size, the power drawn to zero as far as it could be chance."""
        centre = self.at - self.at.mean()
        squares = float((centre**2).sum())
        if squares <= 0:
            return np.full(len(levels), levels.mean())
        slope = float((centre * levels).sum()) / squares
        chance = 1.36 / float(counts.mean()) / squares
        slope *= max(0.0, 1 - chance / max(slope**2, 1e-12))
        return levels.mean() + slope * centre


def _sample(part: Codes) -> Codes:
    """A fixed, unpatterned choice: a plain stride would fall in step with the values of a dimension."""
    if len(part) <= SAMPLE:
        return part
    mixed = (part * 2654435761) & 0xFFFFFFFF
    return part[mixed < SAMPLE / len(part) * 2**32]


def sturdy_noise(deviations: Floats, bands: Bands, alive: np.ndarray, *, centred: bool) -> Noise:
    """Medians of absolute deviations: they hold while up to half of the leaves have strayed."""
    parts = bands.members(alive, sampled=True)
    middle = float(np.median(deviations[np.concatenate(parts)])) if centred else 0.0
    absolute = np.abs(deviations - middle)
    spread = bands.spreads(_each(parts, absolute) / NORMAL_QUARTILE, _lengths(parts))
    chosen = np.concatenate(parts)
    return Noise(np.full(1, middle), spread, spread, _degrees(absolute[chosen] / spread[chosen]))


def fine_noise(deviations: Floats, bands: Bands, alive: np.ndarray) -> Noise:
    """Quartiles on each side of the median: for leaves that no found segment holds, however skewed."""
    parts = bands.members(alive, sampled=False)
    quartiles = [_quantiles(deviations[part], 0.25, 0.5, 0.75) for part in parts]
    low, middle, high = np.array(quartiles).T
    below = bands.spreads((middle - low) / NORMAL_QUARTILE, _lengths(parts) / 2)
    above = bands.spreads((high - middle) / NORMAL_QUARTILE, _lengths(parts) / 2)
    middles = bands.middles(middle)
    centred = deviations - middles
    z = np.abs(centred) / np.where(centred < 0, below, above)
    return Noise(middles, below, above, _degrees(z[alive]))


def _each(parts: list[Codes], values: Floats) -> Floats:
    return np.array([_quantiles(values[part], 0.5)[0] for part in parts])


def _quantiles(values: Floats, *shares: float) -> list[float]:
    """Order statistics next to the shares; numpy's own interpolation costs more than it tells here."""
    if not len(values) or not shares:
        return [0.0] * len(shares)
    places = [min(len(values) - 1, int(share * len(values))) for share in shares]
    return [float(value) for value in np.partition(values, places)[places]]


def _lengths(parts: list[Codes]) -> Floats:
    return np.array([max(len(part), 1) for part in parts], dtype=np.float64)


def _smoothed(values: Floats) -> Floats:
    if len(values) < 3:
        return values
    padded = np.concatenate((2 * values[:1] - values[1:2], values, 2 * values[-1:] - values[-2:-1]))
    return (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4


def _degrees(z: Floats) -> float:
    """Degrees of freedom of the t whose tail is as heavy; few leaves cannot show a light tail."""
    middle, tail = _quantiles(z, 0.5, TAIL)
    ratio = tail / max(middle, 1e-12)
    seen = float(np.interp(-ratio, -TAIL_RATIOS, DEGREES))
    return 1 / (1 / seen + 3 / len(z))

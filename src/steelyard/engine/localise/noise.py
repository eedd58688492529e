"""How far a leaf strays from its expectation when nothing happened, learned from the table itself."""

from dataclasses import dataclass

import numpy as np

from steelyard.engine.localise.lattice import Floats

BINS = 8
LEAVES_PER_BIN = 100
NORMAL_QUARTILE = 0.6744897501960817
# A relative spread below this is not believed: it would make a rounding error a finding.
FLOOR = 2e-3
# Nothing counts for more than this many standard deviations, so that one leaf never speaks for its siblings.
CAP = 8.0
TAIL = 0.98
# |t| at TAIL over |t| at one half for these degrees of freedom: benchmarks/localise_null.py prints them.
DEGREES = np.array([2.0, 2.5, 3, 4, 5, 7, 10, 15, 25, 50, 1000])
TAIL_RATIOS = np.array(
    [8.529, 6.675, 5.938, 5.058, 4.630, 4.218, 3.950, 3.765, 3.627, 3.529, 3.454]
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Noise:
    """Spread of the relative deviation below and above the middle at log sizes `at`, and its tail."""

    at: Floats
    below: Floats
    above: Floats
    middle: Floats
    degrees: float

    def scores(self, deviation: Floats, size: Floats, rounding: Floats) -> tuple[Floats, Floats]:
        """Each deviation as a standard normal score up to CAP (Wallace's transform of t), and its spread."""
        log_size = np.log(size)
        spread, centred = self._spread(deviation, log_size)
        spread = np.hypot(spread, rounding)
        z = centred / spread
        v = self.degrees
        normal = (8 * v + 1) / (8 * v + 3) * np.sqrt(v * np.log1p(z * z / v))
        return np.copysign(np.minimum(normal, CAP), z), spread

    def _spread(self, deviation: Floats, log_size: Floats) -> tuple[Floats, Floats]:
        if len(self.at) == 1:
            centred = deviation - self.middle[0]
            return np.where(centred < 0, self.below[0], self.above[0]), centred
        centred = deviation - np.interp(log_size, self.at, self.middle)
        below, above = (np.interp(log_size, self.at, side) for side in (self.below, self.above))
        return np.where(centred < 0, below, above), centred


def relative_deviation(actual: Floats, expected: Floats) -> tuple[Floats, Floats]:
    """2(v − f)/(|v| + |f|), which lies within ±2, and the size (|v| + |f|)/2."""
    size = (np.abs(actual) + np.abs(expected)) / 2
    return (actual - expected) / np.where(size > 0, size, 1.0), size


def sturdy_noise(deviation: Floats, size: Floats, *, middle: float) -> Noise:
    """Medians of absolute deviations from a middle: they hold while up to half of the leaves have strayed."""
    parts, at = _bins(size)
    absolute = np.abs(deviation)
    spread = np.array([np.median(absolute[part]) for part in parts]) / NORMAL_QUARTILE
    spread = np.maximum(_smoothed(spread), FLOOR)
    scale = np.interp(np.log(size), at, spread) if len(at) > 1 else spread[0]
    return Noise(at, spread, spread, np.full(len(at), middle), _degrees(absolute / scale))


def fine_noise(deviation: Floats, size: Floats) -> Noise:
    """Quartiles on each side of the median: for leaves that no found segment holds, however skewed."""
    parts, at = _bins(size)
    quartiles = np.array([np.quantile(deviation[part], [0.25, 0.5, 0.75]) for part in parts])
    low, middle, high = (_smoothed(column) for column in quartiles.T)
    below = np.maximum((middle - low) / NORMAL_QUARTILE, FLOOR)
    above = np.maximum((high - middle) / NORMAL_QUARTILE, FLOOR)
    model = Noise(at, below, above, middle, float(DEGREES[-1]))
    spread, centred = model._spread(deviation, np.log(size))
    return Noise(at, below, above, middle, _degrees(np.abs(centred) / spread))


def _bins(size: Floats) -> tuple[list[np.ndarray], Floats]:
    count = max(1, min(BINS, len(size) // LEAVES_PER_BIN))
    if count == 1:
        return [np.arange(len(size))], np.zeros(1)
    cuts = np.arange(1, count) * len(size) // count
    order = np.argpartition(size, cuts)
    parts = np.split(order, cuts)
    return parts, np.array([np.log(np.median(size[part])) for part in parts])


def _smoothed(values: Floats) -> Floats:
    if len(values) < 3:
        return values
    padded = np.concatenate((values[:1], values, values[-1:]))
    return (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4


def _degrees(z: Floats) -> float:
    """Degrees of freedom of the t whose tail is as heavy; few leaves cannot show a light tail."""
    middle, tail = np.quantile(z, [0.5, TAIL])
    ratio = tail / max(middle, 1e-12)
    seen = float(np.interp(-ratio, -TAIL_RATIOS, DEGREES))
    return 1 / (1 / seen + 3 / len(z))

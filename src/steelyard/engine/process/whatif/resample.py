"""Cases drawn again and again, for before and after alike."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from steelyard.engine.process.log import Longs

MOST_DRAWN = 20_000
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Resample:
    """How cases are drawn: `size` a run, of `count`, in blocks of neighbours in the order of `ranks`."""

    count: int
    size: int
    runs: int
    block: int
    ranks: Longs
    seed: int

    def draws(self, values: Floats, share: float | None) -> Floats:
        """The quantile (None: the mean) of each run; two calls draw the same cases."""
        if np.all(values == values[0]):
            return np.full(self.runs, values[0])
        values = values[self.ranks]
        if share is None:
            return np.array([values[rows].mean() for rows in self._rows()])
        return np.array([quantile(values[rows], share) for rows in self._rows()])

    def scaled(self, draws: Floats, point: float) -> Floats:
        """Draws of fewer cases than there are, with the spread that all would have."""
        return (
            draws if self.size == self.count else point + (draws - point) * math.sqrt(self.size / self.count)
        )

    def _rows(self) -> Iterator[Longs]:
        random = np.random.default_rng(self.seed)
        blocks = -(-self.size // self.block)
        steps = np.arange(self.block)
        for _ in range(self.runs):
            begins = random.integers(0, self.count, blocks)
            if self.block == 1:
                yield begins
            else:
                yield ((begins[:, None] + steps) % self.count).ravel()[: self.size]


def resample_of(arrival: Longs, *, runs: int, random: np.random.Generator, is_joint: bool) -> Resample:
    """Draw single cases; or, where cases hang together, runs of neighbours by arrival."""
    count = len(arrival)
    block = max(1, math.isqrt(count)) if is_joint else 1
    ranks = np.argsort(arrival, kind="stable")
    return Resample(count, min(count, MOST_DRAWN), runs, block, ranks, int(random.integers(2**63)))


def quantile(values: Floats, share: float) -> float:
    """As numpy's linear quantile, without its checks."""
    place = (len(values) - 1) * share
    below = math.floor(place)
    above = min(below + 1, len(values) - 1)
    parted = np.partition(values, (below, above))
    return float(parted[below] + (parted[above] - parted[below]) * (place - below))

"""Figures of many groups at once: one sort, then arithmetic on slices, no loop over events."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from steelyard.engine.process.order import Longs, by_code

SECOND = 1_000_000
_LOW_BITS = 20
# More possible groups than this are counted by sorting; fewer by a counter for each.
_MANY = 1 << 22


@dataclass(frozen=True, eq=False)
class Groups:
    """Rows by group: `order` has them group after group, each group's in their own order.

    `codes` are the groups that have rows, ascending; group i of them lies at bounds[i]:bounds[i+1].
    """

    codes: Longs
    order: Longs
    bounds: Longs

    @property
    def counts(self) -> Longs:
        """Rows in each group."""
        return np.diff(self.bounds)

    def owners(self, owner: npt.NDArray[np.int32]) -> Longs:
        """Distinct owners in each group, where rows stand by owner to begin with."""
        if not len(self.codes):
            return np.empty(0, np.int64)
        held = owner[self.order]
        new = np.empty(len(held), bool)
        np.not_equal(held[1:], held[:-1], out=new[1:])
        new[self.bounds[:-1]] = True
        return np.add.reduceat(new, self.bounds[:-1], dtype=np.int64)


def grouped(codes: npt.NDArray[np.integer], *, groups: int) -> Groups:
    """Group rows by a code from 0 up; rows with the code `groups` or more belong to none."""
    if groups > _MANY:
        names, codes = np.unique(codes, return_inverse=True)
    else:
        names = np.arange(groups)
    known = int(np.searchsorted(names, groups))
    if known < 2**16:
        codes = codes.astype(np.uint16, copy=False)
    counts = np.bincount(codes, minlength=known)[:known]
    present = np.flatnonzero(counts)
    bounds = np.concatenate(([0], np.cumsum(counts[present]))).astype(np.int64)
    return Groups(names[present], by_code(codes)[: bounds[-1]], bounds)


@dataclass(frozen=True, eq=False)
class Spans:
    """Lengths of time by group, in microseconds, ascending within each group; figures are in seconds."""

    ascending: Longs
    bounds: Longs

    def quantile(self, share: float) -> npt.NDArray[np.float64]:
        """Each group's quantile, between two neighbours in proportion (numpy's `linear`)."""
        place = (np.diff(self.bounds) - 1) * share
        below = np.floor(place).astype(np.int64)
        above = np.minimum(below + 1, np.diff(self.bounds) - 1)
        low = self.ascending[self.bounds[:-1] + below] / SECOND
        high = self.ascending[self.bounds[:-1] + above] / SECOND
        return low + (high - low) * (place - below)

    def totals(self) -> list[float]:
        """Each group's sum, exact before it becomes seconds."""
        if len(self.bounds) < 2:
            return []
        starts = self.bounds[:-1]
        low = np.add.reduceat(self.ascending & ((1 << _LOW_BITS) - 1), starts).tolist()
        high = np.add.reduceat(self.ascending >> _LOW_BITS, starts).tolist()
        return [((more << _LOW_BITS) + less) / SECOND for more, less in zip(high, low, strict=True)]


def spans(lengths: Longs, bounds: Longs) -> Spans:
    """Lengths that stand group after group, sorted within each group, in place."""
    for start, end in pairwise(bounds.tolist()):
        lengths[start:end].sort()
    return Spans(lengths, bounds)

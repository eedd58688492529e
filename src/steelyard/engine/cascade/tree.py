"""The units as arrays, level by level, in an order that does not depend on how the plan lists them."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from steelyard.engine.cascade.plan import Plan

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Tree:
    """Nodes with the whole first, then level by level; the units of a parent stand next to each other.

    `levels` are the slices of each depth; `below[p]` is the slice of p's units, empty for a leaf. `over`
    holds each parent's declared share, `factors` the same as 1 + share in floats.
    """

    codes: tuple[str, ...]
    parent: Places
    levels: tuple[slice, ...]
    below: tuple[slice, ...]
    is_leaf: NDArray[np.bool_]
    over: tuple[Decimal, ...]
    factors: Floats

    @property
    def size(self) -> int:
        return len(self.codes)

    @property
    def parents(self) -> tuple[int, ...]:
        """Nodes that have units, from the whole downwards."""
        return tuple(place for place in range(self.size) if not self.is_leaf[place])

    def exact_factor(self, place: int) -> Fraction:
        return 1 + Fraction(self.over[place])

    def summed(self, values: Floats, level: slice) -> Floats:
        """Sum the values of one level's nodes into an array of all nodes."""
        result = np.zeros_like(values)
        np.add.at(result, self.parent[level], values[level])
        return result


def tree_of(plan: Plan) -> Tree:
    """Order the units of a plan by level, parent and code."""
    codes, parent, levels, below = [plan.root], [0], [slice(0, 1)], []
    place = 0
    while place < len(codes):
        end = levels[-1].stop
        for at in range(levels[-1].start, end):
            listed = sorted(plan.children.get(codes[at], ()))
            below.append(slice(len(codes), len(codes) + len(listed)))
            codes += listed
            parent += [at] * len(listed)
        place = end
        if len(codes) > end:
            levels.append(slice(end, len(codes)))
    leaf = np.array([part.stop == part.start for part in below])
    over = tuple(Decimal(0) if leaf[at] else plan.over_of(code) for at, code in enumerate(codes))
    return Tree(
        codes=tuple(codes),
        parent=np.array(parent, dtype=np.int64),
        levels=tuple(levels),
        below=tuple(below),
        is_leaf=leaf,
        over=over,
        factors=np.array([1 + float(share) for share in over]),
    )

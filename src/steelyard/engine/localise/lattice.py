"""Every combination of dimension values, summed level by level with integer codes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import prod

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

DENSE_CELLS_PER_LEAF = 4
DENSE_CELLS_ALWAYS = 1 << 16
MOST_CELLS = 1 << 25
NO_AXIS = -1
NO_ROWS: Codes = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Cuboid:
    """The cells over one subset of the dimensions; `keys` is None where every cell is stored.

    Its sums are those of the cuboid `source` folded: along one `axis` where both store every cell, else
    `rows` says where each cell of the source goes.
    """

    dims: tuple[int, ...]
    shape: tuple[int, ...]
    keys: Codes | None
    source: int
    axis: int
    rows: Codes

    @cached_property
    def cells(self) -> int:
        """How many cells are stored."""
        return int(np.prod(self.shape)) if self.keys is None else len(self.keys)

    def key(self, codes: Sequence[int]) -> int:
        """The mixed-radix key of one cell."""
        key = 0
        for code, size in zip(codes, self.shape, strict=True):
            key = key * size + int(code)
        return key

    def codes(self, cell: int) -> tuple[int, ...]:
        """The dimension codes of the cell at a position."""
        key = cell if self.keys is None else int(self.keys[cell])
        found = []
        for size in reversed(self.shape):
            found.append(key % size)
            key //= size
        return tuple(reversed(found))

    def position(self, codes: Sequence[int]) -> int:
        """Where the cell of these codes is stored, -1 where no leaf has them."""
        key = self.key(codes)
        if self.keys is None:
            return key
        at = int(np.searchsorted(self.keys, key))
        return at if at < len(self.keys) and self.keys[at] == key else -1


class Lattice:
    """The cuboids over a leaf table, finest first; each is rolled up from the smallest one above it.

    `codes` is one row a leaf, unique and sorted, so that sums run in one order whatever the input's order.
    """

    def __init__(self, codes: Codes, sizes: Sequence[int]) -> None:
        self.codes = codes
        self.columns = [np.ascontiguousarray(codes[:, axis]) for axis in range(codes.shape[1])]
        self.sizes = tuple(sizes)
        self.cuboids: list[Cuboid] = []
        self.index: dict[tuple[int, ...], int] = {}
        width = len(self.sizes)
        deepest = self._deepest()
        self._add(tuple(range(width)), self._leaves(whole=deepest == width))
        for level in range(min(width - 1, deepest), 0, -1):
            for dims in combinations(range(width), level):
                self._add(dims, self._rolled_up(dims))
        counts = self.sums(np.ones((1, len(codes))))
        self.occupied = [int(np.count_nonzero(count)) for count in counts]
        self.cells = sum(self.occupied)

    def _add(self, dims: tuple[int, ...], cuboid: Cuboid) -> None:
        self.index[dims] = len(self.cuboids)
        self.cuboids.append(cuboid)

    def _deepest(self) -> int:
        """The finest level below the leaves that fits the memory meant for it, with all above it."""
        left = MOST_CELLS
        for level in range(1, len(self.sizes)):
            for sizes in combinations(self.sizes, level):
                left -= min(len(self.codes), prod(sizes))
            if left < 0:
                return max(1, level - 1)
        return len(self.sizes)

    def _leaves(self, *, whole: bool) -> Cuboid:
        dims = tuple(range(len(self.sizes)))
        keys = np.zeros(len(self.codes), dtype=np.int64)
        for column, size in zip(self.columns, self.sizes, strict=True):
            keys = keys * size + column
        if whole and self._is_dense(self.sizes):
            return Cuboid(dims, self.sizes, None, -1, NO_AXIS, keys)
        return Cuboid(dims, self.sizes, keys, -1, NO_AXIS, NO_ROWS)

    def _is_dense(self, shape: Sequence[int]) -> bool:
        cells = float(np.prod([float(size) for size in shape]))
        return cells <= max(DENSE_CELLS_PER_LEAF * len(self.codes), DENSE_CELLS_ALWAYS)

    def _rolled_up(self, dims: tuple[int, ...]) -> Cuboid:
        source = self._smallest_above(dims)
        above = self.cuboids[source]
        if len(above.dims) > len(dims) + 1:
            return self._folded(dims, source)
        axis = next(i for i, dim in enumerate(above.dims) if dim not in dims)
        shape = tuple(self.sizes[dim] for dim in dims)
        if above.keys is None:
            return Cuboid(dims, shape, None, source, axis, NO_ROWS)
        below = int(np.prod(above.shape[axis + 1 :], dtype=np.int64))
        keys = above.keys // (below * above.shape[axis]) * below + above.keys % below
        return self._keyed(dims, shape, keys, source)

    def _folded(self, dims: tuple[int, ...], source: int) -> Cuboid:
        """Straight from the leaves, where the levels between are too large to keep."""
        shape = tuple(self.sizes[dim] for dim in dims)
        keys = np.zeros(len(self.codes), dtype=np.int64)
        for dim, size in zip(dims, shape, strict=True):
            keys = keys * size + self.columns[dim]
        return self._keyed(dims, shape, keys, source)

    def _keyed(self, dims: tuple[int, ...], shape: tuple[int, ...], keys: Codes, source: int) -> Cuboid:
        if self._is_dense(shape):
            return Cuboid(dims, shape, None, source, NO_AXIS, keys)
        unique, rows = np.unique(keys, return_inverse=True)
        return Cuboid(dims, shape, unique, source, NO_AXIS, rows)

    def _smallest_above(self, dims: tuple[int, ...]) -> int:
        others = (dim for dim in range(len(self.sizes)) if dim not in dims)
        names = (tuple(sorted((*dims, dim))) for dim in others)
        above = (self.index[name] for name in names if name in self.index)
        return min(above, key=lambda at: (self.cuboids[at].cells, at), default=0)

    def sums(self, measures: Floats) -> list[Floats]:
        """Sum measures (one row each, one column a leaf) over the cells of every cuboid."""
        found: list[Floats] = []
        for cuboid in self.cuboids:
            found.append(_sums(cuboid, measures, None if cuboid.source < 0 else found, self.cuboids))
        return found

    def members(self, dims: Sequence[int], codes: Sequence[int]) -> NDArray[np.bool_]:
        """Which leaves lie in a cell."""
        inside = np.ones(len(self.codes), dtype=bool)
        for dim, code in zip(dims, codes, strict=True):
            inside &= self.columns[dim] == code
        return inside

    def children(self, dims: tuple[int, ...], codes: tuple[int, ...]) -> Iterator[tuple[int, Codes]]:
        """For each further dimension: its cuboid and the positions of the cells under a cell."""
        for dim in range(len(self.sizes)):
            if dim not in dims and tuple(sorted((*dims, dim))) in self.index:
                yield self.children_along(dims, codes, dim)

    def children_along(self, dims: tuple[int, ...], codes: tuple[int, ...], dim: int) -> tuple[int, Codes]:
        """The cuboid that cuts a cell by one further dimension, and the positions of its parts there."""
        at = self.index[tuple(sorted((*dims, dim)))]
        return at, self._under(self.cuboids[at], dim, dims, codes)

    def _under(self, finer: Cuboid, dim: int, dims: tuple[int, ...], codes: tuple[int, ...]) -> Codes:
        fixed = dict(zip(dims, codes, strict=True))
        keys = np.zeros(self.sizes[dim], dtype=np.int64)
        for own, size in zip(finer.dims, finer.shape, strict=True):
            keys = keys * size + (np.arange(size) if own == dim else fixed[own])
        if finer.keys is None:
            return keys
        at = np.minimum(np.searchsorted(finer.keys, keys), len(finer.keys) - 1)
        return at[finer.keys[at] == keys]


def _sums(cuboid: Cuboid, measures: Floats, found: list[Floats] | None, cuboids: list[Cuboid]) -> Floats:
    if found is None:
        if cuboid.keys is not None:
            return measures
        cells = np.zeros((len(measures), cuboid.cells))
        cells[:, cuboid.rows] = measures
        return cells
    above = cuboids[cuboid.source]
    values = found[cuboid.source]
    if cuboid.axis != NO_AXIS:
        folded = values.reshape(len(values), *above.shape).sum(axis=cuboid.axis + 1)
        return folded.reshape(len(values), -1)
    return np.array([np.bincount(cuboid.rows, row, minlength=cuboid.cells) for row in values])

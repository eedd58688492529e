"""A leaf table as integer codes and number columns, whatever the order of its rows and columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from steelyard.engine.localise.lattice import Codes, Floats
from steelyard.errors import Refused

MAX_DIMENSIONS = 12


@dataclass(frozen=True, eq=False)
class Leaves:
    """One row a leaf: `codes` index the sorted `values` of each dimension, `figures` are sums by name."""

    dimensions: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    codes: Codes
    figures: dict[str, Floats]

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many values each dimension has."""
        return tuple(len(values) for values in self.values)


def leaves_of(table: pa.Table, *, dimensions: Sequence[str], figures: Mapping[str, str]) -> Leaves:
    """Code the dimensions, check the figures, add up rows that name the same leaf."""
    names = tuple(sorted(dimensions))
    _check_columns(table, names, figures)
    coded = [_coded(name, table.column(name)) for name in names]
    codes = np.column_stack([codes for codes, _ in coded])
    values = tuple(values for _, values in coded)
    numbers = {name: _numbers(table, column) for name, column in figures.items()}
    codes, numbers = _one_row_a_leaf(codes, [len(each) for each in values], numbers)
    return Leaves(names, values, codes, numbers)


def _check_columns(table: pa.Table, names: Sequence[str], figures: Mapping[str, str]) -> None:
    wanted = [*names, *figures.values()]
    for column in wanted:
        if table.column_names.count(column) != 1:
            raise Refused("localise.no-such-column", column=column)
    if not names:
        raise Refused("localise.no-dimensions")
    if len(set(names)) < len(names) or set(names) & set(figures.values()):
        raise Refused("localise.column-named-twice")
    if len(names) > MAX_DIMENSIONS:
        raise Refused("localise.too-many-dimensions", most=MAX_DIMENSIONS, given=len(names))
    if table.num_rows == 0:
        raise Refused("localise.no-rows")


def _coded(name: str, column: pa.ChunkedArray) -> tuple[Codes, tuple[str, ...]]:
    """Codes in the order of the sorted text of the values; a missing value reads as the empty text."""
    try:
        text = column if pa.types.is_string(column.type) else column.cast(pa.string())
    except pa.ArrowException as fault:
        raise Refused("localise.not-a-dimension", column=name) from fault
    if text.null_count:
        text = pc.fill_null(text, "")
    encoded = text.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    values = encoded.dictionary.to_pylist()
    order = sorted(range(len(values)), key=values.__getitem__)
    rank = np.empty(len(values), dtype=np.int64)
    rank[order] = np.arange(len(values))
    return rank[encoded.indices.to_numpy(zero_copy_only=False)], tuple(values[i] for i in order)


def _numbers(table: pa.Table, column: str) -> Floats:
    values = table.column(column)
    kind = values.type
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
        raise Refused("localise.not-a-number", column=column)
    numbers = values.cast(pa.float64(), safe=False).to_numpy()
    if values.null_count or not np.isfinite(numbers).all():
        raise Refused("localise.number-missing", column=column)
    return np.ascontiguousarray(numbers, dtype=np.float64)


def _one_row_a_leaf(
    codes: Codes, sizes: Sequence[int], numbers: dict[str, Floats]
) -> tuple[Codes, dict[str, Floats]]:
    cells = 1
    for size in sizes:
        cells *= size
    if cells >= 2**62:
        raise Refused("localise.too-many-combinations")
    key = np.zeros(len(codes), dtype=np.int64)
    for axis, size in enumerate(sizes):
        key = key * size + codes[:, axis]
    if np.all(key[1:] > key[:-1]):
        return codes, numbers
    order = np.argsort(key, kind="stable")
    key = key[order]
    first = np.concatenate(([True], key[1:] != key[:-1]))
    if first.all():
        return codes[order], {name: column[order] for name, column in numbers.items()}
    order = np.lexsort([*numbers.values(), *codes.T[::-1]])
    starts = np.flatnonzero(first)
    summed = {name: np.add.reduceat(column[order], starts) for name, column in numbers.items()}
    return codes[order][starts], summed

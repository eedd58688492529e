"""Columns of a table as codes and as microseconds."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from steelyard.errors import Refused


@dataclass(frozen=True, eq=False)
class Codes:
    """A column as numbers of its distinct values, which are in ascending order; −1 is missing."""

    codes: npt.NDArray[np.int32]
    names: pa.Array


def codes_of(column: pa.ChunkedArray, *, blank_is_missing: bool = False, as_text: bool = True) -> Codes:
    """Number the values that a column has, from the least up; with `as_text` the values become text."""
    encoded = _encoded(column)
    codes = np.asarray(encoded.indices.fill_null(-1)).astype(np.int32, copy=False)
    names = encoded.dictionary
    if as_text:
        names = names.cast(pa.string())
    used = (
        np.bincount(codes + 1, minlength=len(names) + 1)[1:] > 0 if len(codes) else np.zeros(len(names), bool)
    )
    if blank_is_missing:
        used &= ~np.asarray(pc.equal(pc.utf8_trim_whitespace(names), ""))
    if used.all() and _is_ascending(names):
        return Codes(codes, names)
    return _renumbered(codes, names, used)


def microseconds_of(column: pa.ChunkedArray, *, name: str) -> npt.NDArray[np.int64]:
    """A column of times as microseconds since 1970 in UTC; a missing one is the least number."""
    kind = column.type
    if not (pa.types.is_timestamp(kind) or pa.types.is_date(kind)):
        raise Refused("process.not-a-time", column=name)
    if pa.types.is_date(kind):
        column = column.cast(pa.timestamp("us"))
    elif kind.unit != "us":
        column = pc.cast(column, pa.timestamp("us", kind.tz), safe=False)
    numbers = column.cast(pa.int64())
    if numbers.null_count:
        numbers = numbers.fill_null(np.iinfo(np.int64).min)
    return np.asarray(numbers)


def _encoded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """The column by dictionary, in one piece."""
    if not pa.types.is_dictionary(column.type):
        column = pc.dictionary_encode(column)
    elif column.num_chunks > 1:
        column = column.unify_dictionaries()
    whole = column.combine_chunks()
    return whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole


def _is_ascending(names: pa.Array) -> bool:
    if len(names) < 2:
        return True
    return bool(pc.all(pc.less(names[:-1], names[1:])).as_py())


def _renumbered(codes: npt.NDArray[np.int32], names: pa.Array, used: npt.NDArray[Any]) -> Codes:
    kept = names.filter(pa.array(used))
    merged = pc.unique(kept)
    rank = np.asarray(pc.sort_indices(merged))
    ascending = merged.take(pa.array(rank))
    place = np.empty(len(rank), np.int32)
    place[rank] = np.arange(len(rank), dtype=np.int32)
    renumber = np.full(len(names) + 1, -1, np.int32)
    if len(merged) == len(kept):
        renumber[:-1][used] = place
    else:
        renumber[:-1][used] = place[np.asarray(pc.index_in(kept, value_set=merged))]
    return Codes(renumber[codes], ascending)

"""Scans added up into matrices, periods down and units across: many cells at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from steelyard.engine.kpi.currency import RATE
from steelyard.engine.kpi.definitions import Part
from steelyard.engine.kpi.relations import Tables
from steelyard.engine.kpi.scan import PERIOD, Scan
from steelyard.engine.kpi.summary import read_columns
from steelyard.engine.organisation import Organisation, ancestors, parents_of
from steelyard.engine.periods import Period

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]
# Whole numbers are summed as such up to here; above it a float is as exact as can be had.
_LARGEST = 2.0**62


@dataclass(frozen=True)
class Matrix:
    """One part of a KPI: amount (NaN where it is missing) and records, periods × units."""

    amount: Floats
    n: Integers


@dataclass(frozen=True)
class Units:
    """The units of one kind, in the order of their codes; the company is the one unit of its kind.

    `counts`: which of the scan's codes a unit adds up, scan × units; None where each counts itself.
    """

    kind: str
    codes: tuple[str, ...]
    counts: Integers | None = None

    @cached_property
    def place(self) -> Mapping[str, int]:
        """The column of each code."""
        return {code: place for place, code in enumerate(self.codes)}


def company() -> Units:
    """The company, which counts every row, also those of nobody."""
    return Units("company", ("",))


def members(people: Organisation) -> Units:
    """Everybody whom an alias names."""
    return Units("member", tuple(sorted(people.spans["member"].drop_null().unique().to_pylist())))


def teams(people: Organisation, tables: Tables) -> Units:
    """The teams, each counting those below it."""
    parents = parents_of(tables)
    codes = tuple(sorted({*people.spans["team"].drop_null().unique().to_pylist(), *parents}))
    place = {code: at for at, code in enumerate(codes)}
    counts = np.eye(len(codes), dtype=np.int64)
    for code in codes:
        for above in ancestors(code, parents):
            if above in place:
                counts[place[code], place[above]] = 1
    return Units("team", codes, counts)


def counting_below(people: Organisation, units: Units) -> Organisation:
    """The organisation in which everybody belongs to the teams above their own, too.

    A join with it repeats a row for every team that counts it: what a median of each team needs.
    """
    if units.counts is None:
        return people
    spans = people.spans
    own = [units.place.get(team) for team in spans["team"].to_pylist()]
    pairs = [
        (row, units.codes[above])
        for row, place in enumerate(own)
        if place is not None
        for above in np.flatnonzero(units.counts[place])
    ]
    repeated = spans.take(pa.array([row for row, _ in pairs], pa.int64()))
    column = pa.array([code for _, code in pairs], pa.string())
    return Organisation(repeated.set_column(repeated.schema.get_field_index("team"), "team", column))


def existence(people: Organisation, units: Units, *, periods: Sequence[Period]) -> Booleans:
    """Whether each unit existed at some day of each period; periods × units."""
    if units.kind == "company":
        return np.ones((len(periods), 1), dtype=bool)
    starts, ends = (people.spans[name].to_numpy() for name in ("valid_from", "valid_to"))
    places = np.array([units.place.get(code, -1) for code in people.spans[units.kind].to_pylist()])
    found = np.zeros((len(periods), len(units.codes)), dtype=np.int64)
    for index, period in enumerate(periods):
        overlaps = (starts < np.datetime64(period.end)) & (ends > np.datetime64(period.start)) & (places >= 0)
        found[index, places[overlaps]] = 1
    return np.asarray((found if units.counts is None else found @ units.counts) > 0)


def read_matrices(scan: Scan, kinds: Sequence[Units], *, periods: int) -> dict[str, dict[Part, Matrix]]:
    """Run one scan; kind of unit → part → its matrix. Codes that are no unit count for the company only."""
    found = read_columns(scan)
    at = found[PERIOD].to_numpy().astype(np.int64)
    rates = found[RATE].to_numpy() if RATE in found.column_names else None
    places = {units.kind: _places(found, units) for units in kinds}
    matrices: dict[str, dict[Part, Matrix]] = {units.kind: {} for units in kinds}
    for index, part in enumerate(scan.parts):
        counted = np.nan_to_num(found[f"n{index}"].to_numpy()).astype(np.int64)
        amounts, worth = (counted, 1.0) if part.measure.kind == "count" else _whole(found[f"a{index}"])
        if rates is not None and part.measure.kind == "sum":
            amounts, worth = amounts / worth * np.where(np.isnan(rates), 1.0, rates), 1.0
        missing = _filled(found[f"m{index}"]) if f"m{index}" in found.column_names else None
        for units in kinds:
            where = (at, places[units.kind], periods, units)
            amount = _added(amounts, *where).astype(np.float64) / worth
            if missing is not None:
                amount[_added(missing, *where) != 0] = np.nan
            matrices[units.kind][part] = Matrix(amount, _added(counted, *where))
    return matrices


def _places(found: pa.Table, units: Units) -> Integers:
    """The unit of each row, -1 for none."""
    if units.kind == "company":
        return np.zeros(found.num_rows, dtype=np.int64)
    column = found[units.kind].combine_chunks().dictionary_encode()
    of_code = np.array([units.place.get(code, -1) for code in column.dictionary.to_pylist()] + [-1])
    return of_code[column.indices.fill_null(len(of_code) - 1).to_numpy()]


def _added(
    values: npt.NDArray[Any], at: Integers, places: Integers, periods: int, units: Units
) -> npt.NDArray[Any]:
    """Sum by period and unit; a team's with those below it."""
    sums = np.zeros((periods, len(units.codes)), dtype=values.dtype)
    kept = places >= 0
    np.add.at(sums, (at[kept], places[kept]), values[kept])
    return sums if units.counts is None else sums @ units.counts.astype(values.dtype)


def _whole(column: pa.ChunkedArray) -> tuple[Integers | Floats, float]:
    """Amounts as whole numbers, and how many of them make one; as floats where whole ones would not fit."""
    kind = column.type
    if pa.types.is_integer(kind):
        return _filled(column), 1.0
    if not pa.types.is_decimal128(kind):
        return np.nan_to_num(column.to_numpy().astype(np.float64)), 1.0
    array = column.combine_chunks()
    words = np.frombuffer(array.buffers()[1], dtype="<i8").reshape(-1, 2)
    words = words[array.offset : array.offset + len(array)]
    valid = array.is_valid().to_numpy(zero_copy_only=False)
    low, high = np.where(valid, words[:, 0], 0), np.where(valid, words[:, 1], 0)
    if (high == low >> 63).all() and np.abs(low.astype(np.float64)).sum() < _LARGEST:
        return low, 10.0**kind.scale
    return np.nan_to_num(pc.cast(array, pa.float64()).to_numpy(zero_copy_only=False)), 1.0


def _filled(column: pa.ChunkedArray) -> Integers:
    return column.combine_chunks().cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)

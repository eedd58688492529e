"""The leaves of one KPI as arrays: the period, the baseline, and a longer stretch to expect from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from steelyard.engine.diagnosis.choice import MOST, distinct
from steelyard.engine.diagnosis.drivers import squares_of
from steelyard.engine.kpi import Kpi, summarise
from steelyard.engine.kpi.currency import RATE
from steelyard.engine.kpi.definitions import Part
from steelyard.engine.kpi.scan import PERIOD, Scan
from steelyard.engine.kpi.summary import read_columns
from steelyard.engine.periods import Period

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Side:
    """One period over the leaves: numerators, denominators (ones for a sum), records, sums of squares."""

    top: Floats
    base: Floats
    n: Floats
    squares: Floats


@dataclass(frozen=True, eq=False)
class Grid:
    """Leaves by dimension codes; `usual` is what the test expects from, `baseline` what the gap is to."""

    kpi: Kpi
    names: tuple[str, ...]
    values: tuple[tuple[str | None, ...], ...]
    codes: tuple[Codes, ...]
    actual: Side
    baseline: Side
    usual: Side

    @property
    def is_ratio(self) -> bool:
        """Whether the KPI is a numerator over a denominator."""
        return self.kpi.is_ratio

    @property
    def is_share(self) -> bool:
        """Whether it counts records with a property among all: the binomial case."""
        return self.is_ratio and all(part.measure.kind == "count" for part in self.kpi.parts)

    @property
    def is_mean(self) -> bool:
        """Whether it is an amount per record, whose spread the squares tell."""
        return [part.measure.kind for part in self.kpi.parts] == ["sum", "count"]

    @property
    def is_count(self) -> bool:
        """Whether it counts records: the Poisson case."""
        return self.kpi.numerator is not None and self.kpi.numerator.measure.kind == "count"

    def mask(self, where: dict[str, str | None]) -> Mask:
        """Return the leaves of a segment."""
        inside = np.ones(len(self.actual.top), dtype=bool)
        for name, value in where.items():
            place = self.names.index(name)
            inside &= self.codes[place] == self.values[place].index(value)
        return inside

    def table(self) -> pa.Table:
        """Return the leaf table that localisation takes; a missing value is the empty text there."""
        columns: dict[str, Any] = {
            name: pa.array([self.values[i][code] or "" for code in self.codes[i]])
            for i, name in enumerate(self.names)
        }
        if not self.is_ratio:
            return pa.table({**columns, "_actual": self.actual.top, "_expected": self.usual.top})
        sides = {"_actual": self.actual, "_expected": self.usual}
        for name, side in sides.items():
            columns |= {f"{name}_numerator": side.top, f"{name}_denominator": side.base}
        return pa.table(columns)


def read_grid(
    tables: Any,
    kpi: Kpi,
    *,
    actual: Period,
    baseline: Period,
    dimensions: Sequence[str],
    limit: int,
    most: int = MOST,
    **options: Any,
) -> Grid | None:
    """Read all leaves in one scan, keep the dimensions that differ; None where nothing can be cut."""
    if not dimensions:
        return None
    usual = year_up_to(baseline.end, like=baseline) if kpi.is_ratio else baseline
    helpers = squares_of([kpi])
    summary = summarise(tables, [kpi, *helpers], periods=[actual, baseline, usual], by=dimensions, **options)
    leaves = Leaves.of([(scan, read_columns(scan)) for scan in summary.scans], names=summary.by)
    if not leaves.count:
        return None

    def side(index: int) -> Side:
        columns = [leaves.amount(part, index) for part in kpi.parts]
        squares = leaves.amount(helpers[0].parts[0], index) if helpers else columns[0]
        base = columns[1] if kpi.is_ratio else np.ones(leaves.count)
        return Side(columns[0], base, leaves.rows(kpi.parts[-1], index), squares)

    sides = [side(index) for index in range(3)]
    coded = leaves.coded
    weight = sides[0].n + sides[1].n
    kept = distinct({name: codes for name, (codes, _) in coded.items()}, weight, limit=limit, most=most)
    if not kept:
        return None
    return _merged(kpi, kept, coded, sides)


def year_up_to(end: date, *, like: Period) -> Period:
    """The twelve months before a day: rates of a leaf are expected from them, not from one quarter."""
    start = Period.containing(end, grain="month").year_ago().start
    start = min(start, like.start)
    return Period(start, end, "year", f"{start.isoformat()}/{end.isoformat()}", like.fiscal_start)


@dataclass(frozen=True, eq=False)
class Leaves:
    """What scans found, as columns: a number for each leaf, and per part the rows that speak of it."""

    count: int
    coded: dict[str, tuple[Codes, tuple[str | None, ...]]]
    found: dict[Part, tuple[Codes, pa.Table, int]]

    @classmethod
    def of(cls, tables: Sequence[tuple[Scan, pa.Table]], *, names: Sequence[str]) -> "Leaves":
        """Number the leaves of all scans alike, in the order of their values."""
        tables = [(scan, _in_order(table, names)) for scan, table in tables]
        columns = {
            name: pa.chunked_array([part for _, table in tables for part in table[name].chunks], pa.string())
            for name in names
        }
        coded = {name: _coded(column) for name, column in columns.items()}
        stacked = np.stack([codes for codes, _ in coded.values()])
        leaves, place = np.unique(stacked, axis=1, return_inverse=True)
        at = np.split(np.ravel(place), np.cumsum([table.num_rows for _, table in tables])[:-1])
        return cls(
            count=leaves.shape[1],
            coded={name: (leaves[row], values) for row, (name, (_, values)) in enumerate(coded.items())},
            found={
                part: (at[number], table, index)
                for number, (scan, table) in enumerate(tables)
                for index, part in enumerate(scan.parts)
            },
        )

    def rows(self, part: Part, period: int) -> Floats:
        """How many records each leaf has in a period."""
        at, table, index = self.found[part]
        return self._added(at, table, _floats(table[f"n{index}"]), period)

    def amount(self, part: Part, period: int) -> Floats:
        """The part's amount by leaf, money converted; 0 where one of its values is missing."""
        if part.measure.kind == "count":
            return self.rows(part, period)
        at, table, index = self.found[part]
        amounts = _floats(table[f"a{index}"])
        if RATE in table.column_names:
            rates = np.nan_to_num(_floats(table[RATE], missing=1.0), nan=1.0)
            amounts = amounts * (rates**2 if part.measure.kind == "squares" else rates)
        added = self._added(at, table, amounts, period)
        if f"m{index}" not in table.column_names:
            return added
        return np.where(self._added(at, table, _floats(table[f"m{index}"]), period) > 0, 0.0, added)

    def _added(self, at: Codes, table: pa.Table, values: Floats, period: int) -> Floats:
        here = table[PERIOD].to_numpy() == period
        return np.bincount(at[here], values[here], minlength=self.count).astype(np.float64)


def _in_order(table: pa.Table, names: Sequence[str]) -> pa.Table:
    """The same order whatever the engine's: sums of floats must not depend on it."""
    keys = [PERIOD, *names, *([RATE] if RATE in table.column_names else [])]
    return table.sort_by([(key, "ascending") for key in keys])


def _floats(column: pa.ChunkedArray, *, missing: float = 0.0) -> Floats:
    return np.asarray(column.cast(pa.float64()).fill_null(missing).to_numpy(), dtype=np.float64)


def _coded(column: pa.ChunkedArray) -> tuple[Codes, tuple[str | None, ...]]:
    """Codes in the order of the values, a missing value last."""
    encoded = column.combine_chunks().dictionary_encode()
    values = encoded.dictionary.to_pylist()
    ranks = np.empty(len(values) + 1, dtype=np.int64)
    order = sorted(range(len(values)), key=lambda place: values[place])
    ranks[order] = np.arange(len(values))
    ranks[-1] = len(values)
    codes = np.asarray(encoded.indices.fill_null(len(values)), dtype=np.int64)
    has_missing = encoded.indices.null_count > 0
    return ranks[codes], (*sorted(values), *([None] if has_missing else []))


def _merged(
    kpi: Kpi,
    names: Sequence[str],
    coded: dict[str, tuple[Codes, tuple[str | None, ...]]],
    sides: Sequence[Side],
) -> Grid:
    """Add up the leaves that differ only in dimensions that were dropped."""
    stacked = np.stack([coded[name][0] for name in names])
    leaves, place = np.unique(stacked, axis=1, return_inverse=True)
    count, place = leaves.shape[1], np.ravel(place)

    def added(values: Floats) -> Floats:
        return np.bincount(place, values, minlength=count).astype(np.float64)

    merged = [Side(added(side.top), added(side.base), added(side.n), added(side.squares)) for side in sides]
    return Grid(kpi, tuple(names), tuple(coded[name][1] for name in names), tuple(leaves), *merged)

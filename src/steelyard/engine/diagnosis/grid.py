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
from steelyard.engine.kpi.definitions import Part
from steelyard.engine.kpi.rows import EMPTY
from steelyard.engine.kpi.summary import Key, order_of, read
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
    cells = {part: each for scan in summary.scans for part, each in read(scan).items()}
    keys: list[Key] = sorted({key for each in cells.values() for _, key in each}, key=order_of)
    if not keys:
        return None

    def column(part: Part, index: int) -> Floats:
        return np.array([float(cells[part].get((index, key), EMPTY).amount or 0) for key in keys])

    def side(index: int) -> Side:
        columns = [column(part, index) for part in kpi.parts]
        n = np.array([cells[kpi.parts[-1]].get((index, key), EMPTY).n for key in keys], dtype=np.float64)
        squares = column(helpers[0].parts[0], index) if helpers else columns[0]
        return Side(columns[0], columns[1] if kpi.is_ratio else np.ones(len(keys)), n, squares)

    sides = [side(index) for index in range(3)]
    coded = {name: _coded([key[place] for key in keys]) for place, name in enumerate(summary.by)}
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


def _coded(values: Sequence[str | None]) -> tuple[Codes, tuple[str | None, ...]]:
    ordered = sorted(set(values), key=lambda value: (value is None, value or ""))
    place = {value: code for code, value in enumerate(ordered)}
    return np.array([place[value] for value in values], dtype=np.int64), tuple(ordered)


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

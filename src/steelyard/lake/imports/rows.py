"""The rows of a shaped table: totals and notes left out, merged cells filled, months turned to rows."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from steelyard.errors import Refused
from steelyard.lake.imports import totals
from steelyard.lake.imports.approvals import Unread, turned
from steelyard.lake.imports.headers import is_code
from steelyard.lake.imports.limits import Limits
from steelyard.lake.imports.periods import When
from steelyard.lake.imports.shape import Merged, Row, Shape, completed

_BATCH = 20_000
_SHOWN = 50
_MOST_NOTES = 12
# A place is a line, and above its bits the number of the sheet and of the column that became the row.
_LINE_BITS, _COLUMN_BITS = 32, 9
LINE_MASK = (1 << _LINE_BITS) - 1
SHEET_SHIFT = _LINE_BITS + _COLUMN_BITS


@dataclass
class LeftOut:
    """Rows that are no records: how many, and the first of them as (sheet, line, why, text)."""

    count: int = 0
    shown: list[tuple[str, int, str, str]] = field(default_factory=list)

    def add(self, sheet: str, line: int, why: str, row: Sequence[str]) -> None:
        """Count a row; `why` is "total", "note", "header" or "detail"."""
        self.count += 1
        if len(self.shown) < _SHOWN:
            text = " · ".join(cell.strip() for cell in row if cell.strip())
            self.shown.append((sheet, line & LINE_MASK, why, text[:120]))


@dataclass(frozen=True)
class Way:
    """How the rows of one sheet are read: its shape, what its names tell, its merged cells."""

    shape: Shape
    when: When = field(default_factory=When)
    merged: tuple[Merged, ...] = ()
    keeps_totals: bool = False
    sheet: str = ""
    number: int = 0

    @property
    def is_plain(self) -> bool:
        """Whether rows may be taken as they stand, totals aside."""
        shape = self.shape
        return not (shape.wide or shape.dated or shape.filled or self.merged or shape.approvals)


def records(rows: Iterable[Row], way: Way, left: LeftOut) -> Iterator[Row]:
    """The records among the rows below the header, each with its place."""
    kept = _filled_down(_without_totals(_body(rows, way), way, left), way)
    if way.shape.approvals:
        kept = _once_a_request(kept, way, left)
    return kept if way.is_plain and not way.number else _changed(kept, way)


def write_rows(rows: Iterable[Row], target: Path, *, width: int, name: str, limits: Limits) -> None:
    """Rows as Parquet: `_line`, `_defect`, c0, c1, …; a row of another width keeps its line and a defect."""
    schema = pa.schema(
        [("_line", pa.int64()), ("_defect", pa.string()), *((f"c{i}", pa.string()) for i in range(width))]
    )
    total, rows = 0, iter(rows)
    with pq.ParquetWriter(target, schema, compression="zstd", compression_level=1) as writer:
        while batch := list(islice(rows, _BATCH)):
            total += len(batch)
            if total > limits.rows:
                raise Refused("import.too-many-rows", 413, file=name, limit=limits.rows)
            writer.write_table(_as_table(batch, width, schema))


def _body(rows: Iterable[Row], way: Way) -> Iterator[Row]:
    last = way.shape.last_line
    return ((line, row) for line, row in rows if line > last)


def _without_totals(rows: Iterable[Row], way: Way, left: LeftOut) -> Iterator[Row]:
    """The rows without totals, without the header once more, and without the notes at the end."""
    if way.keeps_totals:
        yield from rows
        return
    names, usual, before = way.shape.names, way.shape.usual, 0
    held: list[Row] = []
    for line, row in rows:
        # Millions of rows come by here: the usual one is asked as little as can be.
        is_sparse = usual > 3 and not (row[0] and row[-1]) and 3 * sum(map(bool, row)) <= usual
        if totals.is_total(row, usual=usual):
            left.add(way.sheet, line, "total", row)
        elif row[0] == names[0] and len(row) == len(names) and [cell.strip() for cell in row] == [*names]:
            left.add(way.sheet, line, "header", row)
        elif totals.is_note(row):
            left.add(way.sheet, line, "note", row)
        elif is_sparse and (held or line > before + 1 > 1) and len(held) < _MOST_NOTES:
            held.append((line, row))
        else:
            yield from held
            held = []
            yield line, row
        before = line
    yield from _not_notes(held, way, left)


def _not_notes(held: list[Row], way: Way, left: LeftOut) -> Iterator[Row]:
    """What stands alone below the table, apart from it, is a note when it is words."""
    for line, row in held:
        if any(cell.strip() and not totals.is_number(cell) for cell in row):
            left.add(way.sheet, line, "note", row)
        else:
            yield line, row


def _filled_down(rows: Iterable[Row], way: Way) -> Iterator[Row]:
    """Cells that are merged over several rows, and columns in which a blank repeats, written in each."""
    fills = _fills(way)
    if not fills and not way.shape.filled:
        yield from rows
        return
    tops: dict[tuple[int, int], str] = {}
    above: dict[int, str] = {}
    for line, row in rows:
        for place, top in fills.get(line, ()):
            if line == top and not _is_figure(row[place], way.shape.names[place]):
                tops[place, top] = row[place]
            elif not row[place]:
                row[place] = tops.get((place, top), "")
        for place in way.shape.filled:
            if place < len(row):
                above[place] = row[place] = row[place] if row[place].strip() else above.get(place, "")
        yield line, row


def _fills(way: Way) -> dict[int, list[tuple[int, int]]]:
    """Line → (column, first line) of the cells merged down over it."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for top, place, bottom, _ in way.merged:
        if top > way.shape.last_line and bottom > top and place < len(way.shape.names):
            for line in range(top, bottom + 1):
                found[line].append((place, top))
    return found


def merged_columns(way: Way) -> list[str]:
    """The columns in which a cell was written once for several rows."""
    places = {place for found in _fills(way).values() for place, _ in found} | {*way.shape.filled}
    return [way.shape.names[place] for place in sorted(places)]


def _is_figure(cell: str, header: str) -> bool:
    """A figure that stands once for several rows must count once; a code may be repeated."""
    return totals.is_number(cell) and not is_code(header)


def _changed(rows: Iterable[Row], way: Way) -> Iterator[Row]:
    """Days completed, months turned to rows, the sheet in the place."""
    shape, when, sheet = way.shape, way.when, way.number << SHEET_SHIFT
    for line, row in rows:
        for place, kind in shape.dated:
            if place < len(row):
                row[place] = completed(row[place], kind, when)
        if shape.approvals:
            yield from _events(sheet | line, row, way)
        elif shape.wide is None:
            yield sheet | line, row
        else:
            yield from _turned(sheet | line, row, way)


def _once_a_request(rows: Iterable[Row], way: Way, left: LeftOut) -> Iterator[Row]:
    """Each request once: where its form lists several things, an export repeats it for each of them."""
    found = way.shape.approvals
    assert found is not None  # noqa: S101  asked by the caller
    before: tuple[str, str] | None = None
    for line, row in rows:
        if len(row) <= max(found.number, found.record):
            yield line, row
            continue
        number, record = row[found.number].strip(), row[found.record].strip()
        if before and number in ("", before[0]) and record in ("", before[1]):
            left.add(way.sheet, line, "detail", row)
            continue
        before = number, record
        yield line, row


def _events(place: int, row: list[str], way: Way) -> Iterator[Row]:
    """A row for each event of a request; one that is not understood is one row with its defect."""
    found, names = way.shape.approvals, way.shape.names
    assert found is not None  # noqa: S101  asked by the caller
    if len(row) < len(names) or "".join(row[len(names) :]).strip():
        yield place, ["ragged"]
        return
    for number, event in enumerate(turned(row[: len(names)], found, names)):
        yield place | number << _LINE_BITS, event


def _turned(place: int, row: list[str], way: Way) -> Iterator[Row]:
    """A row for each period in which a measure is filled."""
    wide, columns = way.shape.wide, way.shape.columns
    assert wide is not None  # noqa: S101  asked by the caller
    width = len(way.shape.names)
    if len(row) < width or "".join(row[width:]).strip():
        yield place, ["ragged"]
        return
    kept = [cell if name else "" for cell, name in zip(row, columns, strict=False)]
    groups: dict[str, dict[str, str]] = {}
    for at, period, measure in wide.cells:
        label = period.label(way.when) or way.shape.names[at]
        groups.setdefault(label, {})[measure] = row[at]
    for number, (label, cells) in enumerate(groups.items()):
        if any(cell.strip() for cell in cells.values()):
            filled = [cells.get(measure, "") for measure in wide.measures]
            yield place | number << _LINE_BITS, [*kept, label, *filled]


def _strings(column: Sequence[str]) -> pa.Array:
    """An array of texts; plain ones are laid end to end, ten times as fast as one after the other."""
    joined = "".join(column)
    if not joined.isascii():
        return pa.array(column, pa.string())
    ends = np.zeros(len(column) + 1, np.int32)
    np.cumsum(np.fromiter(map(len, column), np.int32, len(column)), out=ends[1:])
    return pa.StringArray.from_buffers(len(column), pa.py_buffer(ends), pa.py_buffer(joined.encode()))


def _as_table(batch: list[Row], width: int, schema: pa.Schema) -> pa.Table:
    lines: list[int] = []
    defects: list[str | None] = []
    cells: list[list[str]] = []
    for line, row in batch:
        if not row[0] and not "".join(row).strip():
            continue
        lines.append(line)
        if len(row) == width:
            defects.append(None)
            cells.append(row)
            continue
        if isinstance(row, Unread):
            defects.append(row.defect)
            cells.append([""] * width)
            continue
        ragged = len(row) < width or "".join(row[width:]).strip()
        defects.append("ragged-row" if ragged else None)
        cells.append((row + [""] * width)[:width])
    columns = list(zip(*cells, strict=True)) if cells else [()] * width
    arrays = [pa.array(lines, pa.int64()), pa.array(defects, pa.string())]
    return pa.table([*arrays, *(_strings(column) for column in columns)], schema=schema)

"""The sheets of a workbook: which of them hold tables, which of those are one table in parts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from steelyard.errors import Refused
from steelyard.lake.imports import workbook
from steelyard.lake.imports.headers import normalise
from steelyard.lake.imports.periods import settled, when_in
from steelyard.lake.imports.reading import ALL, ReadRule
from steelyard.lake.imports.rows import Way
from steelyard.lake.imports.shape import Row, find_shape

_HEAD = 200
_ALIKE = 0.75
_SUMMARY = re.compile(
    r"汇总|总表|合计|透视|统计|看板|图表|summary|total|pivot|dashboard|overview|chart", re.IGNORECASE
)
_ABOUT = re.compile(
    r"说明|封面|目录|字典|须知|模板|枚举|选项|readme|instruction|about|cover|contents|legend|notes?$|lookup",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Sheet:
    """A sheet that holds a table, and its rows below the header; `rows` can be read once."""

    name: str
    way: Way
    rows: Iterator[Row]
    has_rows: bool

    @property
    def columns(self) -> tuple[str, ...]:
        return self.way.shape.columns

    @property
    def forms(self) -> frozenset[str]:
        """Its headers in one spelling."""
        return frozenset(normalise(name) for name in self.columns if name)


@dataclass(frozen=True)
class Chosen:
    """The sheets to read as one table, and all tables of the book as groups of alike sheets."""

    sheets: tuple[Sheet, ...]
    groups: tuple[tuple[str, ...], ...]
    is_asked: bool = False


def choose(book: Any, reading: ReadRule, *, file: str) -> Chosen:
    """The sheets that the person named, else those that make the first table of the book."""
    names = workbook.sheet_names(book)
    wanted = reading.sheets if reading.sheets and reading.sheets != (ALL,) else ()
    wanted = (reading.sheet,) if reading.sheet else wanted
    for name in wanted:
        if name not in names:
            raise Refused("import.unknown-sheet", file=file, sheet=name, sheets=names)
    found = [sheet for name in wanted or names if (sheet := open_sheet(book, name, reading, file)).forms]
    if not found:
        raise Refused("import.empty-file", file=file)
    if wanted or reading.sheets == (ALL,):
        others = tuple((name,) for name in names if name not in wanted) if wanted else ()
        return Chosen(tuple(found), (tuple(each.name for each in found), *others))
    tables = _tables(found)
    best = max(tables, key=lambda group: (len(group) > 1, len(group), not _SUMMARY.search(group[0].name)))
    groups = tuple(tuple(each.name for each in group) for group in tables)
    rest = [group for group in tables if group is not best and not _SUMMARY.search(group[0].name)]
    return Chosen(tuple(best), groups, bool(rest))


def open_sheet(book: Any, name: str, reading: ReadRule, file: str) -> Sheet:
    """A sheet with its shape; one without a table has no columns."""
    rows, merged = workbook.sheet_rows(book, name, name=file)
    head = list(islice(rows, _HEAD))
    shape = find_shape(head, merged, reading)
    way = Way(
        shape=shape,
        when=settled(name, shape.titles, file, reading.year),
        merged=tuple(each for each in merged if each[0] > shape.last_line and each[2] > each[0]),
        keeps_totals=reading.keeps_totals,
        sheet=name,
    )
    has_rows = any(line > shape.last_line for line, _ in head)
    return Sheet(name, way, chain(head, rows), has_rows)


def _tables(found: Sequence[Sheet]) -> list[list[Sheet]]:
    """The sheets as groups that are one table each; pages that explain, and sums of other sheets, aside."""
    real = [each for each in found if len(each.forms) > 1 and not _ABOUT.search(each.name)] or list(found)
    real = [each for each in real if each.has_rows] or real
    groups: list[list[Sheet]] = []
    for sheet in real:
        alike = next((group for group in groups if _is_alike(group[0], sheet)), None)
        if alike is None:
            groups.append([sheet])
        else:
            alike.append(sheet)
    return [
        [each for each in group if not _SUMMARY.search(each.name)] or group if len(group) > 1 else group
        for group in groups
    ]


def _is_alike(first: Sheet, other: Sheet) -> bool:
    """Equal headers; nearly equal ones are enough where the names count on, like 1月 and 2月."""
    if first.forms == other.forms:
        return True
    common = len(first.forms & other.forms) / len(first.forms | other.forms)
    return common >= _ALIKE and _counts(first.name) and _counts(other.name)


def _counts(name: str) -> bool:
    when = when_in(name)
    return when.month is not None or when.year is not None or bool(re.search(r"\d", name))

"""A table of targets, pasted or out of a workbook, held against the sheet that it is for."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from steelyard.apps.goals.queries.cascade_sheets import Line, Sheet
from steelyard.errors import Refused
from steelyard.web import amounts

# The head of the column that tells units apart whatever they are called.
CODE = "code"
HEAD_ROWS = 6
TOTALS = ("total", "sum", "合计", "总计", "全年")
MOST_ERRORS = 50
FIRST_DAY = re.compile(r"\d{4}-\d\d-01(?: 00:00:00)?")
Fault = Literal["unknown-unit", "unit-twice", "no-number", "below-zero", "too-fine"]


@dataclass(frozen=True)
class RowError:
    """What is wrong with a row; `number` as the spreadsheet counts."""

    number: int
    fault: Fault
    text: str
    period: str = ""


@dataclass(frozen=True)
class Sums:
    """A parent and a month (None: all of them) whose people do not add up to it."""

    unit: str
    period: str | None
    found: Decimal
    expected: Decimal


@dataclass(frozen=True)
class Table:
    """What a table says: cells by (unit, month), the rows that are wrong, and what it does not say."""

    cells: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    errors: tuple[RowError, ...] = ()
    units: int = 0
    periods: tuple[str, ...] = ()
    changed: int = 0
    parents: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)


def rows_of_text(text: str) -> list[tuple[int, list[str]]]:
    """Pasted rows with their numbers: cells are apart by tabs, or by semicolons where there is no tab."""
    between = "\t" if "\t" in text else ";"
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [(at, line.split(between)) for at, line in enumerate(lines, start=1) if line.strip()]


def text_of_rows(rows: Iterable[tuple[int, Sequence[str]]]) -> str:
    """Rows as they would be pasted."""
    return "\n".join("\t".join(" ".join(cell.split()) for cell in row) for _number, row in rows)


def read_table(
    rows: Iterable[tuple[int, Sequence[str]]], sheet: Sheet, *, months: Mapping[str, str]
) -> Table:
    """Read numbered rows with a head that names months. `months`: every name of a month → its label."""
    listed = [(number, [_text(cell) for cell in row]) for number, row in rows]
    head, columns, names = _head(listed, months)
    if not columns:
        raise Refused("goals.sheet-no-months")
    known = _units(sheet)
    cells: dict[tuple[str, str], Decimal] = {}
    parents: dict[tuple[str, str], Decimal] = {}
    errors: list[RowError] = []
    seen: set[str] = set()
    for number, row in listed[head + 1 :]:
        texts = [row[at] for at in names if at < len(row) and row[at]]
        if not texts:
            continue
        line = next((known[_folded(text)] for text in texts if _folded(text) in known), None)
        if line is None:
            if _folded(texts[0]) not in TOTALS:
                errors.append(RowError(number, "unknown-unit", texts[-1][:60]))
            continue
        if line.key in seen:
            errors.append(RowError(number, "unit-twice", texts[-1][:60]))
            continue
        seen.add(line.key)
        for at, label in columns.items():
            text = row[at] if at < len(row) else ""
            if not text:
                continue
            value = _number(text)
            if value is None or value < 0:
                errors.append(
                    RowError(number, "no-number" if value is None else "below-zero", text[:40], label)
                )
            elif value != value.quantize(Decimal(1).scaleb(-sheet.minor)):
                errors.append(RowError(number, "too-fine", text[:40], label))
            else:
                (parents if line.is_parent else cells)[line.key, label] = value
    return Table(
        cells=cells,
        errors=tuple(errors),
        units=len(seen),
        periods=tuple(columns.values()),
        changed=sum(1 for place, value in cells.items() if _held(sheet, *place) != value),
        parents=parents,
    )


def wrong_sums(table: Table, sheet: Sheet) -> list[Sums]:
    """Parents of whom every cell below is given, in months that do not add up to the parent's own.

    The parent's own is what the table says of it, else what it has now; the whole keeps its total.
    """
    found: list[Sums] = []
    below: dict[str, list[Line]] = {}
    for line in sheet.lines[1:]:
        below.setdefault(line.parent or "", []).append(line)
    given: dict[tuple[str, str], Decimal] = dict(table.cells)
    for line in reversed(sheet.lines):
        if not line.is_parent:
            continue
        for label in sheet.periods:
            parts = [given.get((each.key, label)) for each in below.get(line.key, ())]
            if not parts or any(part is None for part in parts):
                continue
            summed = sum((part for part in parts if part is not None), Decimal(0))
            given[line.key, label] = summed
            said = table.parents.get((line.key, label))
            if said is not None and line.over == 0 and said != summed:
                found.append(Sums(line.key, label, summed, said))
    root = sheet.root
    whole = [given.get((root.key, label)) for label in sheet.periods]
    if all(value is not None for value in whole):
        total = sum((value for value in whole if value is not None), Decimal(0))
        if root.over == 0 and total != sheet.total:
            found.append(Sums(root.key, None, total, sheet.total))
    return found


def is_whole(table: Table, sheet: Sheet) -> bool:
    """Whether every cell is given: then nothing is left to divide."""
    return all((line.key, label) in table.cells for line in sheet.people for label in sheet.periods)


def _head(
    rows: Sequence[tuple[int, Sequence[str]]], months: Mapping[str, str]
) -> tuple[int, dict[int, str], list[int]]:
    """The row that names months, which column is which, and the columns that name units."""
    for at_row, (_number_of_it, row) in enumerate(rows[:HEAD_ROWS]):
        columns = {at: months[_folded(text)] for at, text in enumerate(row) if _folded(text) in months}
        if columns:
            label, times = Counter(columns.values()).most_common(1)[0]
            if times > 1:
                raise Refused("goals.sheet-month-twice", period=label)
            first = min(columns)
            coded = [at for at, text in enumerate(row) if _folded(text) == CODE]
            named = [at for at in range(first) if at not in coded]
            return at_row, columns, [*coded, *named]
    return 0, {}, []


def _units(sheet: Sheet) -> dict[str, Line]:
    """Lines by key, by code, and by those names that one line alone has."""
    found: dict[str, Line] = {}
    texts = Counter(_folded(line.name) for line in sheet.lines if line.name)
    for line in sheet.lines:
        if line.name and texts[_folded(line.name)] == 1:
            found[_folded(line.name)] = line
    for line in sheet.lines:
        found.setdefault(_folded(line.key.partition(":")[2]), line)
    for line in sheet.lines:
        found[_folded(line.key)] = line
    found.pop("", None)
    return found


def _held(sheet: Sheet, key: str, label: str) -> Decimal | None:
    line = sheet.by_key[key]
    return line.values[sheet.periods.index(label)]


def _number(text: str) -> Decimal | None:
    try:
        return amounts.read(text)
    except ValueError:
        return None


def _text(cell: str) -> str:
    """A cell; the first day of a month stands for it."""
    text = cell.strip().lstrip("'")
    return text[:7] if FIRST_DAY.fullmatch(text) else text


def _folded(text: str) -> str:
    return " ".join(str(text).split()).casefold()

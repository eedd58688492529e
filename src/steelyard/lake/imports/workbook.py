"""Spreadsheets by calamine: the sheets, and the rows of one as text."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from steelyard.errors import Refused
from steelyard.lake.imports.limits import Limits
from steelyard.lake.imports.textfile import expansion_ceiling


def check_members(path: Path, *, name: str, limits: Limits) -> list[str]:
    """The members of a zip file, when their number and their declared sizes keep the limits."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as fault:
        raise Refused("import.broken-archive", file=name, reason=str(fault)[:120]) from fault
    if len(members) > limits.members:
        raise Refused("import.too-many-members", 413, file=name, members=len(members), limit=limits.members)
    if sum(each.file_size for each in members) > expansion_ceiling(path.stat().st_size, limits):
        raise Refused("import.expands-too-much", 413, file=name, limit=limits.expansion)
    return [each.filename for each in members]


def open_workbook(path: Path, *, name: str) -> Any:
    """The workbook, or a refusal that says whether it is locked or broken."""
    try:
        return CalamineWorkbook.from_path(str(path))
    except PasswordError as fault:
        raise Refused("import.password-protected", file=name) from fault
    except (CalamineError, OSError, ValueError) as fault:
        if "assword" in str(fault) or _is_encrypted(path):
            raise Refused("import.password-protected", file=name) from fault
        raise Refused("import.unreadable-file", file=name, reason=str(fault)[:120]) from fault


def sheet_names(workbook: Any) -> list[str]:
    """The visible sheets that hold cells, in the book's order."""
    return [
        each.name
        for each in workbook.sheets_metadata
        if each.visible == SheetVisibleEnum.Visible and "Work" in str(each.typ)
    ]


def sheet_rows(
    workbook: Any, sheet: str, *, name: str
) -> tuple[Iterator[tuple[int, list[str]]], list[tuple[int, int, int, int]]]:
    """(row number, cells as text) of a sheet, blank rows left out; and its merged cells.

    A merged cell is (first row, first column, last row, last column), columns counted as in the rows.
    """
    try:
        found = workbook.get_sheet_by_name(sheet)
        ranges = found.merged_cell_ranges or ()
    except (CalamineError, ValueError, IndexError) as fault:
        raise Refused("import.unreadable-file", file=name, sheet=sheet, reason=str(fault)[:120]) from fault
    top, left = found.start or (0, 0)
    merged = [
        (first[0] + 1, first[1] - left, last[0] + 1, last[1] - left)
        for first, last in ranges
        if first[1] >= left
    ]
    return _texts(found, top), merged


def _texts(found: Any, top: int) -> Iterator[tuple[int, list[str]]]:
    for offset, cells in enumerate(found.iter_rows()):
        row = [as_text(cell) for cell in cells]
        if any(row):
            yield top + offset + 1, row


def as_text(cell: Any) -> str:
    """A cell as it would stand in a CSV file: whole numbers without a point, dates in ISO form."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ") if cell.time() != time() else cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell)


def _is_encrypted(path: Path) -> bool:
    """A locked workbook is a compound file with these stream names, in UTF-16."""
    with open(path, "rb") as file:
        start = file.read(1 << 20)
    return "EncryptedPackage".encode("utf-16-le") in start or "EncryptionInfo".encode("utf-16-le") in start

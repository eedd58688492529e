"""A history from a file: CSV, JSON, or one number a line."""

import csv
import io
import json
import math
from pathlib import Path
from typing import Any

from steelyard.errors import Refused

# Names that a column of figures goes by, the likeliest first.
_NAMES = ("value", "actual", "amount", "total", "数值", "实际值", "金额")
_EMPTY = frozenset({"", "null", "none", "na", "nan", "-"})


def read_history(path: str | Path, *, column: str | None = None) -> list[float | None]:
    """Read the figures of a history, oldest first; an empty place is a period that is not known.

    Parameters
    ----------
    path
        JSON (`[1, 2, null]` or `{"history": […]}`), CSV with or without names (comma, semicolon or tab),
        or one number a line; UTF-8.
    column
        Of a CSV, by its name. Left out: one called value, actual, amount or total, else the last.

    Raises
    ------
    Refused
        `forecast.unreadable-file`, `forecast.no-column` with `column`, `forecast.bad-line` with `line` and
        `text`.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise Refused("forecast.unreadable-file", file=str(path)) from fault
    if text.lstrip()[:1] in ("[", "{"):
        return _from_json(text, path)
    return _from_rows(_rows(text), path, column)


def _from_json(text: str, path: str | Path) -> list[float | None]:
    try:
        document: Any = json.loads(text)
    except ValueError as fault:
        raise Refused("forecast.unreadable-file", file=str(path)) from fault
    values = document.get("history") if isinstance(document, dict) else document
    if not isinstance(values, list):
        raise Refused("forecast.no-column", file=str(path), column="history")
    return [_number(value, place, path) for place, value in enumerate(values, start=1)]


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Return the rows with their line; in a file of one column an empty line is a period not known."""
    first = text.partition("\n")[0]
    delimiter = max((",", ";", "\t"), key=first.count)
    lines = text.rstrip("\r\n").splitlines()
    if delimiter not in first:
        return [(line, [cell.strip()]) for line, cell in enumerate(lines, start=1)]
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    return [(reader.line_num, [cell.strip() for cell in row]) for row in reader if any(row)]


def _from_rows(rows: list[tuple[int, list[str]]], path: str | Path, column: str | None) -> list[float | None]:
    if not rows:
        return []
    names = rows[0][1]
    place = _place(names, path, column)
    has_names = column is not None or not _is_number(names[place])
    found = []
    for line, row in rows[1:] if has_names else rows:
        found.append(_number(row[place] if place < len(row) else "", line, path))
    return found


def _place(names: list[str], path: str | Path, column: str | None) -> int:
    if column is not None:
        if column not in names:
            raise Refused("forecast.no-column", file=str(path), column=column)
        return names.index(column)
    lower = [name.lower() for name in names]
    return next((lower.index(name) for name in _NAMES if name in lower), len(names) - 1)


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", ""))
    except ValueError:
        return text.lower() in _EMPTY
    return True


def _number(value: Any, line: int, path: str | Path) -> float | None:
    if value is None or (isinstance(value, str) and value.lower() in _EMPTY):
        return None
    try:
        number = float(value.replace(",", "") if isinstance(value, str) else value)
    except (TypeError, ValueError) as fault:
        raise Refused("forecast.bad-line", file=str(path), line=line, text=str(value)[:40]) from fault
    if isinstance(value, bool) or not math.isfinite(number):
        raise Refused("forecast.bad-line", file=str(path), line=line, text=str(value)[:40])
    return number

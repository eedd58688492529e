"""What a file looks like, shown before anything is imported."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

from steelyard.lake.imports.detect import Look, currencies, look_at, notations
from steelyard.lake.imports.headers import known_as, unit_in_title, unit_of
from steelyard.lake.imports.limits import Limits
from steelyard.lake.imports.originals import Original
from steelyard.lake.imports.periods import when_in
from steelyard.lake.imports.prepare import Prepared, first_rows, prepare
from steelyard.lake.imports.reading import ReadRule
from steelyard.lake.imports.rows import LeftOut, merged_columns
from steelyard.lake.imports.shape import SHEET

_HEAD_ROWS = 20
_HEAD_WIDTH = 120
_MOST_DISTINCT = 50


def inspect_file(
    original: Original, folder: Path, *, read: Mapping[str, Any], limits: Limits
) -> dict[str, Any]:
    """Format, encoding, delimiter, sheets and each column's looks, as plain data (in the child process)."""
    prepared = prepare(original, folder / "work", read=read, limits=limits)
    texts, left = first_rows(prepared, limits=limits)
    columns = _columns(prepared, texts)
    return {
        "name": original.name,
        "sha256": original.sha256,
        "size": original.size,
        "format": prepared.format,
        "compression": prepared.compression,
        "encoding": prepared.encoding,
        "delimiter": prepared.delimiter,
        "sheet": prepared.sheet,
        "sheets": list(prepared.sheets),
        "header_line": prepared.header_line,
        "rows_sampled": max((len(values) for values in texts.values()), default=0),
        "columns": columns,
        "head": _head([texts.get(header, []) for header in prepared.headers]),
        **_found(prepared, left),
        "questions": _questions(prepared, columns, ReadRule.parse(read, original.name)),
    }


def _columns(prepared: Prepared, texts: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    short, columns = known_as(prepared.headers), []
    filled_down = {name for way in prepared.ways for name in merged_columns(way)}
    title_unit = next(
        (unit for way in prepared.ways for each in way.shape.titles if (unit := unit_in_title(each))), ""
    )
    for header in prepared.headers:
        values = texts.get(header, [])
        look = look_at(values)
        blank = sum(not value.strip() for value in values)
        distinct = dict.fromkeys(value.strip()[:80] for value in values if value.strip())
        columns.append(
            {
                "name": header,
                "known_as": short[header],
                "blank_share": round(blank / len(values), 4) if values else 1.0,
                "distinct": list(distinct)[:_MOST_DISTINCT],
                **asdict(look),
                **_unit(header, look, values, title_unit),
                "read_as": [*notations(values, look), *(["filled-down"] if header in filled_down else [])],
                "currencies": list(currencies(values)) if look.type == "number" else [],
            }
        )
    return columns


def _unit(header: str, look: Look, values: Sequence[str], title: str) -> dict[str, str]:
    """By what the numbers of a column are multiplied, and whether its header or a title says so."""
    own = unit_of(header)
    if look.type != "number" or own == "1":
        return {"unit": "", "unit_from": ""}
    # A share that is written with its sign is one already.
    if own == "0.01" and any(value.rstrip().endswith(("%", "％")) for value in values):
        return {"unit": "", "unit_from": ""}
    if own:
        return {"unit": own, "unit_from": "header"}
    return {"unit": title if title != "1" else "", "unit_from": "title" if title not in ("", "1") else ""}


def _found(prepared: Prepared, left: LeftOut) -> dict[str, Any]:
    """Where the table stands, what was left out of it, and how it was turned."""
    first = prepared.ways[0] if prepared.ways else None
    shape = first.shape if first else None
    wide = shape.wide if shape else None
    labels = [period.label(first.when) for _, period, _ in wide.cells] if first and wide else []
    return {
        "header_lines": list(shape.header_lines) if shape else [],
        "titles": list(shape.titles)[:5] if shape else [],
        "totals": [
            {"sheet": sheet, "line": line, "why": why, "text": text} for sheet, line, why, text in left.shown
        ],
        "dropped": left.count,
        "sheets_alike": list(prepared.read_sheets) if len(prepared.read_sheets) > 1 else [],
        "years": sorted({way.when.year for way in prepared.ways if way.when.year and way.shape.dated}),
        "renamed": list(shape.renamed) if shape else [],
        "records": shape.names[shape.approvals.record] if shape and shape.approvals else "",
        "unpivot": {
            "columns": [shape.names[place] for place, _, _ in wide.cells],
            "periods": list(dict.fromkeys(labels)),
            "left_out": list(wide.left_out),
        }
        if shape and wide
        else {},
    }


def _questions(
    prepared: Prepared, columns: Sequence[Mapping[str, Any]], rule: ReadRule
) -> list[dict[str, Any]]:
    """What the file does not tell: {code, column, options, chosen}; nothing chosen must be answered."""
    asked: list[dict[str, Any]] = []
    if prepared.asks_sheet:
        groups = [list(group) for group in prepared.groups]
        asked.append(_question("sheet", options=groups, chosen=list(prepared.read_sheets)))
    if lacking := prepared.lacks_year:
        stamp = when_in(prepared.name).year
        asked.append(_question("year", column=", ".join(lacking[:3]), options=[stamp] if stamp else []))
    if rule.fill is None and (column := _repeats(columns)):
        asked.append(_question("fill", column=column, options=["yes", "no"]))
    asked += [
        _question("date-order", column=column["name"], options=["dmy", "mdy"])
        for column in columns
        if column["ambiguous"]
    ]
    return asked


def _question(code: str, *, column: str = "", options: Sequence[Any], chosen: Any = None) -> dict[str, Any]:
    return {"code": code, "column": column, "options": list(options), "chosen": chosen}


def _repeats(columns: Sequence[Mapping[str, Any]]) -> str:
    """A first column of words that is blank in many rows, as if what stands above held for them."""
    if len(columns) < 3 or columns[0]["name"] == SHEET:
        return ""
    first, others = columns[0], columns[1:]
    has_words = first["type"] == "text" and 2 <= len(first["distinct"]) < _MOST_DISTINCT
    is_full = any(column["blank_share"] == 0 for column in others)
    return first["name"] if has_words and 0.3 <= first["blank_share"] < 1 and is_full else ""


def _head(texts: list[list[str]]) -> list[list[str]]:
    """The first rows, for a preview."""
    rows = islice(zip_longest(*texts, fillvalue=""), _HEAD_ROWS)
    return [[cell[:_HEAD_WIDTH] for cell in row] for row in rows]

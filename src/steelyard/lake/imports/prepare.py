"""A kept original made ready to be read: its format found, its text in UTF-8, its header known."""

# ruff: noqa: S608  (names and texts in these statements pass steelyard.lake.sql, which quotes them)

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from steelyard.errors import Refused
from steelyard.lake import sql
from steelyard.lake.imports import delimited, workbook
from steelyard.lake.imports.headers import normalise
from steelyard.lake.imports.limits import Limits
from steelyard.lake.imports.originals import Original
from steelyard.lake.imports.periods import settled
from steelyard.lake.imports.reading import ReadRule
from steelyard.lake.imports.rows import LeftOut, Way, records, write_rows
from steelyard.lake.imports.shape import SHEET, Row, find_shape, without_year
from steelyard.lake.imports.sheets import Chosen, Sheet, choose
from steelyard.lake.imports.textfile import as_utf8, unpack_gzip
from steelyard.lake.imports.xes import LINE, is_xes, read_xes_file

_SAMPLE_ROWS = 2_000
_SHEETS = ("xlsx", "xls", "xlsb", "ods")


@dataclass(frozen=True)
class Prepared:
    """One table of text: a UTF-8 file (`kind` "csv"), rows with lines ("raw") or Parquet.

    `columns` are the headers as the file has them; "" stands for a column without one, which is not read.
    `labels` are what they are called where several files are read as one. `ways` say how the rows of each
    sheet are read, `groups` which sheets are one table; `dropped` counts the rows that are no records.
    """

    name: str
    kind: str
    path: Path
    format: str
    columns: tuple[str, ...]
    encoding: str = ""
    delimiter: str = ""
    compression: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    header_line: int = 1
    skip: int = 1
    odd: bool = False
    padded: bool = True
    labels: tuple[str, ...] = ()
    ways: tuple[Way, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    asks_sheet: bool = False
    dropped: int = 0
    left: tuple[tuple[str, int, str, str], ...] = ()

    @property
    def headers(self) -> list[str]:
        """The columns that have a name."""
        return [label for label in self.labels or self.columns if label]

    @property
    def read_sheets(self) -> tuple[str, ...]:
        """The sheets whose rows are read."""
        return tuple(way.sheet for way in self.ways if way.sheet)

    @property
    def lacks_year(self) -> list[str]:
        """Columns of days or months without a year, which a person must tell."""
        lacking = [column for way in self.ways for column in without_year(way.shape, way.when)]
        return list(dict.fromkeys(lacking))


def prepare(original: Original, folder: Path, *, read: Mapping[str, Any], limits: Limits) -> Prepared:
    """Find the format, unpack, transcode and find the header; refused when it is no table."""
    folder.mkdir(parents=True, exist_ok=True)
    reading = ReadRule.parse(read, original.name)
    path, compression = Path(original.path), ""
    if _starts(path, b"\x1f\x8b"):
        plain = folder / f"{original.sha256}.plain"
        unpack_gzip(path, plain, name=original.name, limits=limits)
        path, compression = plain, "gzip"
    if path.stat().st_size == 0:
        raise Refused("import.empty-file", file=original.name)
    found = _format(path, original.name, limits)
    if found == "parquet":
        ready = _parquet(path, original.name)
    elif found == "xes":
        ready = _xes(path, folder, original, limits)
    elif found in _SHEETS:
        ready = _spreadsheet(path, folder, original, found, reading, limits)
    else:
        ready = _text(path, folder, original, reading)
    _check_header(ready, limits)
    return replace(ready, compression=compression)


def careful(prepared: Prepared, folder: Path, *, limits: Limits) -> Prepared:
    """The same table as rows that each know their line, for a file in which something is wrong."""
    if prepared.kind != "csv":
        return prepared
    target, left = folder / f"{prepared.path.name}.rows.parquet", LeftOut()
    rows = records(_lines(prepared, limits), prepared.ways[0], left)
    write_rows(rows, target, width=len(prepared.columns), name=prepared.name, limits=limits)
    return replace(prepared, kind="raw", path=target, dropped=left.count, left=tuple(left.shown))


def relation(prepared: Prepared) -> str:
    """A query for every row as text, with `_line` (null when unknown) and `_defect` (a code or null).

    A column of the file is called by `cell_name`, so that none can pass for one of ours.
    """
    named = [(i, header) for i, header in enumerate(prepared.labels or prepared.columns) if header]
    if prepared.kind == "parquet":
        cells = ", ".join(
            f"CAST({sql.name(prepared.columns[i])} AS VARCHAR) AS {cell_name(header)}" for i, header in named
        )
        source = f"read_parquet({sql.text(str(prepared.path))}, file_row_number = true)"
        return f"SELECT file_row_number + 1 AS _line, NULL::VARCHAR AS _defect, {cells} FROM {source}"
    cells = ", ".join(f"c{i} AS {cell_name(header)}" for i, header in named)
    if prepared.kind == "raw":
        return f"SELECT _line, _defect, {cells} FROM read_parquet({sql.text(str(prepared.path))})"
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(prepared.columns)))
    source = (
        f"read_csv({sql.text(str(prepared.path))}, auto_detect = false, header = false, "
        f"skip = {prepared.skip}, delim = {sql.text(prepared.delimiter)}, quote = '\"', escape = '\"', "
        f"columns = {{{columns}}}, strict_mode = true, null_padding = false)"
    )
    return f"SELECT NULL::BIGINT AS _line, NULL::VARCHAR AS _defect, {cells} FROM {source}"


def sample(prepared: Prepared, *, limits: Limits) -> dict[str, list[str]]:
    """Column → the texts of the first rows."""
    return first_rows(prepared, limits=limits)[0]


def first_rows(prepared: Prepared, *, limits: Limits) -> tuple[dict[str, list[str]], LeftOut]:
    """Column → the texts of the first rows, and what was left out among them (of a workbook, in all)."""
    if prepared.kind == "csv":
        left = LeftOut()
        lines = islice(_until_refused(_lines(prepared, limits)), _SAMPLE_ROWS)
        rows = [cells for _, cells in records(lines, prepared.ways[0], left)]
        named = [(i, header) for i, header in enumerate(prepared.columns) if header]
        return {header: [row[i] for row in rows if i < len(row)] for i, header in named}, left
    names = ", ".join(f"{cell_name(header)} AS c{i}" for i, header in enumerate(prepared.headers))
    with duckdb.connect() as connection:
        query = f"SELECT {names} FROM ({relation(prepared)}) ORDER BY _line LIMIT {_SAMPLE_ROWS}"
        found = connection.execute(query).fetch_arrow_table()
    columns = zip(prepared.headers, found.columns, strict=True)
    texts = {header: [each or "" for each in column.to_pylist()] for header, column in columns}
    return texts, LeftOut(prepared.dropped, list(prepared.left))


def cell_name(header: str) -> str:
    """The quoted name of a file's column in the query of its rows."""
    return sql.name(f"h:{header}")


def _lines(prepared: Prepared, limits: Limits) -> Iterator[Row]:
    """The records of a text file below its header."""
    return delimited.careful_records(
        prepared.path, prepared.delimiter, skip=prepared.skip, name=prepared.name, limits=limits
    )


def _until_refused(records: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """What can be read before a broken quote: the columns can be shown, the import will name the line."""
    try:
        yield from records
    except Refused:
        return


def _starts(path: Path, magic: bytes) -> bool:
    with open(path, "rb") as file:
        return file.read(len(magic)) == magic


def _format(path: Path, name: str, limits: Limits) -> str:
    with open(path, "rb") as file:
        start = file.read(4096)
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith(b"PK\x03\x04"):
        members = workbook.check_members(path, name=name, limits=limits)
        if "xl/workbook.xml" in members:
            return "xlsx"
        if "xl/workbook.bin" in members:
            return "xlsb"
        if "content.xml" in members:
            return "ods"
        raise Refused("import.archive-without-table", file=name)
    if start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "xls"
    if is_xes(start):
        return "xes"
    plain = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if plain.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta", b"<head")):
        raise Refused("import.web-page", file=name)
    if plain.startswith((b"%pdf", b"\x7felf", b"\x89png", b"rar!", b"\x1f\x8b", b"7z\xbc\xaf", b"{\\rtf")):
        raise Refused("import.not-a-table", file=name)
    return "csv"


def _text(path: Path, folder: Path, original: Original, reading: ReadRule) -> Prepared:
    ready = as_utf8(path, folder / f"{original.sha256}.utf8", name=original.name, encoding=reading.encoding)
    _check_text(ready.path, original.name)
    delimiter = reading.delimiter or delimited.find_delimiter(ready.path)
    way, last = _text_way(ready.path, delimiter, original.name, reading)
    is_odd = ready.odd or (ready.tabs and delimiter != "\t") or not way.is_plain
    return Prepared(
        name=original.name,
        kind="csv",
        path=ready.path,
        format="tsv" if delimiter == "\t" else "csv",
        columns=way.shape.columns,
        encoding=ready.encoding,
        delimiter=delimiter,
        header_line=min(way.shape.header_lines, default=0),
        skip=last,
        odd=is_odd or (ready.totals and not reading.keeps_totals),
        padded=ready.padded or delimiter not in delimited.DELIMITERS,
        ways=(way,),
    )


def _text_way(path: Path, delimiter: str, name: str, reading: ReadRule) -> tuple[Way, int]:
    """How the rows of a text file are read, and the last line of its header."""
    peeked = delimited.first_records(path, delimiter, beyond=max(reading.header, default=0))
    ends = {line: end for line, end, _ in peeked}
    rows = [(line, cells) for line, _, cells in peeked if any(cell.strip() for cell in cells)]
    # A header is named by any line that it stands on, also where a quoted cell runs over several.
    lines = tuple(line for line, end, _ in peeked if any(line <= wanted <= end for wanted in reading.header))
    shape = find_shape(rows, (), replace(reading, header=lines or reading.header))
    if shape.renamed:
        raise Refused(
            "import.duplicate-column", file=name, line=shape.last_line, column=shape.renamed[-1][:80]
        )
    when = settled("", shape.titles, name, reading.year)
    way = Way(shape=shape, when=when, keeps_totals=reading.keeps_totals)
    return way, ends.get(shape.last_line, shape.last_line)


def _check_text(path: Path, name: str) -> None:
    """Refuse what decodes and still is no text: a program, a picture, a dump of zeros."""
    with open(path, "rb") as file:
        start = file.read(65536)
    if not start.strip():
        raise Refused("import.empty-file", file=name)
    strange = sum(each < 32 and each not in (9, 10, 13) for each in start)
    if strange > 0.05 * len(start):
        raise Refused("import.not-a-table", file=name)


def _spreadsheet(
    path: Path, folder: Path, original: Original, found: str, reading: ReadRule, limits: Limits
) -> Prepared:
    book = workbook.open_workbook(path, name=original.name)
    chosen = choose(book, reading, file=original.name)
    sheets = tuple(workbook.sheet_names(book))
    number = {name: place for place, name in enumerate(sheets, start=1)} if len(sheets) > 1 else {}
    ways = tuple(replace(sheet.way, number=number.get(sheet.name, 0)) for sheet in chosen.sheets)
    columns = _columns(chosen)
    _check_width(original.name, len(columns), limits)
    target, left = folder / f"{original.sha256}.rows.parquet", LeftOut()
    rows = _sheet_rows(chosen.sheets, ways, columns, left)
    write_rows(rows, target, width=len(columns), name=original.name, limits=limits)
    lines = ways[0].shape.header_lines
    return Prepared(
        name=original.name,
        kind="raw",
        path=target,
        format=found,
        columns=columns,
        sheet=ways[0].sheet if len(ways) == 1 else ", ".join(way.sheet for way in ways),
        sheets=sheets,
        header_line=min(lines, default=0),
        skip=max(lines, default=0),
        odd=True,
        ways=ways,
        groups=chosen.groups,
        asks_sheet=chosen.is_asked,
        dropped=left.count,
        left=tuple(left.shown),
    )


def _columns(chosen: Chosen) -> tuple[str, ...]:
    """The columns of one sheet as they stand; of several, all of them and the sheet's name."""
    if len(chosen.sheets) == 1:
        return chosen.sheets[0].columns
    found: dict[str, str] = {}
    for sheet in chosen.sheets:
        for name in filter(None, sheet.columns):
            found.setdefault(normalise(name), name)
    return (*found.values(), SHEET)


def _sheet_rows(
    sheets: Sequence[Sheet], ways: Sequence[Way], columns: Sequence[str], left: LeftOut
) -> Iterator[Row]:
    """The records of all sheets under the same columns."""
    for sheet, way in zip(sheets, ways, strict=True):
        rows = records(sheet.rows, way, left)
        if len(sheets) == 1:
            yield from rows
            continue
        place_of = {normalise(name): place for place, name in enumerate(sheet.columns) if name}
        places = [place_of.get(normalise(name), -1) for name in columns[:-1]]
        for line, row in rows:
            yield line, [*(row[place] if place >= 0 else "" for place in places), way.sheet]


def _parquet(path: Path, name: str) -> Prepared:
    try:
        schema = pq.read_schema(path)
    except (pa.ArrowException, OSError, ValueError) as fault:
        raise Refused("import.unreadable-file", file=name, reason=str(fault)[:120]) from fault
    for field in schema:
        if pa.types.is_nested(field.type):
            raise Refused("import.nested-column", file=name, column=field.name)
        if pa.types.is_binary(field.type) or pa.types.is_large_binary(field.type):
            raise Refused("import.binary-column", file=name, column=field.name)
    return Prepared(
        name=name,
        kind="parquet",
        path=path,
        format="parquet",
        columns=tuple(schema.names),
        header_line=0,
        odd=True,
    )


def _xes(path: Path, folder: Path, original: Original, limits: Limits) -> Prepared:
    """A log as rows of text, each with the line of the file on which its event begins."""
    log = read_xes_file(path, name=original.name, limits=limits).table
    columns = tuple(name for name in log.column_names if name != LINE)
    target = folder / f"{original.sha256}.rows.parquet"
    rows = log.rename_columns([LINE, *(f"c{i}" for i in range(len(columns)))])
    pq.write_table(rows.add_column(1, "_defect", pa.nulls(rows.num_rows, pa.string())), target)
    return Prepared(
        name=original.name,
        kind="raw",
        path=target,
        format="xes",
        columns=columns,
        header_line=0,
        odd=True,
    )


def _check_header(prepared: Prepared, limits: Limits) -> None:
    if not prepared.headers:
        raise Refused("import.no-columns", file=prepared.name)
    _check_width(prepared.name, len(prepared.columns), limits)
    seen: set[str] = set()
    for header in prepared.headers:
        # DuckDB folds the case of column names, so two that differ by it alone are one.
        if header.casefold() in seen:
            raise Refused(
                "import.duplicate-column", file=prepared.name, line=prepared.header_line, column=header[:80]
            )
        seen.add(header.casefold())


def _check_width(name: str, columns: int, limits: Limits) -> None:
    if columns > limits.columns:
        raise Refused("import.too-many-columns", 413, file=name, columns=columns, limit=limits.columns)

"""A kept original made ready to be read: its format found, its text in UTF-8, its header known."""

# ruff: noqa: S608  (names and texts in these statements pass steelyard.lake.sql, which quotes them)

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from steelyard.errors import Refused
from steelyard.lake import sql
from steelyard.lake.imports import delimited, workbook
from steelyard.lake.imports.limits import Limits
from steelyard.lake.imports.originals import Original
from steelyard.lake.imports.textfile import as_utf8, unpack_gzip

_BATCH = 20_000
_SAMPLE_ROWS = 2_000
_SHEETS = ("xlsx", "xls", "xlsb", "ods")


@dataclass(frozen=True)
class Prepared:
    """One table of text: a UTF-8 file (`kind` "csv"), rows with lines ("raw") or Parquet.

    `columns` are the headers as the file has them; "" stands for a column without one, which is not read.
    `labels` are what they are called where several files are read as one.
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

    @property
    def headers(self) -> list[str]:
        """The columns that have a name."""
        return [label for label in self.labels or self.columns if label]


def prepare(original: Original, folder: Path, *, read: Mapping[str, Any], limits: Limits) -> Prepared:
    """Find the format, unpack, transcode and find the header; refused when it is no table."""
    folder.mkdir(parents=True, exist_ok=True)
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
    elif found in _SHEETS:
        ready = _spreadsheet(path, folder, original, found, read, limits)
    else:
        ready = _text(path, folder, original, read)
    _check_header(ready, limits)
    return replace(ready, compression=compression)


def careful(prepared: Prepared, folder: Path, *, limits: Limits) -> Prepared:
    """The same table as rows that each know their line, for a file in which something is wrong."""
    if prepared.kind != "csv":
        return prepared
    target = folder / f"{prepared.path.name}.rows.parquet"
    records = delimited.careful_records(
        prepared.path, prepared.delimiter, skip=prepared.skip, name=prepared.name, limits=limits
    )
    _write_rows(records, target, width=len(prepared.columns), name=prepared.name, limits=limits)
    return replace(prepared, kind="raw", path=target)


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
    if prepared.kind == "csv":
        records = delimited.careful_records(
            prepared.path, prepared.delimiter, skip=prepared.skip, name=prepared.name, limits=limits
        )
        rows = [cells for _, cells in islice(_until_refused(records), _SAMPLE_ROWS)]
        return {
            header: [row[i] for row in rows if i < len(row)]
            for i, header in enumerate(prepared.columns)
            if header
        }
    names = ", ".join(f"{cell_name(header)} AS c{i}" for i, header in enumerate(prepared.headers))
    with duckdb.connect() as connection:
        query = f"SELECT {names} FROM ({relation(prepared)}) ORDER BY _line LIMIT {_SAMPLE_ROWS}"
        found = connection.execute(query).fetch_arrow_table()
    columns = zip(prepared.headers, found.columns, strict=True)
    return {header: [each or "" for each in column.to_pylist()] for header, column in columns}


def cell_name(header: str) -> str:
    """The quoted name of a file's column in the query of its rows."""
    return sql.name(f"h:{header}")


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
    plain = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if plain.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta", b"<head")):
        raise Refused("import.web-page", file=name)
    if plain.startswith((b"%pdf", b"\x7felf", b"\x89png", b"rar!", b"\x1f\x8b", b"7z\xbc\xaf", b"{\\rtf")):
        raise Refused("import.not-a-table", file=name)
    return "csv"


def _text(path: Path, folder: Path, original: Original, read: Mapping[str, Any]) -> Prepared:
    ready = as_utf8(
        path, folder / f"{original.sha256}.utf8", name=original.name, encoding=str(read.get("encoding", ""))
    )
    _check_text(ready.path, original.name)
    delimiter = str(read.get("delimiter", "")) or delimited.find_delimiter(ready.path)
    line, last, cells = 0, 0, given_names(read)
    if not cells:
        wanted = int(read["header"]) if read.get("header") else None
        line, last, cells = delimited.find_header(ready.path, delimiter, wanted=wanted)
    return Prepared(
        name=original.name,
        kind="csv",
        path=ready.path,
        format="tsv" if delimiter == "\t" else "csv",
        columns=tuple(cell.strip() for cell in cells),
        encoding=ready.encoding,
        delimiter=delimiter,
        header_line=line,
        skip=last,
        odd=ready.odd or (ready.tabs and delimiter != "\t"),
        padded=ready.padded or delimiter not in delimited.DELIMITERS,
    )


def given_names(read: Mapping[str, Any]) -> list[str]:
    """The columns of a file without a header, as the mapping calls them; none where there is a header."""
    if read.get("header") != "none":
        return []
    names = read.get("names")
    if not isinstance(names, list) or not names:
        raise Refused("mapping.names-missing")
    return [str(each) for each in names]


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
    path: Path, folder: Path, original: Original, found: str, read: Mapping[str, Any], limits: Limits
) -> Prepared:
    book = workbook.open_workbook(path, name=original.name)
    sheets = workbook.sheet_names(book)
    if wanted := str(read.get("sheet", "")):
        if wanted not in sheets:
            raise Refused("import.unknown-sheet", file=original.name, sheet=wanted, sheets=sheets)
        return _sheet(book, wanted, folder, original, found, tuple(sheets), read, limits)
    for sheet in sheets:
        ready = _sheet(book, sheet, folder, original, found, tuple(sheets), read, limits)
        if ready.headers:
            return ready
    raise Refused("import.empty-file", file=original.name)


def _sheet(
    book: Any,
    sheet: str,
    folder: Path,
    original: Original,
    found: str,
    sheets: tuple[str, ...],
    read: Mapping[str, Any],
    limits: Limits,
) -> Prepared:
    rows = workbook.sheet_rows(book, sheet, name=original.name)
    line, header = 0, given_names(read)
    if not header:
        line, header = _sheet_header(rows, int(read.get("header") or 0))
    target = folder / f"{original.sha256}.{sheets.index(sheet)}.rows.parquet"
    if header:
        _write_rows(rows, target, width=len(header), name=original.name, limits=limits)
    return Prepared(
        name=original.name,
        kind="raw",
        path=target,
        format=found,
        columns=tuple(cell.strip() for cell in header),
        sheet=sheet,
        sheets=sheets,
        header_line=line,
        skip=line,
        odd=True,
    )


def _sheet_header(rows: Iterator[tuple[int, list[str]]], wanted: int) -> tuple[int, list[str]]:
    """The wanted row, else the first in which at least half of the cells are filled (a title fills one)."""
    for line, row in rows:
        if line == wanted or (not wanted and 2 * sum(map(bool, row)) >= len(row)):
            return line, row
    return 1, []


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


def _check_header(prepared: Prepared, limits: Limits) -> None:
    if not prepared.headers:
        raise Refused("import.no-columns", file=prepared.name)
    if len(prepared.columns) > limits.columns:
        raise Refused(
            "import.too-many-columns",
            413,
            file=prepared.name,
            columns=len(prepared.columns),
            limit=limits.columns,
        )
    seen: set[str] = set()
    for header in prepared.headers:
        # DuckDB folds the case of column names, so two that differ by it alone are one.
        if header.casefold() in seen:
            raise Refused(
                "import.duplicate-column", file=prepared.name, line=prepared.header_line, column=header[:80]
            )
        seen.add(header.casefold())


def _write_rows(
    rows: Iterable[tuple[int, list[str]]], target: Path, *, width: int, name: str, limits: Limits
) -> None:
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


def _strings(column: Sequence[str]) -> pa.Array:
    """An array of texts; plain ones are laid end to end, ten times as fast as one after the other."""
    joined = "".join(column)
    if not joined.isascii():
        return pa.array(column, pa.string())
    ends = np.zeros(len(column) + 1, np.int32)
    np.cumsum(np.fromiter(map(len, column), np.int32, len(column)), out=ends[1:])
    return pa.StringArray.from_buffers(len(column), pa.py_buffer(ends), pa.py_buffer(joined.encode()))


def _as_table(batch: list[tuple[int, list[str]]], width: int, schema: pa.Schema) -> pa.Table:
    lines: list[int] = []
    defects: list[str | None] = []
    cells: list[list[str]] = []
    for line, row in batch:
        # Millions of rows come by here: the usual one is asked as little as can be.
        if not row[0] and not "".join(row).strip():
            continue
        lines.append(line)
        if len(row) == width:
            defects.append(None)
            cells.append(row)
            continue
        ragged = len(row) < width or "".join(row[width:]).strip()
        defects.append("ragged-row" if ragged else None)
        cells.append((row + [""] * width)[:width])
    columns = list(zip(*cells, strict=True)) if cells else [()] * width
    arrays = [pa.array(lines, pa.int64()), pa.array(defects, pa.string())]
    return pa.table([*arrays, *(_strings(column) for column in columns)], schema=schema)

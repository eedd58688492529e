"""Event logs as files: the columns of an event table, found by their usual names or by the ones given."""

import gzip
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from steelyard.errors import Refused
from steelyard.lake.imports import delimited, known_words, xes
from steelyard.lake.imports.approvals import ACTIVITY
from steelyard.lake.imports.limits import Limits
from steelyard.lake.imports.moments import as_moments
from steelyard.lake.imports.originals import Original
from steelyard.lake.imports.prepare import Prepared, careful, prepare
from steelyard.lake.imports.rows import LINE_MASK
from steelyard.lake.imports.textfile import expansion_ceiling
from steelyard.lake.tables import table_spec

STANDARD = ("case_id", "activity", "finished_at", "started_at", "performer", "role", "outcome")
NEEDED = ("case_id", "activity", "finished_at")
LEFT_OUT = b"steelyard.left_out"
_GZIP = b"\x1f\x8b"
_AS_IT_STANDS = {"unpivot": "false", "totals": "keep"}
# What can be read as a number and is none: a zero before, more digits than one has, a word.
_CODE = r"^[+-]?0\d|^.{16}|[A-DF-Za-df-z]"


@dataclass(frozen=True)
class _File:
    """The columns of a file as they stand; `kinds` are those that an XES file declares.

    `line_at` tells the line of a row, which is only asked for when the row is refused.
    """

    name: str
    table: pa.Table
    line_at: Callable[[int], int]
    kinds: Mapping[str, str] = field(default_factory=dict)

    @property
    def headers(self) -> list[str]:
        return list(self.table.column_names)


def read_event_log(
    path: Path | str,
    *,
    case: str | None = None,
    activity: str | None = None,
    finished: str | None = None,
    started: str | None = None,
    performer: str | None = None,
    outcome: str | None = None,
    limits: Limits | None = None,
) -> pa.Table:
    """Read an event log: CSV, TSV or XES (also packed by gzip), a spreadsheet, or Parquet.

    Parameters
    ----------
    path
        The file. Its format is found by its content, not by its name.
    case, activity, finished, started, performer, outcome
        The columns of the file. One that is not given is found by its name: those of the XES standard and
        of pm4py first, then `case_id`, `Activity`, `end_time`, 审批编号 and other usual ones. A log with one
        time in each row has that one as `finished_at`.
    limits
        How much the file may take; those of the command line when nothing is given.

    Returns
    -------
    pyarrow.Table
        One row an event, in the order of the file: `case_id`, `activity` (text) and `finished_at`
        (microseconds, UTC), then, as far as the file has them, `started_at`, `performer`, `role` and
        `outcome` (approved, rejected, changed, or null), then every other column under its own name.
        Attributes of an XES trace are columns that begin with `case:`. The metadata of the schema has under
        `steelyard.left_out` how many rows have no case, no activity or no time: they are not in the table.

    Raises
    ------
    Refused
        The file cannot be read, a column is not there, or a cell holds no time; with file, line and column.

    Notes
    -----
    One row of the file is one event, as PM4Py has it: a start and a completion that a log keeps as two
    events (`lifecycle:transition`) stay two, and only a column of starts makes an event last. Times without
    a zone are taken for UTC.
    """
    given = {
        "case_id": case,
        "activity": activity,
        "finished_at": finished,
        "started_at": started,
        "performer": performer,
        "outcome": outcome,
    }
    with tempfile.TemporaryDirectory() as folder:
        file = _opened(Path(path), Path(folder), limits or Limits.command_line())
        chosen = _chosen(file, {name: header for name, header in given.items() if header})
        return _events(file, chosen)


def _opened(path: Path, folder: Path, limits: Limits) -> _File:
    try:
        size = path.stat().st_size
        with open(path, "rb") as opened:
            start = opened.read(4096)
    except OSError as fault:
        raise Refused("import.unreadable-file", file=path.name, reason=fault.strerror or "") from fault
    if size > limits.size:
        raise Refused("import.file-too-large", 413, file=path.name, size=size, limit=limits.size)
    if size == 0:
        raise Refused("import.empty-file", file=path.name)
    packed = start.startswith(_GZIP)
    if xes.is_xes(_first_bytes(path) if packed else start):
        ceiling = expansion_ceiling(size, limits) if packed else None
        with gzip.open(path) if packed else open(path, "rb") as file:
            log = xes.read_xes(file, name=path.name, limits=limits, ceiling=ceiling)
        return _File(
            path.name, log.table.drop_columns(xes.LINE), _place_in(log.table[xes.LINE]), kinds=log.kinds
        )
    return _table_of(path, folder, size, limits)


def _first_bytes(path: Path) -> bytes:
    """The start of a packed file; what is broken in it the reading will say."""
    try:
        with gzip.open(path) as file:
            return file.read(4096)
    except (OSError, EOFError):
        return b""


def _table_of(path: Path, folder: Path, size: int, limits: Limits) -> _File:
    original = Original(sha256="log", size=size, name=path.name, path=str(path))
    ready = prepare(original, folder, read=_AS_IT_STANDS, limits=limits)
    if ready.kind == "csv" and not all(way.is_plain for way in ready.ways):
        ready = careful(ready, folder, limits=limits)
    if ready.kind == "csv":
        return _File(path.name, _text_rows(ready, limits), line_at=partial(_text_line, ready, limits))
    try:
        table = pq.read_table(ready.path)
    except (pa.ArrowException, OSError) as fault:
        raise Refused("import.unreadable-file", file=path.name, reason=str(fault)[:120]) from fault
    if ready.kind == "parquet":
        return _File(path.name, table, line_at=lambda row: row + 1)
    if (row := pc.index(table["_defect"].is_valid(), True).as_py()) >= 0:
        _refuse_row(path.name, table, row)
    names = {f"c{i}": name for i, name in enumerate(ready.columns) if name}
    return _File(path.name, table.select([*names]).rename_columns(names), line_at=_place_in(table["_line"]))


def _text_rows(ready: Prepared, limits: Limits) -> pa.Table:
    """The rows of a text file, every cell a text and a blank one null."""
    places = [f"c{i}" for i in range(len(ready.columns))]
    named = {place: name for place, name in zip(places, ready.columns, strict=True) if name}
    try:
        table = pacsv.read_csv(
            ready.path,
            read_options=pacsv.ReadOptions(skip_rows=ready.skip, column_names=places),
            parse_options=pacsv.ParseOptions(
                delimiter=ready.delimiter, newlines_in_values=_has_quotes(ready.path)
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(places, pa.string()),
                include_columns=[*named],
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid as fault:
        _refuse_ragged(ready, limits)
        raise Refused("import.unreadable-file", file=ready.name, reason=str(fault)[:120]) from fault
    return table.rename_columns(named)


def _refuse_row(name: str, table: pa.Table, row: int) -> None:
    """Name the line of a row that could not be read, and the part of it."""
    _, column, part = (*table["_defect"][row].as_py().split("\x1f"), "", "")[:3]
    line = _place_in(table["_line"])(row)
    if column:
        raise Refused("log.record-not-understood", file=name, line=line, column=column, value=part)
    raise Refused("import.uneven-row", file=name, line=line)


def _place_in(lines: pa.ChunkedArray) -> Callable[[int], int]:
    return lambda row: int(lines[row].as_py()) & LINE_MASK


def _text_line(ready: Prepared, limits: Limits, row: int) -> int:
    """The line on which a row of a text file begins: blank lines and cells of several lines counted."""
    rows = delimited.careful_records(
        ready.path, ready.delimiter, skip=ready.skip, name=ready.name, limits=limits
    )
    return next(line for place, (line, _) in enumerate(rows) if place == row)


def _has_quotes(path: Path) -> bool:
    with open(path, "rb") as file:
        return any(b'"' in chunk for chunk in iter(partial(file.read, 1 << 20), b""))


def _refuse_ragged(ready: Prepared, limits: Limits) -> None:
    """Name the line whose cells are not as many as the header has."""
    rows = delimited.careful_records(
        ready.path, ready.delimiter, skip=ready.skip, name=ready.name, limits=limits
    )
    for line, cells in rows:
        if len(cells) != len(ready.columns):
            raise Refused(
                "import.ragged-row", file=ready.name, line=line, cells=len(cells), columns=len(ready.columns)
            )


def _chosen(file: _File, given: Mapping[str, str]) -> dict[str, str]:
    """Standard column → header: the ones that were named, then those known by their names, each once."""
    for header in given.values():
        if header not in file.headers:
            raise Refused("import.missing-column", file=file.name, column=header, has=file.headers[:50])
    chosen = dict(given)
    if ACTIVITY in file.headers:
        # Of a request's form nothing stands for what its events tell.
        chosen = {name: f"_{name}" for name in STANDARD if f"_{name}" in file.headers} | chosen
    spec = table_spec("work_events")
    pairs = sorted(
        (how, rank, place, name)
        for place, header in enumerate(file.headers)
        for how, rank, name in known_words.matches(spec, header)
        if name in STANDARD
    )
    for _, _, place, name in pairs:
        if name not in chosen and file.headers[place] not in chosen.values():
            chosen[name] = file.headers[place]
    if "finished_at" not in chosen and "started_at" in chosen and not given.get("started_at"):
        chosen["finished_at"] = chosen.pop("started_at")
    if lacking := [name for name in NEEDED if name not in chosen]:
        raise Refused("log.column-not-found", file=file.name, column=lacking[0], has=file.headers[:50])
    return chosen


def _events(file: _File, chosen: Mapping[str, str]) -> pa.Table:
    columns: dict[str, pa.ChunkedArray] = {}
    for name in STANDARD:
        if name in chosen:
            columns[name] = _standard(file, name, chosen[name])
    for header, column in _others(file, chosen):
        columns[_free(header, columns)] = column
    table = pa.table(columns)
    whole = pc.and_(
        pc.and_(columns["case_id"].is_valid(), columns["activity"].is_valid()),
        columns["finished_at"].is_valid(),
    )
    kept = table if pc.all(whole).as_py() else table.filter(whole)
    if not kept.num_rows:
        raise Refused("import.empty-file", file=file.name)
    return kept.replace_schema_metadata({LEFT_OUT: str(table.num_rows - kept.num_rows)})


def _standard(file: _File, name: str, header: str) -> pa.ChunkedArray:
    column = file.table[header]
    if name in ("finished_at", "started_at"):
        moments, wrong = as_moments(column, name=file.name, header=header)
        if wrong is not None:
            line = file.line_at(wrong)
            value = str(column[wrong].as_py())[:80]
            raise Refused("log.not-a-time", file=file.name, line=line, column=header, value=value)
        return moments
    texts = _as_text(column)
    return _outcomes(texts) if name == "outcome" else texts


def _outcomes(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """The decisions in the words of the standard table; null where a text says none of them."""
    allowed = table_spec("work_events").values["outcome"]
    coded = texts.combine_chunks().dictionary_encode()
    said = [text or "" for text in coded.dictionary.to_pylist()]
    known = known_words.value_words("outcome", allowed, said)
    words = [known.get(text) or (text if text in allowed else None) for text in said]
    return pa.chunked_array([pa.array(words, pa.string()).take(coded.indices)])


def _others(file: _File, chosen: Mapping[str, str]) -> Iterable[tuple[str, pa.ChunkedArray]]:
    """The other columns, typed; one that says again what a standard one says is left out."""
    spec, used = table_spec("work_events"), set(chosen.values())
    for header in file.headers:
        if header in used:
            continue
        column = file.table[header]
        twin = next((name for _, _, name in known_words.matches(spec, header) if name in chosen), "")
        if twin and column.type == file.table[chosen[twin]].type and column.equals(file.table[chosen[twin]]):
            continue
        yield header, _typed(column, file.kinds.get(header, ""))


def _typed(column: pa.ChunkedArray, kind: str) -> pa.ChunkedArray:
    """A text as the number that it is, when all of the column are; codes with a zero before stay texts."""
    if not pa.types.is_string(column.type) or kind in ("string", "id", "boolean"):
        return column
    if kind == "date":
        moments, wrong = as_moments(column, name="", header="")
        return column if wrong is not None else moments
    for target in (pa.int64(), pa.float64()):
        try:
            numbers = column.cast(target)
        except pa.ArrowInvalid:
            continue
        is_code = kind == "" and pc.any(pc.match_substring_regex(column, _CODE)).as_py()
        return column if is_code else numbers
    return column


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column of texts, without the spaces around them; a blank is null."""
    texts = column if pa.types.is_string(column.type) else column.cast(pa.string())
    padded = pc.any(pc.match_substring_regex(texts, r"^\s|\s$|^$")).as_py()
    if not padded:
        return texts
    trimmed = pc.utf8_trim_whitespace(texts)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def _free(header: str, taken: Iterable[str]) -> str:
    """A name that no other column has in any case of letters."""
    forms = {name.casefold() for name in taken}
    name, number = header, 2
    while name.casefold() in forms:
        name, number = f"{header}_{number}", number + 1
    return name

"""Files and a mapping to typed Parquet: the part of an import that runs in the child process.

An import is tried the fast way first, DuckDB reading, typing and writing in one pass that stops at the first
defect. Only a file with something wrong in it is read again by the careful reader, which knows every line.
"""
# ruff: noqa: S608  (names and texts in these statements pass steelyard.lake.sql, which quotes them)

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from steelyard.errors import Refused
from steelyard.lake import sql
from steelyard.lake.imports import typed
from steelyard.lake.imports.limits import Limits
from steelyard.lake.imports.mapping import ImportMapping
from steelyard.lake.imports.originals import Original
from steelyard.lake.imports.prepare import Prepared, careful, cell_name, prepare, sample
from steelyard.lake.imports.repeats import find_repeats, taken
from steelyard.lake.imports.resolve import FileSet, Reading, TablePlan, file_sets, resolve
from steelyard.lake.imports.rows import LINE_MASK, SHEET_SHIFT
from steelyard.lake.tables import IMPORT_COLUMN, ORGANISATION_TABLES

_FILE_BYTES = "256MB"
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Task:
    """What the child process is asked to stage; times that name their zone become those of `zone`."""

    originals: tuple[Original, ...]
    mapping: ImportMapping
    limits: Limits
    folder: Path
    import_id: str
    known: Mapping[str, Mapping[str, str]]
    zone: str = "UTC"


def stage_files(task: Task, *, progress: Progress) -> dict[str, Any]:
    """Stage every table that the mapping feeds; counts, files, schemas and decisions as plain data."""
    readings = _readings(task, progress)
    prepared = [reading.prepared for reading in readings]
    plans = _plans(task, file_sets(readings))
    with _connection(task) as connection:
        tables = None
        if not any(each.odd for each in prepared):
            tables = _fast(task, connection, plans, progress)
        if tables is None:
            tables = _careful(task, connection, plans, progress)
    rejects = task.folder / "rejects.parquet"
    _merge_rejects(task.folder, rejects, _sheets_of(readings))
    return {
        "import_id": task.import_id,
        "folder": str(task.folder),
        "tables": tables,
        "rejects": str(rejects),
        "files": [_shown(each) for each in prepared],
    }


def _readings(task: Task, progress: Progress) -> list[Reading]:
    """Every file, once for each alias that it feeds: the sheets of a workbook can be files of their own."""
    readings: list[Reading] = []
    for number, original in enumerate(task.originals):
        progress(number, len(task.originals), "reading")
        for alias in task.mapping.aliases(original.name):
            read = task.mapping.reading(original.name, alias)
            folder = task.folder / "work" / str(len(readings))
            ready = prepare(original, folder, read=read, limits=task.limits)
            readings.append(Reading(number, alias, ready, sample(ready, limits=task.limits)))
    return readings


def _plans(task: Task, sets: Mapping[str, FileSet]) -> dict[str, list[TablePlan]]:
    """Table → the resolved rules that feed it from the files at hand."""
    plans: dict[str, list[TablePlan]] = {}
    for rule in task.mapping.tables:
        if rule.source in sets:
            known = task.known.get(rule.table, {})
            plans.setdefault(rule.table, []).append(resolve(task.mapping, rule, sets, known=known))
    if not plans:
        raise Refused("import.file-missing", pattern=", ".join(task.mapping.files.values()))
    _check_whole(task.mapping, sets, plans)
    return plans


def _check_whole(mapping: ImportMapping, sets: Mapping[str, FileSet], fed: Iterable[str]) -> None:
    """A snapshot of a table needs all of its files: rows of one that is not there would look gone."""
    missing = [rule.source for rule in mapping.tables if rule.source not in sets and rule.table in fed]
    if mapping.is_snapshot and missing:
        raise Refused("import.file-missing", pattern=mapping.files[missing[0]])


def _connection(task: Task) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    spill = task.folder / "spill"
    spill.mkdir(parents=True, exist_ok=True)
    memory = task.limits.memory * 45 // 100
    connection.execute(f"SET threads = {task.limits.threads}")
    connection.execute(f"SET memory_limit = '{memory // (1 << 20)}MiB'")
    connection.execute(f"SET temp_directory = {sql.text(str(spill))}")
    connection.execute("SET preserve_insertion_order = false")
    connection.execute(f"SET TimeZone = {sql.text(task.zone)}")
    return connection


# The fast way


def _fast(
    task: Task,
    connection: duckdb.DuckDBPyConnection,
    plans: Mapping[str, list[TablePlan]],
    progress: Progress,
) -> dict[str, Any] | None:
    """One pass for each table; None as soon as anything is wrong."""
    result = {}
    for done, (table, rules) in enumerate(plans.items()):
        progress(done, len(plans), "typing")
        try:
            # A joined file is small and its defects matter: it takes the careful way.
            if any(rule.joins for rule in rules):
                return None
            rules = [_decided(connection, rule) for rule in rules]
            result[table] = _fast_table(task, connection, rules)
        except duckdb.Error as fault:
            _check_resources(fault)
            return None
        if result[table] is None:
            return None
    return result


def _fast_table(
    task: Task, connection: duckdb.DuckDBPyConnection, rules: Sequence[TablePlan]
) -> dict[str, Any] | None:
    spec, schema = rules[0].spec, _schema(rules)
    query = " UNION ALL BY NAME ".join(typed.guarded(rule) for rule in rules)
    files = _write(task, connection, query, spec.name, schema)
    read = sum(each["rows"] for each in files)
    if read > task.limits.rows:
        raise Refused("import.too-many-rows", 413, limit=task.limits.rows)
    # Distinct hashes prove distinct keys; equal ones prove nothing, and the careful way will look.
    listed = "[" + ", ".join(sql.text(each["path"]) for each in files) + "]"
    distinct = connection.execute(
        f"SELECT count(DISTINCT hash({sql.names(spec.key)})) FROM read_parquet({listed})"
    ).fetchall()[0][0]
    if distinct != read:
        return None
    return _outcome(rules, schema, files, read=read, duplicates=0, rejected=0)


# The careful way


def _careful(
    task: Task,
    connection: duckdb.DuckDBPyConnection,
    plans: Mapping[str, list[TablePlan]],
    progress: Progress,
) -> dict[str, Any]:
    """Each file row by row with its line, then each table: rejects, duplicates, what is left."""
    rows: dict[Prepared, Prepared] = {}
    result = {}
    for done, (table, rules) in enumerate(plans.items()):
        progress(done, len(plans), "checking")
        for rule in rules:
            _check_joins(connection, _with_lines(task, rule, rows))
        rules = [_with_lines(task, rule, rows) for rule in rules]
        try:
            rules = [_undemoted(connection, _decided(connection, rule)) for rule in rules]
            result[table] = _careful_table(task, connection, rules)
        except duckdb.Error as fault:
            _check_resources(fault)
            raise Refused(
                "import.unreadable-file", file=rules[0].sets[0].files[0][1].name, reason=str(fault)[:200]
            ) from fault
    return result


def _with_lines(task: Task, plan: TablePlan, rows: dict[Prepared, Prepared]) -> TablePlan:
    def replaced(each: FileSet) -> FileSet:
        for _, prepared in each.files:
            if prepared not in rows:
                folder = task.folder / "work" / f"rows-{len(rows)}"
                folder.mkdir(parents=True, exist_ok=True)
                rows[prepared] = careful(prepared, folder, limits=task.limits)
        return replace(each, files=tuple((number, rows[file]) for number, file in each.files))

    return replace(plan, sets=tuple(replaced(each) for each in plan.sets))


def _check_joins(connection: duckdb.DuckDBPyConnection, plan: TablePlan) -> None:
    """A joined file must hold each key once, else it would double rows."""
    for pairs, other in zip(plan.joins, plan.sets[1:], strict=True):
        key = ", ".join(cell_name(right) for _, right in pairs)
        doubled = connection.execute(
            f"SELECT {key} FROM ({typed.union(other)}) GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL LIMIT 1"
        ).fetchall()
        if doubled:
            value = " ".join(str(each) for each in doubled[0])[:80]
            raise Refused(
                "import.join-not-unique", file=other.files[0][1].name, column=pairs[0][1], value=value
            )


def _careful_table(
    task: Task, connection: duckdb.DuckDBPyConnection, rules: Sequence[TablePlan]
) -> dict[str, Any]:
    spec, schema = rules[0].spec, _schema(rules)
    target = task.folder / "work" / f"{spec.name}.typed.parquet"
    parts = [typed.examined(rule, number) for number, rule in enumerate(rules)]
    connection.execute(
        f"COPY ({' UNION ALL BY NAME '.join(parts)}) TO {sql.text(str(target))} (FORMAT parquet)"
    )
    source = f"read_parquet({sql.text(str(target))})"
    read = connection.execute(f"SELECT count(*) FROM {source}").fetchall()[0][0]
    good = f"SELECT * FROM {source} WHERE len(_problems) = 0"
    repeats = find_repeats(connection, spec, [*schema], good, are_namesakes=_is_named_by_code(rules))
    invalid = _write_rejects(task, connection, source, spec.name, spec.key)
    unread = _write_unread(task, connection, source, spec.name, spec.key) if invalid else ""
    files = _write(task, connection, taken(spec, [*schema], good), spec.name, schema)
    target.unlink()
    rejected = invalid + repeats.conflicts
    found = _outcome(rules, schema, files, read=read, duplicates=repeats.duplicates, rejected=rejected)
    return found | {"unread": unread, "ties": repeats.ties}


def _is_named_by_code(rules: Sequence[TablePlan]) -> bool:
    """Whether a list of people has nothing but the name to tell them by."""
    if rules[0].spec.name != "people":
        return False
    read = [{column.name: column.sources for column in rule.columns} for rule in rules]
    return any(each.get("code") and each.get("code") == each.get("name") for each in read)


def _undemoted(connection: duckdb.DuckDBPyConnection, plan: TablePlan) -> TablePlan:
    """Columns that were only guessed to be numbers become text where one value is none."""
    guessed = [i for i, column in enumerate(plan.columns) if column.demotable]
    if not guessed:
        return plan
    counts = ", ".join(f"count(p{i})" for i in guessed)
    found = connection.execute(f"SELECT {counts} FROM ({typed.cells(plan, thorough=True)})").fetchall()[0]
    wrong = {i for i, count in zip(guessed, found, strict=True) if count}
    columns = tuple(
        replace(column, kind="text", demotable=False) if i in wrong else column
        for i, column in enumerate(plan.columns)
    )
    return replace(plan, columns=columns)


def _write_rejects(
    task: Task, connection: duckdb.DuckDBPyConnection, source: str, table: str, key: Sequence[str]
) -> int:
    """Write what was rejected of a table; the number of rows that are invalid by themselves."""
    target = task.folder / f"rejects-{table}.parquet"
    told = sql.text(", ".join(key))
    place = f"(_line & {LINE_MASK}) AS line, (_line >> {SHEET_SHIFT}) AS sheet"
    value = " || ' ' || ".join(f"coalesce(CAST({sql.name(name)} AS VARCHAR), '')" for name in key)
    connection.execute(
        f'COPY (SELECT {sql.text(table)} AS "table", _file, {place}, p."column" AS "column", '
        f'p.code AS code, p."value" AS "value" FROM (SELECT _file, _line, unnest(_problems) AS p '
        f"FROM {source}) "
        f"UNION ALL SELECT {sql.text(table)}, _file, {place}, {told}, _code, left({value}, 80) "
        f"FROM later WHERE NOT _same ORDER BY _file, sheet, line) TO {sql.text(str(target))} (FORMAT parquet)"
    )
    return int(connection.execute(f"SELECT count(*) FROM {source} WHERE len(_problems) > 0").fetchall()[0][0])


def _write_unread(
    task: Task, connection: duckdb.DuckDBPyConnection, source: str, table: str, key: Sequence[str]
) -> str:
    """Write the keys of invalid rows, as far as they can be told: a row that was not read is not gone."""
    target = task.folder / f"unread-{table}.parquet"
    connection.execute(
        f"COPY (SELECT {sql.names(key)} FROM {source} WHERE len(_problems) > 0) "
        f"TO {sql.text(str(target))} (FORMAT parquet)"
    )
    return str(target)


def _merge_rejects(folder: Path, target: Path, sheets: Mapping[int, Sequence[str]]) -> None:
    """One file of rejects for all tables, with the sheet's name where a file has several."""
    schema = pa.schema(
        [
            ("table", pa.string()),
            ("_file", pa.int32()),
            ("line", pa.int64()),
            ("sheet", pa.string()),
            ("column", pa.string()),
            ("code", pa.string()),
            ("value", pa.string()),
        ]
    )
    with pq.ParquetWriter(target, schema) as writer:
        for part in sorted(folder.glob("rejects-*.parquet")):
            found = pq.read_table(part)
            places = zip(found["_file"].to_pylist(), found["sheet"].to_pylist(), strict=True)
            names = [sheets[file][number - 1] if number else "" for file, number in places]
            place = found.schema.get_field_index("sheet")
            writer.write_table(found.set_column(place, "sheet", pa.array(names, pa.string())).cast(schema))
            part.unlink()


def _sheets_of(readings: Sequence[Reading]) -> dict[int, Sequence[str]]:
    return {reading.number: reading.prepared.sheets for reading in readings}


# What both share


def _decided(connection: duckdb.DuckDBPyConnection, plan: TablePlan) -> TablePlan:
    """The order of every date column, read from all its values where the sample did not tell it."""
    columns = []
    for column in plan.columns:
        if column.kind in ("date", "timestamp") and not column.rule.order:
            number, header = column.sources[0]
            order = _order(connection, plan.sets[number], header)
            column = replace(column, rule=replace(column.rule, order=order))
        columns.append(column)
    return replace(plan, columns=tuple(columns))


def _order(connection: duckdb.DuckDBPyConnection, files: FileSet, header: str) -> str:
    pattern = "'^\\s*(\\d{1,2})[-/.](\\d{1,2})[-/.](?:\\d{4}|\\d{2})\\b'"
    text = cell_name(header)
    first, second = (f"max(try_cast(regexp_extract({text}, {pattern}, {i}) AS INTEGER))" for i in (1, 2))
    highest = connection.execute(f"SELECT {first}, {second} FROM ({typed.union(files)})").fetchall()[0]
    day_first, month_first = ((each or 0) > 12 for each in highest)
    if day_first == month_first:
        code = "import.mixed-dates" if day_first else "import.ambiguous-date"
        examples = list(dict.fromkeys(each for each in files.samples.get(header, ()) if each))[:3]
        raise Refused(code, column=header, file=files.files[0][1].name, examples=examples)
    return "dmy" if day_first else "mdy"


def _write(
    task: Task, connection: duckdb.DuckDBPyConnection, query: str, table: str, schema: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Write the rows with the import's id; the files, each with its rows."""
    folder = task.folder / table
    shutil.rmtree(folder, ignore_errors=True)
    stamp = f"{sql.text(task.import_id)} AS {IMPORT_COLUMN}"
    connection.execute(
        f"COPY (SELECT {sql.names(schema)}, {stamp} FROM ({query})) TO {sql.text(str(folder))} "
        f"(FORMAT parquet, FILE_SIZE_BYTES '{_FILE_BYTES}')"
    )
    found = [
        {"path": str(path), "rows": pq.read_metadata(path).num_rows} for path in sorted(folder.iterdir())
    ]
    return [each for each in found if each["rows"]]


def _schema(rules: Sequence[TablePlan]) -> dict[str, str]:
    """The columns of all rules of a table; where they differ in kind, text holds both."""
    schema: dict[str, str] = {}
    for rule in rules:
        for name, kind in rule.schema.items():
            schema[name] = kind if schema.get(name, kind) == kind else "text"
    return schema


def _outcome(
    rules: Sequence[TablePlan],
    schema: Mapping[str, str],
    files: list[dict[str, Any]],
    *,
    read: int,
    duplicates: int,
    rejected: int,
) -> dict[str, Any]:
    shown = {
        column.name: {"order": column.rule.order, "decimal": column.rule.decimal}
        for rule in rules
        for column in rule.columns
        if column.rule.order or column.rule.decimal
    }
    return {
        "read": read,
        "duplicates": duplicates,
        "rejected": rejected,
        **_left_out(rules),
        "files": files,
        "schema": dict(schema),
        "read_as": shown,
        "organisation": rules[0].spec.name in ORGANISATION_TABLES,
    }


def _left_out(rules: Sequence[TablePlan]) -> dict[str, Any]:
    """How many rows of the table's files are totals and notes, and the first of them."""
    files = dict.fromkeys(replace(each, labels=()) for rule in rules for _, each in rule.sets[0].files)
    return {
        "dropped": sum(each.dropped for each in files),
        "left_out": [
            {"file": each.name, "sheet": sheet, "line": line, "why": why, "text": text}
            for each in files
            for sheet, line, why, text in each.left
        ],
    }


def _shown(prepared: Prepared) -> dict[str, Any]:
    return {
        "name": prepared.name,
        "format": prepared.format,
        "compression": prepared.compression,
        "encoding": prepared.encoding,
        "delimiter": prepared.delimiter,
        "sheet": prepared.sheet,
    }


def _check_resources(fault: duckdb.Error) -> None:
    """A reader that ran out of memory or disc is not a file with a defect."""
    if isinstance(fault, duckdb.OutOfMemoryException):
        raise Refused("import.too-much-memory", 413) from fault

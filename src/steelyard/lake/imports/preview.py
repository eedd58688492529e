"""The first rows of a file as a mapping would read them, at once and in this process.

It works on the head that an inspection has kept, never on the foreign file itself.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from steelyard.lake import sql
from steelyard.lake.imports import typed
from steelyard.lake.imports.mapping import ImportMapping
from steelyard.lake.imports.prepare import Prepared
from steelyard.lake.imports.resolve import Reading, TablePlan, file_sets, resolve


@dataclass(frozen=True)
class PreviewRow:
    """A row as it would be read: its values in the order of the columns, and what is wrong with it."""

    values: tuple[Any, ...]
    problems: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class Preview:
    """What one rule of a mapping makes of the first rows; `kinds` are those of the columns."""

    table: str
    columns: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: tuple[PreviewRow, ...]


def preview(
    inspections: Sequence[Mapping[str, Any]], mapping: ImportMapping, *, place: int = 0, zone: str = "UTC"
) -> Preview:
    """Read the heads of inspected files by the rule at `place`; refused where a full reading would be."""
    rule = mapping.tables[place]
    with tempfile.TemporaryDirectory() as folder:
        readings = [
            Reading(number, alias, _prepared(each, Path(folder) / f"{number}.parquet"), _samples(each))
            for number, each in enumerate(inspections)
            for alias in mapping.aliases(each["name"])
        ]
        plan = resolve(mapping, rule, file_sets(readings), known={})
        return Preview(rule.table, tuple(plan.schema), tuple(plan.schema.values()), _rows(plan, zone))


def _rows(plan: TablePlan, zone: str) -> tuple[PreviewRow, ...]:
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        connection.execute(f"SET TimeZone = {sql.text(zone)}")
        found = connection.execute(f"{typed.examined(plan, 0)} ORDER BY _file, _line LIMIT 20").fetchall()
    width = len(plan.columns)
    return tuple(PreviewRow(tuple(row[3 : 3 + width]), tuple(row[3 + width])) for row in found)


def _prepared(inspection: Mapping[str, Any], path: Path) -> Prepared:
    """The head as the rows that a careful reading makes of a file."""
    headers = [column["name"] for column in inspection["columns"]]
    head = inspection["head"]
    cells = {f"c{i}": pa.array([row[i] for row in head], pa.string()) for i in range(len(headers))}
    first = inspection["header_line"] + 1
    lines = pa.array(range(first, first + len(head)), pa.int64())
    pq.write_table(pa.table({"_line": lines, "_defect": pa.nulls(len(head), pa.string()), **cells}), path)
    return Prepared(
        name=inspection["name"],
        kind="raw",
        path=path,
        format=inspection["format"],
        columns=tuple(headers),
        header_line=inspection["header_line"],
    )


def _samples(inspection: Mapping[str, Any]) -> dict[str, list[str]]:
    """Texts that tell the order of dates and the decimal sign: the head, and what the sample had beyond."""
    return {
        column["name"]: [*(row[i] for row in inspection["head"]), *column["distinct"]]
        for i, column in enumerate(inspection["columns"])
    }

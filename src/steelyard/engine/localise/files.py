"""Leaf tables in plain files: CSV, gzipped CSV and Parquet in, the JSON answer out."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from steelyard.engine.localise import Localisation, localise
from steelyard.errors import Refused

DIGITS = 12


def read_leaves(path: str | Path, *, figures: Sequence[str]) -> pa.Table:
    """Read a file; the columns named in `figures` become numbers, CSV columns beside them stay text."""
    path = Path(path)
    try:
        table = pq.read_table(path) if path.suffix.lower() in {".parquet", ".pq"} else _read_csv(path)
    except (OSError, pa.ArrowException, UnicodeDecodeError) as fault:
        raise Refused("localise.unreadable-file", file=str(path)) from fault
    for column in figures:
        if column not in table.column_names:
            raise Refused("localise.no-such-column", column=column)
        table = table.set_column(table.column_names.index(column), column, _as_numbers(table, column))
    return table


def _read_csv(path: Path) -> pa.Table:
    delimiter = "\t" if ".tsv" in path.suffixes else ","
    with pa.input_stream(str(path), compression="detect") as source:
        names = pcsv.open_csv(source, parse_options=pcsv.ParseOptions(delimiter=delimiter)).schema.names
    convert = pcsv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=True
    )
    with pa.input_stream(str(path), compression="detect") as source:
        return pcsv.read_csv(
            source, parse_options=pcsv.ParseOptions(delimiter=delimiter), convert_options=convert
        )


def _as_numbers(table: pa.Table, column: str) -> pa.ChunkedArray:
    values = table.column(column)
    if not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        return values
    text = pc.utf8_trim_whitespace(values)
    if pc.any(pc.equal(text, "")).as_py():
        raise Refused("localise.number-missing", column=column)
    try:
        return text.cast(pa.float64())
    except pa.ArrowInvalid as fault:
        raise Refused("localise.not-a-number", column=column) from fault


def localise_file(
    path: str | Path,
    *,
    figures: Mapping[str, str],
    dimensions: Sequence[str] | None = None,
    alpha: float = 0.05,
    limit: int | None = None,
) -> dict[str, Any]:
    """Localise one file; `figures` maps `actual`, `expected` (or the four of a ratio) to its columns."""
    table = read_leaves(path, figures=list(figures.values()))
    taken = set(figures.values())
    names = list(dimensions) if dimensions else [name for name in table.column_names if name not in taken]
    start = time.process_time()
    answer = localise(table, dimensions=names, alpha=alpha, limit=limit, **figures)
    seconds = time.process_time() - start
    return {"file": str(path), **as_json(answer), "cpu_seconds": _short(seconds)}


def as_json(answer: Localisation) -> dict[str, Any]:
    """The answer with floats of 12 significant digits, which do not depend on the order of rows."""
    segments = [
        {
            "where": segment.where,
            "actual": _short(segment.actual),
            "expected": _short(segment.expected),
            "contribution": _short(segment.contribution),
            "p": _short(segment.p),
            "n": segment.n,
            "low": _short(segment.low),
            "high": _short(segment.high),
        }
        for segment in answer.segments
    ]
    return {
        "gap": _short(answer.gap),
        "segments": segments,
        "rest": _short(answer.rest),
        "verdict": answer.verdict,
    }


def _short(number: float) -> float:
    return float(f"{number:.{DIGITS}g}") + 0.0

"""What a file looks like, shown before anything is imported."""

from collections.abc import Mapping
from dataclasses import asdict
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

from steelyard.lake.imports.detect import look_at
from steelyard.lake.imports.limits import Limits
from steelyard.lake.imports.originals import Original
from steelyard.lake.imports.prepare import prepare, sample

_HEAD_ROWS = 20
_HEAD_WIDTH = 120


def inspect_file(
    original: Original, folder: Path, *, read: Mapping[str, Any], limits: Limits
) -> dict[str, Any]:
    """Format, encoding, delimiter, sheets and each column's looks, as plain data (in the child process)."""
    prepared = prepare(original, folder / "work", read=read, limits=limits)
    texts = sample(prepared, limits=limits)
    columns = []
    for header in prepared.headers:
        values = texts.get(header, [])
        look = look_at(values)
        blank = sum(not value.strip() for value in values)
        columns.append(
            {
                "name": header,
                "blank_share": round(blank / len(values), 4) if values else 1.0,
                "distinct": list(dict.fromkeys(value.strip()[:80] for value in values if value.strip()))[:50],
                **asdict(look),
            }
        )
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
    }


def _head(texts: list[list[str]]) -> list[list[str]]:
    """The first rows, for a preview."""
    rows = islice(zip_longest(*texts, fillvalue=""), _HEAD_ROWS)
    return [[cell[:_HEAD_WIDTH] for cell in row] for row in rows]

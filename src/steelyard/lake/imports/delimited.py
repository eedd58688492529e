"""Delimited text: the delimiter, the header, and the careful reader that knows every line."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from steelyard.errors import Refused
from steelyard.lake.imports.limits import Limits

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_RECORDS = 50


def find_delimiter(path: Path) -> str:
    """The delimiter under which the first records are most alike and widest; a comma for one column."""
    best, score = ",", 0.0
    for delimiter in DELIMITERS:
        widths = [len(record) for _, record in _peek(path, delimiter)]
        usual, times = Counter(widths).most_common(1)[0] if widths else (1, 0)
        # A record that is wide once says little, one that is wide always says much.
        found = (usual - 1) * (times / max(len(widths), 1)) ** 2
        if found > score:
            best, score = delimiter, found
    return best


def first_records(path: Path, delimiter: str, *, beyond: int = 0) -> list[tuple[int, int, list[str]]]:
    """(first line, last line, cells) of the first records, and of as many more as reach beyond a line."""
    return _peek_lines(path, delimiter, beyond=beyond)


def careful_records(
    path: Path, delimiter: str, *, skip: int, name: str, limits: Limits
) -> Iterator[tuple[int, list[str]]]:
    """Every record after the header with the line it starts on; a broken quote is refused by its line."""
    csv.field_size_limit(limits.field * 10)
    with open(path, encoding="utf-8", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        line = 1
        try:
            for record in reader:
                if line > skip and record:
                    yield line, record
                line = reader.line_num + 1
        except csv.Error as fault:
            raise Refused(_reason(str(fault)), file=name, line=line) from fault


def _reason(message: str) -> str:
    if "field larger" in message:
        return "import.field-too-long"
    if "unexpected end" in message:
        return "import.unclosed-quote"
    return "import.broken-quote"


def _peek(path: Path, delimiter: str) -> list[tuple[int, list[str]]]:
    return [(line, cells) for line, _, cells in _peek_lines(path, delimiter)]


def _peek_lines(path: Path, delimiter: str, *, beyond: int = 0) -> list[tuple[int, int, list[str]]]:
    """The first records; those before a fault when the file is broken."""
    found: list[tuple[int, int, list[str]]] = []
    csv.field_size_limit(1 << 20)
    with open(path, encoding="utf-8", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        line = 1
        try:
            for record in reader:
                if record:
                    found.append((line, reader.line_num, record))
                line = reader.line_num + 1
                if len(found) >= _SAMPLE_RECORDS and line > beyond:
                    break
        except csv.Error:
            return found
    return found

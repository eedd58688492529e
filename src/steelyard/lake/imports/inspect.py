"""Looking at a file before it is imported: what it is, what its columns hold, which table it may feed."""

import secrets
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from steelyard.lake.imports.limits import Limits
from steelyard.lake.imports.originals import Original
from steelyard.lake.imports.process import run_child
from steelyard.lake.imports.suggest import Suggestion, suggest


@dataclass(frozen=True)
class Inspection:
    """What was found out about a file.

    `columns` have name, type, order, ambiguous, mixed, decimal, examples, blank_share and distinct values,
    `read_as` (codes of special notations), and the unit that the header or a title says; `head` has the first
    rows. `totals` are the first of the `dropped` rows that are no records; `sheets_alike` are sheets read as
    one table, `unpivot` columns of periods read as rows, `records` the column of an approval export that was
    read as the steps of each request, `questions` what the file does not tell.
    """

    name: str
    sha256: str
    size: int
    format: str
    compression: str
    encoding: str
    delimiter: str
    sheet: str
    sheets: Sequence[str]
    header_line: int
    rows_sampled: int
    columns: Sequence[Mapping[str, Any]]
    head: Sequence[Sequence[str]]
    suggestions: Sequence[Suggestion]
    header_lines: Sequence[int] = ()
    titles: Sequence[str] = ()
    totals: Sequence[Mapping[str, Any]] = ()
    dropped: int = 0
    sheets_alike: Sequence[str] = ()
    years: Sequence[int] = ()
    renamed: Sequence[str] = ()
    unpivot: Mapping[str, Any] = field(default_factory=dict)
    records: str = ""
    questions: Sequence[Mapping[str, Any]] = ()

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def inspect(
    original: Original,
    *,
    limits: Limits | None = None,
    table: str = "",
    read: Mapping[str, Any] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Inspection:
    """Inspect a kept original in a child process.

    `table` asks for suggestions for that table alone; `read` overrides encoding, delimiter, sheet or header.
    """
    staging = Path(original.path).parents[2] / "staging"
    folder = staging / f"inspect-{secrets.token_hex(8)}"
    try:
        found = run_child(
            "inspect",
            folder,
            limits=limits or Limits.command_line(),
            given={"originals": [original.as_dict()], "read": dict(read or {})},
            cancelled=cancelled,
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    suggestions = suggest(found["columns"], file=original.name, table=table, head=found["head"])
    return Inspection(**found, suggestions=suggestions if table else suggestions[:5])

"""What full snapshots take away: how many rows of which table, and the rows themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from steelyard.apps.data.models import Import

Counts = Mapping[str, Mapping[str, int]]


def changes(counts: Mapping[str, int]) -> int:
    """How many rows of a table an import made other than they were."""
    return sum(counts.get(name, 0) for name in ("created", "updated", "retired", "derived"))


def retiring_most(counts: Counts) -> list[dict[str, Any]]:
    """The tables of which a snapshot would take away more than half of what its source has there."""
    return [
        {"table": table, "retired": each["retired"], "held": each["held"]}
        for table, each in counts.items()
        if each.get("retired", 0) * 2 > each.get("held", 0)
    ]


@dataclass(frozen=True)
class RetiredRows(Sequence[dict[str, Any]]):
    """The rows of one table that an import retired, or would; reads only the part that is asked for."""

    folder: Path
    table: str
    total: int

    def __len__(self) -> int:
        return self.total

    def __getitem__(self, part: Any) -> Any:
        from steelyard.lake.imports.retire import retired_in

        span = part if isinstance(part, slice) else slice(part, part + 1)
        start, stop, _step = span.indices(self.total)
        found = retired_in(self.folder, self.table, limit=stop - start, offset=start)
        return found if isinstance(part, slice) else found[0]


def retired_of(viewer: Any, taken: Import) -> list[RetiredRows]:
    """Table by table, the rows that the last reading of an import found gone."""
    from steelyard.apps.access.policy import authorize
    from steelyard.apps.data.queries import lake

    authorize(viewer, "data.import", taken)
    folder = lake().staging / taken.public_id
    return [
        RetiredRows(folder, table, counts["retired"])
        for table, counts in taken.counts.get("tables", {}).items()
        if counts.get("retired")
    ]

"""A small CRM that exports all of its opportunities, and what its exports should make of the lake."""

import csv
import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from steelyard.apps.access.policy import LOCAL_OPERATOR
from steelyard.apps.data import actions, queries
from steelyard.apps.data.models import Import, Snapshot
from steelyard.apps.jobs.actions import run_here
from steelyard.lake.imports.limits import Limits
from tests.apps.data.conftest import content

COLUMNS = ("opportunity_id", "owner", "stage", "created_on", "amount")
MAPPING = {
    "source": "crm",
    "reading": "snapshot",
    "table": "opportunities",
    "columns": {name: name for name in COLUMNS},
}
Row = Sequence[Any]


def export(folder: Path, rows: Sequence[Row], *, day: str, columns: Sequence[str] = COLUMNS) -> Path:
    """A file of the CRM with its day in the name."""
    path = folder / f"商机_{day.replace('-', '')}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
    return path


def take(path: Path, *, mapping: Mapping[str, Any] = MAPPING, **when: Any) -> Import:
    taken = actions.take_in(LOCAL_OPERATOR, [(path.name, path)], limits=Limits.browser())
    actions.set_mapping(LOCAL_OPERATOR, taken, mapping)
    if when:
        assert taken.taken_on is not None
        actions.place_in_time(LOCAL_OPERATOR, taken, **{"as_of": taken.taken_on} | when)
    return taken


def commit(taken: Import) -> Import:
    run_here(LOCAL_OPERATOR, "data.publish", {"public_id": taken.public_id})
    taken.refresh_from_db()
    return taken


def undo(taken: Import) -> dict[str, Any]:
    return run_here(LOCAL_OPERATOR, "data.undo", {"public_id": taken.public_id}).result or {}


def at(day: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(day)


def stage_changes() -> list[tuple[Any, ...]]:
    return told(
        content("stage_changes", "changed_at", "opportunity_id", "from_stage", "to_stage", "observed_after")
    )


def owner_changes() -> list[tuple[Any, ...]]:
    return told(
        content("owner_changes", "changed_at", "opportunity_id", "from_owner", "to_owner", "observed_after")
    )


def told(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Times as days, which is all that the names of the files say."""
    return [
        tuple(f"{each:%m-%d}" if isinstance(each, datetime.datetime) else each for each in row)
        for row in rows
    ]


def every_digest() -> dict[int, dict[str, str]]:
    """Snapshot → table → digest, of facts alone."""
    return {
        snapshot.pk: {
            table: queries.lake().digest(table, version)
            for table, version in snapshot.versions.items()
            if not table.startswith("org_")
        }
        for snapshot in Snapshot.objects.all()
    }


def newest_digest() -> dict[str, str]:
    """The digests of the tables that hold a row."""
    newest = queries.newest_snapshot()
    found = every_digest()[newest.pk] if newest else {}
    return {table: digest for table, digest in found.items() if not digest.startswith("0:")}

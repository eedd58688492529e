"""A lake of its own for each test, and the shortest way to import rows."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from steelyard.apps.access.policy import LOCAL_OPERATOR
from steelyard.apps.data import actions, queries
from steelyard.apps.data.models import Import
from steelyard.apps.jobs.actions import run_here
from steelyard.lake.imports.limits import Limits
from tests.apps.data.wizard import Wizard

Rows = Sequence[Mapping[str, Any]]


@pytest.fixture(autouse=True)
def lake_folder(tmp_path: Path, settings: Any) -> Iterator[Path]:
    settings.STEELYARD_DATA = tmp_path / "var"
    settings.STEELYARD_AFTER_PUBLICATION = []
    return settings.STEELYARD_DATA


@pytest.fixture
def take(tmp_path: Path) -> Callable[..., Import]:
    """take(table, rows, **more files by table) → an import that is taken in, with detected columns."""

    def write(table: str, rows: Rows) -> Path:
        path = tmp_path / f"{table}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return path

    def taken(table: str, rows: Rows) -> Import:
        path = write(table, rows)
        return actions.take_in(LOCAL_OPERATOR, [(path.name, path)], limits=Limits.browser(), table=table)

    return taken


@pytest.fixture
def publish(take: Callable[..., Import]) -> Callable[..., Import]:
    """publish(table, rows) → the published import."""

    def published(table: str, rows: Rows) -> Import:
        taken = take(table, rows)
        run_here(LOCAL_OPERATOR, "data.publish", {"public_id": taken.public_id})
        taken.refresh_from_db()
        return taken

    return published


@pytest.fixture
def wizard(analyst: Any, log_in: Callable[[Any], Any]) -> Wizard:
    """An analyst on the pages of an import."""
    return Wizard(log_in(analyst))


def content(table: str, *columns: str) -> list[tuple[Any, ...]]:
    """The published rows of a table, sorted."""
    versions = queries.newest_versions()
    if table not in versions:
        return []
    with queries.facts({table: versions[table]}) as facts:
        rows = facts.tables[table].select(*columns).to_pyarrow().to_pylist()
    return sorted(tuple(row[column] for column in columns) for row in rows)

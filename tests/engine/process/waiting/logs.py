"""Event logs for the tests of waiting: those of the shared data, and any small one."""

import csv
import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from steelyard.engine.process.log import EventLog, log_of
from tests.shared import SHARED

PROCESS = SHARED / "process"
START = datetime(2024, 5, 6, tzinfo=UTC)
Row = tuple[str, str, float, float, str | None]

MANUAL_HOURS = {
    "hours": {"mon-fri": "10:00-20:00"},
    "performers": {"Marcus": {"hours": {"mon-fri": ["10:00-12:00", "12:30-20:00"]}}},
}
STANDARD = ("case_id", "Activity", "start_time", "end_time", "Resource")
DISCO = ("case:concept:name", "Activity", "start_timestamp", "time:timestamp", "Resource")
SIMULATED = ("case_id", "activity", "start_time", "end_time", "resource")


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of a file of the shared data; skips the test where they are not here."""
    path = PROCESS / f"{name}.csv.gz"
    if not path.exists():
        pytest.skip("the shared data are not here (STEELYARD_SHARED_DATA)")
    with gzip.open(Path(path), "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def shared_log(name: str, columns: tuple[str, ...]) -> EventLog:
    """A log of the shared data, by its columns of case, activity, start, finish and performer."""
    rows = rows_of(name)
    case, activity, start, finish, performer = columns
    return log_of(
        pa.table(
            {
                "case_id": [row[case] for row in rows],
                "activity": [row[activity] for row in rows],
                "started_at": pa.array([moment(row[start]) for row in rows], pa.timestamp("us", "UTC")),
                "finished_at": pa.array([moment(row[finish]) for row in rows], pa.timestamp("us", "UTC")),
                "performer": [row[performer] for row in rows],
            }
        )
    )


def moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def small_log(rows: list[Row]) -> EventLog:
    """Rows of case, activity, start, finish (hours after Monday midnight) and performer."""
    times = [[START + timedelta(hours=row[place]) for row in rows] for place in (2, 3)]
    return log_of(
        pa.table(
            {
                "case_id": pa.array([row[0] for row in rows], pa.string()),
                "activity": pa.array([row[1] for row in rows], pa.string()),
                "started_at": pa.array(times[0], pa.timestamp("us", "UTC")),
                "finished_at": pa.array(times[1], pa.timestamp("us", "UTC")),
                "performer": pa.array([row[4] for row in rows], pa.string()),
            }
        )
    )

"""Small logs written by hand, for the tests of the process engine."""

from datetime import UTC, datetime, timedelta

import pyarrow as pa

from steelyard.engine.process.log import EventLog, log_of

DAY = datetime(2024, 5, 6, tzinfo=UTC)


def hours(*events: tuple, **columns: list) -> EventLog:
    """A log of (case, activity, finish) or (case, activity, start, finish), in hours of one Monday."""
    cases, activities, *times = zip(*events, strict=True)
    named = {"finished_at": [_at(hour) for hour in times[-1]]}
    if len(times) == 2:
        named["started_at"] = [_at(hour) for hour in times[0]]
    return log_of(
        pa.table(
            {"case_id": pa.array(map(str, cases)), "activity": pa.array(activities)}
            | {name: pa.array(values, pa.timestamp("us", "UTC")) for name, values in named.items()}
            | {name: pa.array(values) for name, values in columns.items()}
        )
    )


def paths(*ways: str, **columns: list) -> EventLog:
    """A log of cases 1, 2, … whose activities are the letters of their ways, one an hour."""
    return hours(
        *(
            (f"{case:03}", letter, hour)
            for case, way in enumerate(ways, 1)
            for hour, letter in enumerate(way)
        ),
        **columns,
    )


def _at(hour: float | None) -> datetime | None:
    return None if hour is None else DAY + timedelta(hours=hour)

"""What waiting causes say of logs that lack something, and how lines add up."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from steelyard.engine.calendars import Calendars
from steelyard.engine.process.log import log_of, microseconds
from steelyard.engine.process.waiting import CAUSES, hours_inferred, waiting_causes
from tests.engine.process.waiting.logs import small_log

MONDAY = datetime(2024, 5, 6, tzinfo=UTC)
OFFICE = Calendars.load({"hours": {"mon-fri": "09:00-18:00"}})


def test_a_log_without_starts_cannot_tell():
    table = pa.table(
        {"case_id": ["1", "1"], "activity": ["a", "b"], "finished_at": [MONDAY, MONDAY + timedelta(1)]}
    )
    found = waiting_causes(log_of(table))
    assert (found.verdict, found.reasons, found.total_s) == ("cannot-tell", ("single-timestamps",), None)
    assert found.as_json()["contention_s"] is None


def test_a_log_whose_work_takes_no_time_cannot_tell():
    found = waiting_causes(small_log([("1", "a", 9, 9, "p"), ("1", "b", 12, 12, "p")]))
    assert (found.verdict, found.reasons) == ("cannot-tell", ("single-timestamps",))


def test_an_empty_log_cannot_tell():
    assert waiting_causes(small_log([])).reasons == ("no-events",)


def test_a_log_without_performers_knows_the_waits_only():
    found = waiting_causes(small_log([("1", "a", 9, 10, None), ("1", "b", 12, 13, None)]))
    assert (found.verdict, found.reasons) == ("cannot-tell", ("no-performers",))
    assert (found.count, found.total_s, found.unknown_s, found.batching_s) == (1, 7200, 7200, None)


def test_waits_without_a_performer_are_unknown():
    rows = [("1", "a", 9, 10, "p"), ("1", "b", 12, 13, None), ("2", "a", 9, 10, "q"), ("2", "b", 11, 12, "q")]
    found = waiting_causes(small_log(rows), calendars=OFFICE)
    assert (found.verdict, found.reasons) == ("split", ("some-without-performer",))
    assert (found.total_s, found.unknown_s, found.extraneous_s) == (10800, 7200, 3600)
    (edge,) = found.edges
    assert edge.as_json()["from"] == "a"
    assert (edge.count, edge.unknown_s, edge.extraneous_s) == (2, 7200, 3600)
    assert [line.performer for line in found.performers] == ["q"]


def test_an_event_without_a_start_has_no_wait_and_keeps_nobody_busy():
    started = [MONDAY + timedelta(hours=9), None, MONDAY + timedelta(hours=15)]
    table = pa.table(
        {
            "case_id": ["1", "1", "1"],
            "activity": ["a", "b", "c"],
            "started_at": pa.array(started, pa.timestamp("us", "UTC")),
            "finished_at": [MONDAY + timedelta(hours=hour) for hour in (10, 14, 16)],
            "performer": ["p", "p", "p"],
        }
    )
    found = waiting_causes(log_of(table), calendars=OFFICE)
    assert found.reasons == ("some-without-start",)
    assert [(line.source, line.target, line.total_s) for line in found.edges] == [("b", "c", 3600)]


def test_cases_of_one_event_have_no_waits():
    found = waiting_causes(small_log([("1", "a", 9, 10, "p"), ("2", "a", 9, 12, "p")]))
    assert (found.verdict, found.count, found.total_s, found.edges) == ("split", 0, 0, ())


def test_a_finish_before_the_start_counts_as_no_time():
    found = waiting_causes(
        small_log([("1", "a", 9, 10, "p"), ("1", "b", 12, 11, "p"), ("2", "a", 8, 9, "p")]), calendars=OFFICE
    )
    assert found.verdict == "split"
    assert found.total_s == sum(getattr(found, f"{cause}_s") for cause in CAUSES)


def test_roles_find_the_calendar_of_their_team():
    calendars = Calendars.load(
        {"hours": {"mon-fri": "09:00-18:00"}, "teams": {"night": {"hours": {"mon-fri": "20:00-04:00"}}}}
    )
    times = [MONDAY + timedelta(hours=hour) for hour in (9, 10, 20, 21)]
    table = pa.table(
        {
            "case_id": ["1", "1"],
            "activity": ["a", "b"],
            "started_at": times[::2],
            "finished_at": times[1::2],
            "performer": ["p", "q"],
            "role": ["day", "night"],
        }
    )
    found = waiting_causes(log_of(table), calendars=calendars)
    assert (found.unavailability_s, found.extraneous_s) == (36000, 0)


def office_rows(days: int, *, seed: int = 1, zone: int = 0) -> list:
    """Two people who work from nine to twelve and one to five, Monday to Friday, but on the tenth day."""
    rng = np.random.default_rng(seed)
    rows = []
    for day in range(days):
        if day % 7 > 4 or day == 10:
            continue
        for person in "pq":
            cuts = np.sort(
                rng.choice(np.append(np.arange(9, 12, 0.1), np.arange(13, 17, 0.1)), 24, replace=False)
            )
            for number, begin in enumerate(cuts):
                case = f"{day}-{person}-{number // 2}"
                rows.append(
                    (case, "ab"[number % 2], day * 24 + begin - zone, day * 24 + begin + 0.1 - zone, person)
                )
    return rows


@pytest.mark.parametrize("zone", [0, 8, -9])
def test_hours_are_inferred_with_lunch_weekend_and_the_day_off(zone: int):
    hours = hours_inferred(small_log(office_rows(70, zone=zone)))

    def at(hour: float) -> np.ndarray:
        return np.array([microseconds(MONDAY + timedelta(hours=hour - zone))])

    def worked(start: float, end: float) -> float:
        return float(hours.working(np.array([0]), at(start), at(end))[0]) / 3.6e9

    assert worked(0, 24) == pytest.approx(7)
    assert worked(9, 17) == pytest.approx(7)
    assert worked(12, 13) == 0
    assert worked(5 * 24, 7 * 24) == 0
    assert worked(10 * 24, 11 * 24) == 0
    assert worked(7 * 24, 14 * 24) == pytest.approx(28)


def test_few_marks_infer_nothing():
    assert hours_inferred(small_log(office_rows(3))) is None
    assert waiting_causes(small_log(office_rows(3))).calendar == "none"


def test_lines_add_up_to_the_whole():
    found = waiting_causes(small_log(office_rows(40)))
    assert found.calendar == "inferred"
    for lines in (found.edges, found.activities, found.performers):
        for name in ("total_s", *(f"{cause}_s" for cause in CAUSES)):
            assert sum(getattr(line, name) for line in lines) == pytest.approx(getattr(found, name))
        assert sum(line.count for line in lines) == found.count
        assert [line.total_s for line in lines] == sorted((line.total_s for line in lines), reverse=True)
    assert found.delay_s == pytest.approx(sum(line.delay_s for line in found.activities))

"""Events in columns: their order, their codes, the attributes of their cases."""

from datetime import UTC, date, datetime, timedelta, timezone

import ibis
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steelyard.engine.process.log import NO_TIME, EventLog, instant, log_of, microseconds
from steelyard.engine.process.order import by_code
from steelyard.errors import Refused

DAY = datetime(2024, 5, 1)  # noqa: DTZ001  a wall clock


def log(*events: tuple[str, str, int], **columns: list) -> EventLog:
    """A log of (case, activity, hour of the first of May)."""
    cases, activities, hours = zip(*events, strict=True)
    times = [datetime(2024, 5, 1, tzinfo=UTC) + timedelta(hours=hour) for hour in hours]
    return log_of(
        pa.table(
            {"case_id": cases, "activity": activities, "finished_at": times}
            | {name: pa.array(values) for name, values in columns.items()}
        )
    )


def told(log: EventLog) -> list[tuple[str, str]]:
    return [
        (log.cases[case].as_py(), log.activities[code])
        for case, code in zip(log.case, log.activity, strict=True)
    ]


def test_events_stand_by_case_then_time_then_as_in_the_file():
    found = log(("2", "b", 3), ("1", "z", 2), ("2", "a", 3), ("1", "y", 1), ("2", "c", 0))
    assert told(found) == [("1", "y"), ("1", "z"), ("2", "c"), ("2", "b"), ("2", "a")]
    assert found.bounds.tolist() == [0, 2, 5]


rows = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(0, 5)), min_size=1, max_size=40)


@given(rows)
def test_the_order_is_that_of_a_stable_sort(events: list[tuple[int, int, int]]):
    found = log(*((f"c{case}", "abcd"[activity], hour) for case, activity, hour in events))
    wanted = sorted(events, key=lambda event: (event[0], event[2]))
    assert told(found) == [(f"c{case}", "abcd"[activity]) for case, activity, _ in wanted]


@given(st.lists(st.integers(0, 2**40), max_size=60))
def test_the_order_by_code_is_stable(codes: list[int]):
    column = np.array(codes, np.int64)
    assert by_code(column).tolist() == np.argsort(column, kind="stable").tolist()


def test_times_are_instants_whatever_their_zone_and_unit():
    east = timezone(timedelta(hours=8))
    times = pa.array([datetime(2024, 5, 1, 8, tzinfo=east)], pa.timestamp("ns", "Asia/Shanghai"))
    table = pa.table({"case_id": ["1"], "activity": ["a"], "finished_at": times})
    assert instant(log_of(table).finished[0]) == datetime(2024, 5, 1, tzinfo=UTC)
    assert microseconds(DAY) == log_of(table).finished[0]


def test_a_row_without_case_activity_or_finish_is_dropped_and_counted():
    table = pa.table({"case_id": ["1", None, "1"], "activity": ["a", "b", None], "finished_at": [DAY] * 3})
    found = log_of(table)
    assert (len(found), found.dropped, found.activities) == (1, 2, ("a",))


def test_missing_starts_performers_and_outcomes_stay_missing():
    found = log(
        ("1", "a", 1),
        ("1", "b", 2),
        started_at=[None, datetime(2024, 5, 1, 1, tzinfo=UTC)],
        performer=["Li", " "],
        outcome=["Approved ", "who knows"],
    )
    assert found.started[0] == NO_TIME
    assert found.starts().tolist() == [found.finished[0], found.started[1]]
    assert (found.performer.tolist(), found.performers) == ([0, -1], ("Li",))
    assert found.outcome.tolist() == [1, 0]
    assert found.done_by({"Li"}).tolist() == [True]
    assert found.role is None


def test_attributes_are_those_of_the_case_and_say_where_they_vary():
    found = log(
        ("2", "a", 1),
        ("1", "a", 1),
        ("1", "b", 2),
        region=["West", None, "East"],
        amount=[5, 7, 8],
    )
    assert found.attributes.to_pylist() == [{"region": "East", "amount": 7}, {"region": "West", "amount": 5}]
    assert found.varying == ("amount",)


def test_cases_are_kept_whole_by_attribute_and_day():
    found = log(
        ("1", "a", 0), ("1", "b", 30), ("2", "a", 24), ("3", "a", 25), region=["East", "East", "West", None]
    )
    assert told(found.within({"region": ["East", ""]})) == [("1", "a"), ("1", "b"), ("3", "a")]
    second = found.within({}, date(2024, 5, 2), date(2024, 5, 2))
    assert told(second) == [("2", "a"), ("3", "a")]
    assert second.bounds.tolist() == [0, 1, 2]
    assert second.attributes.column("region").to_pylist() == ["West", None]
    assert told(found.within({}, end=date(2024, 5, 1))) == [("1", "a"), ("1", "b")]


def test_a_log_can_be_cut_off_at_a_moment():
    found = log(("1", "a", 0), ("1", "b", 9), ("2", "a", 8), ("3", "a", 2), region=["N", "N", "S", "W"])
    cut = found.until(int(found.finished[0]) + 5 * 3_600_000_000)
    assert told(cut) == [("1", "a"), ("3", "a")]
    assert (cut.bounds.tolist(), cut.attributes.column("region").to_pylist()) == ([0, 1, 2], ["N", "W"])
    assert found.until(int(found.finished.max())) is found


def test_a_log_without_attributes_keeps_cases_too():
    kept = log(("1", "a", 0), ("2", "a", 1)).keep(np.array([False, True]))
    assert kept.cases.to_pylist() == ["2"]
    assert kept.keep(np.array([False])).cases.to_pylist() == []


def test_cases_and_activities_may_be_numbers_or_dictionaries_and_tables_ibis():
    times = [DAY] * 3
    chunks = pa.chunked_array([pa.array(["b"]).dictionary_encode(), pa.array(["c", "a"]).dictionary_encode()])
    table = pa.table({"case_id": [10, 9, 10], "activity": chunks, "finished_at": times})
    found = log_of(table)
    assert told(found) == [("10", "b"), ("10", "a"), ("9", "c")]
    assert told(log_of(ibis.memtable(table))) == told(found)


@pytest.mark.parametrize("column", ["case_id", "activity", "finished_at"])
def test_a_column_that_must_be_there_is_named(column: str):
    table = pa.table({"case_id": ["1"], "activity": ["a"], "finished_at": [DAY]})
    with pytest.raises(Refused, match=rf"process\.missing-column .*{column}"):
        log_of(table.drop_columns(column))


def test_text_is_no_time():
    table = pa.table({"case_id": ["1"], "activity": ["a"], "finished_at": ["2024-05-01"]})
    with pytest.raises(Refused, match=r"process\.not-a-time"):
        log_of(table)


def test_an_attribute_that_is_not_there_is_refused():
    with pytest.raises(Refused, match=r"process\.no-such-attribute"):
        log(("1", "a", 0)).within({"region": "East"})


def test_a_log_may_be_empty():
    empty = pa.table(
        {
            "case_id": pa.array([], pa.string()),
            "activity": pa.array([], pa.string()),
            "finished_at": pa.array([], pa.timestamp("us", "UTC")),
        }
    )
    found = log_of(empty)
    assert (len(found), found.bounds.tolist(), found.cycle_times().tolist()) == (0, [0], [])

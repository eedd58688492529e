"""What a log lacks, counted."""

from steelyard.engine.process.log_quality import log_quality
from tests.engine.process.logs import DAY, hours, paths


def test_each_fault_is_counted():
    log = hours(
        ("1", "ask", 0, 2),
        ("1", "sign", 1, 3),
        ("1", "pay", None, 3),
        ("2", "ask", 5, 4),
        ("2", "sign", 6, 7),
        ("2", "sign", 6, 7),
        ("3", "ask", 6, 7),
        performer=["Li", "", "Li", "Li", "Li", "Li", None],
        outcome=[None, "approved", None, None, "approved", "approved", None],
        region=["East", "West", "East", "East", "East", "East", "East"],
    )
    found = log_quality(log, endings=["sign", "pay"])
    assert found.as_json() == {
        "cases": 3,
        "events": 7,
        "dropped": 0,
        "duplicates": 1,
        "ties": 2,
        "cases_with_ties": 2,
        "single_timestamps": 1,
        "negative_durations": 1,
        "overlaps": 2,
        "missing_performers": 2,
        "without_outcome": 4,
        "open_cases": 1,
        "one_event_cases": 1,
        "varying": ["region"],
        "first_at": "2024-05-06T02:00:00+00:00",
        "last_at": "2024-05-06T07:00:00+00:00",
    }


def test_a_log_of_single_times_says_so():
    found = log_quality(paths("ab", "a"))
    assert (found.single_timestamps, found.missing_performers, found.without_outcome) == (3, 3, 3)
    assert (found.ties, found.overlaps, found.first_at) == (0, 0, DAY)


def test_an_empty_log_has_no_faults():
    log = paths("a")
    found = log_quality(log.keep(log.finished < 0))
    assert (found.cases, found.events, found.first_at) == (0, 0, None)

"""First attempts, the age of open cases, and where cases stop."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf

from steelyard.engine.process.endings import endings_of
from steelyard.engine.process.groups import SECOND
from steelyard.engine.process.progress import ageing, breakpoints, first_pass
from steelyard.engine.process.survival import MOST_POINTS, kaplan_meier
from tests.engine.process.logs import DAY, hours, paths


def test_only_the_first_decision_of_a_case_counts():
    log = hours(
        ("1", "sign", 0),
        ("1", "sign", 1),
        ("2", "sign", 0),
        ("3", "sign", 0),
        ("3", "pay", 1),
        ("4", "sign", 0),
        outcome=["changed", "approved", "approved", "rejected", None, None],
    )
    (found,) = first_pass(log)
    assert (found.activity, found.decided, found.first, found.rate) == ("sign", 3, 1, pytest.approx(1 / 3))
    assert (round(found.low, 4), round(found.high, 4)) == (0.0615, 0.7923)
    assert first_pass(paths("ab")) == ()


def test_an_activity_ends_cases_when_half_of_it_goes_no_further():
    assert endings_of(paths("abc", "abc", "ab", "bc")) == ("c",)
    assert endings_of(paths("ab", "a", "ba")) == ("a", "b")


def test_where_nothing_usually_ends_a_case_the_usual_last_steps_do():
    ways = ["abcabcab"] * 12 + ["abcabcabc"] * 12 + ["abcabca"]
    assert endings_of(paths(*ways)) == ("b", "c")


LOG = (
    ("1", "ask", 0),
    ("1", "sign", 2),
    ("2", "ask", 0),
    ("2", "sign", 4),
    ("3", "ask", 0),
    ("3", "sign", 3),
    ("4", "ask", 9),
    ("5", "ask", 1),
    ("6", "ask", 20),
)


def test_open_cases_have_their_age_and_are_late_when_others_had_gone_on():
    found = ageing(hours(*LOG), as_of=DAY + timedelta(hours=12), endings=["sign"])
    assert (found.open_cases, found.closed_cases, found.endings) == (2, 3, ("sign",))
    # Case 6 came later. Nine of ten go on within 2 + 0.9 × 2 of 2, 3 and 4 hours: 3.8.
    assert [
        (line.case, line.age_s / 3600, line.expected_p90_s / 3600, line.is_late) for line in found.lines
    ] == [
        ("5", 11.0, pytest.approx(3.8), True),
        ("4", 3.0, pytest.approx(3.8), False),
    ]
    assert [(line.activity, line.cases, line.late, line.median_idle_s) for line in found.by_activity] == [
        ("ask", 2, 1, 7 * 3600)
    ]
    assert found.median_age_s == 7 * 3600
    # Five watched: one ends at 2, one at 3 (two others still there), one is cut off at 3, one ends at 4.
    assert [(point.age_s / 3600, point.share_open, point.at_risk) for point in found.survival] == [
        (2.0, pytest.approx(4 / 5), 5),
        (3.0, pytest.approx(3 / 5), 4),
        (4.0, pytest.approx(3 / 10), 2),
    ]
    assert (found.median_cycle_s, found.p90_cycle_s) == (4 * 3600, None)


def test_age_runs_from_the_start():
    log = hours(("1", "ask", 1, 2), ("2", "ask", 0, 1), ("2", "sign", 2, 3))
    found = ageing(log, as_of=DAY + timedelta(hours=5), endings=["sign"])
    assert [(line.age_s / 3600, line.idle_s / 3600) for line in found.lines] == [(4.0, 3.0)]


def test_a_case_stops_where_it_lies_longer_than_others_took_to_go_on():
    found = breakpoints(hours(*LOG), as_of=DAY + timedelta(hours=12), endings=["sign"])
    assert [(line.activity, line.reached, line.stopped, line.median_idle_s / 3600) for line in found] == [
        ("ask", 5, 1, 11.0)
    ]
    assert found[0].rate == 0.2
    assert (round(found[0].low, 4), round(found[0].high, 4)) == (0.0362, 0.6245)


def test_where_none_ever_went_on_every_open_case_has_stopped():
    log = paths("ab", "ab", "ac")
    found = breakpoints(log, as_of=DAY + timedelta(hours=9), endings=["b"])
    assert [(line.activity, line.reached, line.stopped, line.rate) for line in found] == [("c", 1, 1, 1.0)]
    assert ageing(log, as_of=DAY + timedelta(hours=9), endings=["b"]).lines[0].expected_p90_s is None


def test_a_day_before_the_log_has_no_cases():
    found = ageing(hours(*LOG), as_of=DAY - timedelta(hours=1), endings=["sign"])
    assert (found.open_cases, found.closed_cases, found.lines, found.median_age_s) == (0, 0, (), None)
    assert breakpoints(hours(*LOG), as_of=DAY - timedelta(hours=1)) == ()


@given(st.lists(st.tuples(st.integers(1, 30), st.booleans()), min_size=1, max_size=50))
def test_the_line_is_that_of_scipy(cases: list[tuple[int, bool]]):
    lasted, ended = (np.array(column) for column in zip(*cases, strict=True))
    found = kaplan_meier(lasted * SECOND, ended)
    data = CensoredData(uncensored=lasted[ended].astype(float), right=lasted[~ended].astype(float))
    if not ended.any():
        assert len(found.times) == 0
        return
    expected = ecdf(data).sf
    assert found.share == pytest.approx(expected.evaluate(found.times / SECOND))


def test_a_long_line_is_thinned_out_and_keeps_its_ends():
    points = kaplan_meier(np.arange(1, 1001) * SECOND, np.ones(1000, bool)).points()
    assert (len(points), points[0].age_s, points[-1].age_s) == (MOST_POINTS, 1.0, 1000.0)

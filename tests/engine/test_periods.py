"""Periods: names, neighbours, fiscal years, ISO weeks."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steelyard.engine.periods import GRAINS, Period, periods
from steelyard.errors import Refused

DAYS = st.dates(date(1950, 1, 1), date(2150, 1, 1))


@pytest.mark.parametrize(
    ("text", "fiscal_start", "start", "end", "grain"),
    [
        ("2017", 1, date(2017, 1, 1), date(2018, 1, 1), "year"),
        ("2017-Q4", 4, date(2017, 10, 1), date(2018, 1, 1), "quarter"),
        ("2017-12", 1, date(2017, 12, 1), date(2018, 1, 1), "month"),
        ("2017-W01", 1, date(2017, 1, 2), date(2017, 1, 9), "week"),
        ("2020-W53", 1, date(2020, 12, 28), date(2021, 1, 4), "week"),
        ("2016-02-29", 1, date(2016, 2, 29), date(2016, 3, 1), "day"),
        ("FY2017", 1, date(2017, 1, 1), date(2018, 1, 1), "fiscal-year"),
        ("FY2017", 4, date(2016, 4, 1), date(2017, 4, 1), "fiscal-year"),
        ("FY2017-Q1", 4, date(2016, 4, 1), date(2016, 7, 1), "fiscal-quarter"),
        ("FY2017-Q4", 4, date(2017, 1, 1), date(2017, 4, 1), "fiscal-quarter"),
        ("FY2017-Q2", 11, date(2017, 2, 1), date(2017, 5, 1), "fiscal-quarter"),
    ],
)
def test_names_are_read(text, fiscal_start, start, end, grain):
    period = Period.parse(text, fiscal_start)
    assert (period.start, period.end, period.grain, period.label) == (start, end, grain, text)


@pytest.mark.parametrize(
    "text", ["", "17", "2017-Q5", "2017-13", "2017-W54", "2017-W00", "2018-02-29", "FY17", "0001", "２０１７"]
)
def test_unreadable_names_are_refused(text):
    with pytest.raises(Refused, match=r"period\.unreadable"):
        Period.parse(text)


@given(day=DAYS, grain=st.sampled_from(GRAINS), fiscal_start=st.integers(1, 12))
def test_a_period_holds_its_day_and_reads_back(day, grain, fiscal_start):
    period = Period.containing(day, grain=grain, fiscal_start=fiscal_start)
    assert period.start <= day < period.end
    assert Period.parse(period.label, fiscal_start) == period
    assert period.previous().end == period.start
    assert period.next().start == period.end
    assert period.previous().next() == period


@given(day=DAYS, grain=st.sampled_from(GRAINS), fiscal_start=st.integers(1, 12))
def test_a_year_ago_is_the_same_name_a_year_less(day, grain, fiscal_start):
    period = Period.containing(day, grain=grain, fiscal_start=fiscal_start)
    ago = period.year_ago()
    assert timedelta(357) <= period.start - ago.start <= timedelta(371)
    assert ago.grain == grain


@given(day=DAYS, grain=st.sampled_from(GRAINS), length=st.integers(0, 800))
def test_listed_periods_leave_no_gap(day, grain, length):
    listed = periods(grain, day, day + timedelta(days=length), fiscal_start=7)
    assert listed[0].start <= day
    assert listed[-1].end > day + timedelta(days=length)
    assert all(one.end == other.start for one, other in itertools.pairwise(listed))


def test_months_of_a_fiscal_year():
    labels = [month.label for month in Period.parse("FY2017", 7).months()]
    assert labels == [f"2016-{m:02}" for m in range(7, 13)] + [f"2017-{m:02}" for m in range(1, 7)]


def test_a_grain_that_is_none_is_refused():
    with pytest.raises(Refused, match=r"period\.grain"):
        periods("decade", date(2017, 1, 1), date(2018, 1, 1))


def test_a_range_holds_its_last_day():
    span = Period.parse("2011-05-31..2011-08-30", 4)
    assert (span.start, span.end, span.grain, span.days) == (
        date(2011, 5, 31),
        date(2011, 8, 31),
        "range",
        92,
    )
    assert span.label == "2011-05-31..2011-08-30"
    assert span.previous().label == "2011-02-28..2011-05-30"
    assert span.next().start == span.end
    assert [month.label for month in span.months()] == ["2011-05", "2011-06", "2011-07", "2011-08"]
    assert Period.parse("2017-02-05 ~ 2017-02-05").label == "2017-02-05..2017-02-05"


@pytest.mark.parametrize(
    ("text", "ago"),
    [
        ("2024-02-29..2024-03-31", "2023-02-28..2023-03-31"),
        ("2024-01-15..2024-02-29", "2023-01-15..2023-02-28"),
        ("2024-02-29..2024-02-29", "2023-02-28..2023-02-28"),
        ("2023-12-20..2024-01-10", "2022-12-20..2023-01-10"),
    ],
)
def test_a_year_before_a_range_are_the_same_days(text, ago):
    assert Period.parse(text).year_ago().label == ago


@given(first=DAYS, length=st.integers(1, 900), fiscal_start=st.integers(1, 12))
def test_ranges_read_back_and_touch_their_neighbours(first, length, fiscal_start):
    span = Period.of_days(first, first + timedelta(days=length - 1), fiscal_start=fiscal_start)
    assert Period.parse(span.label, fiscal_start) == span
    assert (span.previous().end, span.next().start) == (span.start, span.end)
    assert span.previous().days == span.next().days == span.days == length
    assert span.previous().next() == span


def test_a_range_backwards_or_of_no_days_is_refused():
    with pytest.raises(Refused, match=r"period\.backwards"):
        Period.parse("2017-03-02..2017-03-01")
    with pytest.raises(Refused, match=r"period\.unreadable"):
        Period.parse("2018-02-29..2018-03-01")
    with pytest.raises(Refused, match=r"period\.unreadable"):
        Period.parse("2018..2019")
    with pytest.raises(Refused, match=r"period\.grain"):
        periods("range", date(2017, 1, 1), date(2018, 1, 1))
    with pytest.raises(Refused, match=r"period\.grain"):
        Period.containing(date(2017, 1, 1), grain="range")


def test_listed_periods_keep_the_fiscal_year_of_the_periods_given():
    quarter = Period.parse("FY2017-Q4", 4)
    assert [each.label for each in periods("fiscal-quarter", date(2016, 10, 5), quarter)] == [
        "FY2017-Q3",
        "FY2017-Q4",
    ]

"""Waits of any small log against a minute-by-minute reading of the definitions, and what always holds."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.engine.calendars import Calendars
from steelyard.engine.process.log import EventLog
from steelyard.engine.process.waiting import CAUSES, waits, waits_of
from steelyard.engine.process.waiting.delays import expected_delay
from steelyard.engine.process.waiting.enabling import enabling_of, side_by_side
from steelyard.engine.process.waiting.hours import hours_given
from steelyard.engine.process.waiting.sums import NEVER, least_over, sums_below
from tests.engine.process.waiting.logs import Row, small_log

HOUR = 3_600_000_000
OFFICE = Calendars.load(
    {
        "hours": {"mon-fri": ["06:00-12:00", "13:00-20:00"]},
        "performers": {"q": {"hours": {"mon-sun": "20:00-04:00"}}},
    }
)

rows = st.lists(
    st.tuples(
        st.sampled_from("1234"),
        st.sampled_from("abc"),
        st.integers(0, 40),
        st.integers(0, 6),
        st.sampled_from(["p", "p", "q", None]),
    ).map(lambda row: (row[0], row[1], row[2], row[2] + row[3], row[4])),
    min_size=1,
    max_size=24,
)


def by_hand(log: EventLog) -> list[list[int]]:
    """Hours of each event's wait by cause, one hour after the other, in the order of the enabled events."""
    found = enabling_of(log)
    performer = log.performer[found.order].tolist()
    enabled, started, finished = (
        (values // HOUR).tolist() for values in (found.enabled, found.started, found.finished)
    )
    batch = batches_by_hand(performer, found.activity.tolist(), enabled, started, finished)
    hours = hours_given(log, OFFICE)
    answer = []
    for at, who in enumerate(performer):
        parts = [0] * len(CAUSES)
        mates = [other for other in range(len(log)) if batch[other] == batch[at]]
        ready = max(enabled[mate] for mate in mates)
        is_told = who >= 0 and found.source[at] >= 0
        for hour in range(enabled[at], started[at]) if is_told else ():
            work = [o for o in range(len(log)) if performer[o] == who and started[o] <= hour < finished[o]]
            first = (
                0
                if hour < ready
                else 1
                if any(enabled[o] <= (enabled[at] if batch[o] == batch[at] else ready) for o in work)
                else 2
                if work
                else 4
                if hours.working(np.array([who]), np.array([hour * HOUR]), np.array([(hour + 1) * HOUR]))[0]
                else 3
            )
            parts[first] += 1
        answer.append(parts)
    return answer


def batches_by_hand(
    performer: list, activity: list, enabled: list, started: list, finished: list
) -> list[int]:
    order = sorted(
        range(len(performer)),
        key=lambda at: (performer[at], activity[at], started[at], finished[at], enabled[at]),
    )
    batch = list(range(len(performer)))
    begun = reach = 0
    for before, at in pairwise([None, *order]):
        joins = (
            before is not None
            and performer[at] >= 0
            and (performer[at], activity[at]) == (performer[before], activity[before])
            and enabled[at] <= begun
            and started[at] <= reach
        )
        if joins:
            batch[at] = batch[before]
            reach = max(reach, finished[at])
        else:
            begun, reach = started[at], finished[at]
    return batch


@settings(max_examples=300, deadline=None)
@given(rows)
def test_every_wait_is_split_as_an_hour_by_hour_reading_splits_it(table: list[Row]):
    log = small_log(table)
    order = enabling_of(log).order
    found = waits_of(log, hours_given(log, OFFICE))
    assert (found.by_cause[:, order].T // HOUR).tolist() == by_hand(log)


@settings(deadline=None)
@given(rows)
def test_causes_add_up_and_what_lay_is_within_the_wait(table: list[Row]):
    log = small_log(table)
    found = waits_of(log, hours_given(log, OFFICE))
    assert np.array_equal(found.by_cause.sum(axis=0), found.wait * found.is_split)
    assert np.all(found.by_cause >= 0)
    assert np.all((found.lain >= 0) & (found.lain <= found.wait))


@settings(deadline=None)
@given(rows, st.randoms())
def test_the_order_of_rows_does_not_matter(table: list[Row], random):
    found = waits_of(one := small_log(table), hours_given(one, OFFICE))
    turned = waits_of(other := small_log(random.sample(table, len(table))), hours_given(other, OFFICE))
    assert _lines(one, found) == _lines(other, turned)


def _lines(log: EventLog, found: waits.Waits) -> list[tuple]:
    columns = (log.case, log.activity, log.started, log.finished, log.performer, found.wait, *found.by_cause)
    return sorted(zip(*(column.tolist() for column in columns), strict=True))


@settings(deadline=None)
@given(rows)
def test_portions_do_not_matter(table: list[Row]):
    log = small_log(table)
    whole = waits_of(log, hours_given(log, OFFICE))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(waits, "AT_ONCE", 1)
        parted = waits_of(log, hours_given(log, OFFICE))
    assert np.array_equal(whole.by_cause, parted.by_cause)


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-5, 5)), min_size=1, max_size=40), st.data())
def test_sums_below_a_limit(points: list[tuple[int, int]], data: st.DataObject):
    keys, weights = np.array(points).T
    places = st.integers(0, len(points))
    asked = data.draw(st.lists(st.tuples(places, places, st.integers(-11, 11)), min_size=1, max_size=10))
    low, high, limits = np.array(asked).T
    expected = [int(weights[a:b][keys[a:b] <= limit].sum()) if a < b else 0 for a, b, limit in asked]
    assert sums_below(keys, weights, low, high, limits).tolist() == expected


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(-9, 9)), max_size=20))
def test_least_over_stretches(stretches: list[tuple[int, int, int]]):
    low, high, values = np.array(stretches, dtype=np.int64).reshape(-1, 3).T
    expected = [
        min((value for a, b, value in stretches if a <= place < b), default=NEVER) for place in range(20)
    ]
    assert least_over(20, low, high, values).tolist() == expected


@settings(deadline=None)
@given(rows)
def test_the_source_is_the_last_that_had_finished_and_runs_not_beside(table: list[Row]):
    found = enabling_of(small_log(table))
    together = side_by_side(found.case, found.activity, int(found.activity.max()) + 1)
    for at in range(len(found.case)):
        earlier = [
            other
            for other in range(at)
            if found.case[other] == found.case[at]
            and found.finished[other] <= found.started[at]
            and not together.are(found.activity[other : other + 1], found.activity[at : at + 1])[0]
        ]
        before = [found.finished[other] for other in earlier if found.finished[other] < found.finished[at]]
        mine = found.case == found.case[at]
        assert found.source[at] == max(earlier, default=-1)
        assert found.enabled[at] == max(before, default=found.started[mine].min())


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 50)), max_size=30))
def test_an_expected_delay_lies_between_its_bounds(bounds: list[tuple[int, int]]):
    least = np.array([low for low, _ in bounds], dtype=np.int64)
    most = least + np.array([more for _, more in bounds], dtype=np.int64)
    assert least.sum() - 1e-6 <= expected_delay(least, most) <= most.sum() + 1e-6


def test_delays_that_show_are_told_exactly_and_hidden_ones_are_like_them():
    rng = np.random.default_rng(7)
    delays = rng.integers(3600, 7200, 4000)
    is_hidden = rng.random(4000) < 0.6
    most = np.where(is_hidden, delays + rng.integers(0, 40_000, 4000), delays)
    least = np.where(is_hidden, rng.integers(0, 3600, 4000) * (rng.random(4000) < 0.5), delays)
    assert expected_delay(delays, delays) == delays.sum()
    assert expected_delay(least, most) == pytest.approx(delays.sum(), rel=0.02)
    assert expected_delay(np.zeros(5, np.int64), np.array([9, 8, 7, 6, 5])) == 0

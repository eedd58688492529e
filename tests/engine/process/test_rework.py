"""Work done again: each repeat once, of one kind, with its hours and its money."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steelyard.engine.process.rework import rework
from tests.engine.process.logs import hours, paths


def lines(log, **options) -> list[tuple[str, str, str, int, int, float]]:
    return [
        (line.kind, line.activity, line.via, line.cases, line.events, line.hours)
        for line in rework(log, **options).lines
    ]


def test_a_step_again_at_once_is_a_self_loop():
    assert lines(paths("aaab", "ab", "aab")) == [("self-loop", "a", "", 2, 3, 3.0)]


def test_a_step_again_after_others_is_a_return_from_the_last_of_them():
    assert lines(paths("abca")) == [("return", "a", "c", 1, 1, 1.0)]


def test_two_that_take_turns_play_ping_pong():
    assert sorted(lines(paths("abab"))) == [
        ("ping-pong", "a", "b", 1, 1, 1.0),
        ("ping-pong", "b", "a", 1, 1, 1.0),
    ]
    assert lines(paths("aba")) == [("return", "a", "b", 1, 1, 1.0)]
    assert {line[0] for line in lines(paths("abba"))} == {"self-loop", "return"}


def test_cases_do_not_run_into_each_other():
    assert lines(paths("ab", "ab", "ba")) == []
    assert rework(paths("ab", "aa")).share == 0.5


def test_money_is_work_time_times_its_cost():
    log = hours(("1", "a", 0, 1), ("1", "b", 2, 3), ("1", "a", 8, 8.5), ("1", "a", None, 9))
    found = rework(log, hourly_cost=Decimal("120.50")).lines
    assert [(line.kind, line.hours, line.work_hours, line.money) for line in found] == [
        ("return", 5.5, 0.5, Decimal("60.25")),
        ("self-loop", 0.5, None, None),
    ]
    assert rework(paths("aa"), hourly_cost=Decimal(100)).lines[0].money is None
    assert rework(log).lines[0].money is None


@given(st.lists(st.text("abc", min_size=1, max_size=8), min_size=1, max_size=20))
def test_every_repeat_is_counted_once(ways: list[str]):
    found = rework(paths(*ways))
    assert sum(line.events for line in found.lines) == sum(len(way) - len(set(way)) for way in ways)
    assert found.cases == sum(len(way) > len(set(way)) for way in ways)
    assert sum(line.hours for line in found.lines) == pytest.approx(
        sum(len(way) - len(set(way)) for way in ways)
    )

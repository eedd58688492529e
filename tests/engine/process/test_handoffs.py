"""Who hands work to whom."""

import pytest

from steelyard.engine.process.handoffs import handoffs
from steelyard.errors import Refused
from tests.engine.process.logs import hours, paths


def test_hands_and_waits_are_counted():
    log = hours(
        ("1", "a", 0, 1),
        ("1", "b", 3, 4),
        ("1", "c", 4, 5),
        ("2", "a", 0, 1),
        ("2", "b", 5, 6),
        ("2", "c", 7, 8),
        performer=["Li", "Wang", "Wang", "Li", "Wang", None],
        role=["clerk", "lead", "clerk", "clerk", "lead", "clerk"],
    )
    found = handoffs(log)
    assert [(line.giver, line.taker, line.count, line.cases) for line in found.lines] == [
        ("Li", "Wang", 2, 2)
    ]
    assert (found.lines[0].median_wait_s, found.lines[0].total_wait_s) == (3 * 3600, 6 * 3600)
    assert (found.steps, found.share_handed) == (3, pytest.approx(2 / 3))
    roles = handoffs(log, by="role")
    assert [(line.giver, line.taker, line.count) for line in roles.lines] == [
        ("clerk", "lead", 2),
        ("lead", "clerk", 2),
    ]
    assert roles.share_handed == 1.0


def test_a_log_without_performers_is_refused():
    with pytest.raises(Refused, match=r"process\.missing-column .*performer"):
        handoffs(paths("ab"))


def test_where_nobody_is_known_nothing_is_handed_on():
    found = handoffs(hours(("1", "a", 0), ("1", "b", 1), performer=["", None]))
    assert (found.lines, found.steps, found.share_handed) == ((), 0, None)

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steelyard.charts.scale import padded, spread, text_width, ticks

sizes = st.floats(min_value=-1e9, max_value=1e9, allow_nan=False)


@given(low=st.floats(min_value=-1e6, max_value=1e6), span=st.floats(min_value=1.0, max_value=1e9))
def test_ticks_are_evenly_spaced_and_inside(low, span):
    values = ticks(low, low + span)
    assert 2 <= len(values) <= 9
    assert values[0] >= low - span * 1e-6
    assert values[-1] <= low + span * (1 + 1e-6)
    steps = [b - a for a, b in itertools.pairwise(values)]
    assert max(steps) == pytest.approx(min(steps), abs=max(abs(low), span) * 1e-6)


def test_one_value_has_one_tick():
    assert ticks(5.0, 5.0) == [5.0]


@given(st.lists(st.one_of(st.none(), sizes), max_size=20))
def test_the_padded_range_holds_everything_and_is_never_empty(values):
    low, high = padded(values)
    assert low < high
    assert all(low <= value <= high for value in values if value is not None)


@given(st.lists(st.floats(min_value=0, max_value=240), max_size=6))
def test_labels_stay_apart_in_their_order(positions):
    moved = spread(positions, gap=15.0)
    order = sorted(range(len(positions)), key=lambda index: (positions[index], index))
    assert all(moved[b] - moved[a] >= 15.0 - 1e-6 for a, b in itertools.pairwise(order))


def test_labels_with_room_are_not_moved():
    assert spread([100.0, 20.0, 60.0], gap=15.0) == [100.0, 20.0, 60.0]


def test_chinese_takes_more_room_than_latin():
    assert text_width("赢单率") > text_width("win")

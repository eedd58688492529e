"""The total of a scorecard, worked by hand: points, what is left out, and what was measured."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.apps.measure.queries.total import attainment, part_of, reason_of, total_of
from steelyard.apps.measure.words import totals as words


def test_a_total_is_the_points_over_the_weights_that_were_measured():
    """20 × 0.9 + 30 × 1.2 (capped from 1.5) + 32 × 0.8 = 79.6 of 82, that is 97.07 of 100."""
    total = total_of(
        [
            part_of("a", weight=20, direction="up", value=90, target=100),
            part_of("b", weight=30, direction="up", value=150, target=100),
            part_of("c", weight=32, direction="down", value=48, target=40),
            part_of("d", weight=10, direction="up", value=None, target=100),
            part_of("e", weight=8, direction="up", value=5, target=None),
        ]
    )
    assert [part.points for part in total.scored] == pytest.approx([18.0, 36.0, 25.6])
    assert total.measured == 82
    assert total.score == pytest.approx(79.6 / 82 * 100)
    assert [(part.kpi, part.reason) for part in total.left_out] == [("d", "no-value"), ("e", "no-target")]


@pytest.mark.parametrize(
    ("value", "target", "direction", "reached"),
    [
        (120, 100, "up", 1.2),
        (-50, 100, "up", -0.5),
        (40, 40, "down", 1.0),
        (20, 40, "down", 1.5),
        (100, 40, "down", -0.5),
        (0.9, 1.0, "band", 0.9),
        (1.1, 1.0, "band", 0.9),
    ],
)
def test_attainment_by_direction(value: float, target: float, direction: str, reached: float):
    assert attainment(value, target, direction=direction) == pytest.approx(reached)


@pytest.mark.parametrize(
    ("value", "target", "reason"),
    [
        (None, 1, "no-value"),
        (1, None, "no-target"),
        (1, 0, "zero-target"),
        (1, -5, "negative-target"),
        (0, 5, ""),
    ],
)
def test_what_cannot_be_scored_says_why(value: float | None, target: float | None, reason: str):
    assert reason_of(value, target) == reason
    part = part_of("a", weight=100, direction="up", value=value, target=target)
    assert (part.points is None) == bool(reason)


def test_no_points_are_told_as_zero_where_they_were_earned_so():
    part = part_of("a", weight=10, direction="up", value=0, target=5)
    assert (words.points(part), words.division(total_of([part]))) == (
        "0.00",
        "0.00 points ÷ 10 measured × 100 = 0.0.",
    )


def test_nothing_measured_is_no_total_and_no_zero():
    total = total_of([part_of("a", weight=100, direction="up", value=None, target=10)])
    assert (total.score, total.measured) == (None, 0)


def test_a_weight_of_zero_is_no_part_of_the_total():
    assert total_of([part_of("a", weight=0, direction="up", value=1, target=1)]).parts == ()


values = st.none() | st.floats(-1e6, 1e6)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 50), values, values, st.sampled_from(["up", "down", "band"])), max_size=8
    )
)
def test_a_score_lies_between_0_and_120(rows: list[tuple[int, float | None, float | None, str]]):
    total = total_of(
        part_of(str(place), weight=weight, direction=direction, value=value, target=target)
        for place, (weight, value, target, direction) in enumerate(rows)
    )
    assert total.measured + sum(part.weight for part in total.left_out) == sum(row[0] for row in rows)
    assert total.score is None or -1e-9 <= total.score <= 120 + 1e-9

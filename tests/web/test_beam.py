"""Where the marks of a beam lie, by hand and by property."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steelyard.web.beam import APART, place
from steelyard.web.beams import beam_row

amounts = st.floats(min_value=-1e9, max_value=1e9, allow_nan=False)
targets = st.floats(min_value=1e-3, max_value=1e9)
shares = st.floats(min_value=0, max_value=1.3)  # of a target: all of it on the beam
gaps = st.floats(min_value=-0.2, max_value=0.2)
directions = st.sampled_from(["up", "down"])


def test_the_notch_stands_at_three_quarters_and_zero_at_the_left() -> None:
    laid_out = place(50, target=100, before=0)
    assert (laid_out.weight, laid_out.notches, laid_out.ring) == (37.5, (75.0,), 0.0)


def test_lower_is_better_runs_reversed() -> None:
    laid_out = place(52, target=45, direction="down")
    assert laid_out.is_reversed
    assert laid_out.weight < 75
    assert laid_out.judgement == "worse"


@pytest.mark.parametrize(("actual", "side"), [(3120, "right"), (-5, "left"), (1200, "")])
def test_off_the_scale_ends_in_an_arrow(actual: float, side: str) -> None:
    assert place(actual, target=1200).off_scale == side


def test_a_zero_or_negative_target_is_measured_from_the_middle() -> None:
    for target in (0, -0.05):
        laid_out = place(0.02, target=target, before=-0.1)
        assert laid_out.form == "near-zero"
        assert laid_out.notches == (50.0,)
        assert laid_out.weight > 50


def test_a_range_is_good_inside_and_worse_on_either_side() -> None:
    judged = [place(value, target=(0.75, 0.9), direction="band").judgement for value in (0.7, 0.8, 0.97)]
    assert judged == ["worse", "on-target", "worse"]


def test_without_a_target_nothing_is_judged() -> None:
    laid_out = place(412, before=398, limits=(350, 460))
    assert (laid_out.judgement, laid_out.notches) == ("no-target", ())


def test_a_missing_value_is_not_zero() -> None:
    laid_out = place(None, target=100, limits=(90, 110))
    assert (laid_out.weight, laid_out.judgement) == (None, "missing")


def test_inside_the_natural_limits_is_no_signal_unless_one_was_found() -> None:
    assert place(0.58, target=0.63, limits=(0.5, 0.7)).judgement == "usual"
    assert place(0.58, target=0.63, limits=(0.5, 0.7), is_signal=True).judgement == "worse"


def test_a_signal_the_other_way_is_not_called_usual() -> None:
    asked: dict[str, Any] = {"target": 100, "low": 50, "high": 95}
    assert beam_row("Won revenue", 90, **asked).judgement == "usual variation, no signal"
    row = beam_row("Won revenue", 90, is_contrary=True, **asked)
    assert (row.judgement, row.tone) == ("a signal, but the other way", "quiet")
    assert "a signal, but the other way" in row.sentence


def test_a_band_outside_the_beam_is_not_drawn_and_one_across_its_end_is_cut() -> None:
    assert place(90, target=100, limits=(500, 600)).band is None
    assert place(90, target=100, limits=(80, 600)).band == (60.0, 100.0)


@given(amounts, targets, amounts, directions)
def test_every_mark_lies_on_the_beam(actual: float, target: float, before: float, direction: str) -> None:
    laid_out = place(actual, target=target, before=before, direction=direction)
    marks = [mark for mark in (laid_out.weight, laid_out.ring, *laid_out.notches) if mark is not None]
    assert all(0 <= mark <= 100 for mark in marks)


@given(amounts, amounts, targets, directions)
def test_better_is_never_further_left(one: float, other: float, target: float, direction: str) -> None:
    worse, better = sorted((one, other), reverse=direction == "down")
    left = place(worse, target=target, direction=direction).weight
    assert left <= place(better, target=target, direction=direction).weight


@given(shares, targets, directions)
def test_the_judgement_agrees_with_the_side_of_the_notch(share: float, target: float, direction: str) -> None:
    laid_out = place(share * target, target=target, direction=direction)
    if abs(laid_out.weight - 75) > 0.01:
        assert laid_out.judgement == ("better" if laid_out.weight > 75 else "worse")


@given(shares, gaps, targets)
def test_marks_that_would_cover_each_other_stay_apart(share: float, gap: float, target: float) -> None:
    before = min(max(share + gap, 0), 1.3) * target
    laid_out = place(share * target, target=target, before=before)
    is_close = abs(laid_out.ring - laid_out.weight) < APART - 0.02
    assert laid_out.is_ring_raised or not is_close

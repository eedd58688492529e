"""Small charts: gaps stay gaps, the scale holds all that is drawn, lone points are seen."""

import re

from steelyard.web.spark import HEIGHT, PAD, spark


def test_a_gap_in_the_values_is_a_gap_in_the_line():
    found = spark([1.0, 2.0, None, 4.0, 5.0], bands=[None] * 5, targets=[None] * 5, signals=[False] * 5)
    assert found.line.count("M") == 2
    assert found.line.count("L") == 2


def test_the_scale_holds_limits_and_target():
    found = spark([5.0, 5.0], bands=[(0.0, 10.0)] * 2, targets=[10.0, 10.0], signals=[False, True])
    heights = [float(y) for y in re.findall(r" (-?[\d.]+)", found.band + found.target + found.line)]
    assert min(heights) == PAD
    assert max(heights) == HEIGHT - PAD
    assert found.signals == ((195.0, HEIGHT / 2),)


def test_a_point_between_two_gaps_is_a_dot():
    found = spark([None, 3.0, None, 4.0], bands=[None] * 4, targets=[None] * 4, signals=[False] * 4)
    assert len(found.dots) == 2


def test_nothing_to_draw_draws_nothing():
    assert spark([None], bands=[(0.0, 1.0)], targets=[1.0], signals=[False]).line == ""

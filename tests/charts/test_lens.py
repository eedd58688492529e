"""The charts behind a lens: whatever the rows, every figure is in the spec or in the table."""

import pytest

from steelyard.charts import lens
from steelyard.charts.wording import Wording

WORDS = Wording(
    language="en",
    description="Hours waited",
    figure=lambda value: f"{value:g} h",
    change=lambda value: f"{value:g}",
    tick=lambda value: f"{value:g}",
    labels={"row": "Step", "value": "Now", "interval": "95% interval", "mark": "Before", "also": "Reached"},
)


def texts(spec):
    """Every value that the layers of a spec hold."""
    return [row for layer in spec["layer"] for row in layer.get("data", {}).get("values", [])]


def test_a_bar_is_held_against_what_was_before():
    points = [lens.Point("Legal approval", 82.0, mark=26.0), lens.Point("Quote", 3.0, mark=4.0)]
    spec = lens.places(points, words=WORDS, has_bars=True)
    assert {row["x"] for row in texts(spec) if "y2" in row and row["x"] in (26.0, 4.0)} == {26.0, 4.0}
    table = lens.table_of(points, words=WORDS)
    assert table.columns == ("Step", "Now", "95% interval", "Before")
    assert table.rows[0] == ("Legal approval", "82 h", "–", "26 h")


def test_a_target_and_what_was_reached_stand_beside_what_was_expected():
    points = [lens.Point("East", 663.0, 500.0, 800.0, mark=1122.0, also=607.0)]
    spec = lens.places(points, words=WORDS)
    assert {500.0, 663.0, 1122.0, 607.0} <= {row.get("x") for row in texts(spec)}
    assert lens.table_of(points, words=WORDS).rows[0][-2:] == ("1122 h", "607 h")


@pytest.mark.parametrize("names", [("",), ("the team", "the others")])
def test_lines_are_told_apart_where_there_are_several(names):
    points = [lens.Point(label, 0.5, series=name) for name in names for label in ("2025-Q3", "2025-Q4")]
    spec = lens.lines(points, words=WORDS)
    assert ("strokeDash" in str(spec)) == (len(names) > 1)


def test_a_value_that_is_not_known_is_left_out_and_not_zero():
    points = [lens.Point("2025-Q3", None), lens.Point("2025-Q4", 0.5)]
    drawn = [row for row in texts(lens.lines(points, words=WORDS)) if "y" in row]
    assert {row["x"] for row in drawn} == {1}
    assert lens.table_of(points, words=WORDS).rows[0][1] == "–"

"""The map's geometry: everybody on it, from left to right, the same for the same process."""

import random
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.charts.flow import END, START, Link, Step, draw, page_svg, standing_svg
from steelyard.charts.flow.layers import layers
from steelyard.charts.flow.order import forward_order

CHAIN = {(START, 0): 1.0, (0, 1): 1.0, (1, 0): 0.2, (1, 2): 0.8, (2, END): 0.8, (0, 2): 0.1}
NAMES = ("quote", "discount approval", "合同法务审批")


def read(svg):
    return ET.fromstring(svg)  # noqa: S314  our own text


def drawing(weights=CHAIN, names=NAMES):
    links = [
        Link(a, b, f"{weight:.1f} d", weight, title=f"{a} to {b}", flow=weight)
        for (a, b), weight in weights.items()
    ]
    return draw([Step(name, "12 ×", share=0.5) for name in names], links)


def test_the_heavier_direction_is_forward():
    assert forward_order([0, 1, 2, START, END], CHAIN) == [START, 0, 1, 2, END]


def test_steps_stand_in_the_columns_of_their_order_and_what_goes_back_is_known():
    placed = layers([0, 1, 2, START, END], CHAIN)
    assert [placed.nodes[node].column for node in (START, 0, 1, 2, END)] == [0, 1, 2, 3, 4]
    assert placed.is_back((1, 0))
    assert not placed.is_back((0, 1))
    assert len(placed.way[(0, 2)]) == 1, "a long link passes the column between"


def test_all_boxes_and_labels_lie_inside_and_no_box_covers_another():
    found = drawing()
    assert len(found.boxes) == 5
    for box in found.boxes:
        assert box.x >= 0
        assert box.x + box.width <= found.width
        assert found.top <= box.y
        assert box.y + box.height <= found.top + found.height
    for arrow in found.arrows:
        assert found.top <= arrow.label_at[1] <= found.top + found.height
    assert not any(covers(one, other) for one in found.boxes for other in found.boxes if one is not other)


def covers(one, other):
    across = one.x < other.x + other.width and other.x < one.x + one.width
    return across and one.y < other.y + other.height and other.y < one.y + one.height


def test_the_same_process_in_another_order_is_the_same_picture():
    items = list(CHAIN.items())
    random.Random(3).shuffle(items)
    again = drawing(dict(items))
    assert again.boxes == drawing().boxes or {box.number: box for box in again.boxes} == {
        box.number: box for box in drawing().boxes
    }
    assert {arrow.link.ends: arrow.path for arrow in again.arrows} == {
        arrow.link.ends: arrow.path for arrow in drawing().arrows
    }


def test_a_wider_line_is_a_heavier_one():
    widths = {arrow.link.ends: arrow.width for arrow in drawing().arrows}
    assert widths[(0, 1)] > widths[(1, 2)] > widths[(1, 0)] > widths[(0, 2)]


@pytest.mark.parametrize("svg", [page_svg(drawing(), label='A "map" & more'), ""])
def test_the_svg_can_be_read_and_has_no_style_of_its_own_on_a_page(svg):
    text = svg or standing_svg(drawing(), label="A map", language="zh-hans")
    root = read(text)
    words = "".join(root.itertext())
    assert "discount" in words
    assert "合同法务审批" in words
    assert (" style=" not in text and "<style>" not in text) == bool(svg)


def test_text_of_users_cannot_become_markup():
    text = page_svg(drawing(names=("<script>x</script>", 'a"b', "c&d")), label="<b>")
    assert "<script>" not in text
    read(text)


def test_a_long_name_takes_two_lines_and_keeps_its_whole_in_the_title():
    long = "approval by the second director of the whole region and its partners"
    found = drawing(names=(long, "b", "c"))
    box = next(box for box in found.boxes if box.number == 0)
    assert len(box.lines) == 2
    assert box.lines[1].endswith("…")
    assert long in page_svg(found, label="x")


graphs = st.integers(1, 9).flatmap(
    lambda count: st.tuples(
        st.just(count),
        st.dictionaries(
            st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), st.floats(0, 1), max_size=25
        ),
    )
)


@settings(max_examples=60, deadline=None)
@given(graphs)
def test_any_process_can_be_drawn(graph):
    count, weights = graph
    found = drawing(weights, names=[f"step {number}" for number in range(count)])
    assert len(found.boxes) == count
    assert len(found.arrows) == len(weights)
    assert not any(covers(one, other) for one in found.boxes for other in found.boxes if one is not other)
    read(page_svg(found, label="x"))


def test_another_weight_moves_no_box():
    links = [Link(a, b, "", weight, flow=weight) for (a, b), weight in CHAIN.items()]
    others = [Link(a, b, "", 1 - weight, flow=weight) for (a, b), weight in CHAIN.items()]
    steps = [Step(name) for name in NAMES]
    assert draw(steps, links).boxes == draw(steps, others).boxes

"""Two readings compared: what stayed, appeared, went."""

from steelyard.apps.diagnose.queries.comparing import compare, key_of
from steelyard.apps.diagnose.queries.reading import Segment
from tests.apps.diagnose.readings import CENTRAL, EAST, reading


def test_segments_stay_appear_and_go():
    north = Segment({"region": "North"}, -50_000, "win_rate")
    found = compare(reading(segments=(CENTRAL, north)), reading(segments=(CENTRAL, EAST)))
    assert [(each.state, each.where) for each in found.segments] == [
        ("stayed", CENTRAL.where),
        ("appeared", EAST.where),
        ("went", north.where),
    ]
    assert found.segments[1].before is None
    assert found.segments[2].now is None


def test_the_order_of_dimensions_does_not_make_another_segment():
    assert key_of({"a": "1", "b": None}) == key_of({"b": None, "a": "1"})
    assert key_of({"a": None}) != key_of({"a": "None"})


def test_drivers_of_both_stand_beside_each_other():
    found = compare(reading(), reading(drivers=()))
    assert [(each.kpi, each.now) for each in found.drivers] == [
        ("win_rate", None),
        ("average_deal_size", None),
    ]

"""The directly-follows map against tables worked by hand, a slow reading of it, and published counts."""

from collections import Counter, defaultdict
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steelyard.engine.process import discover, log_of, variants
from steelyard.engine.process.groups import grouped, spans
from steelyard.lake.event_logs import read_event_log
from tests.engine.process.logs import hours, paths
from tests.shared import SHARED


def figures(log) -> dict[tuple[str, str], tuple[int, int, float, float, float, float]]:
    return {
        (edge.source, edge.target): (
            edge.count,
            edge.cases,
            *(getattr(edge, f"{name}_wait_s") / 3600 for name in ("median", "mean", "p90", "total")),
        )
        for edge in discover(log).edges
    }


def test_an_edge_has_its_waits():
    log = hours(("1", "a", 0), ("1", "b", 1), ("2", "a", 0), ("2", "b", 3), ("2", "a", 4), ("2", "b", 12))
    # Waits of a → b: 1, 3, 8 hours; the ninth decile lies 80 % of the way from 3 to 8.
    assert figures(log) == {
        ("a", "b"): (3, 2, 3.0, 4.0, pytest.approx(7.0), 12.0),
        ("b", "a"): (1, 1, 1.0, 1.0, 1.0, 1.0),
    }


def test_with_starts_a_wait_ends_at_the_start_and_overlaps_wait_for_nothing():
    log = hours(("1", "a", 0, 2), ("1", "b", 5, 6), ("1", "c", 5.5, 9), ("1", "d", None, 10))
    assert figures(log) == {
        ("a", "b"): (1, 1, 3.0, 3.0, 3.0, 3.0),
        ("b", "c"): (1, 1, 0.0, 0.0, 0.0, 0.0),
        ("c", "d"): (1, 1, 1.0, 1.0, 1.0, 1.0),
    }


def test_edges_go_by_start_and_variants_by_finish():
    log = hours(("1", "long", 0, 9), ("1", "short", 1, 2))
    found = discover(log)
    assert [(edge.source, edge.target) for edge in found.edges] == [("long", "short")]
    assert (found.starts, found.ends) == ({"short": 1}, {"long": 1})
    assert variants(log)[0].path == ("short", "long")


def test_work_time_is_from_start_to_finish_where_there_is_a_start():
    log = hours(("1", "a", 0, 2), ("1", "b", None, 3), ("2", "a", 4, 8), ("2", "a", 9, 8))
    found = {line.activity: line for line in discover(log).activities}
    assert (found["a"].count, found["a"].cases) == (3, 2)
    assert (found["a"].median_work_s, found["a"].total_work_s) == (7200, 6 * 3600)
    assert found["a"].mean_work_s == 7200
    assert found["b"].median_work_s is None
    assert discover(paths("ab")).activities[0].total_work_s is None


def test_what_comes_most_often_comes_first_then_by_name():
    found = discover(paths("abd", "acd", "abd"))
    assert [(edge.source, edge.target) for edge in found.edges] == [
        ("a", "b"),
        ("b", "d"),
        ("a", "c"),
        ("c", "d"),
    ]
    assert [line.activity for line in found.activities] == ["a", "d", "b", "c"]
    assert (found.cases, found.events) == (3, 9)


def test_json_names_the_ends_of_an_edge_from_and_to():
    answer = discover(paths("ab")).as_json()
    assert list(answer) == ["cases", "events", "activities", "edges", "starts", "ends"]
    assert answer["edges"][0] == {
        "from": "a",
        "to": "b",
        "count": 1,
        "cases": 1,
        "median_wait_s": 3600.0,
        "mean_wait_s": 3600.0,
        "p90_wait_s": 3600.0,
        "total_wait_s": 3600.0,
    }


events = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from("abcde"), st.integers(0, 30), st.integers(0, 9)),
    min_size=1,
    max_size=60,
)


@given(events, st.booleans())
def test_the_map_is_that_of_a_slow_reading(rows: list[tuple[int, str, int, int]], timed: bool):
    rows = [(case, activity, start, start + length) for case, activity, start, length in rows]
    log = hours(*(rows if timed else [(case, activity, end) for case, activity, _, end in rows]))
    by_case = defaultdict(list)
    for case, activity, start, end in rows:
        by_case[case].append((start if timed else end, end, activity))
    waits = defaultdict(list)
    for steps in by_case.values():
        steps = sorted(sorted(steps, key=lambda step: step[1]), key=lambda step: step[:2])
        for one, other in pairwise(steps):
            waits[one[2], other[2]].append(max(0, other[0] - one[1]))
    expected = {
        ends: (len(found), np.median(found), np.mean(found), np.quantile(found, 0.9), sum(found))
        for ends, found in waits.items()
    }
    found = {ends: (count, *rest) for ends, (count, _, *rest) in figures(log).items()}
    assert found.keys() == expected.keys()
    for ends, values in expected.items():
        assert found[ends] == pytest.approx(values)


@given(st.lists(st.integers(-(2**62), 2**62), min_size=1, max_size=30), st.integers(1, 5))
def test_sums_are_exact_whatever_their_size(values: list[int], size: int):
    bounds = np.array([*range(0, len(values), size), len(values)])
    found = spans(np.array(values, np.int64), bounds).totals()
    pairs = pairwise(bounds)
    assert found == [sum(values[start:end]) / 1_000_000 for start, end in pairs]


@given(st.lists(st.integers(0, 9), min_size=1, max_size=40))
def test_groups_hold_their_rows_in_their_order(codes: list[int]):
    few = grouped(np.array(codes), groups=9)
    many = grouped(np.where(np.array(codes) == 9, 10**9, np.array(codes) * 10**8), groups=9 * 10**8)
    expected = {code: [row for row, other in enumerate(codes) if other == code] for code in set(codes) - {9}}
    for groups, scale in ((few, 1), (many, 10**8)):
        found = np.split(groups.order, groups.bounds[1:-1]) if len(groups.codes) else []
        assert {
            code // scale: rows.tolist() for code, rows in zip(groups.codes.tolist(), found, strict=True)
        } == expected


def test_many_activities_are_told_apart_too():
    ways = [[f"step {number:04}" for number in range(start, start + 3)] for start in range(0, 3000, 7)]
    log = hours(*((case, step, hour) for case, way in enumerate(ways) for hour, step in enumerate(way)))
    expected = Counter((one, other) for way in ways for one, other in pairwise(way))
    assert {ends: values[0] for ends, values in figures(log).items()} == expected


def test_the_running_example_has_its_published_counts():
    """van der Aalst, Process Mining, table 1.1: six requests for compensation."""
    path = SHARED / "process" / "running-example.xes.gz"
    if not path.exists():
        pytest.skip("the shared data are not here")
    log = log_of(read_event_log(path))
    found = discover(log)
    assert (found.cases, found.events) == (6, 42)
    assert found.starts == {"register request": 6}
    assert found.ends == {"pay compensation": 3, "reject request": 3}
    assert [way.count for way in variants(log)] == [1] * 6
    assert variants(log)[0].path[0] == "register request"
    counts = {(edge.source, edge.target): edge.count for edge in found.edges}
    assert counts["check ticket", "decide"] == 6
    assert counts["register request", "examine thoroughly"] == 1
    assert sum(counts.values()) == 36


def test_an_empty_and_a_one_event_log_have_no_edges():
    log = paths("a")
    assert (discover(log).edges, discover(log).ends) == ((), {"a": 1})
    none = log.keep(np.array([False]))
    assert discover(none).as_json() == {
        "cases": 0,
        "events": 0,
        "activities": [],
        "edges": [],
        "starts": {},
        "ends": {},
    }
    assert variants(none) == ()

"""Ways through a process: their counts, shares and times, and the happy one."""

import sys
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steelyard.engine.process import happy_path, variants
from tests.engine.process.logs import hours, paths


def test_variants_have_counts_shares_times_and_an_example():
    found = variants(hours(("2", "a", 0), ("2", "b", 4), ("1", "a", 0), ("1", "b", 2), ("3", "b", 1)))
    assert [(way.path, way.count, way.example) for way in found] == [(("a", "b"), 2, "1"), (("b",), 1, "3")]
    assert found[0].share == pytest.approx(2 / 3)
    assert (found[0].median_cycle_s, found[0].p90_cycle_s) == (3 * 3600, pytest.approx(3.8 * 3600))


@given(st.lists(st.text("abc", min_size=1, max_size=6), min_size=1, max_size=40))
def test_variants_are_counted_as_a_counter_does(ways: list[str]):
    found = variants(paths(*ways))
    assert [("".join(way.path), way.count) for way in found] == sorted(
        Counter(ways).items(), key=lambda pair: (-pair[1], tuple(pair[0]))
    )
    assert sum(way.share for way in found) == pytest.approx(1)


@pytest.mark.parametrize("bits", [0, 1, 2])
def test_sequences_with_the_same_number_are_still_told_apart(monkeypatch, bits: int):
    module = sys.modules[variants.__module__]
    numbers = module._numbers
    monkeypatch.setattr(module, "_numbers", lambda log: numbers(log) & np.uint64(2**bits - 1))
    found = variants(paths("ab", "ba", "ab", "a", "abc", "acb", "cab"))
    assert {"".join(way.path): way.count for way in found} == {
        "ab": 2,
        "ba": 1,
        "a": 1,
        "abc": 1,
        "acb": 1,
        "cab": 1,
    }


def test_the_happy_path_comes_to_a_usual_end():
    ways = ["ab"] * 8 + [f"ab{'x' * turn}c" for turn in range(1, 4) for _ in range(6)] + ["abz"]
    found = variants(paths(*ways))
    assert happy_path(found).path == ("a", "b")
    rare = variants(paths(*(["az", "az"] + ["a" + "b" * turn + "c" for turn in range(1, 60)])))
    assert rare[0].path == ("a", "z")
    assert happy_path(rare).path[-1] == "c"
    assert happy_path(()) is None

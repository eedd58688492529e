"""LMDI adds up, has no residual, and says no to zeros."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steelyard.engine.drivers import lmdi_additive, lmdi_multiplicative
from steelyard.errors import Refused

POSITIVE = st.floats(1e-3, 1e4)
TABLES = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda shape: st.tuples(
        *(
            st.lists(
                st.lists(POSITIVE, min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0]
            )
            for _ in range(2)
        )
    )
)


def named(rows):
    return dict(zip("abcd", rows, strict=False))


def total(table):
    return math.fsum(math.prod(row) for row in zip(*table.values(), strict=True))


@given(TABLES)
def test_sums_to_the_change_and_multiplies_to_the_ratio(tables):
    baseline, actual = map(named, tables)
    parts = list(lmdi_additive(baseline=baseline, actual=actual).values())
    scale = max(1.0, math.fsum(map(abs, parts)), total(actual), total(baseline))
    assert math.fsum(parts) == pytest.approx(total(actual) - total(baseline), abs=1e-9 * scale)
    indices = lmdi_multiplicative(baseline=baseline, actual=actual).values()
    assert math.prod(indices) == pytest.approx(total(actual) / total(baseline), rel=1e-9)


@given(TABLES)
def test_the_way_back_has_the_other_sign(tables):
    baseline, actual = map(named, tables)
    there = lmdi_additive(baseline=baseline, actual=actual)
    back = lmdi_additive(baseline=actual, actual=baseline)
    for name, part in there.items():
        assert part == pytest.approx(-back[name], rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("bad", [0.0, -1.0, math.inf, math.nan])
def test_what_is_not_a_positive_number_is_refused(bad):
    with pytest.raises(Refused) as refusal:
        lmdi_additive(baseline={"a": [1.0], "b": [bad]}, actual={"a": [1.0], "b": [2.0]})
    assert (refusal.value.code, refusal.value.params) == ("lmdi.non-positive", {"names": ["b"]})


def test_unequal_tables_are_refused():
    with pytest.raises(Refused, match=r"lmdi\.unequal-length"):
        lmdi_additive(baseline={"a": [1.0]}, actual={"a": [1.0, 2.0]})
    with pytest.raises(Refused, match=r"drivers\.different-factors"):
        lmdi_multiplicative(baseline={"a": [1.0]}, actual={"b": [1.0]})

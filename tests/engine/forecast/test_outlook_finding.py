"""An outlook reads its own quantiles: chances, quantiles, moments, JSON."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steelyard.engine.forecast import LEVELS, Calibration, Outlook
from steelyard.errors import Refused

FOUR = Outlook.normal(mean=40, spread=4, periods=4)


def test_four_normal_periods_give_the_published_chance() -> None:
    assert FOUR.chance(45) == pytest.approx(0.10564977366685535, abs=1e-12)
    assert FOUR.quantile(0.9) == pytest.approx(45.12620626217840, abs=1e-9)
    assert (FOUR.mean(), FOUR.spread()) == (pytest.approx(40), pytest.approx(4, rel=1e-6))
    assert (FOUR.mean(1), FOUR.spread(1)) == (pytest.approx(10), pytest.approx(2, rel=1e-6))


def test_the_tails_go_on_beyond_the_levels() -> None:
    assert FOUR.chance(52) == pytest.approx(0.5 * math.erfc(3 / math.sqrt(2)), rel=1e-6)
    assert FOUR.chance(28) == pytest.approx(1 - 0.5 * math.erfc(3 / math.sqrt(2)), rel=1e-6)


def test_no_period_left_leaves_what_is_there() -> None:
    assert (FOUR.chance(0.01, 0), FOUR.chance(0, 0), FOUR.chance(-3, 0)) == (0, 1, 1)


def test_the_unanswerable_is_refused() -> None:
    with pytest.raises(Refused, match="beyond-horizon"):
        FOUR.chance(45, 5)
    with pytest.raises(Refused, match="bad-probability"):
        FOUR.quantile(1)
    for document in ({}, {**FOUR.as_json(), "totals": [[1.0]]}, {**FOUR.as_json(), "n": "many"}):
        with pytest.raises(Refused, match="not-an-outlook"):
            Outlook.from_json(document)


def test_whole_numbers_take_the_next_one() -> None:
    """Nothing or one, evenly: a target of a half takes one, and it is reached as often as not."""
    row = np.array([[0.0 if level < 0.5 else 1.0 for level in LEVELS]])
    outlook = Outlook(LEVELS, row, row, "given", 9, floor=0.0, step=1.0)
    assert outlook.chance(0) == 1
    assert outlook.chance(0.2) == outlook.chance(1) == pytest.approx(0.5, abs=0.02)
    assert outlook.chance(2) == 0


tables = st.lists(
    st.floats(-1e6, 1e6).map(lambda value: round(value, 3)), min_size=len(LEVELS), max_size=len(LEVELS)
).map(sorted)


def outlook_from(row: list[float], floor: float | None = None) -> Outlook:
    table = np.array([row])
    return Outlook(
        LEVELS, table, table, "given", 30, season=12, calibration=Calibration(1.2, 7, "own"), floor=floor
    )


@given(tables, st.lists(st.floats(-2e6, 2e6), min_size=2, max_size=20))
def test_a_chance_never_rises_with_the_target(row: list[float], targets: list[float]) -> None:
    outlook = outlook_from(row)
    chances = [outlook.chance(target) for target in sorted(targets)]
    assert all(0 <= chance <= 1 for chance in chances)
    assert all(before >= after for before, after in pairwise(chances))


@given(tables, st.lists(st.floats(0.001, 0.999), min_size=2, max_size=10))
def test_a_quantile_never_falls(row: list[float], ps: list[float]) -> None:
    outlook = outlook_from(row, floor=-5.0)
    found = [outlook.quantile(p) for p in sorted(ps)]
    assert all(before <= after for before, after in pairwise(found))
    assert min(found) >= -5


@given(tables, st.floats(0.02, 0.98))
def test_chance_undoes_quantile(row: list[float], p: float) -> None:
    """At least p lies below the quantile, at least 1 − p at or above it."""
    outlook = outlook_from(row)
    at = outlook.quantile(p)
    step = 1e-6 * max(1.0, abs(at))
    assert outlook.chance(at - step) >= 1 - p - 1e-6
    assert outlook.chance(at + step) <= 1 - p + 0.03


@given(tables)
def test_json_gives_the_same_back(row: list[float]) -> None:
    outlook = outlook_from(row, floor=0.0)
    again = Outlook.from_json(outlook.as_json())
    assert again.as_json() == outlook.as_json()
    assert (again.calibration, again.season, again.floor) == (Calibration(1.2, 7, "own"), 12, 0.0)

"""Intervals of shares and medians against what they stand for; time on the calendars of those who worked."""

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from steelyard.engine.calendars import Calendars
from steelyard.engine.process.log import log_of
from steelyard.engine.process.shares import quantile_estimate, resampled_quantile, wilson
from steelyard.engine.process.worktime import micros_between


@given(st.integers(0, 500), st.integers(1, 500), st.sampled_from([0.9, 0.95, 0.999]))
def test_wilson_is_scipys(hits: int, more: int, confidence: float) -> None:
    expected = binomtest(hits, hits + more).proportion_ci(confidence, method="wilson")
    assert wilson(hits, hits + more, confidence=confidence) == pytest.approx(
        (expected.low, expected.high), abs=1e-12
    )


def test_nothing_seen_says_nothing() -> None:
    assert wilson(0, 0) == (0, 1)
    assert wilson(5, 5)[1] == 1
    # Near to the rule of three: 3 / 300.
    assert wilson(0, 300)[1] == pytest.approx(0.01264, abs=1e-5)


@pytest.mark.parametrize("count", [1, 2, 5, 24, 101])
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_drawn_quantiles_have_the_law_of_resampled_ones(count: int, share: float) -> None:
    values = np.sort(np.random.default_rng(2).exponential(1, count))
    drawn = resampled_quantile(values, share, runs=20_000, random=np.random.default_rng(3))
    random = np.random.default_rng(4)
    sampled = np.quantile(random.choice(values, (20_000, count)), share, axis=1)
    assert drawn.mean() == pytest.approx(sampled.mean(), rel=0.02)
    assert np.quantile(drawn, (0.05, 0.5, 0.95)) == pytest.approx(
        np.quantile(sampled, (0.05, 0.5, 0.95)), rel=0.05
    )


def test_the_interval_of_a_median_holds_it() -> None:
    found = quantile_estimate([3, 1, 2], 0.5, runs=500, random=np.random.default_rng(1))
    assert found.low <= found.value == 2 <= found.high


def test_each_performer_and_team_has_its_own_hours() -> None:
    calendars = Calendars.load(
        {
            "timezone": "UTC",
            "hours": {"mon-fri": ["09:00-17:00"]},
            "teams": {"NIGHT": {"hours": {"mon-fri": ["00:00-06:00"]}}},
            "performers": {"Marcus": {"hours": {"mon-fri": ["10:00-12:00"]}}},
        }
    )
    monday, tuesday = datetime(2024, 6, 3, tzinfo=UTC), datetime(2024, 6, 4, tzinfo=UTC)
    log = log_of(
        pa.table(
            {
                "case_id": ["1", "2", "3", "4"],
                "activity": ["work"] * 4,
                "started_at": [monday] * 4,
                "finished_at": [tuesday] * 4,
                "performer": ["Ann", "Marcus", "Nia", "Marcus"],
                "team": ["DAY", "DAY", "NIGHT", "NIGHT"],
            }
        )
    )
    assert log.started is not None
    worked = micros_between(log, np.arange(4), log.started, log.finished, calendars=calendars)
    assert (worked / 3_600_000_000).tolist() == [8, 2, 6, 2]
    assert (
        micros_between(log, np.arange(4), log.started, log.finished, calendars=None) / 3_600_000_000
    ).tolist() == [24] * 4

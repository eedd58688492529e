"""On series that did not choose the constants: totals are covered as promised, in little time."""

import csv
import gzip
import time

import numpy as np
import pytest

from steelyard.engine.forecast import outlook_of
from tests.shared import SHARED

M3 = SHARED / "stats" / "m3_monthly_long.csv.gz"
pytestmark = pytest.mark.skipif(not M3.exists(), reason=f"{M3} is not there")


def held_out(every: int) -> list[tuple[list[float], list[float]]]:
    """Return history and the year after it of each `every`-th series of the half that chose nothing."""
    found: dict[str, tuple[list[float], list[float]]] = {}
    with gzip.open(M3, "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            parts = found.setdefault(row["series"], ([], []))
            parts[row["split"] != "train"].append(float(row["value"]))
    return [(past, coming[:12]) for past, coming in (found[name] for name in sorted(found)[1 :: 2 * every])]


def test_totals_are_covered_as_promised_and_fast() -> None:
    series = held_out(every=2)
    begun = time.process_time()
    outlooks = [outlook_of(past, horizon=12) for past, _coming in series]
    each = (time.process_time() - begun) / len(series)
    actual = np.array([sum(coming) for _past, coming in series])
    inside = [
        outlook.quantile(0.1) <= total <= outlook.quantile(0.9)
        for outlook, total in zip(outlooks, actual, strict=True)
    ]
    assert len(series) >= 300
    assert 0.74 <= np.mean(inside) <= 0.86
    assert each < 0.05, "3 ms on a machine of its own"


def test_chances_are_worth_what_they_say() -> None:
    series = held_out(every=3)
    given, came = [], []
    for past, coming in series:
        outlook = outlook_of(past, horizon=12)
        for factor in (0.9, 1.0, 1.1):
            given.append(outlook.chance(factor * sum(past[-12:])))
            came.append(sum(coming) >= factor * sum(past[-12:]))
    brier = np.mean((np.array(given) - np.array(came)) ** 2)
    rate = np.mean(came)
    assert brier < 0.75 * rate * (1 - rate)
    assert np.mean(given) == pytest.approx(rate, abs=0.06)

"""Sum KPIs: which kind of noise the table shows."""

import numpy as np

from steelyard.engine.localise.evidence import Counts, Kind, Relative
from steelyard.engine.localise.lattice import Floats

SMALL_COUNT = 100.0
# Amounts are sums of few where so many leaves have nothing on one side and the others stray so much.
OFTEN_NOTHING = 0.05
COARSE = 0.2


def kind_of(actual: Floats, expected: Floats) -> Kind:
    """Counts where figures are small whole numbers or sums of few deals, else a relative error."""
    if np.any(actual < 0) or np.any(expected < 0):
        return Relative(actual, expected)
    used = (actual > 0) | (expected > 0)
    if _are_small_counts(actual[used], expected[used]):
        return Counts(actual, expected, least=0.5)
    if _are_sums_of_few(actual[used], expected[used]):
        return Counts(actual, expected, least=0.0)
    return Relative(actual, expected)


def _are_small_counts(actual: Floats, expected: Floats) -> bool:
    if not len(actual) or np.any(actual != np.round(actual)):
        return False
    return bool(np.median(expected) <= SMALL_COUNT)


def _are_sums_of_few(actual: Floats, expected: Floats) -> bool:
    both = (actual > 0) & (expected > 0)
    if not len(both) or both.mean() > 1 - OFTEN_NOTHING:
        return False
    if not both.any():
        return True
    actual, expected = actual[both], expected[both]
    return bool(np.median(2 * np.abs(actual - expected) / (actual + expected)) > COARSE)

"""Sum KPIs: which kind of noise the table shows."""

import numpy as np

from steelyard.engine.localise.evidence import Counts, Kind, Relative
from steelyard.engine.localise.lattice import Floats

SMALL_COUNT = 100.0


def kind_of(actual: Floats, expected: Floats) -> Kind:
    """Counts where the figures are small whole numbers or mostly zero, else figures with a relative error."""
    if _is_counts(actual, expected):
        return Counts(actual, expected)
    return Relative(actual, expected)


def _is_counts(actual: Floats, expected: Floats) -> bool:
    if np.any(actual < 0) or np.any(expected < 0):
        return False
    used = (actual > 0) | (expected > 0)
    if not used.any():
        return False
    actual, expected = actual[used], expected[used]
    if np.all(actual == np.round(actual)):
        return bool(np.median(expected) <= SMALL_COUNT)
    one_sided = (actual == 0) | (expected == 0)
    both = ~one_sided
    if one_sided.mean() < 0.05 or not both.any():
        return bool(one_sided.mean() >= 0.05)
    deviation = 2 * np.abs(actual[both] - expected[both]) / (actual[both] + expected[both])
    return bool(np.median(deviation) > 0.2)

"""From the combinations that stand out to the answer: figures, contributions, intervals, order."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from steelyard.engine.localise.evidence import Mask
from steelyard.engine.localise.finding import Localisation, Segment
from steelyard.engine.localise.lattice import Floats
from steelyard.engine.localise.search import Found
from steelyard.engine.localise.table import Leaves

LEAST_LOG_P = -700.0


@dataclass(frozen=True, eq=False)
class Parts:
    """What each leaf adds to the gap, how far that strays by chance, and a group's actual and expected."""

    contributions: Floats
    spread: Floats
    figures: Callable[[Mask], tuple[float, float]]


def answer_of(leaves: Leaves, found: list[Found], parts: Parts, *, alpha: float) -> Localisation:
    """Segments by size of contribution, equal ones by name, and what all other leaves add."""
    left = np.ones(len(parts.contributions), dtype=bool)
    for one in found:
        left &= ~one.leaves
    reach = float(norm.isf(alpha / 2))
    segments = sorted((_segment(leaves, one, parts, reach=reach) for one in found), key=_order)
    return Localisation(
        gap=float(parts.contributions.sum()),
        segments=tuple(segments),
        rest=float(parts.contributions[left].sum()),
        verdict="found" if segments else "nothing-stands-out",
    )


def _segment(leaves: Leaves, one: Found, parts: Parts, *, reach: float) -> Segment:
    actual, expected = parts.figures(one.leaves)
    contribution = float(parts.contributions[one.leaves].sum())
    half = reach * float(np.sqrt((parts.spread[one.leaves] ** 2).sum()))
    return Segment(
        where={
            leaves.dimensions[dim]: leaves.values[dim][code]
            for dim, code in zip(one.dims, one.codes, strict=True)
        },
        actual=actual,
        expected=expected,
        contribution=contribution,
        p=float(np.exp(max(one.log_p, LEAST_LOG_P))),
        n=int(one.leaves.sum()),
        low=contribution - half,
        high=contribution + half,
    )


def _order(segment: Segment) -> tuple[float, list[tuple[str, str]]]:
    return -float(f"{abs(segment.contribution):.11e}"), sorted(segment.where.items())

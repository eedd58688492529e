"""Below which amount nothing was ever changed: the limit up to which a decision can be delegated."""

import re
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from steelyard.engine.process.approvals.effects import Effects
from steelyard.engine.process.log import EventLog
from steelyard.engine.process.shares import CONFIDENCE, wilson
from steelyard.engine.process.whatif.numbers import numbers_in

TENTHS = np.arange(0.1, 0.95, 0.1)
LEAST_KNOWN = 0.95
# What is known of a case from the start and can be a limit; an index or a count of rounds cannot.
_SIZES = re.compile(
    r"amount|price|cost|value|total|sum|budget|discount|quantity|qty|margin|volume|rate|percent"
    r"|金额|总额|价|费|款|预算|折扣|数量|毛利|额度",
    re.I,
)
LEAST_BELOW = 0.3


@dataclass(frozen=True)
class Limit:
    """A limit of a number column, and how many cases were affected below it and from it on."""

    column: str
    value: float
    below: int
    below_affected: int
    below_high: float
    above: int
    above_affected: int
    above_low: float


def limit_of(
    log: EventLog, effects: Effects, *, needless: float, columns: Collection[str] | None = None
) -> Limit | None:
    """The limit with the most cases below it that are surely affected less than `needless` often.

    All tenths of every number column are tried, so each interval is corrected for their number
    (Bonferroni), and the cases from the limit on must surely be affected more often than that.
    """
    if not len(effects.cases):
        return None
    tried = [
        (column, value, numbers)
        for column, numbers in _numbers(log, effects, columns)
        for value in _limits(numbers)
    ]
    found = [
        limit
        for column, value, numbers in tried
        if (limit := _judged(effects, column, value, numbers, needless=needless, tried=len(tried)))
    ]
    return max(found, key=lambda one: (one.below, one.column), default=None)


def _numbers(
    log: EventLog, effects: Effects, columns: Collection[str] | None
) -> list[tuple[str, npt.NDArray[np.float64]]]:
    found = []
    for column in sorted(log.attributes.column_names):
        if column not in columns if columns is not None else not _SIZES.search(column):
            continue
        numbers = numbers_in(log, column)
        if numbers is not None and np.mean(np.isfinite(numbers[effects.cases])) >= LEAST_KNOWN:
            found.append((column, numbers[effects.cases]))
    return found


def _limits(numbers: npt.NDArray[np.float64]) -> list[float]:
    """The tenths, at two digits: a limit that people can keep in mind."""
    tenths = np.quantile(numbers[np.isfinite(numbers)], TENTHS)
    return sorted({float(f"{value:.2g}") for value in tenths.tolist()})


def _judged(
    effects: Effects,
    column: str,
    value: float,
    numbers: npt.NDArray[np.float64],
    *,
    needless: float,
    tried: int,
) -> Limit | None:
    confidence = 1 - (1 - CONFIDENCE) / tried
    # A case without a number is on neither side.
    is_below, is_above = numbers < value, numbers >= value
    below, above = int(is_below.sum()), int(is_above.sum())
    affected = int(np.sum(is_below & effects.is_affected)), int(np.sum(is_above & effects.is_affected))
    high = wilson(affected[0], below, confidence=confidence)[1]
    low = wilson(affected[1], above, confidence=confidence)[0]
    if below < LEAST_BELOW * len(numbers) or high > needless or low <= needless:
        return None
    return Limit(column, value, below, affected[0], high, above, affected[1], low)

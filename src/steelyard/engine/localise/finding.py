"""What a localisation answers: disjoint segments, what is left, and a verdict."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["found", "nothing-stands-out"]


@dataclass(frozen=True)
class Segment:
    """One part of the table that strays from its expectation more than noise explains.

    `contribution` is its part of the gap, `low` and `high` its interval; `p` is corrected for the search over
    every combination; `n` counts its leaves. A leaf that lies under two of them counts in one only.
    """

    where: dict[str, str]
    actual: float
    expected: float
    contribution: float
    p: float
    n: int
    low: float
    high: float


@dataclass(frozen=True)
class Localisation:
    """Segments by size of contribution; their contributions and `rest` add up to `gap`."""

    gap: float
    segments: tuple[Segment, ...]
    rest: float
    verdict: Verdict

"""One figure for a scorecard: points for each KPI, and what share of the weights was measured.

points = weight × attainment, the attainment kept between 0 and 120 %. What cannot be scored is left out of
both the points and the weights, and named: it is never a zero. Pure arithmetic.
"""

from collections.abc import Iterable
from dataclasses import dataclass

CAP = 1.2
WHOLE = 100


@dataclass(frozen=True)
class Part:
    """One KPI's part in the total; without points the `reason` says why: see `reason_of`."""

    kpi: str
    weight: int
    value: float | None
    target: float | None
    attainment: float | None
    points: float | None
    reason: str = ""

    @property
    def is_capped(self) -> bool:
        return self.attainment is not None and self.points is not None and not 0 <= self.attainment <= CAP

    @property
    def counted(self) -> float | None:
        """The attainment as it counts."""
        return None if self.attainment is None else min(max(self.attainment, 0.0), CAP)


@dataclass(frozen=True)
class Total:
    """`score` is out of 100 over what was measured; None where nothing was."""

    parts: tuple[Part, ...]

    @property
    def scored(self) -> list[Part]:
        return [part for part in self.parts if part.points is not None]

    @property
    def left_out(self) -> list[Part]:
        return [part for part in self.parts if part.points is None]

    @property
    def measured(self) -> int:
        return sum(part.weight for part in self.scored)

    @property
    def points(self) -> float:
        return sum(part.points or 0.0 for part in self.scored)

    @property
    def score(self) -> float | None:
        return WHOLE * self.points / self.measured if self.measured else None


def total_of(parts: Iterable[Part]) -> Total:
    return Total(tuple(part for part in parts if part.weight))


def part_of(
    kpi: str,
    *,
    weight: int,
    direction: str,
    value: float | None = None,
    target: float | None = None,
    reason: str = "",
) -> Part:
    """Score one KPI; with a `reason` given it is left out for it."""
    why = reason or reason_of(value, target)
    if why or value is None or target is None:
        return Part(kpi, weight, value, target, None, None, why)
    reached = attainment(value, target, direction=direction)
    part = Part(kpi, weight, value, target, reached, 0.0)
    return Part(kpi, weight, value, target, reached, weight * (part.counted or 0.0))


def reason_of(value: float | None, target: float | None) -> str:
    """Why a KPI has no points: no value, no target, or one that nothing can be a share of."""
    if value is None:
        return "no-value"
    if target is None:
        return "no-target"
    if target == 0:
        return "zero-target"
    return "negative-target" if target < 0 else ""


def attainment(value: float, target: float, *, direction: str) -> float:
    """How much of the target was reached; a lower-is-better value is mirrored about it, as on the beam.

    Of a KPI that is best at its target, every step away counts, whichever way.
    """
    share = value / target
    if direction == "down":
        return 2.0 - share
    return 1.0 - abs(share - 1.0) if direction == "band" else share

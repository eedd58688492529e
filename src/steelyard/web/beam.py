"""Where the marks of a beam lie, in percent of its length. Pure geometry and judgement, no words.

With a positive target the scale starts at zero and the notch stands at 75, so 100 is a third above
target. Better is always to the right: a lower-is-better value is mirrored about the notch.
"""

from collections.abc import Sequence
from dataclasses import dataclass

NOTCH = 75.0
MIDDLE = 50.0
# Marks nearer than this (in percent of a beam on a phone) would cover each other.
APART = 4.0

Span = tuple[float, float]


@dataclass(frozen=True)
class Scale:
    """position = anchor + (value − base) × step; `step` is negative when the beam runs reversed."""

    base: float
    anchor: float
    step: float

    def at(self, value: float) -> float:
        return self.anchor + (value - self.base) * self.step


@dataclass(frozen=True)
class Beam:
    """`form`: target, near-zero (target zero or below), range, or no-target. None: no such mark."""

    form: str
    judgement: str  # better | worse | usual | on-target | no-target | missing
    is_reversed: bool
    weight: float | None
    off_scale: str  # "", "left" or "right": where the weight went off the beam
    notches: tuple[float, ...]
    ring: float | None
    is_ring_raised: bool
    band: Span | None
    peers: float | None = None


def place(
    actual: float | None,
    *,
    target: float | Span | None = None,
    before: float | None = None,
    peers: float | None = None,
    limits: Span | None = None,
    direction: str = "up",
    is_signal: bool = False,
) -> Beam:
    """Lay out one beam. `limits` are the natural process limits; inside them there is no signal."""
    values = [value for value in (actual, before, peers, *(limits or ())) if value is not None]
    form, scale = scale_for(values, target=target, direction=direction)
    weight = None if actual is None else scale.at(actual)
    ring = None if before is None else scale.at(before)
    others = None if peers is None else scale.at(peers)
    return Beam(
        form=form,
        judgement=judge(actual, target=target, limits=limits, direction=direction, is_signal=is_signal),
        is_reversed=scale.step < 0,
        weight=clipped(weight),
        off_scale=side(weight),
        notches=tuple(round(scale.at(edge), 2) for edge in edges(target)),
        ring=clipped(ring) if side(ring) == "" else None,
        is_ring_raised=is_near(ring, weight),
        band=band(scale, limits),
        peers=clipped(others) if side(others) == "" else None,
    )


def scale_for(values: Sequence[float], *, target: float | Span | None, direction: str) -> tuple[str, Scale]:
    sign = -1.0 if direction == "down" else 1.0
    if isinstance(target, tuple):
        low, high = target
        return "range", Scale((low + high) / 2, MIDDLE, 40.0 / ((high - low) or 1.0))
    if target is None:
        low, high = min([0.0, *values]), max([0.0, *values])
        width = (high - low) or 1.0
        return "no-target", Scale((low + high) / 2, MIDDLE, sign * 90.0 / width)
    if target > 0:
        return "target", Scale(target, NOTCH, sign * NOTCH / target)
    reach = max([abs(value - target) for value in values] + [abs(target)]) or 1.0
    return "near-zero", Scale(target, MIDDLE, sign * 45.0 / reach)


def judge(
    actual: float | None,
    *,
    target: float | Span | None,
    limits: Span | None,
    direction: str,
    is_signal: bool,
) -> str:
    """Against the target only; inside the natural limits and without a signal, the usual variation."""
    if actual is None:
        return "missing"
    if target is None:
        return "no-target"
    low, high = target if isinstance(target, tuple) else (target, target)
    if low <= actual <= high:
        return "on-target"
    if limits and limits[0] <= actual <= limits[1] and not is_signal:
        return "usual"
    if isinstance(target, tuple):
        return "worse"
    return "better" if (actual > high) == (direction != "down") else "worse"


def is_signal_of_gap(side: str | None, *, actual: float | None, target: float | None) -> bool:
    """Whether a signal lies on the side of the mean where the target does not; without a target, any does."""
    if side is None or actual is None or target is None:
        return side is not None
    return (side == "above") == (actual > target)


def edges(target: float | Span | None) -> Sequence[float]:
    if target is None:
        return ()
    return target if isinstance(target, tuple) else (target,)


def side(position: float | None) -> str:
    if position is None or 0 <= position <= 100:
        return ""
    return "left" if position < 0 else "right"


def clipped(position: float | None) -> float | None:
    return None if position is None else round(min(max(position, 0.0), 100.0), 2)


def is_near(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and abs(one - other) < APART


def band(scale: Scale, limits: Span | None) -> Span | None:
    """The part of the natural limits that lies on the beam."""
    if limits is None:
        return None
    low, high = sorted(scale.at(limit) for limit in limits)
    if high < 0 or low > 100:
        return None
    return round(max(low, 0.0), 2), round(min(high, 100.0), 2)

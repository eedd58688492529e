"""The one code that says what a diagnosis came to."""

from fractions import Fraction

from steelyard.engine.diagnosis.finding import SegmentFinding, SignalFinding, Verdict
from steelyard.engine.kpi import Row
from steelyard.engine.periods import Period


def verdict_of(
    actual: Row,
    gap: Fraction | None,
    segments: tuple[SegmentFinding, ...] | None,
    signal: SignalFinding,
    *,
    adverse: int,
    against: Period | str,
) -> Verdict:
    """Choose the code; `segments` is None where nothing could be cut."""
    if actual.exact is None:
        return "no-data"
    if gap is None:
        return "no-baseline"
    is_short = gap * adverse > 0
    if against == "target" and not is_short:
        return "on-target"
    if segments:
        return "found"
    if against == "target" and signal.status == "no-signal":
        return "below-target-no-signal"
    return "too-early" if signal.status == "too-early" and segments is None else "nothing-stands-out"

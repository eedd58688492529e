"""What a diagnosis answers: codes and numbers, and their JSON form."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

Verdict = Literal[
    "found",
    "nothing-stands-out",
    "below-target-no-signal",
    "on-target",
    "too-early",
    "no-baseline",
    "no-data",
]


@dataclass(frozen=True)
class Driver:
    """One factor of the KPI tree: what it adds to the gap, within which bounds; `target` is a driver, too."""

    kpi: str
    contribution: float
    low: float | None
    high: float | None
    actual: float | None
    baseline: float | None


@dataclass(frozen=True)
class SignalFinding:
    """Whether the period is a signal in the KPI's own history; `limits` are on the raw scale."""

    status: str
    side: str | None
    rules: tuple[str, ...]
    limits: Mapping[str, float] | None
    adjusted: str | None
    n: int


@dataclass(frozen=True)
class SegmentFinding:
    """A segment of `kpi`: actual and expected in its unit, the contribution in that of the diagnosed KPI.

    `n` counts its records in the period, `p` is corrected for all the segments that were looked at.
    """

    where: Mapping[str, str | None]
    kpi: str
    actual: float | None
    expected: float | None
    contribution: float
    low: float | None
    high: float | None
    p: float
    n: int


@dataclass(frozen=True)
class DimensionEffect:
    """What the mix of one dimension's values did to a ratio, what their rates did, and by value."""

    dimension: str
    mix: float
    rate: float
    values: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Change:
    """Since when the level is another: the first period of it, the mean before and after."""

    period: str
    before: float
    after: float
    p: float


@dataclass(frozen=True)
class Diagnosis:
    """Where a KPI stands against a baseline, which drivers and segments explain it, and since when.

    `driver` is the KPI that was cut into segments: the tree's strongest, or the KPI itself. Drivers and
    residual sum to the gap (the residual is None without a tree); segments and `rest` sum to what that
    driver contributes.
    """

    kpi: str
    period: str
    against: str
    baseline_period: str | None
    unit: str
    direction: str
    where: Mapping[str, Any]
    actual: Any
    baseline: Any
    gap: Any
    n: int
    signal: SignalFinding
    drivers: tuple[Driver, ...]
    residual: float | None
    driver: str | None
    mix_and_rate: tuple[DimensionEffect, ...]
    dimensions: tuple[str, ...]
    segments: tuple[SegmentFinding, ...]
    rest: float | None
    bright_spots: tuple[SegmentFinding, ...]
    since: Mapping[str, Change | None]
    history: tuple[Mapping[str, Any], ...]
    verdict: Verdict
    missing: tuple[Mapping[str, str], ...]
    versions: Mapping[str, int]

    def as_json(self) -> dict[str, Any]:
        """Return plain values: floats of 12 significant digits, money as text with all its digits."""
        return plain(asdict(self))


def plain(value: Any) -> Any:
    """Return plain values for JSON: floats of 12 significant digits, money as text with all its digits."""
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, Decimal):
        return format(value, "f") if value == value.quantize(Decimal("0.0001")) else float(f"{value:.11e}")
    if isinstance(value, Fraction):
        return float(f"{float(value):.11e}")
    if isinstance(value, float):
        return float(f"{value:.11e}")
    return value

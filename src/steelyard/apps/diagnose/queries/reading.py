"""A stored answer, read back: figures and codes in the shape that sentences, pages and paper ask for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from steelyard.apps.measure.queries.definitions import once_known_kpis
from steelyard.engine.kpi import Kpi
from steelyard.web import beam

Where = Mapping[str, Any]
MAINLY = 0.6
# Stands among the drivers for the distance between the target and the period that drivers are compared with.
TARGET = "target"


@dataclass(frozen=True)
class Driver:
    """What one factor adds to the gap; bounds are None where chance cannot be told."""

    kpi: str
    contribution: float
    actual: float | None = None
    baseline: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def is_noise(self) -> bool:
        """Chance alone may have made it."""
        return self.low is not None and self.high is not None and self.low <= 0 <= self.high

    @property
    def change(self) -> float:
        """Which way the factor itself went: its sign counts."""
        if self.actual is None or self.baseline is None:
            return 0.0
        return self.actual - self.baseline


@dataclass(frozen=True)
class Segment:
    """A part of the data that strays from what was expected; `kpi` is what was cut, with its two values."""

    where: Where
    contribution: float
    kpi: str = ""
    actual: float | None = None
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    n: int | None = None


@dataclass(frozen=True)
class Effect:
    """One category's part of a ratio's gap: what was done there, and how much of the whole it is."""

    category: str | None
    rate: float
    mix: float


@dataclass(frozen=True)
class Mix:
    """A ratio's gap cut by one dimension."""

    dimension: str
    rate: float
    mix: float
    categories: tuple[Effect, ...] = ()


@dataclass(frozen=True)
class Since:
    """When a level changed: the first period of the new one, the means before and after."""

    of: str
    period: str
    before: float
    after: float
    p: float | None = None


@dataclass(frozen=True)
class Missing:
    """What a fuller answer would need: a code, and the places that it names."""

    code: str
    places: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Moment:
    """One period of the KPI's past."""

    period: str
    value: float | None
    n: int = 0


@dataclass(frozen=True)
class Standing:
    """Where the KPI, or a factor of it, stood: against target, a year ago and its usual variation."""

    kpi: str
    actual: float | None
    target: float | None = None
    before: float | None = None
    low: float | None = None
    high: float | None = None
    side: str | None = None

    @property
    def is_signal_of_gap(self) -> bool:
        """A signal on the side of the mean on which the target does not lie."""
        return beam.is_signal_of_gap(self.side, actual=self.actual, target=self.target)


@dataclass(frozen=True)
class Reading:
    """One diagnosis. `baseline_period` is None against a target; `signal` is the XmR verdict of the KPI.

    `cut` is the KPI that was cut into segments: the strongest driver of the tree, or the KPI itself; the
    segments and `rest` add up to its part of the gap.
    """

    kpi: str
    period: str
    against: str  # target | previous | year-ago | period
    actual: float | None
    baseline: float | None
    baseline_period: str | None = None
    gap: float | None = None
    n: int = 0
    asked: Where = field(default_factory=dict)
    signal: str = "too-early"
    signal_side: str | None = None
    rules: tuple[str, ...] = ()
    drivers: tuple[Driver, ...] = ()
    residual: float = 0.0
    cut: str = ""
    dimensions: tuple[str, ...] = ()
    segments: tuple[Segment, ...] = ()
    rest: float | None = None
    bright_spots: tuple[Segment, ...] = ()
    mixes: tuple[Mix, ...] = ()
    since: Since | None = None
    since_segment: Since | None = None
    missing: tuple[Missing, ...] = ()
    history: tuple[Moment, ...] = ()
    standings: tuple[Standing, ...] = ()
    currency: str = "CNY"
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    verdict: str = ""

    @property
    def declared(self) -> Kpi:
        return once_known_kpis()[self.kpi]

    @property
    def unit(self) -> str:
        return self.declared.unit

    @property
    def is_target(self) -> bool:
        return self.against == TARGET

    @property
    def asked_against(self) -> str:
        """The baseline as it was asked for."""
        return self.against if self.against != "period" else str(self.baseline_period)

    @property
    def periods_known(self) -> int:
        return sum(each.value is not None for each in self.history)

    @property
    def side(self) -> int:
        """-1 below the baseline, 1 above, 0 on it or not to be told."""
        return sign(self.gap)

    @property
    def wanted(self) -> int:
        """Which way is better: 1, -1, or 0 for a KPI that is to stay within a band."""
        return {"up": 1, "down": -1}.get(self.declared.direction, 0)

    @property
    def judged(self) -> str:
        """Better or worse than the baseline, "same", or "" where the KPI itself does not say."""
        if self.side == 0:
            return "same" if self.gap is not None else ""
        return code_of(self.side * self.wanted)

    @property
    def is_signal_of_gap(self) -> bool:
        """The KPI's own past calls the period out, on the side on which the gap lies."""
        return self.signal == "signal" and (self.signal_side == "above") == (self.side > 0)

    def judged_part(self, contribution: float) -> str:
        """Whether a part of the gap pulls to the better or the worse; only a target judges."""
        return code_of(sign(contribution) * self.wanted) if self.is_target else ""

    def share(self, contribution: float) -> float | None:
        """A part's share of the whole gap; None where the gap is nothing to divide by."""
        return contribution / self.gap if self.gap else None

    @property
    def is_localised(self) -> bool:
        """Whether the data could be cut at all."""
        return bool(self.dimensions)

    @property
    def real_drivers(self) -> tuple[Driver, ...]:
        """Those that chance does not explain, the largest first."""
        return tuple(driver for driver in self.drivers if driver.contribution and not driver.is_noise)

    @property
    def with_gap(self) -> tuple[Driver, ...]:
        return tuple(each for each in self.real_drivers if each.contribution * self.side > 0)

    @property
    def against_gap(self) -> tuple[Driver, ...]:
        return tuple(each for each in self.real_drivers if each.contribution * self.side < 0)

    @cached_property
    def cut_gap(self) -> float:
        """The part of the gap that segments and rest add up to: the driver's that was cut, or all of it."""
        found = next((each.contribution for each in self.drivers if each.kpi == self.cut), None)
        return found if found is not None else (self.gap or 0.0)

    @property
    def outside_cut(self) -> float:
        """What the other drivers add: with segments and rest it makes the gap."""
        return (self.gap or 0.0) - self.cut_gap

    @property
    def is_driver_cut(self) -> bool:
        return bool(self.cut) and self.cut != self.kpi

    @property
    def main_segments(self) -> tuple[Segment, ...]:
        """Those that pull the way the gap goes, the largest first."""
        return tuple(each for each in self.segments if each.contribution * self.side > 0)

    def rest_beyond(self, shown: int) -> float:
        """What is left of the part that was cut when only the first segments are shown."""
        return (self.rest or 0.0) + sum(each.contribution for each in self.segments[shown:])


def sign(value: float | None) -> int:
    return 0 if not value else (1 if value > 0 else -1)


def code_of(side: int) -> str:
    return {1: "better", -1: "worse", 0: ""}[side]


def reading_of(result: Mapping[str, Any]) -> Reading:
    """Read a stored answer."""
    signal = result["signal"]
    since = result["since"] or {}
    against = result["against"]
    return Reading(
        kpi=result["kpi"],
        period=result["period"],
        against=against if against in ("target", "previous", "year-ago") else "period",
        actual=number(result["actual"]),
        baseline=number(result["baseline"]),
        baseline_period=result["baseline_period"],
        gap=number(result["gap"]),
        n=result["n"],
        asked=result["asked"],
        signal=signal["status"],
        signal_side=signal["side"],
        rules=tuple(signal["rules"]),
        drivers=_drivers(result["drivers"]),
        residual=number(result["residual"]) or 0.0,
        cut=result["driver"] or "",
        dimensions=tuple(result["dimensions"]),
        segments=_segments(result["segments"]),
        rest=number(result["rest"]),
        bright_spots=_segments(result["bright_spots"]),
        mixes=tuple(_mix(each) for each in result["mix_and_rate"]),
        since=_since(result["kpi"], since.get("kpi")),
        since_segment=_since("segment", since.get("segment")),
        missing=tuple(Missing(each["code"], each) for each in result["missing"]),
        history=tuple(Moment(each["period"], number(each["value"]), each["n"]) for each in result["history"]),
        standings=tuple(Standing(**each) for each in result["standings"]),
        currency=result["currency"],
        names=result["names"],
        verdict=result["verdict"],
    )


def number(value: Any) -> float | None:
    """Money is kept as text with all its digits; for words and charts a float is enough."""
    return None if value is None else float(value)


def _drivers(listed: Sequence[Mapping[str, Any]]) -> tuple[Driver, ...]:
    """By size, the target among them."""
    fields = ("actual", "baseline", "low", "high")
    drivers = [
        Driver(each["kpi"], float(each["contribution"]), *(number(each[name]) for name in fields))
        for each in listed
    ]
    return tuple(sorted(drivers, key=lambda each: (-abs(each.contribution), each.kpi)))


def _segments(listed: Sequence[Mapping[str, Any]]) -> tuple[Segment, ...]:
    return tuple(
        Segment(
            where=each["where"],
            contribution=float(each["contribution"]),
            kpi=each["kpi"],
            actual=number(each["actual"]),
            expected=number(each["expected"]),
            low=number(each["low"]),
            high=number(each["high"]),
            p=each["p"],
            n=each["n"],
        )
        for each in listed
    )


def _mix(each: Mapping[str, Any]) -> Mix:
    effects = tuple(
        Effect(value["value"], float(value["rate"]), float(value["mix"])) for value in each["values"]
    )
    return Mix(each["dimension"], float(each["rate"]), float(each["mix"]), effects)


def _since(of: str, change: Mapping[str, Any] | None) -> Since | None:
    if change is None:
        return None
    return Since(of, change["period"], float(change["before"]), float(change["after"]), change["p"])

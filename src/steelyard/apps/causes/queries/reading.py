"""A stored report of the lenses, read back: figures and codes in the shape that words and pages ask for."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from steelyard.apps.causes.models import LENSES

Params = Mapping[str, Any]
OTHER_GAP = "share.gap-is-not-to-target"
SUPPORTED, NOT_SUPPORTED, CANNOT_TELL = "supported", "not-supported", "cannot-tell"


@dataclass(frozen=True)
class Fact:
    code: str
    params: Params = field(default_factory=dict)


@dataclass(frozen=True)
class Check:
    """One thing that must be true; `verdict` is holds, fails or cannot-tell."""

    code: str
    verdict: str
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    n: int | None = None
    p: float | None = None
    params: Params = field(default_factory=dict)


@dataclass(frozen=True)
class Missing:
    code: str
    table: str = ""
    columns: tuple[str, ...] = ()
    params: Params = field(default_factory=dict)


@dataclass(frozen=True)
class Series:
    kind: str
    code: str
    rows: tuple[Params, ...] = ()


@dataclass(frozen=True)
class Place:
    """Where it was found, where it was not, and whether that is where the gap is."""

    where: Params = field(default_factory=dict)
    is_present: bool | None = None
    is_absent: bool | None = None
    elsewhere: tuple[Params, ...] = ()


@dataclass(frozen=True)
class LensReading:
    """What one lens says."""

    lens: str
    verdict: str
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    n: int = 0
    p: float | None = None
    share: float | None = None
    share_low: float | None = None
    share_high: float | None = None
    share_code: str = ""
    before: bool | None = None
    since: str = ""
    place: Place | None = None
    facts: tuple[Fact, ...] = ()
    charts: tuple[Series, ...] = ()
    checks: tuple[Check, ...] = ()
    missing: tuple[Missing, ...] = ()

    @property
    def is_supported(self) -> bool:
        return self.verdict == SUPPORTED


@dataclass(frozen=True)
class ReportReading:
    """All lenses of one gap, in the order of what explains most; a share is of the whole gap."""

    kpi: str
    lenses: tuple[LensReading, ...]
    unexplained: float | None = None
    is_adverse: bool | None = None
    is_scaled: bool = False
    currency: str = ""
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @cached_property
    def supported(self) -> tuple[LensReading, ...]:
        return tuple(each for each in self.lenses if each.is_supported)

    @cached_property
    def explaining(self) -> tuple[LensReading, ...]:
        """Those that explain this gap; a target too high explains one to the target alone."""
        return tuple(each for each in self.supported if each.share_code != OTHER_GAP)

    @property
    def untold(self) -> tuple[LensReading, ...]:
        return tuple(each for each in self.lenses if each.verdict == CANNOT_TELL)

    def lens(self, code: str) -> LensReading | None:
        return next((each for each in self.lenses if each.lens == code), None)


def report_reading(result: Mapping[str, Any], *, currency: str = "") -> ReportReading:
    """Read a stored report."""
    names = result.get("names") or {}
    found = {each["lens"]: lens_reading(each) for each in result["lenses"]}
    order = [*result["order"], *(lens for lens in LENSES if lens not in result["order"])]
    return ReportReading(
        kpi=result["kpi"],
        lenses=tuple(found[lens] for lens in order if lens in found),
        unexplained=number(result["unexplained"]),
        is_adverse=result.get("is_adverse"),
        is_scaled=bool(result.get("is_scaled")),
        currency=currency,
        names=names,
    )


def unnamed(report: ReportReading) -> ReportReading:
    """For what is passed on: people are counted, not named."""
    people = report.names.get("member", {})
    return replace(report, lenses=tuple(_unnamed(each, people) for each in report.lenses))


def _unnamed(found: LensReading, people: Mapping[str, str]) -> LensReading:
    facts = tuple(
        Fact(each.code, {name: len(held) if name == "people" else held for name, held in each.params.items()})
        for each in found.facts
    )
    charts = tuple(
        each for each in found.charts if not any(str(row.get("label")) in people for row in each.rows)
    )
    is_person = found.place is not None and "member" in found.place.where
    return replace(found, facts=facts, charts=charts, place=None if is_person else found.place)


def lens_reading(held: Mapping[str, Any]) -> LensReading:
    """One lens, out of a report or out of the test that a cause keeps."""
    figures = ("effect", "low", "high", "p", "share", "share_low", "share_high")
    return LensReading(
        lens=held["lens"],
        verdict=held["verdict"],
        **{name: number(held.get(name)) for name in figures},
        unit=held.get("unit") or "",
        n=int(held.get("n") or 0),
        share_code=held.get("share_code") or "",
        before=held.get("before"),
        since=held.get("since") or "",
        place=_place(held.get("place")),
        facts=tuple(Fact(each["code"], each.get("params") or {}) for each in held.get("facts", ())),
        charts=tuple(
            Series(each["kind"], each["code"], tuple(each["rows"])) for each in held.get("charts", ())
        ),
        checks=tuple(_check(each) for each in held.get("checks", ())),
        missing=tuple(
            Missing(each["code"], each["table"], tuple(each["columns"]), each.get("params") or {})
            for each in held.get("missing", ())
        ),
    )


def number(value: Any) -> float | None:
    """Money is kept as text with all its digits; for words and charts a float is enough."""
    return None if value is None else float(value)


def _place(held: Mapping[str, Any] | None) -> Place | None:
    if held is None:
        return None
    return Place(
        where=held.get("where") or {},
        is_present=held.get("is_present"),
        is_absent=held.get("is_absent"),
        elsewhere=tuple(held.get("elsewhere") or ()),
    )


def _check(held: Mapping[str, Any]) -> Check:
    return Check(
        code=held["code"],
        verdict=held["verdict"],
        **{name: number(held.get(name)) for name in ("effect", "low", "high", "p")},
        unit=held.get("unit") or "",
        n=held.get("n"),
        params=held.get("params") or {},
    )

"""The catalogue as people read it: every KPI, whether the data can tell it, what is missing, who uses it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone

from steelyard.apps.access.policy import authorize
from steelyard.apps.measure.models import PointSet
from steelyard.apps.measure.queries.declaring import facts_behind
from steelyard.apps.measure.queries.definitions import known, once_known_kpis
from steelyard.apps.measure.queries.points import newest_points
from steelyard.apps.measure.queries.templates import templates_on
from steelyard.engine.drivers.formula import Formula
from steelyard.engine.kpi import Kpi, catalogue, kpi_of
from steelyard.engine.kpi.expand import parts_of
from steelyard.errors import Refused

STATES = ("scorecard", "available", "lacking", "own")


@dataclass(frozen=True)
class Lack:
    """What the data lack for a KPI: a column, or ("") a whole table."""

    table: str
    column: str


@dataclass(frozen=True)
class Entry:
    """One KPI; `is_told` None while no figures were computed, `origin` shipped, changed, own or retired."""

    kpi: Kpi
    tables: tuple[str, ...]
    is_told: bool | None
    lack: Lack | None
    origin: str
    is_on_scorecard: bool = False


@dataclass(frozen=True)
class Catalogue:
    """What was asked for out of all entries; `broken` are the site's that no longer fit the rest."""

    entries: tuple[Entry, ...]
    everything: tuple[Entry, ...]
    broken: dict[str, Refused]
    has_points: bool

    @property
    def told(self) -> int:
        return sum(each.is_told is True for each in self.everything)

    @property
    def own(self) -> int:
        return sum(each.origin in ("own", "changed") for each in self.everything)

    @property
    def tables(self) -> list[str]:
        return sorted({table for each in self.everything for table in each.tables})

    @property
    def gains(self) -> list[tuple[str, int]]:
        """(table, how many KPIs lack it or a column of it), the one that opens most first."""
        lacks = [each.lack.table for each in self.everything if each.lack]
        return sorted(
            ((name, lacks.count(name)) for name in set(lacks)), key=lambda each: (-each[1], each[0])
        )


def catalogue_seen_by(
    viewer: Any, *, text: str = "", dimension: str = "", table: str = "", state: str = ""
) -> Catalogue:
    """Everybody who sees figures may read how they are made."""
    authorize(viewer, "measure.see")
    points = newest_points()
    day = points.last if points else timezone.localdate()
    first = {kpi for each in templates_on(day) for kpi in each.weights}
    everything = tuple(
        replace(entry_of(kpi, points), is_on_scorecard=kpi.id in first) for kpi in known().kpis.values()
    )
    wanted = [
        each
        for each in everything
        if matches(each.kpi, text)
        and (not dimension or each.kpi.dimension == dimension)
        and (not table or table in each.tables)
        and is_in_state(each, state)
    ]
    return Catalogue(tuple(wanted), everything, dict(known().broken), has_points=points is not None)


def entry_of(kpi: Kpi, points: PointSet | None) -> Entry:
    missing = points.missing.get(kpi.id) if points is not None else None
    return Entry(
        kpi=kpi,
        tables=tables_of(kpi),
        is_told=None if points is None else missing is None,
        lack=Lack(missing["table"], missing["column"]) if missing else None,
        origin=origin_of(kpi.id),
    )


def entry_seen(viewer: Any, kpi: str) -> Entry:
    """One KPI, also a retired one: what was computed of it is still there to be understood."""
    authorize(viewer, "measure.see")
    return entry_of(kpi_of(kpi, definitions=once_known_kpis()), newest_points())


def origin_of(kpi: str) -> str:
    if kpi not in known().kpis:
        return "retired"
    if kpi not in known().own:
        return "shipped"
    return "changed" if kpi in catalogue() else "own"


def tables_of(kpi: Kpi) -> tuple[str, ...]:
    """The tables of facts that a KPI needs, through its formula too."""
    parts = parts_of(kpi, definitions=once_known_kpis())
    return tuple(dict.fromkeys(fact for part in parts for fact in facts_behind(part.table)))


def matches(kpi: Kpi, text: str) -> bool:
    """By id, by name or by what it says, in either language."""
    asked = text.strip().casefold()
    said = [kpi.id, kpi.id.replace("_", " "), *kpi.names.values(), *kpi.note.values()]
    return not asked or any(asked in each.casefold() for each in said)


def is_in_state(entry: Entry, state: str) -> bool:
    if state == "scorecard":
        return entry.is_on_scorecard
    if state == "available":
        return entry.is_told is True
    if state == "lacking":
        return entry.lack is not None
    if state == "own":
        return entry.origin in ("own", "changed")
    return True


def made_of(kpi: Kpi) -> list[Kpi]:
    """The KPIs that its formula names."""
    return _named(kpi.formula)


def factors_of(kpi: Kpi) -> list[Kpi]:
    """The KPIs of its tree, by which a diagnosis splits a gap."""
    return _named(kpi.tree)


def used_in(kpi: Kpi) -> list[Kpi]:
    """The KPIs whose formula or tree names this one."""
    return [
        each
        for each in known().kpis.values()
        if kpi.id in _names(each.formula) or kpi.id in _names(each.tree)
    ]


def _named(text: str | None) -> list[Kpi]:
    definitions = once_known_kpis()
    return [definitions[name] for name in _names(text) if name in definitions]


def _names(text: str | None) -> Sequence[str]:
    return Formula.parse(text).names if text else ()

"""Figures straight from the facts: any cut of a KPI, and the records behind one. Scope is applied here."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

from steelyard.apps.access.policy import authorize
from steelyard.apps.data.models import Snapshot
from steelyard.apps.data.queries import facts, newest_snapshot
from steelyard.apps.measure.models import UnitKind
from steelyard.apps.measure.queries.calendar import main_grain, period_of, read_period
from steelyard.apps.measure.queries.definitions import known_kpi, known_kpis
from steelyard.apps.measure.queries.kept import kept, key_of
from steelyard.apps.measure.queries.points import default_period, newest_points
from steelyard.apps.measure.queries.staff import staff
from steelyard.apps.measure.queries.units import Reach, Unit, persons_seen_by, reach_of
from steelyard.apps.measure.queries.veil import check_small_groups
from steelyard.engine import kpi as engine
from steelyard.engine.kpi import Kpi, Row
from steelyard.engine.periods import Period
from steelyard.errors import Refused

if TYPE_CHECKING:
    from steelyard.lake.facts import Facts

Where = Mapping[str, Any]
# Columns that name a person: a cut by one of them is a cut by member under another name.
OF_PERSONS = frozenset({"member", "manager", "owner", "received_by", "performer", "person", "author", "by"})
OF_DEALS = frozenset({"customer", "name"})
BAR = "|"  # between the parts of a figure's name


@dataclass(frozen=True)
class Figures:
    """The figures of one KPI, and which snapshot they are of."""

    kpi: Kpi
    snapshot: Snapshot
    rows: tuple[Row, ...]


def kpi_seen(viewer: Any, kpi: str) -> Kpi:
    authorize(viewer, "measure.see")
    return known_kpi(kpi)


def figure_key(kpi: Kpi, unit: Unit, period: Period) -> str:
    """The name under which people talk about one figure."""
    return BAR.join((kpi.id, period.label, unit.key))


def figures(
    viewer: Any,
    kpis: Sequence[str],
    *,
    periods: Sequence[Period | str],
    by: Sequence[str] = (),
    where: Where | None = None,
) -> list[Figures]:
    """Cut KPIs by dimensions: one scan a table for all that read it; what a viewer may not see is refused."""
    authorize(viewer, "measure.see")
    known = known_kpis()
    wanted = [engine.kpi_of(name, definitions=known) for name in kpis]
    within = within_reach(viewer, by=by, where=where or {})
    wanted_periods = [read_period(each) if isinstance(each, str) else each for each in periods]
    check_small_groups(
        wanted, reach=reach_of(viewer), staff=staff(), periods=wanted_periods, by=by, where=within
    )
    snapshot = snapshot_or_refuse()

    def ask() -> list[Row]:
        with opened(snapshot) as lake:
            summary = engine.summarise(
                lake.tables,
                wanted,
                periods=wanted_periods,
                by=by,
                where=within,
                base_currency=settings.STEELYARD_CURRENCY,
                definitions=known,
            )
            return engine.judge(summary)

    rows = kept(key_of(snapshot, "figures", kpis, wanted_periods, by, within), ask, size=len)
    return [Figures(kpi, snapshot, tuple(row for row in rows if row.kpi == kpi.id)) for kpi in wanted]


def dimensions_of(viewer: Any, kpi: str) -> list[str]:
    """What a viewer may cut a KPI by; without person-level rights nothing that names a person."""
    authorize(viewer, "measure.see")
    reach = reach_of(viewer)
    snapshot = snapshot_or_refuse()

    def ask() -> list[str]:
        with opened(snapshot) as lake:
            return engine.dimensions(lake.tables, kpi, definitions=known_kpis())

    names = kept(key_of(snapshot, "dimensions", kpi), ask)
    return [name for name in names if may_cut(reach, name)]


def may_cut(reach: Reach, name: str) -> bool:
    return reach.is_company or bool(reach.led) or not names_persons(name)


def names_persons(name: str) -> bool:
    """Whether a cut by it would show figures of single persons, or of single deals, which tell of one."""
    return name in OF_PERSONS or name in OF_DEALS or name.endswith("_id")


def within_reach(viewer: Any, *, by: Sequence[str], where: Where) -> Where:
    """The conditions asked for, narrowed to what the viewer may look at."""
    reach = reach_of(viewer)
    asked = dict(where)
    if "team" in asked:
        asked["team"] = _teams_asked(reach, asked["team"])
    if reach.is_company:
        return asked
    if "member" in asked:
        _check_members(viewer, asked["member"])
        return asked
    if reach.led and _is_within(asked.get("team"), reach.led):
        return asked | {"team": asked.get("team") or sorted(reach.led)}
    # What is left is team figures of a team they do not lead: added up, never down to a person or a row.
    if any(names_persons(name) for name in by) or len(by) > 1 or set(asked) - {"team"} or not reach.teams:
        raise Refused("access.denied", 404)
    return asked | {"team": asked.get("team") or sorted(reach.teams)}


def rows_within_reach(viewer: Any, where: Where) -> Where:
    """Single rows: a leader's are all, a manager's those of the teams they lead, a member's their own."""
    reach = reach_of(viewer)
    asked = dict(where)
    if "team" in asked:
        asked["team"] = _teams_asked(reach, asked["team"])
    if reach.is_company:
        return asked
    if "member" in asked:
        _check_members(viewer, asked["member"])
        return asked
    led = [code for code in _listed(asked.get("team") or sorted(reach.led)) if code in reach.led]
    if led:
        return asked | {"team": led}
    if reach.person is None:
        raise Refused("access.denied", 404)
    return asked | {"member": reach.person}


def where_of(unit: Unit) -> dict[str, Any]:
    """The condition that a unit stands for."""
    return {} if unit.kind == UnitKind.COMPANY else {str(unit.kind): unit.code}


def snapshot_or_refuse() -> Snapshot:
    snapshot = newest_snapshot()
    if snapshot is None:
        raise Refused("measure.no-data", 409)
    return snapshot


def default_period_of(viewer: Any) -> Period:
    """The period to show when none is named: as on the pages, else by the last day of the data."""
    authorize(viewer, "measure.see")
    points = newest_points()
    if points is not None:
        return default_period(points)
    last = snapshot_or_refuse().data_to
    if last is None:
        raise Refused("measure.no-data", 409)
    return period_of(last, main_grain())


@contextmanager
def opened(snapshot: Snapshot) -> Iterator["Facts"]:
    with facts(snapshot.versions) as lake:
        yield lake


def _teams_asked(reach: Reach, teams: Any) -> Any:
    """With the teams below each; a team that is not the viewer's to see is as unknown as any."""
    listed = _listed(teams)
    codes = [code for code in listed if code is not None]
    if not reach.is_company and not (codes == listed and set(codes) <= reach.teams):
        raise Refused("access.denied", 404)
    found: list[str | None] = [*reach.with_below(codes), *([None] if None in listed else [])]
    return found[0] if len(found) == 1 else found


def _check_members(viewer: Any, members: Any) -> None:
    codes = set(_listed(members))
    if codes - set(persons_seen_by(viewer).filter(code__in=codes).values_list("code", flat=True)):
        raise Refused("access.denied", 404)


def _is_within(teams: Any, led: frozenset[str]) -> bool:
    return teams is None or set(_listed(teams)) <= led


def _listed(held: Any) -> list[Any]:
    return list(held) if isinstance(held, list | tuple | set | frozenset) else [held]

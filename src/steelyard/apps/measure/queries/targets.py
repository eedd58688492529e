"""Targets as a grid: units down, periods across, for one KPI and one year."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from ibis import _

from steelyard.apps.access.policy import authorize
from steelyard.apps.data.models import Import
from steelyard.apps.data.queries import newest_snapshot
from steelyard.apps.measure.models import UnitKind
from steelyard.apps.measure.queries.calendar import FISCAL, periods_of, read_period
from steelyard.apps.measure.queries.definitions import known_kpi
from steelyard.apps.measure.queries.figures import opened
from steelyard.apps.measure.queries.units import COMPANY, Unit
from steelyard.apps.people.models import Membership, Team
from steelyard.engine.kpi import Kpi
from steelyard.engine.periods import Period

COMPANY_CODE = "company"
# The source that typed-in targets are kept under.
TYPED = "typed in"
# The source of targets that follow goals: they are changed with the goal, not here.
FROM_GOALS = "goals"


@dataclass(frozen=True)
class Grid:
    kpi: Kpi
    grain: str
    year: int
    periods: tuple[Period, ...]
    units: tuple[Unit, ...]
    # (unit's code, period) → what was set.
    values: Mapping[tuple[str, str], float]
    from_goals: frozenset[tuple[str, str]] = frozenset()


def targets_grid(viewer: Any, *, kpi: str, year: int, grain: str) -> Grid:
    authorize(viewer, "measure.targets")
    found = known_kpi(kpi)
    whole = read_period(f"FY{year}" if grain in FISCAL else str(year))
    across = periods_of(grain, whole, whole)
    labels = [period.label for period in across]
    return Grid(
        kpi=found,
        grain=grain,
        year=year,
        periods=tuple(across),
        units=tuple(units_with_targets(whole)),
        values=given_targets(found, labels),
        from_goals=cells_from_goals(found, labels),
    )


def typed_targets(viewer: Any) -> QuerySet[Import]:
    """Imports of typed-in targets, the newest first."""
    authorize(viewer, "measure.targets")
    return Import.objects.filter(mapping__table="targets", mapping__source=TYPED)


def newest_typed(viewer: Any) -> Import | None:
    """The last typed-in targets that stand: what could be taken back."""
    return typed_targets(viewer).filter(state=Import.State.PUBLISHED).order_by("-published_at").first()


def given_targets(kpi: Kpi, labels: list[str]) -> dict[tuple[str, str], float]:
    """What the newest snapshot holds for these periods by name."""
    return {cell: float(row["value"]) for cell, row in _rows(kpi, labels, "value").items()}


def cells_from_goals(kpi: Kpi, labels: list[str]) -> frozenset[tuple[str, str]]:
    """Those of them that follow a goal."""
    ours = Import.objects.filter(mapping__table="targets", mapping__source=FROM_GOALS)
    names = set(ours.values_list("public_id", flat=True))
    if not names:
        return frozenset()
    rows = _rows(kpi, labels, "value", "_import")
    return frozenset(cell for cell, row in rows.items() if row["_import"] in names)


def _rows(kpi: Kpi, labels: list[str], *columns: str) -> dict[tuple[str, str], dict[str, Any]]:
    snapshot = newest_snapshot()
    if snapshot is None or "targets" not in snapshot.versions:
        return {}
    with opened(snapshot) as lake:
        table = lake.tables["targets"].filter(_.kpi == kpi.id, _.period.isin(labels), _.value.notnull())
        rows = table.select("unit", "period", *columns).to_pyarrow().to_pylist()
    return {(row["unit"] or COMPANY_CODE, row["period"]): row for row in rows}


def units_with_targets(whole: Period) -> list[Unit]:
    """The company, then each team with those who belong to it in the year."""
    inside = Membership.objects.filter(valid_from__lt=whole.end).exclude(valid_to__lte=whole.start)
    latest = {entry.person_id: entry for entry in inside.select_related("person").order_by("valid_from")}
    members: dict[int, list[Unit]] = {}
    for entry in sorted(latest.values(), key=lambda each: each.person.name):
        unit = Unit(UnitKind.MEMBER, entry.person.code, entry.person.name)
        members.setdefault(entry.team_id, []).append(unit)
    listed = [Unit(COMPANY.kind, COMPANY_CODE, "")]
    for team in Team.objects.all():
        listed += [Unit(UnitKind.TEAM, team.code, team.name), *members.get(team.pk, [])]
    return listed

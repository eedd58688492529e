"""What the data at hand answer already, and what each further export would add, in order of effort."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from steelyard.apps.access.policy import authorize
from steelyard.apps.measure.models import PointSet
from steelyard.apps.measure.queries.definitions import known_kpis
from steelyard.apps.measure.queries.points import newest_points
from steelyard.apps.people.models import Person, Team
from steelyard.engine.kpi import Kpi
from steelyard.engine.kpi.definitions import DIMENSIONS

# How much work it is to get a table, from an export of a system that is there to something to be set up.
# A column more in a file that is imported already is less work than any of them.
MORE_COLUMNS, EXPORT, KEPT_LIST, SET_UP = 1, 2, 3, 4
EFFORT = {
    "headcount": KEPT_LIST,
    "targets": KEPT_LIST,
    "skill_assessments": KEPT_LIST,
    "ideas": KEPT_LIST,
    "exchange_rates": KEPT_LIST,
    "survey_scores": SET_UP,
    "feedback": SET_UP,
}
# Months of history that a comparison needs.
FOR_SIGNALS, FOR_YEAR_AGO = 6, 13


@dataclass(frozen=True)
class Step:
    """One thing to add: a table, or columns of one that is there. `opens` counts on the steps before it."""

    table: str
    columns: tuple[str, ...]
    effort: int
    opens: tuple[Kpi, ...]
    # KPIs that need it, and something of a later step besides.
    helps: tuple[Kpi, ...]

    @property
    def is_new(self) -> bool:
        return self.effort != MORE_COLUMNS


@dataclass(frozen=True)
class Depth:
    """A way of comparing, and whether the data are deep enough for it."""

    code: str
    is_there: bool
    count: int = 0


@dataclass(frozen=True)
class Readiness:
    told: Mapping[str, tuple[Kpi, ...]]
    count: int
    whole: int
    depths: tuple[Depth, ...]
    steps: tuple[Step, ...]


def readiness(viewer: Any) -> Readiness:
    """Read off the newest points; without any, everything is still to come."""
    authorize(viewer, "measure.see")
    points, known = newest_points(), known_kpis()
    lacks = lacks_of(points, known)
    told = [kpi for name, kpi in known.items() if not lacks.get(name)] if points else []
    return Readiness(
        told={name: tuple(kpi for kpi in told if kpi.dimension == name) for name in DIMENSIONS},
        count=len(told),
        whole=len(known),
        depths=tuple(depths_of(points)),
        steps=tuple(steps_of(lacks, known)),
    )


def lacks_of(points: PointSet | None, known: Mapping[str, Kpi]) -> dict[str, list[tuple[str, str]]]:
    """KPI → the columns it still needs. Before the first import each needs the tables of its own parts."""
    if points is None:
        return {
            name: [(str(part.table), "") for part in kpi.parts] for name, kpi in known.items() if kpi.parts
        }
    lacks = {name: [(held["table"], held["column"])] for name, held in points.missing.items()}
    return lacks | {name: [(table, column) for table, column in held] for name, held in points.lacks.items()}


def depths_of(points: PointSet | None) -> list[Depth]:
    months = 0
    with_target = 0
    if points is not None:
        months = (points.last.year - points.first.year) * 12 + points.last.month - points.first.month + 1
        targets = points.points.filter(unit_kind="company", target__isnull=False)
        with_target = targets.order_by().values("kpi").distinct().count()
    return [
        Depth("signals", months >= FOR_SIGNALS, months),
        Depth("year-ago", months >= FOR_YEAR_AGO, months),
        Depth("targets", with_target > 0, with_target),
        Depth("teams", Team.objects.exists(), Team.objects.count()),
        Depth("members", Person.objects.exists(), Person.objects.count()),
    ]


def steps_of(lacks: Mapping[str, list[tuple[str, str]]], known: Mapping[str, Kpi]) -> list[Step]:
    """The tables to add: the least effort first, and of equal effort what opens most."""
    needs = {name: frozenset(table for table, _ in held) for name, held in lacks.items() if name in known}
    absent = {table for held in lacks.values() for table, column in held if not column}
    left = {table for tables in needs.values() for table in tables}
    had: frozenset[str] = frozenset()
    steps = []
    while left:
        chosen = min(left, key=lambda table: _order(table, needs, had, absent))
        left.remove(chosen)
        closed = [name for name, tables in needs.items() if not tables <= had]
        had |= {chosen}
        columns = dict.fromkeys(
            column for held in lacks.values() for table, column in held if table == chosen and column
        )
        steps.append(
            Step(
                table=chosen,
                columns=tuple(columns),
                effort=_effort(chosen, absent),
                opens=tuple(known[name] for name in closed if needs[name] <= had),
                helps=tuple(
                    known[name] for name in closed if chosen in needs[name] and not needs[name] <= had
                ),
            )
        )
    return steps


def _order(
    table: str, needs: Mapping[str, frozenset[str]], had: frozenset[str], absent: set[str]
) -> tuple[int, int, int, str]:
    opened = sum(table in tables and tables <= had | {table} for tables in needs.values())
    wanted = sum(table in tables for tables in needs.values())
    return (_effort(table, absent), -opened, -wanted, table)


def _effort(table: str, absent: set[str]) -> int:
    return EFFORT.get(table, EXPORT) if table in absent else MORE_COLUMNS

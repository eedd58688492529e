"""What is withheld, and why. Two rules, and neither lets a figure follow by subtraction.

People's KPIs of a unit of fewer than five people are for those with the person-level right. A KPI with a
floor has no value under it (the engine sees to that); where the whole less the teams shown would tell of
so few records, more is withheld, from everybody.
"""

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from steelyard.apps.access.policy import can
from steelyard.apps.measure.models import KpiPoint, PointSet, UnitKind
from steelyard.apps.measure.queries.calendar import period_of
from steelyard.apps.measure.queries.definitions import known_kpis
from steelyard.apps.measure.queries.kept import kept
from steelyard.apps.measure.queries.points import History, Point
from steelyard.apps.measure.queries.staff import Staff
from steelyard.apps.measure.queries.units import Reach, Unit
from steelyard.engine.kpi import Kpi
from steelyard.engine.periods import Period
from steelyard.errors import Refused

FEWEST = 5
SMALL_GROUP, UNDER_FLOOR = "small-group", "under-floor"
# (KPI, unit's key, start of the period)
Hidden = frozenset[tuple[str, str, datetime.date]]
COMPANY = "company"


@dataclass(frozen=True)
class Veil:
    """What one viewer is not shown of one unit's points."""

    unit: Unit
    hidden: Hidden
    # The fewest people there were in a period; None for a viewer with the person-level right.
    heads: Callable[[Period], int] | None

    def reason(self, kpi: Kpi, period: Period) -> str:
        """Why a figure is withheld, "" when it is not."""
        if kpi.floor is not None and (kpi.id, self.unit.key, period.start) in self.hidden:
            return UNDER_FLOOR
        if kpi.dimension == "people" and self.heads is not None and self.heads(period) < FEWEST:
            return SMALL_GROUP
        return ""

    def over(self, kpi: Kpi, history: History, *, grain: str) -> History:
        """The history with what is withheld left out; targets stay, they tell of nobody."""
        if kpi.floor is None and (kpi.dimension != "people" or self.heads is None):
            return history
        return {
            start: Point(target=point.target, target_rule=point.target_rule)
            if self.reason(kpi, period_of(start, grain))
            else point
            for start, point in history.items()
        }


def veil_of(viewer: Any, unit: Unit, points: PointSet, *, grain: str, reach: Reach, staff: Staff) -> Veil:
    heads = None if sees_persons(viewer, unit, reach=reach) else _heads_of(unit, reach, staff)
    return Veil(unit, hidden_of(points, grain, staff), heads)


def sees_persons(viewer: Any, unit: Unit, *, reach: Reach) -> bool:
    """Whether single people's figures of a unit are the viewer's to see: their own, or by right."""
    if unit.kind == UnitKind.MEMBER:
        return True  # whoever reaches a person's figures at all has that right
    if not can(viewer, "measure.see", fields={"member"}):
        return False
    return reach.is_company or unit.code in reach.led


def _heads_of(unit: Unit, reach: Reach, staff: Staff) -> Callable[[Period], int]:
    """Heads of a team; less the teams inside it that the viewer sees by themselves, if fewer are left."""
    known: dict[Period, int] = {}
    inside = sorted((staff.below.get(unit.code, frozenset()) - {unit.code}) & reach.teams)

    def count(period: Period) -> int:
        if period not in known:
            whole = staff.fewest([unit.code], period)
            rest = staff.fewest([unit.code], period, without=inside) if inside else whole
            known[period] = min(whole, rest) if rest else whole
        return known[period]

    return count


def check_small_groups(
    kpis: Iterable[Kpi],
    *,
    reach: Reach,
    staff: Staff,
    periods: Iterable[Period],
    by: Sequence[str],
    where: Mapping[str, Any],
) -> None:
    """Figures straight from the facts keep the same rule: the right, or five people.

    Who has it not sees them of whole teams only: a cut of a large group is a small one. `where` is what the
    viewer's reach has left of what was asked for.
    """
    teams = set(_listed(where.get("team"))) if "team" in where else set(reach.teams)
    has_right = reach.is_company or "member" in where or teams <= reach.led
    if has_right or not any(kpi.dimension == "people" for kpi in kpis):
        return
    if by or set(where) - {"team"}:
        raise Refused("access.denied", 404)
    if any(staff.fewest(teams, period) < FEWEST for period in periods):
        raise Refused("measure.small-group", 404)


def _listed(held: Any) -> list[Any]:
    return list(held) if isinstance(held, list | tuple | set | frozenset) else [held]


def hidden_of(points: PointSet, grain: str, staff: Staff) -> Hidden:
    """Every figure of a KPI with a floor that is withheld from everybody, of teams and the company."""
    floors = {kpi.id: kpi.floor for kpi in known_kpis().values() if kpi.floor is not None}
    if not floors:
        return frozenset()
    key = ("hidden", points.pk, str(points.computed_at), grain, tuple(sorted(floors.items())))
    return kept(key, lambda: _hidden(points, grain, floors, staff.parents))


def _hidden(
    points: PointSet, grain: str, floors: Mapping[str, int], parents: Mapping[str, str | None]
) -> Hidden:
    rows = KpiPoint.objects.filter(
        point_set=points, unit_kind__in=[UnitKind.COMPANY, UnitKind.TEAM], grain=grain, kpi__in=list(floors)
    )
    counts: dict[tuple[str, datetime.date], dict[str, int]] = {}
    told: set[tuple[str, str, datetime.date]] = set()
    for kind, code, kpi, starts, n in rows.values_list("unit_kind", "unit", "kpi", "starts", "n").order_by():
        key = Unit(kind, code).key
        counts.setdefault((kpi, starts), {})[key] = n
        told.add((kpi, key, starts))
    above = {f"team:{code}": f"team:{parent}" if parent else COMPANY for code, parent in parents.items()}
    return frozenset(
        (kpi, key, starts)
        for (kpi, starts), held in counts.items()
        for key in withheld(held, above=above, floor=floors[kpi])
        if (kpi, key, starts) in told
    )


def withheld(counts: Mapping[str, int], *, above: Mapping[str, str], floor: int) -> set[str]:
    """The units to withhold so that neither one nor what is left of a whole tells of too few records.

    `counts`: unit → records behind its figure; 0 where there are none, or so few that it has no figure.
    """
    below: dict[str, list[str]] = {}
    for unit, parent in above.items():
        below.setdefault(parent, []).append(unit)
    hidden = {unit for unit, n in counts.items() if 0 < n < floor}
    for unit in _upwards(COMPANY, below):
        if below.get(unit) and counts.get(unit) and unit not in hidden:
            _close(unit, counts, below=below, floor=floor, hidden=hidden)
    return hidden


def _upwards(unit: str, below: Mapping[str, Sequence[str]]) -> list[str]:
    """A tree from its leaves to its root."""
    return [each for child in below.get(unit, ()) for each in _upwards(child, below)] + [unit]


def _close(
    unit: str,
    counts: Mapping[str, int],
    *,
    below: Mapping[str, Sequence[str]],
    floor: int,
    hidden: set[str],
) -> None:
    """Withhold the smallest parts until the rest of a whole is of enough records; else the whole itself."""
    shown = [each for each in below[unit] if counts.get(each) and each not in hidden]
    rest = counts[unit] - sum(counts[each] for each in shown)
    for each in sorted(shown, key=lambda each: (counts[each], each)):
        if not 0 < rest < floor:
            return
        hidden |= _with_below([each], below)
        rest += counts[each]
    if 0 < rest < floor:
        hidden.add(unit)


def _with_below(units: Collection[str], below: Mapping[str, Sequence[str]]) -> set[str]:
    found = set(units)
    for unit in units:
        found |= _with_below(below.get(unit, ()), below)
    return found

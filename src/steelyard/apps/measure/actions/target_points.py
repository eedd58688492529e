"""Targets beside the points, also of periods that are still to come."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from steelyard.apps.measure.models import KpiPoint, UnitKind
from steelyard.apps.measure.queries.calendar import grains, period_of, read_period
from steelyard.apps.measure.queries.units import teams_below
from steelyard.engine import kpi as engine
from steelyard.engine.kpi import Kpi, Targets
from steelyard.engine.kpi.relations import Tables
from steelyard.engine.periods import Period
from steelyard.errors import Refused

# What a target is, and by which rule.
Target = tuple[float | None, str]
# (kind of unit, code, KPI, grain) → period → target.
TargetPoints = dict[tuple[str, str, str, str], dict[Period, Target]]
Below = Mapping[str, frozenset[str]]


def target_points(tables: Tables, kpis: Mapping[str, Kpi]) -> TargetPoints:
    """The targets of these KPIs for every unit that has one, given or summed."""
    targets = engine.read_targets(tables)
    below = teams_below((team, team, above) for team, above in targets.parents.items())
    found: TargetPoints = {}
    for name, units in targets.values.items():
        if name not in kpis:
            continue
        kpi = kpis[name]
        for kind, code in _units(units, below):
            for period in _periods_with_targets(units):
                target = _target(targets, kpi, period, kind=kind, code=code, below=below)
                if target is not None:
                    found.setdefault((kind, code, name, period.grain), {})[period] = target
    return found


def _units(units: Mapping[str, Any], below: Below) -> list[tuple[str, str]]:
    """Units with a target of their own, the company, and the teams that others sum to."""
    wanted = {_unit_of(each, below) for each in units} | {("company", "")}
    return sorted(wanted | {("team", team) for team, under in below.items() if len(under) > 1})


def _unit_of(code: str, below: Below) -> tuple[str, str]:
    if code in ("", "company"):
        return ("company", "")
    return ("team" if code in below else "member", code)


def _target(
    targets: Targets, kpi: Kpi, period: Period, *, kind: str, code: str, below: Below
) -> Target | None:
    value = _value(targets, kpi, period, kind=kind, code=code, below=below)
    if value is None:
        return None
    names = ("company", "") if kind == UnitKind.COMPANY else (code,)
    given = value in [targets.values[kpi.id].get(each, {}).get(period.label) for each in names]
    rule = KpiPoint.TargetRule.GIVEN if given else KpiPoint.TargetRule.SUMMED
    return (float(value), str(rule))


def _value(
    targets: Targets, kpi: Kpi, period: Period, *, kind: str, code: str, below: Below
) -> Decimal | None:
    """A team that counts the teams below it in its figures counts them in its target, too."""
    under = below.get(code, frozenset()) if kind == UnitKind.TEAM else frozenset()
    if len(under) < 2:
        return targets.of(kpi, period=period, unit_kind=kind, unit=code)
    return targets.of_branch(kpi, period=period, unit=code, below=under)


def _periods_with_targets(units: Mapping[str, Mapping[str, Any]]) -> list[Period]:
    """The periods that targets name, and the longer ones that they may sum to."""
    found: set[Period] = set()
    for text in {text for named in units.values() for text in named}:
        try:
            period = read_period(text)
        except Refused:
            continue  # a name that is none is the target of no period; the grid lists it
        found |= {period_of(period.start, grain) for grain in grains() if grain != "month"}
        if period.grain in grains():
            found.add(period)
    return sorted(found)

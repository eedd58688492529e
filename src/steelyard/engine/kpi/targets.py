"""Target values: of a company, a team or a member, for a KPI and a period."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from ibis import _

from steelyard.engine.kpi.catalogue import Definitions, kpi_of
from steelyard.engine.kpi.definitions import Kpi
from steelyard.engine.kpi.relations import Tables
from steelyard.engine.periods import Period
from steelyard.errors import Refused

COMPANY = ("company", "")
Stretch = tuple[date, date]


def target_for(
    tables: Tables,
    kpi: Kpi | str,
    *,
    period: Period,
    unit_kind: str = "company",
    unit: str = "",
    definitions: Definitions | None = None,
) -> Decimal | None:
    """Look up the target of a unit.

    Parameters
    ----------
    tables
        With `targets (kpi, period, unit, value)`, where there is one.
    kpi, period
        What the target is of. A target under another name of the same days counts (`FY2017-Q4` for
        `2017-Q4`); where months (or quarters) sum to the period, so do their targets.
    unit_kind, unit
        `"company"`, `"team"` or `"member"`, and the code. The company's own row has the unit
        `company` or none.

    Returns
    -------
    Decimal or None
        None where no target is set. A company without its own has the sum over its topmost teams with
        a target, if the KPI is additive.

    Raises
    ------
    Refused
        `kpi.unknown`.
    """
    found = kpi_of(kpi, definitions=definitions)
    rows = _rows(tables, found)
    units = COMPANY if unit_kind == "company" else (unit,)
    own = _of_units(rows, found, period=period, units=units)
    if own is not None or unit_kind != "company" or not found.additive:
        return own
    values = [_of_units(rows, found, period=period, units=(team,)) for team in _topmost(tables, rows)]
    given = [value for value in values if value is not None]
    return sum(given, Decimal(0)) if given else None


def _rows(tables: Tables, kpi: Kpi) -> list[dict[str, Any]]:
    if "targets" not in tables:
        return []
    targets = tables["targets"].filter(_.kpi == kpi.id, _.value.notnull()).select("period", "unit", "value")
    rows = targets.to_pyarrow().to_pylist()
    return [{**row, "unit": row["unit"] or "", "value": Decimal(str(row["value"]))} for row in rows]


def _of_units(
    rows: Iterable[Mapping[str, Any]], kpi: Kpi, *, period: Period, units: tuple[str, ...]
) -> Decimal | None:
    stretches: dict[Stretch, Decimal] = {}
    for row in rows:
        if row["unit"] in units and (of := _period(row["period"], period.fiscal_start)) is not None:
            stretches[of.start, of.end] = row["value"]
    if (period.start, period.end) in stretches:
        return stretches[period.start, period.end]
    return _tiled(stretches, period=period) if kpi.additive_over_time else None


def _period(text: str, fiscal_start: int) -> Period | None:
    """Read the period of a target; a name that is none can be the target of no period."""
    try:
        return Period.parse(text, fiscal_start)
    except Refused:
        return None


def _tiled(stretches: Mapping[Stretch, Decimal], *, period: Period) -> Decimal | None:
    """Sum the targets of shorter periods that fill this one without a gap, the longest first."""
    total, day = Decimal(0), period.start
    while day < period.end:
        fitting = [each for each in stretches if each[0] == day and each[1] <= period.end]
        if not fitting:
            return None
        longest = max(fitting)
        total += stretches[longest]
        day = longest[1]
    return total


def _topmost(tables: Tables, rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Teams with a target, none of them below another one that has."""
    if "org_teams" not in tables:
        return []
    teams = tables["org_teams"].select("team", "parent").to_pyarrow().to_pylist()
    parent = {row["team"]: row["parent"] for row in teams}
    given = {row["unit"] for row in rows} & set(parent)
    return sorted(team for team in given if not given & set(_above(team, parent)))


def _above(team: str, parent: Mapping[str, str | None]) -> list[str]:
    above: list[str] = []
    step = parent.get(team)
    while step is not None and step not in above:
        above.append(step)
        step = parent.get(step)
    return above

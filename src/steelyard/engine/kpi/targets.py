"""Target values: of a company, a team or a member, for a KPI and a period."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from ibis import _

from steelyard.engine.kpi.catalogue import Definitions, kpi_of
from steelyard.engine.kpi.definitions import Kpi
from steelyard.engine.kpi.relations import Tables
from steelyard.engine.organisation import ancestors, parents_of
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
        None where no target is set. A company without its own has the sum over its teams,
        if the KPI is additive.

    Raises
    ------
    Refused
        `kpi.unknown`.
    """
    found = kpi_of(kpi, definitions=definitions)
    return read_targets(tables).of(found, period=period, unit_kind=unit_kind, unit=unit)


@dataclass(frozen=True)
class Targets:
    """Every target of a snapshot, read once: KPI → unit → name of the period → value."""

    values: Mapping[str, Mapping[str, Mapping[str, Decimal]]]
    parents: Mapping[str, str | None]
    staffed: Mapping[str, tuple[Stretch, ...]]

    def of(self, kpi: Kpi, *, period: Period, unit_kind: str = "company", unit: str = "") -> Decimal | None:
        """Look one target up, as `target_for` does."""
        own = self.given(kpi, period=period, units=COMPANY if unit_kind == "company" else (unit,))
        if own is not None or unit_kind != "company" or not kpi.additive:
            return own
        found = [
            self.given(kpi, period=period, units=(team,)) for team in self.counted_teams(kpi, period=period)
        ]
        known = [value for value in found if value is not None]
        return sum(known, Decimal(0)) if known else None

    def of_branch(self, kpi: Kpi, *, period: Period, unit: str, below: Collection[str]) -> Decimal | None:
        """Look the target of a unit up whose figures count those of the units below it.

        Its own, where it stands for the teams below; else the sum over those of the branch that have one.
        `below` are the units of the branch, itself included.
        """
        own = self.given(kpi, period=period, units=(unit,))
        if len(below) < 2 or not kpi.additive:
            return own
        counted = set(below) & set(self.counted_teams(kpi, period=period))
        if own is not None and unit not in counted:
            return own
        found = [self.given(kpi, period=period, units=(each,)) for each in sorted(counted)]
        known = [value for value in found if value is not None]
        return sum(known, Decimal(0)) if known else None

    def given(self, kpi: Kpi, *, period: Period, units: tuple[str, ...]) -> Decimal | None:
        """Look up what was set for these units themselves, for the period or for periods that fill it."""
        stretches: dict[Stretch, Decimal] = {}
        for unit in units:
            for text, value in self.values.get(kpi.id, {}).get(unit, {}).items():
                if (of := _period(text, period.fiscal_start)) is not None:
                    stretches[of.start, of.end] = value
        if (period.start, period.end) in stretches:
            return stretches[period.start, period.end]
        return _tiled(stretches, period=period) if kpi.additive_over_time else None

    def counted_teams(self, kpi: Kpi, *, period: Period) -> list[str]:
        """Teams whose targets sum to the company's: all that have one but those that stand for others.

        A team with people of its own has a target of its own; one without, above teams with targets,
        repeats theirs.
        """
        given = set(self.values.get(kpi.id, {})) & set(self.parents)
        above = {name for team in given for name in ancestors(team, self.parents)}
        has_people = {
            team
            for team in given
            if any(start < period.end and end > period.start for start, end in self.staffed.get(team, ()))
        }
        return sorted(given - (above - has_people))


def read_targets(tables: Tables) -> Targets:
    """Read the targets of a snapshot: one small scan instead of one for each that is looked up."""
    values: dict[str, dict[str, dict[str, Decimal]]] = {}
    if "targets" in tables:
        targets = tables["targets"].filter(_.value.notnull()).select("kpi", "period", "unit", "value")
        for row in targets.to_pyarrow().to_pylist():
            units = values.setdefault(row["kpi"], {})
            units.setdefault(row["unit"] or "", {})[row["period"]] = Decimal(str(row["value"]))
    parents = parents_of(tables)
    staffed: dict[str, tuple[Stretch, ...]] = {}
    for row in _list(tables, "org_memberships", "team", "role", "valid_from", "valid_to"):
        if row["role"] != "manager":
            stretch = (row["valid_from"] or date.min, row["valid_to"] or date.max)
            staffed[row["team"]] = (*staffed.get(row["team"], ()), stretch)
    return Targets(values, parents, staffed)


def _list(tables: Tables, name: str, *columns: str) -> list[dict[str, Any]]:
    return tables[name].select(*columns).to_pyarrow().to_pylist() if name in tables else []


@lru_cache(maxsize=4096)
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

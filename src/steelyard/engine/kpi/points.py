"""KPI points: every KPI for every unit and period, from one scan per table and date."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from steelyard.engine.drivers.formula import Formula
from steelyard.engine.kpi.catalogue import Definitions, kpi_of
from steelyard.engine.kpi.definitions import Kpi, Part
from steelyard.engine.kpi.dimensions import dimensions
from steelyard.engine.kpi.expand import components_of, parts_of
from steelyard.engine.kpi.matrix import (
    Booleans,
    Floats,
    Integers,
    Matrix,
    Units,
    company,
    counting_below,
    existence,
    members,
    read_matrices,
    teams,
)
from steelyard.engine.kpi.relations import Tables
from steelyard.engine.kpi.scan import check_part
from steelyard.engine.kpi.sources import building_once, people_of, prepare, relation
from steelyard.engine.kpi.summary import Summary, summarise
from steelyard.engine.kpi.targets import Targets, read_targets
from steelyard.engine.organisation import Organisation
from steelyard.engine.periods import Grain, Period, periods
from steelyard.errors import Refused

UNITS = ("company", "team", "member")


def available(
    tables: Tables, kpis: Sequence[Kpi | str], *, definitions: Definitions | None = None
) -> tuple[list[Kpi], dict[str, Refused]]:
    """Sort KPIs into those whose tables and columns are there, and the refusals of the others by id."""
    found: list[Kpi] = []
    refused: dict[str, Refused] = {}
    tables = building_once(tables)
    for each in kpis:
        kpi = kpi_of(each, definitions=definitions)
        try:
            for part in parts_of(kpi, definitions=definitions):
                check_part(tables, part)
        except Refused as refusal:
            refused[kpi.id] = refusal
        else:
            found.append(kpi)
    return found, refused


@dataclass(frozen=True)
class Points:
    """The points of one KPI for the units of one kind; every array is periods × codes.

    `value`, `numerator` and `denominator` are NaN where there is none; `n` counts the records behind the
    value. `kept`: a unit has points from its first records on, also where it has none (0 is a value, the
    one that a chart must show), as long as it exists.
    """

    kpi: Kpi
    unit_kind: str
    codes: tuple[str, ...]
    periods: tuple[Period, ...]
    value: Floats
    numerator: Floats
    denominator: Floats
    n: Integers
    kept: Booleans


def points(
    tables: Tables,
    kpis: Sequence[Kpi | str],
    *,
    grain: Grain | Sequence[Grain],
    first: date | Period,
    last: date | Period,
    units: Sequence[str] = UNITS,
    fiscal_start: int = 1,
    base_currency: str | None = None,
    definitions: Definitions | None = None,
) -> Iterator[Points]:
    """Evaluate KPIs for the company, its teams and its members, period by period.

    Parameters
    ----------
    tables, base_currency, definitions
        As for `summarise`.
    kpis
        KPIs or ids. One whose table or columns are absent gives no points: `available` says which and why.
    grain, first, last, fiscal_start
        Which periods, as for `periods`; those of several grains are read in the same scans.
    units
        Out of `"company"`, `"team"`, `"member"`. A KPI whose table has no owner has the company only, and
        so has every KPI where nobody is known. A team counts the teams below it.

    Returns
    -------
    Iterator of Points
        One for each KPI and kind of unit.

    Raises
    ------
    Refused
        `kpi.unknown`, `kpi.missing-rate`, `period.grain`.

    Notes
    -----
    Figures are those of `judge`, as floats. Cost: one scan per table and date column for all sums and counts
    together; teams and the company are added up from the members' parts, never averaged. Medians and
    distinct counts take a scan for each KPI and kind of unit.
    """
    grains = [grain] if isinstance(grain, str) else grain
    wanted = [each for one in grains for each in periods(one, first, last, fiscal_start=fiscal_start)]
    if not wanted:
        return
    given = [kpi_of(kpi, definitions=definitions) for kpi in kpis]
    tables = prepare(tables, (part.table for kpi in given for part in parts_of(kpi, definitions=definitions)))
    found = available(tables, given, definitions=definitions)[0]
    computation = _Computation(
        tables, tuple(wanted), units=units, base_currency=base_currency, definitions=definitions
    )
    groups: dict[tuple[str, ...], list[Kpi]] = {}
    for kpi in found:
        groups.setdefault(computation.kinds_of(kpi), []).append(kpi)
    for kinds, group in groups.items():
        added = [kpi for kpi in group if _is_additive(kpi, definitions)]
        if added:
            yield from computation.added(added, kinds)
        for kpi in group:
            if kpi not in added:
                yield from computation.spread(kpi, kinds)


class _Computation:
    """What all KPIs of one call share: the units, when they existed, the targets."""

    def __init__(
        self,
        tables: Tables,
        wanted: tuple[Period, ...],
        *,
        units: Sequence[str],
        base_currency: str | None,
        definitions: Definitions | None,
    ) -> None:
        self.tables, self.periods = tables, wanted
        self.base_currency, self.definitions = base_currency, definitions
        self.people = people_of(tables)
        known = [company()]
        if self.people.is_known:
            known += [teams(self.people, tables), members(self.people)]
        self.units = {each.kind: each for each in known if each.kind in units}
        self.existed = {
            kind: existence(self.people, each, periods=wanted) for kind, each in self.units.items()
        }
        self.targets: Targets = read_targets(tables)

    def kinds_of(self, kpi: Kpi) -> tuple[str, ...]:
        """The kinds of unit that a KPI can be told of."""
        cuts = {"company", *dimensions(self.tables, kpi, definitions=self.definitions, people=self.people)}
        return tuple(kind for kind in self.units if kind in cuts)

    def added(self, kpis: Sequence[Kpi], kinds: Sequence[str]) -> Iterator[Points]:
        """KPIs of sums and counts: read by the finest unit, then added up."""
        summary = self.summary(kpis, by=[kind for kind in kinds if kind != "company"])
        matrices = self.matrices(summary, [self.units[kind] for kind in kinds])
        for kind in kinds:
            for kpi in kpis:
                yield self.judged(kpi, self.units[kind], matrices[kind])

    def spread(self, kpi: Kpi, kinds: Sequence[str]) -> Iterator[Points]:
        """A median or a distinct count of a team is none of its members': each kind is read by itself."""
        for kind in kinds:
            units = self.units[kind]
            by = [] if kind == "company" else [kind]
            summary = self.summary([kpi], by=by, people=counting_below(self.people, units))
            matrices = self.matrices(summary, [replace(units, counts=None)])
            yield self.judged(kpi, units, matrices[kind])

    def summary(
        self, kpis: Sequence[Kpi], *, by: Sequence[str], people: Organisation | None = None
    ) -> Summary:
        return summarise(
            self.tables,
            kpis,
            periods=self.periods,
            by=by,
            base_currency=self.base_currency,
            definitions=self.definitions,
            people=people or self.people,
        )

    def matrices(self, summary: Summary, kinds: Sequence[Units]) -> dict[str, dict[Part, Matrix]]:
        found: dict[str, dict[Part, Matrix]] = {units.kind: {} for units in kinds}
        for scan in summary.scans:
            for kind, read in read_matrices(scan, kinds, periods=len(self.periods)).items():
                found[kind] |= read
        return found

    def judged(self, kpi: Kpi, units: Units, parts: Mapping[Part, Matrix]) -> Points:
        components = components_of(kpi, definitions=self.definitions)
        seen = np.zeros((len(self.periods), len(units.codes)), dtype=bool)
        for part in (part for each in components for part in self.recorded(each)):
            seen |= parts[part].n > 0
        kept = self.kept(units, seen)
        made = {each.id: self.of_parts(each, units, parts, kept) for each in components}
        return made[kpi.id] if kpi.formula is None else self.of_formula(kpi, made)

    def recorded(self, kpi: Kpi) -> list[Part]:
        """The parts whose records say that a unit has the KPI at all.

        That people are there is none of their doings, and a cost that was never booked is not zero.
        """
        if kpi.denominator is not None and kpi.unit == "money" and kpi.direction == "down":
            return list(kpi.parts[:1])
        own = [part for part in kpi.parts if relation(self.tables, part.table).spans is None]
        return own or list(kpi.parts)

    def kept(self, units: Units, seen: Booleans) -> Booleans:
        """From its first records on a unit is kept in every period of the grain in which it exists."""
        if units.kind == "company":
            return np.ones_like(seen)
        kept = seen.copy()
        for grain in {period.grain for period in self.periods}:
            rows = [index for index, period in enumerate(self.periods) if period.grain == grain]
            begun = np.logical_or.accumulate(seen[rows], axis=0)
            kept[rows] |= begun & self.existed[units.kind][rows]
        return kept

    def of_parts(self, kpi: Kpi, units: Units, parts: Mapping[Part, Matrix], kept: Booleans) -> Points:
        """A KPI by its own parts: `rows.row_of`, for all units and periods at once."""
        top = parts[kpi.parts[0]]
        if kpi.denominator is None:
            empty = top.n == 0 if kpi.kind == "quantile" else np.zeros_like(kept)
            value = np.where(empty, np.nan, top.amount)
            return self.floored(kpi, units, kept, value, value, np.full_like(value, np.nan), top.n)
        below = self.measured_against(kpi, units, top, parts[kpi.denominator])
        with np.errstate(divide="ignore", invalid="ignore"):
            value = np.where(below.amount == 0, np.nan, top.amount / below.amount)
        if kpi.scale == "days":
            value = value * np.array([[period.days] for period in self.periods])
        return self.floored(kpi, units, kept, value, top.amount, below.amount, below.n)

    def floored(
        self,
        kpi: Kpi,
        units: Units,
        kept: Booleans,
        value: Floats,
        numerator: Floats,
        denominator: Floats,
        n: Integers,
    ) -> Points:
        """Below the floor there is nothing to be seen, not even how few they were."""
        if kpi.floor is not None:
            hidden = n < kpi.floor
            value, numerator, denominator = (
                np.where(hidden, np.nan, each) for each in (value, numerator, denominator)
            )
            n = np.where(hidden, 0, n)
        return Points(kpi, units.kind, units.codes, self.periods, value, numerator, denominator, n, kept)

    def measured_against(self, kpi: Kpi, units: Units, top: Matrix, below: Matrix) -> Matrix:
        """The denominator, with the target in its place where the KPI asks for one."""
        part = kpi.denominator
        if part is None or part.target is None:
            return below
        wanted = kpi_of(part.target, definitions=self.definitions)
        amount = np.full_like(below.amount, np.nan) if part.otherwise else below.amount.copy()
        n = below.n.copy()
        given = self.targets.values.get(wanted.id, {})
        for place, code in enumerate(units.codes):
            branch = self.branch(units, place)
            if units.kind != "company" and not given.keys() & branch:
                continue
            for index, period in enumerate(self.periods):
                if units.kind == "company":
                    target = self.targets.of(wanted, period=period)
                else:
                    target = self.targets.of_branch(wanted, period=period, unit=code, below=branch)
                if target is not None:
                    amount[index, place], n[index, place] = float(target), top.n[index, place]
        return Matrix(amount, n)

    def branch(self, units: Units, place: int) -> set[str]:
        """The units that one counts: itself, and of a team those below it."""
        if units.counts is None:
            return {units.codes[place]}
        return {units.codes[at] for at in np.flatnonzero(units.counts[:, place])}

    def of_formula(self, kpi: Kpi, made: Mapping[str, Points]) -> Points:
        first = next(iter(made.values()))
        n = np.minimum.reduce([each.n for each in made.values()])
        value = np.full_like(first.value, np.nan)
        defined = first.kept & ~np.any([np.isnan(each.value) for each in made.values()], axis=0)
        for place in zip(*np.nonzero(defined), strict=True):
            known = {name: float(each.value[place]) for name, each in made.items()}
            found = self.evaluated(kpi, known)
            value[place] = np.nan if found is None else found
        none = np.full_like(value, np.nan)
        return replace(first, kpi=kpi, value=value, numerator=none, denominator=none, n=n)

    def evaluated(self, kpi: Kpi, known: Mapping[str, float]) -> float | None:
        """A formula over KPIs of which some are formulas themselves."""
        formula = Formula.parse(str(kpi.formula))
        values: dict[str, float | None] = {}
        for name in formula.names:
            inner = None if name in known else kpi_of(name, definitions=self.definitions)
            values[name] = known[name] if inner is None else self.evaluated(inner, known)
        found = formula.evaluate(values)
        return None if found is None else float(found)


def _is_additive(kpi: Kpi, definitions: Definitions | None) -> bool:
    return all(part.is_additive for part in parts_of(kpi, definitions=definitions))

"""Evaluate KPIs: `summarise` builds the lazy scans, `judge` turns their few rows into figures."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from steelyard.engine import organisation
from steelyard.engine.drivers.formula import Formula
from steelyard.engine.kpi.catalogue import Definitions, kpi_of
from steelyard.engine.kpi.currency import RATE, UNRATED
from steelyard.engine.kpi.definitions import Kpi, Part
from steelyard.engine.kpi.dimensions import Where
from steelyard.engine.kpi.expand import components_of
from steelyard.engine.kpi.relations import Tables
from steelyard.engine.kpi.rows import EMPTY, Cell, Row, formula_row, row_of
from steelyard.engine.kpi.scan import PERIOD, Scan, scans
from steelyard.engine.kpi.sources import BASES, people_of
from steelyard.engine.kpi.targets import Targets, read_targets
from steelyard.engine.organisation import Organisation
from steelyard.engine.periods import Period
from steelyard.errors import Refused

Key = tuple[str | None, ...]
Cells = dict[tuple[int, Key], Cell]


@dataclass(frozen=True)
class Summary:
    """Lazy scans for some KPIs; nothing has been read yet. `table` is the only or first scan."""

    kpis: tuple[Kpi, ...]
    periods: tuple[Period, ...]
    by: tuple[str, ...]
    scans: tuple[Scan, ...]
    tables: Tables
    where: Where
    definitions: Definitions | None = None

    @property
    def table(self) -> ir.Table:
        """The lazy Ibis table of the first scan."""
        return self.scans[0].table

    @cached_property
    def bases(self) -> dict[str, str]:
        """What the relations measure by, where there is a choice: "plan", "invoice", "headcount", …"""
        names = {part.table for scan in self.scans for part in scan.parts}
        return {name: base_of(self.tables) for name, base_of in BASES.items() if name in names}

    @cached_property
    def targets(self) -> Targets:
        """The targets of the snapshot, read when first asked for."""
        return read_targets(self.tables)


def summarise(
    tables: Tables,
    kpi: Kpi | str | Sequence[Kpi | str],
    *,
    periods: Sequence[Period | str],
    by: Sequence[str] = (),
    where: Where | None = None,
    fiscal_start: int = 1,
    base_currency: str | None = None,
    definitions: Definitions | None = None,
    people: Organisation | None = None,
) -> Summary:
    """Build the scans that evaluate KPIs.

    Parameters
    ----------
    tables
        The lake's tables by name (Ibis), with the frozen `org_*` tables, `accounts`, `targets` and
        `exchange_rates` where there are any.
    kpi
        One or several KPIs or ids; those that read the same table and date share a scan.
    periods
        Periods or their names, in any order; they may overlap and leave gaps.
    by
        Dimensions to cut by at once, out of `dimensions(tables, kpi)`.
    where
        Dimension to a value, several values, or None for rows without one.
    fiscal_start
        For periods given by name.
    base_currency
        What amounts in several currencies are converted to.
    definitions, people
        The catalogue and the organisation, where they are at hand already.

    Returns
    -------
    Summary

    Raises
    ------
    Refused
        `kpi.unknown`, `kpi.missing-column` (table, column), `kpi.unknown-dimension`, `period.unreadable`,
        `kpi.no-period`.

    Notes
    -----
    Cost: one scan per table and date column; the date range and conditions on columns of the table are
    pushed into it. A fact belongs to the team of its owner on the KPI's date; one of an unknown owner
    has the team None and is never dropped.

    Examples
    --------
    >>> import ibis
    >>> from datetime import date
    >>> deals = ibis.memtable({"outcome": ["won", "lost"], "closed_on": [date(2024, 5, 6)] * 2})
    >>> [row.value for row in judge(summarise({"opportunities": deals}, "win_rate", periods=["2024-Q2"]))]
    [0.5]
    """
    given = [kpi] if isinstance(kpi, Kpi | str) else list(kpi)
    kpis = tuple(kpi_of(each, definitions=definitions) for each in given)
    wanted = tuple(Period.parse(each, fiscal_start) if isinstance(each, str) else each for each in periods)
    if not wanted:
        raise Refused("kpi.no-period")
    parts = [
        part
        for each in kpis
        for component in components_of(each, definitions=definitions)
        for part in component.parts
    ]
    built = scans(
        tables,
        dict.fromkeys(parts),
        periods=wanted,
        by=tuple(dict.fromkeys(by)),
        where=where or {},
        people=people if people is not None else _people(tables, [*by, *(where or {})]),
        base_currency=base_currency,
    )
    return Summary(kpis, wanted, tuple(dict.fromkeys(by)), tuple(built), tables, where or {}, definitions)


def judge(summary: Summary) -> list[Row]:
    """Run the scans and work the figures out.

    Parameters
    ----------
    summary
        From `summarise`.

    Returns
    -------
    list of Row
        By KPI as given, then period as given, then the values of the cut (None last). Without a cut
        there is a row for every period, with it one for every cut that has records in the period.

    Raises
    ------
    Refused
        `kpi.missing-rate` with `currency` when an amount cannot be converted.

    Notes
    -----
    A ratio is Σ numerator ÷ Σ denominator at every level, never a mean of ratios; sums of money are
    exact.
    """
    cells: dict[Part, Cells] = {}
    for scan in summary.scans:
        cells |= read(scan)
    return [row for kpi in summary.kpis for row in rows_of(summary, kpi, cells)]


def read(scan: Scan) -> dict[Part, Cells]:
    """Run one scan and sort what it found by part, period and cut."""
    found: dict[Part, Cells] = {part: {} for part in scan.parts}
    for row in read_columns(scan).to_pylist():
        key = (row[PERIOD], tuple(row[name] for name in scan.by))
        for index, part in enumerate(scan.parts):
            n = row[f"n{index}"]
            if n:
                amount = n if part.measure.kind == "count" else row[f"a{index}"] or 0
                converted = None if row.get(f"m{index}") else _converted(part, amount, row.get(RATE))
                found[part][key] = found[part].get(key, EMPTY).plus(Cell(converted, n))
    return found


def read_columns(scan: Scan) -> pa.Table:
    """Run one scan; Refused("kpi.missing-rate") where an amount cannot be converted."""
    found = scan.table.to_pyarrow()
    if UNRATED in found.column_names:
        for currency in found[UNRATED].drop_null().to_pylist():
            raise Refused("kpi.missing-rate", 409, currency=currency)
    return found


def _converted(part: Part, amount: Any, rate: float | None) -> Any:
    """Multiply money, which comes as Decimal, by the rate as it is written; counts stay."""
    if rate is None:
        return amount
    if part.measure.kind == "squares":
        return amount * rate**2
    return amount * Decimal(repr(rate)) if isinstance(amount, Decimal) else amount


def order_of(key: Key) -> tuple[tuple[bool, str], ...]:
    """Sort cuts by value, those without one last."""
    return tuple((value is None, value or "") for value in key)


def _people(tables: Tables, names: Sequence[str]) -> Organisation:
    """Read the organisation only where a dimension asks for it."""
    if not set(names) & set(organisation.DIMENSIONS):
        return organisation.read({})
    return people_of(tables)


def rows_of(summary: Summary, kpi: Kpi, cells: Mapping[Part, Cells]) -> Iterator[Row]:
    """Work the rows of one KPI out from its cells, for the cuts that were seen."""
    components = components_of(kpi, definitions=summary.definitions)
    parts = [part for component in components for part in component.parts]
    for index, period in enumerate(summary.periods):
        for key in _seen(summary, parts, cells, index=index):
            by = dict(zip(summary.by, key, strict=True))
            made = {
                component.id: _row(summary, component, cells, index=index, period=period, key=key, by=by)
                for component in components
            }
            yield made[kpi.id] if kpi.formula is None else _formula(summary, kpi, made)


def _seen(summary: Summary, parts: Sequence[Part], cells: Mapping[Part, Cells], *, index: int) -> list[Key]:
    if not summary.by:
        return [()]
    return sorted({key for part in parts for at, key in cells[part] if at == index}, key=order_of)


def _row(
    summary: Summary,
    kpi: Kpi,
    cells: Mapping[Part, Cells],
    *,
    index: int,
    period: Period,
    key: Key,
    by: Mapping[str, str | None],
) -> Row:
    found = [cells[part].get((index, key), EMPTY) for part in kpi.parts]
    denominator = found[1] if len(found) > 1 else None
    base = next((summary.bases[part.table] for part in kpi.parts if part.table in summary.bases), None)
    if kpi.denominator is not None and kpi.denominator.target is not None:
        target = _target(summary, kpi.denominator.target, period=period, by=by)
        base = "previous" if target is None else "target"
        denominator = denominator if target is None else Cell(target, found[0].n)
        if target is None and kpi.denominator.otherwise == "none":
            base, denominator = None, Cell(None, found[0].n)
    return row_of(kpi, period=period, by=by, numerator=found[0], denominator=denominator, base=base)


def _target(summary: Summary, kpi: str, *, period: Period, by: Mapping[str, str | None]) -> Decimal | None:
    """Look a target up for the company, a team or a member; other cuts have none."""
    unit = {**summary.where, **by}
    if not set(unit) <= {"team", "member"} or len(unit) > 1:
        return None
    kind, code = next(iter(unit.items()), ("company", ""))
    found = kpi_of(kpi, definitions=summary.definitions)
    if kind == "team" and isinstance(code, list | tuple):
        heads = [team for team in code if summary.targets.parents.get(team) not in code]
        if len(heads) != 1 or None in code:
            return None
        return summary.targets.of_branch(found, period=period, unit=heads[0], below=code)
    if not isinstance(code, str):
        return None
    return summary.targets.of(found, period=period, unit_kind=kind, unit=code)


def _formula(summary: Summary, kpi: Kpi, made: Mapping[str, Row]) -> Row:
    values: dict[str, Fraction | None] = {name: row.exact for name, row in made.items()}

    def value_of(name: str) -> Fraction | None:
        if name not in values:
            text = kpi_of(name, definitions=summary.definitions).formula
            formula = Formula.parse(str(text))
            values[name] = formula.evaluate({each: value_of(each) for each in formula.names})
        return values[name]

    formula = Formula.parse(str(kpi.formula))
    exact = formula.evaluate({name: value_of(name) for name in formula.names})
    return formula_row(kpi, rows=list(made.values()), exact=exact)

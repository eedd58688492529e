"""Closed opportunities by how far they came: the arrays that several lenses judge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from steelyard.engine.diagnosis.choice import candidates, distinct
from steelyard.engine.diagnosis.grid import Leaves
from steelyard.engine.kpi import dimensions, kpi_of, summarise
from steelyard.engine.kpi.relations import Tables
from steelyard.engine.kpi.summary import read_columns
from steelyard.engine.lenses.case import Case
from steelyard.engine.lenses.stages import WHOLE, last_stages
from steelyard.engine.periods import Period, periods

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]
LAST = "last_stage"
UNITS = ("member", "team", "manager")
MOST_DIMENSIONS, MOST_MONTHS = 6, 60


@dataclass(frozen=True, eq=False)
class Deals:
    """Cells of closed opportunities: `closed` and `won` are (period, cell), the rest one element a cell.

    `last` is the place in `stages` where the lost ones of the cell ended, -1 where that is not known.
    """

    periods: tuple[Period, ...]
    coded: Mapping[str, tuple[Codes, tuple[str | None, ...]]]
    stages: tuple[str, ...]
    last: Codes
    closed: Floats
    won: Floats

    def mask(self, where: Mapping[str, Any]) -> Mask:
        """Return the cells of a place; a dimension that is not there holds nothing."""
        inside = np.ones(self.closed.shape[1], dtype=bool)
        for name, held in where.items():
            wanted = list(held) if isinstance(held, list | tuple) else [held]
            codes, values = self.coded[name]
            places = [values.index(value) for value in wanted if value in values]
            inside &= np.isin(codes, places)
        return inside

    def tries(self, step: str) -> tuple[Floats, Floats]:
        """Return who passed a step and who tried, both (period, cell)."""
        if step == WHOLE:
            return self.won, self.closed
        place = self.stages.index(step)
        lost = self.closed - self.won
        passed = self.won + np.where(self.last > place, lost, 0.0)
        return passed, passed + np.where(self.last == place, lost, 0.0)

    def by(self, name: str, values: Floats, *, inside: Mask | None = None) -> Floats:
        """Add up by one dimension: (period, value)."""
        codes, known = self.coded[name]
        kept = values if inside is None else values * inside
        return np.stack([np.bincount(codes, row, minlength=len(known)) for row in kept])

    def known_share(self) -> Floats:
        """Return, by period, the share of lost opportunities of which it is known where they ended."""
        lost = self.closed - self.won
        return (lost * (self.last >= 0)).sum(axis=1) / np.maximum(lost.sum(axis=1), 1.0)


def read_deals(case: Case, when: Sequence[Period], *, by: Sequence[str]) -> Deals:
    """Read closed opportunities by dimensions and last stage, in one scan."""
    stages = case.stages
    tables: Tables = case.tables
    extra: tuple[str, ...] = ()
    if len(stages) > 1:
        facts = case.tables["opportunities"]
        ends = last_stages(case.tables)
        joined = facts.left_join(ends, facts.opportunity_id == ends["_opportunity"]).drop("_opportunity")
        tables, extra = {**case.tables, "opportunities": joined}, (LAST,)
    kpis = [kpi_of(name) for name in ("opportunities_closed", "opportunities_won")]
    summary = summarise(tables, kpis, periods=when, by=[*by, *extra], people=case.people)
    leaves = Leaves.of([(scan, read_columns(scan)) for scan in summary.scans], names=summary.by)
    closed, won = (np.stack([leaves.rows(kpi.parts[0], index) for index in range(len(when))]) for kpi in kpis)
    coded = dict(leaves.coded)
    last = np.full(closed.shape[1], -1, dtype=np.int64)
    if extra:
        codes, values = coded.pop(LAST)
        last = np.array([stages.index(value) if value in stages else -1 for value in values])[codes]
    return Deals(tuple(when), coded, stages, last, closed, won)


def months_from(first: Period, last: Period) -> list[Period]:
    """List calendar months from the first of one period to the last of another, five years at most."""
    return periods("month", first.start, last)[-MOST_MONTHS:]


def by_dimension(case: Case) -> Deals:
    """Read the period, the baseline and the time between them by every dimension worth a look, once."""
    return case.once("by-dimension", lambda: _by_dimension(case))


def by_month(case: Case) -> Deals:
    """Read the months since the usual year began by member and team, once."""
    months = months_from(case.usual, case.period)
    return case.once("by-month", lambda: read_deals(case, months, by=_units(case)))


def dimensions_of(case: Case) -> tuple[str, ...]:
    """The dimensions that `by_dimension` is cut by and that differ: no people, no teams."""
    deals, weight = by_dimension(case), by_dimension(case).closed[:2].sum(axis=0)
    named = {name: codes for name, (codes, _) in deals.coded.items() if name not in UNITS}
    return tuple(distinct(named, weight, limit=MOST_DIMENSIONS))


def between(case: Case) -> Period:
    """The time between baseline and period; where there is none, the year up to the baseline."""
    first, last = sorted((case.baseline, case.period))
    if first.end >= last.start:
        year = case.usual
        return (
            Period(year.start, case.baseline.start, "range", "between") if year.start < first.start else year
        )
    return Period(first.end, last.start, "range", "between")


def _by_dimension(case: Case) -> Deals:
    cut = kpi_of("win_rate")
    names = candidates(case.tables, cut, where={}, people=case.people)
    asked = [name for name in case.where if name not in names]
    names = [name for name in names if name not in ("manager",)]
    return read_deals(
        case,
        [case.period, case.baseline, between(case)],
        by=[*dict.fromkeys([*names, *_units(case), *asked])],
    )


def _units(case: Case) -> list[str]:
    known = dimensions(case.tables, kpi_of("win_rate"), people=case.people)
    return [name for name in ("member", "team") if name in known]

"""KPI points: every KPI for every unit and period, from one scan per table and date."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from steelyard.engine.kpi.catalogue import Definitions, kpi_of
from steelyard.engine.kpi.definitions import Kpi, Part
from steelyard.engine.kpi.expand import parts_of
from steelyard.engine.kpi.relations import Tables
from steelyard.engine.kpi.rows import EMPTY, Row
from steelyard.engine.kpi.scan import check_part
from steelyard.engine.kpi.sources import people_of, prepare
from steelyard.engine.kpi.summary import Cells, Key, Summary, order_of, read, rows_of, summarise
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
) -> Iterator[Row]:
    """Evaluate KPIs for the company, its teams and its members, period by period.

    Parameters
    ----------
    tables, base_currency, definitions
        As for `summarise`.
    kpis
        KPIs or ids. One whose table or columns are absent gives no rows: `available` says which and why.
    grain, first, last, fiscal_start
        Which periods, as for `periods`; those of several grains are read in the same scans.
    units
        Out of `"company"`, `"team"`, `"member"`. A KPI whose table has no owner has the company only.

    Returns
    -------
    Iterator of Row
        `by` is empty for the company, else `{"team": code}` or `{"member": code}`; None is everybody
        unknown. The company has a row for every period. A unit has one from its first records on, also
        where it has none (0 is a value, the one a chart must show), as long as it exists.

    Raises
    ------
    Refused
        `kpi.unknown`, `kpi.missing-rate`, `period.grain`.

    Notes
    -----
    Cost: one scan per table and date column for all sums and counts together, three for each quantile.
    Teams and the company are added up from the members' parts, never averaged.
    """
    known = people_of(tables)
    grains = [grain] if isinstance(grain, str) else grain
    wanted = [each for one in grains for each in periods(one, first, last, fiscal_start=fiscal_start)]
    if not wanted:
        return
    groups: dict[tuple[str, ...], list[Kpi]] = {}
    given = [kpi_of(kpi, definitions=definitions) for kpi in kpis]
    tables = prepare(tables, (part.table for kpi in given for part in parts_of(kpi, definitions=definitions)))
    found = available(tables, given, definitions=definitions)[0]
    for kpi in found:
        groups.setdefault(_finest(tables, kpi, units, known, definitions), []).append(kpi)
    for finest, group in groups.items():
        summary = summarise(
            tables,
            [kpi for kpi in group if _is_additive(kpi, definitions)] or group[:0],
            periods=wanted,
            by=finest,
            base_currency=base_currency,
            definitions=definitions,
            people=known,
        )
        cells = {part: each for scan in summary.scans for part, each in read(scan).items()}
        for unit in ("company", *finest):
            if unit in units:
                yield from _of_unit(summary, cells, unit=unit, people=known)
        spread = [kpi for kpi in group if not _is_additive(kpi, definitions)]
        for unit in ("company", *finest):
            if unit in units and spread:
                yield from _spread(summary, spread, unit=unit, people=known)


def _finest(
    tables: Tables,
    kpi: Kpi,
    units: Sequence[str],
    people: Organisation,
    definitions: Definitions | None,
) -> tuple[str, ...]:
    sources = [check_part(tables, part) for part in parts_of(kpi, definitions=definitions)]
    if any(source.owner is None for source in sources):
        return ()
    possible = ("team", "member") if people.is_known else ("member",)
    return tuple(unit for unit in possible if unit in units)


def _is_additive(kpi: Kpi, definitions: Definitions | None) -> bool:
    return all(part.is_additive for part in parts_of(kpi, definitions=definitions))


def _of_unit(
    summary: Summary, cells: Mapping[Part, Cells], *, unit: str, people: Organisation
) -> Iterator[Row]:
    by = () if unit == "company" else (unit,)
    places = [summary.by.index(name) for name in by]
    added = {part: _added_up(each, places) for part, each in cells.items()}
    yield from _rows(replace(summary, by=by), added, people=people)


def _spread(summary: Summary, kpis: Sequence[Kpi], *, unit: str, people: Organisation) -> Iterator[Row]:
    by = () if unit == "company" else (unit,)
    own = summarise(
        summary.tables,
        kpis,
        periods=summary.periods,
        by=by,
        definitions=summary.definitions,
        people=people,
    )
    cells = {part: each for scan in own.scans for part, each in read(scan).items()}
    yield from _rows(own, cells, people=people)


def _added_up(cells: Cells, places: Sequence[int]) -> Cells:
    added: Cells = {}
    for (index, key), cell in cells.items():
        shorter = (index, tuple(key[place] for place in places))
        added[shorter] = added.get(shorter, EMPTY).plus(cell)
    return added


def _rows(summary: Summary, cells: Mapping[Part, Cells], *, people: Organisation) -> Iterator[Row]:
    for kpi in summary.kpis:
        parts = parts_of(kpi, definitions=summary.definitions)
        keys = _kept(summary, [cells[part] for part in parts], people=people)
        yield from rows_of(summary, kpi, cells, keys=keys)


def _kept(summary: Summary, cells: Sequence[Cells], *, people: Organisation) -> dict[int, list[Key]]:
    """From its first records on a unit is kept in every period in which it exists."""
    seen = {place for each in cells for place in each}
    if not summary.by:
        return {index: [()] for index in range(len(summary.periods))}
    first: dict[tuple[str, Key], int] = {}
    for index, key in seen:
        place = (summary.periods[index].grain, key)
        first[place] = min(index, first.get(place, index))
    kept: dict[int, list[Key]] = {}
    for index, period in enumerate(summary.periods):
        there = [
            key
            for (grain, key), since in first.items()
            if grain == period.grain
            and ((index, key) in seen or (since < index and _exists(summary.by[0], key, period, people)))
        ]
        kept[index] = sorted(there, key=order_of)
    return kept


def _exists(dimension: str, key: Key, period: Period, people: Organisation) -> bool:
    if key[0] is None:
        return False
    return not people.is_known or people.existed(dimension, key[0], start=period.start, end=period.end)

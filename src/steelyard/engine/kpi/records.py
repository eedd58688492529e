"""The records behind a figure."""

import ibis.expr.types as ir

from steelyard.engine.kpi.catalogue import Definitions, kpi_of
from steelyard.engine.kpi.definitions import Kpi, Part
from steelyard.engine.kpi.dimensions import Where
from steelyard.engine.kpi.relations import Tables
from steelyard.engine.kpi.scan import Pass
from steelyard.engine.kpi.sources import people_of
from steelyard.engine.organisation import Organisation
from steelyard.engine.periods import Period
from steelyard.errors import Refused


def records(
    tables: Tables,
    kpi: Kpi | str,
    *,
    period: Period,
    where: Where | None = None,
    part: str | None = None,
    definitions: Definitions | None = None,
    people: Organisation | None = None,
) -> ir.Table:
    """Return the records that a figure was made of, to page, to filter and to export.

    Parameters
    ----------
    tables, kpi, period, where
        As for `summarise`.
    part
        `"numerator"` or `"denominator"` of a ratio; None for the records of both where they are rows of
        the same table and date, else of the numerator.
    definitions, people
        As for `summarise`.

    Returns
    -------
    ir.Table
        Lazy and unordered, with the columns of the table (or derived relation), and those of the
        dimensions asked for. A snapshot has one row per opportunity or invoice that stands, `amount`
        being what stands.

    Raises
    ------
    Refused
        `kpi.no-records` for a formula, which has none of its own; as `summarise`.
    """
    found = kpi_of(kpi, definitions=definitions)
    parts = _parts(found, part)
    known = people if people is not None else people_of(tables)
    return Pass(tables, parts, periods=[period], where=where or {}, people=known).records()


def _parts(kpi: Kpi, part: str | None) -> tuple[Part, ...]:
    if kpi.numerator is None or part not in (None, "numerator", "denominator"):
        raise Refused("kpi.no-records", 404, kpi=kpi.id)
    if part is not None:
        chosen = kpi.numerator if part == "numerator" or kpi.denominator is None else kpi.denominator
        return (chosen,)
    first, *others = kpi.parts
    same = [other for other in others if _reads_as(first, other)]
    return (first, *same)


def _reads_as(one: Part, other: Part) -> bool:
    return (one.table, one.date, one.when, one.shift) == (other.table, other.date, other.when, other.shift)

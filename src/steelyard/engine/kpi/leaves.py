"""The finest cells of a KPI over some dimensions, in two periods: what localisation searches."""

from collections.abc import Sequence

import pyarrow as pa

from steelyard.engine.kpi.catalogue import Definitions, kpi_of
from steelyard.engine.kpi.definitions import Kpi
from steelyard.engine.kpi.dimensions import Where
from steelyard.engine.kpi.relations import Tables
from steelyard.engine.kpi.rows import EMPTY
from steelyard.engine.kpi.summary import Key, order_of, read, summarise
from steelyard.engine.organisation import Organisation
from steelyard.engine.periods import Period
from steelyard.errors import Refused


def leaves(
    tables: Tables,
    kpi: Kpi | str,
    *,
    actual: Period,
    baseline: Period,
    dimensions: Sequence[str],
    where: Where | None = None,
    base_currency: str | None = None,
    definitions: Definitions | None = None,
    people: Organisation | None = None,
) -> pa.Table:
    """Cut a KPI by all dimensions at once, in both periods side by side.

    Parameters
    ----------
    tables, kpi, where, base_currency, definitions, people
        As for `summarise`; not a quantile and not a formula.
    actual, baseline
        The two periods.
    dimensions
        Names out of `dimensions(tables, kpi)`.

    Returns
    -------
    pa.Table
        One row per leaf, sorted: the dimensions (text, null where a row has none), then of a ratio
        `actual_numerator, actual_denominator, expected_numerator, expected_denominator`, else `actual,
        expected`; and `actual_n, expected_n`, the records behind.

    Raises
    ------
    Refused
        `kpi.not-additive` for a quantile, a distinct count, a formula, an attainment; as `summarise`.
    """
    found = kpi_of(kpi, definitions=definitions)
    if found.numerator is None or not all(
        part.is_additive and part.otherwise is None for part in found.parts
    ):
        raise Refused("kpi.not-additive", 409, kpi=found.id)
    summary = summarise(
        tables,
        found,
        periods=[actual, baseline],
        by=dimensions,
        where=where,
        base_currency=base_currency,
        definitions=definitions,
        people=people,
    )
    cells = {part: each for scan in summary.scans for part, each in read(scan).items()}
    keys: list[Key] = sorted({key for each in cells.values() for _, key in each}, key=order_of)
    columns: dict[str, pa.Array] = {
        name: pa.array([key[place] for key in keys], pa.string()) for place, name in enumerate(summary.by)
    }
    for index, side in enumerate(("actual", "expected")):
        for role, part in zip(("numerator", "denominator"), found.parts, strict=False):
            name = f"{side}_{role}" if found.is_ratio else side
            amounts = [cells[part].get((index, key), EMPTY).amount or 0 for key in keys]
            columns[name] = pa.array([float(amount) for amount in amounts], pa.float64())
    for index, side in enumerate(("actual", "expected")):
        counted = cells[found.parts[-1]]
        columns[f"{side}_n"] = pa.array([counted.get((index, key), EMPTY).n for key in keys], pa.int64())
    return pa.table(columns)

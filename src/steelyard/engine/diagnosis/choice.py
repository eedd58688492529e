"""Which dimensions are worth searching: few values, known before the outcome, not the same thing twice."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from steelyard.engine.kpi import Kpi, dimensions
from steelyard.engine.kpi.definitions import Part
from steelyard.engine.kpi.relations import Tables
from steelyard.engine.kpi.sources import relation

FEWEST, MOST = 2, 50
ROWS_LOOKED_AT = 200_000
# Two dimensions that agree on this share of the records are one; the first in order is kept.
SAME = 0.95
# Written when the outcome is known: they describe the result, they do not explain it.
OUTCOMES = {
    "outcome",
    "stage",
    "lost_reason",
    "competitor",
    "reason",
    "currency",
    "disqualified_on",
    "returned",
}
# People are looked at one by one elsewhere; as a dimension they would drown everything else.
_NOT_SEARCHED = {"member", "received_by", "account_id", "customer", "campaign_id"}


def candidates(tables: Tables, kpi: Kpi, *, where: Mapping[str, Any], **options: Any) -> list[str]:
    """List dimensions of a KPI that have 2 to 50 values; those of the table come first."""
    assert kpi.numerator is not None, "formulas are cut by their parts"  # noqa: S101
    known = [name for name in dimensions(tables, kpi, **options) if name not in {*OUTCOMES, *_NOT_SEARCHED}]
    known = [name for name in known if name not in where or isinstance(where[name], list | tuple)]
    own = [name for name in known if name in relation(tables, kpi.numerator.table).table.columns]
    few = _with_few_values(tables, kpi.numerator, own)
    return [*few, *(name for name in known if name not in own)]


def _with_few_values(tables: Tables, part: Part, names: Sequence[str]) -> list[str]:
    if not names:
        return []
    rows = relation(tables, part.table).table.select(*names).limit(ROWS_LOOKED_AT)
    counted = rows.aggregate(**{name: rows[name].nunique() for name in names}).to_pyarrow().to_pylist()[0]
    return [name for name in names if FEWEST <= counted[name] <= MOST]


def distinct(
    columns: Mapping[str, NDArray[np.int64]], weight: NDArray[np.float64], *, limit: int, most: int = MOST
) -> list[str]:
    """Keep, in order, dimensions with a few values in use that do not repeat one kept before."""
    kept: list[str] = []
    used = weight > 0
    for name, codes in columns.items():
        if not FEWEST <= len(np.unique(codes[used])) <= most or len(kept) == limit:
            continue
        if all(agreement(codes, columns[other], weight) < SAME for other in kept):
            kept.append(name)
    return kept


def agreement(one: NDArray[np.int64], other: NDArray[np.int64], weight: NDArray[np.float64]) -> float:
    """Return the share of weight on which each value of one goes with one value of the other, and back."""
    table = np.zeros((one.max() + 1, other.max() + 1))
    np.add.at(table, (one, other), weight)
    total = table.sum()
    return float(min(table.max(axis=0).sum(), table.max(axis=1).sum()) / total) if total else 0.0

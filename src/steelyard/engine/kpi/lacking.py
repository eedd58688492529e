"""What would have to be added to the data for a KPI to be told."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import ibis
import ibis.expr.types as ir

from steelyard.engine.kpi.catalogue import Definitions, kpi_of
from steelyard.engine.kpi.definitions import Kpi, Part
from steelyard.engine.kpi.expand import parts_of
from steelyard.engine.kpi.relations import Tables
from steelyard.engine.kpi.scan import check_part
from steelyard.errors import Refused

# Standard kinds of column, as the engine reads them.
STANDARD_TYPES = {
    "text": "string",
    "date": "date",
    "timestamp": "timestamp",
    "money": "decimal(18, 4)",
    "number": "float64",
    "integer": "int64",
}
_ANY_ROW = "_import"
# No KPI reads as many columns; a relation that asks for the same one for ever must end somewhere.
_MOST = 40
Columns = tuple[tuple[str, str], ...]
# (table, ((column, kind), …)), …
Schemas = tuple[tuple[str, tuple[tuple[str, Any], ...]], ...]


def lacking(
    tables: Tables,
    kpis: Sequence[Kpi | str],
    *,
    standard: Mapping[str, Mapping[str, str]],
    definitions: Definitions | None = None,
) -> dict[str, Columns]:
    """List the columns that KPIs need beyond those at hand.

    Parameters
    ----------
    tables
        The lake's tables by name; only their columns are looked at.
    kpis
        KPIs or ids.
    standard
        Table → column → kind ("text", "date", "timestamp", "money", "number", "integer"): what columns
        are when they come.
    definitions
        The catalogue to look ids up in; the shipped one by default.

    Returns
    -------
    dict of str to tuple of (table, column)
        By KPI, in the order in which they are asked for; empty for one that can be told. The column is ""
        where the whole table is absent.

    Raises
    ------
    Refused
        `kpi.unknown`; what a KPI refuses for other reasons than a missing column.

    Notes
    -----
    Each missing column is added to an empty copy of the tables until the KPI refuses no more. Reads no facts.

    Examples
    --------
    >>> deals = ibis.memtable({"outcome": ["won"]})
    >>> lacking({"opportunities": deals}, ["win_rate"], standard={"opportunities": {"closed_on": "date"}})
    {'win_rate': (('opportunities', 'closed_on'),)}
    """
    at_hand = tuple((name, tuple(table.schema().items())) for name, table in sorted(tables.items()))
    known = tuple((name, tuple(columns.items())) for name, columns in sorted(standard.items()))
    return {
        kpi.id: _lacking(tuple(parts_of(kpi, definitions=definitions)), at_hand, known)
        for kpi in (kpi_of(each, definitions=definitions) for each in kpis)
    }


# A pure question of the same few schemas, asked again after every import.
@lru_cache(maxsize=2048)
def _lacking(parts: tuple[Part, ...], at_hand: Schemas, standard: Schemas) -> Columns:
    schemas = {name: dict(columns) for name, columns in at_hand}
    kinds = {name: dict(columns) for name, columns in standard}
    added: list[tuple[str, str]] = []
    while len(added) < _MOST:
        try:
            trial = {name: _empty(tuple(columns.items())) for name, columns in schemas.items()}
            for part in parts:
                check_part(trial, part)
        except Refused as refusal:
            if refusal.code != "kpi.missing-column":
                raise
            missing = (str(refusal.params["table"]), str(refusal.params["column"]))
        else:
            return tuple(added)
        if missing in added:
            return tuple(added)
        added.append(missing)
        table, column = missing
        columns = schemas.setdefault(table, {_ANY_ROW: "string"})
        if column:
            columns[column] = STANDARD_TYPES[kinds.get(table, {}).get(column, "text")]
    return tuple(added)


@lru_cache(maxsize=256)
def _empty(columns: tuple[tuple[str, Any], ...]) -> ir.Table:
    return ibis.memtable([], schema=ibis.schema(dict(columns)))

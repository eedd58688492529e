"""From the name of a table in the catalogue to the relation to read."""

from collections.abc import Callable, Mapping

from steelyard.engine.kpi.receivables import cash, receivables, settlements
from steelyard.engine.kpi.relations import Relation, Tables, needed, pipeline

DERIVED: Mapping[str, Callable[[Tables], Relation]] = {
    "cash": cash,
    "pipeline": pipeline,
    "receivables": receivables,
    "settlements": settlements,
}


def relation(tables: Tables, name: str) -> Relation:
    """Return a fact table or a derived relation; Refused `kpi.missing-column` when a table is absent."""
    derived = DERIVED.get(name)
    if derived is not None:
        return derived(tables)
    return Relation(needed(tables, name), (name,))

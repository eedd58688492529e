"""From the name of a table in the catalogue to the relation to read."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir

from steelyard.engine import organisation

# Modules by their own names: `from steelyard.engine.kpi import …` would wait for the package, and two
# threads that meet here first, one from the package and one from the side, would each get half of it.
from steelyard.engine.kpi.asks import base_of as receivables_base
from steelyard.engine.kpi.customers import base_of as customers_base
from steelyard.engine.kpi.customers import campaign_deals, new_customers
from steelyard.engine.kpi.derived import RELATIONS
from steelyard.engine.kpi.receivables import cash, receivables, settlements
from steelyard.engine.kpi.relations import Relation, Tables, needed, pipeline
from steelyard.engine.kpi.sales import contract_values, deals, order_lines, sold_orders
from steelyard.engine.organisation import Organisation
from steelyard.errors import Refused

DERIVED: Mapping[str, Callable[[Tables], Relation]] = {
    "campaign_deals": campaign_deals,
    "cash": cash,
    "contract_values": contract_values,
    "deals": deals,
    "new_customers": new_customers,
    "order_lines": order_lines,
    "pipeline": pipeline,
    "receivables": receivables,
    "settlements": settlements,
    "sold_orders": sold_orders,
    **{name: each.make for name, each in RELATIONS.items()},
}


# Relation → what its figures are measured by, where one word has several meanings.
BASES: Mapping[str, Callable[[Tables], str]] = {
    "cash": lambda _: "cash",
    "new_customers": customers_base,
    "receivables": receivables_base,
    "staffing": lambda tables: "memberships" if people_of(tables).is_known else "headcount",
}


class Prepared(dict[str, ir.Table]):
    """The tables of one snapshot, made ready for many questions: see `prepared`."""

    def __init__(self, tables: Tables, relations: dict[str, Relation]) -> None:
        super().__init__(tables)
        self.relations = relations

    @cached_property
    def people(self) -> Organisation:
        """The organisation, read when first asked for."""
        return organisation.read(self)


def prepared(tables: Tables) -> Prepared:
    """Make tables ready for many questions: derived relations become views, people are read once.

    Parameters
    ----------
    tables
        The lake's tables by name, all on one connection, on which temporary views are made.

    Returns
    -------
    Prepared
        To be given to every function of this package in place of the tables, as long as the
        connection is open. A relation whose tables or columns are absent is left out.

    Notes
    -----
    Figures are the same with and without. Reads no facts: it saves building and compiling the same
    long expressions for every question, which costs more than reading small tables.
    """
    relations: dict[str, Relation] = {}
    ready = Prepared(tables, relations)
    for name, derive in DERIVED.items():
        try:
            made = derive(ready)
        except Refused:
            continue
        if not made.table.op().find(ops.DatabaseTable):
            relations[name] = made
            continue
        view = made.table.get_backend().create_view(f"_{name}", made.table, overwrite=True)
        relations[name] = replace(made, table=view)
    return ready


MOST_ROWS_KEPT = 1_000_000
_READ = {
    "cash": ("invoices", "receipts"),
    "pipeline": ("opportunities",),
    "receivables": ("invoices", "receipts"),
    "settlements": ("invoices", "receipts"),
    "sold_orders": ("orders",),
    **{name: each.reads for name, each in RELATIONS.items()},
}


def prepare(tables: Tables, names: Iterable[str]) -> Tables:
    """Compute derived relations once for several scans, where their facts are few enough to be kept."""
    wanted = sorted({name for name in names if name in DERIVED})
    kept = {name: derived for name in wanted if (derived := _kept(tables, name)) is not None}
    known = tables.relations if isinstance(tables, Prepared) else {}
    return Prepared(tables, {**known, **kept}) if kept else tables


def _kept(tables: Tables, name: str) -> Relation | None:
    if name not in _READ:
        return None
    known = [read for read in _READ[name] if read in tables]
    rows = sum(int(tables[read].count().to_pyarrow().as_py()) for read in known)
    if rows > MOST_ROWS_KEPT:
        return None
    try:
        found = relation(tables, name)
    except Refused:
        return None
    return replace(found, table=ibis.memtable(found.table.to_pyarrow()))


def building_once(tables: Tables) -> Prepared:
    """Return tables that build each derived relation once, for a question with many parts."""
    return tables if isinstance(tables, Prepared) else Prepared(tables, {})


def relation(tables: Tables, name: str) -> Relation:
    """Return a fact table or a derived relation; Refused `kpi.missing-column` when a table is absent."""
    derived = DERIVED.get(name)
    if isinstance(tables, Prepared) and derived is not None:
        if name not in tables.relations:
            tables.relations[name] = derived(tables)
        return tables.relations[name]
    if derived is not None:
        return derived(tables)
    return Relation(needed(tables, name), (name,))


def people_of(tables: Tables) -> Organisation:
    """Return the organisation of a snapshot, kept where the tables were prepared."""
    return tables.people if isinstance(tables, Prepared) else organisation.read(tables)

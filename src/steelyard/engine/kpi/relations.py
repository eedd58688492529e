"""The tables that KPIs read: fact tables as they are, and relations derived from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir
from ibis import _

from steelyard.errors import Refused

Tables = Mapping[str, ir.Table]
MONEY = "decimal(38, 4)"
_OWNERS = ("owner", "received_by", "performer", "person", "author", "by")


@dataclass(frozen=True)
class Relation:
    """A table to read, the fact tables it needs, and the columns that say whose a row is.

    `belongs_on`: the date that decides the owner's team and the exchange rate where it is not the
    KPI's own; one date for all terms of a KPI tree keeps the tree exact for teams, too. `standing`: a
    column whose sum tells whether a thing with several rows still counts in a snapshot. `hidden`: columns
    that are no dimension. `made_of`: the column of the file from which a derived one is made ("column" of the
    first table needed, or "table.column"). `units`: columns that hold codes of the organisation themselves.
    `weight`: how many records a row stands for (the answers behind a survey's row). `spans`: the first day of
    a row that lasts and the day after its last; such a row adds its amount for every day of the period.
    """

    table: ir.Table
    needs: tuple[str, ...]
    belongs_on: str | None = None
    standing: str | None = None
    hidden: tuple[str, ...] = ()
    made_of: Mapping[str, str] = field(default_factory=dict)
    units: tuple[str, ...] = ()
    weight: str | None = None
    spans: tuple[str, str] | None = None

    @property
    def owner(self) -> str | None:
        """The column with the owner's name as the file has it."""
        return next((name for name in _OWNERS if name in self.table.columns), None)

    @property
    def currency(self) -> str | None:
        """The column of the currency, if there is one."""
        return "currency" if "currency" in self.table.columns else None

    def column(self, name: str) -> ir.Column:
        """Return a column; Refused `kpi.missing-column` when the file had none."""
        if name not in self.table.columns:
            *table, column = self.made_of.get(name, name).split(".")
            raise Refused("kpi.missing-column", 409, table=(*table, self.needs[0])[0], column=column)
        return self.table[name]


def needed(tables: Tables, name: str, *columns: str) -> ir.Table:
    """Return a fact table that has these columns; Refused `kpi.missing-column` (column "" for no table)."""
    if name not in tables:
        raise Refused("kpi.missing-column", 409, table=name, column="")
    for column in columns:
        if column not in tables[name].columns:
            raise Refused("kpi.missing-column", 409, table=name, column=column)
    return tables[name]


def is_present(column: ir.Value) -> ir.BooleanValue:
    """Say whether a column holds something: not null, and not blank where it is text."""
    if column.type().is_string():
        return column.notnull() & (column.strip() != "")
    return column.notnull()


def day_of(column: ir.Value) -> ir.DateValue:
    """Return the date of a date or timestamp column (wall-clock time, midnight opens the day)."""
    return column if column.type().is_date() else column.cast("date")


def money_of(column: ir.Value) -> ir.DecimalValue:
    """Return an amount in exact numbers."""
    return column if column.type().is_decimal() else column.cast("decimal(18, 4)")


def pipeline(tables: Tables) -> Relation:
    """Opportunities as movements: +amount when created, -amount when won or lost."""
    facts = needed(tables, "opportunities", "created_on", "closed_on", "amount")
    facts = facts.filter(_.created_on.notnull())
    is_closed = _.closed_on.notnull()
    if "outcome" in facts.columns:
        # An open opportunity may carry the date on which it is expected to close.
        is_closed &= _.outcome.isin(["won", "lost"])
    kept = [name for name in facts.columns if name not in ("amount", "created_on", "closed_on")]
    amount, unpriced = money_of(facts.amount).cast(MONEY), facts.amount.isnull().cast("int64")
    created_on = day_of(facts.created_on)
    opened = facts.select(*kept, moved_on=created_on, amount=amount, unpriced=unpriced, open=ibis.literal(1))
    ended = facts.mutate(
        moved_on=ibis.greatest(created_on, day_of(facts.closed_on)),
        signed_amount=-amount,
        unpriced=-unpriced,
    ).filter(is_closed)
    ended = ended.select(
        *kept, "moved_on", amount=_.signed_amount, unpriced=_.unpriced, open=ibis.literal(-1)
    )
    return Relation(ibis.union(opened, ended), ("opportunities",), standing="open")

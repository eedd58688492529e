"""What was sold by order, contract and opportunity: margins, discounts and returns, row by row."""

from collections.abc import Mapping
from types import MappingProxyType

import ibis.expr.types as ir

from steelyard.engine.kpi.relations import (
    MONEY,
    Relation,
    Tables,
    day_of,
    is_present,
    money_of,
    needed,
)

# Derived column → the column of the file that it needs beside `amount`.
_MADE_OF: Mapping[str, str] = MappingProxyType(
    {"margin": "cost", "costed_amount": "cost", "discount": "list_price", "listed_amount": "list_price"}
)
# What people write for "was not returned".
_NO = ("", "0", "n", "no", "f", "false", "否", "未退", "未退货", "无", "-", "—")


def order_lines(tables: Tables) -> Relation:
    """Order lines with margin and discount (see `_priced`)."""
    return Relation(_priced(needed(tables, "orders", "amount")), ("orders",), made_of=_MADE_OF)


def contract_values(tables: Tables) -> Relation:
    """Contracts with margin (see `_priced`)."""
    return Relation(_priced(needed(tables, "contracts", "amount")), ("contracts",), made_of=_MADE_OF)


def deals(tables: Tables) -> Relation:
    """Opportunities with margin and discount (see `_priced`)."""
    return Relation(_priced(needed(tables, "opportunities", "amount")), ("opportunities",), made_of=_MADE_OF)


def sold_orders(tables: Tables) -> Relation:
    """One row per order: its first day, the owner of its first line, `is_returned` when any line was.

    A text column holds what all lines of the order agree on, and nothing where they differ. A line
    without an order number is an order of its own.
    """
    lines = needed(tables, "orders", "order_line_id", "ordered_on", "returned")
    own = lines.order_line_id
    number = lines.order_id.strip().nullif("").coalesce(own) if "order_id" in lines.columns else own
    lines = lines.mutate(_order=number, _is_returned=_is_returned(lines.returned).cast("int64"))
    texts = [name for name, kind in lines.schema().items() if kind.is_string() and name[0] != "_"]
    kept = [name for name in texts if name not in ("order_id", "order_line_id", "owner", "returned")]
    columns: dict[str, ir.Value] = {name: _agreed(lines[name]) for name in kept}
    if "owner" in lines.columns:
        columns["owner"] = lines.owner.argmin(lines.order_line_id)
    orders = lines.group_by(order_id="_order").agg(
        ordered_on=day_of(lines.ordered_on).min(),
        is_returned=lines["_is_returned"].max(),
        lines=lines.count(),
        **columns,
    )
    return Relation(orders, ("orders",))


def _priced(facts: ir.Table) -> ir.Table:
    """Add, where the file has the other price, what each row contributes to a margin and a discount.

    `margin` (amount less cost) and `costed_amount` are there for rows with a cost; `discount` (list price
    less amount) and `listed_amount` (the list price) for rows with a list price above 0. Rows without an
    amount have none of them.
    """
    amount = money_of(facts.amount).cast(MONEY)
    made: dict[str, ir.Value] = {}
    if "cost" in facts.columns:
        cost = money_of(facts.cost).cast(MONEY)
        made["margin"] = amount - cost
        made["costed_amount"] = cost.notnull().ifelse(amount, None)
    if "list_price" in facts.columns:
        listed = money_of(facts.list_price).cast(MONEY)
        has_both = (listed > 0) & amount.notnull()
        made["discount"] = has_both.ifelse(listed - amount, None)
        made["listed_amount"] = has_both.ifelse(listed, None)
    return facts.mutate(**made)


def _is_returned(column: ir.Column) -> ir.BooleanValue:
    """Say whether a line was returned: any entry but a "no"; a number above 0; a date."""
    kind = column.type()
    if kind.is_string():
        return is_present(column) & column.strip().lower().notin(_NO)
    if kind.is_boolean():
        return column.fill_null(False)
    if kind.is_numeric():
        return (column > 0).fill_null(False)
    return column.notnull()


def _agreed(column: ir.Column) -> ir.Value:
    return (column.min() == column.max()).ifelse(column.min(), None)

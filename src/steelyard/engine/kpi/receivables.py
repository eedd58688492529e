"""Invoices and receipts put together: one account of what was asked for and what has settled it.

A receipt settles the invoice it names up to what the invoice asks for: its amount less the credit notes
that name it, never below 0. What exceeds that is prepayment, and so is a receipt that names no known
invoice or is in another currency than its invoice. A credit note counts from the day it is issued; one
that names no known invoice changes no invoice. Settled and prepaid always sum to the receipts.
"""

import ibis
import ibis.expr.types as ir
from ibis import _

from steelyard.engine.kpi.relations import MONEY, Relation, Tables, day_of, is_present, money_of, needed

_OF_INVOICE = "{name}_of_invoice"


def cash(tables: Tables) -> Relation:
    """Receipts with the columns of the invoice they name, with their own where they name none."""
    receipts = needed(tables, "receipts", "received_on", "amount")
    receipts = receipts.mutate(
        happened_on=day_of(receipts.received_on), amount=money_of(receipts.amount).cast(MONEY)
    )
    if "invoices" not in tables or "invoice_id" not in receipts.columns:
        return Relation(receipts, ("receipts",))
    invoices = _described(_asking(tables)).drop("amount")
    renamed = invoices.rename(_OF_INVOICE)
    named = receipts.left_join(renamed, _pays(receipts, renamed))
    own = {name: named[name] for name in receipts.columns}
    if "received_by" in own:
        own.setdefault("owner", named.received_by)
    known = named[_OF_INVOICE.format(name="invoice_id")].notnull()
    described = {
        name: known.ifelse(named[_OF_INVOICE.format(name=name)], own[name])
        if name in own
        else named[_OF_INVOICE.format(name=name)]
        for name in invoices.columns
    }
    table = named.select(**{**{name: own[name] for name in receipts.columns}, **described, "is_known": known})
    table = table.mutate(belongs_on=ibis.coalesce(table.due_on, table.happened_on))
    return Relation(table, ("receipts", "invoices"), belongs_on="belongs_on")


def receivables(tables: Tables) -> Relation:
    """Everything that changes what is asked for, settled or prepaid.

    Columns: `kind` (due, settled, prepaid), `happened_on`, `amount` (of that kind), `balance` (its effect
    on what is still owed), `issued_on`, `due_on` (empty for prepaid), `open_from` and `overdue_from` (the
    day on which the row counts in the receivable and in the overdue amount), `stands` (+1 where an invoice
    begins to be owed, -1 where it ends), `belongs_on`, and the invoice's own columns.
    """
    asked = _described(_asking(tables))
    account = _account(tables, asked)
    paid = cash(tables).table
    unnamed = paid.filter(~paid.is_known)
    zero, settled = ibis.literal(0).cast(MONEY), account.settled - account.settled_before
    opened = (asked.amount > 0).cast("int64")
    changed = (account.asked > account.settled).cast("int64") - (
        account.asked_before > account.settled_before
    ).cast("int64")
    due_day = ibis.least(asked.issued_on, asked.due_on)
    due = account.asked - account.asked_before
    rows = [
        _rows(asked, asked, "due", on=due_day, amount=ibis.greatest(asked.amount, zero), stands=opened),
        _rows(asked, account, "due", on=account.day, amount=due),
        _rows(asked, account, "settled", on=account.day, amount=settled, stands=changed),
        _rows(asked, account, "prepaid", on=account.day, amount=account.received - settled),
        _rows(asked, unnamed, "prepaid", on=unnamed.happened_on, amount=unnamed.amount),
    ]
    table = ibis.union(*rows).filter((_.amount != 0) | (_.stands != 0))
    is_prepaid = table.kind == "prepaid"
    table = table.mutate(
        belongs_on=ibis.coalesce(table.due_on, table.happened_on),
        balance=ibis.cases(
            (table.kind == "due", table.amount), (table.kind == "settled", -table.amount), else_=zero
        ),
        open_from=ibis.greatest(table.issued_on, table.happened_on),
        overdue_from=ibis.greatest(table.due_on, table.happened_on),
    ).mutate(due_on=is_prepaid.ifelse(ibis.null("date"), table.due_on))
    return Relation(
        table, ("invoices", "receipts"), belongs_on="belongs_on", standing="stands", hidden=("kind",)
    )


def settlements(tables: Tables) -> Relation:
    """Invoices that were fully received: the first such day, days since issue, days after the due date."""
    asked = _described(_asking(tables))
    account = _account(tables, asked)
    full = account.filter((account.asked > 0) & (account.settled == account.asked))
    first = full.group_by("invoice_id").agg(settled_on=full.day.min())
    table = asked.inner_join(first, "invoice_id")
    table = table.mutate(
        days_to_settle=table.settled_on.delta(table.issued_on, unit="day"),
        days_late=table.settled_on.delta(table.due_on, unit="day"),
    )
    return Relation(table, ("invoices", "receipts"))


def _asking(tables: Tables) -> ir.Table:
    """Invoices that ask for money: all but the credit notes that name another."""
    invoices = needed(tables, "invoices", "invoice_id", "issued_on", "due_on", "amount")
    return invoices.filter(~_is_credit(invoices))


def _is_credit(invoices: ir.Table) -> ir.BooleanValue:
    if "credited_invoice_id" not in invoices.columns:
        return ibis.literal(False)
    return is_present(invoices.credited_invoice_id) & (invoices.amount < 0)


def _described(invoices: ir.Table) -> ir.Table:
    """Keep identity, dates, amount and every text column of invoices."""
    texts = [name for name, kind in invoices.schema().items() if kind.is_string()]
    kept = [name for name in texts if name not in ("invoice_id", "credited_invoice_id", "_import")]
    return invoices.select(
        "invoice_id",
        *kept,
        issued_on=day_of(invoices.issued_on),
        due_on=day_of(invoices.due_on),
        amount=money_of(invoices.amount).cast(MONEY),
    )


def _pays(receipts: ir.Table, invoices: ir.Table) -> list[ir.BooleanValue]:
    """A receipt pays the invoice it names, unless the two are in different currencies."""
    matches = [receipts.invoice_id == invoices[_OF_INVOICE.format(name="invoice_id")]]
    currency = _OF_INVOICE.format(name="currency")
    if "currency" in receipts.columns and currency in invoices.columns:
        own, asked = receipts.currency, invoices[currency]
        matches.append(own.isnull() | asked.isnull() | (own == asked))
    return matches


def _account(tables: Tables, asked: ir.Table) -> ir.Table:
    """Each invoice on each day something happened to it: asked for and settled, before and after."""
    zero = ibis.literal(0).cast(MONEY)
    paid = cash(tables).table
    changes = paid.filter(paid.is_known).select(
        "invoice_id", day=_.happened_on, received=_.amount, credited=zero
    )
    invoices = needed(tables, "invoices")
    if "credited_invoice_id" in invoices.columns:
        credits = invoices.filter(_is_credit(invoices)).select(
            invoice_id=_.credited_invoice_id,
            day=day_of(invoices.issued_on),
            received=zero,
            credited=money_of(invoices.amount).cast(MONEY),
        )
        changes = ibis.union(changes, credits)
    daily = changes.group_by("invoice_id", "day").agg(received=_.received.sum(), credited=_.credited.sum())
    table = daily.inner_join(asked, "invoice_id")
    so_far = ibis.cumulative_window(group_by="invoice_id", order_by="day")
    table = table.mutate(
        received_so_far=table.received.sum().over(so_far), credited_so_far=table.credited.sum().over(so_far)
    )
    table = table.mutate(
        asked=ibis.greatest(_.amount + _.credited_so_far, zero),
        asked_before=ibis.greatest(_.amount + _.credited_so_far - _.credited, zero),
    )
    return table.mutate(
        settled=ibis.least(ibis.greatest(_.received_so_far, zero), _.asked),
        settled_before=ibis.least(ibis.greatest(_.received_so_far - _.received, zero), _.asked_before),
    )


def _rows(
    asked: ir.Table,
    table: ir.Table,
    kind: str,
    *,
    on: ir.Value,
    amount: ir.Value,
    stands: ir.Value | None = None,
) -> ir.Table:
    """Give rows of one kind the common columns: those of an invoice, with empty ones where it has none."""
    columns = {
        name: table[name] if name in table.columns else ibis.null(asked[name].type())
        for name in asked.columns
        if name != "amount"
    }
    count = ibis.literal(0).cast("int64") if stands is None else stands
    return table.select(
        **columns, happened_on=on, kind=ibis.literal(kind), amount=amount.cast(MONEY), stands=count
    )

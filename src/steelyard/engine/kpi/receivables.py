"""What is asked for and what was received put together: one account of what has settled what.

A receipt settles what it is for (see `asks`: an invoice, or a row of a collection plan) up to what that
asks for: its amount less the credit notes to it, never below 0. What exceeds that is prepayment, and so is
a receipt that is for nothing known or is in another currency. A credit note counts from the day it is
issued; one that names no known invoice changes nothing. Settled and prepaid always sum to the receipts.
"""

import ibis
import ibis.expr.types as ir
from ibis import _

from steelyard.engine.kpi.asks import ASK, asked_by, asked_in, asks, credit_notes, with_links
from steelyard.engine.kpi.relations import MONEY, Relation, Tables, day_of, money_of, needed

_OF_ASK = "{name}_of_ask"
# A receipt keeps its own word for what it is for.
_OWN = ("invoice_id", "plan_id")


def cash(tables: Tables) -> Relation:
    """Receipts with the columns of what they are for, with their own where they are for nothing known."""
    receipts = needed(tables, "receipts", "received_on", "amount")
    receipts = receipts.mutate(
        happened_on=day_of(receipts.received_on), amount=money_of(receipts.amount).cast(MONEY)
    )
    if not any(each in tables for each in ("invoices", "collection_plan")):
        return Relation(receipts, ("receipts",))
    columns = receipts.columns
    receipts = with_links(tables, receipts, invoice="invoice_id", plan="plan_id")
    asked = asks(tables).drop("amount")
    renamed = asked.rename(_OF_ASK)
    named = receipts.left_join(renamed, _is_for(tables, receipts, renamed))
    own = {name: named[name] for name in columns}
    if "received_by" in own:
        own.setdefault("owner", named.received_by)
    known = named[_OF_ASK.format(name=ASK)].notnull()
    described = {
        name: known.ifelse(named[_OF_ASK.format(name=name)], own[name])
        if name in own
        else named[_OF_ASK.format(name=name)]
        for name in asked.columns
        if name not in _OWN or name not in own
    }
    table = named.select(**{**{name: own[name] for name in columns}, **described, "is_known": known})
    table = table.mutate(belongs_on=ibis.coalesce(table.due_on, table.happened_on))
    return Relation(table, ("receipts", *asked_in(tables)), belongs_on="belongs_on")


def receivables(tables: Tables) -> Relation:
    """Everything that changes what is asked for, settled or prepaid.

    Columns: `kind` (due, settled, prepaid), `happened_on`, `amount` (of that kind), `balance` (its effect
    on what is still owed), `issued_on`, `due_on` (empty for prepaid), `open_from` and `overdue_from` (the
    day on which the row counts in the receivable and in the overdue amount), `stands` (+1 where something
    begins to be owed, -1 where it ends), `belongs_on`, and the columns of what was asked for.
    """
    asked = asks(tables)
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
        table,
        (*asked_in(tables), "receipts"),
        belongs_on="belongs_on",
        standing="stands",
        hidden=("kind",),
    )


def settlements(tables: Tables) -> Relation:
    """Asks that were fully received: the first such day, days since issue, days after the due date."""
    asked = asks(tables)
    account = _account(tables, asked)
    full = account.filter((account.asked > 0) & (account.settled == account.asked))
    first = full.group_by(ASK).agg(settled_on=full.day.min())
    table = asked.inner_join(first, ASK)
    table = table.mutate(
        days_to_settle=table.settled_on.delta(table.issued_on, unit="day"),
        days_late=table.settled_on.delta(table.due_on, unit="day"),
    )
    return Relation(table, (*asked_in(tables), "receipts"))


def _is_for(tables: Tables, receipts: ir.Table, asked: ir.Table) -> list[ir.BooleanValue]:
    """A receipt is for what it names, unless the two are in different currencies."""
    matches = [asked_by(tables, receipts) == asked[_OF_ASK.format(name=ASK)]]
    currency = _OF_ASK.format(name="currency")
    if "currency" in receipts.columns and currency in asked.columns:
        own, of_ask = receipts.currency, asked[currency]
        matches.append(own.isnull() | of_ask.isnull() | (own == of_ask))
    return matches


def _account(tables: Tables, asked: ir.Table) -> ir.Table:
    """Each ask on each day something happened to it: asked for and settled, before and after."""
    zero = ibis.literal(0).cast(MONEY)
    paid = cash(tables).table
    changes = paid.filter(paid.is_known).select(ASK, day=_.happened_on, received=_.amount, credited=zero)
    notes = credit_notes(tables)
    if notes is not None:
        notes = with_links(tables, notes, invoice="credited_invoice_id")
        credits = notes.select(
            **{ASK: asked_by(tables, notes)},
            day=day_of(notes.issued_on),
            received=zero,
            credited=money_of(notes.amount).cast(MONEY),
        )
        changes = ibis.union(changes, credits)
    daily = changes.group_by(ASK, "day").agg(received=_.received.sum(), credited=_.credited.sum())
    table = daily.inner_join(asked, ASK)
    so_far = ibis.cumulative_window(group_by=ASK, order_by="day")
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
    """Give rows of one kind the common columns: those of an ask, with empty ones where it has none."""
    columns = {
        name: table[name] if name in table.columns else ibis.null(asked[name].type())
        for name in asked.columns
        if name != "amount"
    }
    count = ibis.literal(0).cast("int64") if stands is None else stands
    return table.select(
        **columns, happened_on=on, kind=ibis.literal(kind), amount=amount.cast(MONEY), stands=count
    )

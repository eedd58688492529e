"""What customers are asked to pay: invoices, or the rows of a contract's collection plan in their place.

Where a contract has a collection plan, the plan says what falls due and when. An invoice of that contract
asks for nothing itself, or the same money would fall due twice: it bills the row that it names
(`plan_id`), else the row due on its own due date, else the last row due before it, else the first. Its
receipts and credit notes count for that row. A row is a receivable from its first invoice on, at the
latest from the day on which it falls due. Every other invoice asks for its own amount.

An invoice is of the contract that it names (`contract_id`), else of the contract of its opportunity.
"""

from functools import reduce

import ibis
import ibis.expr.types as ir
from ibis import _

from steelyard.engine.kpi.relations import MONEY, Tables, day_of, is_present, money_of, needed

ASK = "_ask"
_INVOICE, _PLAN = "invoice ", "plan "
# Columns of a contract under the name that they have on an invoice.
_RENAMED = {"account_id": "customer", "kind": "contract_kind"}
# Columns of an invoice that say which contract or plan row it bills.
_LINKS = {"_named": "contract_id", "_row": "plan_id", "_opportunity": "opportunity_id"}


def base_of(tables: Tables) -> str:
    """Say by what money falls due: "plan", "invoice", or "plan-and-invoice" where there are both."""
    has_plan = "collection_plan" in tables and _has_rows(tables["collection_plan"])
    has_invoices = "invoices" in tables and _has_rows(_own(tables))
    if has_plan and has_invoices:
        return "plan-and-invoice"
    return "plan" if has_plan else "invoice"


def asked_in(tables: Tables) -> tuple[str, ...]:
    """The tables that tell what is asked for."""
    if "collection_plan" not in tables:
        return ("invoices",)
    return tuple(name for name in ("invoices", "collection_plan", "contracts") if name in tables)


def asks(tables: Tables) -> ir.Table:
    """One row for everything asked for: its key `_ask`, dates, amount and every text column."""
    if "collection_plan" not in tables:
        return _described(_asking(tables)).mutate(**{ASK: _.invoice_id})
    rows = [_plan_rows(tables)]
    if "invoices" in tables:
        rows.append(_described(_own(tables)).mutate(**{ASK: _INVOICE + _.invoice_id}))
    return _stacked(rows)


def asked_by(tables: Tables, facts: ir.Table) -> ir.Value:
    """The key of what a receipt (or credit note, by `credited_invoice_id`) is for; put beside it by `facts`.

    Takes a table that went through `with_links`.
    """
    if "collection_plan" not in tables:
        return facts["_invoice"]
    return ibis.coalesce(_PLAN + facts["_plan"], _PLAN + facts["_billed"], _INVOICE + facts["_invoice"])


def with_links(tables: Tables, facts: ir.Table, *, invoice: str, plan: str | None = None) -> ir.Table:
    """Put beside facts the invoice they name, the plan row they name, and the row that the invoice bills."""
    text = ibis.null("string")
    facts = facts.mutate(_invoice=facts[invoice] if invoice in facts.columns else text)
    if "collection_plan" not in tables:
        return facts
    rows = tables["collection_plan"].select(_plan="plan_id")
    if plan is not None and plan in facts.columns:
        facts = facts.left_join(rows, facts[plan] == rows["_plan"])
    else:
        facts = facts.mutate(_plan=text)
    links = _links(tables).rename(_billing="invoice_id", _billed="plan_id")
    facts = facts.left_join(links, facts["_invoice"] == links["_billing"])
    return facts.drop("_billing")


def credit_notes(tables: Tables) -> ir.Table | None:
    """The invoices that credit another, or None where the file knows no such thing."""
    if "invoices" not in tables or "credited_invoice_id" not in tables["invoices"].columns:
        return None
    return tables["invoices"].filter(_is_credit(tables["invoices"]))


def _asking(tables: Tables) -> ir.Table:
    """Invoices that ask for money: all but the credit notes that name another."""
    invoices = needed(tables, "invoices", "invoice_id", "issued_on", "due_on", "amount")
    return invoices.filter(~_is_credit(invoices))


def _own(tables: Tables) -> ir.Table:
    """Invoices that ask for their own amount: those that bill no row of a plan."""
    invoices = _asking(tables)
    if "collection_plan" not in tables:
        return invoices
    return invoices.anti_join(_links(tables), "invoice_id")


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


def _plan_rows(tables: Tables) -> ir.Table:
    """Rows of collection plans with the columns of their contract, and of their first invoice."""
    plan = needed(tables, "collection_plan", "plan_id", "contract_id", "due_on", "amount")
    texts = [name for name, kind in plan.schema().items() if kind.is_string() and name != "_import"]
    due_on = day_of(plan.due_on)
    rows = plan.select(
        *texts, due_on=due_on, amount=money_of(plan.amount).cast(MONEY), **{ASK: _PLAN + plan.plan_id}
    )
    rows = rows.left_join(_first_invoices(tables), "plan_id").drop("plan_id_right")
    if "contracts" in tables:
        contracts = _contracts(tables, without=rows.columns)
        rows = rows.left_join(contracts, rows.contract_id == contracts["_contract"]).drop("_contract")
    named = [rows[name] for name in ("_billed_to", "_account") if name in rows.columns]
    named += [rows.customer] if "customer" in rows.columns else []
    customer = {"customer": ibis.coalesce(*named)} if named else {}
    rows = rows.mutate(
        **customer, issued_on=ibis.least(rows["_issued_on"].coalesce(rows.due_on), rows.due_on)
    )
    return rows.drop(*(name for name in ("_billed_to", "_account", "_issued_on") if name in rows.columns))


def _contracts(tables: Tables, *, without: tuple[str, ...]) -> ir.Table:
    """Text columns of contracts, under the names that invoices have for them, and the account's name."""
    contracts = needed(tables, "contracts", "contract_id")
    texts = [name for name, kind in contracts.schema().items() if kind.is_string()]
    kept = {
        _RENAMED.get(name, name): contracts[name] for name in texts if name not in ("contract_id", "_import")
    }
    kept = {name: column for name, column in kept.items() if name not in without}
    rows = contracts.select(_contract=contracts.contract_id, **kept)
    if "accounts" not in tables or "customer" not in kept:
        return rows
    accounts = tables["accounts"].select(_account_id="account_id", _account="name")
    return rows.left_join(accounts, rows.customer == accounts["_account_id"]).drop("_account_id")


def _first_invoices(tables: Tables) -> ir.Table:
    """By plan row the day of its first invoice, and the customer as invoices write the name."""
    if "invoices" not in tables:
        empty = {"plan_id": ibis.null("string"), "_issued_on": ibis.null("date")}
        return tables["collection_plan"].select(**empty).limit(0)
    invoices = _asking(tables)
    billed = invoices.inner_join(_links(tables).rename(_row="plan_id"), "invoice_id")
    customer = {"_billed_to": billed.customer.min()} if "customer" in invoices.columns else {}
    return billed.group_by(plan_id="_row").agg(_issued_on=day_of(billed.issued_on).min(), **customer)


def _links(tables: Tables) -> ir.Table:
    """The plan row that each invoice of a planned contract bills: invoice_id, plan_id."""
    plan = tables["collection_plan"]
    rows = plan.select("plan_id", "contract_id", _due=day_of(plan.due_on))
    if "invoices" not in tables:
        return rows.select(invoice_id="plan_id", plan_id="plan_id").limit(0)
    invoices = _asking(tables)
    links = {name: invoices[column] for name, column in _LINKS.items() if column in invoices.columns}
    invoices = invoices.select("invoice_id", **links, _on=day_of(invoices.due_on))
    named = _contract_of(tables, invoices, rows)
    pairs = named.inner_join(rows, named["_contract"] == rows.contract_id)
    is_named = pairs["_row"] == pairs.plan_id if "_row" in named.columns else ibis.literal(False)
    ahead = pairs["_on"].delta(pairs["_due"], unit="day")
    order = [~is_named.fill_null(False), ahead < 0, ahead.abs(), pairs.plan_id]
    ranked = pairs.mutate(_rank=ibis.row_number().over(group_by="invoice_id", order_by=order))
    return ranked.filter(_["_rank"] == 0).select("invoice_id", "plan_id")


def _contract_of(tables: Tables, invoices: ir.Table, rows: ir.Table) -> ir.Table:
    """Put the planned contract of each invoice beside it: by its own word, its plan row, its opportunity."""
    found = [invoices["_named"]] if "_named" in invoices.columns else []
    if "_row" in invoices.columns:
        by_row = rows.select(_plan_row="plan_id", _by_row="contract_id")
        invoices = invoices.left_join(by_row, invoices["_row"] == by_row["_plan_row"])
        found.insert(0, invoices["_by_row"])
    contracts = tables.get("contracts")
    if "_opportunity" in invoices.columns and contracts is not None and "opportunity_id" in contracts.columns:
        planned = contracts.semi_join(rows, "contract_id").filter(is_present(contracts.opportunity_id))
        by_deal = planned.group_by(_deal=planned.opportunity_id).agg(_by_deal=planned.contract_id.min())
        invoices = invoices.left_join(by_deal, invoices["_opportunity"] == by_deal["_deal"])
    names = [name for name in ("_by_row", "_named", "_by_deal") if name in invoices.columns]
    contract = ibis.coalesce(*(invoices[name] for name in names)) if names else ibis.null("string")
    return invoices.mutate(_contract=contract)


def _stacked(tables: list[ir.Table]) -> ir.Table:
    """Union of tables with different columns; what one lacks is empty there."""
    kinds = {name: kind for table in reversed(tables) for name, kind in table.schema().items()}
    aligned = [
        table.select(
            **{
                name: table[name] if name in table.columns else ibis.null(kind)
                for name, kind in kinds.items()
            }
        )
        for table in tables
    ]
    return reduce(lambda one, other: ibis.union(one, other), aligned)


def _has_rows(table: ir.Table) -> bool:
    return bool(table.limit(1).count().to_pyarrow().as_py())

"""Who became a customer when, and which won money marketing brought in."""

import ibis
import ibis.expr.types as ir

from steelyard.engine.kpi.relations import Relation, Tables, day_of, is_present, needed

# Where first purchases are looked for, in this order: table, customer, day, key.
_PURCHASES = (
    ("opportunities", "account_id", "closed_on", "opportunity_id"),
    ("contracts", "account_id", "signed_on", "contract_id"),
    ("orders", "customer", "ordered_on", "order_line_id"),
)


def base_of(tables: Tables) -> str:
    """Say what a first purchase is: "opportunities" (won), "contracts" or "orders"; "" where none is told."""
    found = [name for name, *columns in _PURCHASES if name in tables and _has(tables[name], columns)]
    return found[0] if found else ""


def new_customers(tables: Tables) -> Relation:
    """The first purchase of each customer: the first won opportunity, else contract, else order.

    Which of the three is decided by the first table that names customers, for all of them alike, so that
    nobody becomes new twice. A customer whose first contract is a renewal was there before. The day is
    `won_on`; other columns are those of the first purchase.
    """
    base = base_of(tables)
    if not base:
        needed(tables, "opportunities", *_PURCHASES[0][1:3])
    name, customer, day, key = next(each for each in _PURCHASES if each[0] == (base or "opportunities"))
    facts = needed(tables, name, customer, day, key)
    facts = facts.filter(is_present(facts[customer]) & facts[day].notnull())
    if name == "opportunities":
        facts = facts.filter(needed(tables, name, "outcome").outcome == "won")
    order = [day_of(facts[day]), facts[key]]
    ranked = facts.mutate(
        won_on=day_of(facts[day]), _rank=ibis.row_number().over(group_by=customer, order_by=order)
    )
    first = ranked.filter(ranked["_rank"] == 0).drop("_rank")
    if name == "contracts" and "kind" in first.columns:
        first = first.filter(first.kind.isnull() | (first.kind != "renewal"))
    return Relation(first, (name,))


def campaign_deals(tables: Tables) -> Relation:
    """Opportunities whose lead names a campaign, with the campaign's own columns.

    They belong to the owner of the campaign, as the spend does, where campaigns name one.
    """
    deals = needed(tables, "opportunities", "lead_id")
    leads = needed(tables, "leads", "lead_id", "campaign_id")
    sourced = leads.filter(is_present(leads.campaign_id)).select(_lead="lead_id", campaign_id="campaign_id")
    deals = deals.drop(*(name for name in ("campaign_id", "campaign", "channel") if name in deals.columns))
    table = deals.inner_join(sourced, deals.lead_id == sourced["_lead"]).drop("_lead")
    return Relation(_with_campaign(tables, table), ("opportunities", "leads"))


def _with_campaign(tables: Tables, table: ir.Table) -> ir.Table:
    if "campaigns" not in tables:
        return table
    campaigns = needed(tables, "campaigns", "campaign_id")
    texts = [name for name, kind in campaigns.schema().items() if kind.is_string() and name[0] != "_"]
    added = {("campaign" if name == "name" else name): name for name in texts if name != "campaign_id"}
    table = table.drop(*(name for name in added if name in table.columns))
    described = campaigns.select(
        _campaign=campaigns.campaign_id, **{name: campaigns[own] for name, own in added.items()}
    )
    return table.left_join(described, table.campaign_id == described["_campaign"]).drop("_campaign")


def _has(table: ir.Table, columns: list[str]) -> bool:
    return set(columns) <= set(table.columns)

"""Leads by what became of them, campaigns and content by day."""

from collections.abc import Sequence
from functools import reduce

import ibis
import ibis.expr.types as ir

from steelyard.engine.kpi.relations import Relation, Tables, day_of, is_present, needed

_LEAD_DAYS = ("created_on", "first_contact_at", "mql_on", "sql_on", "disqualified_on")
_INTERACTIONS = ("likes", "shares", "comments")


def lead_outcomes(tables: Tables) -> Relation:
    """Leads with the days until each step and the hours until the first contact (empty: not taken).

    `observed_days` is for how long the last lead of the same calendar month has been observed, up to the
    last day that the leads tell of: a month's leads count together, once the youngest of them has had its
    full time, so that a figure never changes when younger leads come in. `followed_days` is the same up to
    the last day that the opportunities tell of.
    """
    leads = needed(tables, "leads", "created_on")
    created = day_of(leads.created_on)
    leads = leads.mutate(created_on=created, _month_end=_month_end(created))
    columns: dict[str, ir.Value] = {
        f"days_to_{step}": day_of(leads[f"{step}_on"]).delta(leads.created_on, unit="day")
        for step in ("mql", "sql")
        if f"{step}_on" in leads.columns
    }
    if "first_contact_at" in leads.columns:
        columns["hours_to_contact"] = _hours_to_contact(leads)
    last = _last_day(leads, _LEAD_DAYS)
    table = leads.mutate(**columns).cross_join(last)
    table = table.mutate(observed_days=table["_last"].delta(table["_month_end"], unit="day")).drop("_last")
    made_of = {
        "days_to_mql": "mql_on",
        "days_to_sql": "sql_on",
        "hours_to_contact": "first_contact_at",
        "days_to_opportunity": "opportunities.lead_id",
        "followed_days": "opportunities.lead_id",
    }
    if {"lead_id", "created_on"} <= set(_columns(tables, "opportunities")) and "lead_id" in leads.columns:
        table = _followed(table, tables["opportunities"])
    return Relation(table.drop("_month_end"), ("leads", "opportunities"), made_of=made_of)


def campaign_results(tables: Tables) -> Relation:
    """Days of campaigns with what the campaign itself says: its name, channel, owner and product."""
    days = needed(tables, "campaign_days", "campaign_id", "day")
    if "campaign_id" not in _columns(tables, "campaigns"):
        return Relation(days, ("campaign_days",))
    campaigns = tables["campaigns"]
    texts = [name for name, kind in campaigns.schema().items() if kind.is_string() and name[0] != "_"]
    added = {("campaign" if name == "name" else name): name for name in texts if name != "campaign_id"}
    described = campaigns.select(
        _campaign=campaigns.campaign_id,
        **{name: campaigns[own] for name, own in added.items() if name not in days.columns},
    )
    table = days.left_join(described, days.campaign_id == described["_campaign"]).drop("_campaign")
    return Relation(table, ("campaign_days", "campaigns"))


def content_results(tables: Tables) -> Relation:
    """Days of content with `interactions` and `engaged`.

    Interactions are as reported, else likes, shares and comments together; engaged are the people who did
    any of it, as reported, else the interactions.
    """
    days = needed(tables, "content_days", "day")
    made_of = {"interactions": "shares", "engaged": "shares"}
    counted = [ibis.coalesce(days[name], 0) for name in _INTERACTIONS if name in days.columns]
    if counted:
        added = reduce(lambda total, each: total + each, counted)
        days = days.mutate(
            interactions=ibis.coalesce(days.interactions, added) if "interactions" in days.columns else added
        )
    if "interactions" in days.columns:
        interactions = days.interactions
        days = days.mutate(
            engaged=ibis.coalesce(days.engaged, interactions) if "engaged" in days.columns else interactions
        )
    return Relation(days, ("content_days",), made_of=made_of)


def _hours_to_contact(leads: ir.Table) -> ir.Value:
    """From the moment of creation where the file has one, else from the start of the day."""
    created = leads.created_on.cast("timestamp")
    if "created_at" in leads.columns and leads.created_at.type().is_timestamp():
        created = ibis.coalesce(leads.created_at, created)
    seconds = leads.first_contact_at.cast("timestamp").delta(created, unit="second")
    return (seconds < 0).ifelse(0, seconds) / 3600


def _followed(leads: ir.Table, opportunities: ir.Table) -> ir.Table:
    """Add when the first opportunity of each lead was created."""
    named = opportunities.filter(is_present(opportunities.lead_id) & opportunities.created_on.notnull())
    first = named.group_by(_lead=named.lead_id).agg(_born=day_of(named.created_on).min())
    last = opportunities.agg(_last=day_of(opportunities.created_on).max())
    table = leads.left_join(first, leads.lead_id == first["_lead"]).cross_join(last)
    table = table.mutate(
        days_to_opportunity=table["_born"].delta(table.created_on, unit="day"),
        followed_days=table["_last"].delta(table["_month_end"], unit="day"),
    )
    return table.drop("_lead", "_born", "_last")


def _last_day(table: ir.Table, names: Sequence[str]) -> ir.Table:
    """One row: the last day that any of these columns tells of."""
    found = [day_of(table[name]).max() for name in names if name in table.columns]
    return table.agg(_last=ibis.greatest(*found) if len(found) > 1 else found[0])


def _month_end(day: ir.DateValue) -> ir.DateValue:
    next_month = (day.truncate("M") + ibis.interval(months=1)).cast("date")
    return (next_month - ibis.interval(days=1)).cast("date")


def _columns(tables: Tables, name: str) -> Sequence[str]:
    return tables[name].columns if name in tables else ()

"""Customers: what they say, whom of them we reach, and whether they buy again."""

import ibis
import ibis.expr.types as ir

from steelyard.engine.kpi.relations import Relation, Tables, day_of, is_present, needed
from steelyard.errors import Refused

REACHED_FOR = 90
# Table → the columns of its customer and of the day of purchase, in the order in which they are looked for.
_PURCHASES = {
    "orders": ("customer", "ordered_on"),
    "contracts": ("account_id", "signed_on"),
    "opportunities": ("account_id", "closed_on"),
}


def feedback_scores(tables: Tables) -> Relation:
    """Feedback with `promoter_points` (NPS: 100 for 9, 10; -100 for 0 to 6) and `is_satisfied` (CSAT: 4, 5).

    Both are empty on the other scale, and for a score outside 0 to 10 or 1 to 5.
    """
    rows = needed(tables, "feedback", "given_on", "score", "scale")
    score, empty = rows.score, ibis.null("int64")
    points = ibis.cases(
        (~score.between(0, 10), empty), (score >= 9, 100), (score <= 6, -100), else_=ibis.literal(0)
    )
    satisfied = score.between(1, 5).ifelse((score >= 4).cast("int64"), empty)
    table = rows.mutate(
        promoter_points=(rows.scale == "nps").ifelse(points.cast("int64"), empty),
        is_satisfied=(rows.scale == "csat").ifelse(satisfied, empty),
    )
    return Relation(table, ("feedback",))


def contact_reach(tables: Tables) -> Relation:
    """Contacts, their levels and accounts that were reached within 90 days, as movements.

    `contacts`, `levels` and `accounts` are +1 on the day somebody was first reached and -1 90 days after the
    last time, unless it was renewed before. They belong to the owner of the account, else to whoever reached
    it first.
    """
    done = needed(tables, "activities", "done_at", "account_id", "contact_id")
    done = done.filter(is_present(done.account_id)).mutate(_day=day_of(done.done_at))
    kinds = {"contacts": "contact_id", "levels": "contact_level", "accounts": None}
    counted = {name: key for name, key in kinds.items() if key is None or key in done.columns}
    parts = []
    for name, key in counted.items():
        one = is_present(done[key]) if key else ibis.literal(True)
        rows = done.filter(one).select("account_id", "_day", _key=done[key] if key else done.account_id)
        moved = _movements(rows)
        zero = ibis.literal(0).cast("int64")
        parts.append(
            moved.select(
                "account_id",
                "moved_on",
                **{each: moved["_sign"] if each == name else zero for each in counted},
            )
        )
    table = ibis.union(*parts)
    owners = _owners(tables, done)
    if owners is not None:
        table = table.left_join(owners, table.account_id == owners["_id"]).drop("_id")
    return Relation(table, ("activities",), standing="accounts", made_of={"levels": "contact_level"})


def purchases(tables: Tables) -> Relation:
    """What customers bought, with the days since they last did (empty: never before).

    From orders, else contracts, else opportunities won. `history_days` is for how long the facts go back
    before the month of the purchase: without a year behind it nobody can be told to have come back.
    """
    name = next((name for name, columns in _PURCHASES.items() if _has(tables, name, columns)), None)
    if name is None:
        raise Refused(
            "kpi.missing-column", 409, table="orders", column="customer" if "orders" in tables else ""
        )
    customer, day = _PURCHASES[name]
    rows = tables[name]
    if name == "opportunities":
        rows = rows.filter(needed(tables, name, "outcome").outcome == "won")
    rows = rows.filter(is_present(rows[customer]) & rows[day].notnull())
    rows = rows.mutate(customer=rows[customer], bought_on=day_of(rows[day]))
    days = rows.select(_who=rows.customer, _on=rows.bought_on).distinct()
    before = ibis.window(group_by="_who", order_by="_on")
    days = days.mutate(days_since_last=days["_on"].delta(days["_on"].lag().over(before), unit="day"))
    first = rows.agg(_first=rows.bought_on.min())
    table = rows.inner_join(days, [rows.customer == days["_who"], rows.bought_on == days["_on"]])
    table = table.drop("_who", "_on").cross_join(first)
    month = table.bought_on.truncate("M").cast("date")
    table = table.mutate(history_days=month.delta(table["_first"], unit="day")).drop("_first")
    return Relation(table, (name,))


def _movements(rows: ir.Table) -> ir.Table:
    """+1 where a stretch of being reached begins, -1 where it has run out."""
    days = rows.distinct()
    in_key = ibis.window(group_by=["account_id", "_key"], order_by="_day")
    days = days.mutate(_before=days["_day"].lag().over(in_key), _after=days["_day"].lead().over(in_key))
    reach = ibis.interval(days=REACHED_FOR)
    is_first = days["_before"].isnull() | (days["_day"] > days["_before"] + reach)
    is_last = days["_after"].isnull() | (days["_after"] > days["_day"] + reach)
    begun = days.filter(is_first).select(
        "account_id", moved_on=days["_day"], _sign=ibis.literal(1).cast("int64")
    )
    ended = days.filter(is_last).select(
        "account_id", moved_on=(days["_day"] + reach).cast("date"), _sign=ibis.literal(-1).cast("int64")
    )
    return ibis.union(begun, ended)


def _owners(tables: Tables, done: ir.Table) -> ir.Table | None:
    if _has(tables, "accounts", ("account_id", "owner")):
        accounts = tables["accounts"]
        return accounts.select(_id=accounts.account_id, owner=accounts.owner)
    if "owner" not in done.columns:
        return None
    return done.group_by(_id=done.account_id).agg(owner=done.owner.argmin(done.done_at))


def _has(tables: Tables, name: str, columns: tuple[str, ...]) -> bool:
    return name in tables and set(columns) <= set(tables[name].columns)

"""From what was won to what was paid: contracts with a plan, orders, invoices, credit notes, receipts."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from . import columns
from .customers import Accounts
from .days import LAST_DAY, Floats, Ints, WorkingDays
from .funnel import Flags, Funnel, Words
from .organisation import people

_MILESTONES = (  # share, due this many working days after signing, name
    (0.30, 10, "预付款"),
    (0.45, 55, "进度款"),
    (0.20, 110, "验收款"),
    (0.05, 250, "质保金"),
)


@dataclass(frozen=True)
class _Billed:
    """Invoices before payment, side by side; `plan` is -1 for one that bills an order."""

    ids: Words
    won: Ints
    plan: Ints
    issued: Floats
    due: Floats
    fen: Ints
    order_id: Words


def money_tables(
    funnel: Funnel, accounts: Accounts, days: WorkingDays, *, seed: int
) -> dict[str, pl.DataFrame]:
    rng = np.random.default_rng([seed, 5])
    contracts, contract_ids = _contracts(funnel, accounts, days, rng)
    plan = _plan(funnel, contract_ids, days)
    orders, order_ids = _orders(funnel, accounts, days, rng)
    billed = _bills(funnel, plan, order_ids, days, rng)
    credited = _credit_notes(billed, days, rng)
    return {
        "contracts": contracts,
        "collection_plan": pl.DataFrame(
            {
                "plan_id": plan["plan_id"],
                "contract_id": plan["contract_id"],
                "due_on": columns.day(days.dates(plan["due"])),
                "amount": columns.money(plan["fen"]),
                "milestone": plan["milestone"],
            }
        ),
        "orders": orders,
        "invoices": _invoice_table(funnel, accounts, billed, credited, days),
        "receipts": _receipts(funnel, accounts, billed, credited, plan["plan_id"], days, rng),
    }


def _contracts(
    funnel: Funnel, accounts: Accounts, days: WorkingDays, rng: np.random.Generator
) -> tuple[pl.DataFrame, Words]:
    won = np.flatnonzero(funnel.won & funnel.by_contract)
    names = columns.ids("C", len(won))
    numbered = np.full(len(funnel.ids), "", dtype=names.dtype if len(names) else "<U7")
    numbered[won] = names
    codes = np.array([person.code for person in people()])
    table = pl.DataFrame(
        {
            "contract_id": names,
            "account_id": accounts.ids[funnel.account[won]],
            "owner": codes[funnel.owner[won]],
            "signed_on": columns.day(days.dates(funnel.ended[won])),
            "amount": columns.money(funnel.amount_fen[won]),
            "kind": np.where(rng.random(len(won)) < 0.3, "renewal", "new"),
            "cost": columns.money(funnel.cost_fen[won]),
            "opportunity_id": funnel.ids[won],
            "currency": np.full(len(won), "CNY"),
            "region": funnel.region[won],
            "product": funnel.product[won],
        }
    )
    return table, numbered


def _plan(funnel: Funnel, contract_ids: Words, days: WorkingDays) -> dict[str, NDArray]:
    """Due days and amounts of each contract; only those over 100,000 yuan keep retention money back."""
    won = np.flatnonzero(contract_ids != "")
    total = funnel.amount_fen[won]
    parts = [columns.split(total, np.full(len(won), share)) for share, _, _ in _MILESTONES[1:]]
    for part, least in ((1, 60_000_00), (2, 100_000_00)):
        parts[part] = np.where(total < least, 0, parts[part])
    fen = np.stack([total - sum(parts), *parts], axis=1)
    due = np.floor(funnel.ended[won])[:, None] + np.array([after for _, after, _ in _MILESTONES])
    kept = (fen > 0).ravel()
    rows = np.repeat(np.arange(len(won)), len(_MILESTONES))[kept]
    return {
        "plan_id": columns.ids("CP", len(rows)),
        "contract_id": contract_ids[won][rows],
        "opportunity": won[rows],
        "due": np.minimum(due.ravel()[kept], len(days.days) - 1),
        "fen": fen.ravel()[kept],
        "milestone": np.tile(np.array([name for _, _, name in _MILESTONES]), len(won))[kept],
    }


def _orders(
    funnel: Funnel, accounts: Accounts, days: WorkingDays, rng: np.random.Generator
) -> tuple[pl.DataFrame, Words]:
    """An order for each win without a contract; one in eight has a second line."""
    won = np.flatnonzero(funnel.won & ~funnel.by_contract)
    names = columns.ids("SO", len(won))
    two = rng.random(len(won)) < 0.125
    second = np.where(two, columns.split(funnel.amount_fen[won], rng.uniform(0.1, 0.4, len(won))), 0)
    rows = np.concatenate([np.arange(len(won)), np.flatnonzero(two)])
    is_second = np.arange(len(rows)) >= len(won)
    fen = np.where(is_second, second[rows], funnel.amount_fen[won][rows] - second[rows])
    share = fen / funnel.amount_fen[won][rows]
    codes = np.array([person.code for person in people()])
    table = pl.DataFrame(
        {
            "order_line_id": np.char.add(names[rows], np.where(is_second, "-2", "-1")),
            "ordered_on": columns.day(days.dates(funnel.ended[won][rows])),
            "amount": columns.money(fen),
            "order_id": names[rows],
            "customer": accounts.ids[funnel.account[won]][rows],
            "owner": codes[funnel.owner[won]][rows],
            "region": funnel.region[won][rows],
            "product": np.char.replace(funnel.product[won][rows], " ", ""),
            "quantity": rng.integers(1, 12, len(rows)),
            "list_price": columns.money(columns.split(funnel.list_fen[won][rows], share)),
            "cost": columns.money(columns.split(funnel.cost_fen[won][rows], share)),
            "currency": np.full(len(rows), "CNY"),
            "returned": np.where(rng.random(len(rows)) < 0.015, "yes", "no"),
        }
    ).sort("order_line_id")
    numbered = np.full(len(funnel.ids), "", dtype=names.dtype if len(names) else "<U8")
    numbered[won] = names
    return table, numbered


def _bills(
    funnel: Funnel, plan: dict[str, NDArray], order_ids: Words, days: WorkingDays, rng: np.random.Generator
) -> _Billed:
    """One invoice for each plan line three weeks before it is due, one for each order within the week."""
    now, ordered = days.at(LAST_DAY) + 1, np.flatnonzero(order_ids != "")
    shipped = funnel.ended[ordered] + rng.uniform(0.5, 5.0, len(ordered))
    term = rng.choice([21, 32, 43], len(ordered), p=[0.5, 0.35, 0.15])
    plan_issued = np.maximum(plan["due"] - 15.0, np.floor(funnel.ended[plan["opportunity"]]))
    issued = np.concatenate([plan_issued, shipped])
    order = np.argsort(issued, kind="stable")
    order = order[issued[order] < now]
    plans = len(plan["due"])
    return _Billed(
        ids=columns.ids("INV", len(order)),
        won=np.concatenate([plan["opportunity"], ordered])[order],
        plan=np.where(order < plans, order, -1),
        issued=issued[order],
        due=np.concatenate([plan["due"], np.floor(shipped) + term])[order],
        fen=np.concatenate([plan["fen"], funnel.amount_fen[ordered]])[order],
        order_id=np.concatenate([np.full(plans, ""), order_ids[ordered]])[order],
    )


def _credit_notes(billed: _Billed, days: WorkingDays, rng: np.random.Generator) -> dict[str, NDArray]:
    """One invoice in fifty is credited, whole or in part, two to thirty working days after its issue."""
    chosen = np.flatnonzero(rng.random(len(billed.ids)) < 0.02)
    issued = billed.issued[chosen] + rng.uniform(2.0, 30.0, len(chosen))
    share = np.where(rng.random(len(chosen)) < 0.4, 1.0, rng.uniform(0.05, 0.5, len(chosen)))
    fen = columns.split(billed.fen[chosen], share)
    kept = (issued < days.at(LAST_DAY) + 1) & (fen > 0)
    return {"invoice": chosen[kept], "issued": issued[kept], "fen": fen[kept]}


def _invoice_table(
    funnel: Funnel, accounts: Accounts, billed: _Billed, credited: dict[str, NDArray], days: WorkingDays
) -> pl.DataFrame:
    """Finance writes the customer's name; a credit note is negative and names what it credits."""
    notes, origin = len(credited["fen"]), credited["invoice"]
    rows = np.concatenate([np.arange(len(billed.ids)), origin])
    is_note = np.arange(len(rows)) >= len(billed.ids)
    issued = np.concatenate([billed.issued, credited["issued"]])
    due = np.where(is_note, np.floor(issued), billed.due[rows])
    won = billed.won[rows]
    codes = np.array([person.code for person in people()])
    return pl.DataFrame(
        {
            "invoice_id": np.concatenate([billed.ids, columns.ids("CN", notes)]),
            "customer": accounts.names[funnel.account[won]],
            "issued_on": columns.day(days.dates(issued)),
            "due_on": columns.day(days.dates(np.minimum(due, len(days.days) - 1))),
            "amount": columns.money(np.concatenate([billed.fen, -credited["fen"]])),
            "owner": codes[funnel.owner[won]],
            "opportunity_id": funnel.ids[won],
            "order_id": columns.text(billed.order_id[rows], known=billed.order_id[rows] != ""),
            "credited_invoice_id": columns.text(billed.ids[rows], known=is_note),
            "currency": np.full(len(rows), "CNY"),
            "region": funnel.region[won],
            "product": funnel.product[won],
        }
    ).sort("issued_on", "invoice_id")


def _receipts(
    funnel: Funnel,
    accounts: Accounts,
    billed: _Billed,
    credited: dict[str, NDArray],
    plan_ids: Words,
    days: WorkingDays,
    rng: np.random.Generator,
) -> pl.DataFrame:
    """Most pay near the due day, some customers a month late, a few never; one in eight pays in two parts."""
    open_fen = billed.fen.copy()
    np.subtract.at(open_fen, credited["invoice"], credited["fen"])
    count = len(open_fen)
    paid_at = billed.due + accounts.habit[funnel.account[billed.won]] + rng.normal(0.0, 2.0, count)
    paid_at = np.maximum(paid_at, billed.issued + rng.random(count))
    pays = (rng.random(count) > 0.015) & (open_fen > 0)
    in_two = rng.random(count) < 0.12
    later = np.where(in_two, columns.split(open_fen, rng.uniform(0.2, 0.7, count)), 0)
    known = _parts(pays, in_two, paid_at, open_fen, later, rng)
    ahead = _prepaid(funnel, days, rng)
    at = np.concatenate([known["at"], ahead["at"]])
    invoice = np.concatenate([known["invoice"], np.full(len(ahead["at"]), -1)])
    won = np.concatenate([billed.won[known["invoice"]], ahead["won"]])
    fen = np.concatenate([known["fen"], ahead["fen"]])
    order = np.argsort(at, kind="stable")
    order = order[(at[order] < days.at(LAST_DAY) + 1) & (fen[order] > 0)]
    has_invoice, plan = invoice[order] >= 0, np.where(invoice[order] >= 0, billed.plan[invoice[order]], -1)
    codes = np.array([person.code for person in people()])
    return pl.DataFrame(
        {
            "receipt_id": columns.ids("R", len(order)),
            "received_on": columns.day(days.dates(at[order])),
            "amount": columns.money(fen[order]),
            "invoice_id": columns.text(billed.ids[invoice[order]], known=has_invoice),
            "plan_id": columns.text(plan_ids[plan], known=plan >= 0),
            "received_by": codes[funnel.owner[won[order]]],
            "currency": np.full(len(order), "CNY"),
            "region": funnel.region[won[order]],
        }
    )


def _parts(
    pays: Flags, in_two: Flags, paid_at: Floats, open_fen: Ints, later: Ints, rng: np.random.Generator
) -> dict[str, NDArray]:
    first, second = np.flatnonzero(pays), np.flatnonzero(pays & in_two)
    gap = rng.uniform(5.0, 40.0, len(paid_at))
    return {
        "invoice": np.concatenate([first, second]),
        "at": np.concatenate([paid_at[first], paid_at[second] + gap[second]]),
        "fen": np.concatenate([open_fen[first] - later[first], later[second]]),
    }


def _prepaid(funnel: Funnel, days: WorkingDays, rng: np.random.Generator) -> dict[str, NDArray]:
    """预收: money that came before there was anything to allocate it to."""
    won = np.flatnonzero(funnel.won & (rng.random(len(funnel.ids)) < 0.02))
    return {
        "won": won,
        "at": np.maximum(funnel.ended[won] - rng.uniform(0.0, 3.0, len(won)), days.at("2022-01-01")),
        "fen": columns.split(funnel.amount_fen[won], np.full(len(won), 0.1)),
    }

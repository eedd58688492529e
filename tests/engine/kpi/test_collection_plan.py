"""Collection by contract plan: the plan stands in for the invoices that bill it; the tree stays exact."""

from datetime import date, timedelta
from decimal import Decimal

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.engine.drivers import Formula
from steelyard.engine.kpi import catalogue, judge, records, summarise
from steelyard.engine.kpi.asks import base_of
from steelyard.engine.kpi.sources import prepare
from steelyard.engine.periods import Period, periods

FIRST = date(2024, 1, 1)
TREE = Formula.parse(catalogue()["collected"].tree)
FACTORS = ["collected", *TREE.names]
MONTHS = periods("month", FIRST, date(2024, 6, 30))
MONEY = pa.decimal128(18, 4)
DAY = st.integers(0, 200).map(lambda n: FIRST + timedelta(days=n))
CENTS = st.integers(1, 50_000).map(lambda n: Decimal(n).scaleb(-2))


def made(rows, **kinds):
    """Make a table from tuples; kinds by column."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(kinds)
    return ibis.memtable(
        pa.table({name: pa.array(values, kinds[name]) for name, values in zip(kinds, columns, strict=True)})
    )


TEXT, DATE = pa.string(), pa.date32()


def tables_of(*, contracts=(), plan=(), invoices=None, receipts=()):
    """Contracts (id, owner, opportunity), plan (id, contract, due, amount), invoices (id, opportunity,
    issued, due, amount, credited), receipts (id, invoice, plan, day, amount)."""
    signed = [(*row, FIRST, Decimal(1)) for row in contracts]
    found = {
        "contracts": made(
            signed, contract_id=TEXT, owner=TEXT, opportunity_id=TEXT, signed_on=DATE, amount=MONEY
        ),
        "collection_plan": made(plan, plan_id=TEXT, contract_id=TEXT, due_on=DATE, amount=MONEY),
        "receipts": made(
            receipts, receipt_id=TEXT, invoice_id=TEXT, plan_id=TEXT, received_on=DATE, amount=MONEY
        ),
    }
    if invoices is not None:
        found["invoices"] = made(
            invoices,
            invoice_id=TEXT,
            opportunity_id=TEXT,
            issued_on=DATE,
            due_on=DATE,
            amount=MONEY,
            credited_invoice_id=TEXT,
        )
    return found


def figures(tables, kpis, within, **options):
    return {
        (row.kpi, row.period.label, *row.by.values()): row
        for row in judge(summarise(tables, kpis, periods=within, **options))
    }


@st.composite
def facts(draw):
    deals = [f"o{n}" for n in range(3)]
    contracts = [(f"c{n}", draw(st.sampled_from(["ann", "bob"])), deals[n]) for n in range(2)]
    plan = [
        (f"p{n}", draw(st.sampled_from(["c0", "c1", "lost"])), draw(DAY), draw(CENTS))
        for n in range(draw(st.integers(0, 5)))
    ]
    bills = [
        (f"i{n}", draw(st.sampled_from([*deals, None])), *sorted([draw(DAY), draw(DAY)]), draw(CENTS), None)
        for n in range(draw(st.integers(0, 5)))
    ]
    names = [bill[0] for bill in bills]
    notes = [
        (f"n{n}", None, day := draw(DAY), day, -draw(CENTS), draw(st.sampled_from([*names, "unknown"])))
        for n in range(draw(st.integers(0, 2)))
    ]
    rows = [row[0] for row in plan]
    paid = draw(
        st.lists(
            st.tuples(
                st.sampled_from([*names, "unknown", None]),
                st.sampled_from([*rows, "unknown", None, None]),
                DAY,
                CENTS | CENTS.map(lambda c: -c),
            ),
            max_size=10,
        )
    )
    receipts = [(f"r{n}", *row) for n, row in enumerate(paid)]
    return {"contracts": contracts, "plan": plan, "invoices": [*bills, *notes], "receipts": receipts}


def row_billed(bill, given):
    """The plan row that an invoice bills, by hand."""
    contracts = {deal: name for name, _, deal in given["contracts"]}
    rows = [row for row in given["plan"] if row[1] == contracts.get(bill[1], "none")]
    ahead = [row for row in rows if row[2] <= bill[3]]
    if ahead:
        last = max(row[2] for row in ahead)
        return min(row[0] for row in ahead if row[2] == last)
    return min(((row[2], row[0]) for row in rows), default=(None, None))[1]


def plain_account(given, period):
    """Work the collection factors out with loops, as one would by hand."""
    bills = [bill for bill in given["invoices"] if bill[5] is None]
    billed = {bill[0]: row_billed(bill, given) for bill in bills}
    asked = {row[0]: (row[2], row[3]) for row in given["plan"]}
    asked |= {bill[0]: (bill[3], bill[4]) for bill in bills if billed[bill[0]] is None}

    def item_of(invoice, plan=None):
        if plan in {row[0] for row in given["plan"]}:
            return plan
        return billed.get(invoice) or (invoice if invoice in asked else None)

    def asks(item, before):
        notes = sum(
            (b[4] for b in given["invoices"] if b[5] and item_of(b[5]) == item and b[2] < before), Decimal(0)
        )
        return max(asked[item][1] + notes, Decimal(0))

    def settled(item, before):
        paid = sum(
            (r[4] for r in given["receipts"] if item_of(r[1], r[2]) == item and r[3] < before), Decimal(0)
        )
        return min(max(paid, Decimal(0)), asks(item, before))

    due = [item for item, (day, _) in asked.items() if period.start <= day < period.end]
    moved = {item: settled(item, period.end) - settled(item, period.start) for item in asked}
    collected = sum((r[4] for r in given["receipts"] if period.start <= r[3] < period.end), Decimal(0))
    early = [item for item, (day, _) in asked.items() if day < period.start]
    return {
        "collected": collected,
        "invoiced_due": sum((asks(item, period.end) for item in due), Decimal(0)),
        "received_of_due": sum((settled(item, period.end) for item in due), Decimal(0)),
        "collected_from_earlier_due": sum((moved[item] for item in early), Decimal(0)),
        "collected_ahead": collected - sum((moved[item] for item in [*early, *due]), Decimal(0)),
        "collected_before_period": sum((settled(item, period.start) for item in due), Decimal(0)),
        "overdue_amount": sum(
            (asks(item, period.end) - settled(item, period.end) for item in [*early, *due]), Decimal(0)
        ),
    }


@given(given_facts=facts())
@settings(max_examples=12, deadline=None)
def test_the_tree_is_exact_by_plan_and_agrees_with_a_plain_account(given_facts):
    tables = prepare(tables_of(**given_facts), ["cash", "receivables"])
    rows = figures(tables, [*FACTORS, "overdue_amount"], MONTHS)
    for month in MONTHS:
        expected = plain_account(given_facts, month)
        received = expected.pop("received_of_due")
        assert {kpi: rows[kpi, month.label].value for kpi in expected} == expected
        assert rows["collection_rate", month.label].numerator == received
        values = {name: rows[name, month.label].exact or 0 for name in FACTORS}
        assert values["collected"] == TREE.evaluate(values)


@given(given_facts=facts())
@settings(max_examples=8, deadline=None)
def test_the_tree_is_exact_for_every_owner_and_the_owners_sum_to_the_company(given_facts):
    tables = prepare(tables_of(**given_facts), ["cash", "receivables"])
    period = [Period.parse("2024-Q2")]
    whole = figures(tables, FACTORS, period)
    rows = judge(summarise(tables, FACTORS, periods=period, by=["member"]))
    for owner in {row.by["member"] for row in rows}:
        values = dict.fromkeys(FACTORS, 0) | {
            row.kpi: row.exact or 0 for row in rows if row.by["member"] == owner
        }
        assert values["collected"] == TREE.evaluate(values)
    for kpi in FACTORS:
        total = whole[kpi, "2024-Q2"]
        for side in ("numerator", "denominator") if kpi == "collection_rate" else ("numerator",):
            parts = sum(getattr(row, side) or 0 for row in rows if row.kpi == kpi)
            assert parts == (getattr(total, side) or 0)


JAN, FEB, MAR = date(2024, 1, 10), date(2024, 2, 10), date(2024, 3, 10)
WORKED = {
    "contracts": [("c", "ann", "o")],
    "plan": [("p1", "c", FEB, Decimal(100)), ("p2", "c", MAR, Decimal(300))],
    "invoices": [
        ("i1", "o", JAN, FEB, Decimal(100), None),
        ("i2", "other", JAN, FEB, Decimal(40), None),
        ("n1", None, FEB, FEB, Decimal(-20), "i1"),
    ],
    "receipts": [
        ("r1", "i1", None, FEB, Decimal(50)),
        ("r2", None, "p2", FEB, Decimal(60)),
        ("r3", "i2", None, JAN, Decimal(10)),
    ],
}


def test_a_worked_february_by_plan():
    tables = tables_of(**WORKED)
    kpis = [*FACTORS, "receivable", "overdue_amount", "invoiced", "cash_collection_rate"]
    rows = {key[0]: row for key, row in figures(tables, kpis, [Period.parse("2024-02")]).items()}
    assert rows["invoiced_due"].value == 120  # p1 less its credit note, and i2; i1 asks for nothing more
    assert (rows["collection_rate"].numerator, rows["collection_rate"].value) == (60, 0.5)
    assert rows["collected_ahead"].value == 60
    assert rows["collected_before_period"].value == 10
    assert rows["overdue_amount"].value == 60
    assert rows["receivable"].value == 60 - 0  # p2 is neither invoiced nor due
    assert rows["invoiced"].value == -20
    assert rows["collected"].value == 110
    assert rows["collection_rate"].base == "plan-and-invoice"
    assert rows["cash_collection_rate"].base == "cash"
    found = records(tables, "overdue_amount", period=Period.parse("2024-02")).to_pyarrow().to_pylist()
    assert {(row["plan_id"], row["invoice_id"]): row["amount"] for row in found} == {
        ("p1", None): 30,
        (None, "i2"): 30,
    }


@pytest.mark.parametrize(
    ("lost", "base"), [((), "plan-and-invoice"), (("invoices",), "plan"), (("collection_plan",), "invoice")]
)
def test_the_base_is_said(lost, base):
    tables = {name: table for name, table in tables_of(**WORKED).items() if name not in lost}
    assert base_of(tables) == base
    row = judge(summarise(tables, "collection_rate", periods=["2024-02"]))[0]
    assert row.base == base


def test_an_invoice_names_its_plan_row_or_its_contract():
    tables = tables_of(**WORKED)
    named = tables["invoices"].mutate(plan_id=ibis.literal("p2")).drop("opportunity_id")
    due = judge(summarise({**tables, "invoices": named}, "invoiced_due", periods=["2024-Q1"]))[0]
    assert due.value == 380  # 100 + 300 - 20: every invoice bills p2
    by_contract = tables["invoices"].mutate(contract_id=ibis.literal("c")).drop("opportunity_id")
    due = judge(summarise({**tables, "invoices": by_contract}, "invoiced_due", periods=["2024-02"]))[0]
    assert due.value == 80

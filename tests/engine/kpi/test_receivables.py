"""Invoices and receipts: the collection tree is exact for any facts, and agrees with a plain account."""

from datetime import date, timedelta
from decimal import Decimal

import ibis
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.engine.drivers import Formula
from steelyard.engine.kpi import catalogue, judge, records, summarise
from steelyard.engine.periods import Period, periods

FIRST = date(2024, 1, 1)
TREE = Formula.parse(catalogue()["collected"].tree)
FACTORS = ["collected", *TREE.names]
MONTHS = periods("month", FIRST, date(2024, 6, 30))
MONEY = pa.decimal128(18, 4)
DAY = st.integers(0, 200).map(lambda n: FIRST + timedelta(days=n))
CENTS = st.integers(1, 50_000).map(lambda n: Decimal(n).scaleb(-2))


def invoices(rows):
    """Rows: (id, issued_on, due_on, amount, credited id or None)."""
    ids, issued, due, amounts, credited = zip(*rows, strict=True)
    return ibis.memtable(
        pa.table(
            {
                "invoice_id": ids,
                "customer": pa.array([f"c{len(each) % 2}" for each in ids]),
                "issued_on": pa.array(issued, pa.date32()),
                "due_on": pa.array(due, pa.date32()),
                "amount": pa.array(amounts, MONEY),
                "credited_invoice_id": pa.array(credited, pa.string()),
            }
        )
    )


def receipts(rows):
    """Rows: (invoice id or None, received_on, amount)."""
    names, days, amounts = zip(*rows, strict=True) if rows else ((), (), ())
    return ibis.memtable(
        pa.table(
            {
                "receipt_id": pa.array([f"r{n}" for n in range(len(rows))], pa.string()),
                "invoice_id": pa.array(names, pa.string()),
                "received_on": pa.array(days, pa.date32()),
                "amount": pa.array(amounts, MONEY),
            }
        )
    )


def figures(tables, kpis, within, **options):
    return {
        (row.kpi, row.period.label): row for row in judge(summarise(tables, kpis, periods=within, **options))
    }


@st.composite
def facts(draw):
    bills = [
        (f"i{n}", *sorted([draw(DAY), draw(DAY)]), draw(CENTS), None) for n in range(draw(st.integers(1, 6)))
    ]
    names = [bill[0] for bill in bills]
    notes = [
        (f"c{n}", day := draw(DAY), day, -draw(CENTS), draw(st.sampled_from([*names, "unknown"])))
        for n in range(draw(st.integers(0, 3)))
    ]
    paid = draw(
        st.lists(
            st.tuples(st.sampled_from([*names, "unknown", None]), DAY, CENTS | CENTS.map(lambda c: -c)),
            max_size=10,
        )
    )
    return [*bills, *notes], paid


def plain_account(bills, paid, period):
    """Work the collection factors out with loops, as one would by hand."""

    def asked(bill, before):
        notes = sum((b[3] for b in bills if b[4] == bill[0] and b[1] < before), Decimal(0))
        return max(bill[3] + notes, Decimal(0))

    def settled(bill, before):
        received = sum((p[2] for p in paid if p[0] == bill[0] and p[1] < before), Decimal(0))
        return min(max(received, Decimal(0)), asked(bill, before))

    own = [bill for bill in bills if bill[4] is None]
    due = [bill for bill in own if period.start <= bill[2] < period.end]
    moved = {bill[0]: settled(bill, period.end) - settled(bill, period.start) for bill in own}
    collected = sum((p[2] for p in paid if period.start <= p[1] < period.end), Decimal(0))
    return {
        "collected": collected,
        "invoiced_due": sum((asked(bill, period.end) for bill in due), Decimal(0)),
        "received_of_due": sum((settled(bill, period.end) for bill in due), Decimal(0)),
        "collected_from_earlier_due": sum((moved[b[0]] for b in own if b[2] < period.start), Decimal(0)),
        "collected_ahead": collected - sum((moved[b[0]] for b in own if b[2] < period.end), Decimal(0)),
        "collected_before_period": sum((settled(bill, period.start) for bill in due), Decimal(0)),
        "overdue_amount": sum(
            (asked(b, period.end) - settled(b, period.end) for b in own if b[2] < period.end), Decimal(0)
        ),
    }


@given(facts=facts())
@settings(max_examples=12, deadline=None)
def test_the_collection_tree_is_exact_and_agrees_with_a_plain_account(facts):
    bills, paid = facts
    tables = {"invoices": invoices(bills), "receipts": receipts(paid)}
    rows = figures(tables, [*FACTORS, "overdue_amount"], MONTHS)
    for month in MONTHS:
        expected = plain_account(bills, paid, month)
        received = expected.pop("received_of_due")
        assert {kpi: rows[kpi, month.label].value for kpi in expected} == expected
        rate = rows["collection_rate", month.label]
        assert rate.numerator == received
        values = {name: rows[name, month.label].exact for name in FACTORS}
        # Where nothing fell due there is no rate, and any rate gives the same sum.
        values["collection_rate"] = values["collection_rate"] or 0
        assert values["collected"] - TREE.evaluate(values) == 0


@given(facts=facts())
@settings(max_examples=6, deadline=None)
def test_the_tree_is_exact_for_every_customer(facts):
    bills, paid = facts
    tables = {"invoices": invoices(bills), "receipts": receipts(paid)}
    period = [Period.parse("2024-Q2")]
    rows = judge(summarise(tables, FACTORS, periods=period, by=["customer"]))
    for customer in {row.by["customer"] for row in rows}:
        values = dict.fromkeys(FACTORS, 0) | {
            row.kpi: row.exact or 0 for row in rows if row.by["customer"] == customer
        }
        assert values["collected"] - TREE.evaluate(values) == 0


WORKED = (
    [
        ("early", date(2024, 1, 5), date(2024, 2, 10), Decimal(100), None),
        ("late", date(2024, 1, 5), date(2024, 1, 31), Decimal(200), None),
        ("over", date(2024, 2, 1), date(2024, 2, 20), Decimal(50), None),
        ("note", date(2024, 2, 25), date(2024, 2, 25), Decimal(-20), "early"),
    ],
    [
        ("early", date(2024, 1, 31), Decimal(30)),
        ("early", date(2024, 2, 29), Decimal(40)),
        ("late", date(2024, 2, 1), Decimal(150)),
        ("over", date(2024, 2, 3), Decimal(70)),
        (None, date(2024, 2, 4), Decimal(9)),
    ],
)


def test_a_worked_february():
    bills, paid = WORKED
    tables = {"invoices": invoices(bills), "receipts": receipts(paid)}
    kpis = [*FACTORS, "overdue_amount", "receivable", "invoiced", "dso", "cash_collection_rate"]
    february = {key[0]: row for key, row in figures(tables, kpis, [Period.parse("2024-02")]).items()}
    shown = {kpi: row.value for kpi, row in february.items()}
    assert shown["collected"] == 269
    assert shown["invoiced_due"] == 130  # 100 - 20 and 50
    assert (february["collection_rate"].numerator, shown["collection_rate"]) == (120, 120 / 130)
    assert shown["collected_from_earlier_due"] == 150
    assert shown["collected_ahead"] == 29  # 20 more than "over" asks for, 9 for no invoice
    assert shown["collected_before_period"] == 30
    assert shown["overdue_amount"] == 60  # 10 of "early", 50 of "late"
    assert february["overdue_amount"].n == 2
    assert shown["invoiced"] == 30
    assert shown["dso"] == 60 / 30 * 29
    assert shown["cash_collection_rate"] == 269 / 130


def test_records_behind_a_snapshot_are_what_stands():
    bills, paid = WORKED
    tables = {"invoices": invoices(bills), "receipts": receipts(paid)}
    found = records(tables, "overdue_amount", period=Period.parse("2024-02")).to_pyarrow().to_pylist()
    assert {row["invoice_id"]: row["amount"] for row in found} == {"early": 10, "late": 50}


def test_settlement_is_the_first_day_of_full_receipt():
    bills, paid = WORKED
    tables = {"invoices": invoices(bills), "receipts": receipts(paid)}
    rows = figures(tables, ["late_share", "settlement_days"], [Period.parse("2024-02")])
    assert rows["late_share", "2024-02"].n == 1  # only "over" was ever paid in full
    assert rows["late_share", "2024-02"].value == 0
    assert rows["settlement_days", "2024-02"].value == 2


def test_a_receipt_in_another_currency_than_its_invoice_is_prepayment():
    bills = invoices([("a", FIRST, date(2024, 1, 20), Decimal(100), None)]).mutate(
        currency=ibis.literal("CNY")
    )
    paid = receipts([("a", date(2024, 1, 10), Decimal(100))]).mutate(currency=ibis.literal("USD"))
    rates = ibis.memtable(
        pa.table({"currency": ["USD"], "valid_from": pa.array([FIRST], pa.date32()), "rate": [7.25]})
    )
    tables = {"invoices": bills, "receipts": paid, "exchange_rates": rates}
    rows = figures(tables, ["overdue_amount", "collected_ahead"], [MONTHS[0]], base_currency="CNY")
    assert rows["overdue_amount", "2024-01"].value == 100
    assert rows["collected_ahead", "2024-01"].value == Decimal(725)


def test_collected_needs_no_invoices():
    tables = {"receipts": receipts([(None, date(2024, 1, 10), Decimal("1.10"))])}
    assert figures(tables, "collected", [MONTHS[0]])["collected", "2024-01"].value == Decimal("1.10")

"""Hand-worked tables: each rule finds its rows, by source, and nothing else."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa
import pytest

from steelyard.engine.quality import Context, Finding, Origin, check, gate_of, rows_of

MONEY = pa.decimal128(18, 4)
KINDS = {"amount": MONEY, "budget": MONEY, "spend": MONEY, "cost": MONEY, "quantity": pa.float64()}
DAY = date(2025, 6, 30)
CONTEXT = Context(
    imports={"i1": Origin("CRM", 1), "i2": Origin("ERP", 2), "i3": Origin("CRM", 3)},
    as_of=DAY,
    base_currency="CNY",
)


def table(*rows: dict[str, Any]) -> ibis.Table:
    """Rows of which a missing column is null; money by name, dates and numbers by their values."""
    arrays = {}
    for name in dict.fromkeys(name for row in rows for name in row):
        values = [row.get(name) for row in rows]
        sample = next((each for each in values if each is not None), "")
        kind = KINDS.get(name)
        if kind is None:
            kind = {date: pa.date32(), datetime: pa.timestamp("us"), int: pa.int64()}.get(
                type(sample), pa.string()
            )
        elif kind is MONEY:
            values = [None if each is None else Decimal(each) for each in values]
        arrays[name] = pa.array(values, kind)
    return ibis.memtable(pa.table(arrays))


def receipt(number: int, **fields: Any) -> dict[str, Any]:
    fixed = {"receipt_id": f"R{number}", "received_on": date(2025, 5, number), "amount": 100}
    return {**fixed, "invoice_id": f"I{number}", "_import": "i1", **fields}


def invoice(number: int, **fields: Any) -> dict[str, Any]:
    fixed = {"invoice_id": f"I{number}", "customer": f"C{number}", "amount": 100, "_import": "i1"}
    return {**fixed, "issued_on": date(2025, 4, number), "due_on": date(2025, 5, number), **fields}


def deal(number: int, **fields: Any) -> dict[str, Any]:
    fixed = {"opportunity_id": f"O{number}", "owner": "Lin", "amount": 10 * number, "outcome": "won"}
    fixed |= {"account_id": f"A{number}", "created_on": date(2025, 1, number)}
    return {**fixed, "closed_on": date(2025, 2, number), "_import": "i1", **fields}


def found(context: Context = CONTEXT, **tables: ibis.Table) -> dict[tuple[str, str, str, str], Finding]:
    return {each.key: each for each in check(tables, context)}


def ids(finding: Finding, column: str, **tables: ibis.Table) -> list[str]:
    rows = rows_of(tables, finding, CONTEXT).to_pyarrow().to_pylist()
    return sorted(row[column] for row in rows)


def test_clean_tables_have_no_finding() -> None:
    tables = {"receipts": table(receipt(1), receipt(2)), "invoices": table(invoice(1), invoice(2))}
    assert found(**tables) == {}
    assert gate_of([]).verdict == "passed"


def test_a_receipt_that_names_no_known_invoice_is_an_orphan_of_its_source() -> None:
    tables = {
        "receipts": table(
            receipt(1),
            receipt(2, invoice_id="I9"),
            receipt(3, invoice_id=None),
            receipt(4, invoice_id=" "),
            receipt(5, invoice_id="I9", _import="i2", amount=300),
            receipt(6, invoice_id="I8", _import="i2"),
        ),
        "invoices": table(invoice(1)),
    }
    every = found(**tables)
    crm, erp = (
        every["CRM", "receipts", "orphan", "invoice_id"],
        every["ERP", "receipts", "orphan", "invoice_id"],
    )
    assert (crm.count, crm.rows, crm.amount, crm.total) == (1, 4, 100, 400)
    assert (erp.count, erp.rows, erp.amount, erp.amount_share) == (2, 2, 400, 1.0)
    assert ids(erp, "receipt_id", **tables) == ["R5", "R6"]
    assert erp.severity == "fault"
    assert set(every) == {crm.key, erp.key}


def test_without_the_other_table_nothing_is_an_orphan() -> None:
    assert found(receipts=table(receipt(1, invoice_id="I9"))) == {}


def test_an_account_may_be_named_by_its_name() -> None:
    accounts = table({"account_id": "A1", "name": "Acme", "_import": "i1"})
    deals = table(deal(1), deal(2, account_id="Acme"), deal(3, account_id="Nobody Ltd"))
    every = found(opportunities=deals, accounts=accounts)
    assert every["CRM", "opportunities", "orphan", "account_id"].count == 1


def test_the_same_content_under_another_key_counts_beyond_the_first() -> None:
    twice = receipt(1, receipt_id="R7"), receipt(1, receipt_id="R8"), receipt(1, receipt_id="R9", amount=99)
    tables = {"receipts": table(receipt(1), *twice, receipt(2, invoice_id=None), receipt(3, invoice_id=None))}
    one = found(**tables)["CRM", "receipts", "duplicate", "receipt_id"]
    assert (one.count, one.amount) == (2, 200)
    assert ids(one, "receipt_id", **tables) == ["R7", "R8"]


def test_receipts_on_account_that_look_alike_are_not_doubled() -> None:
    same = {"invoice_id": None, "received_on": date(2025, 5, 1)}
    assert found(receipts=table(receipt(1, **same), receipt(2, **same))) == {}


@pytest.mark.parametrize(
    ("fields", "rule", "column"),
    [
        ({"amount": -5}, "negative", "amount"),
        ({"amount": 0}, "no-amount", "amount"),
        ({"amount": None}, "no-amount", "amount"),
        ({"closed_on": None}, "closed-undated", "closed_on"),
        ({"closed_on": date(2024, 12, 31)}, "backwards", "closed_on"),
        ({"closed_on": date(2025, 7, 1)}, "future", "closed_on"),
        (
            {"created_on": date(2025, 8, 1), "closed_on": date(2025, 8, 2), "outcome": "open"},
            "future",
            "created_on",
        ),
        ({"outcome": "open"}, "open-past-close", "closed_on"),
        ({"outcome": "open", "closed_on": None, "created_on": date(2023, 1, 1)}, "stale", "created_on"),
    ],
)
def test_what_contradicts_itself_in_an_opportunity(fields: Any, rule: str, column: str) -> None:
    deals = table(*(deal(n) for n in range(1, 20)), deal(20, **fields))
    every = found(opportunities=deals)
    assert every["CRM", "opportunities", rule, column].count == 1
    assert ids(every["CRM", "opportunities", rule, column], "opportunity_id", opportunities=deals) == ["O20"]
    assert [key for key in every if key[2] != rule] == []


def test_credit_notes_and_returns_may_be_negative() -> None:
    invoices = table(invoice(1), invoice(2, amount=-5, credited_invoice_id="I1"), invoice(3, amount=-5))
    assert found(invoices=invoices)["CRM", "invoices", "negative", "amount"].count == 1
    order = {"order_line_id": "L1", "ordered_on": DAY, "amount": -5, "quantity": -1.0, "_import": "i1"}
    orders = table({**order, "returned": "是"}, {**order, "order_line_id": "L2", "returned": "否"})
    assert found(orders=orders)["CRM", "orders", "negative", "amount"].count == 1


def test_currencies_that_are_missing_or_without_a_rate() -> None:
    rate = {"currency": "usd", "valid_from": date(2025, 4, 3), "_import": "i1"}
    rows = [invoice(1, currency="CNY"), invoice(2, currency="USD"), invoice(3, currency="usd")]
    rows += [invoice(4, currency="EUR"), invoice(5, currency=None)]
    every = found(invoices=table(*rows), exchange_rates=table(rate))
    assert every["CRM", "invoices", "no-currency", "currency"].count == 1
    assert every["CRM", "invoices", "no-rate", "currency"].count == 2
    without = found(invoices=table(*rows))
    assert without["CRM", "invoices", "no-rate", "currency"].count == 3


def test_one_foreign_currency_alone_needs_no_rate() -> None:
    rows = table(invoice(1, currency="USD"), invoice(2, currency="USD"))
    assert found(invoices=rows) == {}


def test_late_is_what_a_later_import_of_the_source_brings_for_a_time_that_was_told() -> None:
    receipts = table(
        receipt(1),
        receipt(31),
        receipt(2, _import="i3", received_on=date(2025, 3, 2)),
        receipt(3, _import="i3"),
        receipt(4, _import="i2", received_on=date(2025, 1, 2)),
    )
    every = found(receipts=receipts)
    late = every["CRM", "receipts", "late", "received_on"]
    assert (late.count, late.rows, late.amount) == (1, 4, 100)
    assert ids(late, "receipt_id", receipts=receipts) == ["R2"]
    assert set(every) == {late.key}


PEOPLE = {
    "org_people": table(
        {"person": "P012", "name": "王伟", "email": "ww@east.example"},
        {"person": "P044", "name": "王伟"},
        {"person": "P1", "name": "Lin"},
    ),
    "org_aliases": table(
        *({"alias": alias, "person": code} for alias, code in [("p012", "P012"), ("p044", "P044")]),
        {"alias": "lin", "person": "P1"},
        {"alias": "ww@east.example", "person": "P012"},
    ),
}


def test_two_people_of_one_name_are_several_and_a_stranger_is_nobody() -> None:
    owners = ["Lin", " LIN ", "王伟", "P044", "Queue", "ww@east.example", None, ""]
    deals = table(*(deal(n, owner=owner) for n, owner in enumerate(owners, start=1)))
    every = found(opportunities=deals, **PEOPLE)
    several = every["CRM", "opportunities", "ambiguous-owner", "owner"]
    nobody = every["CRM", "opportunities", "unknown-owner", "owner"]
    assert (several.count, several.detail["names"]) == (1, [["王伟", 1]])
    assert (nobody.count, nobody.detail["names"]) == (1, [["Queue", 1]])
    assert ids(several, "opportunity_id", opportunities=deals, **PEOPLE) == ["O3"]
    assert ids(nobody, "opportunity_id", opportunities=deals, **PEOPLE) == ["O5"]


def test_what_was_declared_to_be_nobody_is_not_asked_about() -> None:
    context = Context(CONTEXT.imports, DAY, "CNY", nobody={("CRM", "queue")})
    deals = table(deal(1, owner="Queue"), deal(2, owner="Queue", _import="i2"))
    every = found(context, opportunities=deals, **PEOPLE)
    assert list(every) == [("ERP", "opportunities", "unknown-owner", "owner")]


def test_where_nobody_is_known_no_name_is_unknown() -> None:
    assert found(opportunities=table(deal(1, owner="Anybody"))) == {}


def test_rows_of_an_import_that_no_source_names_stand_under_none() -> None:
    tables = {"receipts": table(receipt(1, invoice_id="I9", _import="typed")), "invoices": table(invoice(1))}
    every = found(**tables)
    assert set(every) == {("", "receipts", "orphan", "invoice_id")}
    assert ids(next(iter(every.values())), "receipt_id", **tables) == ["R1"]


WORKDAYS = [date(2024, 7, 1) + timedelta(n) for n in range(360) if n % 7 < 5]
HOLIDAY = {date(2025, 1, 27) + timedelta(n) for n in range(8)}
LOST = {date(2025, 4, 7) + timedelta(n) for n in range(7)}


def test_a_lost_week_is_a_gap_and_a_holiday_of_everybody_is_none() -> None:
    worked = [day for day in WORKDAYS if day not in HOLIDAY]
    invoices = table(
        *(
            invoice(1, invoice_id=f"I{n}", customer=f"C{n}", issued_on=day, due_on=DAY)
            for n, day in enumerate(worked)
        )
    )
    paid = [day for day in worked if day not in LOST]
    receipts = table(
        *(
            receipt(1, receipt_id=f"R{n}", invoice_id=f"I{n}", received_on=day, _import="i2")
            for n, day in enumerate(paid)
        )
    )
    every = found(invoices=invoices, receipts=receipts)
    gap = every["ERP", "receipts", "gap", "received_on"]
    assert (gap.count, gap.severity) == (5, "remark")
    assert gap.detail["gaps"] == [
        {"first": "2025-04-07", "last": "2025-04-11", "missing": 5, "grain": "day"},
    ]
    assert set(every) == {gap.key}
    alone = found(receipts=receipts)["ERP", "receipts", "gap", "received_on"]
    assert alone.count == 11
